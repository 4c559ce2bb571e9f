//! What texts about an object watch besides it.

use serde_json::Value;

use crate::core::event::WatchId;
use crate::core::jump::Scope;
use crate::core::layer::LayerCx;
use crate::core::resource::Resource;
use crate::core::store::{Row, Sync, Table};
use crate::core::trouble::TroubleKind;
use crate::core::watch::{Decoder, WatchSpec};
use crate::core::whole::Whole;
use crate::describe::{Answer, Need};

/// A list that a text wants, and its watch.
pub struct Want {
    /// The list.
    pub need: Need,
    /// Its watch.
    pub watch: WatchId,
}

/// The watch of a list that a description wants. The resource's kind is not needed to watch it whole.
pub fn spec(need: &Need) -> WatchSpec {
    let namespaced = !need.namespace.is_empty();
    let resource = Resource {
        group: need.group.into(),
        version: need.version.into(),
        kind: "".into(),
        plural: need.plural.into(),
        short: (&[]).into(),
        namespaced,
        ..Resource::default()
    };
    let scope = if namespaced {
        Scope::one(need.namespace.clone())
    } else {
        Scope::All
    };
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    WatchSpec {
        name: need.name.clone(),
        labels: text(&need.labels),
        fields: text(&need.fields),
        ..WatchSpec::all(resource, scope, Decoder::Whole)
    }
}

/// What became of a list.
pub fn answer(table: Option<&Table>, cx: &LayerCx) -> Answer {
    let Some(table) = table else { return Answer::Loading };
    if !table.is_complete() {
        return match table.sync() {
            // A resource that this server does not serve has no objects.
            Sync::Stale { why, .. } if why.kind == TroubleKind::NotFound => Answer::Items(Vec::new()),
            Sync::Stale { why, .. } => Answer::Refused(cx.lang.trouble(why)),
            _ => Answer::Loading,
        };
    }
    Answer::Items(
        table
            .rows()
            .iter()
            .filter(|row| !row.is_gone())
            .filter_map(value)
            .cloned()
            .collect(),
    )
}

/// The object of a row that is whole.
pub fn value(row: &Row) -> Option<&Value> {
    (&*row.object as &dyn std::any::Any)
        .downcast_ref::<Whole>()
        .map(|whole| &whole.value)
}
