//! Finds the pod that a forward leads to, and notices when it goes.

use std::time::Duration;

use http_body_util::BodyExt;
use serde_json::Value;

use crate::core::forward::{NoPort, is_alive, pick, pods_of, port_of, refused, service_port};
use crate::core::reference::Reference;
use crate::core::resource::segment;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::relations::kinds::{self, POD};
use crate::runtime::answer;
use crate::runtime::client::Connected;
use crate::runtime::watch::Lines;

/// How long is waited before a pod is looked at again where it cannot be watched.
const PAUSE: Duration = Duration::from_secs(5);

/// A pod that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name.
    pub pod: String,
    /// Its uid: another one of this name is another pod.
    pub uid: String,
    /// The port.
    pub port: u16,
    /// The workload that will have another pod when this one goes.
    pub heir: Option<Reference>,
}

async fn get(connected: &Connected, path: &str) -> Result<Value, Trouble> {
    let body = answer::open(connected, answer::get(path)?).await?;
    let bytes = answer::read(connected, body).await?;
    serde_json::from_slice(&bytes).map_err(|error| connected.trouble(&kube::Error::SerdeError(error)))
}

async fn object(connected: &Connected, reference: &Reference) -> Result<Value, Trouble> {
    let path = reference
        .resource
        .path(reference.namespace.as_deref(), Some(&reference.name));
    get(connected, &path).await
}

/// The pod for a port of an object.
///
/// # Errors
/// Why there is none now, or never will be.
pub async fn find(connected: &Connected, to: &Reference, remote: &str) -> Result<Found, Trouble> {
    let whole = object(connected, to).await?;
    if let Some(key) = refused(&whole) {
        let id = if key == "forward_headless" {
            "trouble.forward_headless"
        } else {
            "trouble.forward_external"
        };
        return Err(Trouble::new(TroubleKind::Invalid, id).with("name", &to.name));
    }
    let is_service = to.resource.kind == "Service" && to.resource.group.is_empty();
    let remote = if is_service {
        service_port(&whole, remote).map_err(|why| no_port(to, &why))?
    } else {
        remote.to_string()
    };
    let pod = if to.resource.is_same_kind(&POD) {
        whole
    } else {
        one_of(connected, to, &whole).await?
    };
    if !is_alive(&pod) {
        return Err(no_pod(to));
    }
    let text = |pointer: &str| {
        pod.pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_string()
    };
    Ok(Found {
        pod: text("/metadata/name"),
        uid: text("/metadata/uid"),
        port: port_of(&pod, &remote).map_err(|why| no_port(to, &why))?,
        heir: if to.resource.is_same_kind(&POD) {
            heir(connected, to, &pod).await
        } else {
            None
        },
    })
}

async fn one_of(connected: &Connected, to: &Reference, whole: &Value) -> Result<Value, Trouble> {
    let labels = pods_of(to, whole).ok_or_else(|| no_pod(to))?;
    let path = format!(
        "{}?labelSelector={}",
        POD.path(to.namespace.as_deref(), None),
        segment(&labels)
    );
    let mut list = get(connected, &path).await?;
    let pods = match list.get_mut("items").map(Value::take) {
        Some(Value::Array(pods)) => pods,
        _ => Vec::new(),
    };
    pick(&pods).cloned().ok_or_else(|| no_pod(to))
}

/// The workload of a pod: of a deployment's pod the deployment, for its replica sets come and go.
async fn heir(connected: &Connected, of: &Reference, pod: &Value) -> Option<Reference> {
    let owner = controller(of, pod)?;
    if owner.resource.kind != "ReplicaSet" {
        return Some(owner);
    }
    let above = object(connected, &owner).await.ok();
    Some(above.and_then(|set| controller(of, &set)).unwrap_or(owner))
}

fn controller(of: &Reference, object: &Value) -> Option<Reference> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let owner = owners
        .iter()
        .find(|owner| owner.get("controller") == Some(&Value::Bool(true)))?;
    let text = |key: &str| owner.get(key).and_then(Value::as_str).unwrap_or_default();
    let group = text("apiVersion").split_once('/').map_or("", |(group, _)| group);
    let known = kinds::known(group, text("kind"))?;
    let takes = crate::core::forward::can_be_forwarded_to(&known.group, &known.kind);
    takes.then(|| Reference::to(known, of.namespace.as_deref().unwrap_or_default(), text("name")))
}

fn full_name(to: &Reference) -> String {
    format!("{}/{}", to.resource.singular(), to.name)
}

fn no_pod(to: &Reference) -> Trouble {
    Trouble::new(TroubleKind::NotFound, "trouble.forward_no_pod").with("name", full_name(to))
}

fn no_port(to: &Reference, why: &NoPort) -> Trouble {
    let (id, port) = match why {
        NoPort::Unknown(port) => ("trouble.forward_no_port", port),
        NoPort::NotTcp(port) => ("trouble.forward_not_tcp", port),
    };
    Trouble::new(TroubleKind::Invalid, id)
        .with("name", full_name(to))
        .with("port", port)
}

/// Waits until the pod has gone, is going, or runs no more.
pub async fn gone(connected: &Connected, namespace: &str, found: &Found) {
    let reference = Reference::to(&POD, namespace, &found.pod);
    loop {
        match object(connected, &reference).await {
            Ok(pod) if !is_same(&pod, found) => return,
            Err(trouble) if trouble.kind == TroubleKind::NotFound => return,
            Ok(_) => {
                if watch(connected, namespace, found).await {
                    return;
                }
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn is_same(pod: &Value, found: &Found) -> bool {
    pod.pointer("/metadata/uid").and_then(Value::as_str) == Some(&found.uid) && is_alive(pod)
}

/// Watches the pod for a minute. Answers whether it has gone; where it may not be watched, it is looked at again later.
async fn watch(connected: &Connected, namespace: &str, found: &Found) -> bool {
    let field = segment(&format!("metadata.name={}", found.pod));
    let path = format!(
        "{}?watch=true&timeoutSeconds=60&fieldSelector={field}",
        POD.path(Some(namespace), None)
    );
    let opened = match answer::get(&path) {
        Ok(request) => answer::open(connected, request).await,
        Err(trouble) => Err(trouble),
    };
    let Ok(body) = opened else {
        tokio::time::sleep(PAUSE).await;
        return false;
    };
    let mut body = std::pin::pin!(body);
    let mut lines = Lines::default();
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else { continue };
        if lines.push(&data).is_err() {
            return false;
        }
        while let Some(line) = lines.next_line() {
            let Ok(event) = serde_json::from_slice::<Value>(&line) else {
                continue;
            };
            let kind = event.get("type").and_then(Value::as_str);
            let pod = event.get("object").unwrap_or(&Value::Null);
            match kind {
                Some("DELETED") => return true,
                Some("ADDED" | "MODIFIED") if !is_same(pod, found) => return true,
                Some("ERROR") => return false,
                _ => {}
            }
        }
    }
    false
}
