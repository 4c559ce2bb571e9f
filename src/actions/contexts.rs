//! What the verbs of contexts share.

use crate::core::action::{Cx, Reason};
use crate::core::layer::Next;
use crate::layers::{ContextDialog, ContextVerb};

/// The name of the context under the cursor.
pub fn context(cx: &Cx) -> Result<String, Reason> {
    let target = cx.selected.as_ref().ok_or(Reason("no_row"))?;
    let resource = target.view.resource();
    if resource.kind == "Context" && resource.version.is_empty() {
        Ok(target.row.meta().name.to_string())
    } else {
        Err(Reason("not_a_context"))
    }
}

/// The dialog of a verb for the context under the cursor.
pub fn open(cx: &Cx, verb: ContextVerb) -> Next {
    match context(cx) {
        Ok(name) => Next::Push(Box::new(ContextDialog::new(verb, name))),
        Err(_) => Next::Done,
    }
}
