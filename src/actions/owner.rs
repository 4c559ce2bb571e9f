//! Go to the owner of the object under the cursor.

use super::object;
use crate::core::action::{Action, ActionMeta, Cx, Danger, Reason};
use crate::core::layer::Next;
use crate::core::text::clean;
use crate::layers::{ListLayer, Owners, open};
use crate::model::Owner;
use crate::relations::{Reference, kinds};

/// Owner.
pub struct ToOwner;

impl Action for ToOwner {
    fn meta(&self) -> &'static ActionMeta {
        &ActionMeta {
            id: "owner",
            danger: Danger::None,
        }
    }

    fn enabled(&self, cx: &Cx) -> Result<(), Reason> {
        let (target, _) = object(cx)?;
        if target.row.meta().owners.is_empty() {
            return Err(Reason("no_owner"));
        }
        Ok(())
    }

    fn start(&self, cx: &Cx) -> Next {
        let Ok((target, _)) = object(cx) else {
            return Next::Ignored;
        };
        let meta = target.row.meta();
        let owners = meta.owners.iter();
        let mut owners: Vec<Reference> = owners
            .map(|owner| reference(owner, meta.namespace.as_deref()))
            .collect();
        match owners.len() {
            0 => Next::Ignored,
            1 => open(&owners.remove(0), cx.catalog),
            _ => {
                let title = clean(&target.name()).into_owned();
                Next::Push(Box::new(ListLayer::new(Owners::new(title, owners))))
            }
        }
    }
}

/// An owner lives in the namespace of what it owns, or in none.
fn reference(owner: &Owner, namespace: Option<&str>) -> Reference {
    let resource = kinds::named(&owner.api_version, &owner.kind, namespace.is_some());
    Reference::to(&resource, namespace.unwrap_or_default(), &owner.name)
}
