//! Every text a person reads, by key, in the language that was chosen.
//!
//! Not a process-wide setting: each [`super::app::App`] has its own, so that a frame is a function of its input.

use std::collections::HashMap;

use serde::Deserialize;

use super::trouble::{Trouble, TroubleKind};

/// A language konn speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Tongue {
    /// From `--lang` or a locale name such as `ja_JP.UTF-8`; English where it is none of konn's.
    pub fn from_locale(name: &str) -> Self {
        let primary = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ja") {
            Self::Ja
        } else {
            Self::En
        }
    }

    /// The text of its file in `locales/`.
    pub const fn source(self) -> &'static str {
        match self {
            Self::En => include_str!("../../locales/en.yaml"),
            Self::Ja => include_str!("../../locales/ja.yaml"),
        }
    }
}

/// A tree of texts, as the files hold it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Node {
    Text(String),
    Tree(HashMap<String, Node>),
}

/// The texts of one language.
#[derive(Clone, Debug)]
pub struct Lang {
    tongue: Tongue,
    texts: HashMap<String, String>,
}

impl Lang {
    /// The texts of a language. A text that the file lacks shows as its key, and a test finds it.
    pub fn load(tongue: Tongue) -> Self {
        let mut texts = HashMap::new();
        if let Ok(tree) = serde_yaml::from_str::<HashMap<String, Node>>(tongue.source()) {
            flatten(String::new(), tree, &mut texts);
        }
        Self { tongue, texts }
    }

    /// Which language it is.
    pub fn tongue(&self) -> Tongue {
        self.tongue
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.get(key).unwrap_or(key).to_string()
    }

    /// The text of a key, where there is one.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text of a key with `{name}` replaced by the arguments.
    pub fn f(&self, key: &str, args: &[(&str, &str)]) -> String {
        fill(&self.t(key), args)
    }

    /// What happened, with the server's own words behind it.
    pub fn what(&self, trouble: &Trouble) -> String {
        let what = self.f(&format!("{}.what", trouble.id), &args(trouble));
        match &trouble.said {
            Some(said) => format!("{what} ({said})"),
            None => what,
        }
    }

    /// What to do about it.
    pub fn todo(&self, trouble: &Trouble) -> String {
        if trouble.unsure {
            return self.t("dialog.unsure");
        }
        self.f(&format!("{}.todo", trouble.id), &args(trouble))
    }

    /// Why there are no numbers of usage: nobody serves them, and what to install; else what the server says.
    pub fn no_metrics(&self, why: &Trouble) -> String {
        match why.kind {
            TroubleKind::NotFound | TroubleKind::Server => self.t("metrics.missing"),
            _ => self.trouble(why),
        }
    }

    /// Both sentences of a failure: what happened, and what to do.
    pub fn trouble(&self, trouble: &Trouble) -> String {
        format!("{} {}", self.what(trouble), self.todo(trouble))
    }

    /// All keys with their texts.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }
}

fn args(trouble: &Trouble) -> Vec<(&str, &str)> {
    trouble
        .args
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// Replaces `{name}` by the argument of that name in one pass, so that an argument is never itself filled.
fn fill(template: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            args.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value, tail))
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

fn flatten(prefix: String, tree: HashMap<String, Node>, out: &mut HashMap<String, String>) {
    for (key, node) in tree {
        let path = if prefix.is_empty() {
            key
        } else {
            format!("{prefix}.{key}")
        };
        match node {
            Node::Text(text) => {
                out.insert(path, text);
            }
            Node::Tree(tree) => flatten(path, tree, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_argument_is_never_filled_itself() {
        assert_eq!(fill("{a} of {b} {c}", &[("a", "{b}"), ("b", "2")]), "{b} of 2 {c}");
    }

    #[test]
    fn locale_names() {
        for (name, tongue) in [
            ("ja_JP.UTF-8", Tongue::Ja),
            ("ja", Tongue::Ja),
            ("en_US", Tongue::En),
            ("C", Tongue::En),
            ("", Tongue::En),
        ] {
            assert_eq!(Tongue::from_locale(name), tongue, "{name}");
        }
    }

    /// The `{names}` of a text.
    fn holes(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_arguments() {
        let (en, ja) = (Lang::load(Tongue::En), Lang::load(Tongue::Ja));
        assert!(en.texts.len() > 50, "the file was not read");
        let mut wrong = Vec::new();
        for (here, there, name) in [(&en, &ja, "ja"), (&ja, &en, "en")] {
            for (key, text) in here.texts() {
                match there.get(key) {
                    None => wrong.push(format!("{key} lacks in {name}.yaml")),
                    Some(other) if holes(text) != holes(other) => {
                        wrong.push(format!("{key} has other arguments in {name}.yaml"))
                    }
                    Some(_) => {}
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
