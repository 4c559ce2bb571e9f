//! A command line in its words, as a POSIX shell takes it apart (Shell Command Language, 2.2 Quoting). Nothing is expanded.

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
                            '\n' => {}
                            // Before anything else it is a backslash.
                            ch => word.extend(['\\', ch]),
                        },
                        ch => word.push(ch),
                    }
                }
            }
            '\\' => match chars.next()? {
                // The line goes on in the next one.
                '\n' => {}
                ch => word.get_or_insert_default().push(ch),
            },
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
            ("sleep  60", Some(&["sleep", "60"])),
            ("sh -c 'echo \"a b\"; x'", Some(&["sh", "-c", "echo \"a b\"; x"])),
            (r#"a "b \" c" '' d\ e"#, Some(&["a", "b \" c", "", "d e"])),
            (
                r#"printf "%s\n" "\$x \\ \t" '\n'"#,
                Some(&["printf", r"%s\n", r"$x \ \t", r"\n"]),
            ),
            ("a\\\nb \"c\\\nd\"", Some(&["ab", "cd"])),
            ("a 'b", None),
            ("a \\", None),
        ] {
            let found = words(text);
            let found = found
                .as_ref()
                .map(|words| words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }
}
