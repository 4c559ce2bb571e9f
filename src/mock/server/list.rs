//! A collection, whole or in pages.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};

use super::accept::{Encoding, Shape};
use super::answer::{encode, partial, row, value_of};
use super::call::Call;
use super::error::ApiError;
use super::list_options;
use crate::mock::kinds::convert;
use crate::mock::print;
use crate::mock::select::{FieldSelector, LabelSelector};
use crate::mock::storage::{Expired, Listing, Object};

/// Which objects of a collection are asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// By labels.
    pub labels: LabelSelector,
    /// By fields.
    pub fields: FieldSelector,
}

impl Selection {
    /// The selectors of a query; a name in the path selects too.
    ///
    /// # Errors
    /// 400 for a selector that cannot be read or a field that is not selectable.
    pub fn of(call: &Call) -> Result<Self, ApiError> {
        let labels = LabelSelector::parse(call.query.get("labelSelector")).map_err(ApiError::bad_request)?;
        let mut fields = call.query.get("fieldSelector").to_owned();
        if !call.name.is_empty() {
            fields = format!("{fields},metadata.name={}", call.name);
        }
        Ok(Self {
            labels,
            fields: FieldSelector::parse(&fields, &call.kind).map_err(ApiError::bad_request)?,
        })
    }

    /// Whether an object is selected.
    #[must_use]
    pub fn matches(&self, object: &Object) -> bool {
        self.labels.matches(object) && self.fields.matches(object)
    }

    fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }
}

/// One page of a collection.
struct Page {
    objects: Vec<Arc<Object>>,
    version: u64,
    more: Option<String>,
    remaining: Option<usize>,
}

/// `list`.
///
/// # Errors
/// 400 for what cannot be read, 410 for versions that are gone, 504 for versions that are still to come.
pub async fn list(call: &Call) -> Result<Response, ApiError> {
    list_options::check(call, false)?;
    let selection = Selection::of(call)?;
    let listing = listing(call).await?;
    let page = page(call, &selection, listing)?;
    Ok(respond(call, page))
}

/// The collection at the version that was asked for, and where to go on in it.
async fn listing(call: &Call) -> Result<(Listing, Option<String>), ApiError> {
    let token = call.query.get("continue");
    if !token.is_empty() {
        let (version, start) = read_token(token)?;
        if !matches!(call.query.get("resourceVersion"), "" | "0") {
            let why = "specifying resource version is not allowed when using continue";
            return Err(ApiError::bad_request(why));
        }
        if version == 0 {
            return Ok((now(call), Some(start)));
        }
        let objects = call
            .api
            .store
            .list_at(&call.kind.table, call.namespace.as_deref(), version);
        let objects = objects.map_err(|_| continue_expired(&start))?;
        return Ok((Listing { objects, version }, Some(start)));
    }
    let asked = call.query.get("resourceVersion");
    let version: u64 = match asked {
        "" => 0,
        text => text.parse().map_err(|_| bad_version(text))?,
    };
    wait_for(call, version).await?;
    if call.query.get("resourceVersionMatch") == "Exact" && version > 0 {
        let objects = call
            .api
            .store
            .list_at(&call.kind.table, call.namespace.as_deref(), version);
        return Ok((
            Listing {
                objects: objects.map_err(list_expired)?,
                version,
            },
            None,
        ));
    }
    Ok((now(call), None))
}

fn now(call: &Call) -> Listing {
    call.api.store.list(&call.kind.table, call.namespace.as_deref())
}

fn bad_version(text: &str) -> ApiError {
    let why = format!("strconv.ParseUint: parsing {text:?}: invalid syntax");
    ApiError::bad_request(format!(
        "invalid resource version: resourceVersion: Invalid value: {text:?}: {why}"
    ))
}

fn list_expired(_: Expired) -> ApiError {
    let message = "The resourceVersion for the provided list is too old.";
    ApiError::new(410, "Expired", message)
}

fn continue_expired(start: &str) -> ApiError {
    let message = "The provided continue parameter is too old to display a consistent list result. You can start a new \
        list without the continue parameter, or use the continue token in this response to retrieve the remainder of \
        the results. Continuing with the provided token results in an inconsistent list - objects that were created, \
        modified, or deleted between the time the first chunk was returned and now may show up in the list.";
    let mut error = ApiError::new(410, "Expired", message);
    error.details = Some(Box::new(json!({"continue": write_token(0, start)})));
    error
}

