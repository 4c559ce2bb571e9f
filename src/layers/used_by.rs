//! What uses an object, and how: live, in the order of the relations.

use super::answers::{Answers, Watches};
use super::list::{Entries, Entry};
use super::subject::{Known, Subject};
use crate::core::effect::Effect;
use crate::core::event::WatchId;
use crate::core::lang::Lang;
use crate::core::layer::LayerCx;
use crate::core::resource::Resource;
use crate::core::store::{Store, text_width};
use crate::core::text::{Line, Span, Tone, clean};
use crate::relations::{self, Direction, Found, How, Match, MatchState, Reference, slim};

/// How many users are listed.
const MOST: usize = 500;

/// The widest that kinds and names are made, in cells.
const WIDEST: (u16, u16) = (24, 60);

/// What uses an object.
pub struct UsedBy {
    subject: Subject,
    watches: Watches,
    head: Line,
    entries: Vec<Entry>,
}

/// A user, its texts clean.
struct User {
    reference: Reference,
    kind: String,
    name: String,
    how: String,
    missing: bool,
}

/// What was found over all relations.
#[derive(Default)]
struct Users {
    users: Vec<User>,
    loading: bool,
    unasked: bool,
    refused: Vec<(Resource, String)>,
}

impl UsedBy {
    /// What uses this object.
    pub fn new(subject: Subject) -> Self {
        Self {
            watches: Watches::of(slim::of(&subject.reference.resource.kind)),
            subject,
            head: Line::default(),
            entries: Vec::new(),
        }
    }

    fn make(&self, answers: &Answers, cx: &LayerCx) -> (Line, Vec<Entry>) {
        let known = self.subject.known(answers);
        let Known::There(object) = known else {
            return (Line::default(), vec![Entry::note(Subject::note(&known, cx))]);
        };
        let mut users = Users::default();
        let resource = &self.subject.reference.resource;
        for relation in relations::of(&resource.group, &resource.kind, Direction::In) {
            users.take(relations::find(relation, object, answers), cx.lang);
        }
        let coming = self.watches.coming(cx.store);
        let (head, mut entries) = users.table(coming, cx.lang);
        if users.users.is_empty() && !users.loading {
            let text = cx.lang.f("related.nothing", &[("name", &self.subject.name())]);
            entries.insert(0, Entry::note(Line::of([Span::new(text, Tone::Muted)])));
        }
        (head, entries)
    }
}

impl Users {
    fn take(&mut self, found: Found, lang: &Lang) {
        self.loading |= found.loading;
        self.unasked |= found.unasked;
        for refusal in found.refused {
            if !self.refused.contains(&refusal) {
                self.refused.push(refusal);
            }
        }
        self.users.extend(found.matches.into_iter().map(|one| user(one, lang)));
    }

    fn table(&self, coming: usize, lang: &Lang) -> (Line, Vec<Entry>) {
        let widest = |text: fn(&User) -> &str, title: &str, most: u16| {
            let texts = self.users.iter().take(MOST).map(|user| text_width(text(user)));
            texts.chain([text_width(title)]).max().unwrap_or(0).min(most)
        };
        let kinds = widest(|user| &user.kind, "KIND", WIDEST.0);
        let names = widest(|user| &user.name, "NAME", WIDEST.1);
        let title = format!("{}  {}  HOW", pad("KIND", kinds), pad("NAME", names));
        let mut entries: Vec<Entry> = self
            .users
            .iter()
            .take(MOST)
            .map(|user| user.entry(kinds, names, lang))
            .collect();
        if let Some(more) = self.users.len().checked_sub(MOST).filter(|more| *more > 0) {
            let text = lang.f("related.more", &[("count", &more.to_string())]);
            entries.push(Entry::note(Line::of([Span::new(text, Tone::Muted)])));
        }
        if self.loading {
            let text = match coming {
                0 => lang.t("title.loading"),
                coming => lang.f("related.coming", &[("count", &coming.to_string())]),
            };
            let text = format!("… {text}");
            entries.push(Entry::note(Line::of([Span::new(text, Tone::Busy)])));
        }
        if self.unasked {
            entries.push(Entry::note(Line::of([Span::new(
                lang.t("related.unasked"),
                Tone::Muted,
            )])));
        }
        for (resource, why) in &self.refused {
            let text = format!("✗ {}: {}", resource.full_name(), clean(why));
            entries.push(Entry::note(Line::of([Span::new(text, Tone::Error)])));
        }
        (Line::of([Span::new(title, Tone::Title)]), entries)
    }
}

fn user(one: Match, lang: &Lang) -> User {
    let ways: Vec<String> = one
        .how
        .iter()
        .map(|how: &How| how.text(lang))
        .filter(|way| !way.is_empty())
        .collect();
    let name = match &one.namespace {
        Some(namespace) => format!("{namespace}/{}", one.name),
        None => one.name.clone(),
    };
    User {
        kind: clean(&one.resource.singular()).into_owned(),
        name: clean(&name).into_owned(),
        how: clean(&ways.join(", ")).into_owned(),
        missing: one.state == MatchState::Missing,
        reference: Reference {
            resource: one.resource,
            namespace: one.namespace,
            name: one.name,
        },
    }
}

impl User {
    fn entry(&self, kinds: u16, names: u16, lang: &Lang) -> Entry {
        let mut spans = vec![
            Span::new(pad(&self.kind, kinds), Tone::Muted),
            Span::plain("  "),
            Span::plain(pad(&self.name, names)),
            Span::plain("  "),
            Span::new(self.how.clone(), Tone::Label),
        ];
        if self.missing {
            spans.push(Span::new(format!("! {}", lang.t("related.missing")), Tone::Warn));
        }
        Entry {
            line: Line::of(spans),
            key: format!("{} {}", self.reference.resource.full_name(), self.name),
            opens: Some(self.reference.clone()),
        }
    }
}

fn pad(text: &str, width: u16) -> String {
    let gap = usize::from(width.saturating_sub(text_width(text)));
    format!("{text}{}", " ".repeat(gap))
}

impl Entries for UsedBy {
    fn refresh(&mut self, cx: &LayerCx) -> (bool, Vec<Effect>) {
        if !self.watches.is_due(cx) {
            return (false, Vec::new());
        }
        let answers = self.watches.answers(cx);
        let (head, entries) = self.make(&answers, cx);
        let wanted = answers.wanted();
        let effects = self.watches.settle(wanted, cx);
        let changed = head != self.head || entries != self.entries;
        (self.head, self.entries) = (head, entries);
        (changed, effects)
    }

    fn title(&self, cx: &LayerCx) -> Line {
        self.subject.title(cx.lang.t("related.used_by"))
    }

    fn head(&self) -> Option<&Line> {
        Some(&self.head)
    }

    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn watches(&self) -> Vec<WatchId> {
        self.watches.ids()
    }

    fn is_ready(&self, store: &Store) -> bool {
        self.watches.is_ready(store)
    }
}
