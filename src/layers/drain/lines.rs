//! What a drain looks like: the plan, then each pod on its way, then what came of it.

use super::Drain;
use super::evictions::{Failure, State};
use super::pods::{Pod, Verdict};
use super::run::{Ending, Obstacle, Run, Stage};
use crate::core::layer::LayerCx;
use crate::core::request::shell;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{control_lines, push_words};

impl Drain {
    /// Makes the lines anew.
    pub(super) fn lay_out(&mut self, cx: &LayerCx) {
        let mut lines = vec![self.place_line(cx), Line::default()];
        let mut cursor = None;
        if let Some(trouble) = &self.plan.failed {
            push_words(&mut lines, "✗ ", &cx.lang.trouble(trouble), Tone::Error, cx);
        } else if let Some(run) = &self.run {
            self.push_run(run, &mut lines, cx);
        } else if self.form.is_some() {
            cursor = self.push_plan(&mut lines, cx);
        } else {
            let text = format!("… {}", cx.lang.t("dialog.reading"));
            lines.push(Line::of([Span::new(text, Tone::Busy)]));
        }
        self.window.set(lines, cursor);
    }

    fn place_line(&self, cx: &LayerCx) -> Line {
        let mut spans = vec![
            Span::new(format!("{} ", cx.lang.t("dialog.context")), Tone::Muted),
            Span::plain(clean(&cx.link.identity.context).into_owned()),
        ];
        if cx.protected {
            spans.push(Span::new(
                format!("   ! {}", cx.lang.t("header.protected")),
                Tone::Error,
            ));
        }
        Line::of(spans)
    }

    /// The switches, what becomes of each pod, what forbids it, and the command. Answers where a person types.
    fn push_plan(&self, lines: &mut Vec<Line>, cx: &LayerCx) -> Option<(u16, u16)> {
        let form = self.form.as_ref()?;
        let above = lines.len();
        let wrong = self.wrong.as_ref().and_then(|wrong| wrong.id.as_deref());
        let (controls, cursor) = control_lines(form, wrong, cx);
        let cursor = cursor.map(|(x, y)| (x, y + u16::try_from(above).unwrap_or(0)));
        lines.extend(controls);
        if let Some(wrong) = &self.wrong {
            push_words(lines, "✗ ", &wrong.why, Tone::Error, cx);
        }
        let switches = self.switches();
        let refusals = self.plan.refusals(switches, cx.lang);
        for error in self.plan.errors(switches).into_iter().chain(refusals) {
            push_words(lines, "✗ ", &error, Tone::Error, cx);
        }
        if let Ok(choice) = self.choice(cx) {
            lines.push(Line::default());
            push_words(lines, "$ ", &self.command(&choice), Tone::Label, cx);
        }
        if self.plan.budgets.is_none() {
            push_words(lines, "! ", &cx.lang.t("drain.budgets_unknown"), Tone::Warn, cx);
        }
        for node in &self.plan.nodes {
            let mut verdicts: Vec<(&Pod, Verdict)> = node
                .pods
                .iter()
                .map(|pod| (pod, self.plan.verdict(pod, switches)))
                .collect();
            let rank = |verdict: &Verdict| match verdict {
                Verdict::Forbids(_) => 0,
                Verdict::Goes(_) => 1,
                Verdict::Stays(_) => 2,
            };
            verdicts.sort_by_key(|(pod, verdict)| (rank(verdict), pod.full_name()));
            let count = |wanted: u8| {
                verdicts
                    .iter()
                    .filter(|(_, verdict)| rank(verdict) == wanted)
                    .count()
                    .to_string()
            };
            let (goes, stays, forbids) = (count(1), count(2), count(0));
            let args = [
                ("node", node.name.as_str()),
                ("goes", &goes),
                ("stays", &stays),
                ("forbids", &forbids),
            ];
            lines.push(Line::default());
            lines.push(Line::of([Span::new(
                clean(&cx.lang.f("drain.node", &args)).into_owned(),
                Tone::Title,
            )]));
            for (pod, verdict) in &verdicts {
                self.push_pod(pod, verdict, lines, cx);
            }
        }
        cursor
    }

    fn push_pod(&self, pod: &Pod, verdict: &Verdict, lines: &mut Vec<Line>, cx: &LayerCx) {
        let (mark, tone, why) = match verdict {
            Verdict::Goes(why) => ("→ ", Tone::Accent, why.clone()),
            Verdict::Stays(why) => ("– ", Tone::Muted, why.clone()),
            Verdict::Forbids(why) => ("✗ ", Tone::Error, Some(why.clone())),
        };
        lines.push(pod_line(mark, tone, pod, &why.unwrap_or_default()));
        if !matches!(verdict, Verdict::Goes(_)) {
            return;
        }
        for budget in self.plan.guards(pod).filter(|budget| budget.allowed <= 0) {
            let (healthy, desired) = (budget.healthy.to_string(), budget.desired.to_string());
            let args = [
                ("name", budget.name.as_str()),
                ("healthy", &healthy),
                ("desired", &desired),
            ];
            let text = format!("    ! {}", clean(&cx.lang.f("drain.guarded", &args)));
            lines.push(Line::of([Span::new(text, Tone::Warn)]));
        }
        if self.plan.guards(pod).count() > 1 {
            let text = format!("    ! {}", cx.lang.t("drain.guarded_twice"));
            lines.push(Line::of([Span::new(text, Tone::Warn)]));
        }
    }

