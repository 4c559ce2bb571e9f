//! YAML as a person reads it: written as kubectl writes it, toned where it is seen.

use std::sync::OnceLock;

use serde_json::Value;
use serde_yaml::{SerializerOptions, to_string_with_options};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use crate::core::text::{Line, Span, Tone, clean};

/// How far above the first line that is seen the parser begins: enough for a block of text to be known as such.
const RUN_UP: usize = 200;

/// An object as YAML, keys in the order of kubectl's.
pub fn write(value: &Value) -> Result<String, String> {
    let mut options = SerializerOptions::default();
    (options.folded_wrap_chars, options.min_fold_chars) = (usize::MAX, usize::MAX);
    to_string_with_options(&sorted(value), options).map_err(|error| error.to_string())
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            keys.into_iter()
                .filter_map(|key| Some((key.clone(), sorted(map.get(key)?))))
                .collect()
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// The syntaxes, loaded when they are needed first.
fn syntaxes() -> &'static SyntaxSet {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    SET.get_or_init(SyntaxSet::load_defaults_newlines)
}

fn syntax() -> &'static SyntaxReference {
    syntaxes()
        .find_syntax_by_extension("yaml")
        .unwrap_or_else(|| syntaxes().find_syntax_plain_text())
}

/// Tones of a part of the lines.
pub fn tone(lines: &[Line], from: usize, count: usize) -> Vec<Line> {
    let mut state = ParseState::new(syntax());
    let mut stack = ScopeStack::new();
    let begin = from.saturating_sub(RUN_UP);
    let mut toned = Vec::with_capacity(count);
    for (at, line) in lines.iter().enumerate().skip(begin).take(from - begin + count) {
        let text = line.text() + "\n";
        let spans = parse(&text, &mut state, &mut stack);
        if at >= from {
            toned.push(spans.map_or_else(|| line.clone(), Line::of));
        }
    }
    toned
}

fn parse(text: &str, state: &mut ParseState, stack: &mut ScopeStack) -> Option<Vec<Span>> {
    let ops = state.parse_line(text, syntaxes()).ok()?;
    let mut spans: Vec<Span> = Vec::new();
    let mut at = 0;
    for (end, op) in ops {
        push(&mut spans, text.get(at..end)?, stack);
        stack.apply(&op).ok()?;
        at = end;
    }
    push(&mut spans, text.get(at..)?, stack);
    Some(spans)
}

fn push(spans: &mut Vec<Span>, text: &str, stack: &ScopeStack) {
    let text = text.trim_end_matches('\n');
    if text.is_empty() {
        return;
    }
    let tone = scope_tone(stack);
    match spans.last_mut().filter(|last| last.tone == tone) {
        Some(last) => last.text.to_mut().push_str(text),
        None => spans.push(Span::new(clean(text).into_owned(), tone)),
    }
}

fn scope_tone(stack: &ScopeStack) -> Tone {
    for scope in stack.as_slice().iter().rev() {
        let name = scope.build_string();
        let tone = match name.as_str() {
            name if name.starts_with("entity.name.tag") => Tone::Label,
            name if name.starts_with("string") => Tone::Text,
            name if name.starts_with("constant") => Tone::Number,
            name if name.starts_with("comment") => Tone::Muted,
            name if name.starts_with("punctuation") => Tone::Muted,
            _ => continue,
        };
        return tone;
    }
    Tone::Plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_kubectl_writes_it() {
        let value = serde_json::json!({"spec": {"on": "yes", "n": 1, "list": [{"b": 1, "a": "2026-11-20"}]}, "apiVersion": "v1",
            "data": {"conf": "a: 1\nb: 2\n", "empty": "", "map": {}}});
        let text = write(&value).unwrap();
        assert_eq!(
            text,
            "apiVersion: v1\ndata:\n  conf: |\n    a: 1\n    b: 2\n  empty: \"\"\n  map: {}\nspec:\n  list:\n  - a: \"2026-11-20\"\n    b: 1\n  \"n\": 1\n  \"on\": \"yes\"\n"
        );
    }

    #[test]
    fn keys_and_values_have_tones_of_their_own() {
        let lines = [Line::plain("kind: Pod"), Line::plain("replicas: 3")];
        let toned = tone(&lines, 0, 2);
        assert_eq!(toned[0].text(), "kind: Pod");
        assert_eq!(toned[0].spans[0], Span::new("kind", Tone::Label));
        assert!(
            toned[1]
                .spans
                .iter()
                .any(|span| span.tone == Tone::Number && span.text == "3")
        );
    }
}
