//! The dialog of copying files: which way, from where to where; and how much was copied.

use super::dialog::{Control, Form, Window, control_lines, push_words};
use super::shell::choice::{Choice, choices, pod_of};
use crate::core::action::Target;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::{Size, TaskId};
use crate::core::layer::{Acts, Input, Layer, LayerCx, Next, Place, Running, Sheet};
use crate::core::outcome::Outcome;
use crate::core::reference::Reference;
use crate::core::request::Request;
use crate::core::session::{Chunk, Copied, CopySession, Session, SessionId};
use crate::core::store::Store;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::trouble::Trouble;
use crate::core::wrap;

/// How large it is at most.
const SIZE: Size = Size { width: 76, height: 14 };

/// How far it is.
enum Phase {
    /// The pod is asked for.
    Asked(TaskId),
    /// It is filled in.
    Filling,
    /// Files are copied.
    Running(SessionId),
    /// All is copied.
    Done,
}

/// The dialog.
pub struct Copy {
    pod: Reference,
    /// The one container that was meant.
    container: Option<String>,
    phase: Phase,
    form: Form,
    copied: Copied,
    wrong: Option<String>,
}

impl Copy {
    /// Of the pod of a row; nothing where the row is no pod.
    pub fn of(target: &Target) -> Option<Self> {
        let (pod, container) = pod_of(target)?;
        Some(Self {
            pod,
            container,
            phase: Phase::Asked(TaskId(0)),
            form: Form::default(),
            copied: Copied::default(),
            wrong: None,
        })
    }

    fn fill(&mut self, pod: &serde_json::Value, cx: &LayerCx) {
        let (found, meant) = choices(pod);
        let meant = self
            .container
            .clone()
            .or_else(|| found.get(meant).map(|choice| choice.name.clone()));
        let shown = |choice: &Choice| (choice.name.clone(), clean(&choice.name).into_owned());
        let ways = ["down", "up"].map(|way| (way.to_string(), cx.lang.t(&format!("copy.{way}"))));
        self.form = Form::new(vec![
            Control::choice("container", cx.lang.t("copy.container"), found.iter().map(shown))
                .chosen(&meant.unwrap_or_default()),
            Control::choice("way", cx.lang.t("copy.way"), ways),
            Control::text("remote", cx.lang.t("copy.remote"), ""),
            Control::text("local", cx.lang.t("copy.local"), "."),
        ]);
        self.form.go_to("remote");
        self.phase = Phase::Filling;
    }

    /// What was filled in so far.
    fn copy(&self) -> CopySession {
        let text = |id: &str| self.form.text(id).to_string();
        CopySession {
            namespace: self.pod.namespace.clone().unwrap_or_default(),
            pod: self.pod.name.clone(),
            container: text("container"),
            up: text("way") == "up",
            local: text("local"),
            remote: text("remote"),
        }
    }

    fn begin(&mut self, cx: &LayerCx) -> Next {
        let copy = self.copy();
        if copy.remote.is_empty() || copy.local.is_empty() {
            self.wrong = Some(cx.lang.t("copy.missing"));
            self.form.go_to(if copy.remote.is_empty() { "remote" } else { "local" });
            return Next::Done;
        }
        let session = cx.ids.session();
        (self.phase, self.wrong, self.copied) = (Phase::Running(session), None, Copied::default());
        Next::Effects(vec![Effect::Open(session, Session::Copy(copy))])
    }

    /// What was typed stays, so that it can be tried again.
    fn fail(&mut self, trouble: &Trouble, cx: &LayerCx) {
        self.wrong = Some(cx.lang.trouble(trouble));
        self.phase = Phase::Filling;
    }

    fn live(&self) -> Option<SessionId> {
        match self.phase {
            Phase::Running(session) => Some(session),
            _ => None,
        }
    }

    /// How much was copied, and what was passed over.
    fn progress(&self, cx: &LayerCx) -> Vec<Line> {
        let bytes = cx.lang.f("copy.progress", &[("bytes", &size(self.copied.bytes))]);
        let mut lines = vec![Line::plain(bytes)];
        if self.copied.skipped > 0 {
            let count = self.copied.skipped.to_string();
            let text = cx.lang.f("copy.skipped", &[("count", &count)]);
            lines.push(Line::of([Span::new(format!("! {text}"), Tone::Warn)]));
        }
        lines
    }
}

/// Bytes as a person reads them.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in UNITS {
        if value < 1024.0 {
            break;
        }
        (value, unit) = (value / 1024.0, next);
    }
    if unit == "B" {
        format!("{bytes} B")
    } else {
        format!("{value:.1} {unit}")
    }
}

