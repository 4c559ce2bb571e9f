//! The keys that the footer reminds of. Where there is no room for all, those of the least worth go first, whole.

use crate::core::registry::{Hint, Hints};

const fn hint(id: &'static str, worth: u8) -> Hint {
    Hint { id, worth }
}

/// By place. Verbs that do not stand here follow the others, and go before them.
pub static HINTS: &[Hints] = &[
    Hints {
        place: "table",
        left: &[
            hint("enter", 9),
            hint("describe", 8),
            hint("yaml", 8),
            hint("filter", 9),
            hint("preview", 7),
            hint("all_namespaces", 6),
            hint("mark", 5),
            hint("logs", 8),
            hint("shell", 6),
            hint("port_forward", 4),
            hint("scale", 5),
            hint("restart", 4),
            hint("used_by", 4),
            hint("tree", 4),
            hint("owner", 3),
            hint("usage", 3),
            hint("sort_next", 2),
            hint("wide", 2),
            hint("edit", 4),
            hint("copy_menu", 1),
        ],
        right: &["palette", "help"],
    },
    Hints {
        place: "logs",
        left: &[
            hint("back", 9),
            hint("filter", 9),
            hint("context", 7),
            hint("search", 9),
            hint("follow", 8),
            hint("since", 7),
            hint("previous", 6),
            hint("timestamps", 6),
            hint("wrap", 5),
            hint("fields", 5),
            hint("full_screen", 4),
            hint("save", 4),
            hint("pager", 3),
            hint("copy", 3),
        ],
        right: &["palette", "help"],
    },
    Hints {
        place: "shell",
        left: &[
            hint("detach", 9),
            hint("page_up", 7),
            hint("full_screen", 6),
            hint("terminal", 5),
            hint("send_key", 5),
            hint("end", 4),
            hint("copy", 3),
        ],
        right: &[],
    },
    Hints {
        place: "text",
        left: &[
            hint("back", 9),
            hint("reveal", 8),
            hint("enter", 8),
            hint("link_next", 7),
            hint("explain", 7),
            hint("parent", 7),
            hint("fold", 6),
            hint("search", 8),
            hint("wrap", 5),
            hint("copy", 5),
            hint("managed_fields", 4),
            hint("fold_all", 3),
        ],
        right: &["palette", "help"],
    },
    Hints {
        place: "list",
        left: &[hint("enter", 9), hint("back", 8), hint("search", 7), hint("copy", 6)],
        right: &["palette", "help"],
    },
    Hints {
        place: "forwards",
        left: &[
            hint("enter", 9),
            hint("back", 8),
            hint("stop", 8),
            hint("start_again", 7),
            hint("copy", 7),
        ],
        right: &["palette", "help"],
    },
    Hints {
        place: "input",
        left: &[hint("enter", 9), hint("back", 8)],
        right: &[],
    },
    Hints {
        place: "dialog",
        left: &[hint("enter", 9), hint("back", 8), hint("complete", 7), hint("copy", 6)],
        right: &[],
    },
    Hints {
        place: "palette",
        left: &[hint("enter", 9), hint("complete", 8), hint("back", 7)],
        right: &[],
    },
];
