//! A command line in its words, as a POSIX shell takes it apart. Nothing is expanded.

/// The words; nothing where a quote is not closed.
pub fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        match ch {
            ch if ch.is_whitespace() => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        ch => word.push(ch),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => match chars.next()? {
                            ch @ ('"' | '\\' | '$' | '`') => word.push(ch),
                            ch => word.extend(['\\', ch]),
                        },
                        ch => word.push(ch),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            ch => word.get_or_insert_default().push(ch),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        for (text, wanted) in [
            ("", Some(&[][..])),
            ("ls  -l /tmp", Some(&["ls", "-l", "/tmp"])),
            ("sh -c 'echo $HOME; \"x\"'", Some(&["sh", "-c", "echo $HOME; \"x\""])),
            (
                r#"echo "a \"b\" \n" c\ d '' e''f"#,
                Some(&["echo", r#"a "b" \n"#, "c d", "", "ef"]),
            ),
            ("echo 'open", None),
            ("echo \"open", None),
            ("echo \\", None),
        ] {
            let found = words(text);
            let found = found
                .as_ref()
                .map(|words| words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }
}
