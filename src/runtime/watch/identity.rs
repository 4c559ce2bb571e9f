//! Whether a server that answers again is of the cluster that a watch began with. A cluster that was made anew at the
//! same address knows nothing of the versions of the old one: a watch from a version that it has not reached yet stays
//! silent, and says nothing of the rows that are no more.

use http::Response;
use kube::client::Body;

use super::Watch;
use super::decode::Page;
use crate::core::trouble::{Trouble, TroubleKind};
use crate::runtime::answer;

/// Names the flow schema that the request fell under, by its uid: each cluster has made its own (priority and fairness
/// of Kubernetes, always on since 1.29).
const SCHEMA: &str = "x-kubernetes-pf-flowschema-uid";

/// What the watch of a part knows of its server.
#[derive(Default)]
pub(super) struct Server {
    schema: Option<String>,
    lost: bool,
}

impl Server {
    /// The connection was lost: whoever answers next may be another one.
    pub(super) fn lose(&mut self) {
        self.lost = true;
    }

    /// Whether whoever answers next may be another one.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    /// Takes in the answer to a watch. Answers whether it is of another cluster than the one before the connection was
    /// lost.
    pub(super) fn is_another(&mut self, answer: &Response<Body>) -> bool {
        let said = answer.headers().get(SCHEMA).and_then(|said| said.to_str().ok());
        let lost = std::mem::take(&mut self.lost);
        let Some(said) = said.filter(|said| !said.is_empty()) else {
            return false;
        };
        let before = self.schema.replace(said.to_string());
        lost && before.is_some_and(|before| before != said)
    }
}

impl Watch {
    /// Whether the server is behind the version that it is to be watched from: then that one is of another cluster.
    /// Versions that are no numbers say nothing.
    pub(super) async fn is_behind(&self, namespace: Option<&str>, version: &str) -> Result<bool, Trouble> {
        let Ok(known) = version.parse::<u64>() else {
            return Ok(false);
        };
        // Without a version, a list is as new as the server's storage.
        let path = format!("{}?limit=1{}", self.path(namespace), self.query());
        let body = answer::open(&self.connected, self.request(&path)?).await?;
        let bytes = answer::read(&self.connected, body).await?;
        let page: Page = serde_json::from_slice(&bytes).map_err(|_| {
            Trouble::new(TroubleKind::NotKubernetes, "trouble.nokubernetes").with("server", &self.connected.server)
        })?;
        Ok(page.metadata.resource_version.parse().is_ok_and(|now: u64| now < known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(schema: Option<&str>) -> Response<Body> {
        let answer = Response::builder();
        let answer = schema
            .into_iter()
            .fold(answer, |answer, schema| answer.header(SCHEMA, schema));
        answer.body(Body::empty()).unwrap()
    }

    #[test]
    fn another_cluster_is_told_after_the_connection_was_lost_only() {
        for (before, lost, after, another) in [
            (Some("a"), true, Some("b"), true),
            (Some("a"), true, Some("a"), false),
            // Its administrator made the schema anew.
            (Some("a"), false, Some("b"), false),
            (None, true, Some("b"), false),
            (Some("a"), true, None, false),
            (Some("a"), true, Some(""), false),
        ] {
            let mut server = Server::default();
            assert!(!server.is_another(&answer(before)));
            if lost {
                server.lose();
            }
            assert_eq!(server.is_another(&answer(after)), another, "{before:?} {after:?}");
            assert!(!server.is_lost());
        }
    }
}
