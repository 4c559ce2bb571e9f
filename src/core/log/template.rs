//! How a line of fields is told in one line: `{level} {msg} {*}`.

use super::level;
use crate::core::text::{Span, Tone};

/// The template where nothing is said.
pub const DEFAULT: &str = "{level} {message} {*}";

/// The keys that stand for the same thing in different programs.
const ALIASES: &[(&str, &[&str])] = &[
    ("level", level::KEYS),
    ("message", &["message", "msg", "@message", "event", "text"]),
    ("time", &["time", "ts", "timestamp", "@timestamp", "t", "asctime"]),
    (
        "logger",
        &["logger", "logger_name", "name", "caller", "source", "component"],
    ),
    ("error", &["error", "err", "exception", "stack_trace"]),
];

/// Tells fields by a template: `{key}` is a field, `{*}` all that the template does not name, with their keys, but for
/// the time, which every line has anyway.
pub fn tell(template: &str, fields: &[(String, String)]) -> Vec<Span> {
    let mut taken = vec![false; fields.len()];
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((key, behind)) = after.split_once('}') else {
            break;
        };
        pieces.push((before, Some(key)));
        if let Some(taken) = find(key, fields).and_then(|at| taken.get_mut(at)) {
            *taken = true;
        }
        rest = behind;
    }
    pieces.push((rest, None));
    if let Some(taken) = find("time", fields).and_then(|at| taken.get_mut(at)) {
        *taken = true;
    }
    let mut spans = Vec::new();
    for (before, key) in pieces {
        // A gap before nothing is none.
        let shown = key.is_none_or(|key| key == "*" || find(key, fields).is_some());
        if shown && !before.is_empty() && !(spans.is_empty() && before.trim().is_empty()) {
            spans.push(Span::new(before.to_string(), Tone::Muted));
        }
        match key {
            Some("*") => others(fields, &taken, &mut spans),
            Some(key) => spans.extend(
                find(key, fields)
                    .and_then(|at| fields.get(at))
                    .map(|field| value(key, field)),
            ),
            None => {}
        }
    }
    spans
}

fn value(key: &str, (_, value): &(String, String)) -> Span {
    let text = flat(value);
    if key != "level" {
        return Span::plain(text);
    }
    let text = format!("{:<5}", text.to_uppercase());
    Span::new(text, tone(level::named(value).unwrap_or_default()))
}

/// The tone of a line that is so serious.
pub fn tone(level: level::Level) -> Tone {
    match level {
        level::Level::Error | level::Level::Fatal => Tone::Error,
        level::Level::Warn => Tone::Warn,
        level::Level::Debug | level::Level::Trace => Tone::Muted,
        level::Level::Info | level::Level::Unknown => Tone::Plain,
    }
}

fn others(fields: &[(String, String)], taken: &[bool], spans: &mut Vec<Span>) {
    let left = fields.iter().zip(taken).filter(|(_, taken)| !**taken);
    for (at, ((key, value), _)) in left.enumerate() {
        let gap = if at == 0 { "" } else { " " };
        spans.push(Span::new(format!("{gap}{}=", flat(key)), Tone::Muted));
        spans.push(Span::new(flat(value), Tone::Text));
    }
}

/// The field of a key, or of one that stands for the same.
fn find(key: &str, fields: &[(String, String)]) -> Option<usize> {
    let own = |name: &str| fields.iter().position(|(known, _)| known.eq_ignore_ascii_case(name));
    own(key).or_else(|| {
        let (_, names) = ALIASES.iter().find(|(known, _)| *known == key)?;
        names.iter().find_map(|name| own(name))
    })
}

fn flat(text: &str) -> String {
    crate::core::text::clean(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::log::fields;

    #[test]
    fn fields_are_told_by_the_template() {
        for (template, line, wanted) in [
            (
                DEFAULT,
                r#"{"ts":1,"level":"warn","msg":"slow","path":"/cart"}"#,
                "WARN  slow path=/cart",
            ),
            (DEFAULT, r#"{"msg":"no level"}"#, "no level "),
            (DEFAULT, "level=info msg=\"a b\" n=1 m=2", "INFO  a b n=1 m=2"),
            ("{path}: {message}", r#"{"message":"x","path":"/a"}"#, "/a: x"),
            ("{nothing}{message}", r#"{"message":"two\nlines"}"#, "two⏎lines"),
            ("open {", r#"{"message":"x"}"#, "open {"),
        ] {
            let fields = fields::of(line).unwrap();
            let told: String = tell(template, &fields)
                .iter()
                .map(|span| span.text.to_string())
                .collect();
            assert_eq!(told, wanted, "{template} of {line}");
        }
    }
}
