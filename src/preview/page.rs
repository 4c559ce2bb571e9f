//! Lines as they are said: a mark before what needs a look, a title above each section.

use serde_json::Value;

use crate::core::clock::Time;
use crate::core::text::{Line, Span, Tone, clean};
use crate::describe::Read;
use crate::model::Health;

/// The lines said so far.
#[derive(Default)]
pub struct Page {
    /// The lines, top to bottom.
    pub lines: Vec<Line>,
    title: Option<String>,
}

impl Page {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A line in a tone.
    pub fn say(&mut self, tone: Tone, text: impl AsRef<str>) {
        self.begin();
        for line in text.as_ref().trim_end().lines() {
            self.lines
                .push(Line::of([Span::new(clean(line.trim_end()).into_owned(), tone)]));
        }
    }

    /// A line in a tone, with the tone's mark before it.
    pub fn note(&mut self, tone: Tone, text: impl AsRef<str>) {
        let text = text.as_ref().trim();
        match tone.mark() {
            "" => self.say(tone, text),
            mark => self.say(tone, format!("{mark} {}", text.replace('\n', " "))),
        }
    }

    /// A label and what it stands for; nothing where that is empty.
    pub fn field(&mut self, label: &str, text: impl AsRef<str>) {
        if text.as_ref().is_empty() {
            return;
        }
        self.begin();
        self.lines.push(Line::of([
            Span::new(format!("{label}  "), Tone::Label),
            Span::plain(clean(text.as_ref()).into_owned()),
        ]));
    }

    /// What follows stands below a title. Nothing is drawn where nothing follows.
    pub fn section(&mut self, title: impl Into<String>) {
        self.title = Some(title.into());
    }

    fn begin(&mut self) {
        let Some(title) = self.title.take() else { return };
        if !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        if !title.is_empty() {
            self.lines.push(Line::of([Span::new(title, Tone::Title)]));
        }
    }
}

/// The tone of an object's health.
pub fn tone(health: Health) -> Tone {
    match health {
        Health::Good => Tone::Good,
        Health::Busy => Tone::Busy,
        Health::Warn => Tone::Warn,
        Health::Bad => Tone::Error,
        Health::Neutral => Tone::Muted,
    }
}

/// The point in time that a timestamp says; none if it says none.
pub fn time(timestamp: &Value) -> Option<Time> {
    timestamp.text().parse().ok()
}
