//! konn on a cluster, driven through a verb of the table.
#![allow(dead_code, reason = "each test binary uses a part")]

use konn::mock::Running;
use konn::runtime::machine::Ask;

use crate::support::Konn;
use crate::verbs::{Case, keys_in};

/// Puts a case's objects into a cluster. What several rows share is there once.
pub fn plant(running: &Running, case: &Case) {
    for object in case.rows.iter().flat_map(|row| (case.objects)(row)) {
        let _ = running.api.plant(object);
    }
}

/// The keys of a verb in the default keymap.
pub fn keys(konn: &Konn, verb: &str) -> String {
    keys_in(&konn.app().keymap, verb)
}

/// Keys, and text in quotes.
pub fn fill(konn: &mut Konn, keys: &str) {
    for word in keys.split_whitespace() {
        match word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
            Some(text) => konn.type_text(text),
            None => konn.press(word),
        }
    }
}

/// Marks the rows, begins the verb, fills it in, and waits until all is known that is shown before Enter.
pub async fn open(konn: &mut Konn, case: &Case) {
    konn.settled().await;
    if case.rows.len() > 1 {
        konn.press("g g");
        case.rows.iter().for_each(|_| konn.press("space"));
    }
    let keys = keys(konn, case.verb);
    konn.press(&keys);
    konn.until(case.name, |app| !app.layers.is_empty() && app.is_settled())
        .await;
    fill(konn, case.fill);
    konn.settled().await;
}

/// The commands that the topmost layer shows, as it copies them.
pub fn commands(konn: &mut Konn) -> String {
    konn.asks.clear();
    konn.press("ctrl-y");
    let copied = konn.asks.iter().find_map(|ask| match ask {
        Ask::Copy(_, text) => Some(text.clone()),
        _ => None,
    });
    copied.unwrap_or_default()
}

/// Until what was begun is over, whether its layer closes or stays to tell of it.
pub async fn over(konn: &mut Konn, what: &str) {
    konn.until(what, |app| {
        app.history.pending().is_empty() && (app.layers.is_empty() || app.is_settled())
    })
    .await;
}
