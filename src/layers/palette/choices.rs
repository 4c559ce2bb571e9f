//! What can be chosen in the palette, from the registries.

use std::collections::HashSet;

use crate::core::action::ActionRef;
use crate::core::command::{COMMANDS, Command};
use crate::core::layer::LayerCx;

/// What can be chosen.
#[derive(Clone)]
pub struct Choice {
    /// What is typed to get it.
    pub text: String,
    /// What else is said of it.
    pub note: String,
    /// What comes of choosing it.
    pub does: Does,
}

/// What comes of a choice.
#[derive(Clone)]
pub enum Does {
    /// What its text means as a line.
    Line,
    /// A command of the frame.
    Command(Command),
    /// A verb on the rows.
    Action(ActionRef),
}

/// Every view and group by its first name, with its other names beside it.
pub fn views(cx: &LayerCx) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for view in cx.catalog.views() {
        let resource = view.resource();
        let mut names: Vec<String> = resource.short.iter().map(ToString::to_string).collect();
        names.extend(view.aliases().iter().map(ToString::to_string));
        names.extend((!resource.group.is_empty()).then(|| resource.group.to_string()));
        choices.push(Choice {
            // A plural that another group's resource has already needs its group.
            text: if taken.insert(&resource.plural) {
                resource.plural.to_string()
            } else {
                resource.full_name()
            },
            note: names.join(" "),
            does: Does::Line,
        });
    }
    for group in cx.registry.groups {
        let Some((first, _)) = group.names.split_first() else {
            continue;
        };
        choices.push(Choice {
            text: (*first).to_string(),
            note: group.views.join(" + "),
            does: Does::Line,
        });
    }
    choices
}

/// Every verb, and the commands that make sense when they are chosen by name, each with its key.
pub fn verbs(cx: &LayerCx) -> Vec<Choice> {
    let note = |id: &str| cx.keymap.key_of("table", id).unwrap_or_default();
    let title = |prefix: &str, id: &str| cx.lang.t(&format!("{prefix}.{id}"));
    let actions = cx.registry.actions.iter().map(|action| {
        let id = action.0.meta().id;
        Choice {
            text: title("action", id),
            note: note(id),
            does: Does::Action(*action),
        }
    });
    let commands = COMMANDS
        .iter()
        .filter(|(_, command)| in_palette(*command))
        .map(|(name, command)| Choice {
            text: title("command", name),
            note: note(name),
            does: Does::Command(*command),
        });
    actions.chain(commands).collect()
}

/// Commands that make sense when they are chosen by name.
fn in_palette(command: Command) -> bool {
    use Command::*;
    matches!(
        command,
        Quit | Help
            | HistoryBack
            | HistoryForward
            | Redraw
            | Mouse
            | MarkAll
            | Filter
            | SortReverse
            | Wide
            | Usage
            | AllNamespaces
            | Shells
    )
}
