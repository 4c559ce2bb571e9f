//! From text to steps.

use serde_json::Value;

use super::{Filter, Node, Operator, Slice, To};

/// How deep filters and unions may stand in each other.
const DEEPEST: usize = 16;

type Nodes = Box<[Node]>;

/// Reads a path, with or without braces and the first dot.
pub(super) fn parse(text: &str) -> Result<Nodes, String> {
    let text = text.trim();
    let bare = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').ok_or("the brace does not end")?,
        None => text,
    };
    if bare.contains(['{', '}']) {
        return Err("a column has one path, in one pair of braces".to_string());
    }
    let bare = bare.strip_prefix('$').unwrap_or(bare);
    let bare = bare.strip_prefix('.').unwrap_or(bare);
    if bare.is_empty() {
        return Err("it is empty".to_string());
    }
    nodes(&format!(".{bare}"), 0)
}

fn nodes(text: &str, depth: usize) -> Result<Nodes, String> {
    if depth > DEEPEST {
        return Err("it goes too deep".to_string());
    }
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        rest = match first {
            ' ' | '@' | '$' => rest.get(1..).unwrap_or_default(),
            _ if rest.starts_with("[?(") => filter(rest, depth, &mut found)?,
            '[' => array(rest, depth, &mut found)?,
            '.' => field(rest, &mut found)?,
            '"' | '\'' => quote(rest, first, &mut found)?,
            '+' | '-' | '0'..='9' => number(rest, &mut found)?,
            _ if first.is_alphabetic() || first == '_' => word(rest, &mut found)?,
            _ => return Err(format!("{first:?} means nothing there")),
        };
    }
    Ok(found.into())
}

/// Whether a field ends before this.
fn ends(ch: char) -> bool {
    matches!(
        ch,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

/// A field behind one dot, or behind the two of a recursive descent. A backslash takes the meaning of what follows it.
fn field<'a>(text: &'a str, found: &mut Vec<Node>) -> Result<&'a str, String> {
    let mut rest = text.get(1..).unwrap_or_default();
    if let Some(below) = rest.strip_prefix('.') {
        if found.last() == Some(&Node::Recursive) {
            return Err("one recursive descent follows another".to_string());
        }
        found.push(Node::Recursive);
        rest = below;
    }
    let mut name = String::new();
    let mut chars = rest.char_indices();
    let end = loop {
        match chars.next() {
            Some((_, '\\')) => name.extend(chars.next().map(|(_, escaped)| escaped)),
            Some((at, ch)) if ends(ch) => break at,
            Some((_, ch)) => name.push(ch),
            None => break rest.len(),
        }
    };
    match name.as_str() {
        "" => {}
        "*" => found.push(Node::Wildcard),
        _ => found.push(Node::Field(name.into())),
    }
    Ok(rest.get(end..).unwrap_or_default())
}

/// `true` and `false`; no other word stands in a path.
fn word<'a>(text: &'a str, found: &mut Vec<Node>) -> Result<&'a str, String> {
    let end = text.find(ends).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    match word {
        "true" | "false" => found.push(Node::Literal(Value::Bool(word == "true"))),
        _ => return Err(format!("the word {word} means nothing there")),
    }
    Ok(rest)
}

fn number<'a>(text: &'a str, found: &mut Vec<Node>) -> Result<&'a str, String> {
    let digits = text.get(1..).unwrap_or_default();
    let end = digits
        .find(|ch: char| ch != '.' && !ch.is_ascii_digit())
        .map_or(text.len(), |at| at + 1);
    let (number, rest) = text.split_at(end);
    let bare = number.strip_prefix('+').unwrap_or(number);
    let value = match (bare.parse::<i64>(), bare.parse::<f64>()) {
        (Ok(whole), _) => Value::from(whole),
        (_, Ok(number)) => Value::from(number),
        _ => return Err(format!("{number} is no number")),
    };
    found.push(Node::Literal(value));
    Ok(rest)
}

