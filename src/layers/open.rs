//! Opens an object that another one names.

use super::{TextLayer, describe};
use crate::core::catalog::Catalog;
use crate::core::jump::Jump;
use crate::core::layer::Next;
use crate::core::view::ViewRef;
use crate::relations::Reference;

/// The view of a resource, where it has one.
pub fn view(catalog: &Catalog, reference: &Reference) -> Option<ViewRef> {
    let is = |view: &&ViewRef| view.resource().is_same_kind(&reference.resource);
    catalog.views().find(is).cloned()
}

/// The reference as this server serves it: how a kind that konn is not built with is spelled in paths, and whether it
/// lives in namespaces, discovery knows.
pub fn served(reference: &Reference, catalog: &Catalog) -> Reference {
    let resource = &reference.resource;
    if crate::relations::kinds::known(&resource.group, &resource.kind).is_some() {
        return reference.clone();
    }
    let found = catalog.preferred().find(|served| served.is_same_kind(resource));
    let namespace = reference.namespace.as_deref().unwrap_or_default();
    found.map_or_else(
        || reference.clone(),
        |found| Reference::to(found, namespace, &reference.name),
    )
}

/// The object's description on top of what is seen, so that Esc leads back.
pub fn describe(reference: &Reference, catalog: &Catalog) -> Next {
    let Reference {
        resource,
        namespace,
        name,
    } = served(reference, catalog);
    Next::Push(Box::new(TextLayer::new(describe::Describe::named(
        resource,
        namespace.as_deref(),
        &name,
    ))))
}

/// The object's table with the cursor on it; its description, where its kind has no table.
pub fn open(reference: &Reference, catalog: &Catalog) -> Next {
    let Some(view) = view(catalog, reference) else {
        return describe(reference, catalog);
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
        let catalog = Catalog::new(&REGISTRY);
        for kind in KINDS {
            let reference = Reference::to(kind, "shop", "web");
            let view = view(&catalog, &reference).unwrap_or_else(|| panic!("{} has no view", kind.plural));
            assert_eq!(view.resource().path(None, None), kind.path(None, None));
            assert_eq!(view.resource().namespaced, kind.namespaced, "{}", kind.plural);
            let Next::Go(jump) = open(&reference, &catalog) else {
                panic!("{} is not gone to", kind.plural);
            };
            let found = REGISTRY.view(&jump.view).unwrap();
            assert!(found.resource().is_same_kind(kind), "{}", kind.plural);
        }
        let custom = crate::relations::kinds::named("example.com/v1", "Backup", true);
        let next = open(&Reference::to(&custom, "shop", "b"), &catalog);
        assert!(matches!(next, Next::Push(_)));
    }
}
