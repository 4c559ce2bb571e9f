//! The table: titles of columns and the rows that are seen.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::empty;
use super::paint::{Paint, spans};
use super::plural;
use super::theme::Role;
use crate::core::app::App;
use crate::core::layout::{self, MARK, Slot};
use crate::core::screen::{BodyLine, Screen, Section};
use crate::core::store::{Flash, Row, Table, text_width};
use crate::core::text::{Tone, clean};
use crate::core::view::{Tier, Width};

/// Draws the body of the screen.
pub fn draw(app: &App, paint: &mut Paint) {
    let area = app.split().table;
    let body = Rect::new(area.x, area.y, area.width, area.height);
    let Some(screen) = app.screen() else {
        return empty::no_screen(app, body, paint);
    };
    let slots: Vec<Vec<Slot>> = screen
        .sections
        .iter()
        .map(|section| slots(app, screen, section))
        .collect();
    if screen.is_stacked() {
        for (line, y) in (body.y..body.bottom()).enumerate() {
            body_line(app, screen, &slots, screen.line_at(screen.offset + line), y, paint);
        }
    } else {
        let rows = Rect::new(0, body.y + 1, body.width, body.height.saturating_sub(1));
        body_line(app, screen, &slots, BodyLine::Columns(0), body.y, paint);
        for (line, y) in (rows.y..rows.bottom()).enumerate() {
            body_line(app, screen, &slots, screen.line_at(screen.offset + line), y, paint);
        }
        if screen.count() == 0 {
            empty::screen(app, screen, rows, paint);
        }
    }
}

fn slots(app: &App, screen: &Screen, section: &Section) -> Vec<Slot> {
    let namespaces = screen.scope.single().is_none();
    let (wide, skip) = (screen.wide, screen.skip);
    section
        .table(&app.store)
        .map(|table| layout::slots(table, &*section.view, wide, namespaces, app.split().table.width, skip))
        .unwrap_or_default()
}

fn body_line(app: &App, screen: &Screen, slots: &[Vec<Slot>], line: BodyLine, y: u16, paint: &mut Paint) {
    let at = match line {
        BodyLine::Blank => return,
        BodyLine::Title(at) | BodyLine::Columns(at) | BodyLine::Row(at, _) => at,
    };
    let (Some(section), Some(slots)) = (screen.sections.get(at), slots.get(at)) else {
        return;
    };
    match line {
        BodyLine::Title(_) => section_title(app, section, y, paint),
        BodyLine::Columns(_) => {
            columns(section, slots, y, paint);
            more(app, screen, section, slots, y, paint);
            let area = app.split().table;
            if screen.is_stacked() && section.order.visible().is_empty() && y + 1 < area.y + area.height {
                empty::section(app, screen, section, y + 1, paint);
            }
        }
        BodyLine::Row(_, place) => {
            if let Some(row) = screen.row(&app.store, at, place) {
                let flat = screen.flat_of(at, place);
                let drawn = Drawn {
                    section,
                    row,
                    slots,
                    chosen: flat == screen.cursor,
                    marked: screen.marks.contains(&row.object.meta().uid),
                };
                drawn.draw(app, y, paint);
            }
        }
        BodyLine::Blank => {}
    }
}

fn section_title(app: &App, section: &Section, y: u16, paint: &mut Paint) {
    let count = section
        .table(&app.store)
        .map(Table::rows)
        .unwrap_or_default()
        .len()
        .to_string();
    let name = plural::of(section.view.resource());
    paint.line(
        1,
        y,
        app.split().table.width.saturating_sub(2),
        &spans([(&name, Tone::Title), (" ", Tone::Plain), (&count, Tone::Plain)]),
    );
}

