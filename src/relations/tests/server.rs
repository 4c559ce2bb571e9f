//! A server that is a list of objects, and what is found through it.

use serde_json::{Value, json};

use crate::core::lang::{Lang, Tongue};
use crate::model::Selector;
use crate::relations::read::{labels, name, namespace, text};
use crate::relations::{Direction, Listed, Lists, MatchState, Query, find, kinds, of};

/// A server that has these objects.
pub struct Server(pub Vec<Value>);

impl Lists for Server {
    fn list(&self, query: &Query) -> Listed<'_> {
        let labelled = |object: &Value| {
            let selector = query.labels.as_deref().map(|text| Selector::parse(text).unwrap());
            selector.is_none_or(|selector| selector.matches(&labels(object, "/metadata/labels")))
        };
        let fields = |object: &Value| {
            query.fields.as_deref().is_none_or(|fields| {
                let (path, value) = fields.split_once('=').unwrap();
                text(object, &format!("/{}", path.replace('.', "/"))) == value
            })
        };
        let hits = self.0.iter().filter(|object| {
            text(object, "/kind") == query.resource.kind
                && crate::relations::read::group(text(object, "/apiVersion")) == query.resource.group
                && query.namespace.as_deref().is_none_or(|own| own == namespace(object))
                && query.name.as_deref().is_none_or(|own| own == name(object))
                && labelled(object)
                && fields(object)
        });
        Listed::Objects(hits.collect())
    }
}

/// `kind namespace/name`, in `shop` where nothing is said, with what is merged into it. The uid is `kind-name`.
pub fn object(what: &str, more: Value) -> Value {
    let (kind, place) = what.split_once(' ').unwrap();
    let resource = kinds::KINDS.iter().find(|known| known.kind == kind);
    let api_version = resource.map_or("example.com/v1".to_string(), |resource| resource.api_version());
    let namespaced = resource.is_none_or(|resource| resource.namespaced);
    let (namespace, name) = place.split_once('/').unwrap_or(("shop", place));
    let mut object = json!({"apiVersion": api_version, "kind": kind,
        "metadata": {"name": name, "uid": format!("{kind}-{name}")}});
    if namespaced {
        object["metadata"]["namespace"] = json!(namespace);
    }
    merge(&mut object, &more);
    object
}

pub fn merge(into: &mut Value, more: &Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more.clone(),
    }
}

/// What an object is related to. Of what is looked through for users, the part that is kept tells the same.
pub fn related(from: &Value, direction: Direction, server: &Server) -> Vec<String> {
    let out = told(from, direction, server);
    if direction == Direction::In {
        let kept = |object: &Value| {
            let read = crate::relations::slim::of(text(from, "/kind"));
            let row = read(&object.to_string()).unwrap();
            let whole = (&*row as &dyn std::any::Any).downcast_ref::<crate::core::whole::Whole>();
            whole.unwrap().value.clone()
        };
        let slim = Server(server.0.iter().map(kept).collect());
        assert_eq!(told(from, direction, &slim), out);
    }
    out
}

/// What an object is related to, one way: `relation: kind/name (how)`; `?` behind what does not exist.
fn told(from: &Value, direction: Direction, server: &Server) -> Vec<String> {
    let lang = Lang::load(Tongue::En);
    let group = crate::relations::read::group(text(from, "/apiVersion"));
    let mut out = Vec::new();
    for relation in of(group, text(from, "/kind"), direction) {
        let found = find(relation, from, server);
        assert!(!found.loading && found.refused.is_empty());
        for one in found.matches {
            let how: Vec<String> = one
                .how
                .iter()
                .map(|how| how.text(&lang))
                .filter(|way| !way.is_empty())
                .collect();
            let how = if how.is_empty() {
                String::new()
            } else {
                format!(" ({})", how.join(", "))
            };
            let missing = if one.state == MatchState::Missing { "?" } else { "" };
            out.push(format!(
                "{}: {}/{}{missing}{how}",
                relation.name,
                one.resource.singular(),
                one.name
            ));
        }
    }
    out
}