    /// What happens, or has happened, to each pod.
    fn push_run(&self, run: &Run, lines: &mut Vec<Line>, cx: &LayerCx) {
        self.push_ending(run, lines, cx);
        push_words(lines, "$ ", &run.command, Tone::Label, cx);
        for (at, node) in self.plan.nodes.iter().enumerate() {
            let key = match (&run.stage, node.cordoned) {
                (_, true) => "drain.cordoned",
                (Stage::Cordoning(_), false) => "drain.cordoning",
                _ => "drain.not_cordoned",
            };
            lines.push(Line::default());
            let text = cx.lang.f(key, &[("node", &node.name)]);
            lines.push(Line::of([Span::new(clean(&text).into_owned(), Tone::Title)]));
            for (_, obstacle) in run.obstacles.iter().filter(|(node, _)| *node == at) {
                match obstacle {
                    Obstacle::Trouble(trouble) => push_words(lines, "✗ ", &cx.lang.trouble(trouble), Tone::Error, cx),
                    Obstacle::Forbidden(errors) => {
                        errors
                            .iter()
                            .for_each(|error| push_words(lines, "✗ ", error, Tone::Error, cx));
                    }
                }
            }
            let evictions = run.evictions.iter().filter(|(node, _)| *node == at);
            for (pod, state) in evictions.flat_map(|(_, evictions)| evictions.pods()) {
                lines.push(state_line(pod, state, cx));
                if let State::Failed(Failure::Trouble(trouble)) = state {
                    push_words(lines, "      ", &cx.lang.todo(trouble), Tone::Plain, cx);
                }
            }
        }
    }

    /// What came of it, and what to do next.
    fn push_ending(&self, run: &Run, lines: &mut Vec<Line>, cx: &LayerCx) {
        let (gone, ending, left) = run.counts();
        let counts = [gone, ending, left].map(|count| count.to_string());
        let cordoned = self.plan.nodes.iter().filter(|node| node.cordoned);
        let names: Vec<String> = cordoned.map(|node| shell(&node.name)).collect();
        let what = self.plan.what(cx.lang);
        let undo = format!("kubectl uncordon {}", names.join(" "));
        let [gone, ending, left] = &counts;
        let args = [
            ("what", what.as_str()),
            ("gone", gone),
            ("ending", ending),
            ("left", left),
            ("undo", &undo),
        ];
        let (key, tone, mark) = match run.stage {
            Stage::Over(Ending::Done) => ("drain.done", Tone::Good, "✓ "),
            Stage::Over(Ending::Failed) => ("drain.failed", Tone::Error, "✗ "),
            Stage::Over(Ending::Stopped) => ("drain.stopped", Tone::Warn, "! "),
            _ => ("drain.running", Tone::Busy, "… "),
        };
        push_words(lines, mark, &cx.lang.f(key, &args), tone, cx);
        if run.is_over() && !names.is_empty() {
            push_words(lines, "  ", &cx.lang.f("drain.undo", &args), Tone::Plain, cx);
        }
    }
}

fn pod_line(mark: &'static str, tone: Tone, pod: &Pod, said: &str) -> Line {
    let owner = pod
        .controller
        .as_ref()
        .map(|(kind, name)| format!("  {}/{name}", kind.to_lowercase()));
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("  {}", clean(said))
    };
    Line::of([
        Span::new(format!("  {mark}"), tone),
        Span::plain(clean(&pod.full_name()).into_owned()),
        Span::new(clean(&owner.unwrap_or_default()).into_owned(), Tone::Muted),
        Span::new(said, tone),
    ])
}

fn state_line(pod: &Pod, state: &State, cx: &LayerCx) -> Line {
    let (mark, tone, said) = match state {
        State::Evicting(_) => ("… ", Tone::Busy, cx.lang.t("drain.evicting")),
        State::Held(_, why) => ("! ", Tone::Warn, cx.lang.f("drain.held", &[("why", why)])),
        State::Ending(_) => ("↓ ", Tone::Busy, cx.lang.t("drain.ending")),
        State::Gone => ("✓ ", Tone::Good, cx.lang.t("drain.gone")),
        State::Replaced => ("✓ ", Tone::Good, cx.lang.t("drain.replaced")),
        State::Failed(Failure::Timeout) => ("✗ ", Tone::Error, cx.lang.t("drain.timeout")),
        State::Failed(Failure::Trouble(trouble)) => ("✗ ", Tone::Error, cx.lang.what(trouble)),
        State::Left(true) => ("? ", Tone::Warn, cx.lang.t("drain.left_ending")),
        State::Left(false) => ("– ", Tone::Muted, cx.lang.t("drain.left")),
    };
    pod_line(mark, tone, pod, &said)
}
