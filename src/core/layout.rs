//! Where things stand on the screen: arithmetic that drawing, paging and the mouse share.

use super::event::Size;
use super::store::{Table, text_width};
use super::view::{AnyView, Tier, Width};

/// The smallest screen that konn draws on.
pub const SMALLEST: Size = Size { width: 40, height: 8 };

/// The columns at the left edge of a row: the cursor's mark, the mark of a marked or changed row, and a space.
pub const GUTTER: u16 = 3;

/// The space between columns.
pub const GAP: u16 = 2;

/// The room for a mark before the text of a marked column.
pub const MARK: u16 = 2;

/// The lines of the screen: two for the header, one for the footer, the rest between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The line of the view's title, from 0.
    pub title: u16,
    /// The first line of the body.
    pub body: u16,
    /// How many lines the body has.
    pub height: u16,
    /// The footer's line.
    pub footer: u16,
}

/// How the lines of a screen of this size are used.
pub fn lines(size: Size) -> Lines {
    let footer = size.height.saturating_sub(1);
    Lines {
        title: 1,
        body: 2,
        height: footer.saturating_sub(2),
        footer,
    }
}

/// A part of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Its first column.
    pub x: u16,
    /// Its first line.
    pub y: u16,
    /// How many columns it has.
    pub width: u16,
    /// How many lines it has.
    pub height: u16,
}

/// How the table and the pane of what matters of a row share the body of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The table.
    pub table: Area,
    /// The pane, the rule at its edge included; nothing where it is closed or there is no room.
    pub pane: Option<Area>,
    /// Whether the pane stands beside the table, and not below it.
    pub beside: bool,
}

impl Split {
    /// The space for the pane's lines: without the rule, and a space at either side.
    pub fn pane_space(&self) -> Size {
        let Area { width, height, .. } = self.pane.unwrap_or_default();
        if self.beside {
            Size {
                width: width.saturating_sub(3),
                height,
            }
        } else {
            Size {
                width: width.saturating_sub(2),
                height: height.saturating_sub(1),
            }
        }
    }
}

/// Screens of at least so many columns have the pane beside the table; narrower ones have it below.
const BESIDE: u16 = 110;

/// The fewest lines that are shared by a table and a pane below it.
const SHARED: u16 = 10;

/// How the body of a screen of this size is shared, with the pane open or closed.
pub fn split(size: Size, open: bool) -> Split {
    let lines = lines(size);
    let whole = Area {
        x: 0,
        y: lines.body,
        width: size.width,
        height: lines.height,
    };
    let beside = size.width >= BESIDE;
    let (mut table, mut pane) = (whole, whole);
    if !open || (!beside && whole.height < SHARED) {
        return Split {
            table,
            pane: None,
            beside,
        };
    }
    if beside {
        pane.width = (size.width * 2 / 5).clamp(44, 90);
        table.width -= pane.width;
        pane.x = table.width;
    } else {
        pane.height = (whole.height * 9 / 20).clamp(5, 16);
        table.height -= pane.height;
        pane.y += table.height;
    }
    Split {
        table,
        pane: Some(pane),
        beside,
    }
}

/// A column on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which: a column of the view, or `None` for the namespace.
    pub column: Option<usize>,
    /// Where its text begins, in cells from the left edge.
    pub x: u16,
    /// How wide it is.
    pub width: u16,
    /// Whether it keeps room for a mark before the text.
    pub marked: bool,
}

/// The narrowest that a column is made, in cells: names, texts with a mark, other texts.
const LEAST: (u16, u16, u16) = (20, 16, 9);

/// The narrowest that a name is made on a screen of less than [`SLIM`] columns.
const LEAST_NAME: u16 = 16;

/// Screens of fewer columns than this are slim.
const SLIM: u16 = 60;

/// A column that is cut to less than this is not shown.
const SCRAP: u16 = 6;

/// A column to place.
struct Wanted {
    column: Option<usize>,
    wide: u16,
    /// As wide as its widest text.
    whole: u16,
    least: u16,
    kind: Width,
}

impl Wanted {
    fn new(column: Option<usize>, widest: u16, title: &str, kind: Width, screen: u16) -> Self {
        let title = text_width(title);
        let (wide, whole) = match kind {
            Width::Rest => (20, 20),
            Width::Fit(most) | Width::Marked(most) => (widest.min(most).max(title), widest.max(title)),
            Width::Age | Width::Exact(_) => (widest.max(title), widest.max(title)),
        };
        let least = match kind {
            Width::Fit(_) if is_name(kind) && screen < SLIM => LEAST_NAME,
            Width::Fit(_) if is_name(kind) => LEAST.0,
            Width::Marked(_) => LEAST.1,
            Width::Fit(_) => LEAST.2,
            Width::Age | Width::Exact(_) | Width::Rest => wide,
        };
        Self {
            column,
            wide,
            whole,
            least: least.max(title).min(wide),
            kind,
        }
    }

    /// The cells that a width takes, with the mark before it and the gap behind it.
    fn around(&self, width: u16) -> u16 {
        let mark = if matches!(self.kind, Width::Marked(_)) { MARK } else { 0 };
        width.saturating_add(mark + GAP)
    }
}

/// Columns of names: their beginning tells them apart.
fn is_name(kind: Width) -> bool {
    matches!(kind, Width::Fit(most) if most > 40)
}

