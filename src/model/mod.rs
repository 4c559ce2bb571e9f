//! What a Kubernetes object means, as pure functions of the object: no clock but the one handed in, no I/O.
//!
//! One file per kind: a slim row, read straight from the object's JSON, with the texts of its columns. The rules are those of
//! `pkg/printers/internalversion/printers.go` in Kubernetes 1.36, which the API server itself prints with.

mod address;
pub mod age;
mod autoscaler_metrics;
mod binding;
mod condition;
mod containers;
#[cfg(test)]
mod corpus;
mod count;
mod decode;
mod intern;
mod json_path;
mod labels;
mod load_balancer;
pub mod mask;
mod meta;
mod number;
mod projection;
mod quantity;
mod resource_list;
pub mod rollout;
mod scalar;
mod selector;
mod uid;
mod volume;

mod cluster_role;
mod cluster_role_binding;
mod config_map;
mod controller_revision;
mod cron_job;
mod csi_driver;
mod custom_resource_definition;
mod daemon_set;
mod deployment;
mod endpoint_slice;
mod event;
pub mod helm;
mod horizontal_pod_autoscaler;
mod ingress;
mod ingress_class;
mod job;
mod lease;
mod limit_range;
mod namespace;
mod network_policy;
mod node;
mod persistent_volume;
mod persistent_volume_claim;
mod pod;
mod pod_disruption_budget;
mod priority_class;
mod replica_set;
mod replication_controller;
mod resource_quota;
mod role;
mod role_binding;
mod runtime_class;
mod secret;
mod service;
mod service_account;
mod stateful_set;
mod storage_class;
mod usage;

pub use address::Address;
pub use binding::Subjects;
pub use condition::why_not_created;
pub use containers::Containers;
pub use decode::{DecodeError, decode, decode_value};
pub use intern::Istr;
pub use json_path::{JsonPath, JsonPathError};
pub use labels::Labels;
pub use meta::{Meta, Owner};
pub use number::number_text;
pub use projection::{Health, Projection};
pub use quantity::{Quantity, QuantityError};
pub use resource_list::ResourceList;
pub use selector::{
    KeyFault, LabelSelector, Operator, Requirement, Selector, SelectorError, check_label_key, check_label_value,
    is_dns_label, key_fault,
};
pub use uid::Uid;

pub use cluster_role::ClusterRole;
pub use cluster_role_binding::ClusterRoleBinding;
pub use config_map::ConfigMap;
pub use controller_revision::ControllerRevision;
pub use cron_job::CronJob;
pub use csi_driver::CsiDriver;
pub use custom_resource_definition::CustomResourceDefinition;
pub use daemon_set::DaemonSet;
pub use deployment::Deployment;
pub use endpoint_slice::EndpointSlice;
pub use event::{Event, Involved};
pub use helm::HelmRelease;
pub use horizontal_pod_autoscaler::HorizontalPodAutoscaler;
pub use ingress::Ingress;
pub use ingress_class::IngressClass;
pub use job::Job;
pub use lease::Lease;
pub use limit_range::LimitRange;
pub use namespace::Namespace;
pub use network_policy::NetworkPolicy;
pub use node::{Node, Taint};
pub use persistent_volume::{PersistentVolume, VolumeClaim};
pub use persistent_volume_claim::PersistentVolumeClaim;
pub use pod::{Container, ContainerRole, ContainerState, Pod, PodResources};
pub use pod_disruption_budget::PodDisruptionBudget;
pub use priority_class::PriorityClass;
pub use replica_set::ReplicaSet;
pub use replication_controller::ReplicationController;
pub use resource_quota::ResourceQuota;
pub use role::Role;
pub use role_binding::RoleBinding;
pub use runtime_class::RuntimeClass;
pub use secret::Secret;
pub use service::{Service, ServicePort};
pub use service_account::ServiceAccount;
pub use stateful_set::StatefulSet;
pub use storage_class::StorageClass;
pub use usage::{Measured, Usage, percent};
