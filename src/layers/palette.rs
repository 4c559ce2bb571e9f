//! The palette: opens any view, switches contexts and namespaces, starts any verb.

mod choices;

use self::choices::{Choice, Does, verbs, views};
use super::chooser;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, WatchId};
use crate::core::field::Field;
use crate::core::jump::Scope;
use crate::core::key::{Code, Key};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::line::{self, Meaning};
use crate::core::store::{Store, text_width};
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::watch::{Decoder, Source, WatchSpec};

/// How large it is at most.
const SIZE: Size = Size { width: 72, height: 14 };

/// The lines above the choices: what is typed, and an empty one.
const HEAD: usize = 2;

/// The palette.
struct Palette {
    field: Field,
    choices: Vec<Choice>,
    found: Vec<Choice>,
    chosen: usize,
    /// Whether the line names what can be done, but lacks something.
    lacks: bool,
    namespaces: Option<WatchId>,
    contexts: Option<WatchId>,
    seen: (u64, u64, u64),
}

/// The palette, with a text to start with.
pub fn open(text: &str) -> Box<dyn Layer> {
    Box::new(Palette {
        field: Field::new(text),
        choices: Vec::new(),
        found: Vec::new(),
        chosen: 0,
        lacks: false,
        namespaces: None,
        contexts: None,
        seen: (0, 0, 0),
    })
}

impl Palette {
    fn collect(&mut self, cx: &LayerCx) {
        self.choices = views(cx);
        for (word, watch) in [("ctx", self.contexts), ("ns", self.namespaces)] {
            let Some(table) = watch.and_then(|watch| cx.store.get(watch)) else {
                continue;
            };
            let mut names: Vec<String> = table
                .rows()
                .iter()
                .map(|row| row.object.meta().name.to_string())
                .collect();
            names.sort();
            names.extend((word == "ns").then(|| "all".to_string()));
            let note = cx.lang.t(&format!("palette.{word}"));
            let choice = |name| Choice {
                text: format!("{word} {name}"),
                note: note.clone(),
                does: Does::Line,
            };
            self.choices.extend(names.into_iter().map(choice));
        }
        self.choices.extend(verbs(cx));
        self.find(cx);
    }

    fn find(&mut self, cx: &LayerCx) {
        let typed = self.field.text().trim_start().trim_start_matches(':').trim();
        self.found = chooser::best(typed, &self.choices, |choice| &choice.text)
            .into_iter()
            .cloned()
            .collect();
        let read = line::read(typed, cx.catalog);
        self.lacks =
            matches!(&read, Err(nonsense) if matches!(nonsense.id, "no_command" | "open_quote" | "no_selector"));
        if let Ok(meaning) = read {
            let text = full_name(typed, &meaning, cx);
            self.prefer(&text, &meaning);
        }
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
    }

    /// A line that means something as it stands comes before what only looks like it; but the beginning of a known
    /// context or namespace comes behind its whole name.
    fn prefer(&mut self, text: &str, meaning: &Meaning) {
        let is = |choice: &Choice| choice.text == text && matches!(choice.does, Does::Line);
        let known = self.found.iter().position(is);
        let begins = matches!(meaning, Meaning::Context(_) | Meaning::Namespaces(_))
            && self.found.first().is_some_and(|first| first.text.starts_with(text));
        let choice = match known {
            Some(at) => self.found.remove(at),
            None => Choice {
                text: text.to_string(),
                note: String::new(),
                does: Does::Line,
            },
        };
        let at = usize::from(begins && known.is_none());
        self.found.insert(at.min(self.found.len()), choice);
    }

    fn accept(&self) -> Next {
        // A line that is begun right and lacks something is told so, not taken for what it looks like.
        let chosen = self.found.get(self.chosen).filter(|_| !self.lacks || self.chosen > 0);
        let Some(choice) = chosen else {
            return Next::Many(vec![Next::Close, Next::Line(self.field.text().to_string())]);
        };
        let does = match &choice.does {
            Does::Line => Next::Line(choice.text.clone()),
            Does::Command(command) => Next::Command(*command),
            Does::Action(action) => Next::Start(*action),
        };
        Next::Many(vec![Next::Close, does])
    }

    /// The first choice that is seen, and how many are.
    fn window(&self, cx: &LayerCx) -> (usize, usize) {
        let rows = usize::from(cx.space.height).saturating_sub(HEAD);
        ((self.chosen + 1).saturating_sub(rows), rows)
    }

