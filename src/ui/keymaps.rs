//! The keymaps that konn brings along, and those of the person who uses it.

use crate::core::command::Command;
use crate::core::keymap::{Binding, Keymap, KeymapError};
use crate::core::registry::Registry;

/// The keymaps that konn brings along: name and text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("default", include_str!("../../keymaps/default.yaml")),
    ("vim", include_str!("../../keymaps/vim.yaml")),
    ("k9s", include_str!("../../keymaps/k9s.yaml")),
];

/// Why a keymap cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapsError {
    /// No keymap has this name.
    #[error("there is no keymap named \"{name}\"; there are: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// Those that konn brings along.
        known: String,
    },
    /// The keymap is wrong.
    #[error(transparent)]
    Wrong(#[from] KeymapError),
}

/// The keymap of a name. `own` is the person's file of that name, path and text: it comes before konn's own.
/// Fails where neither has the name, and at the first mistake in the file.
pub fn load(name: &str, own: Option<(&str, &str)>, registry: &'static Registry) -> Result<Keymap, KeymapsError> {
    let built_in = BUILT_IN.iter().find(|(known, _)| *known == name);
    let path = format!("keymaps/{name}.yaml");
    let Some((file, text)) = own.or(built_in.map(|(_, text)| (path.as_str(), *text))) else {
        return Err(KeymapsError::Unknown {
            name: name.to_string(),
            known: super::names(BUILT_IN),
        });
    };
    Ok(Keymap::parse(text, file, &|name| resolve(name, registry))?)
}

/// A command, a verb, or a line for the palette.
fn resolve(name: &str, registry: &'static Registry) -> Option<Binding> {
    if name.strip_prefix(':').is_some_and(|line| !line.trim().is_empty()) {
        return Some(Binding::Line(name.into()));
    }
    let command = Command::named(name).map(Binding::Command);
    command.or_else(|| registry.action(name).map(Binding::Action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::command::COMMANDS;
    use crate::core::keymap::PLACES;
    use crate::views::REGISTRY;

    #[test]
    fn every_command_and_verb_has_a_key_in_every_keymap() {
        for (name, _) in BUILT_IN {
            let keymap = load(name, None, &REGISTRY).unwrap();
            assert_eq!(keymap.name, *name);
            let bound: Vec<String> = PLACES
                .iter()
                .flat_map(|place| keymap.bindings(place))
                .map(|(_, binding)| binding.name().to_string())
                .collect();
            let commands = COMMANDS.iter().map(|(name, _)| *name);
            let lacking: Vec<&str> = commands
                .chain(REGISTRY.actions.iter().map(|action| action.0.meta().id))
                .filter(|id| !bound.iter().any(|bound| bound == id))
                .collect();
            assert!(lacking.is_empty(), "{name} lacks {lacking:?}");
        }
    }

    #[test]
    fn a_file_of_ones_own_comes_first() {
        let own = "name: mine\nkeys: {table: {x: \":pods -A\", z: describe}}\n";
        let keymap = load("default", Some(("my.yaml", own)), &REGISTRY).unwrap();
        assert_eq!(keymap.key_of("table", ":pods -A").as_deref(), Some("x"));
        assert_eq!(keymap.key_of("table", "describe").as_deref(), Some("z"));
        let wrong = load(
            "mine",
            Some(("my.yaml", "name: m\nkeys: {table: {x: dance}}\n")),
            &REGISTRY,
        );
        let wrong = wrong.err().map(|error| error.to_string());
        assert_eq!(wrong.as_deref(), Some("my.yaml:2: there is no command named \"dance\""));
        let unknown = load("emacs", None, &REGISTRY).err().map(|error| error.to_string());
        assert_eq!(
            unknown.as_deref(),
            Some("there is no keymap named \"emacs\"; there are: default, vim, k9s")
        );
    }
}
