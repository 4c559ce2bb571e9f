//! The garbage collector: what is owned goes with its last owner, or is let go. As `attemptToDeleteItem` and its neighbours in
//! Kubernetes' `garbagecollector.go`.

use serde_json::Value;

use super::context::{Context, dying, keep, uid};
use super::garbage_graph::{Graph, Place};
use crate::mock::server::{ApiError, delete_seen};

/// The finalizer of what waits until its dependents are gone.
const FOREGROUND: &str = "foregroundDeletion";

/// The finalizer of what waits until its dependents are set free.
const ORPHAN: &str = "orphan";

/// How often what follows from what was deleted is looked at in one go; the rest waits for the next look.
const ROUNDS: usize = 12;

/// One look.
pub fn tick(context: &mut Context) {
    let api = context.api.clone();
    let now = context.now().as_second();
    let mut recorder = std::mem::take(&mut context.recorder);
    recorder.expire(&api, now, || context.list("events"));
    context.recorder = recorder;
    let mut graph = std::mem::take(&mut context.owners);
    for _ in 0..ROUNDS {
        graph.refresh(&api);
        let waiting = graph.take();
        if waiting.is_empty() {
            break;
        }
        for place in waiting {
            // What somebody else changes meanwhile is looked at again.
            while attend(context, &mut graph, &place).is_err_and(|error| error.code == 409) {}
        }
    }
    context.owners = graph;
    context.forget();
}

/// Deletes an object whose owners are gone, and lets go of one that waits for its dependents.
fn attend(context: &Context, graph: &mut Graph, place: &Place) -> Result<(), ApiError> {
    let Some(object) = place.object(&context.api.store).map(|object| object.decode()) else {
        return Ok(());
    };
    let table = &*place.table;
    if dying(&object) {
        finalize(context, graph, table, &object);
        return Ok(());
    }
    let Some(owners) = Owners::of(context, graph, &object) else {
        graph.set_aside(place);
        return Ok(());
    };
    let let_go = [&owners.dangling[..], &owners.waiting[..]].concat();
    if owners.has_solid && !let_go.is_empty() {
        context.touch(table, &object, |object| release(object, &let_go));
    }
    if owners.has_solid || let_go.is_empty() {
        return Ok(());
    }
    let own = if has(&object, ORPHAN) {
        "Orphan"
    } else if has(&object, FOREGROUND) {
        "Foreground"
    } else {
        "Background"
    };
    if owners.waiting.is_empty() || graph.owned(uid(&object)).next().is_none() {
        return delete_seen(&context.api, table, &object, own);
    }
    let is_circle = |(_, dependent): (&str, Value)| dying(&dependent) && has(&dependent, FOREGROUND);
    if objects(context, graph, &object).any(is_circle) && holds_any(&object) {
        // Nobody in a circle may hold another. What is changed here is deleted when it is looked at again.
        context.touch(table, &object, unblock);
        return attend(context, graph, place);
    }
    delete_seen(&context.api, table, &object, "Foreground")
}

/// The owners that an object names, by their uids.
#[derive(Default)]
struct Owners {
    /// One is there to stay.
    has_solid: bool,
    /// These are gone.
    dangling: Vec<String>,
    /// These wait for the deletion of their dependents.
    waiting: Vec<String>,
}

impl Owners {
    /// None if one is of a kind that is not served, or that cannot own the object: nobody knows whether it is there.
    fn of(context: &Context, graph: &Graph, object: &Value) -> Option<Self> {
        let api = &context.api;
        let mut owners = Self::default();
        for reference in object["metadata"]["ownerReferences"].as_array().into_iter().flatten() {
            let text = |name: &str| reference[name].as_str().unwrap_or_default();
            if graph.is_gone(reference, super::context::namespace(object)) {
                owners.dangling.push(text("uid").to_owned());
                continue;
            }
            let kind = api.kinds.of_object(text("apiVersion"), text("kind"))?;
            let namespace = if kind.namespaced {
                super::context::namespace(object)
            } else {
                ""
            };
            if kind.namespaced && namespace.is_empty() {
                return None;
            }
            let owner = api.store.get(&kind.table, namespace, text("name"));
            let Some(owner) = owner.filter(|owner| *owner.uid == *text("uid")) else {
                owners.dangling.push(text("uid").to_owned());
                continue;
            };
            let owner = owner.decode();
            if dying(&owner) && has(&owner, FOREGROUND) {
                owners.waiting.push(text("uid").to_owned());
            } else {
                owners.has_solid = true;
            }
        }
        Some(owners)
    }
}

