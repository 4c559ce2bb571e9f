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
    registry.views.iter().find(is).copied()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relations::kinds::KINDS;
    use crate::views::REGISTRY;

    #[test]
    fn every_kind_that_relations_know_has_a_table_and_asks_for_the_same() {
        for kind in KINDS {
            let reference = Reference::to(kind, "shop", "web");
            let view = view(&REGISTRY, &reference).unwrap_or_else(|| panic!("{} has no view", kind.plural));
            assert_eq!(view.resource().path(None, None), kind.path(None, None));
            assert_eq!(view.resource().namespaced, kind.namespaced, "{}", kind.plural);
            let Next::Go(jump) = open(&reference, &REGISTRY) else {
                panic!("{} is not gone to", kind.plural);
            };
            assert!(
                std::ptr::addr_eq(REGISTRY.view(&jump.view).unwrap(), view),
                "{}",
                kind.plural
            );
        }
        let custom = crate::relations::kinds::named("example.com/v1", "Backup", true);
        let next = open(&Reference::to(&custom, "shop", "b"), &REGISTRY);
        assert!(matches!(next, Next::Push(_)));
    }
}
