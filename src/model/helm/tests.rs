use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::*;
use crate::model::decode;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn twice(bytes: &[u8]) -> String {
    STANDARD.encode(STANDARD.encode(bytes))
}

fn release(payload: &str) -> HelmRelease {
    let secret = json!({"metadata": {"name": "sh.helm.release.v1.web.v12", "namespace": "shop",
            "labels": {"name": "web", "owner": "helm", "version": "12", "status": "deployed"}},
        "type": "helm.sh/release.v1", "data": {"release": payload}});
    decode(&secret.to_string()).unwrap()
}

fn payload() -> Value {
    json!({"name": "web", "version": 12, "info": {"last_deployed": "2026-11-20T22:46:31.123456789+09:00",
            "description": "Upgrade complete", "status": "deployed"},
        "chart": {"metadata": {"name": "nginx", "version": "1.2.3", "appVersion": "1.25"}}})
}

#[test]
fn a_release_is_read_from_its_secret() {
    for bytes in [
        gzip(payload().to_string().as_bytes()),
        payload().to_string().into_bytes(),
    ] {
        let read = release(&twice(&bytes));
        assert_eq!((read.name(), read.revision(), read.status()), ("web", 12, "deployed"));
        assert_eq!(read.updated_text(), "2026-11-20 13:46:31 UTC");
        assert_eq!((&*read.chart(), read.app_version()), ("nginx-1.2.3", "1.25"));
        assert_eq!((read.description(), read.health()), ("Upgrade complete", Health::Good));
    }
}

#[test]
fn a_payload_that_cannot_be_read_says_so_and_nothing_of_itself() {
    let whole = gzip(payload().to_string().as_bytes());
    let cut = &whole[..whole.len() / 2];
    for (payload, error) in [
        (String::new(), PayloadError::Missing),
        ("hunter2!".to_string(), PayloadError::Base64),
        (STANDARD.encode("hunter2!"), PayloadError::Base64),
        (twice(b"hunter2"), PayloadError::Json),
        (twice(cut), PayloadError::Gzip),
        (twice(&gzip(b"{\"info\": hunter2}")), PayloadError::Json),
        (twice(&gzip(&vec![b' '; 40 << 20])), PayloadError::TooLarge),
    ] {
        let read = release(&payload);
        assert_eq!(read.chart(), error.to_string());
        assert!(!format!("{read:?}").contains("hunter2"));
        assert_eq!(
            (read.name(), read.health(), read.is_readable()),
            ("web", Health::Bad, false)
        );
    }
}

#[test]
fn fields_of_the_wrong_type_cost_themselves_only() {
    for payload in [
        json!({"info": 7, "chart": {"metadata": {"name": "nginx", "version": null}}}),
        json!({}),
    ] {
        let read = release(&twice(&gzip(payload.to_string().as_bytes())));
        assert_eq!((read.name(), read.app_version(), read.updated()), ("web", "", None));
    }
    let bare: HelmRelease =
        decode(r#"{"metadata":{"name":"sh.helm.release.v1.a.vb.v3"},"data":{"release":7}}"#).unwrap();
    assert_eq!((bare.name(), bare.revision(), bare.status()), ("a.vb", 3, "unknown"));
    assert_eq!(bare.chart(), PayloadError::Missing.to_string());
}
