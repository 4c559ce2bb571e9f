//! ServiceAccounts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::core::text::Tone;
use crate::relations::kinds::SECRET;

use super::need::{Answer, Need, Related};
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, meta};

/// Describes a ServiceAccount, as `describeServiceAccount` in kubectl.
pub struct ServiceAccounts;

/// The tag of the namespace's tokens.
const TOKENS: &str = "tokens";

/// The tag of a secret that the account names.
fn tag(secret: &str) -> String {
    format!("secret/{secret}")
}

impl Describer for ServiceAccounts {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "ServiceAccount")]
    }

    /// The tokens, and each secret by its name: a namespace may hold thousands of others.
    fn needs(&self, account: &Value) -> Vec<Need> {
        let namespace = account.at("metadata.namespace").text();
        let secrets = |tag: String| Need::list(tag, ("", "v1", "secrets"), namespace);
        let named = ["imagePullSecrets", "secrets"]
            .into_iter()
            .flat_map(|field| account.key(field).list());
        let names: BTreeSet<_> = named
            .map(|reference| reference.key("name").text())
            .filter(|name| !name.is_empty())
            .collect();
        let tokens = secrets(TOKENS.to_owned()).with_fields("type=kubernetes.io/service-account-token");
        names
            .into_iter()
            .map(|name| secrets(tag(name)).named(name))
            .chain([tokens])
            .collect()
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let account = input.object;
        meta::all(account, out);
        out.field(
            "Image pull secrets",
            named(account.key("imagePullSecrets"), input.related, out),
        );
        out.field("Mountable secrets", named(account.key("secrets"), input.related, out));
        out.field("Tokens", tokens(account, input.related.get(TOKENS), out));
    }
}

/// The secrets by name; those that are known to be missing are marked.
fn named(references: &Value, related: &Related, out: &Writer) -> Words {
    Words::stack(references.list().iter().map(|reference| {
        let name = reference.key("name").text();
        match related.get(&tag(name)).items() {
            Some([]) => Words::toned(format!("{name} (not found)"), Tone::Warn),
            _ => out.naming(name, &SECRET, name),
        }
    }))
}

/// The secrets that hold a token of this account.
fn tokens(account: &Value, secrets: &Answer, out: &Writer) -> Words {
    match secrets {
        Answer::Loading => "…".into(),
        Answer::Refused(message) => Words::toned(message, Tone::Warn),
        Answer::Items(items) => {
            let own = items.iter().filter(|secret| is_token_of(secret, account));
            let link = |name: &str| out.naming(name, &SECRET, name);
            Words::stack(own.map(|secret| link(secret.at("metadata.name").text())))
        }
    }
}

fn is_token_of(secret: &Value, account: &Value) -> bool {
    let annotation = |key| secret.at("metadata.annotations").key(key).text();
    secret.key("type").text() == "kubernetes.io/service-account-token"
        && annotation("kubernetes.io/service-account.name") == account.at("metadata.name").text()
        && annotation("kubernetes.io/service-account.uid") == account.at("metadata.uid").text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::clock::Clock;
    use serde_json::json;

    fn text(account: &Value, related: &Related) -> String {
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut out = Writer::default();
        let input = Input {
            object: account,
            related,
            clock: &clock,
        };
        ServiceAccounts.describe(&input, &mut out);
        out.finish()
            .text()
            .lines()
            .skip(3)
            .map(|line| format!("{line}\n"))
            .collect()
    }

    #[test]
    fn secrets_that_are_missing_are_marked_once_that_is_known() {
        let account = json!({"metadata": {"name": "sa", "uid": "u"}, "secrets": [{"name": "a"}, {"name": "b"}]});
        let tags: Vec<_> = ServiceAccounts
            .needs(&account)
            .into_iter()
            .map(|need| need.tag.into_owned())
            .collect();
        assert_eq!(tags, ["secret/a", "secret/b", "tokens"]);
        let mut related = Related::new();
        let expected = "  Image pull secrets:  <none>\n  Mountable secrets:   a\n                       b\n  Tokens:              …\n";
        assert_eq!(text(&account, &related), expected);
        let annotations = json!({"kubernetes.io/service-account.name": "sa", "kubernetes.io/service-account.uid": "u"});
        let token = json!({"metadata": {"name": "a", "annotations": annotations}, "type": "kubernetes.io/service-account-token"});
        let other = json!({"metadata": {"name": "c"}, "type": "kubernetes.io/service-account-token"});
        related.set("secret/a", Answer::Items(vec![token.clone()]));
        related.set("secret/b", Answer::Items(vec![]));
        related.set("tokens", Answer::Items(vec![token, other]));
        let expected = "  Image pull secrets:  <none>\n  Mountable secrets:   a\n!                      b (not found)\n  Tokens:              a\n";
        assert_eq!(text(&account, &related), expected);
    }
}
