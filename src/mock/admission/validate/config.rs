//! Config maps, secrets, namespaces: their keys, the types of secrets, finalizers of namespaces.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{list, references, rules, text};
use crate::mock::server::FieldError;
use crate::mock::server::go::json;
use crate::mock::values::sorted;

const KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or \
    'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/// How many bytes the values of a config map or a secret may have.
const MOST: usize = 1_048_576;

/// What is wrong with a key, as `IsConfigMapKey`.
#[must_use]
pub fn key(key: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if key.len() > 253 {
        faults.push("must be no more than 253 characters".to_owned());
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if key.is_empty() || !key.bytes().all(fits) {
        faults.push(KEY.to_owned());
    }
    match key {
        "." | ".." => faults.push(format!("must not be '{key}'")),
        key if key.starts_with("..") => faults.push("must not start with '..'".to_owned()),
        _ => {}
    }
    faults
}

/// Faults of a config map, as `ValidateConfigMap`.
#[must_use]
pub fn map(object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut size = 0;
    for (name, value) in sorted(&object["data"]) {
        let field = format!("data[{name}]");
        faults.extend(rules::each(&field, &name.into(), key(name)));
        if !object["binaryData"][name].is_null() {
            let why = "duplicate of key present in binaryData";
            faults.push(FieldError::invalid(field, &name.into(), why));
        }
        size += text(value).len();
    }
    for (name, value) in sorted(&object["binaryData"]) {
        faults.extend(rules::each(&format!("binaryData[{name}]"), &name.into(), key(name)));
        size += bytes(value).len();
    }
    faults.extend((size > MOST).then(|| FieldError::too_long("[]", MOST)));
    faults
}

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(text(value)).unwrap_or_default()
}

/// Faults of a secret, as `ValidateSecret` and `ValidateSecretUpdate`.
#[must_use]
pub fn secret(old: Option<&Value>, object: &Value) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if let Some(old) = old {
        faults.extend(rules::immutable(&old["type"], &object["type"], "type"));
    }
    let mut size = 0;
    for (name, value) in sorted(&object["data"]) {
        faults.extend(rules::each(&format!("data[{name}]"), &name.into(), key(name)));
        size += bytes(value).len();
    }
    faults.extend((size > MOST).then(|| FieldError::too_long("data", MOST)));
    faults.extend(of_type(object));
    faults
}

/// What a type of secrets wants in them.
fn of_type(secret: &Value) -> Vec<FieldError> {
    let data = &secret["data"];
    let missing = |name: &str| {
        let none = data[name].is_null();
        none.then(|| FieldError::required(format!("data[{name}]"), ""))
    };
    match text(&secret["type"]) {
        "kubernetes.io/service-account-token" => {
            let name = "kubernetes.io/service-account.name";
            let none = text(&secret["metadata"]["annotations"][name]).is_empty();
            let fault = FieldError::required(format!("metadata.annotations[{name}]"), "");
            none.then_some(fault).into_iter().collect()
        }
        "kubernetes.io/dockercfg" => docker(data, ".dockercfg").into_iter().collect(),
        "kubernetes.io/dockerconfigjson" => docker(data, ".dockerconfigjson").into_iter().collect(),
        "kubernetes.io/basic-auth" => match (missing("username"), missing("password")) {
            (Some(name), Some(password)) => vec![name, password],
            _ => Vec::new(),
        },
        "kubernetes.io/ssh-auth" => {
            let none = text(&data["ssh-privatekey"]).is_empty();
            let fault = FieldError::required("data[ssh-privatekey]", "");
            none.then_some(fault).into_iter().collect()
        }
        "kubernetes.io/tls" => [missing("tls.crt"), missing("tls.key")].into_iter().flatten().collect(),
        _ => Vec::new(),
    }
}

/// A file of Docker's is JSON: an object.
fn docker(data: &Value, name: &str) -> Option<FieldError> {
    let field = format!("data[{name}]");
    if data[name].is_null() {
        return Some(FieldError::required(field, ""));
    }
    let why = match json::read(&bytes(&data[name])) {
        Err(why) => why,
        Ok(read) if read.value.is_object() || read.value.is_null() => return None,
        Ok(read) => format!(
            "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            json::type_of(&read.value)
        ),
    };
    Some(FieldError::invalid(field, &"<secret contents redacted>".into(), why))
}

/// Faults of a namespace's own finalizers, as `ValidateNamespace`.
#[must_use]
pub fn namespace(object: &Value) -> Vec<FieldError> {
    let field = "spec.finalizers";
    let finalizers = list(&object["spec"]["finalizers"]);
    finalizers
        .flat_map(|finalizer| {
            let wrong = references::finalizer(finalizer, field).into_iter();
            wrong.chain(references::unqualified(finalizer, field))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::told;
    use super::*;

    #[test]
    fn keys_are_names_of_files() {
        assert!(key("tls.crt").is_empty() && key("_A-b").is_empty());
        assert_eq!(key("a b"), [KEY]);
        assert_eq!(key(".."), ["must not be '..'"]);
        assert_eq!(key("..a"), ["must not start with '..'"]);
        assert_eq!(
            told(map(&json!({"data": {"a": "b"}, "binaryData": {"a": "YQ=="}}))),
            ["data[a]: Invalid value: \"a\": duplicate of key present in binaryData"]
        );
        assert_eq!(
            told(map(&json!({"data": {"a": "x".repeat(MOST + 1)}}))),
            ["[]: Too long: may not be more than 1048576 bytes"]
        );
    }

    #[test]
    fn secrets_hold_what_their_type_says() {
        for (kind, data, said) in [
            ("Opaque", json!({}), vec![]),
            (
                "kubernetes.io/tls",
                json!({"tls.crt": ""}),
                vec!["data[tls.key]: Required value"],
            ),
            (
                "kubernetes.io/basic-auth",
                json!({}),
                vec!["data[username]: Required value", "data[password]: Required value"],
            ),
            (
                "kubernetes.io/dockerconfigjson",
                json!({".dockerconfigjson": "YQ=="}),
                vec![
                    "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'a' looking for \
                    beginning of value",
                ],
            ),
            (
                "kubernetes.io/service-account-token",
                json!({}),
                vec!["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
            ),
        ] {
            assert_eq!(told(secret(None, &json!({"type": kind, "data": data}))), said, "{kind}");
        }
        let changed = secret(Some(&json!({"type": "Opaque"})), &json!({"type": "x"}));
        assert_eq!(told(changed), ["type: Invalid value: \"x\": field is immutable"]);
    }
}
