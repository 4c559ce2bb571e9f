//! The controls of a form, below each other: label, value, note.

use super::confirm::{NAME, SURE};
use super::form::{Control, Form, Value};
use crate::core::layer::LayerCx;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::wrap;

/// The widest value that notes stand behind in a column.
const WIDEST: u16 = 24;

/// How wide labels and values are.
struct Columns {
    label: u16,
    value: u16,
}

impl Columns {
    fn of(form: &Form, values: &[Vec<Span>]) -> Self {
        // The word to type is asked for on a line of its own.
        let rows = form.controls.iter().filter(|control| control.id != NAME);
        let labels = rows.map(|control| text_width(&control.label));
        let controls = form
            .controls
            .iter()
            .zip(values)
            .filter(|(control, _)| control.id != NAME);
        let noted = controls.filter(|(control, _)| !control.note.is_empty());
        let values = noted.map(|(_, value)| width(value));
        Self {
            label: labels.max().unwrap_or(0),
            value: values.filter(|wide| *wide <= WIDEST).max().unwrap_or(0),
        }
    }

    /// Where values begin.
    fn start(&self) -> u16 {
        self.label + 4
    }
}

fn width(spans: &[Span]) -> u16 {
    spans.iter().map(|span| text_width(&span.text)).sum()
}

/// The controls, labels below each other, and where the cursor stands. Notes stand behind them; one for which there is no
/// room is whole where a person types.
pub fn control_lines(form: &Form, wrong: Option<&str>, cx: &LayerCx) -> (Vec<Line>, Option<(u16, u16)>) {
    let is_focused = |at: usize| at == form.focus();
    let all = form.controls.iter().enumerate();
    let values: Vec<Vec<Span>> = all.map(|(at, control)| value_spans(control, is_focused(at))).collect();
    let columns = Columns::of(form, &values);
    let room = cx.space.width.saturating_sub(columns.start());
    let mut cursor = None;
    let mut lines = Vec::new();
    for (at, (control, value)) in form.controls.iter().zip(values).enumerate() {
        if matches!(control.id.as_str(), NAME | SURE) {
            lines.push(Line::default());
        }
        if is_focused(at) {
            let (start, below) = if control.id == NAME {
                (2, 1)
            } else {
                (columns.start(), 0)
            };
            let y = u16::try_from(lines.len() + below).unwrap_or(u16::MAX);
            cursor = typed_at(control).map(|x| (start + x, y));
        }
        let tone = match (wrong == Some(control.id.as_str()), is_focused(at)) {
            (true, _) => Tone::Error,
            (_, true) => Tone::Accent,
            _ => Tone::Label,
        };
        let mark = if is_focused(at) { "▸ " } else { "  " };
        if control.id == NAME {
            lines.extend(word_lines(control, mark, value, tone));
            continue;
        }
        let gap = " ".repeat(usize::from(columns.label.saturating_sub(text_width(&control.label))) + 2);
        let mut spans = vec![Span::new(format!("{mark}{}{gap}", control.label), tone)];
        let fits = width(&value) <= room;
        spans.extend(if fits { value } else { narrow(control).unwrap_or(value) });
        push_noted(&mut lines, spans, control, &columns, is_focused(at), cx);
    }
    (lines, cursor)
}

/// The word that is to be typed, and where it is typed.
fn word_lines(control: &Control, mark: &'static str, value: Vec<Span>, tone: Tone) -> [Line; 2] {
    let asked = [
        Span::new(format!("  {}: ", control.label), tone),
        Span::plain(clean(&control.note).into_owned()),
    ];
    let typed = std::iter::once(Span::new(mark, tone)).chain(value);
    [Line::of(asked), Line::of(typed)]
}

/// A choice that has no room for all options: the chosen one, and which of how many it is.
fn narrow(control: &Control) -> Option<Vec<Span>> {
    let Value::Choice(options, at) = &control.value else {
        return None;
    };
    let (_, shown) = options.get(*at)?;
    Some(vec![
        Span::new(format!("‹{}›", clean(shown)), Tone::Accent),
        Span::new(format!("  {}/{}", at + 1, options.len()), Tone::Muted),
    ])
}