/// The titles of the columns, with an arrow at the one that the rows are sorted by.
fn columns(section: &Section, slots: &[Slot], y: u16, paint: &mut Paint) {
    for slot in slots {
        let column = slot.column.and_then(|at| section.view.column(at));
        let title = column.map_or("NAMESPACE", |column| column.title);
        let numbers = column.is_some_and(|column| matches!(column.width, Width::Exact(_)));
        // Titles of numbers stand at the right, as the numbers do.
        let before = if numbers {
            slot.width.saturating_sub(text_width(title))
        } else {
            0
        };
        let taken = before
            + paint.text(
                slot.x + before,
                y,
                slot.width - before,
                title,
                paint.role(Role::Columns),
            );
        if let Some(sort) = section.sort.filter(|sort| Some(sort.column) == slot.column) {
            let arrow = if sort.descending { "↓" } else { "↑" };
            paint.toned(slot.x + taken, y, 1, arrow, Tone::Accent);
        }
    }
}

/// Arrows at the edges behind which there are more columns.
fn more(app: &App, screen: &Screen, section: &Section, slots: &[Slot], y: u16, paint: &mut Paint) {
    let shown = |at: &usize| {
        section
            .view
            .column(*at)
            .is_some_and(|column| screen.wide || column.tier == Tier::Always)
    };
    let last = (0..section.view.width()).rfind(shown);
    if slots.last().is_some_and(|slot| slot.column != last) {
        paint.toned(app.split().table.width.saturating_sub(1), y, 1, "›", Tone::Accent);
    }
    let name = slots.iter().position(|slot| slot.column == Some(0));
    let after = name.and_then(|name| slots.get(name + 1));
    if let Some(slot) = after.filter(|slot| slot.column != Some(1)) {
        let mark = if slot.marked { MARK } else { 0 };
        paint.toned(slot.x.saturating_sub(mark + 1), y, 1, "‹", Tone::Accent);
    }
}

/// A row to draw.
struct Drawn<'a> {
    section: &'a Section,
    row: &'a Row,
    slots: &'a [Slot],
    chosen: bool,
    marked: bool,
}

impl Drawn<'_> {
    fn draw(&self, app: &App, y: u16, paint: &mut Paint) {
        for slot in self.slots {
            self.cell(app, slot, y, paint);
        }
        if self.chosen {
            paint.style(Rect::new(0, y, app.split().table.width, 1), paint.role(Role::Cursor));
            paint.toned(0, y, 1, "▌", Tone::Accent);
        }
        let (mark, role) = self.mark();
        paint.text(1, y, 1, mark, paint.role(role));
    }

    /// The mark in the gutter: gone before marked before changed.
    fn mark(&self) -> (&'static str, Role) {
        match self.row.flash {
            Some((Flash::Gone, _)) => ("−", Role::Gone),
            _ if self.marked => ("✓", Role::Marked),
            Some((Flash::Added, _)) => ("+", Role::Added),
            Some((Flash::Changed, _)) => ("~", Role::Changed),
            None => ("", Role::Screen),
        }
    }

    fn cell(&self, app: &App, slot: &Slot, y: u16, paint: &mut Paint) {
        let object = &*self.row.object;
        let Some(column) = slot.column else {
            let namespace = object.meta().namespace.as_deref().unwrap_or_default();
            paint.text(
                slot.x,
                y,
                slot.width,
                namespace,
                self.over(paint, paint.tone(Tone::Muted)),
            );
            return;
        };
        let cell = self.section.view.cell(object, column, &app.clock);
        let tone = if column == 0 && self.marked {
            paint.role(Role::Marked)
        } else {
            paint.tone(cell.tone)
        };
        let style = self.over(paint, tone);
        if slot.marked {
            paint.text(slot.x.saturating_sub(MARK), y, 1, cell.tone.mark(), style);
        }
        paint.text(slot.x, y, slot.width, &clean(&cell.text), style);
    }

    /// What is gone has one tone, whatever it was.
    fn over(&self, paint: &Paint, style: Style) -> Style {
        if self.row.is_gone() {
            paint.role(Role::Gone)
        } else {
            style
        }
    }
}
