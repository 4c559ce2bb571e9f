//! Opens an object that another one names.

use super::{TextLayer, describe};
use crate::core::jump::Jump;
use crate::core::layer::Next;
use crate::core::registry::Registry;
use crate::core::view::ViewRef;
use crate::relations::Reference;

/// The view of a resource, where it has one.
pub fn view(registry: &Registry, reference: &Reference) -> Option<ViewRef> {
    let (group, kind) = (&reference.resource.group, &reference.resource.kind);
    let is = |view: &&ViewRef| view.resource().group == *group && view.resource().kind == *kind;
    registry.views.iter().find(is).cloned()
}

/// The object's table with the cursor on it; its description, where its kind has no table.
pub fn open(reference: &Reference, registry: &Registry) -> Next {
    let Some(view) = view(registry, reference) else {
        let described = describe::Describe::named(
            reference.resource.clone(),
            reference.namespace.as_deref(),
            &reference.name,
        );
        return Next::Push(Box::new(TextLayer::new(described)));
    };
    let jump = Jump::to(view.resource().full_name())
        .in_namespace(reference.namespace.as_deref())
        .on(&reference.name);
    Next::Go(jump)
}
