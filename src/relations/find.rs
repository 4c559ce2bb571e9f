//! From an object by a relation to the others, as far as they are known.

use serde_json::Value;

use super::read::{name, namespace, some};
use super::{By, Find, How, Query, Reference, Relation, Within};
use crate::core::resource::Resource;

/// How many objects that one object names are looked for.
const MOST_NAMED: usize = 200;

/// What became of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed<'a> {
    /// It has not been answered yet.
    Loading,
    /// It was not asked, because too much is asked already.
    Unasked,
    /// The server refused, and why.
    Refused(String),
    /// These objects.
    Objects(Vec<&'a Value>),
}

/// Whoever answers queries. Asking for what is not there yet says that it is wanted.
pub trait Lists {
    /// What became of a query.
    fn list(&self, query: &Query) -> Listed<'_>;
}

/// What is known of an object that is related.
#[derive(Clone, Debug, PartialEq)]
pub enum MatchState<'a> {
    /// The object.
    There(&'a Value),
    /// It is named, and has not been answered for yet.
    Loading,
    /// It is named, and was not asked for.
    Unasked,
    /// It is named, and the server refused it.
    Refused(String),
    /// It is named, and does not exist.
    Missing,
}

/// An object that is related.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<'a> {
    /// Its resource.
    pub resource: Resource,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// How it is related.
    pub how: Vec<How>,
    /// What is known of it.
    pub state: MatchState<'a>,
}

/// What a relation leads to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found<'a> {
    /// The objects.
    pub matches: Vec<Match<'a>>,
    /// Whether a list is still on its way.
    pub loading: bool,
    /// Whether a list was not asked for, because too much is asked already.
    pub unasked: bool,
    /// The lists that the server refused, and why.
    pub refused: Vec<(Resource, String)>,
}

/// What a relation leads to from an object, as far as the lists tell.
pub fn find<'a>(relation: &Relation, object: &Value, lists: &'a dyn Lists) -> Found<'a> {
    match relation.find {
        Find::Names(names) => named(&names(object), lists),
        Find::Select { of, within, by, look } => match query(object, of, within, by) {
            Some(query) => listed(&query, lists, |candidate| look(object, candidate)),
            None => Found::default(),
        },
        Find::Defined(kind) => match kind(object) {
            Some(resource) => listed(&Query::all(resource, None), lists, |_| vec![How::plain()]),
            None => Found::default(),
        },
        Find::Through(first, second) => through(first, second, object, lists),
    }
}

fn query(object: &Value, of: &Resource, within: Within, by: By) -> Option<Query> {
    let place = match within {
        Within::Same => some(namespace(object)),
        Within::Inside => some(name(object)),
        Within::Everywhere => None,
    };
    let all = Query::all(of.clone(), place);
    Some(match by {
        By::All => all,
        By::Labels(labels) => Query {
            labels: some(&labels(object)?).map(str::to_string),
            ..all
        },
        By::Fields(fields) => Query {
            fields: Some(fields(object)?),
            ..all
        },
    })
}

fn listed<'a>(query: &Query, lists: &'a dyn Lists, look: impl Fn(&Value) -> Vec<How>) -> Found<'a> {
    let mut found = Found::default();
    match lists.list(query) {
        Listed::Loading => found.loading = true,
        Listed::Unasked => found.unasked = true,
        Listed::Refused(why) => found.refused.push((query.resource.clone(), why)),
        Listed::Objects(objects) => {
            for object in objects {
                let how = look(object);
                if !how.is_empty() {
                    found.matches.push(Match {
                        resource: query.resource.clone(),
                        namespace: some(namespace(object)).map(str::to_string),
                        name: name(object).to_string(),
                        how,
                        state: MatchState::There(object),
                    });
                }
            }
        }
    }
    found
}

fn named<'a>(references: &[Reference], lists: &'a dyn Lists) -> Found<'a> {
    let mut seen: Vec<&Reference> = Vec::new();
    for reference in references.iter().filter(|reference| !reference.name.is_empty()) {
        if !seen.contains(&reference) && seen.len() < MOST_NAMED {
            seen.push(reference);
        }
    }
    let matches = seen.into_iter().map(|reference| {
        let query = Query::one(
            reference.resource.clone(),
            reference.namespace.as_deref(),
            &reference.name,
        );
        let state = match lists.list(&query) {
            Listed::Loading => MatchState::Loading,
            Listed::Unasked => MatchState::Unasked,
            Listed::Refused(why) => MatchState::Refused(why),
            Listed::Objects(objects) => match objects.first() {
                Some(object) => MatchState::There(object),
                None => MatchState::Missing,
            },
        };
        Match {
            resource: reference.resource.clone(),
            namespace: reference.namespace.clone(),
            name: reference.name.clone(),
            how: vec![How::plain()],
            state,
        }
    });
    Found {
        matches: matches.collect(),
        ..Found::default()
    }
}

/// The ends of the second relation from every end of the first, each told by what it was reached through.
fn through<'a>(first: &Relation, second: &Relation, object: &Value, lists: &'a dyn Lists) -> Found<'a> {
    let between = find(first, object, lists);
    let mut found = Found {
        loading: between.loading,
        unasked: between.unasked,
        refused: between.refused,
        ..Found::default()
    };
    for middle in between.matches {
        let MatchState::There(value) = middle.state else {
            found.loading |= middle.state == MatchState::Loading;
            found.unasked |= middle.state == MatchState::Unasked;
            continue;
        };
        let way = format!("{}/{}", middle.resource.singular(), middle.name);
        let ends = find(second, value, lists);
        found.loading |= ends.loading;
        found.unasked |= ends.unasked;
        for refusal in ends.refused {
            if !found.refused.contains(&refusal) {
                found.refused.push(refusal);
            }
        }
        for mut end in ends.matches {
            let how = How::of("through", &[("way", &way)]);
            match found.matches.iter_mut().find(|known| is_same(known, &end)) {
                Some(known) => known.how.push(how),
                None => {
                    end.how = vec![how];
                    found.matches.push(end);
                }
            }
        }
    }
    found
}

fn is_same(one: &Match, other: &Match) -> bool {
    one.name == other.name && one.namespace == other.namespace && one.resource == other.resource
}
