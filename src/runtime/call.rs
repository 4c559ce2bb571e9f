//! From a request to its outcome. The one place where requests become calls, and so the one that refuses changes.

use serde_json::Value;

use super::client::Connected;
use super::{answer, open_api};
use crate::core::outcome::Outcome;
use crate::core::request::Request;
use crate::core::resource::{Resource, segment};
use crate::core::trouble::{Trouble, TroubleKind};

/// Makes the call. In read-only mode a request that changes the cluster is refused before anything is sent.
pub async fn call(connected: &Connected, request: Request, read_only: bool) -> Outcome {
    if read_only && request.mutates() {
        return Outcome::Failed(Trouble::new(TroubleKind::ReadOnly, "trouble.readonly"));
    }
    let changes = matches!(&request, Request::Change(change) if !change.dry_run);
    match carry_out(connected, request).await {
        Ok(outcome) => outcome,
        Err(trouble) if changes => Outcome::Failed(trouble.of_change()),
        Err(trouble) => Outcome::Failed(trouble),
    }
}

async fn carry_out(connected: &Connected, request: Request) -> Result<Outcome, Trouble> {
    let sent = match &request {
        Request::Explain { resource, fields } => {
            let explained = open_api::explain(connected, resource, fields).await?;
            return Ok(Outcome::Explained(Box::new(explained)));
        }
        Request::Get {
            resource,
            namespace,
            name,
        } => answer::get(&resource.path(namespace.as_deref(), Some(name))),
        Request::Scale {
            resource,
            namespace,
            name,
        } => answer::get(&format!("{}/scale", resource.path(namespace.as_deref(), Some(name)))),
        Request::List {
            resource,
            namespace,
            labels,
            fields,
        } => answer::get(&list_path(
            resource,
            namespace.as_deref(),
            labels.as_deref(),
            fields.as_deref(),
        )),
        Request::Review { need, namespace } => {
            answer::send("POST", REVIEWS, "application/json", &need.review(namespace.as_deref()))
        }
        Request::Change(change) => {
            let wire = change.wire();
            answer::send(wire.method, &wire.path, wire.content, &wire.body)
        }
        Request::Log { .. } => answer::get(&log_path(&request)),
        Request::Version => answer::get("/version"),
    }?;
    let body = answer::open(connected, sent).await?;
    let bytes = answer::read(connected, body).await?;
    if matches!(request, Request::Log { .. }) {
        return Ok(Outcome::Text(String::from_utf8_lossy(&bytes).into_owned()));
    }
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| connected.trouble(&kube::Error::SerdeError(error)))?;
    Ok(Outcome::Object(Box::new(value)))
}

/// Where the person's own rights are asked for.
const REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

fn list_path(resource: &Resource, namespace: Option<&str>, labels: Option<&str>, fields: Option<&str>) -> String {
    let selectors = [("labelSelector", labels), ("fieldSelector", fields)];
    let given = selectors
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", segment((*value)?))));
    let query: Vec<String> = given.collect();
    let path = resource.path(namespace, None);
    if query.is_empty() {
        path
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// The most of a log's end that is read, in bytes.
const LOG_BYTES: usize = 64 << 10;

fn log_path(request: &Request) -> String {
    let Request::Log {
        namespace,
        pod,
        container,
        previous,
        tail,
    } = request
    else {
        return String::new();
    };
    let [namespace, pod, container] = [namespace, pod, container].map(|text| segment(text));
    let previous = if *previous { "&previous=true" } else { "" };
    format!(
        "/api/v1/namespaces/{namespace}/pods/{pod}/log?container={container}&tailLines={tail}&limitBytes={LOG_BYTES}{previous}"
    )
}

/// The server's version, such as `v1.36.2`.
pub async fn version(connected: &Connected) -> Result<String, Trouble> {
    match carry_out(connected, Request::Version).await? {
        Outcome::Object(value) => match value.get("gitVersion").and_then(serde_json::Value::as_str) {
            Some(version) => Ok(crate::core::text::clean(version).into_owned()),
            None => {
                Err(Trouble::new(TroubleKind::NotKubernetes, "trouble.nokubernetes").with("server", &connected.server))
            }
        },
        Outcome::Failed(trouble) => Err(trouble),
        _ => Ok(String::new()),
    }
}