    /// A click chooses, a click on what is chosen accepts.
    fn click(&mut self, line: usize, cx: &LayerCx) -> Next {
        let Some(at) = line.checked_sub(HEAD).map(|line| line + self.window(cx).0) else {
            return Next::Done;
        };
        if at == self.chosen {
            self.accept()
        } else {
            self.walk(at)
        }
    }

    fn walk(&mut self, to: usize) -> Next {
        self.chosen = to.min(self.found.len().saturating_sub(1));
        Next::Done
    }
}

/// The name under which the choices have a view that was typed by another of its names.
fn full_name(typed: &str, meaning: &Meaning, cx: &LayerCx) -> String {
    if !matches!(meaning, Meaning::Open(_)) || typed.contains(' ') {
        return typed.to_string();
    }
    let view = cx.catalog.view(typed).map(|view| view.resource().plural.to_string());
    view.unwrap_or_else(|| typed.to_string())
}

impl Layer for Palette {
    fn keys(&self) -> &'static str {
        "palette"
    }

    fn place(&self) -> Place {
        Place::Over(SIZE)
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let mut effects = Vec::new();
        for (word, slot) in [("namespaces", &mut self.namespaces), ("contexts", &mut self.contexts)] {
            let Some(view) = cx.registry.view(word) else { continue };
            let id = cx.ids.watch();
            *slot = Some(id);
            let mut spec = WatchSpec::all(view.resource().clone(), Scope::All, Decoder::of(&view));
            spec.source = Source::of(view.resource());
            effects.push(Effect::Watch(id, spec));
        }
        self.collect(cx);
        Next::Effects(effects)
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Up) => self.walk(self.chosen.saturating_sub(1)),
            Input::Command(Command::Down) => self.walk(self.chosen + 1),
            Input::Command(Command::PageUp) => self.walk(self.chosen.saturating_sub(10)),
            Input::Command(Command::PageDown) => self.walk(self.chosen + 10),
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => self.accept(),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => Next::Close,
            Input::Command(Command::Complete) => {
                if let Some(choice) = self.found.get(self.chosen) {
                    self.field = Field::new(&format!("{} ", choice.text));
                    self.find(cx);
                }
                Next::Done
            }
            Input::Click(line) => self.click(*line, cx),
            input if self.field.edit(input) => {
                self.chosen = 0;
                self.find(cx);
                Next::Done
            }
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => Next::Ignored,
            _ => Next::Done,
        }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        let generation = |watch: Option<WatchId>| {
            watch
                .and_then(|watch| cx.store.get(watch))
                .map_or(0, |t| t.generation())
        };
        let seen = (
            generation(self.namespaces),
            generation(self.contexts),
            cx.catalog.generation(),
        );
        if seen == self.seen {
            return Next::Ignored;
        }
        self.seen = seen;
        self.collect(cx);
        Next::Done
    }

    fn watches(&self) -> Vec<WatchId> {
        self.namespaces.into_iter().chain(self.contexts).collect()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.watches().iter().all(|watch| {
            store
                .get(*watch)
                .is_some_and(|table| table.is_complete() || table.has_failed())
        })
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let (first, rows) = self.window(cx);
        let widest = self
            .found
            .iter()
            .skip(first)
            .take(rows)
            .map(|choice| text_width(&choice.text))
            .max()
            .unwrap_or(0);
        let mut lines = vec![
            Line::of([Span::new(":", Tone::Accent), Span::plain(self.field.text().to_string())]),
            Line::default(),
        ];
        for choice in self.found.iter().skip(first).take(rows) {
            let gap = usize::from(widest.saturating_sub(text_width(&choice.text))) + 2;
            let text = format!("{}{}", clean(&choice.text), " ".repeat(gap));
            lines.push(Line::of([
                Span::plain(text),
                Span::new(choice.note.clone(), Tone::Muted),
            ]));
        }
        if self.found.is_empty() {
            lines.push(Line::of([Span::new(cx.lang.t("palette.nothing"), Tone::Muted)]));
        }
        Sheet {
            title: Line::of([Span::new(cx.lang.t("palette.title"), Tone::Title)]),
            info: Line::of([Span::new(self.found.len().to_string(), Tone::Muted)]),
            lines,
            chosen: self
                .chosen
                .checked_sub(first)
                .filter(|_| !self.found.is_empty())
                .map(|at| at + HEAD),
            cursor: Some((self.field.column() + 1, 0)),
        }
    }
}
