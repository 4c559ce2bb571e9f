//! What a person fills in: texts, numbers, choices and switches, one below the other.

use crate::core::command::Command;
use crate::core::field::Field;
use crate::core::key::{Code, Key};
use crate::core::layer::Input;

/// What a control holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// A line of text, with what it may be completed to.
    Text(Field, Vec<String>),
    /// A line of text that is not shown.
    Secret(Field),
    /// A whole number between two others.
    Number(Field, i64, i64),
    /// One of several: what is meant and what is shown, and which is chosen.
    Choice(Vec<(String, String)>, usize),
    /// On or off.
    Switch(bool),
}

/// One thing to fill in.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its name for the verb.
    pub id: String,
    /// Its name for the person.
    pub label: String,
    /// What it holds.
    pub value: Value,
    /// What to know about it, such as what is set now.
    pub note: String,
}

impl Control {
    fn new(id: impl Into<String>, label: impl Into<String>, value: Value) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            value,
            note: String::new(),
        }
    }

    /// A line of text.
    pub fn text(id: impl Into<String>, label: impl Into<String>, text: &str) -> Self {
        Self::new(id, label, Value::Text(Field::new(text), Vec::new()))
    }

    /// A line of text that is not shown.
    pub fn secret(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(id, label, Value::Secret(Field::default()))
    }

    /// A whole number.
    pub fn number(id: impl Into<String>, label: impl Into<String>, number: i64, least: i64, most: i64) -> Self {
        Self::new(id, label, Value::Number(Field::new(&number.to_string()), least, most))
    }

    /// One of several: what is meant, and what is shown. The first is chosen.
    pub fn choice(
        id: impl Into<String>,
        label: impl Into<String>,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self::new(id, label, Value::Choice(options.into_iter().collect(), 0))
    }

    /// On or off.
    pub fn switch(id: impl Into<String>, label: impl Into<String>, on: bool) -> Self {
        Self::new(id, label, Value::Switch(on))
    }

    /// The same with a note behind it.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// A text that can be completed to one of these.
    pub fn completed(mut self, options: impl IntoIterator<Item = String>) -> Self {
        if let Value::Text(_, known) = &mut self.value {
            known.extend(options);
        }
        self
    }

    /// A choice with another option chosen.
    pub fn chosen(mut self, meant: &str) -> Self {
        if let Value::Choice(options, at) = &mut self.value
            && let Some(found) = options.iter().position(|(option, _)| option == meant)
        {
            *at = found;
        }
        self
    }

    /// Whether characters are typed into it.
    pub fn takes_text(&self) -> bool {
        matches!(self.value, Value::Text(..) | Value::Secret(_) | Value::Number(..))
    }

    /// What would complete the text, behind what is typed.
    pub fn completion(&self) -> Option<&str> {
        let Value::Text(field, options) = &self.value else {
            return None;
        };
        let typed = field.text();
        let fitting = options
            .iter()
            .find(|option| option.starts_with(typed) && option.len() > typed.len())?;
        field.at_end().then(|| fitting.get(typed.len()..)).flatten()
    }

    /// Takes an input. Answers whether it was used.
    fn input(&mut self, input: &Input) -> bool {
        if let Input::Key(Key {
            code: Code::Right | Code::End,
            ..
        }) = input
            && let Some(rest) = self.completion().map(str::to_string)
            && let Value::Text(field, _) = &mut self.value
        {
            return field.edit(&Input::Paste(rest));
        }
        match &mut self.value {
            Value::Text(field, _) | Value::Secret(field) => field.edit(input),
            Value::Number(field, least, most) => match step_of(input) {
                Some(step) => {
                    let now = field.text().trim().parse().unwrap_or(*least);
                    *field = Field::new(&now.saturating_add(step).clamp(*least, *most).to_string());
                    true
                }
                None => is_figure(input) && field.edit(input),
            },
            Value::Choice(options, at) => match walk(input) {
                Some(step) if !options.is_empty() => {
                    *at = (*at as i64 + step).rem_euclid(options.len() as i64) as usize;
                    true
                }
                _ => false,
            },
            Value::Switch(on) => {
                let used = walk(input).is_some();
                *on ^= used;
                used
            }
        }
    }
}

/// What `+` and `-` do to a number.
fn step_of(input: &Input) -> Option<i64> {
    match input {
        Input::Key(Key {
            code: Code::Char('+'), ..
        }) => Some(1),
        Input::Key(Key {
            code: Code::Char('-'), ..
        }) => Some(-1),
        _ => None,
    }
}

/// Letters are no part of a number.
fn is_figure(input: &Input) -> bool {
    match input {
        Input::Key(Key {
            code: Code::Char(ch), ..
        }) => ch.is_ascii_digit(),
        _ => true,
    }
}

/// Which way an input walks among options.
fn walk(input: &Input) -> Option<i64> {
    match input {
        Input::Command(Command::Mark | Command::Right)
        | Input::Key(Key {
            code: Code::Char(' '), ..
        }) => Some(1),
        Input::Command(Command::Left) => Some(-1),
        _ => None,
    }
}

