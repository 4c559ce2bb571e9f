//! The words of a label selector, as `Lexer` in apimachinery's labels package cuts them.

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A key, a value, or one of the operators that are words (`in`, `notin`).
    Word(String),
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,`.
    Comma,
    /// `!`, `=`, `==`, `!=`, `<` or `>`.
    Sign(&'static str),
    /// Nothing is left.
    End,
}

impl Token {
    /// The word as an error quotes it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::Sign(sign) => sign,
            Self::End => "",
        }
    }
}

/// Cuts a selector into words, `End` last.
#[must_use]
pub fn tokens(selector: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = selector.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '=' | '!' | '<' | '>' => sign(rest),
            _ => word(rest),
        };
        found.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    found.push(Token::End);
    found
}

fn sign(rest: &str) -> (Token, usize) {
    let signs = ["==", "!=", "=", "!", "<", ">"];
    let found = signs.into_iter().find(|sign| rest.starts_with(sign)).unwrap_or("=");
    (Token::Sign(found), found.len())
}

fn word(rest: &str) -> (Token, usize) {
    let end = rest
        .find(|c: char| c.is_whitespace() || "=!(),<>".contains(c))
        .unwrap_or(rest.len());
    (Token::Word(rest.get(..end).unwrap_or_default().to_owned()), end)
}
