//! Kinds that are questions: reviews of access and identity, and tokens. Nothing of them is stored.

use axum::response::Response;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::answer::json_response;
use super::auth::User;
use super::call::Call;
use super::error::{ApiError, FieldError};
use super::rbac::{self, Attempt, allowed};
use super::{body, get};
use crate::mock::clock::rfc3339;
use crate::mock::kinds::Kind;

/// Whether a kind is a question.
#[must_use]
pub fn is_review(kind: &Kind) -> bool {
    matches!(kind.group.as_str(), "authorization.k8s.io" | "authentication.k8s.io")
}

/// The answer to a review.
///
/// # Errors
/// 404 for a review that this server does not answer.
pub fn review(call: &Call, mut asked: Value) -> Result<Value, ApiError> {
    let kind = call.kind.kind.as_str();
    check(call, &asked)?;
    let status = match kind {
        "SelfSubjectAccessReview" => json!({"allowed": allowed(&call.api, &call.user, &attempt(&asked["spec"]))}),
        "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            json!({"allowed": allowed(&call.api, &subject(&asked["spec"]), &attempt(&asked["spec"]))})
        }
        "SelfSubjectRulesReview" => rules(call, asked["spec"]["namespace"].as_str().unwrap_or_default()),
        "SelfSubjectReview" => json!({"userInfo": call.user.info()}),
        "TokenReview" => token_review(call, &asked),
        _ => return Err(ApiError::no_such_resource()),
    };
    let mut metadata = json!({});
    if kind == "SelfSubjectReview" {
        metadata["creationTimestamp"] = rfc3339(call.api.clock.now()).into();
    }
    let mut answer = json!({"kind": kind, "apiVersion": call.kind.api_version(), "metadata": metadata});
    match kind {
        "SelfSubjectReview" => {}
        "SelfSubjectRulesReview" => answer["spec"] = json!({}),
        _ => answer["spec"] = asked["spec"].take(),
    }
    answer["status"] = status;
    Ok(answer)
}

