//! Which pods a taint with the effect NoExecute drives off a node, and when.

use serde_json::Value;

use super::list::Taint;
use crate::actions::warning;
use crate::core::layer::LayerCx;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Draft, listed};

/// How many pods are named.
const NAMED: usize = 8;

/// How long a pod bears a taint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bears {
    /// Not at all.
    No,
    /// So many seconds.
    Seconds(i64),
    /// For ever.
    Yes,
}

/// How long a pod bears a taint: the first toleration that fits says so (`ToleratesTaint` and
/// `GetMatchingTolerations` in Kubernetes' component-helpers).
pub fn bears(pod: &Value, taint: &Taint) -> Bears {
    let tolerations = pod.pointer("/spec/tolerations").and_then(Value::as_array);
    let fitting = tolerations.into_iter().flatten().find(|one| tolerates(one, taint));
    match fitting.map(|one| one.get("tolerationSeconds").and_then(Value::as_i64)) {
        None => Bears::No,
        Some(Some(seconds)) if seconds <= 0 => Bears::No,
        Some(Some(seconds)) => Bears::Seconds(seconds),
        Some(None) => Bears::Yes,
    }
}

fn tolerates(toleration: &Value, taint: &Taint) -> bool {
    let text = |field: &str| toleration.get(field).and_then(Value::as_str).unwrap_or_default();
    let fits = |field: &str, wanted: &str| text(field).is_empty() || text(field) == wanted;
    toleration.is_object()
        && fits("effect", &taint.effect)
        && fits("key", &taint.key)
        && match text("operator") {
            "" | "Equal" => text("value") == taint.value,
            operator => operator == "Exists",
        }
}

/// The pods that have to go, each with its workload, and those that go later.
pub fn lines(taint: &Taint, draft: &Draft, cx: &LayerCx) -> Vec<Line> {
    let pods =
        || listed(draft.answers).filter(|pod| pod.pointer("/metadata/deletionTimestamp").is_none_or(Value::is_null));
    let mut lines = Vec::new();
    if draft.answers.iter().any(Option::is_none) {
        lines.push(warning(&cx.lang.t("dialog.taint.unknown")));
    }
    let leaving: Vec<(&Value, Bears)> = pods()
        .map(|pod| (pod, bears(pod, taint)))
        .filter(|(_, bears)| *bears != Bears::Yes)
        .collect();
    if leaving.is_empty() {
        return lines;
    }
    let count = leaving.len().to_string();
    lines.push(warning(&cx.lang.f("dialog.taint.evicts", &[("count", &count)])));
    lines.extend(leaving.iter().take(NAMED).map(|(pod, bears)| line(pod, *bears, cx)));
    if leaving.len() > NAMED {
        let more = (leaving.len() - NAMED).to_string();
        let text = format!("    {}", cx.lang.f("dialog.more", &[("count", &more)]));
        lines.push(Line::of([Span::new(text, Tone::Muted)]));
    }
    lines
}

fn line(pod: &Value, bears: Bears, cx: &LayerCx) -> Line {
    let text = |pointer: &str| pod.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let name = format!("    {}/{}", text("/metadata/namespace"), text("/metadata/name"));
    let owners = pod.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let controller = owners
        .into_iter()
        .flatten()
        .find(|owner| owner.get("controller") == Some(&Value::Bool(true)));
    let of = |owner: &Value, field: &str| owner.get(field).and_then(Value::as_str).unwrap_or_default().to_string();
    let owner = controller.map_or_else(
        || cx.lang.t("dialog.taint.unmanaged"),
        |owner| format!("{}/{}", of(owner, "kind").to_lowercase(), of(owner, "name")),
    );
    let when = match bears {
        Bears::Seconds(seconds) => format!(
            "  {}",
            cx.lang.f("dialog.taint.later", &[("seconds", &seconds.to_string())])
        ),
        Bears::No | Bears::Yes => String::new(),
    };
    Line::of([
        Span::plain(clean(&name).into_owned()),
        Span::new(format!("  {}", clean(&owner)), Tone::Muted),
        Span::new(when, Tone::Busy),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tolerations_decide_as_in_kubernetes() {
        let taint = Taint {
            key: "env".into(),
            value: "prod".into(),
            effect: "NoExecute".into(),
        };
        for (tolerations, wanted) in [
            (json!(null), Bears::No),
            (json!("x"), Bears::No),
            (json!([null, {"key": 3}]), Bears::No),
            (json!([{"key": "env", "value": "prod"}]), Bears::Yes),
            (json!([{"key": "env", "operator": "Equal", "value": "dev"}]), Bears::No),
            (
                json!([{"key": "env", "operator": "Exists", "effect": "NoSchedule"}]),
                Bears::No,
            ),
            (json!([{"operator": "Exists"}]), Bears::Yes),
            (json!([{"key": "other", "operator": "Exists"}]), Bears::No),
            (
                json!([{"key": "env", "operator": "Exists", "tolerationSeconds": 300}]),
                Bears::Seconds(300),
            ),
            (
                json!([{"key": "env", "operator": "Exists", "tolerationSeconds": 0}]),
                Bears::No,
            ),
            (
                json!([{"key": "env", "operator": "Exists", "tolerationSeconds": 9}, {"operator": "Exists"}]),
                Bears::Seconds(9),
            ),
            (json!([{"key": "env", "operator": "Near", "value": "prod"}]), Bears::No),
        ] {
            assert_eq!(
                bears(&json!({"spec": {"tolerations": tolerations}}), &taint),
                wanted,
                "{tolerations}"
            );
        }
    }
}