/// The columns of a table on a screen of this width. The name keeps its place; `skip` columns after it are
/// scrolled away. A column that no longer fits is cut, and what follows it is not shown.
pub fn slots(table: &Table, view: &dyn AnyView, wide: bool, namespaces: bool, width: u16, skip: usize) -> Vec<Slot> {
    let mut wanted: Vec<Wanted> = Vec::new();
    if namespaces && view.resource().namespaced {
        let widest = table.widths().get(view.width()).copied().unwrap_or(0);
        wanted.push(Wanted::new(None, widest, "NAMESPACE", Width::Fit(63), width));
    }
    let names = wanted.len() + 1;
    for at in 0..view.width() {
        let Some(column) = view.column(at).filter(|column| wide || column.tier == Tier::Always) else {
            continue;
        };
        let widest = table.widths().get(at).copied().unwrap_or(0);
        wanted.push(Wanted::new(Some(at), widest, column.title, column.width, width));
    }
    let skip = skip.min(wanted.len().saturating_sub(names + 1));
    wanted.drain(names..names + skip);
    let room = width.saturating_sub(GUTTER);
    squeeze(&mut wanted, room);
    share(&mut wanted, room);
    place(&wanted, width)
}

/// Makes columns narrower where they are too many: names down to a width at which they can still be told apart, then
/// the others, the last first, if all of them fit by it.
fn squeeze(wanted: &mut [Wanted], room: u16) {
    let total = |of: fn(&Wanted) -> u16| {
        wanted
            .iter()
            .map(|one| one.around(of(one)))
            .fold(0, u16::saturating_add)
    };
    let (most, least) = (total(|one| one.wide), total(|one| one.least));
    let mut over = most.saturating_sub(room + GAP);
    let all = least <= room + GAP;
    let (names, others): (Vec<_>, Vec<_>) = wanted.iter_mut().partition(|one| is_name(one.kind));
    for one in names.into_iter().chain(others.into_iter().rev().filter(|_| all)) {
        let spare = one.wide.saturating_sub(one.least).min(over);
        one.wide -= spare;
        over -= spare;
    }
}

/// What the other columns leave is shared among those that take the rest; where there are none, by those whose texts would
/// be cut, the first one first.
fn share(wanted: &mut [Wanted], room: u16) {
    let taken = wanted
        .iter()
        .map(|one| one.around(one.wide))
        .fold(0, u16::saturating_add);
    let rest = || wanted.iter().filter(|one| one.kind == Width::Rest).count();
    let (left, count) = ((room + GAP).saturating_sub(taken), u16::try_from(rest()).unwrap_or(1));
    let mut over = left.checked_rem(count).unwrap_or(0);
    for one in wanted.iter_mut().filter(|one| one.kind == Width::Rest) {
        one.wide += left / count.max(1) + over;
        over = 0;
    }
    let mut left = if count == 0 { left } else { 0 };
    for one in wanted.iter_mut() {
        let more = one.whole.saturating_sub(one.wide).min(left);
        one.wide += more;
        left -= more;
    }
}

fn place(wanted: &[Wanted], width: u16) -> Vec<Slot> {
    let mut x = GUTTER;
    let mut slots = Vec::new();
    for one in wanted {
        let marked = matches!(one.kind, Width::Marked(_));
        let text = if marked { x + MARK } else { x };
        let left = width.saturating_sub(text);
        let whole = matches!(one.kind, Width::Exact(_));
        if left < SCRAP.min(one.wide) || left == 0 || (whole && left < one.wide) {
            break;
        }
        let width_now = one.wide.min(left);
        slots.push(Slot {
            column: one.column,
            x: text,
            width: width_now,
            marked,
        });
        x = text.saturating_add(width_now).saturating_add(GAP);
    }
    slots
}

/// The upper left corner of a layer over the middle of the table, frame included, and the frame's size.
pub fn over(screen: Size, space: Size) -> (u16, u16, Size) {
    let frame = Size {
        width: space.width + 4,
        height: space.height + 2,
    };
    let x = screen.width.saturating_sub(frame.width) / 2;
    let y = lines(screen).body + lines(screen).height.saturating_sub(frame.height) / 3;
    (x, y, frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(columns: &[(u16, Width)], screen: u16) -> Vec<(u16, u16)> {
        let mut wanted: Vec<Wanted> = columns
            .iter()
            .map(|(widest, kind)| Wanted::new(Some(0), *widest, "NAME", *kind, screen))
            .collect();
        let room = screen - GUTTER;
        squeeze(&mut wanted, room);
        share(&mut wanted, room);
        place(&wanted, screen).iter().map(|slot| (slot.x, slot.width)).collect()
    }

    #[test]
    fn columns_give_way_before_the_last_is_lost() {
        use Width::{Age, Fit, Marked, Rest};
        let columns = [(60, Fit(80)), (30, Marked(40)), (14, Fit(20)), (6, Age)];
        for (screen, wanted) in [
            // Room for all; the name gives way; then the others, the last first.
            (123, &[(3, 60), (67, 30), (99, 14), (115, 6)][..]),
            (81, &[(3, 20), (27, 30), (59, 14), (75, 6)]),
            (70, &[(3, 20), (27, 24), (53, 9), (64, 6)]),
            // Too many even so: those that are seen keep their widths.
            (61, &[(3, 20), (27, 30)]),
        ] {
            assert_eq!(widths(&columns, screen), wanted, "{screen}");
        }
        let capped = [(60, Fit(50)), (90, Marked(40)), (6, Age)];
        for (screen, wanted) in [
            // No column is cut where there is room, and none is wider than its texts.
            (200, &[(3, 60), (67, 90), (159, 6)][..]),
            (120, &[(3, 60), (67, 45), (114, 6)]),
            (105, &[(3, 50), (57, 40), (99, 6)]),
        ] {
            assert_eq!(widths(&capped, screen), wanted, "{screen}");
        }
        let rests = [(10, Fit(80)), (9, Rest), (9, Rest), (6, Age)];
        assert_eq!(widths(&rests, 100), [(3, 10), (15, 38), (55, 37), (94, 6)]);
    }
}
