//! What stands where there are no rows: that they are coming, that there are none, or why they do not come.

use ratatui::layout::Rect;

use super::paint::Paint;
use crate::core::app::App;
use crate::core::jump::Scope;
use crate::core::layout::GUTTER;
use crate::core::link::LinkState;
use crate::core::screen::{Screen, Section};
use crate::core::store::{Sync, Table, text_width};
use crate::core::text::Tone;
use crate::core::wrap;

/// The widest that a paragraph is set, in cells.
const WIDEST: u16 = 72;

/// Sentences, each with its tone.
type Said = Vec<(String, Tone)>;

/// Before the first table: the cluster has not answered.
pub fn no_screen(app: &App, area: Rect, paint: &mut Paint) {
    let said = match &app.link.state {
        LinkState::Lost { why, .. } => vec![
            (format!("✗ {}", app.lang.what(why)), Tone::Error),
            (app.lang.todo(why), Tone::Plain),
        ],
        _ => vec![(format!("… {}", app.lang.t("empty.connecting")), Tone::Busy)],
    };
    middle(&said, area, paint);
}

/// Where a text has not come yet.
pub fn loading(app: &App, area: Rect, paint: &mut Paint) {
    middle(&[on_its_way(app)], area, paint);
}

fn on_its_way(app: &App) -> (String, Tone) {
    (format!("… {}", app.lang.t("empty.loading")), Tone::Busy)
}

/// In the middle of a table without rows.
pub fn screen(app: &App, screen: &Screen, area: Rect, paint: &mut Paint) {
    let Some(section) = screen.sections.first() else { return };
    middle(&why(app, screen, section), area, paint);
}

/// In the line below the columns of a section without rows.
pub fn section(app: &App, screen: &Screen, section: &Section, y: u16, paint: &mut Paint) {
    if let Some((text, tone)) = why(app, screen, section).first() {
        let tone = if *tone == Tone::Plain { Tone::Muted } else { *tone };
        paint.toned(
            GUTTER,
            y,
            app.split().table.width.saturating_sub(GUTTER + 1),
            text,
            tone,
        );
    }
}

fn why(app: &App, screen: &Screen, section: &Section) -> Said {
    let table = section.table(&app.store);
    if let Some(Sync::Stale { why, .. }) = table.filter(|table| table.has_failed()).map(Table::sync) {
        return vec![
            (format!("✗ {}", app.lang.what(why)), Tone::Error),
            (app.lang.todo(why), Tone::Plain),
        ];
    }
    let rows = table.map(Table::rows).unwrap_or_default();
    if !rows.is_empty() {
        let filter = screen.filter.text();
        let key = app.keymap.key_of("table", "back").unwrap_or_default();
        return vec![
            (app.lang.f("empty.filtered", &[("filter", filter)]), Tone::Plain),
            (app.lang.f("empty.clear", &[("key", &key)]), Tone::Muted),
        ];
    }
    if table.is_none_or(|table| !table.is_complete()) {
        return vec![on_its_way(app)];
    }
    vec![(nothing(app, screen, section), Tone::Plain)]
}

/// `No pods in namespace shop.`
fn nothing(app: &App, screen: &Screen, section: &Section) -> String {
    let resource = section.view.resource();
    let kind = resource.plural.as_ref();
    let of = &screen.jump.of;
    if !of.is_empty() {
        return app.lang.f("empty.none_of", &[("kind", kind), ("of", of)]);
    }
    match &screen.scope {
        Scope::Namespaces(names) if resource.namespaced => match names.as_slice() {
            [one] => app.lang.f("empty.none_in", &[("kind", kind), ("namespace", one)]),
            many => app
                .lang
                .f("empty.none_among", &[("kind", kind), ("namespaces", &many.join(", "))]),
        },
        _ => app.lang.f("empty.none", &[("kind", kind)]),
    }
}

/// Paragraphs in the upper middle, set as one block.
fn middle(said: &[(String, Tone)], area: Rect, paint: &mut Paint) {
    let width = area.width.saturating_sub(4).min(WIDEST);
    let wrapped = said.iter().flat_map(|(text, tone)| {
        let lines = wrap::words(text, width);
        lines.into_iter().map(|line| (line, *tone))
    });
    let lines: Vec<(String, Tone)> = wrapped.collect();
    let wide = lines.iter().map(|(line, _)| text_width(line)).max().unwrap_or(0);
    let x = area.x + area.width.saturating_sub(wide) / 2;
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let y = area.y + area.height.saturating_sub(height) / 3;
    for (y, (line, tone)) in (y..area.bottom()).zip(&lines) {
        paint.toned(x, y, wide, line, *tone);
    }
}
