//! The revisions of a workload: what each was, and how two of them differ.

use serde_json::{Value, json};

use super::page::Page;
use super::parts::Parts;
use crate::core::action::Target;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::layer::{LayerCx, Next};
use crate::core::resource::Resource;
use crate::core::store::{Store, text_width};
use crate::core::text::{Line, Span, Tone, clean};
use crate::describe;
use crate::layers::dialog::diff;
use crate::layers::list::{Entries, Entry};
use crate::layers::text::TextLayer;
use crate::model::age;
use crate::model::rollout::{Revision, revisions};

/// The revisions of a workload, the newest first.
pub struct Revisions {
    parts: Parts,
    revisions: Vec<Revision>,
    marked: Option<i64>,
    head: Line,
    entries: Vec<Entry>,
    seen: Option<(u64, i64)>,
}

impl Revisions {
    /// Of a row of the cluster.
    pub fn new(target: &Target, resource: &Resource) -> Self {
        Self {
            parts: Parts::new(target, resource, false),
            revisions: Vec::new(),
            marked: None,
            head: Line::default(),
            entries: Vec::new(),
            seen: None,
        }
    }

    /// Makes the lines anew. Answers whether they are others.
    fn make(&mut self, cx: &LayerCx) -> bool {
        let note =
            |mark: &str, text: &str, tone| Entry::note(Line::of([Span::new(format!("{mark} {}", clean(text)), tone)]));
        let entries = if let Some(why) = self.parts.lacking(cx).filter(|_| self.parts.object(cx.store).is_none()) {
            vec![note("✗", &why, Tone::Error)]
        } else if let Some(why) = self.parts.refused(cx) {
            vec![note("✗", &why, Tone::Error)]
        } else if self.revisions.is_empty() && !self.parts.is_ready(cx.store) {
            vec![note("…", &cx.lang.t("title.loading"), Tone::Busy)]
        } else if self.revisions.is_empty() {
            vec![note("–", &cx.lang.t("rollout.no_history"), Tone::Muted)]
        } else {
            let rows: Vec<[String; 4]> = self.revisions.iter().map(|one| cells(one, cx)).collect();
            self.head = heading(&rows);
            let all = self.revisions.iter().zip(&rows);
            all.map(|(one, row)| entry(one, row, &rows, self.marked, cx)).collect()
        };
        let changed = entries != self.entries;
        self.entries = entries;
        changed
    }

    /// What Enter shows: the template, or how it differs from the marked one.
    fn accept(&self, at: usize, cx: &LayerCx) -> Option<Next> {
        let chosen = self.revisions.get(at)?;
        let marked = self.revisions.iter().find(|one| Some(one.number) == self.marked);
        let page = match marked.filter(|marked| marked.number != chosen.number) {
            Some(marked) => self.difference(marked, chosen, cx),
            None => self.template(chosen, cx),
        };
        Some(Next::Push(Box::new(TextLayer::new(page))))
    }

    fn template(&self, revision: &Revision, cx: &LayerCx) -> Page {
        let mut template = revision.template.clone();
        // As kubectl, which shows the cause among the template's annotations.
        if !revision.cause.is_empty()
            && let Some(metadata) = template.get_mut("metadata").and_then(Value::as_object_mut)
        {
            let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
            if let Some(annotations) = annotations.as_object_mut() {
                annotations.insert("kubernetes.io/change-cause".into(), revision.cause.clone().into());
            }
        }
        let mut out = describe::Writer::of("", cx.lang);
        describe::describe_template(&template, &mut out);
        let sections = out.finish().sections;
        Page {
            title: self.page_title(
                &cx.lang
                    .f("rollout.revision", &[("number", &revision.number.to_string())]),
            ),
            lines: sections.into_iter().flat_map(|section| section.lines).collect(),
        }
    }

    fn difference(&self, one: &Revision, other: &Revision, cx: &LayerCx) -> Page {
        // From the older to the newer, however they were chosen.
        let (old, new) = if one.number < other.number {
            (one, other)
        } else {
            (other, one)
        };
        let numbers = [("old", old.number.to_string()), ("new", new.number.to_string())];
        let numbers = numbers.each_ref().map(|(name, number)| (*name, number.as_str()));
        let mut lines = diff::lines(&old.template, &new.template);
        if lines.is_empty() {
            lines.push(Line::of([Span::new(cx.lang.t("rollout.same"), Tone::Muted)]));
        }
        Page {
            title: self.page_title(&cx.lang.f("rollout.difference", &numbers)),
            lines,
        }
    }

