//! From steps to what they find.

use serde_json::Value;

use super::compare::passes;
use super::{Filter, Node, Slice, To};

/// How many values a step may find: a column shows a few.
const MOST: usize = 10_000;

/// Values that were found; nothing where a step cannot be taken.
type Found<'a> = Option<Vec<&'a Value>>;

/// What the steps find, from one value.
pub(super) fn find<'a>(nodes: &'a [Node], value: &'a Value) -> Found<'a> {
    let mut found = vec![value];
    for node in nodes {
        found = step(node, &found)?;
        if found.len() > MOST {
            return None;
        }
    }
    Some(found)
}

fn step<'a>(node: &'a Node, from: &[&'a Value]) -> Found<'a> {
    match node {
        Node::Field(name) => Some(from.iter().filter_map(|value| value.get(&**name)).collect()),
        Node::Wildcard => Some(from.iter().flat_map(|value| children(value)).collect()),
        Node::Recursive => {
            let mut found = Vec::new();
            from.iter().for_each(|value| descend(value, &mut found));
            Some(found)
        }
        Node::Slice(slice) => each(from, |value| items(slice, value)),
        Node::Union(paths) => {
            let found: Option<Vec<_>> = paths
                .iter()
                .map(|nodes| nodes.iter().try_fold(from.to_vec(), |from, node| step(node, &from)))
                .collect();
            Some(found?.concat())
        }
        Node::Filter(filter) => each(from, |value| filtered(filter, value)),
        Node::Literal(value) => Some(vec![value]),
    }
}

fn each<'a>(from: &[&'a Value], find: impl Fn(&'a Value) -> Found<'a>) -> Found<'a> {
    let mut found = Vec::new();
    // What is null is passed over.
    for value in from.iter().filter(|value| !value.is_null()) {
        found.extend(find(value)?);
    }
    Some(found)
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    }
}

/// The value and all that is in it, but for what is empty, and numbers and the like.
fn descend<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    let is_full = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    };
    if is_full && found.len() <= MOST {
        found.push(value);
        children(value).into_iter().for_each(|child| descend(child, found));
    }
}

/// Some items of a list. What is no list, and an index that is not there, cannot be followed.
fn items<'a>(slice: &Slice, value: &'a Value) -> Found<'a> {
    let items = value.as_array()?;
    let length = i64::try_from(items.len()).ok()?;
    let from_behind = |at: i64| if at < 0 { at.saturating_add(length) } else { at };
    let from = from_behind(slice.from);
    let to = match slice.to {
        To::One => from.saturating_add(1),
        To::Before(to) => from_behind(to),
        To::End => length,
    };
    if from == to {
        return Some(Vec::new());
    }
    let step = usize::try_from(slice.step.unwrap_or(1)).ok().filter(|step| *step > 0)?;
    let (from, to) = (usize::try_from(from).ok()?, usize::try_from(to).ok()?);
    let items = items.get(from..to).filter(|items| !items.is_empty())?;
    Some(items.iter().step_by(step).collect())
}

fn filtered<'a>(filter: &'a Filter, value: &'a Value) -> Found<'a> {
    let items = value.as_array()?;
    Some(items.iter().filter(|item| takes(filter, item)).collect())
}

/// Whether an item passes. kubectl refuses the whole path where there is nothing to compare; here, such an item does not
/// pass.
fn takes(filter: &Filter, item: &Value) -> bool {
    let left = find(&filter.left, item).unwrap_or_default();
    let Some((operator, right)) = &filter.right else {
        return !left.is_empty();
    };
    let right = find(right, item).unwrap_or_default();
    match (left.as_slice(), right.as_slice()) {
        ([left], [right]) => passes(*operator, left, right),
        _ => false,
    }
}
