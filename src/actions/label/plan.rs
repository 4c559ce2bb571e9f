//! What is asked for a label or an annotation, and what is sent.

use serde_json::{Value, json};

use super::rules;
use crate::core::change::{Change, Edit};
use crate::core::layer::LayerCx;
use crate::core::request::shell;
use crate::core::text::{Line, Span, Tone, clean};
use crate::layers::dialog::{Control, Draft, Item, Plan, Wrong};

/// How many of an object's own are listed.
const LISTED: usize = 12;

/// The longest text of one that is listed.
const LONG: usize = 80;

/// Labels or annotations.
pub struct LabelPlan {
    annotations: bool,
    keys: Vec<String>,
    values: Vec<String>,
}

impl LabelPlan {
    /// Labels, with the keys and values that exist.
    pub fn labels(keys: Vec<String>, values: Vec<String>) -> Self {
        Self {
            annotations: false,
            keys,
            values,
        }
    }

    /// Annotations.
    pub fn annotations() -> Self {
        Self {
            annotations: true,
            keys: Vec::new(),
            values: Vec::new(),
        }
    }

    fn field(&self) -> &'static str {
        if self.annotations { "annotations" } else { "labels" }
    }

    fn own<'a>(&self, item: &'a Item) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let map = item.at("/metadata").and_then(|meta| meta.get(self.field()));
        map.and_then(Value::as_object).into_iter().flatten()
    }

    fn old<'a>(&self, item: &'a Item, key: &str) -> Option<&'a str> {
        self.own(item).find(|(own, _)| *own == key)?.1.as_str()
    }

    fn change(&self, item: &Item, value: Value, words: &str) -> Vec<Change> {
        let verb = if self.annotations { "annotate" } else { "label" };
        let command = format!("{} {words}", item.kubectl(verb));
        let edit = Edit::Merge(json!({"metadata": {self.field(): value}}));
        vec![item.change(edit, command)]
    }
}

impl Plan for LabelPlan {
    fn id(&self) -> &'static str {
        if self.annotations { "annotate" } else { "label" }
    }

    fn controls(&self, items: &[Item], _answers: &[Option<Value>], cx: &LayerCx) -> Vec<Control> {
        let own = items.iter().flat_map(|item| self.own(item));
        let mut keys: Vec<String> = own
            .map(|(key, _)| key.clone())
            .filter(|key| !key.ends_with("last-applied-configuration"))
            .chain(self.keys.iter().cloned())
            .collect();
        keys.sort();
        keys.dedup();
        let option = |word: &str| (word.to_string(), cx.lang.t(&format!("dialog.label.{word}")));
        vec![
            Control::text("key", cx.lang.t("dialog.label.key"), "").completed(keys),
            Control::text("value", cx.lang.t("dialog.label.new_value"), "").completed(self.values.iter().cloned()),
            Control::choice("act", cx.lang.t("dialog.label.act"), ["set", "remove"].map(option)),
            Control::switch("overwrite", cx.lang.t("dialog.label.overwrite"), false)
                .noted(cx.lang.t("dialog.label.overwrite_note")),
        ]
    }

    /// What a single object has.
    fn notes(&self, draft: &Draft, _cx: &LayerCx) -> Vec<Line> {
        let [item] = draft.items else { return Vec::new() };
        let line = |(key, value): (&String, &Value)| {
            let text = format!("  {key}={}", value.as_str().unwrap_or_default());
            let short: String = clean(&text).chars().take(LONG).collect();
            Line::of([Span::new(short, Tone::Muted)])
        };
        self.own(item).take(LISTED).map(line).collect()
    }

    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong> {
        let form = draft.form;
        let (key, value) = (form.text("key"), form.text("value"));
        let wrong = |id: &str, rule: &str| Wrong::at(id, cx.lang.t(&format!("dialog.label.wrong.{rule}")));
        rules::key(key, self.annotations).map_err(|rule| wrong("key", rule))?;
        let old = self.old(item, key);
        if form.text("act") == "remove" {
            // As kubectl: taking away what is not there is no error.
            let gone = old.map(|_| self.change(item, json!({key: null}), &shell(&format!("{key}-"))));
            return Ok(gone.unwrap_or_default());
        }
        if !self.annotations {
            rules::value(value).map_err(|rule| wrong("value", rule))?;
        }
        let words = shell(&format!("{key}={value}"));
        match old {
            Some(old) if old == value => Ok(Vec::new()),
            Some(old) if !form.is_on("overwrite") => {
                let short: String = clean(old).chars().take(LONG).collect();
                let args = [("what", item.full_name()), ("key", key.to_string()), ("old", short)];
                let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
                Err(Wrong::at("overwrite", cx.lang.f("dialog.label.differs", &args)))
            }
            Some(_) => Ok(self.change(item, json!({key: value}), &format!("{words} --overwrite"))),
            None => Ok(self.change(item, json!({key: value}), &words)),
        }
    }
}