/// Lets go of an object that waits for its dependents: with those gone that hold it, or all set free.
fn finalize(context: &Context, graph: &Graph, table: &str, owner: &Value) {
    if has(owner, ORPHAN) {
        let own = [uid(owner).to_owned()];
        for (table, object) in objects(context, graph, owner) {
            context.touch(table, &object, |object| release(object, &own));
        }
        context.drop_finalizer(table, owner, ORPHAN);
    } else if has(owner, FOREGROUND) && !objects(context, graph, owner).any(|(_, object)| blocks(&object, uid(owner))) {
        context.drop_finalizer(table, owner, FOREGROUND);
    }
}

/// What an object owns, with the tables.
fn objects<'a>(context: &Context, graph: &'a Graph, owner: &Value) -> impl Iterator<Item = (&'a str, Value)> {
    graph.owned(uid(owner)).filter_map(|place| {
        let object = place.object(&context.api.store)?;
        Some((&*place.table, object.decode()))
    })
}

fn has(object: &Value, finalizer: &str) -> bool {
    let finalizers = object["metadata"]["finalizers"].as_array();
    finalizers.is_some_and(|all| all.iter().any(|known| known == finalizer))
}

/// Whether an owner that waits for its dependents waits for this one.
fn blocks(object: &Value, owner: &str) -> bool {
    let references = object["metadata"]["ownerReferences"].as_array();
    let blocks = |reference: &Value| reference["uid"] == owner && reference["blockOwnerDeletion"] == true;
    references.is_some_and(|all| all.iter().any(blocks))
}

/// Whether an object holds one of its owners.
fn holds_any(object: &Value) -> bool {
    let references = object["metadata"]["ownerReferences"].as_array();
    references.is_some_and(|all| all.iter().any(|reference| reference["blockOwnerDeletion"] == true))
}

fn unblock(object: &mut Value) {
    let references = object["metadata"]["ownerReferences"].as_array_mut();
    for reference in references.into_iter().flatten() {
        reference["blockOwnerDeletion"] = false.into();
    }
}