impl Layer for Copy {
    fn keys(&self) -> &'static str {
        "dialog"
    }

    fn place(&self) -> Place {
        Place::Over(SIZE)
    }

    fn takes_text(&self) -> bool {
        matches!(self.phase, Phase::Filling) && self.form.focused().is_some_and(Control::takes_text)
    }

    fn open(&mut self, cx: &LayerCx) -> Next {
        let task = cx.ids.task();
        self.phase = Phase::Asked(task);
        Next::Effects(vec![Effect::Call(task, Request::get(&self.pod))])
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match (input, &self.phase) {
            // While files are copied this gives up: the session ends with the layer.
            (Input::Command(Command::Back), _) | (Input::Command(Command::Enter), Phase::Done) => Next::Close,
            (Input::Command(Command::Enter), Phase::Filling) => self.begin(cx),
            (input, Phase::Filling) => {
                let (used, changed) = self.form.input(input);
                if changed {
                    self.wrong = None;
                }
                if used { Next::Done } else { Next::Ignored }
            }
            _ => Next::Ignored,
        }
    }

    fn acts(&self, input: &Input) -> Acts {
        if input.is_enter() && matches!(self.phase, Phase::Filling) {
            Acts::OnRows
        } else {
            Acts::Not
        }
    }

    fn done(&mut self, task: TaskId, outcome: &Outcome, cx: &LayerCx) -> Next {
        if !matches!(self.phase, Phase::Asked(asked) if asked == task) {
            return Next::Ignored;
        }
        match outcome {
            Outcome::Object(pod) => self.fill(pod, cx),
            Outcome::Failed(trouble) => self.wrong = Some(cx.lang.trouble(trouble)),
            _ => {}
        }
        Next::Done
    }

    fn stream(&mut self, session: SessionId, chunk: Chunk, cx: &LayerCx) -> Next {
        if self.live() != Some(session) {
            return Next::Ignored;
        }
        match chunk {
            Chunk::Copied(copied) => self.copied = copied,
            Chunk::Exited(_) | Chunk::Ended(None) => self.phase = Phase::Done,
            Chunk::Ended(Some(trouble)) => self.fail(&trouble, cx),
            _ => {}
        }
        Next::Done
    }

    fn uses(&self, command: Command) -> bool {
        match command {
            Command::Enter => !matches!(self.phase, Phase::Running(_) | Phase::Asked(_)),
            Command::Complete => matches!(self.phase, Phase::Filling),
            Command::Copy => false,
            _ => true,
        }
    }

    fn running(&self, cx: &LayerCx) -> Option<Running> {
        Some(Running {
            session: self.live()?,
            line: Line::plain(cx.lang.t("copy.title")),
            is_over: false,
        })
    }

    fn tasks(&self) -> Vec<TaskId> {
        match self.phase {
            Phase::Asked(task) => vec![task],
            _ => Vec::new(),
        }
    }

    fn sessions(&self) -> Vec<SessionId> {
        self.live().into_iter().collect()
    }

    fn is_ready(&self, _store: &Store) -> bool {
        self.wrong.is_some() || matches!(self.phase, Phase::Filling | Phase::Done)
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let (mut lines, mut cursor) = control_lines(&self.form, None, cx);
        lines.push(Line::default());
        match self.phase {
            Phase::Asked(_) if self.wrong.is_none() => {
                lines.push(Line::of([Span::new(
                    format!("… {}", cx.lang.t("dialog.reading")),
                    Tone::Busy,
                )]));
            }
            Phase::Asked(_) => {}
            Phase::Filling => {
                let key = cx.keymap.key_of("dialog", "enter").unwrap_or_default();
                let hint = cx.lang.f("copy.hint", &[("key", &key)]);
                lines.push(Line::of([Span::new(hint, Tone::Muted)]));
                let copy = self.copy();
                if !copy.remote.is_empty() && !copy.local.is_empty() {
                    push_words(&mut lines, "$ ", &Session::Copy(copy).kubectl(), Tone::Label, cx);
                }
            }
            Phase::Running(_) => lines.extend(self.progress(cx)),
            Phase::Done => {
                lines.extend(self.progress(cx));
                lines.push(Line::of([Span::new(
                    format!("✓ {}", cx.lang.t("copy.done")),
                    Tone::Good,
                )]));
            }
        }
        if let Some(wrong) = &self.wrong {
            let words = wrap::words(&clean(wrong), cx.space.width.saturating_sub(2));
            lines.extend(words.into_iter().map(|text| Line::of([Span::new(text, Tone::Error)])));
        }
        if !self.takes_text() {
            cursor = None;
        }
        let title = Line::of([
            Span::new(cx.lang.t("copy.title"), Tone::Title),
            Span::new(format!("  {}", clean(&self.pod.name)), Tone::Accent),
        ]);
        Window::of(lines, cursor).sheet(title, cx.space.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_persons() {
        for (bytes, wanted) in [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB")] {
            assert_eq!(size(bytes), wanted);
        }
    }
}
