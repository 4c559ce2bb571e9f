//! The second line: what the table shows, how much of it, by what it is sorted, and how far it can be trusted.

use ratatui::layout::{Position, Rect};

use super::paint::{Paint, line_width};
use super::plural;
use crate::core::app::App;
use crate::core::layer::Sheet;
use crate::core::screen::{Screen, Section};
use crate::core::store::{Sync, Table};
use crate::core::text::{Line, Span, Tone};
use crate::model::age;

/// Draws the title of the table that is open.
pub fn draw(app: &App, paint: &mut Paint) {
    let Some(screen) = app.screen() else { return };
    let (y, width) = (app.lines().title, app.size.width);
    let mut left = what(app, screen);
    if !screen.filter.text().is_empty() {
        left.spans.push(Span::plain("  /"));
        left.spans
            .push(Span::new(screen.filter.text().to_string(), Tone::Accent));
    }
    let right = info(app, screen);
    let room = width.saturating_sub(2);
    let wide = line_width(&right).min(room.saturating_sub(line_width(&left) + 3).max(room / 2));
    let end = paint.line_right(width.saturating_sub(1), y, wide, &right);
    paint.line(1, y, end.saturating_sub(4), &left);
}

/// Draws the title with a layer in it that is typed into: its text where the filter stands.
pub fn typed(app: &App, sheet: &Sheet, paint: &mut Paint) -> Option<Position> {
    let (y, width) = (app.lines().title, app.size.width);
    paint.blank(Rect::new(0, y, width, 1));
    let room = width.saturating_sub(2);
    let what = app.screen().map(|screen| what(app, screen)).unwrap_or_default();
    // What is typed comes first: the title gives way to it, then what is said of it.
    let typed = line_width(&sheet.title).saturating_add(1).min(room);
    let before = line_width(&what).saturating_add(2).min(room.saturating_sub(typed));
    let taken = paint.line(1, y, before.saturating_sub(2), &what);
    let x = 1 + if taken > 0 { taken + 2 } else { 0 };
    paint.line(x, y, room.saturating_sub(x - 1), &sheet.title);
    let left = room.saturating_sub(x - 1 + typed + 2);
    if left > 8 {
        paint.line_right(width.saturating_sub(1), y, left, &sheet.info);
    }
    let (column, _) = sheet.cursor?;
    Some(Position::new((x + column).min(width.saturating_sub(1)), y))
}

/// The view, whose it is, how many rows there are and how many are marked.
fn what(app: &App, screen: &Screen) -> Line {
    let mut spans = vec![Span::new(plural::of_screen(screen, app.registry), Tone::Title)];
    let jump = &screen.jump;
    if !jump.of.is_empty() {
        spans.push(Span::new(
            format!(" {}", app.lang.f("title.of", &[("of", &jump.of)])),
            Tone::Accent,
        ));
    } else {
        let selectors = [("-l", &jump.labels), ("--field-selector", &jump.fields)];
        for (flag, selector) in selectors {
            spans.extend(
                selector
                    .as_ref()
                    .map(|text| Span::new(format!(" {flag} {text}"), Tone::Accent)),
            );
        }
    }
    let total = screen.total(&app.store);
    let text = if screen.filter.text().is_empty() {
        total.to_string()
    } else {
        let count = live(app, screen).to_string();
        app.lang
            .f("title.count", &[("count", &count), ("total", &total.to_string())])
    };
    let nothing_came = |section: &Section| !section.table(&app.store).is_some_and(Table::is_complete);
    if total > 0 || !screen.sections.iter().all(nothing_came) {
        spans.push(Span::plain(format!(" {text}")));
    }
    if !screen.marks.is_empty() {
        let marks = screen.marks.len().to_string();
        spans.push(Span::new(
            format!("  ✓ {}", app.lang.f("title.marked", &[("count", &marks)])),
            Tone::Accent,
        ));
    }
    Line::of(spans)
}

/// How many visible rows are of objects that are there.
fn live(app: &App, screen: &Screen) -> usize {
    let count = |section: &Section| {
        let rows = section.table(&app.store).map(Table::rows).unwrap_or_default();
        let visible = section.order.visible().iter().filter_map(|at| rows.get(*at as usize));
        visible.filter(|row| !row.is_gone()).count()
    };
    screen.sections.iter().map(count).sum()
}

/// What cannot be trusted, then the sort.
fn info(app: &App, screen: &Screen) -> Line {
    let tables: Vec<&Table> = screen
        .sections
        .iter()
        .filter_map(|section| section.table(&app.store))
        .collect();
    let mut spans = Vec::new();
    let broken: u32 = tables.iter().map(|table| table.broken().0).sum();
    if broken > 0 {
        let text = app.lang.f("title.broken", &[("count", &broken.to_string())]);
        spans.push(Span::new(format!("! {text}"), Tone::Warn));
    }
    let stale = tables.iter().find_map(|table| match table.sync() {
        Sync::Stale { since, why } if table.is_complete() => Some((since, why)),
        _ => None,
    });
    if let Some((since, why)) = stale {
        let age = age::human(app.clock.now.duration_since(*since));
        let text = app
            .lang
            .f("title.stale", &[("since", &age), ("why", &app.lang.what(why))]);
        spans.push(Span::new(format!("! {text}"), Tone::Warn));
    }
    if tables.iter().any(|table| !table.is_complete() && !table.has_failed()) {
        spans.push(Span::new(format!("… {}", app.lang.t("title.loading")), Tone::Busy));
    }
    if screen.usage && app.metrics().trouble().is_some() {
        spans.push(Span::new(app.lang.t("title.no_metrics"), Tone::Muted));
    }
    if let Some(sort) = sorted(screen) {
        spans.push(Span::new(sort, Tone::Muted));
    }
    let mut line = Line::default();
    for span in spans {
        if !line.spans.is_empty() {
            line.spans.push(Span::plain("   "));
        }
        line.spans.push(span);
    }
    line
}

/// `AGE ↓`, where the order is not that of the names.
fn sorted(screen: &Screen) -> Option<String> {
    let section = screen.section()?;
    let sort = section.sort?;
    let column = section.view.column(sort.column)?;
    Some(format!("{} {}", column.title, if sort.descending { "↓" } else { "↑" }))
}
