//! One request for a resource, with everything that answering it needs.

use std::sync::Arc;

use bytes::Bytes;

use super::accept::Accept;
use super::api::Api;
use super::auth::User;
use super::media;
use super::query::Query;
use crate::mock::kinds::Kind;
use crate::mock::patch::apply::Claim;

/// A request for a resource that the server serves and the caller may use.
#[derive(Clone, Debug)]
pub struct Call {
    /// The cluster.
    pub api: Api,
    /// The resource.
    pub kind: Arc<Kind>,
    /// The namespace in the path; none for the cluster's scope and for all namespaces.
    pub namespace: Option<String>,
    /// The object's name; empty for collections.
    pub name: String,
    /// The query.
    pub query: Query,
    /// How the answer shall look.
    pub accept: Accept,
    /// Who asks.
    pub user: User,
    /// The body's media type without parameters.
    pub content_type: String,
    /// The client's name, the first part of its User-Agent: the default field manager.
    pub agent: String,
    /// The subresource in the path; empty if there is none.
    pub sub: String,
    /// The body.
    pub body: Bytes,
}

impl Call {
    /// The namespace in the path, empty if there is none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or_default()
    }

    /// Whether nothing shall be stored.
    #[must_use]
    pub fn dry_run(&self) -> bool {
        self.query.all("dryRun").any(|value| value == "All")
    }

    /// Whether the body is applied, in which the managers of fields are told with all else.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.content_type == media::APPLY_PATCH
    }

    /// What a manager claims at a moment by this request.
    #[must_use]
    pub fn claim<'a>(&'a self, now: &'a str, manager: &'a str) -> Claim<'a> {
        Claim {
            kind: &self.kind.kind,
            schema: self.kind.custom.as_ref().map(|custom| &custom.schema),
            manager,
            force: self.query.flag("force"),
            now,
        }
    }

    /// The field manager: the one that the query names, else the client's name.
    #[must_use]
    pub fn manager(&self) -> String {
        match self.query.get("fieldManager") {
            "" => self.agent.clone(),
            named => named.to_owned(),
        }
    }
}

#[cfg(test)]
impl Call {
    /// A request by an administrator for one object, with a body.
    pub fn of(api: &Api, table: &str, name: &str, content_type: &str, body: &serde_json::Value) -> Self {
        use super::accept::{Encoding, Shape};
        Self {
            api: api.clone(),
            kind: api.kinds.of_table(table).unwrap(),
            namespace: Some("default".to_owned()),
            name: name.to_owned(),
            query: Query::default(),
            accept: Accept {
                shape: Shape::Object,
                encoding: Encoding::Json,
                beta: false,
            },
            user: User::named("admin", &["system:masters"]),
            content_type: content_type.to_owned(),
            sub: String::new(),
            agent: "test".to_owned(),
            body: body.to_string().into(),
        }
    }
}
