//! Which key does what, where: read from `keymaps/`, checked when it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_yaml::Spanned;

use super::action::ActionRef;
use super::command::Command;
use super::key::Key;
use super::lang::Lang;

/// Where keys have a meaning. A key that means nothing where you are is looked up under `everywhere`.
pub const PLACES: &[&str] = &[
    "everywhere",
    "table",
    "list",
    "text",
    "logs",
    "forwards",
    "input",
    "palette",
    "dialog",
    "editor",
    "shell",
];

/// What a key does.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A command of the frame.
    Command(Command),
    /// A verb on the rows.
    Action(ActionRef),
    /// A line as typed into the palette, from the keymap's text.
    Line(Arc<str>),
}

impl Binding {
    /// The name in keymaps.
    pub fn name(&self) -> &str {
        match self {
            Self::Command(command) => command.name(),
            Self::Action(action) => action.0.meta().id,
            Self::Line(line) => line,
        }
    }

    /// What it does, in words.
    pub fn title(&self, lang: &Lang) -> String {
        match self {
            Self::Command(command) => lang.t(&format!("command.{}", command.name())),
            Self::Action(action) => lang.t(&format!("action.{}", action.0.meta().id)),
            Self::Line(line) => lang.f("help.opens", &[("line", line)]),
        }
    }
}

/// What came of the keys so far.
#[derive(Debug)]
pub enum Lookup {
    /// They are bound.
    Bound(Binding),
    /// They begin something that is bound.
    Pending,
    /// They mean nothing.
    Unbound,
}

/// What is wrong with a keymap.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// The text is no such YAML.
    #[error("{file}: {why}")]
    Yaml {
        /// The file, with the line where it is known.
        file: String,
        /// What the parser says.
        why: String,
    },
    /// A place, key or command that konn does not know.
    #[error("{file}:{line}: there is no {what} named \"{name}\"")]
    Unknown {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// `place`, `key` or `command`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A key bound twice, or bound and the beginning of another.
    #[error("{file}:{line}: \"{key}\" is bound twice in \"{place}\" (also as \"{other}\")")]
    Twice {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The keys as written.
        key: String,
        /// The place.
        place: String,
        /// The keys as written there.
        other: String,
    },
}

#[derive(Deserialize)]
struct File {
    name: String,
    keys: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
}

struct Entry {
    keys: Vec<Key>,
    written: String,
    binding: Binding,
}

/// A keymap.
pub struct Keymap {
    /// Its name.
    pub name: String,
    places: BTreeMap<&'static str, Vec<Entry>>,
}

impl Keymap {
    /// Reads a keymap. `file` names it in errors, `resolve` knows the commands and actions. Fails at the first
    /// name that is unknown and the first key that is bound twice.
    pub fn parse(text: &str, file: &str, resolve: &dyn Fn(&str) -> Option<Binding>) -> Result<Self, KeymapError> {
        let parsed: File = serde_yaml::from_str(text).map_err(|error| KeymapError::Yaml {
            file: match error.location() {
                Some(at) => format!("{file}:{}", at.line()),
                None => file.to_string(),
            },
            why: error.without_snippet().to_string(),
        })?;
        let mut keymap = Self {
            name: parsed.name,
            places: BTreeMap::new(),
        };
        for (place, keys) in parsed.keys {
            let line = keys.values().map(|name| name.defined.line()).min().unwrap_or(1);
            let Some(known) = PLACES.iter().find(|known| **known == place) else {
                return Err(KeymapError::Unknown {
                    file: file.to_string(),
                    line,
                    what: "place",
                    name: place,
                });
            };
            for (written, name) in keys {
                keymap.bind(known, written, &name, file, resolve)?;
            }
        }
        Ok(keymap)
    }

    fn bind(
        &mut self,
        place: &'static str,
        written: String,
        name: &Spanned<String>,
        file: &str,
        resolve: &dyn Fn(&str) -> Option<Binding>,
    ) -> Result<(), KeymapError> {
        let line = name.defined.line();
        let unknown = |what, name: &str| KeymapError::Unknown {
            file: file.to_string(),
            line,
            what,
            name: name.to_string(),
        };
        let keys: Option<Vec<Key>> = written.split_whitespace().map(Key::parse).collect();
        let keys = keys
            .filter(|keys| !keys.is_empty())
            .ok_or_else(|| unknown("key", &written))?;
        let binding = resolve(&name.value).ok_or_else(|| unknown("command", &name.value))?;
        let entries = self.places.entry(place).or_default();
        if let Some(other) = entries
            .iter()
            .find(|entry| entry.keys.starts_with(&keys) || keys.starts_with(&entry.keys))
        {
            let (key, other) = (written, other.written.clone());
            return Err(KeymapError::Twice {
                file: file.to_string(),
                line,
                key,
                place: place.to_string(),
                other,
            });
        }
        entries.push(Entry { keys, written, binding });
        Ok(())
    }

