//! The dialog of a change of the kubeconfig: what is changed, what to fill in, the kubectl command, and how it went.

use super::dialog::confirm::{self, Answer, NAME};
use super::dialog::{Control, Form, Window, Wrong, control_lines, push_words};
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::jump::Jump;
use crate::core::key::{Code, Key};
use crate::core::kubeconfig::KubeconfigEdit;
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::notice::Notice;
use crate::core::outcome::Outcome;
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::trouble::Trouble;
use crate::model::is_dns_label;

/// How wide it is at most.
const WIDTH: u16 = 90;

/// What is changed of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextVerb {
    /// Its name.
    Rename,
    /// The namespace that it opens with.
    Namespace,
    /// It goes.
    Delete,
}

impl ContextVerb {
    fn id(self) -> &'static str {
        match self {
            Self::Rename => "rename_context",
            Self::Namespace => "default_namespace",
            Self::Delete => "delete_context",
        }
    }
}

/// The dialog.
pub struct ContextDialog {
    verb: ContextVerb,
    context: String,
    form: Form,
    wrong: Option<Wrong>,
    failed: Option<Trouble>,
    task: Option<TaskId>,
    window: Window,
}

impl ContextDialog {
    /// The dialog of a verb for a context.
    pub fn new(verb: ContextVerb, context: String) -> Self {
        Self {
            verb,
            context,
            form: Form::default(),
            wrong: None,
            failed: None,
            task: None,
            window: Window::default(),
        }
    }

    fn control(&self, cx: &LayerCx) -> Control {
        match self.verb {
            ContextVerb::Rename => Control::text("name", cx.lang.t("dialog.rename_context.name"), &self.context),
            ContextVerb::Namespace => {
                let open = cx.link.identity.context == self.context;
                let now = cx.link.identity.namespace.as_deref().filter(|_| open);
                Control::text(
                    "namespace",
                    cx.lang.t("dialog.default_namespace.name"),
                    now.unwrap_or_default(),
                )
            }
            ContextVerb::Delete => confirm::control(self.verb.id(), cx.protected, &self.context, cx.lang),
        }
    }

    fn edit(&self, cx: &LayerCx) -> Result<KubeconfigEdit, Wrong> {
        let context = self.context.clone();
        match self.verb {
            ContextVerb::Delete => Ok(KubeconfigEdit::Delete { context }),
            ContextVerb::Rename => match self.form.text("name") {
                "" => Err(Wrong::at("name", cx.lang.t("dialog.rename_context.empty"))),
                to if to == context => Err(Wrong::at("name", cx.lang.t("dialog.rename_context.same"))),
                to => Ok(KubeconfigEdit::Rename {
                    from: context,
                    to: to.to_string(),
                }),
            },
            ContextVerb::Namespace => match self.form.text("namespace") {
                namespace if is_dns_label(namespace) => Ok(KubeconfigEdit::Namespace {
                    context,
                    namespace: namespace.to_string(),
                }),
                _ => Err(Wrong::at("namespace", cx.lang.t("dialog.default_namespace.bad"))),
            },
        }
    }

    fn accept(&mut self, cx: &LayerCx) -> Next {
        if self.task.is_some() {
            return Next::Done;
        }
        match confirm::answer(&mut self.form, &self.context) {
            Answer::Yes => {}
            Answer::Asked => return Next::Done,
            Answer::No => return Next::Close,
            Answer::Differs => {
                self.wrong = Some(Wrong::at(NAME, cx.lang.t("dialog.name_differs")));
                return Next::Done;
            }
        }
        match self.edit(cx) {
            Ok(edit) => {
                let task = cx.ids.task();
                (self.task, self.failed) = (Some(task), None);
                Next::Effects(vec![Effect::Kubeconfig(task, edit)])
            }
            Err(wrong) => {
                self.wrong = Some(wrong);
                Next::Done
            }
        }
    }

