//! In which way one object uses another, to be said in any language.

use crate::core::lang::Lang;

/// A way of being related: a key below `how` in `locales/`, and its named arguments. The arguments are texts of the
/// cluster, as they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct How {
    /// The key; empty where there is nothing to say beyond the relation itself.
    pub id: &'static str,
    /// The arguments.
    pub args: Vec<(&'static str, String)>,
}

impl How {
    /// Just so: the relation's name says all.
    pub const fn plain() -> Self {
        Self {
            id: "",
            args: Vec::new(),
        }
    }

    /// A way with a name.
    pub fn of(id: &'static str, args: &[(&'static str, &str)]) -> Self {
        Self {
            id,
            args: args.iter().map(|(name, value)| (*name, (*value).to_string())).collect(),
        }
    }

    /// The way in words; empty where there is nothing to say.
    pub fn text(&self, lang: &Lang) -> String {
        if self.id.is_empty() {
            return String::new();
        }
        let args: Vec<(&str, &str)> = self.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lang.f(&format!("how.{}", self.id), &args)
    }
}
