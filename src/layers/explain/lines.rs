//! An explanation laid out for reading, with kubectl's own headings.

use crate::core::lang::Lang;
use crate::core::schema::{Explanation, FieldText};
use crate::core::text::{Line, Span, Tone, clean};
use crate::preview::wrap;

/// Wider than this, prose is hard to read.
const WIDEST: u16 = 100;

/// The lines, and where those of each field begin.
pub fn of(shown: &Explanation, width: u16, strict: bool, lang: &Lang) -> (Vec<Line>, Vec<(usize, String)>) {
    let mut out = Page {
        lines: Vec::new(),
        width: width.min(WIDEST),
    };
    if let Some(missing) = shown.missing.as_ref().filter(|_| strict) {
        let text = lang.f("text.no_field", &[("field", &clean(missing))]);
        out.put(0, Line::of([Span::new(format!("! {text}"), Tone::Warn)]));
        out.blank(0);
    }
    head(shown, &mut out);
    out.title("DESCRIPTION:");
    let description = if shown.description.is_empty() {
        "<empty>"
    } else {
        &shown.description
    };
    out.prose(1, 4, description);
    docs(shown.docs.as_ref(), 0, &mut out);
    out.blank(1);
    let mut fields = Vec::new();
    if !shown.fields.is_empty() {
        out.title("FIELDS:");
    }
    for one in &shown.fields {
        fields.push((out.lines.len(), one.name.clone()));
        field(one, &mut out);
    }
    (out.lines, fields)
}

fn head(shown: &Explanation, out: &mut Page) {
    let group = ("GROUP:      ", &shown.group);
    let kind = ("KIND:       ", &shown.kind);
    let version = ("VERSION:    ", &shown.version);
    for (label, value) in [group, kind, version]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    {
        out.put(0, Line::of([Span::new(label, Tone::Label), plain(value)]));
    }
    out.blank(0);
    let Some(name) = shown.path.last() else { return };
    out.put(
        0,
        Line::of([
            Span::new("FIELD: ", Tone::Label),
            Span::new(clean(name).into_owned(), Tone::Accent),
            Span::new(format!(" <{}>", clean(&shown.r#type)), Tone::Text),
        ]),
    );
    if !shown.values.is_empty() {
        out.put(0, Line::of([Span::new("ENUM:", Tone::Title)]));
        for value in &shown.values {
            out.put(1, Line::of([Span::plain("    "), plain(value)]));
        }
    }
    out.blank(0);
}

fn field(field: &FieldText, out: &mut Page) {
    let mut spans = vec![
        Span::plain("  "),
        Span::new(clean(&field.name).into_owned(), Tone::Link),
        Span::new(format!("  <{}>", clean(&field.r#type)), Tone::Text),
    ];
    if field.required {
        spans.push(Span::new(" -required-", Tone::Title));
    }
    out.put(1, Line::of(spans));
    if !field.values.is_empty() {
        out.prose(2, 2, &format!("enum: {}", field.values.join(", ")));
    }
    let description = if field.description.is_empty() {
        "<no description>"
    } else {
        &field.description
    };
    out.prose(2, 4, description);
    docs(field.docs.as_ref(), 4, out);
    out.blank(2);
}

/// Where more is told.
fn docs(docs: Option<&(String, String)>, indent: usize, out: &mut Page) {
    let Some((description, address)) = docs else { return };
    out.blank(2);
    let label = format!("{}EXTERNAL DOCS:", " ".repeat(indent));
    out.put(2, Line::of([Span::new(label, Tone::Title)]));
    if !description.is_empty() {
        out.prose(2, indent + 4, description);
    }
    if !address.is_empty() {
        out.prose(2, indent + 4, &format!("URL: {address}"));
    }
}

fn plain(text: &str) -> Span {
    Span::plain(clean(text).into_owned())
}

/// Lines in the making.
struct Page {
    lines: Vec<Line>,
    width: u16,
}

impl Page {
    fn put(&mut self, depth: usize, line: Line) {
        self.lines.push(line.at(depth));
    }

    fn blank(&mut self, depth: usize) {
        self.put(depth, Line::default());
    }

    fn title(&mut self, text: &'static str) {
        self.put(0, Line::of([Span::new(text, Tone::Title)]));
    }

    /// Text that breaks at spaces, each of its own lines by itself.
    fn prose(&mut self, depth: usize, indent: usize, text: &str) {
        for line in text.lines() {
            let line = Line::plain(format!("{}{}", " ".repeat(indent), clean(line)));
            let wrapped = wrap::lines(&[line], self.width);
            self.lines.extend(wrapped.into_iter().map(|line| line.at(depth)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::lang::Tongue;

    #[test]
    fn it_reads_as_kubectl_explain_does() {
        let shown = Explanation {
            group: "apps".into(),
            version: "v1".into(),
            kind: "Deployment".into(),
            path: vec!["spec".into()],
            r#type: "Spec".into(),
            description: "One two.\nThree\u{1b}[2J.".into(),
            fields: vec![FieldText {
                name: "a".into(),
                r#type: "[]string".into(),
                required: true,
                values: vec!["x".into(), "y".into()],
                ..FieldText::default()
            }],
            missing: Some("nope".into()),
            ..Explanation::default()
        };
        let (lines, fields) = of(&shown, 80, true, &Lang::load(Tongue::En));
        let text: Vec<String> = lines.iter().map(Line::text).collect();
        let expected = "\n\nGROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\nFIELD: spec <Spec>\n\nDESCRIPTION:\n    One two.\n    Three[2J.\n\nFIELDS:\n  a  <[]string> -required-\n  enum: x, y\n    <no description>\n";
        assert!(text[0].contains("nope"), "{}", text[0]);
        assert_eq!(
            text[1..].join("\n"),
            expected.trim_start_matches('\n').replacen("GROUP", "\nGROUP", 1)
        );
        assert_eq!(fields, [(13, "a".to_string())]);
    }
}