/// What is wrong with what was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    /// Which control it is about; none for the whole.
    pub id: Option<String>,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Wrong {
    /// Something is wrong with one control.
    pub fn at(id: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            why: why.into(),
        }
    }

    /// Something is wrong with the whole.
    pub fn whole(why: impl Into<String>) -> Self {
        Self {
            id: None,
            why: why.into(),
        }
    }
}

/// All controls, and which one is filled in.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The controls.
    pub controls: Vec<Control>,
    focus: usize,
}

impl Form {
    /// A form of these controls.
    pub fn new(controls: Vec<Control>) -> Self {
        Self { controls, focus: 0 }
    }

    /// The control that is filled in.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// The control that is filled in.
    pub fn focused(&self) -> Option<&Control> {
        self.controls.get(self.focus)
    }

    /// Takes an input. Answers whether it was used, and whether it changed what is filled in.
    pub fn input(&mut self, input: &Input) -> (bool, bool) {
        let alone = self.controls.len() == 1;
        let step = match input {
            Input::Command(Command::Up) => Some(-1),
            Input::Command(Command::Down | Command::Complete) => Some(1),
            _ => None,
        };
        match (step, self.controls.get_mut(self.focus)) {
            (None, Some(control)) => {
                let used = control.input(input);
                (used, used)
            }
            // Up and down have nowhere to go: they count.
            (Some(step), Some(control)) if alone && matches!(control.value, Value::Number(..)) => {
                let sign = if step < 0 { '+' } else { '-' };
                let changed = control.input(&Input::Key(Key::plain(Code::Char(sign))));
                (true, changed)
            }
            (Some(step), Some(_)) => {
                self.focus = (self.focus as i64 + step).rem_euclid(self.controls.len() as i64) as usize;
                (true, false)
            }
            (_, None) => (false, false),
        }
    }

    /// Puts the focus on a control.
    pub fn go_to(&mut self, id: &str) {
        self.focus = self
            .controls
            .iter()
            .position(|control| control.id == id)
            .unwrap_or(self.focus);
    }

    /// Whether there is such a control.
    pub fn has(&self, id: &str) -> bool {
        self.value(id).is_some()
    }

    fn value(&self, id: &str) -> Option<&Value> {
        self.controls
            .iter()
            .find(|control| control.id == id)
            .map(|control| &control.value)
    }

    /// What was typed, without spaces around it, or what was chosen; empty where there is no such control.
    pub fn text(&self, id: &str) -> &str {
        match self.value(id) {
            Some(Value::Text(field, _) | Value::Secret(field) | Value::Number(field, ..)) => field.text().trim(),
            Some(Value::Choice(options, at)) => options.get(*at).map_or("", |(meant, _)| meant),
            _ => "",
        }
    }

    /// What was typed, with the spaces around it.
    pub fn raw(&self, id: &str) -> &str {
        match self.value(id) {
            Some(Value::Text(field, _) | Value::Secret(field)) => field.text(),
            _ => self.text(id),
        }
    }

    /// Whether a switch is on.
    pub fn is_on(&self, id: &str) -> bool {
        matches!(self.value(id), Some(Value::Switch(true)))
    }

    /// The number of a control; nothing where none, or one out of bounds, is typed.
    pub fn number(&self, id: &str) -> Option<i64> {
        match self.value(id)? {
            Value::Number(field, least, most) => field
                .text()
                .trim()
                .parse()
                .ok()
                .filter(|number| (least..=most).contains(&number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Input {
        Input::Key(Key::parse(name).unwrap())
    }

    #[test]
    fn a_number_counts_and_takes_figures_only() {
        let mut form = Form::new(vec![Control::number("n", "N", 2, 0, 10)]);
        for (input, number) in [
            (key("+"), Some(3)),
            (key("x"), Some(3)),
            (key("5"), None),
            (key("backspace"), Some(3)),
            (Input::Command(Command::Down), Some(2)),
            (Input::Command(Command::Up), Some(3)),
            (key("backspace"), None),
            (key("-"), Some(0)),
        ] {
            form.input(&input);
            assert_eq!(form.number("n"), number, "{input:?}");
        }
    }

    #[test]
    fn a_text_is_completed_at_its_end() {
        let mut form = Form::new(vec![
            Control::text("k", "K", "ap").completed(["api".to_string(), "app".to_string()]),
        ]);
        assert_eq!(form.focused().unwrap().completion(), Some("i"));
        form.input(&key("p"));
        form.input(&key("right"));
        assert_eq!(form.text("k"), "app");
        assert_eq!(form.focused().unwrap().completion(), None);
    }

    #[test]
    fn tab_walks_and_space_switches() {
        let options = [("a", "A"), ("b", "B")].map(|(meant, shown)| (meant.to_string(), shown.to_string()));
        let mut form = Form::new(vec![
            Control::choice("c", "C", options).chosen("b"),
            Control::switch("s", "S", false),
        ]);
        assert_eq!(form.input(&Input::Command(Command::Mark)), (true, true));
        assert_eq!((form.text("c"), form.is_on("s")), ("a", false));
        assert_eq!(form.input(&Input::Command(Command::Complete)), (true, false));
        form.input(&Input::Command(Command::Mark));
        assert!(form.is_on("s"));
        form.input(&Input::Command(Command::Down));
        assert_eq!(form.focus(), 0);
    }
}
