//! ServiceAccounts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::core::text::Tone;

use super::need::{Answer, Need};
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, meta};

/// Describes a ServiceAccount, as `describeServiceAccount` in kubectl.
pub struct ServiceAccounts;

const SECRETS: &str = "secrets";

impl Describer for ServiceAccounts {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "ServiceAccount")]
    }

    fn needs(&self, account: &Value) -> Vec<Need> {
        vec![Need::list(
            SECRETS,
            ("", "v1", "secrets"),
            account.at("metadata.namespace").text(),
        )]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let account = input.object;
        meta::all(account, out);
        let secrets = input.related.get(SECRETS);
        out.field("Image pull secrets", named(account.key("imagePullSecrets"), secrets));
        out.field("Mountable secrets", named(account.key("secrets"), secrets));
        out.field("Tokens", tokens(account, secrets));
    }
}

/// The secrets by name; where the list has arrived, those that it lacks are marked.
fn named(references: &Value, secrets: &Answer) -> Words {
    let known: Option<BTreeSet<_>> = secrets
        .items()
        .map(|items| items.iter().map(|secret| secret.at("metadata.name").text()).collect());
    Words::stack(references.list().iter().map(|reference| {
        let name = reference.key("name").text();
        match &known {
            Some(known) if !known.contains(name) => Words::toned(format!("{name} (not found)"), Tone::Warn),
            _ => name.into(),
        }
    }))
}

/// The secrets that hold a token of this account.
fn tokens(account: &Value, secrets: &Answer) -> Words {
    match secrets {
        Answer::Loading => "…".into(),
        Answer::Refused(message) => Words::toned(message, Tone::Warn),
        Answer::Items(items) => {
            let own = items.iter().filter(|secret| is_token_of(secret, account));
            Words::stack(own.map(|secret| secret.at("metadata.name").show().into()))
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
    use super::super::Related;
    use super::*;
    use crate::core::clock::Clock;
    use serde_json::json;

    fn text(secrets: Answer) -> String {
        let account = json!({"metadata": {"name": "sa", "uid": "u"}, "secrets": [{"name": "a"}, {"name": "b"}]});
        let mut related = Related::new();
        related.set(SECRETS, secrets);
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut out = Writer::default();
        ServiceAccounts.describe(
            &Input {
                object: &account,
                related: &related,
                clock: &clock,
            },
            &mut out,
        );
        out.finish()
            .text()
            .lines()
            .skip(3)
            .map(|line| format!("{line}\n"))
            .collect()
    }

    #[test]
    fn secrets_that_are_missing_are_marked_once_that_is_known() {
        let annotations = json!({"kubernetes.io/service-account.name": "sa", "kubernetes.io/service-account.uid": "u"});
        let token = json!({"metadata": {"name": "a", "annotations": annotations}, "type": "kubernetes.io/service-account-token"});
        let expected = "  Image pull secrets:  <none>\n! Mountable secrets:   a\n                       b (not found)\n  Tokens:              a\n";
        assert_eq!(text(Answer::Items(vec![token])), expected);
        let expected = "  Image pull secrets:  <none>\n  Mountable secrets:   a\n                       b\n  Tokens:              …\n";
        assert_eq!(text(Answer::Loading), expected);
    }
}
