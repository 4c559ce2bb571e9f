//! Tokens as a tree of commands.

use super::lex::{Part, Token};

/// A word before it is expanded.
pub type Word = Vec<Part>;

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Assignments, words, and where they read and write.
    Simple(Vec<(String, Word)>, Vec<Word>, Vec<Redirect>),
    /// `a | b`.
    Pipe(Vec<Command>),
    /// `a && b`.
    And(Box<Command>, Box<Command>),
    /// `a || b`.
    Or(Box<Command>, Box<Command>),
    /// `! a`.
    Not(Box<Command>),
    /// `a; b`.
    List(Vec<Command>),
    /// `( a )`: changes of it stay inside.
    Subshell(Box<Command>, Vec<Redirect>),
    /// `{ a; }`, and what stands between keywords.
    Group(Box<Command>, Vec<Redirect>),
    /// `if a; then b; else c; fi`.
    If(Box<Command>, Box<Command>, Option<Box<Command>>),
    /// `while a; do b; done`; `until` if the second says so.
    While(Box<Command>, bool, Box<Command>),
    /// `for name in words; do a; done`.
    For(String, Vec<Word>, Box<Command>),
    /// `a &`.
    Background(Box<Command>),
}

/// Where a number reads from or writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// 0, 1 or 2.
    pub number: u8,
    /// `>`, `>>`, `<` or `>&`.
    pub sign: &'static str,
    /// The file, or the other number.
    pub to: Word,
}

/// Reads a script.
///
/// # Errors
/// `syntax error: ...` as a shell says it.
pub fn parse(tokens: &[Token]) -> Result<Command, String> {
    let mut parser = Parser { tokens, at: 0 };
    let list = parser.list(&[])?;
    match parser.peek() {
        None => Ok(list),
        Some(token) => Err(unexpected(Some(token))),
    }
}

fn unexpected(token: Option<&Token>) -> String {
    let shown = match token {
        None => "end of file".to_owned(),
        Some(Token::Operator("\n")) => "newline".to_owned(),
        Some(Token::Operator(operator)) => format!("\"{operator}\""),
        Some(Token::Redirect(..)) => "redirection".to_owned(),
        Some(Token::Word(parts)) => format!("\"{}\"", plain(parts).unwrap_or_default()),
    };
    format!("syntax error: unexpected {shown}")
}

