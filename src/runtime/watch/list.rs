//! The list that a watch begins with, page by page: the first rows do not wait for the last page.

use http::Request;
use kube::client::Body;

use super::decode::Page;
use super::{Closed, Watch, table};
use crate::core::store::{Delta, Part};
use crate::core::trouble::{Trouble, TroubleKind};
use crate::core::watch::{Decoder, Source};
use crate::core::whole::Whole;
use crate::runtime::answer;

/// The first page is small, so that there is something to see; the others are as large as kubectl's.
const FIRST: usize = 100;
const PAGE: usize = 500;

/// How often a list is begun again because its pages expired on the way.
const TRIES: usize = 3;

impl Watch {
    /// Lists a part. Answers the version from which to watch.
    pub(super) async fn list(&self, part: &Part, namespace: Option<&str>) -> Result<Result<String, Trouble>, Closed> {
        if let (Some(name), Decoder::Whole) = (&self.spec.name, &self.spec.decoder) {
            return self.one(part, namespace, name).await;
        }
        let mut tries = 0;
        loop {
            match self.pages(part, namespace).await? {
                Err(trouble) if trouble.kind == TroubleKind::Gone && tries < TRIES => tries += 1,
                ended => return Ok(ended),
            }
        }
    }

    async fn pages(&self, part: &Part, namespace: Option<&str>) -> Result<Result<String, Trouble>, Closed> {
        let mut token: Option<String> = None;
        let mut next = self.page(namespace, None).await;
        let mut deltas = vec![Delta::Listing(part.clone())];
        loop {
            let bytes = match next {
                Ok(bytes) => bytes,
                Err(trouble) => return Ok(Err(trouble)),
            };
            let page: Page = match serde_json::from_slice(&bytes) {
                Ok(page) => page,
                Err(error) => return Ok(Err(self.connected.trouble(&kube::Error::SerdeError(error)))),
            };
            let more = page.metadata.token.clone().filter(|more| !more.is_empty());
            // A server that names the page it just gave would be asked for ever.
            let more = more.filter(|more| token.as_ref() != Some(more));
            let Some(more) = more else {
                deltas.extend(self.reader.page(&page));
                deltas.push(Delta::Listed(part.clone()));
                self.send(deltas).await?;
                return Ok(Ok(page.metadata.resource_version));
            };
            // The next page is on its way while this one is read.
            let ahead = self.page(namespace, Some(&more));
            let shown = async {
                deltas.extend(self.reader.page(&page));
                self.send(std::mem::take(&mut deltas)).await
            };
            let (ahead, shown) = tokio::join!(ahead, shown);
            shown?;
            next = ahead;
            token = Some(more);
        }
    }

    async fn page(&self, namespace: Option<&str>, token: Option<&str>) -> Result<Vec<u8>, Trouble> {
        let limit = if token.is_none() { FIRST } else { PAGE };
        let mut path = format!("{}?limit={limit}{}", self.path(namespace), self.query());
        if let Some(token) = token {
            path.push_str(&format!("&continue={}", crate::core::resource::segment(token)));
        }
        let body = answer::open(&self.connected, self.request(&path)?).await?;
        answer::read(&self.connected, body).await
    }

    pub(super) fn request(&self, path: &str) -> Result<Request<Body>, Trouble> {
        match self.spec.decoder {
            Decoder::Table => answer::get_as(path, table::ACCEPT),
            Decoder::Row(_) | Decoder::Parts(_) | Decoder::Whole | Decoder::Part(_) => answer::get(path),
        }
    }

    /// One whole object, read with a get as kubectl does: the right to list is not needed to see it.
    async fn one(&self, part: &Part, namespace: Option<&str>, name: &str) -> Result<Result<String, Trouble>, Closed> {
        let Source::Cluster(resource) = &self.spec.source else {
            return Ok(Ok(String::new()));
        };
        let path = resource.path(namespace, Some(name));
        let got = async {
            let body = answer::open(&self.connected, self.request(&path)?).await?;
            answer::read(&self.connected, body).await
        };
        let begun = Delta::Listing(part.clone());
        let ended = Delta::Listed(part.clone());
        let bytes = match got.await {
            Ok(bytes) => bytes,
            Err(trouble) if trouble.kind == TroubleKind::NotFound => {
                self.send(vec![begun, ended]).await?;
                // From "now", whatever that is: the object may come.
                return Ok(Ok(String::new()));
            }
            Err(trouble) => return Ok(Err(trouble)),
        };
        let read = std::str::from_utf8(&bytes).ok().map(Whole::read);
        let Some(Ok(object)) = read else {
            return Ok(Err(
                Trouble::new(TroubleKind::NotKubernetes, "trouble.nokubernetes").with("server", &self.connected.server)
            ));
        };
        let version = object.meta().resource_version.to_string();
        self.send(vec![begun, Delta::Apply(object), ended]).await?;
        Ok(Ok(version))
    }
}
