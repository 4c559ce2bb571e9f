//! What a Kubernetes object means, as pure functions of the object: no clock but the one handed in, no I/O.
//!
//! One file per kind: a slim row, read straight from the object's JSON, with the texts of its columns. The rules are those of
//! `pkg/printers/internalversion/printers.go` in Kubernetes 1.36, which the API server itself prints with.

pub mod age;
mod condition;
mod containers;
#[cfg(test)]
mod corpus;
mod decode;
mod intern;
mod labels;
mod load_balancer;
mod meta;
mod projection;
mod quantity;
mod resource_list;
mod scalar;
mod selector;
mod volume;

mod deployment;
mod event;
mod limit_range;
mod namespace;
mod node;
mod persistent_volume;
mod persistent_volume_claim;
mod pod;
mod resource_quota;
mod service;
mod storage_class;

pub use containers::Containers;
pub use decode::{DecodeError, decode, decode_value};
pub use intern::Istr;
pub use labels::Labels;
pub use meta::{Meta, Owner};
pub use projection::{Health, Projection};
pub use quantity::{Quantity, QuantityError};
pub use resource_list::ResourceList;
pub use selector::{LabelSelector, Operator, Requirement, Selector, SelectorError, check_label_key, check_label_value};

pub use deployment::Deployment;
pub use event::{Event, Involved};
pub use limit_range::LimitRange;
pub use namespace::Namespace;
pub use node::{Node, Taint};
pub use persistent_volume::{PersistentVolume, VolumeClaim};
pub use persistent_volume_claim::PersistentVolumeClaim;
pub use pod::{Pod, PodResources};
pub use resource_quota::ResourceQuota;
pub use service::{Service, ServicePort};
pub use storage_class::StorageClass;