/// The text of a word that is nothing but plain text: only that can be a keyword.
fn plain(parts: &[Part]) -> Option<&str> {
    match parts {
        [Part::Text(text, false)] => Some(text),
        _ => None,
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn operator(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Operator(operator)) if *operator == wanted);
        self.at += usize::from(found);
        found
    }

    fn keyword(&self) -> Option<&'a str> {
        match self.peek() {
            Some(Token::Word(parts)) => plain(parts),
            _ => None,
        }
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        if self.keyword() == Some(word) {
            self.at += 1;
            return Ok(());
        }
        Err(unexpected(self.peek()))
    }

    /// Commands up to one of some keywords, a closing bracket or the end.
    fn list(&mut self, ends: &[&str]) -> Result<Command, String> {
        let mut commands = Vec::new();
        loop {
            while self.operator("\n") || self.operator(";") {}
            let over = self.keyword().is_some_and(|word| ends.contains(&word));
            if over || matches!(self.peek(), None | Some(Token::Operator(")"))) {
                return Ok(Command::List(commands));
            }
            let command = self.and_or()?;
            commands.push(if self.operator("&") {
                Command::Background(Box::new(command))
            } else {
                command
            });
            match self.peek() {
                None | Some(Token::Operator(";" | "\n" | ")")) => {}
                Some(_) if matches!(commands.last(), Some(Command::Background(_))) => {}
                token => return Err(unexpected(token)),
            }
        }
    }

    fn and_or(&mut self) -> Result<Command, String> {
        let mut left = self.pipe()?;
        loop {
            let and = self.operator("&&");
            if !and && !self.operator("||") {
                return Ok(left);
            }
            while self.operator("\n") {}
            let right = Box::new(self.pipe()?);
            left = if and {
                Command::And(Box::new(left), right)
            } else {
                Command::Or(Box::new(left), right)
            };
        }
    }

    fn pipe(&mut self) -> Result<Command, String> {
        if self.keyword() == Some("!") {
            self.at += 1;
            return Ok(Command::Not(Box::new(self.pipe()?)));
        }
        let mut commands = vec![self.command()?];
        while self.operator("|") {
            while self.operator("\n") {}
            commands.push(self.command()?);
        }
        Ok(match commands.pop() {
            Some(only) if commands.is_empty() => only,
            Some(last) => {
                commands.push(last);
                Command::Pipe(commands)
            }
            None => Command::List(Vec::new()),
        })
    }

    fn command(&mut self) -> Result<Command, String> {
        if self.operator("(") {
            let inner = self.list(&[])?;
            if !self.operator(")") {
                return Err(unexpected(self.peek()));
            }
            return Ok(Command::Subshell(Box::new(inner), self.redirects()?));
        }
        let compound = match self.keyword() {
            Some("if") => self.choice()?,
            Some(word @ ("while" | "until")) => {
                self.at += 1;
                let condition = self.list(&["do"])?;
                Command::While(Box::new(condition), word == "until", Box::new(self.body()?))
            }
            Some("for") => self.each()?,
            Some("{") => {
                self.at += 1;
                let inner = self.list(&["}"])?;
                self.expect("}")?;
                inner
            }
            _ => return self.simple(),
        };
        Ok(Command::Group(Box::new(compound), self.redirects()?))
    }

    fn body(&mut self) -> Result<Command, String> {
        self.expect("do")?;
        let body = self.list(&["done"])?;
        self.expect("done")?;
        Ok(body)
    }

    fn choice(&mut self) -> Result<Command, String> {
        self.at += 1;
        let condition = Box::new(self.list(&["then"])?);
        self.expect("then")?;
        let then = Box::new(self.list(&["elif", "else", "fi"])?);
        let other = match self.keyword() {
            Some("elif") => Some(Box::new(self.choice()?)),
            Some("else") => {
                self.at += 1;
                let other = self.list(&["fi"])?;
                self.expect("fi")?;
                Some(Box::new(other))
            }
            _ => {
                self.expect("fi")?;
                None
            }
        };
        Ok(Command::If(condition, then, other))
    }

    fn each(&mut self) -> Result<Command, String> {
        self.at += 1;
        let name = self.keyword().ok_or_else(|| unexpected(self.peek()))?.to_owned();
        self.at += 1;
        let mut words = Vec::new();
        if self.keyword() == Some("in") {
            self.at += 1;
            while let Some(Token::Word(word)) = self.peek() {
                words.push(word.clone());
                self.at += 1;
            }
        }
        while self.operator(";") || self.operator("\n") {}
        Ok(Command::For(name, words, Box::new(self.body()?)))
    }

    fn redirect(&mut self) -> Result<Option<Redirect>, String> {
        let Some(Token::Redirect(number, sign)) = self.peek() else {
            return Ok(None);
        };
        self.at += 1;
        let Some(Token::Word(to)) = self.peek() else {
            return Err(unexpected(self.peek()));
        };
        self.at += 1;
        Ok(Some(Redirect {
            number: *number,
            sign,
            to: to.clone(),
        }))
    }

    fn redirects(&mut self) -> Result<Vec<Redirect>, String> {
        let mut all = Vec::new();
        while let Some(redirect) = self.redirect()? {
            all.push(redirect);
        }
        Ok(all)
    }

    fn simple(&mut self) -> Result<Command, String> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            let Some(Token::Word(word)) = self.peek() else { break };
            self.at += 1;
            match assignment(word).filter(|_| words.is_empty()) {
                Some(assigned) => assignments.push(assigned),
                None => words.push(word.clone()),
            }
        }
        if assignments.is_empty() && words.is_empty() && redirects.is_empty() {
            return Err(unexpected(self.peek()));
        }
        Ok(Command::Simple(assignments, words, redirects))
    }
}

/// `NAME=value` at the head of a command.
pub fn assignment(word: &[Part]) -> Option<(String, Word)> {
    let Some((Part::Text(first, false), rest)) = word.split_first() else {
        return None;
    };
    let (name, value) = first.split_once('=')?;
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let valid = name.chars().all(letters) && name.chars().next().is_some_and(|first| !first.is_ascii_digit());
    valid.then(|| {
        let head = Part::Text(value.to_owned(), false);
        (
            name.to_owned(),
            std::iter::once(head).chain(rest.iter().cloned()).collect(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::lex::lex;
    use super::*;

    fn read(script: &str) -> Result<Command, String> {
        parse(&lex(script).unwrap())
    }

    #[test]
    fn scripts_are_read_and_faults_are_told() {
        for script in [
            "a && b || c; d &",
            "if a; then b; elif c; then d; else e; fi > f",
            "while true; do x; sleep 1; done | head",
            "for i in 1 2 3\ndo echo $i\ndone",
            "(a; b) 2>&1 | { c; }",
            "! a",
            "",
        ] {
            assert!(read(script).is_ok(), "{script}: {:?}", read(script));
        }
        assert_eq!(read("| a").unwrap_err(), "syntax error: unexpected \"|\"");
        assert_eq!(
            read("while true; do x").unwrap_err(),
            "syntax error: unexpected end of file"
        );
        assert_eq!(read("fi; done )").unwrap_err(), "syntax error: unexpected \")\"");
    }
}