/// Waits for a version that is still to come, as the watch cache does, at most three seconds.
///
/// # Errors
/// 504 if it does not come.
pub async fn wait_for(call: &Call, version: u64) -> Result<(), ApiError> {
    if version <= call.api.store.version() {
        return Ok(());
    }
    let patience = Duration::from_secs(call.query.number("timeoutSeconds").unwrap_or(3).min(3));
    let mut bell = call.api.store.bell(&call.kind.table);
    let arrived = bell.wait_for(|newest| *newest >= version);
    if tokio::time::timeout(patience, arrived).await.is_ok() {
        return Ok(());
    }
    let message = format!(
        "Timeout: Too large resource version: {version}, current: {}",
        call.api.store.version()
    );
    let mut error = ApiError::new(504, "Timeout", message);
    let cause = json!({"reason": "ResourceVersionTooLarge", "message": "Too large resource version"});
    error.details = Some(Box::new(json!({"causes": [cause], "retryAfterSeconds": 1})));
    Err(error)
}

fn page(call: &Call, selection: &Selection, from: (Listing, Option<String>)) -> Result<Page, ApiError> {
    let (listing, start) = from;
    let version = listing.version;
    let limit = match call.query.number("limit") {
        // At version 0 the watch cache answers, and it knows no pages.
        Some(_) if call.query.get("resourceVersion") == "0" && start.is_none() => usize::MAX,
        None | Some(0) => usize::MAX,
        Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let after = start.unwrap_or_default();
    let mut left = listing
        .objects
        .into_iter()
        .filter(|object| *object.key >= *after)
        .filter(|object| selection.matches(object));
    let objects: Vec<_> = left.by_ref().take(limit).collect();
    let rest = left.count();
    // The next page begins just after the last key of this one.
    let more = objects
        .last()
        .filter(|_| rest > 0)
        .map(|last| write_token(version, &format!("{}\0", last.key)));
    let remaining = (rest > 0 && selection.is_empty()).then_some(rest);
    Ok(Page {
        objects,
        version,
        more,
        remaining,
    })
}

fn write_token(version: u64, start: &str) -> String {
    let version: i64 = if version == 0 {
        -1
    } else {
        i64::try_from(version).unwrap_or(i64::MAX)
    };
    URL_SAFE_NO_PAD.encode(json!({"v": "meta.k8s.io/v1", "rv": version, "start": start}).to_string())
}

/// The version (0: whatever is current) and the key at which a page begins.
fn read_token(token: &str) -> Result<(u64, String), ApiError> {
    let invalid =
        |why: String| ApiError::bad_request(format!("invalid continue token: continue key is not valid: {why}"));
    let bytes = URL_SAFE_NO_PAD.decode(token).or_else(|error| match error {
        // Go accepts stray bits at the end, which the strict decoder refuses.
        base64::DecodeError::InvalidLastSymbol(..) => Ok(whole_part(token)),
        error => Err(invalid(format!(
            "illegal base64 data at input byte {}",
            bad_byte(&error)
        ))),
    })?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| {
        let first = bytes.first().map_or("unexpected end of JSON input".to_owned(), |byte| {
            format!(
                "invalid character '{}' looking for beginning of value",
                char::from(*byte)
            )
        });
        invalid(first)
    })?;
    if value["v"] != "meta.k8s.io/v1" {
        let given = value["v"].as_str().unwrap_or_default();
        return Err(invalid(format!(
            "server does not recognize this encoded version {given}"
        )));
    }
    let start = value["start"].as_str().filter(|start| !start.is_empty());
    let start = start.ok_or_else(|| invalid("encoded start key empty".to_owned()))?;
    Ok((
        u64::try_from(value["rv"].as_i64().unwrap_or(-1)).unwrap_or(0),
        start.to_owned(),
    ))
}

/// What the whole groups of four letters of a token say.
fn whole_part(token: &str) -> Vec<u8> {
    let lenient = base64::engine::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_encode_padding(false);
    let lenient = lenient.with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone);
    base64::engine::GeneralPurpose::new(&base64::alphabet::URL_SAFE, lenient)
        .decode(token)
        .unwrap_or_default()
}

fn bad_byte(error: &base64::DecodeError) -> usize {
    match error {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => *at,
        base64::DecodeError::InvalidLength(length) => length / 4 * 4,
        base64::DecodeError::InvalidPadding => 0,
    }
}

