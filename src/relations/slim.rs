//! Objects without what no relation reads: lists of many are looked through for what uses an object, and only that is kept.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::core::view::Shared;
use crate::core::whole::Whole;
use crate::model::DecodeError;

/// How much is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Which accounts and classes are named.
    Names,
    /// Everything that a relation reads.
    Uses,
}

/// Where in an object we are.
#[derive(Clone, Copy)]
enum Place {
    Object,
    Metadata,
    Annotations,
    Spec,
    Container,
    Env,
    Deeper,
}

/// Reads a part of an object; fails where the text is no JSON object.
pub type Read = fn(&str) -> Result<Shared, DecodeError>;

/// How much of other objects is read to find what uses an object of this kind.
pub fn of(kind: &str) -> Read {
    match kind {
        "PriorityClass" | "RuntimeClass" | "ServiceAccount" => names,
        _ => uses,
    }
}

/// An object with its name and the accounts and classes that its pods name.
///
/// # Errors
/// [`DecodeError`] if `raw` is not a JSON object.
pub fn names(raw: &str) -> Result<Shared, DecodeError> {
    read(raw, Reads::Names)
}

/// An object with what any relation reads of those that it looks through.
///
/// # Errors
/// [`DecodeError`] if `raw` is not a JSON object.
pub fn uses(raw: &str) -> Result<Shared, DecodeError> {
    read(raw, Reads::Uses)
}

fn read(raw: &str, reads: Reads) -> Result<Shared, DecodeError> {
    let keep = Keep {
        place: Place::Object,
        reads,
    };
    match keep.deserialize(&mut serde_json::Deserializer::from_str(raw)) {
        Ok(value @ Value::Object(_)) => Ok(Whole::of(value)),
        // What is wrong with it is said as of any other object.
        _ => Whole::read(raw),
    }
}

/// Reads a value, and leaves out what is not needed of it before it takes any memory.
#[derive(Clone, Copy)]
struct Keep {
    place: Place,
    reads: Reads,
}

impl Keep {
    /// Where a field leads; nowhere, where it is left out.
    fn below(self, key: &str) -> Option<Place> {
        let place = match self.place {
            Place::Object => object(key)?,
            Place::Metadata => metadata(key, self.reads)?,
            Place::Annotations => annotation(key)?,
            Place::Spec => spec(key, self.reads)?,
            Place::Container => match key {
                "env" => Place::Env,
                "name" | "envFrom" => Place::Deeper,
                _ => return None,
            },
            Place::Env => match key {
                "name" | "valueFrom" => Place::Deeper,
                _ => return None,
            },
            Place::Deeper => Place::Deeper,
        };
        Some(place)
    }
}

fn object(key: &str) -> Option<Place> {
    match key {
        "metadata" => Some(Place::Metadata),
        "spec" => Some(Place::Spec),
        "status" | "data" | "binaryData" | "stringData" => None,
        _ => Some(Place::Deeper),
    }
}

fn metadata(key: &str, reads: Reads) -> Option<Place> {
    match key {
        "name" | "namespace" | "uid" | "resourceVersion" => Some(Place::Deeper),
        _ if reads == Reads::Names => None,
        "managedFields" => None,
        "annotations" => Some(Place::Annotations),
        _ => Some(Place::Deeper),
    }
}

/// Classes were named by annotations before there were fields.
fn annotation(key: &str) -> Option<Place> {
    let known = ["kubernetes.io/ingress.class", "volume.beta.kubernetes.io/storage-class"];
    known.contains(&key).then_some(Place::Deeper)
}

fn spec(key: &str, reads: Reads) -> Option<Place> {
    match key {
        // Both have metadata and a spec again.
        "template" | "jobTemplate" => Some(Place::Object),
        "serviceAccountName" | "serviceAccount" | "priorityClassName" | "runtimeClassName" => Some(Place::Deeper),
        _ if reads == Reads::Names => None,
        "containers" | "initContainers" | "ephemeralContainers" => Some(Place::Container),
        "affinity"
        | "tolerations"
        | "topologySpreadConstraints"
        | "securityContext"
        | "dnsConfig"
        | "hostAliases"
        | "readinessGates"
        | "schedulingGates" => None,
        _ => Some(Place::Deeper),
    }
}

impl<'de> DeserializeSeed<'de> for Keep {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Keep {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            kept.push(item);
        }
        Ok(kept.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            match self.below(&key) {
                Some(place) => drop(kept.insert(key, fields.next_value_seed(Self { place, ..self })?)),
                None => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(kept.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::any::Any;

    fn kept(read: fn(&str) -> Result<Shared, DecodeError>, object: &Value) -> Value {
        let row = read(&object.to_string()).unwrap();
        (&*row as &dyn Any).downcast_ref::<Whole>().unwrap().value.clone()
    }

    #[test]
    fn only_what_is_read_is_kept() {
        let pod = json!({"metadata": {"name": "web", "namespace": "shop", "uid": "u", "labels": {"app": "web"},
                "annotations": {"big": "text"}, "managedFields": [{}]},
            "spec": {"serviceAccountName": "robot", "tolerations": [{}], "nodeName": "n",
                "containers": [{"name": "app", "image": "i", "args": ["-v"], "env": [{"name": "A", "value": "b"},
                    {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s"}}}]}]},
            "status": {"phase": "Running"}});
        assert_eq!(
            kept(names, &pod),
            json!({"metadata": {"name": "web", "namespace": "shop", "uid": "u"}, "spec": {"serviceAccountName": "robot"}})
        );
        assert_eq!(
            kept(uses, &pod),
            json!({"metadata": {"name": "web", "namespace": "shop", "uid": "u", "labels": {"app": "web"}, "annotations": {}},
                "spec": {"serviceAccountName": "robot", "nodeName": "n", "containers": [{"name": "app",
                    "env": [{"name": "A"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s"}}}]}]}})
        );
    }

    #[test]
    fn templates_are_read_as_pods_are() {
        let job = json!({"metadata": {"name": "nightly"}, "spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template":
            {"metadata": {"labels": {}}, "spec": {"priorityClassName": "low", "containers": [{"name": "a"}]}}}}}});
        assert_eq!(
            kept(names, &job),
            json!({"metadata": {"name": "nightly"}, "spec": {"jobTemplate": {"spec": {"template":
                {"metadata": {}, "spec": {"priorityClassName": "low"}}}}}})
        );
    }

    #[test]
    fn what_is_no_object_is_refused_and_what_is_odd_is_read() {
        assert!(uses("[]").is_err() && uses("{").is_err() && uses("7").is_err());
        let odd = json!({"metadata": 7, "spec": [null, {"containers": "many"}]});
        assert_eq!(kept(uses, &odd), odd);
    }
}