    /// What the keys do in a place.
    pub fn look_up(&self, place: &str, keys: &[Key]) -> Lookup {
        self.look_up_in(&[place, "everywhere"], keys)
    }

    /// What the keys do in a place, whatever they do everywhere.
    pub fn look_up_only(&self, place: &str, keys: &[Key]) -> Lookup {
        self.look_up_in(&[place], keys)
    }

    fn look_up_in(&self, places: &[&str], keys: &[Key]) -> Lookup {
        for place in places {
            let mut pending = false;
            for entry in self.places.get(*place).into_iter().flatten() {
                if entry.keys == keys {
                    return Lookup::Bound(entry.binding.clone());
                }
                pending |= entry.keys.starts_with(keys);
            }
            if pending {
                return Lookup::Pending;
            }
        }
        Lookup::Unbound
    }

    /// All bindings of a place, with their keys as a person reads them, in the order of their names.
    pub fn bindings(&self, place: &str) -> impl Iterator<Item = (String, Binding)> {
        self.places
            .get(place)
            .into_iter()
            .flatten()
            .map(|entry| (shown(&entry.keys), entry.binding.clone()))
    }

    /// The shortest keys that are bound to a name in a place or everywhere.
    pub fn key_of(&self, place: &str, name: &str) -> Option<String> {
        let mut found: Vec<String> = [place, "everywhere"]
            .iter()
            .flat_map(|place| self.bindings(place))
            .filter(|(_, binding)| binding.name() == name)
            .map(|(keys, _)| keys)
            .collect();
        found.sort_by_key(|keys| (keys.chars().count(), keys.clone()));
        found.into_iter().next()
    }
}

fn shown(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::Code;

    fn parse(text: &str) -> Result<Keymap, KeymapError> {
        Keymap::parse(text, "my.yaml", &|name| Command::named(name).map(Binding::Command))
    }

    #[test]
    fn keys_are_looked_up_where_you_are_and_then_everywhere() {
        let keymap = parse("name: t\nkeys:\n  everywhere: {q: quit}\n  table: {g g: top, j: down}\n").unwrap();
        let key = |ch| Key::plain(Code::Char(ch));
        assert!(matches!(keymap.look_up("table", &[key('g')]), Lookup::Pending));
        assert!(matches!(
            keymap.look_up("table", &[key('g'), key('g')]),
            Lookup::Bound(Binding::Command(Command::Top))
        ));
        assert!(matches!(
            keymap.look_up("table", &[key('q')]),
            Lookup::Bound(Binding::Command(Command::Quit))
        ));
        assert!(matches!(keymap.look_up("text", &[key('j')]), Lookup::Unbound));
        assert_eq!(keymap.key_of("table", "top").as_deref(), Some("g g"));
    }

    #[test]
    fn mistakes_are_named_with_file_and_line() {
        for (text, error) in [
            (
                "name: t\nkeys:\n  table:\n    j: down\n    k: upp\n",
                "my.yaml:5: there is no command named \"upp\"",
            ),
            (
                "name: t\nkeys:\n  table:\n    hyper-j: down\n",
                "my.yaml:4: there is no key named \"hyper-j\"",
            ),
            (
                "name: t\nkeys:\n  tabel:\n    j: down\n",
                "my.yaml:4: there is no place named \"tabel\"",
            ),
            (
                "name: t\nkeys:\n  table:\n    G: bottom\n    shift-g: top\n",
                "my.yaml:5: \"shift-g\" is bound twice in \"table\" (also as \"G\")",
            ),
            (
                "name: t\nkeys:\n  table:\n    g: bottom\n    g g: top\n",
                "my.yaml:5: \"g g\" is bound twice in \"table\" (also as \"g\")",
            ),
        ] {
            assert_eq!(parse(text).err().map(|error| error.to_string()).as_deref(), Some(error));
        }
        let double = parse("name: t\nkeys:\n  table:\n    j: down\n    j: up\n")
            .err()
            .unwrap()
            .to_string();
        assert!(double.starts_with("my.yaml") && double.contains('5'), "{double}");
    }
}
