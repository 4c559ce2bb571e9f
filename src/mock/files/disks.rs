//! The trees that last: containers' own files while they run, volumes for as long as they live.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::images::image;
use super::mounts::Files;
use super::tree::{Node, Tree};
use super::volumes;
use crate::mock::server::Api;

/// Trees by key. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Disks {
    trees: Arc<Mutex<HashMap<String, Tree>>>,
    /// With what containers were started.
    variables: Arc<Mutex<Starts>>,
}

/// Names and values.
pub type Variables = Vec<(String, String)>;
/// By pod's uid and container's name: the run's id, and its variables.
type Starts = HashMap<(String, String), (String, Variables)>;
/// After so many starts it is looked which of them are gone.
const STARTS: usize = 256;

impl Disks {
    /// The key of something that goes with a pod.
    #[must_use]
    pub fn of_pod(uid: &str, what: &str) -> String {
        format!("pod/{uid}/{what}")
    }

    /// The tree of a key, which `make` makes when it is first asked for.
    pub fn keep(&self, key: &str, make: impl FnOnce() -> Node) -> Tree {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        trees.entry(key.to_owned()).or_insert_with(|| Tree::new(make())).clone()
    }

    /// Notes with what a run of a container was started.
    pub fn note(&self, api: &Api, (pod, container): (&str, &str), run: &str, variables: Variables) {
        let mut all = self.variables.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((pod.to_owned(), container.to_owned()), (run.to_owned(), variables));
        if all.len().is_multiple_of(STARTS) {
            let pods = api.store.list("pods", None).objects;
            let alive: std::collections::HashSet<&str> = pods.iter().map(|pod| &*pod.uid).collect();
            all.retain(|(pod, _), _| alive.contains(pod.as_str()));
        }
    }

    /// With what a run of a container was started, if that was noted.
    #[must_use]
    pub fn noted(&self, pod: &str, container: &str, run: &str) -> Option<Variables> {
        let all = self.variables.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, variables) = all.get(&(pod.to_owned(), container.to_owned()))?;
        (known == run).then(|| variables.clone())
    }

    /// Forgets what belongs to pods that are gone.
    fn forget(&self, api: &Api) {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        if !trees.keys().any(|key| key.starts_with("pod/")) {
            return;
        }
        let pods = api.store.list("pods", None).objects;
        let alive: std::collections::HashSet<&str> = pods.iter().map(|pod| &*pod.uid).collect();
        trees.retain(|key, _| {
            let uid = key.strip_prefix("pod/").and_then(|rest| rest.split('/').next());
            uid.is_none_or(|uid| alive.contains(uid))
        });
    }
}

/// The files of a pod's container in the run that its status shows; each run starts from the image.
#[must_use]
pub fn open(api: &Api, pod: &Value, container: &Value, started: &str) -> Files {
    let uid = pod["metadata"]["uid"].as_str().unwrap_or_default();
    let name = container["name"].as_str().unwrap_or_default();
    let image = image(container["image"].as_str().unwrap_or_default());
    let key = Disks::of_pod(uid, &format!("container/{name}/{started}"));
    let known = api.disks.trees.lock().is_ok_and(|trees| trees.contains_key(&key));
    if !known {
        api.disks.forget(api);
    }
    let host = pod["spec"]["hostname"]
        .as_str()
        .or_else(|| pod["metadata"]["name"].as_str())
        .unwrap_or_default();
    let address = pod["status"]["podIP"].as_str().unwrap_or_default();
    let root = api.disks.keep(&key, || {
        let now = started.parse().unwrap_or_else(|_| api.clock.now());
        let mut root = image.root(now);
        let text = |text: String| Node::file(text, 0o644, now);
        root.plant("/etc/hostname", text(format!("{host}\n")), now);
        let hosts = format!("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n{address}\t{host}\n");
        root.plant("/etc/hosts", text(hosts), now);
        let namespace = pod["metadata"]["namespace"].as_str().unwrap_or_default();
        let domain = "svc.cluster.local";
        let resolver =
            format!("search {namespace}.{domain} {domain} cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n");
        root.plant("/etc/resolv.conf", text(resolver), now);
        root
    });
    Files {
        root,
        mounts: volumes::mounts(api, pod, container),
    }
}