    /// It was done: says so, and opens the context that is open anew where it has another name now.
    fn ended(&self, outcome: &serde_json::Value, cx: &LayerCx) -> Next {
        let path = outcome
            .get("path")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        let args = [("what", self.context.as_str()), ("path", path)];
        let key = format!("dialog.done.{}", self.verb.id());
        let lost = outcome.get("lostCurrent") == Some(&serde_json::Value::Bool(true));
        let notice = if lost {
            Notice::warn(cx.lang.f("dialog.delete_context.lost", &args))
        } else {
            Notice::good(cx.lang.f(&key, &args))
        };
        let mut nexts = vec![Next::Close];
        if self.verb == ContextVerb::Rename && cx.link.identity.context == self.context {
            nexts.push(Next::Go(Jump {
                context: Some(self.form.text("name").to_string()),
                ..Jump::to("contexts")
            }));
        }
        nexts.push(Next::Notice(notice));
        Next::Many(nexts)
    }

    fn lay_out(&mut self, cx: &LayerCx) {
        let mut lines = Vec::new();
        let wrong = self.wrong.as_ref().and_then(|wrong| wrong.id.as_deref());
        let (controls, cursor) = control_lines(&self.form, wrong, cx);
        lines.extend(controls);
        if let Some(wrong) = &self.wrong {
            push_words(&mut lines, "✗ ", &wrong.why, Tone::Error, cx);
        }
        if let Some(trouble) = &self.failed {
            push_words(&mut lines, "✗ ", &cx.lang.trouble(trouble), Tone::Error, cx);
        }
        if self.verb == ContextVerb::Delete {
            push_words(
                &mut lines,
                "– ",
                &cx.lang.t("dialog.delete_context.stays"),
                Tone::Muted,
                cx,
            );
        }
        if let Ok(edit) = self.edit(cx) {
            lines.push(Line::default());
            push_words(&mut lines, "$ ", &edit.kubectl(), Tone::Label, cx);
        }
        self.window.set(lines, cursor);
    }

    fn take(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(Command::Enter) | Input::Key(Key { code: Code::Enter, .. }) => self.accept(cx),
            Input::Command(Command::Back) | Input::Key(Key { code: Code::Esc, .. }) => Next::Close,
            Input::Command(Command::Copy) => {
                let command = self.edit(cx).map(|edit| edit.kubectl()).unwrap_or_default();
                Next::Effects(vec![Effect::Copy(cx.ids.task(), command)])
            }
            Input::Command(Command::Quit | Command::Help | Command::Redraw | Command::Mouse) => Next::Ignored,
            Input::Command(command) if self.window.page(*command, cx.space.height) => Next::Done,
            input => {
                self.window.follow();
                if self.task.is_none() && self.form.input(input).1 {
                    self.wrong = self.edit(cx).err();
                }
                Next::Done
            }
        }
    }
}

impl Layer for ContextDialog {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        self.window.place(WIDTH, 5)
    }

    fn takes_text(&self) -> bool {
        self.form.focused().is_some_and(Control::takes_text) && self.task.is_none()
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        self.form = confirm::form(vec![self.control(cx)]);
        self.lay_out(cx);
        Next::Done
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let next = self.take(input, cx);
        self.lay_out(cx);
        next
    }

    fn acts(&self, input: &Input) -> Acts {
        if input.is_enter() { Acts::OnRows } else { Acts::Not }
    }

    fn refresh(&mut self, cx: &LayerCx) -> Next {
        self.lay_out(cx);
        Next::Ignored
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if self.task != Some(task) {
            return Next::Ignored;
        }
        self.task = None;
        let next = match outcome {
            Outcome::Object(done) => self.ended(done, cx),
            Outcome::Failed(trouble) => {
                self.failed = Some(trouble.clone());
                Next::Done
            }
            _ => Next::Done,
        };
        self.lay_out(cx);
        next
    }

    fn tasks(&self) -> Vec<TaskId> {
        self.task.into_iter().collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.task.is_none()
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let key = format!("dialog.title.{}", self.verb.id());
        let title = cx.lang.f(&key, &[("what", &clean(&self.context))]);
        let title = Line::of([Span::new(title, Tone::Title)]);
        self.window.sheet(title, cx.space.height)
    }
}
