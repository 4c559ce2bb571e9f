//! One file per view: its columns, declared once. A view is in the console once it stands in [`VIEWS`].

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

pub use contexts::Context;

use crate::actions::ACTIONS;
use crate::core::registry::Registry;
use crate::core::view::{Group, ViewRef};
use crate::layers::MAKERS;

/// All views, in the order of the palette.
pub static VIEWS: &[ViewRef] = &[
    &pods::VIEW,
    &containers::VIEW,
    &nodes::VIEW,
    &deployments::VIEW,
    &services::VIEW,
    &persistentvolumeclaims::VIEW,
    &persistentvolumes::VIEW,
    &storageclasses::VIEW,
    &resourcequotas::VIEW,
    &limitranges::VIEW,
    &events::VIEW,
    &namespaces::VIEW,
    &replicasets::VIEW,
    &statefulsets::VIEW,
    &daemonsets::VIEW,
    &jobs::VIEW,
    &cronjobs::VIEW,
    &horizontalpodautoscalers::VIEW,
    &ingresses::VIEW,
    &ingressclasses::VIEW,
    &endpointslices::VIEW,
    &networkpolicies::VIEW,
    &poddisruptionbudgets::VIEW,
    &configmaps::VIEW,
    &secrets::VIEW,
    &serviceaccounts::VIEW,
    &roles::VIEW,
    &rolebindings::VIEW,
    &clusterroles::VIEW,
    &clusterrolebindings::VIEW,
    &priorityclasses::VIEW,
    &runtimeclasses::VIEW,
    &leases::VIEW,
    &customresourcedefinitions::VIEW,
    &csidrivers::VIEW,
    &controllerrevisions::VIEW,
    &replicationcontrollers::VIEW,
    &contexts::VIEW,
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
];

/// All views, groups and verbs.
pub static REGISTRY: Registry = Registry {
    views: VIEWS,
    groups: GROUPS,
    actions: ACTIONS,
    makers: MAKERS,
};
