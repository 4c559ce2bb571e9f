//! Text with meaning: spans carry a tone, never a colour; colours live in `themes/`.

use std::borrow::Cow;
use std::sync::Arc;

use super::reference::Reference;

use super::ink::Ink;

/// What a piece of text means to the reader. A theme turns it into a style; a mark beside it says the same
/// where colour does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tone {
    /// Ordinary text.
    #[default]
    Plain,
    /// Less important than what stands around it.
    Muted,
    /// As it should be.
    Good,
    /// On its way: starting, terminating, being rolled out.
    Busy,
    /// Worth a look.
    Warn,
    /// Broken.
    Error,
    /// The one accent: names, the selection's mark, what is active.
    Accent,
    /// A heading or a column title.
    Title,
    /// A field's label in describe, a key in YAML.
    Label,
    /// A string in YAML.
    Text,
    /// A number, a boolean or null in YAML.
    Number,
    /// A reference that Enter follows.
    Link,
    /// The reference that Enter follows now.
    LinkNow,
    /// A key to press.
    Key,
    /// One of several things that are told apart by colour, such as the pods of a log.
    Series1,
    /// Another one.
    Series2,
    /// Another one.
    Series3,
    /// Another one.
    Series4,
    /// Another one.
    Series5,
    /// Another one.
    Series6,
    /// What a search found.
    Match,
    /// What a search found, where it stands now.
    MatchNow,
}

/// The tones for things that are told apart by colour; beyond their number they begin anew.
pub const SERIES: [Tone; 6] = [
    Tone::Series1,
    Tone::Series2,
    Tone::Series3,
    Tone::Series4,
    Tone::Series5,
    Tone::Series6,
];

impl Tone {
    /// The mark, one cell wide, that says the same as the tone where colour does not; empty where there is nothing to
    /// point out.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Error => "✗",
            Self::Warn => "!",
            Self::Busy => "…",
            _ => "",
        }
    }
}

/// A run of text in one tone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text, free of control characters (see [`clean`]).
    pub text: Cow<'static, str>,
    /// What it means.
    pub tone: Tone,
    /// What the program that wrote it wants it to look like.
    pub ink: Ink,
    /// The object that it names, where Enter can follow it.
    pub link: Option<Arc<Reference>>,
}

impl Span {
    /// A span of `text` in `tone`.
    pub fn new(text: impl Into<Cow<'static, str>>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
            ink: Ink::default(),
            link: None,
        }
    }

    /// Another text that looks the same and leads to the same.
    pub fn with(&self, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            tone: self.tone,
            ink: self.ink,
            link: self.link.clone(),
        }
    }

    /// The same text, naming an object that Enter follows.
    pub fn linked(self, link: Arc<Reference>) -> Self {
        Self {
            link: Some(link),
            ..self
        }
    }

    /// A span in the plain tone.
    pub fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// One line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The runs, left to right.
    pub spans: Vec<Span>,
    /// How deep it stands: the lines below it that stand deeper belong to it, and fold with it.
    pub depth: u8,
}

impl Line {
    /// A line of one plain span.
    pub fn plain(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            spans: vec![Span::plain(text)],
            depth: 0,
        }
    }

    /// A line of these spans.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        Self {
            spans: spans.into_iter().collect(),
            depth: 0,
        }
    }

    /// The same line, so deep.
    pub fn at(self, depth: usize) -> Self {
        Self {
            depth: u8::try_from(depth).unwrap_or(u8::MAX),
            ..self
        }
    }

    /// The objects that it names, left to right.
    pub fn links(&self) -> impl Iterator<Item = &Arc<Reference>> {
        self.spans.iter().filter_map(|span| span.link.as_ref())
    }

    /// The text without tones.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_ref()).collect()
    }
}

/// A document: what describe, YAML and help show. Lines are grouped into sections that can fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// The sections, top to bottom. The first may have no title.
    pub sections: Vec<Section>,
}

/// A part of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading, such as `Events`; empty for none.
    pub title: Cow<'static, str>,
    /// The lines below it.
    pub lines: Vec<Line>,
}

impl Doc {
    /// The whole text, one line each and an empty one between sections, without tones: what a copy takes.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (index, section) in self.sections.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            if !section.title.is_empty() {
                out.push_str(&section.title);
                out.push('\n');
            }
            for line in &section.lines {
                out.push_str(&line.text());
                out.push('\n');
            }
        }
        out
    }
}

/// `text` without what could steer a terminal: control characters (C0, C1, DEL), bidirectional overrides and
/// zero-width format characters are dropped; a tab becomes a space and a line break becomes `⏎`.
/// Text from a cluster is hostile.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '\t' => out.push(' '),
            '\n' => out.push('⏎'),
            ch if is_harmless(ch) => out.push(ch),
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// Whether a character can be shown as it is.
pub fn is_harmless(ch: char) -> bool {
    !ch.is_control()
        && !matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_copied_with_a_line_between_its_sections() {
        let section = |title: &'static str, line: &'static str| Section {
            title: title.into(),
            lines: vec![Line::plain(line)],
        };
        let doc = Doc {
            sections: vec![section("", "Name: a"), section("Events", "none")],
        };
        assert_eq!(doc.text(), "Name: a\n\nEvents\nnone\n");
    }

    #[test]
    fn clean_takes_out_what_steers_a_terminal() {
        assert_eq!(clean("web-0"), "web-0");
        assert_eq!(clean("a\u{1b}]0;title\u{7}b"), "a]0;titleb");
        assert_eq!(clean("a\tb\nc"), "a b⏎c");
        assert_eq!(clean("\u{202e}evil\u{2066}"), "evil");
        assert_eq!(clean("日本語 🚀"), "日本語 🚀");
    }
}
