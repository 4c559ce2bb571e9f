//! One file per view: its columns, declared once. A view is in the console once it stands in [`VIEWS`].

mod api_resources;
mod clusterrolebindings;
mod clusterroles;
mod common;
mod configmaps;
mod containers;
mod contexts;
mod controllerrevisions;
mod cronjobs;
mod csidrivers;
mod customresourcedefinitions;
mod daemonsets;
mod deployments;
mod endpointslices;
mod events;
pub mod generic;
mod generic_cell;
mod helm;
mod horizontalpodautoscalers;
mod ingressclasses;
mod ingresses;
mod jobs;
mod leases;
mod limitranges;
mod namespaces;
mod networkpolicies;
mod nodes;
mod persistentvolumeclaims;
mod persistentvolumes;
mod poddisruptionbudgets;
mod pods;
mod priorityclasses;
mod replicasets;
mod replicated;
mod replicationcontrollers;
mod resourcequotas;
mod rolebindings;
mod roles;
mod runtimeclasses;
mod secrets;
mod serviceaccounts;
mod services;
mod statefulsets;
mod storageclasses;
mod template;
mod usage;
mod workloads;

pub use contexts::Context;

use crate::actions::{ACTIONS, HINTS};
use crate::core::registry::Registry;
use crate::core::view::{Group, ViewRef};
use crate::layers::MAKERS;

/// All views, in the order of the palette.
pub static VIEWS: &[ViewRef] = &[
    ViewRef::Known(&pods::VIEW),
    ViewRef::Known(&containers::VIEW),
    ViewRef::Known(&nodes::VIEW),
    ViewRef::Known(&workloads::VIEW),
    ViewRef::Known(&deployments::VIEW),
    ViewRef::Known(&services::VIEW),
    ViewRef::Known(&persistentvolumeclaims::VIEW),
    ViewRef::Known(&persistentvolumes::VIEW),
    ViewRef::Known(&storageclasses::VIEW),
    ViewRef::Known(&resourcequotas::VIEW),
    ViewRef::Known(&limitranges::VIEW),
    ViewRef::Known(&events::VIEW),
    ViewRef::Known(&namespaces::VIEW),
    ViewRef::Known(&replicasets::VIEW),
    ViewRef::Known(&statefulsets::VIEW),
    ViewRef::Known(&daemonsets::VIEW),
    ViewRef::Known(&jobs::VIEW),
    ViewRef::Known(&cronjobs::VIEW),
    ViewRef::Known(&horizontalpodautoscalers::VIEW),
    ViewRef::Known(&ingresses::VIEW),
    ViewRef::Known(&ingressclasses::VIEW),
    ViewRef::Known(&endpointslices::VIEW),
    ViewRef::Known(&networkpolicies::VIEW),
    ViewRef::Known(&poddisruptionbudgets::VIEW),
    ViewRef::Known(&configmaps::VIEW),
    ViewRef::Known(&secrets::VIEW),
    ViewRef::Known(&serviceaccounts::VIEW),
    ViewRef::Known(&roles::VIEW),
    ViewRef::Known(&rolebindings::VIEW),
    ViewRef::Known(&clusterroles::VIEW),
    ViewRef::Known(&clusterrolebindings::VIEW),
    ViewRef::Known(&priorityclasses::VIEW),
    ViewRef::Known(&runtimeclasses::VIEW),
    ViewRef::Known(&leases::VIEW),
    ViewRef::Known(&customresourcedefinitions::VIEW),
    ViewRef::Known(&csidrivers::VIEW),
    ViewRef::Known(&controllerrevisions::VIEW),
    ViewRef::Known(&replicationcontrollers::VIEW),
    ViewRef::Known(&helm::VIEW),
    ViewRef::Known(&helm::HISTORY),
    ViewRef::Known(&contexts::VIEW),
    ViewRef::Known(&api_resources::VIEW),
];

/// Views that stand below each other on one screen.
pub static GROUPS: &[Group] = &[
    Group {
        names: &["storage"],
        views: &["persistentvolumeclaims", "persistentvolumes", "storageclasses"],
    },
    Group {
        names: &["quotas"],
        views: &["resourcequotas", "limitranges"],
    },
    // The category `all` of the built-in kinds, in the order of `kubectl get all`; discovery adds custom ones.
    Group {
        names: &["all"],
        views: &[
            "pods",
            "replicationcontrollers",
            "services",
            "daemonsets.apps",
            "deployments.apps",
            "replicasets.apps",
            "statefulsets.apps",
            "horizontalpodautoscalers.autoscaling",
            "cronjobs.batch",
            "jobs.batch",
        ],
    },
];

/// All views, groups and verbs.
pub static REGISTRY: Registry = Registry {
    views: VIEWS,
    groups: GROUPS,
    actions: ACTIONS,
    hints: HINTS,
    makers: MAKERS,
    usage: usage::with,
    generic: generic::unnamed,
};
