//! Where not all namespaces may be listed: those that may.

use futures::stream::{self, StreamExt};
use serde_json::Value;

use super::{Closed, Watch};
use crate::core::jump::Scope;
use crate::core::store::{Delta, Part};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::core::watch::Source;
use crate::runtime::answer;

/// How many namespaces are tried at a time, and at most.
const AT_ONCE: usize = 8;
const MOST: usize = 200;

impl Watch {
    /// Whether a refusal is one of all namespaces, for which single ones can be tried.
    pub(super) fn may_narrow(&self, trouble: &Trouble, part: &Part, namespace: Option<&str>, listed: bool) -> bool {
        let namespaced = matches!(&self.spec.source, Source::Cluster(resource) if resource.namespaced);
        trouble.kind == TroubleKind::Forbidden
            && namespaced
            && part.is_none()
            && namespace.is_none()
            && !listed
            && self.spec.name.is_none()
            && self.spec.scope == Scope::All
    }

    /// Watches the namespaces that may be listed, and says which; where there is none, the refusal stands.
    pub(super) async fn narrow(&self, trouble: Trouble) -> Result<(), Closed> {
        let mut candidates = self.namespaces().await.unwrap_or_default();
        candidates.extend(self.candidates.iter().cloned());
        candidates.sort();
        candidates.dedup();
        candidates.truncate(MOST);
        let tried = stream::iter(candidates).map(|name| async move { self.may_list(&name).await.then_some(name) });
        let mut allowed: Vec<String> = tried
            .buffer_unordered(AT_ONCE)
            .filter_map(|name| async { name })
            .collect()
            .await;
        allowed.sort();
        if allowed.is_empty() {
            self.send(vec![Delta::Stale(None, trouble)]).await?;
            tokio::time::sleep(super::PATIENCE).await;
            return self.part(None, None).await;
        }
        self.send(vec![Delta::Narrowed(allowed.clone())]).await?;
        self.parts(&allowed).await
    }

    async fn may_list(&self, namespace: &str) -> bool {
        let path = format!("{}?limit=1{}", self.path(Some(namespace)), self.query());
        match self.request(&path) {
            Ok(request) => answer::open(&self.connected, request).await.is_ok(),
            Err(_) => false,
        }
    }

    /// The cluster's namespaces, where they may be listed.
    async fn namespaces(&self) -> Result<Vec<String>, Trouble> {
        let body = answer::open(&self.connected, self.request("/api/v1/namespaces?limit=500")?).await?;
        let bytes = answer::read(&self.connected, body).await?;
        let list: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let items = list.get("items").and_then(Value::as_array).into_iter().flatten();
        Ok(items
            .filter_map(|item| item.pointer("/metadata/name")?.as_str())
            .map(str::to_string)
            .collect())
    }
}
