//! The last question before something is destroyed.

use super::form::{Control, Form};
use crate::core::lang::Lang;

/// The control that asks for the object's name.
pub const NAME: &str = "confirm.name";

/// The control that asks whether to do it.
pub const SURE: &str = "confirm.sure";

/// Asks to type a word where the context is protected; else whether to do it, and the first answer is no.
pub fn control(id: &str, protected: bool, word: &str, lang: &Lang) -> Control {
    if protected {
        return Control::text(NAME, lang.t("dialog.type_name"), "").noted(word);
    }
    let options = ["no", "yes"].map(|answer| {
        let key = if answer == "no" {
            "dialog.cancel".to_string()
        } else {
            format!("dialog.sure.{id}")
        };
        (answer.to_string(), lang.t(&key))
    });
    Control::choice(SURE, lang.t("dialog.ask"), options)
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Do it, or nothing was asked.
    Yes,
    /// Do not.
    No,
    /// Another word was typed than was asked for.
    Differs,
}

/// What was answered, where this word was asked for.
pub fn answer(form: &Form, word: &str) -> Answer {
    let has_to_type = form.controls.iter().any(|control| control.id == NAME);
    if form.text(SURE) == "no" {
        Answer::No
    } else if has_to_type && form.text(NAME) != word {
        Answer::Differs
    } else {
        Answer::Yes
    }
}
