//! Helm's releases, read from their secrets.

use serde::Deserialize;
use serde_json::Value;

use super::value::Read;
use super::words::Words;
use super::{Describer, Input, Writer};
use crate::core::lang::Lang;
use crate::core::text::Tone;
use crate::model::helm::{self, PayloadError};

/// Describes a release as `helm status`, `helm get values` and `helm get manifest` together do, but for the manifest's
/// contents. Values are hidden until they are asked for: they hold passwords.
pub struct HelmReleases;

/// The name of what is hidden: the values that the release was made with.
pub const VALUES: &str = "values";

/// The most objects of a manifest that are listed.
const MOST: usize = 1000;

impl Describer for HelmReleases {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("", "HelmRelease")]
    }

    fn describe(&self, input: &Input, out: &mut Writer) {
        match helm::read(input.object) {
            Ok(release) => {
                let revealed = input.related.is_revealed(VALUES);
                told(&release, revealed, out);
            }
            Err(error) => {
                out.field("Name", input.object.key("metadata").key("name").show());
                out.field("Release", Words::toned(why(error, out.lang()), Tone::Error));
            }
        }
    }
}

/// Why a release cannot be shown.
fn why(error: PayloadError, lang: &Lang) -> String {
    match error {
        PayloadError::Missing => lang.t("describe.release_missing"),
        PayloadError::Base64 => lang.t("describe.release_base64"),
        PayloadError::Gzip => lang.t("describe.release_gzip"),
        PayloadError::TooLarge => lang.t("describe.release_large"),
        PayloadError::Json => lang.t("describe.release_json"),
    }
}

fn told(release: &Value, revealed: bool, out: &mut Writer) {
    let (info, chart) = (release.key("info"), release.key("chart").key("metadata"));
    out.field("Name", release.key("name").show());
    out.field("Namespace", release.key("namespace").show());
    out.field("Revision", release.key("version").show());
    out.field("Status", info.key("status").show());
    out.field("Updated", info.key("last_deployed").show());
    out.field("First Deployed", info.key("first_deployed").show());
    out.field(
        "Chart",
        format!("{}-{}", chart.key("name").show(), chart.key("version").show()),
    );
    out.field("App Version", chart.key("appVersion").show());
    out.field("Description", info.key("description").show());
    let notes = info.key("notes").text();
    if !notes.trim().is_empty() {
        out.section("Notes");
        out.lines(Words::toned(notes.trim_end(), Tone::Plain));
    }
    out.section("Values");
    let values = release.key("config");
    if values.members().is_empty() {
        out.lines(Words::none());
    } else {
        let mut lines = Vec::new();
        members(values, 0, revealed, &mut lines);
        out.lines(Words::toned(lines.join("\n"), Tone::Plain));
    }
    out.section(&out.lang().t("describe.resources"));
    let objects = objects(release.key("manifest").text(), out.lang());
    if objects.is_empty() {
        out.lines(Words::none());
    } else {
        out.lines(Words::toned(objects.join("\n"), Tone::Plain));
    }
}

/// Values as YAML would have them: members in lines, lists with dashes.
fn members(value: &Value, depth: usize, revealed: bool, out: &mut Vec<String>) {
    let indent = "  ".repeat(depth.min(32));
    let line = |head: String, value: &Value, out: &mut Vec<String>| {
        let is_nested =
            value.as_object().is_some_and(|all| !all.is_empty()) || value.as_array().is_some_and(|all| !all.is_empty());
        if is_nested {
            out.push(format!("{indent}{head}"));
            members(value, depth + 1, revealed, out);
        } else {
            out.push(format!("{indent}{head} {}", scalar(value, revealed)));
        }
    };
    match value {
        Value::Object(all) => all.iter().for_each(|(key, value)| line(format!("{key}:"), value, out)),
        Value::Array(all) => all.iter().for_each(|value| line("-".to_owned(), value, out)),
        _ => {}
    }
}

fn scalar(value: &Value, revealed: bool) -> String {
    match value {
        Value::String(text) if revealed => text.clone(),
        Value::Number(number) if revealed => number.to_string(),
        Value::String(text) => format!("•••• ({} bytes)", text.len()),
        Value::Number(_) => "••••".to_owned(),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    metadata: ManifestMeta,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ManifestMeta {
    name: String,
}

/// The objects of a manifest, as `kind/name`.
fn objects(manifest: &str, lang: &Lang) -> Vec<String> {
    let documents = manifest.split("\n---").map(|text| text.trim_start_matches("---"));
    let filled = documents.filter(|text| {
        text.lines()
            .any(|line| !line.trim().is_empty() && !line.starts_with('#'))
    });
    let name = |text: &str| match serde_yaml::from_str::<Manifest>(text) {
        Ok(object) => format!("{}/{}", object.kind.to_lowercase(), object.metadata.name),
        Err(_) => format!("! {}", lang.t("describe.unreadable")),
    };
    filled.take(MOST).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Related;
    use super::*;
    use crate::core::clock::Clock;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    fn described(payload: &Value, revealed: bool) -> String {
        let release = STANDARD.encode(STANDARD.encode(payload.to_string()));
        let secret = json!({"metadata": {"name": "sh.helm.release.v1.web.v2"}, "data": {"release": release}});
        let clock = Clock::at("2026-11-20T22:50:00Z".parse().unwrap());
        let mut related = Related::new();
        if revealed {
            related.reveal([VALUES.to_string()]);
        }
        let mut out = Writer::default();
        let input = Input {
            object: &secret,
            related: &related,
            clock: &clock,
        };
        HelmReleases.describe(&input, &mut out);
        out.finish().text()
    }

    #[test]
    fn values_are_hidden_until_they_are_asked_for() {
        let payload = json!({"name": "web", "namespace": "shop", "version": 2,
            "info": {"status": "deployed", "notes": "Visit http://web.\n", "description": "Upgrade complete"},
            "chart": {"metadata": {"name": "nginx", "version": "1.2.3", "appVersion": "1.25"}},
            "config": {"db": {"password": "hunter2", "port": 5432, "tls": true}, "hosts": ["a.example.com"], "none": {}},
            "manifest": "---\n# Source: a.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n---\nkind: [\n---\n# nothing\n"});
        let text = described(&payload, false);
        for wanted in [
            "nginx-1.2.3",
            "Visit http://web.",
            "password: •••• (7 bytes)",
            "tls: true",
            "service/web",
            "cannot be read",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
        for hidden in ["hunter2", "5432", "a.example.com"] {
            assert!(!text.contains(hidden), "{text}");
        }
        let text = described(&payload, true);
        assert!(
            text.contains("password: hunter2") && text.contains("port: 5432") && text.contains("- a.example.com"),
            "{text}"
        );
    }

    #[test]
    fn what_is_no_release_says_so() {
        assert!(described(&json!([1]), false).contains("Values"));
        assert!(described(&json!({"config": "hunter2", "manifest": 7, "info": []}), false).contains("Resources"));
    }
}
