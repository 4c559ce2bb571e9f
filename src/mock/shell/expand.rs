//! Words as they reach a command: variables, the output of commands, splitting, and patterns for files.

use super::lex::Part;
use super::parse::Word;
use super::run::{Flow, Shell};
use crate::mock::files::absolute;

/// A word on its way: text, each letter with whether it was quoted.
type Field = Vec<(char, bool)>;

/// Expands words; one word can become none or many.
///
/// # Errors
/// What commands in the words end with.
pub async fn words(shell: &mut Shell, words: &[Word]) -> Result<Vec<String>, Flow> {
    let mut all = Vec::new();
    for word in words {
        for field in fields(shell, word).await? {
            all.extend(matches(shell, &field));
        }
    }
    Ok(all)
}

/// Expands a word that stays one: an assignment's value, a file's name.
///
/// # Errors
/// What commands in the word end with.
pub async fn one(shell: &mut Shell, word: &Word) -> Result<String, Flow> {
    let mut whole = String::new();
    for part in word {
        match part {
            Part::Text(text, _) => whole.push_str(text),
            Part::Variable(name, _) => whole.push_str(&shell.variable(name)),
            Part::Command(script, _) => whole.push_str(&shell.captured(script).await?),
        }
    }
    Ok(whole)
}

async fn fields(shell: &mut Shell, word: &Word) -> Result<Vec<Field>, Flow> {
    let mut done: Vec<Field> = Vec::new();
    let mut open: Option<Field> = None;
    for (at, part) in word.iter().enumerate() {
        let (text, quoted) = match part {
            Part::Text(text, quoted) => {
                let text = if at == 0 && !quoted {
                    home(shell, text)
                } else {
                    text.clone()
                };
                open.get_or_insert_default()
                    .extend(text.chars().map(|letter| (letter, *quoted)));
                continue;
            }
            Part::Variable(name, true) if name == "@" => {
                let mut arguments = shell.args.iter().skip(1);
                if let Some(first) = arguments.next() {
                    open.get_or_insert_default()
                        .extend(first.chars().map(|letter| (letter, true)));
                }
                for argument in arguments {
                    done.extend(open.take());
                    open = Some(argument.chars().map(|letter| (letter, true)).collect());
                }
                continue;
            }
            Part::Variable(name, quoted) => (shell.variable(name), *quoted),
            Part::Command(script, quoted) => (shell.captured(script).await?, *quoted),
        };
        if quoted {
            open.get_or_insert_default()
                .extend(text.chars().map(|letter| (letter, true)));
            continue;
        }
        for letter in text.chars() {
            if letter.is_whitespace() {
                done.extend(open.take());
            } else {
                open.get_or_insert_default().push((letter, false));
            }
        }
    }
    done.extend(open);
    Ok(done)
}

fn home(shell: &Shell, text: &str) -> String {
    match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => shell.variable("HOME") + rest,
        _ => text.to_owned(),
    }
}

/// The files that a field with a pattern names; a pattern that matches nothing stays as it is.
fn matches(shell: &Shell, field: &Field) -> Vec<String> {
    let text: String = field.iter().map(|(letter, _)| *letter).collect();
    if !field
        .iter()
        .any(|(letter, quoted)| !quoted && matches!(letter, '*' | '?'))
    {
        return vec![text];
    }
    let mut found: Vec<String> = vec![if text.starts_with('/') {
        "/".to_owned()
    } else {
        String::new()
    }];
    for part in field
        .split(|(letter, _)| *letter == '/')
        .filter(|part| !part.is_empty())
    {
        found = found.iter().flat_map(|before| step(shell, before, part)).collect();
    }
    if found.is_empty() { vec![text] } else { found }
}

fn step(shell: &Shell, before: &str, part: &[(char, bool)]) -> Vec<String> {
    let join = |name: &str| match before {
        "" => name.to_owned(),
        before if before.ends_with('/') => format!("{before}{name}"),
        before => format!("{before}/{name}"),
    };
    let plain: String = part.iter().map(|(letter, _)| *letter).collect();
    if !part
        .iter()
        .any(|(letter, quoted)| !quoted && matches!(letter, '*' | '?'))
    {
        let there = shell.files.stat(&absolute(&shell.cwd, &join(&plain)), true).is_ok();
        return if there { vec![join(&plain)] } else { Vec::new() };
    }
    let names = shell.files.list(&absolute(&shell.cwd, before)).unwrap_or_default();
    names
        .iter()
        .filter(|name| !name.starts_with('.') || plain.starts_with('.'))
        .filter(|name| fits(part, &name.chars().collect::<Vec<_>>()))
        .map(|name| join(name))
        .collect()
}

fn fits(pattern: &[(char, bool)], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((('*', false), rest)), _) => (0..=name.len()).any(|at| fits(rest, name.get(at..).unwrap_or_default())),
        (Some((('?', false), rest)), Some((_, others))) => fits(rest, others),
        (Some(((letter, _), rest)), Some((first, others))) if letter == first => fits(rest, others),
        _ => false,
    }
}
