//! CertificateSigningRequests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::Value;

use crate::core::text::Tone;
use crate::model::age;

use super::certificate_request::{self, CertificateRequest};
use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, conditions, meta, time};

/// Describes a CertificateSigningRequest, as `describeCertificateSigningRequest` in kubectl.
pub struct CertificateSigningRequests;

impl Describer for CertificateSigningRequests {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("certificates.k8s.io", "CertificateSigningRequest")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let (csr, spec) = (input.object, input.object.key("spec"));
        meta::name(csr, out);
        out.field("Labels", meta::format_labels(csr.at("metadata.labels")));
        out.field("Annotations", meta::format_labels(csr.at("metadata.annotations")));
        out.field(
            "CreationTimestamp",
            time::with_age(csr.at("metadata.creationTimestamp"), input.clock, out.lang()),
        );
        out.field("Requesting User", spec.key("username").show());
        if !spec.key("signerName").text().is_empty() {
            out.field("Signer", spec.key("signerName").text());
        }
        if spec.key("expirationSeconds").is_set() {
            let seconds = SignedDuration::from_secs(spec.key("expirationSeconds").int());
            out.field("Requested Duration", age::human(seconds));
        }
        out.field("Status", status(csr));
        request(spec.key("request").text(), out);
        conditions::describe(csr.at("status.conditions"), 2, out);
    }
}

/// What became of it, in the order of precedence of `extractCSRStatus` in kubectl.
fn status(csr: &Value) -> Words {
    let has = |kind: &str| {
        csr.at("status.conditions")
            .list()
            .iter()
            .any(|condition| condition.key("type").text() == kind)
    };
    let (mut text, mut tone) = match () {
        () if has("Denied") => ("Denied".to_owned(), Tone::Error),
        () if has("Approved") => ("Approved".to_owned(), Tone::Good),
        () => ("Pending".to_owned(), Tone::Busy),
    };
    if has("Failed") {
        text.push_str(",Failed");
        tone = Tone::Error;
    }
    if !csr.at("status.certificate").text().is_empty() {
        text.push_str(",Issued");
    }
    Words::toned(text, tone)
}

fn request(encoded: &str, out: &mut Writer) {
    let decoded = STANDARD
        .decode(encoded)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(request) = decoded.as_deref().and_then(certificate_request::parse) else {
        return out.field("Subject", Words::toned(out.lang().t("describe.request"), Tone::Warn));
    };
    subject(&request, out);
    if !request.names.is_empty() {
        out.section("Subject Alternative Names");
        all(&request.names, out);
    }
}

/// Common name and serial number are told even where they are missing.
fn subject(request: &CertificateRequest, out: &mut Writer) {
    out.section("Subject");
    for always in ["Common Name", "Serial Number"] {
        if !request.subject.iter().any(|(label, _)| *label == always) {
            out.field(always, "");
        }
    }
    all(&request.subject, out);
}

fn all(parts: &[(&str, Vec<String>)], out: &mut Writer) {
    for (label, values) in parts {
        out.field(label, Words::stack(values.iter().map(|value| value.as_str().into())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn denied_comes_before_approved() {
        for (conditions, certificate, expected) in [
            (json!([]), "", "Pending"),
            (json!([{"type": "Approved"}]), "eA==", "Approved,Issued"),
            (json!([{"type": "Approved"}, {"type": "Denied"}]), "", "Denied"),
            (json!([{"type": "Approved"}, {"type": "Failed"}]), "", "Approved,Failed"),
        ] {
            let csr = json!({"status": {"conditions": conditions, "certificate": certificate}});
            assert_eq!(status(&csr).flat()[0].text, expected);
        }
    }
}
