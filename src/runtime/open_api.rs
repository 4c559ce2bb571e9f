//! The server's OpenAPI v3 documents: fetched when a field of their group and version is first asked for, and kept as long
//! as the connection.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::answer;
use super::client::Connected;
use crate::core::resource::Resource;
use crate::core::schema::{Explanation, Schemas};
use crate::core::trouble::{Trouble, TroubleKind};

/// The documents that were fetched, by group and version.
#[derive(Default)]
pub struct Documents {
    known: Mutex<HashMap<String, Arc<Schemas>>>,
}

/// `/openapi/v3`: where the document of each group and version is.
#[derive(Deserialize)]
struct Index {
    #[serde(default)]
    paths: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(rename = "serverRelativeURL", default)]
    address: String,
}

/// What is kept of a document of megabytes: its types, without its paths.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    components: Components,
}

#[derive(Default, Deserialize)]
struct Components {
    #[serde(default)]
    schemas: Map<String, Value>,
}

/// What a field is. Fails where the server has no OpenAPI v3, or does not tell of the kind.
pub async fn explain(connected: &Connected, resource: &Resource, path: &[String]) -> Result<Explanation, Trouble> {
    let place = match &*resource.group {
        "" => format!("api/{}", resource.version),
        group => format!("apis/{group}/{}", resource.version),
    };
    let kind = (&*resource.group, &*resource.version, &*resource.kind);
    // The lock is held while a document is fetched: whoever asks for the same waits for it instead of fetching it again.
    let mut known = connected.documents.known.lock().await;
    let explained = known.get(&place).and_then(|schemas| schemas.explain(kind, path));
    if let Some(explained) = explained {
        return Ok(explained);
    }
    // A kind that is not in the document may have been defined since.
    let schemas = Arc::new(fetch(connected, &place, resource).await?);
    known.insert(place, schemas.clone());
    schemas.explain(kind, path).ok_or_else(|| unknown(resource))
}

async fn fetch(connected: &Connected, place: &str, resource: &Resource) -> Result<Schemas, Trouble> {
    let index: Index = match read(connected, "/openapi/v3").await {
        Err(trouble) if trouble.kind == TroubleKind::NotFound => {
            return Err(Trouble::new(TroubleKind::NotFound, "trouble.no_openapi").with("server", &connected.server));
        }
        index => index?,
    };
    let is_path = |address: &&str| address.starts_with('/') && !address.starts_with("//");
    let address = index.paths.get(place).map(|place| &*place.address).filter(is_path);
    let document: Document = read(connected, address.ok_or_else(|| unknown(resource))?).await?;
    Ok(Schemas(document.components.schemas))
}

/// Reads an answer as JSON, away from the threads that serve everything else.
async fn read<T: DeserializeOwned + Send + 'static>(connected: &Connected, path: &str) -> Result<T, Trouble> {
    let body = answer::open(connected, answer::get(path)?).await?;
    let bytes = answer::read(connected, body).await?;
    let parsed = tokio::task::spawn_blocking(move || serde_json::from_slice(&bytes)).await;
    let parsed = parsed.map_err(|_| Trouble::new(TroubleKind::Other, "trouble.other"))?;
    parsed.map_err(|error| connected.trouble(&kube::Error::SerdeError(error)))
}

fn unknown(resource: &Resource) -> Trouble {
    Trouble::new(TroubleKind::NotFound, "trouble.no_schema").with("kind", resource.full_name())
}
