//! Secrets. Values are never shown, only how long they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::core::text::Tone;
use crate::model::mask;

use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer, meta};

/// Describes a Secret, as `describeSecret` in kubectl, which would show a service account's token in clear.
pub struct Secrets;

impl Describer for Secrets {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "Secret")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        let secret = input.object;
        meta::all(secret, out);
        out.field("Type", secret.key("type").show());
        if secret.key("immutable").truth() {
            out.field("Immutable", "true");
        }
        out.section(DATA);
        let data = secret.key("data").members();
        if data.is_empty() {
            out.lines(Words::none());
        }
        for (key, value) in data {
            let size = Words::from(format!("{} bytes", mask::bytes(value.text())));
            out.field(
                key,
                if input.related.is_revealed(key) {
                    Words::stack([size, Words::toned(decoded(value), Tone::Text)])
                } else {
                    size
                },
            );
        }
    }
}

/// The title of the section that holds the values.
pub const DATA: &str = "Data";

/// A value as text; as it stands where it is none.
fn decoded(value: &Value) -> String {
    let bytes = STANDARD.decode(value.text()).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.unwrap_or_else(|| value.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Related;
    use super::*;
    use crate::core::clock::Clock;
    use serde_json::json;

    #[test]
    fn a_secret_never_shows_its_values() {
        let secret = json!({"type": "kubernetes.io/service-account-token", "data": {"token": "c2VjcmV0LXRva2Vu", "odd": "not base64!"}});
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut out = Writer::default();
        Secrets.describe(
            &Input {
                object: &secret,
                related: &Related::new(),
                clock: &clock,
            },
            &mut out,
        );
        let text = out.finish().text();
        assert!(
            text.ends_with("Data\n  odd:    11 bytes\n  token:  12 bytes\n"),
            "{text}"
        );
        assert!(!text.contains("secret-token") && !text.contains("c2Vj") && !text.contains("not base64"));
    }
}
