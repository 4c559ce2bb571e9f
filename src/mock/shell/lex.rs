//! A script as words and operators.

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text; quoted text is not split and matches nothing but itself.
    Text(String, bool),
    /// `$NAME` or `${...}`: what stands between the braces, and whether it is quoted.
    Variable(String, bool),
    /// `$(...)`: the script, and whether it is quoted.
    Command(String, bool),
}

/// What a script is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word.
    Word(Vec<Part>),
    /// `| || & && ; ( )` and the end of a line.
    Operator(&'static str),
    /// A redirection's sign, with the number before it.
    Redirect(u8, &'static str),
}

const OPERATORS: [&str; 9] = ["&&", "||", ";;", ";", "|", "&", "(", ")", "\n"];
const REDIRECTS: [&str; 4] = [">>", ">&", ">", "<"];

/// Cuts a script into tokens.
///
/// # Errors
/// What is left open: a quote, a brace.
pub fn lex(script: &str) -> Result<Vec<Token>, &'static str> {
    let mut lexer = Lexer { rest: script };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    rest: &'a str,
}

impl Lexer<'_> {
    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn next(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
        Some(first)
    }

    fn token(&mut self) -> Result<Option<Token>, &'static str> {
        loop {
            if self.eat("\\\n") || self.eat(" ") || self.eat("\t") || self.eat("\r") {
                continue;
            }
            if self.rest.starts_with('#') {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = self.rest.get(end..).unwrap_or_default();
            }
            break;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        if let Some(redirect) = self.redirect() {
            return Ok(Some(redirect));
        }
        if let Some(operator) = OPERATORS.into_iter().find(|operator| self.eat(operator)) {
            return Ok(Some(Token::Operator(operator)));
        }
        self.word().map(|parts| Some(Token::Word(parts)))
    }

    fn redirect(&mut self) -> Option<Token> {
        let whole = self.rest;
        let number = whole.chars().next().and_then(|first| first.to_digit(10));
        if number.is_some() {
            self.next();
        }
        let Some(sign) = REDIRECTS.into_iter().find(|sign| self.eat(sign)) else {
            self.rest = whole;
            return None;
        };
        let number = number.unwrap_or_else(|| u32::from(sign != "<"));
        Some(Token::Redirect(u8::try_from(number).unwrap_or_default(), sign))
    }

    fn word(&mut self) -> Result<Vec<Part>, &'static str> {
        let mut parts = Vec::new();
        while let Some(first) = self.rest.chars().next() {
            match first {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '<' | '>' | '(' | ')' => break,
                '\'' => {
                    self.next();
                    let text = self.until("'")?;
                    parts.push(Part::Text(text, true));
                }
                '"' => {
                    self.next();
                    self.quoted(&mut parts)?;
                }
                '\\' => {
                    self.next();
                    if let Some(escaped) = self.next() {
                        parts.push(Part::Text(escaped.to_string(), true));
                    }
                }
                '$' | '`' => self.dollar(&mut parts, false)?,
                plain => {
                    self.next();
                    match parts.last_mut() {
                        Some(Part::Text(text, false)) => text.push(plain),
                        _ => parts.push(Part::Text(plain.to_string(), false)),
                    }
                }
            }
        }
        Ok(parts)
    }

    fn until(&mut self, end: &str) -> Result<String, &'static str> {
        let (text, rest) = self.rest.split_once(end).ok_or("unterminated quoted string")?;
        self.rest = rest;
        Ok(text.to_owned())
    }

    fn quoted(&mut self, parts: &mut Vec<Part>) -> Result<(), &'static str> {
        let mut text = String::new();
        let mut any = false;
        loop {
            match self.rest.chars().next().ok_or("unterminated quoted string")? {
                '"' => {
                    self.next();
                    break;
                }
                '\\' => {
                    self.next();
                    match self.next() {
                        Some('\n') | None => {}
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => text.push(escaped),
                        Some(other) => text.extend(['\\', other]),
                    }
                }
                '$' | '`' => {
                    parts.push(Part::Text(std::mem::take(&mut text), true));
                    self.dollar(parts, true)?;
                    any = true;
                }
                plain => {
                    self.next();
                    text.push(plain);
                }
            }
        }
        // "" is a word, though an empty one.
        if !text.is_empty() || !any {
            parts.push(Part::Text(text, true));
        }
        Ok(())
    }

    fn dollar(&mut self, parts: &mut Vec<Part>, quoted: bool) -> Result<(), &'static str> {
        if self.eat("`") {
            parts.push(Part::Command(self.until("`")?, quoted));
            return Ok(());
        }
        self.next();
        if self.eat("(") {
            parts.push(Part::Command(self.nested()?, quoted));
        } else if self.eat("{") {
            parts.push(Part::Variable(self.until("}")?, quoted));
        } else {
            let special = self
                .rest
                .chars()
                .next()
                .filter(|first| "?$#@*!0123456789".contains(*first));
            let name: String = match special {
                Some(special) => special.to_string(),
                None => self
                    .rest
                    .chars()
                    .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                    .collect(),
            };
            self.rest = self.rest.get(name.len()..).unwrap_or_default();
            parts.push(if name.is_empty() {
                Part::Text("$".to_owned(), true)
            } else {
                Part::Variable(name, quoted)
            });
        }
        Ok(())
    }

    /// Up to the bracket that closes this one; brackets in quotes do not count.
    fn nested(&mut self) -> Result<String, &'static str> {
        let mut text = String::new();
        let (mut depth, mut quote) = (1, None);
        loop {
            let letter = self.next().ok_or("syntax error: unterminated $(")?;
            match (letter, quote) {
                ('\'' | '"', None) => quote = Some(letter),
                (letter, Some(open)) if letter == open => quote = None,
                ('(', None) => depth += 1,
                (')', None) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(text);
            }
            text.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_quotes() {
        let text = |text: &str, quoted| Part::Text(text.to_owned(), quoted);
        let cases = [
            ("a'b c'", vec![Token::Word(vec![text("a", false), text("b c", true)])]),
            ("\"\"", vec![Token::Word(vec![text("", true)])]),
            (
                "x 2>&1",
                vec![
                    Token::Word(vec![text("x", false)]),
                    Token::Redirect(2, ">&"),
                    Token::Word(vec![text("1", false)]),
                ],
            ),
            (
                "$A${B:-c}$(d (e))",
                vec![Token::Word(vec![
                    Part::Variable("A".to_owned(), false),
                    Part::Variable("B:-c".to_owned(), false),
                    Part::Command("d (e)".to_owned(), false),
                ])],
            ),
            (
                "a&&b # c",
                vec![
                    Token::Word(vec![text("a", false)]),
                    Token::Operator("&&"),
                    Token::Word(vec![text("b", false)]),
                ],
            ),
        ];
        for (script, tokens) in cases {
            assert_eq!(lex(script), Ok(tokens), "{script}");
        }
        assert!(lex("echo 'x").is_err() && lex("echo \"$(x\"").is_err());
    }
}
