//! The first line: which cluster and as whom, which namespaces, and whether the server answers.

use super::paint::{Paint, line_width};
use super::theme::Role;
use crate::core::app::App;
use crate::core::jump::Scope;
use crate::core::link::LinkState;
use crate::core::store::Table;
use crate::core::text::{Line, Span, Tone};
use crate::model::age;

/// How many namespaces are named before they are counted.
const NAMED: usize = 3;

/// The least room between two parts of the line.
const GAP: u16 = 3;

/// Draws the first line. The state of the connection always has room; the version, the user and the rest of the
/// context's name give way in this order.
pub fn draw(app: &App, paint: &mut Paint) {
    let width = app.size.width;
    let row = ratatui::layout::Rect::new(0, 0, width, 1);
    paint.style(row, paint.role(Role::Header));
    let centre = namespaces(app);
    let fits =
        |left: &Line, right: &Line| line_width(left) + line_width(right) + line_width(&centre) + 2 * GAP + 2 <= width;
    let choices = [(true, true), (true, false), (false, false)];
    let (left, right) = choices
        .into_iter()
        .map(|(user, version)| (who(app, user), state(app, version)))
        .find(|(left, right)| fits(left, right))
        .unwrap_or_else(|| (who(app, false), state(app, false)));
    let end = paint.line_right(width.saturating_sub(1), 0, width, &right);
    let room = end.saturating_sub(GAP + 1);
    let least = line_width(&left).min(room / 3) + GAP;
    let wanted = line_width(&centre).min(room.saturating_sub(least));
    let taken = paint.line(1, 0, room.saturating_sub(wanted + GAP), &left);
    let x = (width.saturating_sub(wanted) / 2)
        .clamp(1 + taken + GAP, end.saturating_sub(wanted + GAP).max(1 + taken + GAP));
    paint.line(x, 0, wanted, &centre);
}

/// Context and user.
fn who(app: &App, user: bool) -> Line {
    let identity = &app.link.identity;
    let mut spans = vec![Span::new(identity.context.clone(), Tone::Accent)];
    if user && !identity.user.is_empty() && identity.user != identity.context {
        spans.push(Span::new(format!(" · {}", identity.user), Tone::Muted));
    }
    Line::of(spans)
}

/// The namespaces of the table that is open. Muted where what it shows has no namespace.
fn namespaces(app: &App) -> Line {
    let Some(screen) = app.screen() else {
        return Line::default();
    };
    let namespaced = screen.sections.iter().any(|section| section.view.resource().namespaced);
    let tables = screen.sections.iter().filter_map(|section| section.table(&app.store));
    if let Some(names) = tables.into_iter().find_map(Table::narrowed) {
        let count = names.len().to_string();
        return Line::of([Span::new(
            app.lang.f("header.narrowed", &[("count", &count)]),
            Tone::Warn,
        )]);
    }
    let scope = if namespaced { &screen.scope } else { &app.scope };
    let tone = if namespaced { Tone::Plain } else { Tone::Muted };
    Line::of([Span::new(scope_text(app, scope), tone)])
}

fn scope_text(app: &App, scope: &Scope) -> String {
    match scope.names() {
        [] => app.lang.t("header.all_namespaces"),
        names if names.len() <= NAMED => names.join(", "),
        names => app.lang.f("header.namespaces", &[("count", &names.len().to_string())]),
    }
}

/// Read-only, the server's version, and whether it answers.
fn state(app: &App, version: bool) -> Line {
    let mut spans = Vec::new();
    let forwards = app.forwards.open().count();
    if forwards > 0 {
        let count = forwards.to_string();
        spans.push(Span::new(
            app.lang.f("header.forwards", &[("count", &count)]),
            Tone::Accent,
        ));
        spans.push(Span::plain("  "));
    }
    if app.is_protected() {
        spans.push(Span::new(app.lang.t("header.protected"), Tone::Error));
        spans.push(Span::plain("  "));
    }
    if app.is_read_only() {
        spans.push(Span::new(app.lang.t("header.read_only"), Tone::Warn));
        spans.push(Span::plain("  "));
    }
    if let Some(known) = app.link.version.as_ref().filter(|_| version) {
        spans.push(Span::new(known.clone(), Tone::Muted));
        spans.push(Span::plain("  "));
    }
    let (text, tone) = match (&app.switching, &app.link.state) {
        (Some(context), _) => (app.lang.f("header.opening", &[("context", context)]), Tone::Busy),
        (None, LinkState::Connecting) => (app.lang.t("header.connecting"), Tone::Busy),
        (None, LinkState::Live) => (app.lang.t("header.live"), Tone::Good),
        (None, LinkState::Lost { since, .. }) => {
            let since = age::human(app.clock.now.duration_since(*since));
            (app.lang.f("header.lost", &[("since", &since)]), Tone::Error)
        }
    };
    spans.push(Span::new(text, tone));
    Line::of(spans)
}
