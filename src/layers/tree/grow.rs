//! Grows the tree of an object from relations, as far as the lists tell.

use std::collections::HashSet;

use serde_json::Value;

use super::limbs::{self, Limb};
use super::state::{States, marked};
use crate::core::layer::LayerCx;
use crate::core::text::{Span, Tone, clean};
use crate::layers::list::Entry;
use crate::layers::open::view;
use crate::relations::containers::{self, Container};
use crate::relations::{self, Direction, Found, Lists, Match, MatchState, Reference, Relation};

/// How many objects of one relation are shown.
const MOST_OF_ONE: usize = 50;

/// How many lines the tree has.
const MOST: usize = 1000;

/// How deep it grows: an ingress leads to containers in five steps.
const DEEPEST: usize = 7;

/// What grows.
struct Grow<'a> {
    lists: &'a dyn Lists,
    states: &'a mut States,
    cx: &'a LayerCx<'a>,
    /// What stands in the tree already: it is not unfolded twice.
    seen: HashSet<(String, Option<String>, String)>,
    /// How many limbs may still grow.
    left: usize,
}

/// The lines of an object's tree.
pub fn tree(reference: &Reference, object: &Value, lists: &dyn Lists, states: &mut States, cx: &LayerCx) -> Vec<Entry> {
    let mut grow = Grow {
        lists,
        states,
        cx,
        seen: HashSet::new(),
        left: MOST,
    };
    grow.seen.insert(key(reference));
    let mut spans = vec![Span::new(name(reference), Tone::Accent)];
    spans.extend(grow.states.of(view(cx.catalog, reference), object, &cx.clock));
    let mut limb = Limb {
        spans,
        opens: Some(reference.clone()),
        key: name(reference),
        limbs: Vec::new(),
    };
    limb.limbs = grow.ways(reference, object, Direction::Up, 0);
    limb.limbs.extend(grow.below(reference, object, 0));
    limbs::lines(limb, MOST)
}

fn key(reference: &Reference) -> (String, Option<String>, String) {
    let (namespace, name) = (reference.namespace.clone(), reference.name.clone());
    (reference.resource.full_name(), namespace, name)
}

/// `pod/web-0`, as kubectl names objects.
fn name(reference: &Reference) -> String {
    clean(&format!("{}/{}", reference.resource.singular(), reference.name)).into_owned()
}

impl Grow<'_> {
    /// What grows from an object: containers, what it refers to, what it owns.
    fn below(&mut self, reference: &Reference, object: &Value, depth: usize) -> Vec<Limb> {
        let mut out = Vec::new();
        if reference.resource.kind == "Pod" && reference.resource.group.is_empty() {
            let containers = containers::of(object);
            self.left = self.left.saturating_sub(containers.len());
            out.extend(containers.iter().map(|one| self.container(one, reference)));
        }
        out.extend(self.ways(reference, object, Direction::Out, depth));
        if depth < DEEPEST {
            out.extend(self.ways(reference, object, Direction::Down, depth));
        }
        out
    }

    fn ways(&mut self, reference: &Reference, object: &Value, direction: Direction, depth: usize) -> Vec<Limb> {
        let (group, kind) = (reference.resource.group.clone(), reference.resource.kind.clone());
        let mut out = Vec::new();
        for relation in relations::of(&group, &kind, direction) {
            let found = relations::find(relation, object, self.lists);
            self.grown(relation, found, reference, depth, &mut out);
        }
        out
    }

    /// The limbs of one relation, and in their place what is not known of it.
    fn grown(&mut self, relation: &Relation, found: Found, from: &Reference, depth: usize, out: &mut Vec<Limb>) {
        let word = self.cx.lang.t(&format!("relation.{}", relation.name));
        let mut shown = 0;
        let count = found.matches.len();
        for one in found.matches {
            if shown >= MOST_OF_ONE || self.left == 0 {
                break;
            }
            shown += 1;
            // What stands above is not told again by everybody who refers to it too.
            if let Some(limb) = self.limb(relation, one, from, depth) {
                self.left -= 1;
                out.push(limb);
            }
        }
        if count > shown {
            let more = self
                .cx
                .lang
                .f("related.more", &[("count", &(count - shown).to_string())]);
            out.push(Limb::note(format!("{word}: {more}"), Tone::Muted));
        }
        if found.unasked {
            let text = format!("{word}: {}", self.cx.lang.t("related.unasked"));
            out.push(Limb::note(text, Tone::Muted));
        }
        if found.loading {
            out.push(Limb::note(format!("… {word}"), Tone::Busy));
        }
        for (_, why) in found.refused {
            out.push(Limb::note(format!("✗ {word}: {}", clean(&why)), Tone::Error));
        }
    }

    fn limb(&mut self, relation: &Relation, one: Match, from: &Reference, depth: usize) -> Option<Limb> {
        let reference = Reference {
            resource: one.resource,
            namespace: one.namespace,
            name: one.name,
        };
        let is_new = self.seen.insert(key(&reference));
        if !is_new && relation.direction != Direction::Down {
            return None;
        }
        let (arrow, tone) = match relation.direction {
            Direction::Up => ("↑ ", Tone::Link),
            Direction::Out => ("→ ", Tone::Link),
            Direction::Down | Direction::In => ("", Tone::Plain),
        };
        let mut spans = vec![Span::new(arrow, Tone::Muted), Span::new(name(&reference), tone)];
        spans.retain(|span| !span.text.is_empty());
        let namespace = reference
            .namespace
            .as_ref()
            .filter(|own| Some(*own) != from.namespace.as_ref());
        spans.extend(namespace.map(|own| Span::new(format!("  {}", clean(own)), Tone::Muted)));
        let mut limbs = Vec::new();
        match one.state {
            MatchState::There(object) => {
                spans.extend(
                    self.states
                        .of(view(self.cx.catalog, &reference), object, &self.cx.clock),
                );
                if is_new && relation.direction == Direction::Down {
                    limbs = self.below(&reference, object, depth + 1);
                }
            }
            MatchState::Unasked => {}
            MatchState::Loading => spans.push(Span::new("  …", Tone::Busy)),
            MatchState::Missing => {
                let text = format!("  ! {}", self.cx.lang.t("related.missing"));
                spans.push(Span::new(text, Tone::Warn));
            }
            MatchState::Refused(why) => spans.push(Span::new(format!("  ✗ {}", clean(&why)), Tone::Error)),
        }
        Some(Limb {
            spans,
            key: name(&reference),
            opens: Some(reference),
            limbs,
        })
    }

    /// A container leads to its pod: it is no object of its own.
    fn container(&self, container: &Container, pod: &Reference) -> Limb {
        let lang = self.cx.lang;
        let word = lang.t(&format!("container.{}", container.r#type.id()));
        let name = clean(&container.name).into_owned();
        let mut spans = vec![Span::new(format!("{word} "), Tone::Muted), Span::plain(name.clone())];
        if !container.state.is_empty() {
            let state = marked(&clean(&container.state), container.tone);
            spans.push(Span::new(format!("  {state}"), container.tone));
        }
        if container.restarts > 0 {
            let text = lang.f("container.restarts", &[("count", &container.restarts.to_string())]);
            spans.push(Span::new(format!("  {text}"), Tone::Muted));
        }
        spans.push(Span::new(format!("  {}", clean(&container.image)), Tone::Muted));
        Limb {
            key: format!("container {name}"),
            spans,
            opens: Some(pod.clone()),
            limbs: Vec::new(),
        }
    }
}
