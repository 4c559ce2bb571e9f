//! `ExecCredential`, the words between a client and its credential plugin.

use jiff::Timestamp;
use kube::config::ExecAuthCluster;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The versions of `client.authentication.k8s.io` that clients still speak (v1alpha1 went with 1.24).
pub const VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    api_version: &'a str,
    kind: &'static str,
    spec: InputSpec<'a>,
}

#[derive(Serialize)]
struct InputSpec<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a ExecAuthCluster>,
    interactive: bool,
}

/// The value of `KUBERNETES_EXEC_INFO`: never interactive, with the cluster if the plugin asks for it.
pub fn input(api_version: &str, cluster: Option<&ExecAuthCluster>) -> String {
    let input = Input {
        api_version,
        kind: "ExecCredential",
        spec: InputSpec {
            cluster,
            interactive: false,
        },
    };
    serde_json::to_string(&input).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    client_certificate_data: Option<String>,
    #[serde(default)]
    client_key_data: Option<String>,
    #[serde(default)]
    expiration_timestamp: Option<String>,
}

/// What a plugin gave. Debug output shows none of it.
#[derive(Debug)]
pub struct ExecCredential {
    /// The bearer token.
    pub token: Option<SecretString>,
    /// The client certificate chain and its key, PEM.
    pub identity: Option<(String, SecretString)>,
    /// When to ask again; `None`: only when the server refuses it.
    pub expires: Option<Timestamp>,
}

/// Reads what a plugin printed: JSON, or YAML, as client-go's decoder takes both. The version must be the one asked
/// for, as in `exec.Authenticator.refreshCredsLocked`.
///
/// # Errors
/// What is wrong, without quoting it.
pub fn parse(stdout: &[u8], api_version: &str) -> Result<ExecCredential, String> {
    let text = std::str::from_utf8(stdout).map_err(|_| "its output is not UTF-8".to_owned())?;
    if text.trim().is_empty() {
        return Err("it printed nothing".to_owned());
    }
    let output: Output = serde_yaml::from_str(text).map_err(|_| "its output is not an ExecCredential".to_owned())?;
    if output.kind != "ExecCredential" {
        return Err("its output is not an ExecCredential".to_owned());
    }
    if output.api_version != api_version {
        return Err(format!("it answered with {}, not {api_version}", output.api_version));
    }
    let status = output.status.ok_or("the ExecCredential has no status")?;
    let secret = |text: String| (!text.is_empty()).then(|| SecretString::from(text));
    let token = status.token.and_then(secret);
    let certificate = status.client_certificate_data.filter(|pem| !pem.is_empty());
    let key = status.client_key_data.and_then(secret);
    let identity = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        (Some(_), None) => return Err("it gave a certificate without its key".to_owned()),
        (None, Some(_)) => return Err("it gave a key without its certificate".to_owned()),
    };
    if token.is_none() && identity.is_none() {
        return Err("it gave neither a token nor a certificate".to_owned());
    }
    let expires = match status.expiration_timestamp.filter(|text| !text.is_empty()) {
        Some(text) => Some(
            text.parse()
                .map_err(|_| "its expirationTimestamp is not a time".to_owned())?,
        ),
        None => None,
    };
    Ok(ExecCredential {
        token,
        identity,
        expires,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const V1: &str = VERSIONS[0];

    #[test]
    fn json_and_yaml_are_read() {
        let json = format!(
            r#"{{"apiVersion":"{V1}","kind":"ExecCredential","status":{{"token":"hunter2","expirationTimestamp":"2030-01-01T00:00:00Z"}}}}"#
        );
        let yaml = format!(
            "apiVersion: {V1}\nkind: ExecCredential\nstatus:\n  token: hunter2\n  expirationTimestamp: \"2030-01-01T00:00:00Z\"\n"
        );
        for text in [json, yaml] {
            let got = parse(text.as_bytes(), V1).unwrap();
            assert_eq!(got.token.as_ref().unwrap().expose_secret(), "hunter2");
            assert_eq!(got.expires.unwrap().to_string(), "2030-01-01T00:00:00Z");
            assert!(!format!("{got:?}").contains("hunter2"));
        }
    }

    #[test]
    fn bad_output_is_told_without_quoting_it() {
        let with = |status: &str| format!(r#"{{"apiVersion":"{V1}","kind":"ExecCredential"{status}}}"#);
        for (text, want) in [
            (String::new(), "nothing"),
            ("hunter2".to_owned(), "not an ExecCredential"),
            (
                r#"{"kind":"Status","apiVersion":"v1"}"#.to_owned(),
                "not an ExecCredential",
            ),
            (with(""), "no status"),
            (with(r#","status":{}"#), "neither"),
            (with(r#","status":{"token":""}"#), "neither"),
            (with(r#","status":{"token":["hunter2"]}"#), "not an ExecCredential"),
            (
                with(r#","status":{"clientCertificateData":"hunter2"}"#),
                "without its key",
            ),
            (
                with(r#","status":{"clientKeyData":"hunter2"}"#),
                "without its certificate",
            ),
            (
                with(r#","status":{"token":"hunter2","expirationTimestamp":"soon"}"#),
                "not a time",
            ),
            (
                with(r#","status":{"token":"hunter2"}"#).replace("/v1", "/v1beta1"),
                "v1beta1",
            ),
        ] {
            let error = parse(text.as_bytes(), V1).unwrap_err();
            assert!(error.contains(want) && !error.contains("hunter2"), "{text}: {error}");
        }
        assert!(parse(&[0xff, 0xfe], V1).unwrap_err().contains("UTF-8"));
    }

    #[test]
    fn the_plugin_is_told_it_has_no_terminal() {
        assert_eq!(
            input(V1, None),
            r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false}}"#
        );
        let cluster = ExecAuthCluster {
            server: Some("https://a".into()),
            certificate_authority_data: Some(b"pem".to_vec()),
            ..ExecAuthCluster::default()
        };
        let value: serde_json::Value = serde_json::from_str(&input(V1, Some(&cluster))).unwrap();
        assert_eq!(value["spec"]["cluster"]["server"], "https://a");
        assert_eq!(value["spec"]["cluster"]["certificate-authority-data"], "cGVt");
    }
}
