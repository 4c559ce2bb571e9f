//! Pods that konn made on nodes for a shell of the host: what is kept of each, so that none outlives its session.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::change::{Cascade, Change, Edit};
use super::clock::Time;
use super::link::Identity;
use super::request::{Request, shell};
use super::resource::Resource;

/// The label that says who made such a pod, and whose it is to delete.
pub const LABEL: (&str, &str) = ("app.kubernetes.io/managed-by", "konn");

const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);

/// The seconds that such a pod is given to end: its shell has nobody at it any more, and shells hear no SIGTERM.
const GRACE: u32 = 1;

/// What is kept of a pod: enough to find it again, and no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebugPod {
    /// The context that it was made in.
    pub context: String,
    /// The cluster of that context, as the kubeconfig names it.
    pub cluster: String,
    /// The cluster's address.
    pub server: String,
    /// The pod's namespace.
    pub namespace: String,
    /// The pod's name.
    pub name: String,
    /// The node that it runs on.
    pub node: String,
    /// Its uid, once the server has answered.
    #[serde(default)]
    pub uid: Option<String>,
}

impl DebugPod {
    /// The pod that a change is about to make, where it is one of these.
    pub fn made_by(change: &Change, identity: &Identity) -> Option<Self> {
        let Edit::Create(pod) = &change.edit else { return None };
        if change.dry_run || !change.subresource.is_empty() || change.resource.kind != "Pod" || !is_ours(pod) {
            return None;
        }
        let node = pod.pointer("/spec/nodeName").and_then(Value::as_str)?;
        Some(Self {
            context: identity.context.clone(),
            cluster: identity.cluster.clone(),
            server: identity.server.clone(),
            namespace: change.namespace.clone()?,
            name: change.name.clone(),
            node: node.to_string(),
            uid: None,
        })
    }

    /// Whether it is in the cluster that is open. The address alone does not tell clusters behind one tunnel apart.
    pub fn is_of(&self, identity: &Identity) -> bool {
        self.server == identity.server && (self.context == identity.context || self.cluster == identity.cluster)
    }

    /// `namespace/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// Reads it.
    pub fn get(&self) -> Request {
        Request::Get {
            resource: PODS,
            namespace: Some(self.namespace.clone()),
            name: self.name.clone(),
        }
    }

    /// Deletes it, and no other of its name.
    pub fn delete(&self) -> Change {
        let command = format!(
            "kubectl delete pod {} -n {} --grace-period={GRACE}",
            shell(&self.name),
            shell(&self.namespace)
        );
        let edit = Edit::Delete {
            cascade: Cascade::Background,
            grace: Some(GRACE),
            uid: self.uid.clone(),
        };
        Change::of(&PODS, Some(&self.namespace), &self.name, edit, command)
    }

    /// The uid of the pod that stands under its name, where that is the one that was made.
    pub fn found(&self, pod: &Value) -> Option<String> {
        let uid = pod.pointer("/metadata/uid").and_then(Value::as_str)?;
        let same = self.uid.as_deref().is_none_or(|own| own == uid);
        (same && is_ours(pod)).then(|| uid.to_string())
    }
}

fn is_ours(pod: &Value) -> bool {
    let labels = pod.pointer("/metadata/labels");
    labels.and_then(|labels| labels.get(LABEL.0)).and_then(Value::as_str) == Some(LABEL.1)
}

/// The labels of such a pod.
pub fn labels() -> Value {
    json!({LABEL.0: LABEL.1})
}

/// The letters that `rand.String` of k8s.io/apimachinery makes names of: none that make words.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Five letters for a name, of the time and of what the name is for.
pub fn suffix(now: Time, seed: &[&str]) -> String {
    // FNV-1a: the same letters for the same input everywhere.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let bytes = seed.iter().flat_map(|text| text.bytes().chain([0]));
    for byte in now.as_nanosecond().to_le_bytes().into_iter().chain(bytes) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let count = LETTERS.len() as u64;
    let letter = |_| {
        let at = usize::try_from(hash % count).unwrap_or_default();
        hash /= count;
        LETTERS.get(at).map_or('x', |letter| char::from(*letter))
    };
    (0..5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            context: "kind".into(),
            cluster: "kind".into(),
            user: "admin".into(),
            namespace: None,
            server: "https://127.0.0.1:6443".into(),
        }
    }

    fn change(pod: Value) -> Change {
        Change::of(&PODS, Some("shop"), "d", Edit::Create(pod), "")
    }

    #[test]
    fn only_pods_with_our_label_on_a_node_are_kept() {
        let pod = json!({"metadata": {"labels": labels()}, "spec": {"nodeName": "n1"}});
        let made = DebugPod::made_by(&change(pod.clone()), &identity()).unwrap();
        assert_eq!(
            (made.full_name().as_str(), made.node.as_str(), &made.uid),
            ("shop/d", "n1", &None)
        );
        assert!(made.is_of(&identity()));
        assert!(DebugPod::made_by(&change(pod.clone()).dry(), &identity()).is_none());
        for other in [
            json!({"spec": {"nodeName": "n1"}}),
            json!({"metadata": {"labels": labels()}}),
            json!(null),
        ] {
            assert!(DebugPod::made_by(&change(other), &identity()).is_none());
        }
        let elsewhere = Identity {
            server: "https://other".into(),
            ..identity()
        };
        assert!(!made.is_of(&elsewhere));
    }

    #[test]
    fn another_pod_of_the_name_is_not_the_one() {
        let pod = json!({"metadata": {"labels": labels(), "uid": "u1"}, "spec": {"nodeName": "n1"}});
        let mut made = DebugPod::made_by(&change(pod.clone()), &identity()).unwrap();
        assert_eq!(made.found(&pod).as_deref(), Some("u1"));
        made.uid = Some("u2".into());
        assert_eq!(made.found(&pod), None);
        assert_eq!(made.found(&json!({"metadata": {"uid": "u2"}})), None);
        let delete = made.delete();
        assert_eq!(delete.kubectl, "kubectl delete pod d -n shop --grace-period=1");
        assert_eq!(delete.wire().body["preconditions"], json!({"uid": "u2"}));
    }

    #[test]
    fn suffixes_differ_by_time_and_object() {
        let now: Time = "2026-11-21T05:00:00.5Z".parse().unwrap();
        let one = suffix(now, &["a", "b"]);
        assert!(
            one.len() == 5 && one.bytes().all(|byte| LETTERS.contains(&byte)),
            "{one}"
        );
        assert_eq!(one, suffix(now, &["a", "b"]));
        assert_ne!(one, suffix(now, &["ab", ""]));
        assert_ne!(one, suffix("2026-11-21T05:00:00.6Z".parse().unwrap(), &["a", "b"]));
    }
}