/// A control's line with its note.
fn push_noted(
    lines: &mut Vec<Line>,
    mut spans: Vec<Span>,
    control: &Control,
    columns: &Columns,
    focused: bool,
    cx: &LayerCx,
) {
    let note = clean(&control.note);
    let taken = width(&spans);
    let gap = (columns.start() + columns.value).saturating_sub(taken) + 3;
    let fits = taken + gap + text_width(&note) <= cx.space.width;
    if note.is_empty() {
        lines.push(Line::of(spans));
    } else if fits || !focused {
        spans.push(Span::new(
            format!("{}{note}", " ".repeat(usize::from(gap))),
            Tone::Muted,
        ));
        lines.push(Line::of(spans));
    } else {
        lines.push(Line::of(spans));
        let indent = " ".repeat(usize::from(columns.start()));
        let words = wrap::words(&note, cx.space.width.saturating_sub(columns.start()).max(10));
        let below = |words: &String| Line::of([Span::new(format!("{indent}{words}"), Tone::Muted)]);
        lines.extend(words.iter().map(below));
    }
}

fn typed_at(control: &Control) -> Option<u16> {
    match &control.value {
        Value::Text(field, _) | Value::Number(field, ..) => Some(field.column()),
        Value::Secret(field) => u16::try_from(field.text().chars().count()).ok(),
        Value::Choice(..) | Value::Switch(_) => None,
    }
}

fn value_spans(control: &Control, focused: bool) -> Vec<Span> {
    match &control.value {
        Value::Text(field, _) | Value::Number(field, ..) => {
            let rest = control.completion().filter(|_| focused).unwrap_or_default();
            let blank = if field.text().is_empty() && !focused { "–" } else { "" };
            vec![
                Span::plain(field.text().to_string()),
                Span::new(format!("{blank}{}", clean(rest)), Tone::Muted),
            ]
        }
        Value::Secret(field) => vec![Span::plain("•".repeat(field.text().chars().count()))],
        Value::Choice(options, at) => {
            let mut spans = Vec::new();
            for (place, (_, shown)) in options.iter().enumerate() {
                let shown = clean(shown);
                spans.push(if place == *at {
                    Span::new(format!("‹{shown}› "), if focused { Tone::Accent } else { Tone::Plain })
                } else {
                    Span::new(format!(" {shown}  "), Tone::Muted)
                });
            }
            spans
        }
        Value::Switch(on) => {
            let mark = if *on { "[✓]" } else { "[ ]" };
            vec![Span::new(mark, if *on { Tone::Good } else { Tone::Muted })]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_without_room_shows_what_is_chosen() {
        let options = ["a", "b"].map(|word| (word.to_string(), word.repeat(3)));
        let choice = Control::choice("c", "C", options).chosen("b");
        let text: String = narrow(&choice).into_iter().flatten().map(|span| span.text).collect();
        assert_eq!(text, "‹bbb›  2/2");
        assert!(narrow(&Control::text("t", "T", "x")).is_none());
    }

    #[test]
    fn notes_stand_below_each_other_and_the_question_has_a_line_of_its_own() {
        let form = Form::new(vec![
            Control::text("a", "A", "12345").noted("one"),
            Control::switch("b", "Bee", true).noted("two"),
            Control::text(NAME, "A very long question", "").noted("web"),
        ]);
        let values: Vec<Vec<Span>> = form.controls.iter().map(|one| value_spans(one, false)).collect();
        let columns = Columns::of(&form, &values);
        assert_eq!((columns.label, columns.value, columns.start()), (3, 5, 7));
        let name = form
            .controls
            .last()
            .map(|one| word_lines(one, "▸ ", Vec::new(), Tone::Accent));
        let lines: Vec<String> = name.iter().flatten().map(Line::text).collect();
        assert_eq!(lines, ["  A very long question: web", "▸ "]);
    }
}