/// Takes owners off an object.
fn release(object: &mut Value, owners: &[String]) {
    let stays = |reference: &Value| owners.iter().all(|owner| reference["uid"] != **owner);
    keep(object, "ownerReferences", stays);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::clock::Clock;
    use crate::mock::server::{Api, definitions};

    /// A cluster with what collects its garbage.
    struct Lab(Context);

    impl Lab {
        fn new() -> Self {
            let api = Api::new(Clock::standing(jiff::Timestamp::UNIX_EPOCH), 1);
            for namespace in ["a", "b"] {
                let spec = json!({"finalizers": ["kubernetes"]});
                api.plant(
                    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}, "spec": spec}),
                )
                .unwrap();
            }
            Self(Context::new(api))
        }

        /// Makes a config map, owned by others, and returns a reference to it.
        fn make(&self, name: &str, owners: &[Value]) -> Value {
            self.make_in("a", "ConfigMap", name, owners)
        }

        fn make_in(&self, namespace: &str, kind: &str, name: &str, owners: &[Value]) -> Value {
            let metadata = json!({"name": name, "namespace": namespace, "ownerReferences": owners});
            let object = json!({"apiVersion": "v1", "kind": kind, "metadata": metadata});
            let made = self.0.api.plant(object).unwrap();
            json!({"apiVersion": "v1", "kind": kind, "name": name, "uid": &*made.uid, "blockOwnerDeletion": true})
        }

        fn delete(&mut self, name: &str, propagation: &str) {
            let object = self.0.find("configmaps", "a", name).unwrap();
            delete_seen(&self.0.api, "configmaps", &object, propagation).unwrap();
        }

        /// What is left of the config maps, each with its owners.
        fn left(&mut self) -> Vec<String> {
            tick(&mut self.0);
            let told = |object: &Value| {
                let references = object["metadata"]["ownerReferences"].as_array();
                let owners = references.into_iter().flatten();
                let owners: Vec<&str> = owners.filter_map(|owner| owner["name"].as_str()).collect();
                let name = super::super::context::name(object);
                format!("{name}<{}", owners.join(","))
            };
            self.0.list("configmaps").iter().map(|object| told(object)).collect()
        }
    }

    #[test]
    fn what_is_owned_goes_with_its_last_owner() {
        let mut lab = Lab::new();
        let (a, b) = (lab.make("a", &[]), lab.make("b", &[]));
        let c = lab.make("c", &[a.clone(), b]);
        lab.make("d", &[c, a.clone()]);
        lab.make("e", &[a]);
        assert_eq!(lab.left().len(), 5);
        lab.delete("a", "Background");
        assert_eq!(lab.left(), ["b<", "c<b", "d<c"]);
        lab.delete("b", "Background");
        assert!(lab.left().is_empty());
    }

    #[test]
    fn who_names_an_owner_that_is_not_there_goes_unless_nobody_knows() {
        let mut lab = Lab::new();
        let there = lab.make("there", &[]);
        let with = |field: &str, value: &str| {
            let mut reference = there.clone();
            reference[field] = value.into();
            reference
        };
        lab.make("another-uid", &[with("uid", "5")]);
        lab.make("another-name", &[with("name", "5")]);
        lab.make("another-kind", &[with("kind", "Secret")]);
        lab.make("no-such-kind", &[with("kind", "Widget")]);
        lab.make_in("b", "ConfigMap", "elsewhere", std::slice::from_ref(&there));
        assert_eq!(lab.left(), ["no-such-kind<there", "there<"]);
        // Nor does anybody know of what has no namespace and an owner in one, even when that has gone.
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": "r", "ownerReferences": [there]}, "rules": []});
        lab.0.api.plant(role).unwrap();
        assert_eq!(lab.left().len(), 2);
        lab.delete("there", "Background");
        assert_eq!(lab.left(), ["no-such-kind<there"]);
        assert_eq!(lab.0.list("clusterroles.rbac.authorization.k8s.io").len(), 1);
    }

    #[test]
    fn orphans_are_set_free() {
        let mut lab = Lab::new();
        let (a, b) = (lab.make("a", &[]), lab.make("b", &[]));
        lab.make("c", &[a.clone(), b]);
        lab.make("d", &[a]);
        lab.delete("a", "Orphan");
        assert_eq!(lab.left(), ["b<", "c<b", "d<"]);
    }

    #[test]
    fn foreground_waits_for_those_that_hold_it() {
        let mut lab = Lab::new();
        let a = lab.make("a", &[]);
        let mut loose = a.clone();
        loose["blockOwnerDeletion"] = false.into();
        let holder = lab.make("holder", &[a]);
        lab.make("loose", &[loose]);
        lab.make("last", &[holder]);
        lab.0.touch(
            "configmaps",
            &json!({"metadata": {"name": "last", "namespace": "a"}}),
            |object| {
                object["metadata"]["finalizers"] = json!(["a.io/held"]);
            },
        );
        lab.delete("a", "Foreground");
        assert_eq!(lab.left(), ["a<", "holder<a", "last<holder"]);
        // Another of its name is not the one that was seen.
        let another = json!({"metadata": {"name": "last", "namespace": "a", "uid": "another"}});
        lab.0.drop_finalizer("configmaps", &another, "a.io/held");
        assert_eq!(lab.left().len(), 3);
        let last = lab.0.find("configmaps", "a", "last").unwrap();
        lab.0.drop_finalizer("configmaps", &last, "a.io/held");
        assert!(lab.left().is_empty());
    }

    #[test]
    fn a_circle_holds_nobody() {
        for names in [&["a", "b"][..], &["a", "b", "c"], &["a", "b", "c", "d", "e"]] {
            let mut lab = Lab::new();
            let mut last = lab.make("a", &[]);
            for name in names.iter().skip(1) {
                last = lab.make(name, &[last]);
            }
            lab.0.touch(
                "configmaps",
                &json!({"metadata": {"name": "a", "namespace": "a"}}),
                |object| {
                    object["metadata"]["ownerReferences"] = json!([last]);
                },
            );
            assert_eq!(lab.left().len(), names.len());
            lab.delete("a", "Foreground");
            assert!(lab.left().is_empty(), "{names:?}");
        }
    }

    #[test]
    fn who_stops_holding_an_owner_lets_it_go() {
        let mut lab = Lab::new();
        let a = lab.make("a", &[]);
        lab.make("b", &[a]);
        let b = json!({"metadata": {"name": "b", "namespace": "a"}});
        lab.0.touch("configmaps", &b, |object| {
            object["metadata"]["finalizers"] = json!(["a.io/held"])
        });
        lab.delete("a", "Foreground");
        assert_eq!(lab.left(), ["a<", "b<a"]);
        lab.0.touch("configmaps", &b, unblock);
        assert_eq!(lab.left(), ["b<a"]);
    }

    #[test]
    fn objects_go_with_owners_whose_kind_is_served_no_more() {
        let mut lab = Lab::new();
        let names = json!({"plural": "gizmos", "singular": "gizmo", "kind": "Gizmo", "listKind": "GizmoList"});
        let schema = json!({"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}});
        let definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "gizmos.x.io"}, "spec": {"group": "x.io", "scope": "Namespaced", "names": names,
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema}]}});
        let gizmo = json!({"apiVersion": "x.io/v1", "kind": "Gizmo", "metadata": {"name": "g", "namespace": "a"}});
        let mut reference = json!({"apiVersion": "x.io/v1", "kind": "Gizmo", "name": "g", "uid": "nowhere"});
        // Nobody knows yet whether there is such an owner.
        lab.make("early", &[reference.clone()]);
        assert_eq!(lab.left(), ["early<g"]);
        lab.0.api.plant(definition).unwrap();
        assert!(lab.left().is_empty());
        reference["uid"] = (&*lab.0.api.plant(gizmo).unwrap().uid).into();
        lab.make("c", &[reference]);
        assert_eq!(lab.left(), ["c<g"]);
        let definition = lab.0.find(definitions::TABLE, "", "gizmos.x.io").unwrap();
        delete_seen(&lab.0.api, definitions::TABLE, &definition, "Background").unwrap();
        assert!(lab.0.api.kinds.of_object("x.io/v1", "Gizmo").is_none());
        assert!(lab.left().is_empty());
    }

    #[test]
    fn a_history_that_was_compacted_is_no_loss() {
        let mut lab = Lab::new();
        let a = lab.make("a", &[]);
        lab.make("b", &[a]);
        assert_eq!(lab.left().len(), 2);
        lab.delete("a", "Background");
        lab.make("c", &[]);
        lab.0.api.store.compact();
        assert_eq!(lab.left(), ["c<"]);
    }

    #[test]
    fn what_else_holds_an_object_goes_on_doing_so() {
        let mut lab = Lab::new();
        let seen = lab.0.find("namespaces", "", "b").unwrap();
        delete_seen(&lab.0.api, "namespaces", &seen, "Foreground").unwrap();
        tick(&mut lab.0);
        let namespace = lab.0.api.store.get("namespaces", "", "b").unwrap().decode();
        assert_eq!(namespace["status"]["phase"], "Terminating");
        assert!(!has(&namespace, FOREGROUND));
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "a"},
            "spec": {"nodeName": "n", "containers": [{"name": "c", "image": "c"}]}, "status": {"phase": "Running"}});
        lab.0.api.plant(pod).unwrap();
        let seen = lab.0.find("pods", "a", "p").unwrap();
        delete_seen(&lab.0.api, "pods", &seen, "Foreground").unwrap();
        tick(&mut lab.0);
        let pod = lab.0.api.store.get("pods", "a", "p").unwrap().decode();
        assert_eq!(
            (&pod["metadata"]["deletionGracePeriodSeconds"], has(&pod, FOREGROUND)),
            (&30.into(), false)
        );
    }
}
