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

/// A form of these controls. The question comes first: what else can be filled in is the exception.
pub fn form(controls: Vec<Control>) -> Form {
    let mut form = Form::new(controls);
    form.go_to(NAME);
    form.go_to(SURE);
    form
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Do it, or nothing was asked.
    Yes,
    /// Do not.
    No,
    /// The question has the focus now: Enter where something else is filled in is no answer.
    Asked,
    /// Another word was typed than was asked for.
    Differs,
}

/// What was answered, where this word was asked for.
pub fn answer(form: &mut Form, word: &str) -> Answer {
    if form.has(SURE) && form.focused().is_none_or(|control| control.id != SURE) {
        form.go_to(SURE);
        Answer::Asked
    } else if form.text(SURE) == "no" {
        Answer::No
    } else if form.has(NAME) && form.text(NAME) != word {
        Answer::Differs
    } else {
        Answer::Yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::command::Command;
    use crate::core::lang::Tongue;
    use crate::core::layer::Input;

    #[test]
    fn only_an_answer_to_the_question_is_one() {
        let lang = Lang::load(Tongue::default());
        let walk = |form: &mut Form, command: Command| {
            form.input(&Input::Command(command));
        };
        let mut form = form(vec![
            Control::switch("force", "Force", false),
            control("delete", false, "web", &lang),
        ]);
        assert_eq!(answer(&mut form, "web"), Answer::No, "the question comes first");
        walk(&mut form, Command::Up);
        assert_eq!(answer(&mut form, "web"), Answer::Asked, "the switch is no question");
        walk(&mut form, Command::Right);
        assert_eq!(answer(&mut form, "web"), Answer::Yes);
    }

    #[test]
    fn a_protected_context_wants_the_word() {
        let mut form = form(vec![control("delete", true, "web", &Lang::load(Tongue::default()))]);
        for (typed, wanted) in [("", Answer::Differs), ("we", Answer::Differs), ("b", Answer::Yes)] {
            form.input(&Input::Paste(typed.to_string()));
            assert_eq!(answer(&mut form, "web"), wanted, "{typed}");
        }
    }
}