/// The rules of reviews of access: `ValidateSubjectAccessReviewSpec` and its like.
fn check(call: &Call, asked: &Value) -> Result<(), ApiError> {
    let (kind, spec) = (call.kind.kind.as_str(), &asked["spec"]);
    if kind == "SelfSubjectRulesReview" && spec["namespace"].as_str().unwrap_or_default().is_empty() {
        return Err(ApiError::bad_request("no namespace on request"));
    }
    if !kind.ends_with("AccessReview") {
        return Ok(());
    }
    let (resource, path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    let text = |value: &Value| Value::from(value.as_str().unwrap_or_default());
    let shown = json!({"Path": text(&path["path"]), "Verb": text(&path["verb"])});
    let mut faults = Vec::new();
    match (resource.is_object(), path.is_object()) {
        (true, true) => {
            let why = "cannot be specified in combination with resourceAttributes";
            faults.push(FieldError::invalid("spec.nonResourceAttributes", &shown, why));
        }
        (false, false) => {
            let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            faults.push(FieldError::invalid("spec.resourceAttributes", &Value::Null, why));
        }
        _ => {}
    }
    let some = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    if kind != "SelfSubjectAccessReview" && text(&spec["user"]) == "" && !some(&spec["groups"]) {
        let why = "at least one of user or group must be specified";
        faults.push(FieldError::invalid("spec.user", &"".into(), why));
    }
    if kind == "LocalSubjectAccessReview" {
        let given = text(&resource["namespace"]);
        if resource.is_object() && given != call.namespace() {
            let (field, why) = ("spec.resourceAttributes.namespace", "must match metadata.namespace");
            faults.push(FieldError::invalid(field, &given, why));
        }
        if path.is_object() {
            let why = "disallowed on this kind of request";
            faults.push(FieldError::invalid("spec.nonResourceAttributes", &shown, why));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid(&call.kind.group, "", "", &faults))
}

fn subject(spec: &Value) -> User {
    let groups: Vec<&str> = spec["groups"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    User {
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..User::named(spec["user"].as_str().unwrap_or_default(), &[])
    }
}

fn attempt(spec: &Value) -> Attempt {
    let (resource, path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let sub = text(&resource["subresource"]);
    let plural = text(&resource["resource"]);
    Attempt {
        verb: text(if path.is_object() {
            &path["verb"]
        } else {
            &resource["verb"]
        }),
        group: text(&resource["group"]),
        resource: if sub.is_empty() {
            plural
        } else {
            format!("{plural}/{sub}")
        },
        namespace: text(&resource["namespace"]),
        name: text(&resource["name"]),
        path: text(&path["path"]),
    }
}

fn token_review(call: &Call, asked: &Value) -> Value {
    let token = asked["spec"]["token"].as_str().unwrap_or_default();
    match call.api.users.authenticate(Some(&format!("Bearer {token}")), None) {
        Ok(user) => json!({"authenticated": true, "user": user.info()}),
        Err(_) => json!({"user": {}, "error": "invalid bearer token"}),
    }
}

/// What a user may do in a namespace: the roles' rules, and what everybody may.
fn rules(call: &Call, namespace: &str) -> Value {
    let everybody = [
        json!({"verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
            "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]}),
        json!({"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]}),
    ];
    let own = rbac::rules(&call.api, &call.user, namespace)
        .into_iter()
        .filter(|rule| rule["resources"].is_array());
    let all = json!([{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]);
    let master = call.user.groups.iter().any(|group| group == "system:masters");
    let master = all.as_array().filter(|_| master).cloned().unwrap_or_default();
    let rules: Vec<Value> = master.into_iter().chain(own).chain(everybody).collect();
    let paths = json!([
        {"verbs": ["get"], "nonResourceURLs": ["/.well-known", "/.well-known/*"]},
        {"verbs": ["get"], "nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi",
            "/openapi/*", "/readyz", "/version", "/version/"]},
        {"verbs": ["get"], "nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"]},
    ]);
    json!({"resourceRules": rules, "nonResourceRules": paths, "incomplete": false})
}

/// The rules of `ValidateTokenRequest`, and what a token may be bound to.
fn check_token(call: &Call, asked: &Value) -> Result<(), ApiError> {
    let refuse = |name: &str, fault: FieldError| {
        let error = ApiError::invalid("authentication.k8s.io", "TokenRequest", name, &[fault]);
        Err(error)
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = text(&asked["metadata"]["name"]);
    if !name.is_empty() && name != call.name {
        let why = "must match the service account name if specified";
        return refuse(&call.name, FieldError::invalid("metadata.name", &name.into(), why));
    }
    let seconds = &asked["spec"]["expirationSeconds"];
    let why = match seconds.as_i64() {
        Some(given) if given < 600 => Some("may not specify a duration less than 10 minutes"),
        Some(given) if given > 1 << 32 => Some("may not specify a duration larger than 2^32 seconds"),
        _ => None,
    };
    if let Some(why) = why {
        return refuse("", FieldError::invalid("spec.expirationSeconds", seconds, why));
    }
    let bound = &asked["spec"]["boundObjectRef"];
    if !bound.is_object() {
        return Ok(());
    }
    let (version, kind, name) = (text(&bound["apiVersion"]), text(&bound["kind"]), text(&bound["name"]));
    let (table, namespace) = match (version.as_str(), kind.as_str()) {
        ("v1", "Pod") => ("pods", call.namespace()),
        ("v1", "Secret") => ("secrets", call.namespace()),
        ("v1", "Node") => ("nodes", ""),
        _ => {
            let (group, version) = version.split_once('/').unwrap_or(("", &version));
            let why = format!("cannot bind token to object of type {group}/{version}, Kind={kind}");
            return Err(ApiError::bad_request(why));
        }
    };
    match (
        call.api.store.get(table, namespace, &name),
        call.api.kinds.of_table(table),
    ) {
        (None, Some(kind)) => Err(ApiError::not_found(&kind, &name)),
        _ => Ok(()),
    }
}

/// `serviceaccounts/token`: a token that works here until the server stops.
///
/// # Errors
/// 404.
pub fn token(call: &Call) -> Result<Response, ApiError> {
    let asked = body::parse_as(call, "TokenRequest")?;
    let account = get::find(call)?;
    check_token(call, &asked)?;
    let seconds = asked["spec"]["expirationSeconds"].as_i64().unwrap_or(3600);
    let now = call.api.clock.now();
    let token = format!("mock.{}.{}", call.api.ids.uid(), call.api.ids.suffix(20));
    let name = format!("system:serviceaccount:{}:{}", call.namespace(), call.name);
    let group = format!("system:serviceaccounts:{}", call.namespace());
    call.api
        .users
        .add(&token, User::named(&name, &["system:serviceaccounts", &group]));
    let audiences = match asked["spec"]["audiences"].as_array() {
        Some(audiences) if !audiences.is_empty() => json!(audiences),
        _ => json!(["https://kubernetes.default.svc"]),
    };
    let metadata = json!({"name": call.name, "namespace": call.namespace(), "uid": *account.uid, "creationTimestamp": rfc3339(now)});
    Ok(json_response(
        201,
        &json!({
            "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": metadata,
            "spec": {"audiences": audiences, "expirationSeconds": seconds, "boundObjectRef": asked["spec"]["boundObjectRef"]},
            "status": {"token": token, "expirationTimestamp": rfc3339(now + SignedDuration::from_secs(seconds))},
        }),
    ))
}
