//! A node's taints: told apart by key and effect, as `MatchTaint` in Kubernetes' taints.go.

use std::fmt;

use serde_json::{Map, Value};

use crate::core::layer::LayerCx;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::Item;

/// A taint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value, often empty.
    pub value: String,
    /// Its effect.
    pub effect: String,
}

impl Taint {
    fn read(taint: &Value) -> Self {
        let text = |field: &str| taint.get(field).and_then(Value::as_str).unwrap_or_default().to_string();
        Self {
            key: text("key"),
            value: text("value"),
            effect: text("effect"),
        }
    }

    /// Whether both are the same taint, whatever their values are.
    pub fn is_same(&self, other: &Self) -> bool {
        self.key == other.key && self.effect == other.effect
    }

    fn write(&self) -> Value {
        let mut taint = Map::new();
        taint.insert("effect".to_string(), self.effect.as_str().into());
        taint.insert("key".to_string(), self.key.as_str().into());
        if !self.value.is_empty() {
            taint.insert("value".to_string(), self.value.as_str().into());
        }
        Value::Object(taint)
    }
}

impl fmt::Display for Taint {
    /// As kubectl takes it: `key=value:Effect`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.key)?;
        if !self.value.is_empty() {
            write!(out, "={}", self.value)?;
        }
        write!(out, ":{}", self.effect)
    }
}

fn raw(node: &Value) -> impl Iterator<Item = &Value> {
    let taints = node.pointer("/spec/taints").and_then(Value::as_array);
    taints.into_iter().flatten().filter(|taint| taint.is_object())
}

/// The taints of a node.
pub fn of(node: &Value) -> Vec<Taint> {
    raw(node).map(Taint::read).collect()
}

/// The node's taints with this one among them: first, as `reorganizeTaints` of kubectl puts it.
pub fn with(node: &Value, taint: &Taint) -> Vec<Value> {
    let others = raw(node).filter(|old| !Taint::read(old).is_same(taint)).cloned();
    std::iter::once(taint.write()).chain(others).collect()
}

/// The node's taints without those of a key, of one effect or of any where none is given.
pub fn without(node: &Value, key: &str, effect: &str) -> Vec<Value> {
    let goes = |taint: &Taint| taint.key == key && (effect.is_empty() || taint.effect == effect);
    raw(node).filter(|taint| !goes(&Taint::read(taint))).cloned().collect()
}

/// The taints that the nodes have now.
pub fn present(items: &[Item], cx: &LayerCx) -> Vec<Line> {
    let line = |item: &Item| {
        let taints: Vec<String> = of(&item.object).iter().map(Taint::to_string).collect();
        let args = [("what", item.full_name()), ("taints", taints.join(", "))];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        let text = if taints.is_empty() {
            cx.lang.f("dialog.taint.none", &args)
        } else {
            cx.lang.f("dialog.taint.present", &args)
        };
        Line::of([Span::new(format!("  {}", clean(&text)), Tone::Muted)])
    };
    items.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn taint(key: &str, value: &str, effect: &str) -> Taint {
        Taint {
            key: key.into(),
            value: value.into(),
            effect: effect.into(),
        }
    }

    #[test]
    fn key_and_effect_tell_taints_apart() {
        let node = json!({"spec": {"taints": [null, 3,
            {"key": "env", "value": "prod", "effect": "NoExecute", "timeAdded": "2026-11-20T22:00:00Z"},
            {"key": "env", "effect": "NoSchedule"}, {"key": "gpu", "effect": "NoSchedule"}]}});
        let texts = |taints: Vec<Value>| {
            taints
                .iter()
                .map(|one| Taint::read(one).to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(with(&node, &taint("env", "dev", "NoExecute"))),
            ["env=dev:NoExecute", "env:NoSchedule", "gpu:NoSchedule"]
        );
        assert_eq!(with(&node, &taint("a", "", "NoSchedule")).len(), 4);
        assert_eq!(
            with(&node, &taint("a", "", "NoSchedule"))[1]["timeAdded"],
            "2026-11-20T22:00:00Z"
        );
        for (key, effect, left) in [
            ("env", "NoExecute", &["env:NoSchedule", "gpu:NoSchedule"][..]),
            ("env", "", &["gpu:NoSchedule"]),
            ("gone", "", &["env=prod:NoExecute", "env:NoSchedule", "gpu:NoSchedule"]),
        ] {
            assert_eq!(texts(without(&node, key, effect)), left, "{key} {effect}");
        }
        assert!(of(&json!({"spec": {"taints": "x"}})).is_empty());
    }
}
