//! Make an object from a form. As `kubectl create` and `kubectl run` make them.

mod kinds;
mod objects;
#[cfg(test)]
mod tests;
mod words;

use serde_json::{Value, json};

use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::shell;
use crate::core::text::{Line, clean};
use crate::core::whole::Whole;
use crate::layers::MAKERS;
use crate::layers::dialog::{Control, Dialog, Draft, Item, Plan, Wrong, diff};
use kinds::{Ask, FORMS, Form};

/// Make an object of a kind: the place of its form.
pub struct CreateKind(pub usize);

/// Make an object of the table's kind, or of one that is chosen.
pub struct Create;

impl Action for CreateKind {
    fn meta(&self) -> &'static ActionMeta {
        match FORMS.get(self.0) {
            Some(form) => &form.meta,
            None => Create.meta(),
        }
    }

    fn enabled(&self, _cx: &Cx) -> Result<(), Reason> {
        Ok(())
    }

    fn start(&self, cx: &Cx) -> Next {
        FORMS.get(self.0).map_or(Next::Ignored, |form| open(form, cx))
    }
}

impl Action for Create {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "create",
            danger: Danger::Change,
        }
    }

    fn enabled(&self, _cx: &Cx) -> Result<(), Reason> {
        Ok(())
    }

    fn start(&self, cx: &Cx) -> Next {
        let shown = cx
            .screen
            .and_then(|screen| screen.section())
            .map(|section| section.view.resource());
        let form = shown.and_then(|shown| FORMS.iter().find(|form| form.resource.is_same_kind(shown)));
        match form {
            Some(form) => open(form, cx),
            None => Next::Push((MAKERS.palette)("create ")),
        }
    }
}

/// The namespace of what is made: the one on the screen, else the context's.
fn namespace(cx: &Cx) -> String {
    let own = cx.scope.single().or(cx.link.identity.namespace.as_deref());
    own.unwrap_or("default").to_string()
}

fn open(form: &'static Form, cx: &Cx) -> Next {
    let view = cx.catalog.view(&form.resource.full_name());
    // The dialog works on rows: this one stands for what is not there yet.
    let mut stand_in = json!({"metadata": {"name": "…"}});
    if form.resource.namespaced {
        stand_in["metadata"]["namespace"] = namespace(cx).into();
    }
    let (Some(view), Ok(row)) = (view, Whole::read(&stand_in.to_string())) else {
        return Next::Ignored;
    };
    let target = Target {
        view,
        resource: Some(form.resource.clone()),
        row,
        parts: Vec::new(),
    };
    Next::Push(Box::new(Dialog::new(CreatePlan(form), vec![target])))
}

struct CreatePlan(&'static Form);

impl Plan for CreatePlan {
    fn id(&self) -> &'static str {
        self.0.meta.id
    }

    fn reads(&self) -> bool {
        false
    }

    fn controls(&self, _items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let control = |(id, ask): &(&'static str, Ask)| {
            let label = cx.lang.t(&format!("dialog.create.{id}"));
            let note = cx.lang.get(&format!("dialog.create.note.{id}")).unwrap_or_default();
            let control = match ask {
                Ask::Text(text) => Control::text(*id, label, text),
                Ask::Secret => Control::secret(*id, label),
                Ask::Number(first, least) => Control::number(*id, label, *first, *least, 100_000),
                Ask::Choice(options) => {
                    let options = options.iter().map(|option| (option.to_string(), option.to_string()));
                    Control::choice(*id, label, options)
                }
            };
            control.noted(note)
        };
        self.0.asks.iter().map(control).collect()
    }

    /// The object that is sent.
    fn notes(&self, draft: &Draft, _cx: &LayerCx) -> Vec<Line> {
        match (self.0.make)(draft.form) {
            Ok(made) => std::iter::once(Line::default())
                .chain(diff::lines(&Value::Null, &made.object))
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let mut made = (self.0.make)(draft.form)
            .map_err(|(id, why)| Wrong::at(id, cx.lang.t(&format!("dialog.create.wrong.{why}"))))?;
        let namespace = item.namespace().map(str::to_string);
        if let Some(namespace) = &namespace {
            made.object["metadata"]["namespace"] = namespace.as_str().into();
        }
        let in_namespace = |command: &str| with_namespace(command, namespace.as_deref());
        let name = made.object.pointer("/metadata/name").and_then(Value::as_str);
        let mut change = Change::of(
            &item.resource,
            namespace.as_deref(),
            name.unwrap_or_default(),
            Edit::Create(made.object.clone()),
            in_namespace(&made.command),
        );
        change.kept = made.kept.as_deref().map(in_namespace);
        Ok(vec![change])
    }

    /// What was made, by its name.
    fn after(&self, draft: &Draft, cx: &LayerCx) -> Next {
        let name = format!("{}/{}", self.0.resource.singular(), clean(draft.form.text("name")));
        let text = cx.lang.f("dialog.create.made", &[("what", &name)]);
        Next::Notice(crate::core::notice::Notice::good(text))
    }
}

/// The command with its namespace.
fn with_namespace(command: &str, namespace: Option<&str>) -> String {
    match namespace {
        Some(namespace) => with_flags(command, &format!("-n {}", shell(namespace))),
        None => command.to_string(),
    }
}

/// The command with flags more, which stand before what goes to the container.
fn with_flags(command: &str, flags: &str) -> String {
    match command.split_once(" -- ") {
        Some((own, rest)) => format!("{own} {flags} -- {rest}"),
        None => format!("{command} {flags}"),
    }
}
