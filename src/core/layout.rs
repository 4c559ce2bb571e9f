//! Where things stand on the screen: arithmetic that drawing, paging and the mouse share.

use super::event::Size;
use super::store::{Table, text_width};
use super::view::{AnyView, Tier, Width};

/// The smallest screen that konn draws on.
pub const SMALLEST: Size = Size { width: 40, height: 8 };

/// The columns at the left edge of a row: the cursor's mark, and the mark of a marked or changed row.
pub const GUTTER: u16 = 2;

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

/// The columns of a table on a screen of this width. The name keeps its place; `skip` columns after it are
/// scrolled away. A column that no longer fits is cut, and what follows it is not shown.
pub fn slots(table: &Table, view: &dyn AnyView, wide: bool, namespaces: bool, width: u16, skip: usize) -> Vec<Slot> {
    let mut wanted: Vec<(Option<usize>, u16, Width)> = Vec::new();
    if namespaces && view.resource().namespaced {
        let widest = table.widths().get(view.width()).copied().unwrap_or(0);
        wanted.push((None, widest.max(text_width("NAMESPACE")), Width::Fit(63)));
    }
    let names = wanted.len() + 1;
    for at in 0..view.width() {
        let Some(column) = view.column(at).filter(|column| wide || column.tier == Tier::Always) else {
            continue;
        };
        let widest = table.widths().get(at).copied().unwrap_or(0);
        wanted.push((Some(at), widest.max(text_width(column.title)), column.width));
    }
    let skip = skip.min(wanted.len().saturating_sub(names + 1));
    wanted.drain(names..names + skip);
    place(wanted, width)
}

fn place(mut wanted: Vec<(Option<usize>, u16, Width)>, width: u16) -> Vec<Slot> {
    let room = width.saturating_sub(GUTTER);
    let full = |(_, wide, kind): &(Option<usize>, u16, Width)| match kind {
        Width::Marked(_) => wide + MARK + GAP,
        Width::Rest => GAP + 20,
        _ => wide + GAP,
    };
    let total: u16 = wanted.iter().map(full).fold(0, u16::saturating_add);
    // Too narrow: names give way down to a width at which they can still be told apart.
    let mut over = total.saturating_sub(room + GAP);
    for (_, wide, kind) in wanted
        .iter_mut()
        .filter(|(_, _, kind)| matches!(kind, Width::Fit(most) if *most > 40))
    {
        let spare = wide.saturating_sub(24).min(over);
        *wide -= spare;
        over -= spare;
        let _ = kind;
    }
    let mut x = GUTTER;
    let mut slots = Vec::new();
    for (column, wide, kind) in wanted {
        if x >= width {
            break;
        }
        let marked = matches!(kind, Width::Marked(_));
        let text = if marked { x + MARK } else { x };
        let left = width.saturating_sub(text);
        let width_now = if kind == Width::Rest { left } else { wide.min(left) };
        slots.push(Slot {
            column,
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
