//! What `kubectl describe` says, one file per kind: an object and what belongs to it in, a document out.
//!
//! Everything here is pure. [`needs`] says what a description wants besides the object, as data; whoever fetches it files
//! the answers in [`Related`]; [`describe`] makes the document, as often as something arrives. What kubectl says is in
//! `staging/src/k8s.io/kubectl/pkg/describe/describe.go` of Kubernetes.

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::lang::Lang;
use crate::core::text::Doc;

mod amounts;
mod certificate_request;
mod certificatesigningrequests;
mod conditions;
mod configmaps;
mod container_state;
mod containers;
mod cronjobs;
mod csinodes;
mod daemonsets;
mod deployments;
mod der;
mod endpoints_text;
mod endpointslices;
mod env;
mod events;
mod generic;
mod helm_releases;
mod hpa_metrics;
mod hpas;
mod ingress_backend;
mod ingressclasses;
mod ingresses;
mod jobs;
mod layout;
mod limitranges;
mod matched;
mod meta;
mod namespaces;
mod need;
mod networkpolicies;
mod node_allocation;
mod nodes;
mod persistentvolumeclaims;
mod persistentvolumes;
mod pod_qos;
mod pod_resources;
mod pod_template;
mod poddisruptionbudgets;
mod pods;
mod priorityclasses;
mod probes;
mod replicas;
mod replicasets;
mod resourcequotas;
mod rolebindings;
mod roles;
mod scheduling;
mod secrets;
mod selector;
mod service_addresses;
mod serviceaccounts;
mod services;
mod statefulsets;
mod storageclasses;
mod time;
mod value;
mod volume_claim;
mod volume_sources;
mod volumes;
mod words;
mod workload_pods;
mod writer;

pub use conditions::tone as condition_tone;
pub use events::{age as event_age, last_seen as event_last_seen, needs as event_needs};
pub use helm_releases::VALUES;
pub use need::{Answer, EVENTS, EVENTS_BY_NAME, Need, Related};
pub use pod_template::describe as describe_template;
pub use secrets::DATA;
pub use value::Read;
pub use words::Words;
pub use writer::{Table, Writer};

/// Everything a description is made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The object, whole, as the API gave it.
    pub object: &'a Value,
    /// What became of the needs.
    pub related: &'a Related,
    /// What the time is.
    pub clock: &'a Clock,
}

/// What a kind has to say.
pub trait Describer: Sync {
    /// The kinds it describes, each as API group and kind.
    fn kinds(&self) -> &'static [(&'static str, &'static str)];

    /// What it wants besides the object and its events.
    fn needs(&self, object: &Value) -> Vec<Need> {
        let _ = object;
        Vec::new()
    }

    /// Says everything but the events.
    fn describe(&self, input: &Input, out: &mut Writer);
}

/// Every kind with a description of its own; all others get the generic one.
static DESCRIBERS: &[&dyn Describer] = &[
    &pods::Pods,
    &nodes::Nodes,
    &deployments::Deployments,
    &services::Services,
    &persistentvolumes::PersistentVolumes,
    &persistentvolumeclaims::PersistentVolumeClaims,
    &storageclasses::StorageClasses,
    &storageclasses::VolumeAttributesClasses,
    &resourcequotas::ResourceQuotas,
    &limitranges::LimitRanges,
    &namespaces::Namespaces,
    &configmaps::ConfigMaps,
    &secrets::Secrets,
    &helm_releases::HelmReleases,
    &serviceaccounts::ServiceAccounts,
    &replicasets::ReplicaSets,
    &replicasets::ReplicationControllers,
    &statefulsets::StatefulSets,
    &daemonsets::DaemonSets,
    &jobs::Jobs,
    &cronjobs::CronJobs,
    &hpas::HorizontalPodAutoscalers,
    &ingresses::Ingresses,
    &ingressclasses::IngressClasses,
    &endpointslices::EndpointSlices,
    &endpointslices::Endpoints,
    &networkpolicies::NetworkPolicies,
    &poddisruptionbudgets::PodDisruptionBudgets,
    &roles::Roles,
    &rolebindings::RoleBindings,
    &priorityclasses::PriorityClasses,
    &certificatesigningrequests::CertificateSigningRequests,
    &csinodes::CsiNodes,
    &service_addresses::ServiceCidrs,
    &service_addresses::IpAddresses,
];

/// The description of a kind: its own, or the generic one.
pub fn describer(group: &str, kind: &str) -> &'static dyn Describer {
    let own = DESCRIBERS
        .iter()
        .find(|describer| describer.kinds().contains(&(group, kind)));
    own.copied().unwrap_or(&generic::Generic)
}

/// What a description of the object wants besides it: related lists and the object's events.
pub fn needs(group: &str, kind: &str, object: &Value) -> Vec<Need> {
    let mut needs = describer(group, kind).needs(object);
    needs.extend(matched::needs(group, kind, object, &needs));
    needs.extend(events::needs(group, kind, object));
    needs
}

/// The description of the object, from what has arrived so far: what has not says `…`, what was refused says why. What konn
/// adds to what kubectl says is in `lang`.
pub fn describe(group: &str, kind: &str, input: &Input, lang: &Lang) -> Doc {
    let mut out = Writer::of(input.object.at("metadata.namespace").text(), lang);
    describer(group, kind).describe(input, &mut out);
    matched::describe(group, kind, input, &mut out);
    events::describe(input, (group, kind) == ("", "Node"), &mut out);
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_kind_has_two_descriptions() {
        let mut seen = BTreeSet::new();
        for kind in DESCRIBERS.iter().flat_map(|describer| describer.kinds()) {
            assert!(seen.insert(kind), "{kind:?} is described twice");
        }
        assert!(describer("", "Pod").kinds().contains(&("", "Pod")));
        assert!(
            describer("example.com", "Pod").kinds().is_empty(),
            "another group's Pod is described generically"
        );
    }
}