/// Text in quotes; a backslash takes the meaning of what follows it.
fn quote<'a>(text: &'a str, quote: char, found: &mut Vec<Node>) -> Result<&'a str, String> {
    let inside = text.get(1..).unwrap_or_default();
    let mut value = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, ch)) = chars.next() {
        match ch {
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                escaped => value.extend(escaped.map(|(_, ch)| ch)),
            },
            _ if ch == quote => {
                found.push(Node::Literal(Value::String(value)));
                return Ok(inside.get(at + 1..).unwrap_or_default());
            }
            _ => value.push(ch),
        }
    }
    Err("a quoted text does not end".to_string())
}

/// `[…]`: items by number, members by name, or several of either with commas between them.
fn array<'a>(text: &'a str, depth: usize, found: &mut Vec<Node>) -> Result<&'a str, String> {
    let (inside, rest) = text
        .get(1..)
        .and_then(|inside| inside.split_once(']'))
        .ok_or("a bracket does not end")?;
    let parts: Vec<&str> = inside.split(',').collect();
    if parts.len() > 1 {
        let each = parts.iter().map(|part| nodes(&format!("[{}]", part.trim()), depth + 1));
        found.push(Node::Union(each.collect::<Result<_, _>>()?));
    } else if let Some(key) = key(inside) {
        found.extend(nodes(&format!(".{key}"), depth + 1)?);
    } else {
        found.push(Node::Slice(slice(inside)?));
    }
    Ok(rest)
}

/// What stands in single quotes; it is a path, as in kubectl, so that dots in a name want a backslash.
fn key(inside: &str) -> Option<&str> {
    let key = inside.strip_prefix('\'')?.strip_suffix('\'')?;
    (!key.contains('\'')).then_some(key)
}

fn slice(inside: &str) -> Result<Slice, String> {
    let text = if inside == "*" { ":" } else { inside };
    let wrong = || format!("[{inside}] is no index");
    let number = |text: &str| match text {
        "" => Ok(None),
        _ if text.starts_with('+') => Err(wrong()),
        _ => text.parse::<i64>().map(Some).map_err(|_| wrong()),
    };
    let parts: Vec<&str> = text.split(':').collect();
    let (from, to, step) = match parts.as_slice() {
        [from] => (from, None, ""),
        [from, to] => (from, Some(to), ""),
        [from, to, step] => (from, Some(to), *step),
        _ => return Err(wrong()),
    };
    let to = match to.map(|to| number(to)).transpose()? {
        None => To::One,
        Some(None) => To::End,
        Some(Some(to)) => To::Before(to),
    };
    Ok(Slice {
        from: number(from)?.unwrap_or(0),
        to,
        step: number(step)?,
    })
}

/// `[?(…)]`: a path that finds something, or two that compare.
fn filter<'a>(text: &'a str, depth: usize, found: &mut Vec<Node>) -> Result<&'a str, String> {
    let inside = text.get(3..).unwrap_or_default();
    let end = closing(inside).ok_or("a filter does not end")?;
    let (condition, rest) = inside.split_at(end);
    let rest = rest.strip_prefix(")]").ok_or("a filter ends with )]")?;
    let is_operator = |ch: char| matches!(ch, '!' | '<' | '>' | '=');
    let filter = match condition.find(is_operator).filter(|at| *at > 0) {
        None => Filter {
            left: nodes(condition, depth + 1)?,
            right: None,
        },
        Some(at) => {
            let (left, compared) = condition.split_at(at);
            let end = compared.find(|ch| !is_operator(ch)).unwrap_or(compared.len());
            let (sign, right) = compared.split_at(end);
            let operator = operator(sign).ok_or_else(|| format!("{sign} compares nothing"))?;
            Filter {
                left: nodes(left, depth + 1)?,
                right: Some((operator, nodes(right, depth + 1)?)),
            }
        }
    };
    found.push(Node::Filter(Box::new(filter)));
    Ok(rest)
}

/// Where the parenthesis of a filter ends: not in quotes.
fn closing(inside: &str) -> Option<usize> {
    let mut quote = None;
    let mut chars = inside.char_indices();
    while let Some((at, ch)) = chars.next() {
        match (ch, quote) {
            ('\\', _) => {
                chars.next();
            }
            ('"' | '\'', None) => quote = Some(ch),
            (_, Some(open)) if ch == open => quote = None,
            (')', None) => return Some(at),
            _ => {}
        }
    }
    None
}

fn operator(sign: &str) -> Option<Operator> {
    Some(match sign {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterEqual,
        _ => return None,
    })
}