fn respond(call: &Call, page: Page) -> Response {
    let kind = match call.accept.shape {
        Shape::Table => "Table".to_owned(),
        Shape::Metadata => "PartialObjectMetadataList".to_owned(),
        Shape::Object => call.kind.list_kind(),
    };
    let api_version = if call.accept.shape == Shape::Object {
        call.kind.api_version()
    } else {
        call.accept.meta_version().to_owned()
    };
    let mut metadata = Map::new();
    metadata.insert("resourceVersion".to_owned(), page.version.to_string().into());
    let whole = call.accept.shape == Shape::Object;
    if let Some(token) = page.more {
        metadata.insert("continue".to_owned(), token.into());
    } else if whole && call.kind.custom.is_some() {
        // Lists without a type say that nothing follows.
        metadata.insert("continue".to_owned(), "".into());
    }
    if let Some(remaining) = page.remaining {
        metadata.insert("remainingItemCount".to_owned(), remaining.into());
    }
    let mut head = json!({"kind": kind, "apiVersion": api_version, "metadata": metadata});
    let items = match call.accept.shape {
        Shape::Table => {
            head["columnDefinitions"] = print::columns(&call.kind);
            "rows"
        }
        _ => "items",
    };
    if call.accept.encoding == Encoding::Yaml {
        return yaml(call, head, items, &page.objects);
    }
    if call.accept.shape == Shape::Metadata && page.objects.is_empty() {
        head[items] = Value::Null;
        return super::answer::json_response(200, &head);
    }
    let head = head.to_string();
    let open = head.strip_suffix('}').unwrap_or(&head);
    stream(call.clone(), format!("{open},\"{items}\":["), page.objects)
}

fn yaml(call: &Call, mut head: Value, items: &str, objects: &[Arc<Object>]) -> Response {
    head[items] = objects.iter().map(|object| value_item(call, object)).collect();
    if call.accept.shape == Shape::Metadata && objects.is_empty() {
        head[items] = Value::Null;
    }
    super::answer::value_response(
        &Call {
            accept: super::accept::Accept {
                shape: Shape::Object,
                ..call.accept
            },
            ..call.clone()
        },
        200,
        head,
    )
}

fn value_item(call: &Call, object: &Object) -> Value {
    let value = value_of(&call.kind, object);
    match call.accept.shape {
        Shape::Object => value,
        Shape::Metadata => partial(call.accept, &value),
        Shape::Table => row(call, &value),
    }
}

/// One object as an element of a list. Built-in kinds leave their kind and version out there, custom ones keep them.
fn item(call: &Call, object: &Object) -> Bytes {
    match call.accept.shape {
        Shape::Object if call.kind.custom.is_some() => encode(&call.kind, object),
        Shape::Object if convert::converts(&call.kind) => {
            serde_json::to_vec(&convert::served(&call.kind, object.decode()))
                .unwrap_or_default()
                .into()
        }
        Shape::Object => object.body.clone(),
        _ => serde_json::to_vec(&value_item(call, object)).unwrap_or_default().into(),
    }
}

/// The list, written while it is sent: a large one never stands in memory as a whole.
fn stream(call: Call, head: String, objects: Vec<Arc<Object>>) -> Response {
    let head = Bytes::from(head);
    if objects.len() <= 64 {
        let mut whole = head.to_vec();
        for (at, object) in objects.iter().enumerate() {
            if at > 0 {
                whole.push(b',');
            }
            whole.extend_from_slice(&item(&call, object));
        }
        whole.extend_from_slice(b"]}\n");
        return with_type(Body::from(whole));
    }
    let batches: Vec<Vec<Arc<Object>>> = objects.chunks(64).map(<[_]>::to_vec).collect();
    let encoded = futures::stream::iter(batches.into_iter().enumerate()).map(move |(index, batch)| {
        let mut bytes = Vec::new();
        for (at, object) in batch.iter().enumerate() {
            if index + at > 0 {
                bytes.push(b',');
            }
            bytes.extend_from_slice(&item(&call, object));
        }
        Bytes::from(bytes)
    });
    let ends = |bytes: Bytes| futures::stream::iter([bytes]);
    let whole = ends(head).chain(encoded).chain(ends(Bytes::from_static(b"]}\n")));
    with_type(Body::from_stream(whole.map(Ok::<_, std::convert::Infallible>)))
}

fn with_type(body: Body) -> Response {
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