    fn page_title(&self, what: &str) -> Line {
        Line::of([
            Span::new(format!("{} ", self.parts.title()), Tone::Accent),
            Span::new(what.to_string(), Tone::Title),
        ])
    }
}

/// REVISION, AGE, CHANGE-CAUSE, IMAGES.
fn cells(revision: &Revision, cx: &LayerCx) -> [String; 4] {
    let cause = if revision.cause.is_empty() {
        "<none>"
    } else {
        &revision.cause
    };
    let age = age::since(revision.created, cx.clock.now);
    let images = revision.images.join(", ");
    [revision.number.to_string(), age, cause.to_string(), images].map(|cell| clean(&cell).into_owned())
}

const TITLES: [&str; 4] = ["REVISION", "AGE", "CHANGE-CAUSE", "IMAGES"];

/// The longest cause that moves the images to the right.
const LONGEST: u16 = 50;

fn width(rows: &[[String; 4]], at: usize) -> u16 {
    let cells = rows
        .iter()
        .filter_map(|row| row.get(at))
        .map(|cell| text_width(cell).min(LONGEST));
    let title = TITLES.get(at).map_or(0, |title| text_width(title));
    cells.max().unwrap_or(0).max(title)
}

fn padded(text: &str, width: u16) -> String {
    let gap = usize::from(width.saturating_sub(text_width(text))) + 3;
    format!("{text}{}", " ".repeat(gap))
}

fn heading(rows: &[[String; 4]]) -> Line {
    let cells: String = TITLES
        .iter()
        .enumerate()
        .map(|(at, title)| padded(title, width(rows, at)))
        .collect();
    Line::of([Span::new(format!("  {}", cells.trim_end()), Tone::Title)])
}

fn entry(revision: &Revision, row: &[String; 4], rows: &[[String; 4]], marked: Option<i64>, cx: &LayerCx) -> Entry {
    let mark = if marked == Some(revision.number) { "◆ " } else { "  " };
    let [number, age, cause, images] = row;
    let cause_tone = if revision.cause.is_empty() {
        Tone::Muted
    } else {
        Tone::Plain
    };
    let current = if revision.is_current {
        format!("   ● {}", cx.lang.t("rollout.current"))
    } else {
        String::new()
    };
    Entry {
        line: Line::of([
            Span::new(mark, Tone::Accent),
            Span::new(padded(number, width(rows, 0)), Tone::Accent),
            Span::plain(padded(age, width(rows, 1))),
            Span::new(padded(cause, width(rows, 2)), cause_tone),
            Span::plain(images.clone()),
            Span::new(current, Tone::Good),
        ]),
        opens: None,
        key: number.clone(),
    }
}

impl Entries for Revisions {
    fn refresh(&mut self, cx: &LayerCx) -> (bool, Vec<Effect>) {
        let mut effects = Vec::new();
        if self.parts.watches().is_empty() {
            effects = self.parts.open(cx);
        }
        let seen = (self.parts.generation(cx.store), cx.clock.now.as_second());
        if self.seen == Some(seen) {
            return (false, effects);
        }
        self.seen = Some(seen);
        if let Some(object) = self.parts.object(cx.store) {
            effects.extend(self.parts.follow(object, cx));
            self.revisions = revisions(object, self.parts.history(cx.store));
            self.revisions.reverse();
        }
        (self.make(cx), effects)
    }

    fn title(&self, cx: &LayerCx) -> Line {
        Line::of([
            Span::new(format!("{} ", cx.lang.t("rollout.history")), Tone::Title),
            Span::new(self.parts.title(), Tone::Accent),
            Span::new(format!("  {}", cx.lang.t("rollout.how")), Tone::Muted),
        ])
    }

    fn head(&self) -> Option<&Line> {
        (!self.revisions.is_empty()).then_some(&self.head)
    }

    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn command(&mut self, command: Command, at: usize, cx: &LayerCx) -> Option<Next> {
        match command {
            Command::Enter => self.accept(at, cx),
            Command::Mark => {
                let number = self.revisions.get(at)?.number;
                self.marked = Some(number).filter(|_| self.marked != Some(number));
                self.make(cx);
                Some(Next::Done)
            }
            _ => None,
        }
    }

    fn knows(&self, command: Command) -> bool {
        command == Command::Mark
    }

    fn watches(&self) -> Vec<WatchId> {
        self.parts.watches()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.seen.is_some() && self.parts.is_ready(store)
    }
}
