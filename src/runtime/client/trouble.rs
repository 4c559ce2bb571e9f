//! What went wrong, in one sentence, and what to do about it, in another: a stable id and named arguments, so that it
//! can be said in any language.

use super::messages;

/// What kind of trouble it is: what konn decides by (ask to log in again, try again, give up).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TroubleKind {
    /// The kubeconfig is absent, broken or names what it does not have.
    Kubeconfig,
    /// Nobody listens there.
    Refused,
    /// The server's name has no address.
    Dns,
    /// No answer in time.
    Timeout,
    /// There is no way to the server, or the connection broke.
    Network,
    /// The server's or the person's certificate is not accepted.
    Certificate,
    /// The proxy does not let us through.
    Proxy,
    /// The credential plugin gives no credentials.
    Plugin,
    /// The credentials in the kubeconfig cannot be used.
    Credentials,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 410: the version asked for is too old.
    Gone,
    /// 400 and 422: the server does not accept the object.
    Invalid,
    /// 429.
    TooMany,
    /// 5xx.
    Server,
    /// Something answers, but it is no Kubernetes API.
    NotKubernetes,
    /// Anything else.
    Other,
}

/// One trouble, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind it is.
    pub kind: TroubleKind,
    /// The message's id, such as `trouble.refused`; the advice's id is the same with `.todo` behind it.
    pub id: &'static str,
    /// The named arguments of both sentences, clean of control characters and of secrets.
    pub args: Vec<(&'static str, String)>,
    /// What the server or the plugin itself said, in its own words, clean of control characters and bounded.
    pub said: Option<String>,
}

impl Trouble {
    /// A trouble with this id and no arguments yet.
    pub fn new(kind: TroubleKind, id: &'static str) -> Self {
        Self {
            kind,
            id,
            args: Vec::new(),
            said: None,
        }
    }

    /// The same with an argument more. The value is cleaned and bounded.
    pub fn with(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.args.push((name, super::redact::tidy(value.as_ref())));
        self
    }

    /// The same with what a plugin, a proxy or the system said, its secrets hidden. Nothing is kept of an empty text.
    pub fn saying(mut self, text: impl AsRef<str>) -> Self {
        let text = super::redact::tidy(text.as_ref());
        self.said = (!text.is_empty()).then_some(text);
        self
    }

    /// The same with what the server said, in its own words. Nothing is kept of an empty text.
    pub fn answered(mut self, text: &str) -> Self {
        let text = super::redact::answer(text);
        self.said = (!text.is_empty()).then_some(text);
        self
    }

    /// What happened, in English.
    pub fn what(&self) -> String {
        self.fill(messages::english(self.id).unwrap_or(self.id))
    }

    /// What to do next, in English.
    pub fn todo(&self) -> String {
        messages::english(&self.todo_id()).map_or_else(String::new, |text| self.fill(text))
    }

    /// The id of the advice.
    pub fn todo_id(&self) -> String {
        format!("{}.todo", self.id)
    }

    /// `template` with each `{name}` replaced by the argument of that name; an unknown name stays as it is.
    pub fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let found = after.split_once('}').and_then(|(name, tail)| {
                let value = self.args.iter().find(|(key, _)| *key == name)?;
                Some((value.1.as_str(), tail))
            });
            match found {
                Some((value, tail)) => {
                    out.push_str(value);
                    rest = tail;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

impl std::fmt::Display for Trouble {
    /// Both sentences in English, and between them what the server said, if it said something.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what())?;
        if let Some(said) = &self.said {
            write!(f, " ({said})")?;
        }
        let todo = self.todo();
        if todo.is_empty() { Ok(()) } else { write!(f, " {todo}") }
    }
}

impl std::error::Error for Trouble {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_fill_their_names_once() {
        let trouble = Trouble::new(TroubleKind::Other, "x").with("a", "{b}").with("b", "2");
        assert_eq!(trouble.fill("{a} {b} {c} {"), "{b} 2 {c} {");
        assert_eq!(trouble.fill("none"), "none");
        assert_eq!(trouble.fill("日{b}本"), "日2本");
    }

    #[test]
    fn a_server_text_loses_what_steers_a_terminal() {
        let trouble = Trouble::new(TroubleKind::Other, "x").saying("a\u{1b}[2Jb\u{9}\u{7f}c");
        assert_eq!(trouble.said.as_deref(), Some("ab c"));
        assert_eq!(Trouble::new(TroubleKind::Other, "x").saying("").said, None);
    }
}
