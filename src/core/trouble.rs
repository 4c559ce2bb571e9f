//! What went wrong, in one sentence, and what to do about it, in another: a stable id and named arguments, so that it
//! can be said in any language.

use super::redact::{answer, tidy};

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
    /// konn itself refuses: read-only mode.
    ReadOnly,
    /// Anything else.
    Other,
}

impl TroubleKind {
    /// Whether no request at all gets through, whatever it asks for.
    pub fn is_connection(self) -> bool {
        use TroubleKind::*;
        matches!(
            self,
            Refused
                | Dns
                | Timeout
                | Network
                | Certificate
                | Proxy
                | Plugin
                | Credentials
                | Unauthorized
                | NotKubernetes
        )
    }
}

/// One trouble, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind it is.
    pub kind: TroubleKind,
    /// The message's id in `locales/`, such as `trouble.refused`: `what` and `todo` stand below it.
    pub id: &'static str,
    /// The named arguments of both sentences, clean of control characters and of secrets.
    pub args: Vec<(&'static str, String)>,
    /// What the server or the plugin itself said, in its own words, clean of control characters and bounded.
    pub said: Option<String>,
    /// Whether what was asked for may have been done all the same: it was sent, and no answer came, or half of one.
    pub unsure: bool,
}

/// The troubles of requests that were sent and whose answer did not come, or could not be read.
const UNANSWERED: &[&str] = &[
    "trouble.timeout",
    "trouble.lost",
    "trouble.broken",
    "trouble.answer",
    "trouble.too_large",
    "trouble.other",
];

/// Whoever stands before the server says so where it waited for the answer in vain.
const GATEWAY: &[&str] = &["502", "504"];

impl Trouble {
    /// A trouble with this id and no arguments yet.
    pub fn new(kind: TroubleKind, id: &'static str) -> Self {
        Self {
            kind,
            id,
            args: Vec::new(),
            said: None,
            unsure: false,
        }
    }

    /// The same as the trouble of a change: where nothing says that it was refused, it may have been done.
    pub fn of_change(mut self) -> Self {
        let by_gateway = |(name, value): &(&str, String)| *name == "code" && GATEWAY.contains(&value.as_str());
        self.unsure = UNANSWERED.contains(&self.id) || self.args.iter().any(by_gateway);
        self
    }

    /// The same with an argument more. The value is cleaned and bounded.
    pub fn with(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.args.push((name, tidy(value.as_ref())));
        self
    }

    /// The same with what a plugin, a proxy or the system said, its secrets hidden. Nothing is kept of an empty text.
    pub fn saying(mut self, text: impl AsRef<str>) -> Self {
        let text = tidy(text.as_ref());
        self.said = (!text.is_empty()).then_some(text);
        self
    }

    /// The same with what the server said, in its own words. Nothing is kept of an empty text.
    pub fn answered(mut self, text: &str) -> Self {
        let text = answer(text);
        self.said = (!text.is_empty()).then_some(text);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_text_loses_what_steers_a_terminal() {
        let trouble = Trouble::new(TroubleKind::Other, "x").saying("a\u{1b}[2Jb");
        assert_eq!(trouble.said.as_deref(), Some("ab"));
        assert_eq!(Trouble::new(TroubleKind::Other, "x").saying("").said, None);
        assert_eq!(tidy(&"あ".repeat(700)).chars().count(), 601);
    }

    #[test]
    fn a_change_without_an_answer_may_have_been_done() {
        let code = |code: &str| Trouble::new(TroubleKind::Server, "trouble.server").with("code", code);
        for (trouble, unsure) in [
            (Trouble::new(TroubleKind::Timeout, "trouble.timeout"), true),
            (Trouble::new(TroubleKind::Network, "trouble.broken"), true),
            (Trouble::new(TroubleKind::Timeout, "trouble.connect.timeout"), false),
            (Trouble::new(TroubleKind::Refused, "trouble.refused"), false),
            (Trouble::new(TroubleKind::Conflict, "trouble.conflict"), false),
            (code("500"), false),
            (code("504"), true),
        ] {
            assert_eq!(trouble.clone().of_change().unsure, unsure, "{trouble:?}");
        }
    }
}
