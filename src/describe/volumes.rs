//! A pod's volumes and a PersistentVolume's source.

use serde_json::Value;

use crate::core::resource::Resource;
use crate::relations::kinds::{CLAIM, CONFIG_MAP, CSI_DRIVER, SECRET};

use super::value::{Read, join, joined};
use super::volume_sources::{How, PERSISTENT, SOURCES};
use super::words::Words;
use super::{Writer, amounts, meta, volume_claim};

/// A line of a volume's attributes longer than this many bytes is cut.
const LONGEST: usize = 140;

/// Fields of sources that name an object.
static NAMED: &[(&str, &str, &Resource)] = &[
    ("secret", "secretName", &SECRET),
    ("configMap", "name", &CONFIG_MAP),
    ("persistentVolumeClaim", "claimName", &CLAIM),
    ("csi", "driver", &CSI_DRIVER),
];

/// The volumes of a pod or a template, each by its name; `Volumes: <none>` without any.
pub fn describe(volumes: &Value, out: &mut Writer) {
    for volume in volumes.list() {
        out.heading(&volume.key("name").show());
        out.block(|out| source(volume, false, out));
    }
}

/// What a volume is made of. `persistent` for a PersistentVolume's, which says a little more.
pub fn source(volume: &Value, persistent: bool, out: &mut Writer) {
    for (key, describe) in [
        ("projected", projected as fn(&Value, &mut Writer)),
        ("downwardAPI", downward),
        ("ephemeral", ephemeral),
    ] {
        if volume.key(key).is_set() {
            return describe(volume.key(key), out);
        }
    }
    let Some(known) = SOURCES.iter().find(|source| volume.key(source.key).is_set()) else {
        return out.lines(Words::from("<unknown>"));
    };
    let source = volume.key(known.key);
    out.field("Type", known.title);
    for (label, path, how) in known.fields {
        let words = value(source.at(path), *how);
        if matches!(how, How::Bare) {
            out.lines(format!("{label}  {}", source.at(path).show()));
            continue;
        }
        let named = NAMED.iter().find(|(key, field, _)| key == &known.key && field == path);
        out.field(
            label,
            match named {
                Some((_, _, kind)) => out.naming(words, kind, source.at(path).text()),
                None => words,
            },
        );
    }
    let more = PERSISTENT.iter().filter(|(key, _)| persistent && *key == known.key);
    more.for_each(|(_, (label, path, how))| out.field(label, value(source.at(path), *how)));
}

fn value(value: &Value, how: How) -> Words {
    match how {
        How::Plain | How::Bare => value.show().into(),
        How::Or(missing) if !value.is_set() => missing.into(),
        How::Or(_) => value.show().into(),
        How::Flag => value.truth().to_string().into(),
        How::Number => value.int().into(),
        How::List => format!("[{}]", joined(value, " ")).into(),
        How::Commas => joined(value, ", ").into(),
        How::Secret => secret(value).into(),
        How::Map => if value.is_set() { value.go() } else { "map[]".to_owned() }.into(),
        How::Size => match amounts::quantity(value).filter(|size| !size.is_zero()) {
            Some(size) => size.to_string().into(),
            None => "<unset>".into(),
        },
        How::Attributes => attributes(value),
    }
}

/// A reference as Go prints the API's type.
fn secret(reference: &Value) -> String {
    let name = reference.key("name").show();
    match reference {
        Value::Null => "nil".to_owned(),
        _ if reference.key("namespace").is_set() => {
            format!(
                "&SecretReference{{Name:{name},Namespace:{},}}",
                reference.key("namespace").show()
            )
        }
        _ => format!("&LocalObjectReference{{Name:{name},}}"),
    }
}

fn attributes(map: &Value) -> Words {
    let line = |(key, value): (&str, &Value)| meta::shorten(&format!("{key}={}", value.show()), LONGEST).into();
    Words::stack(map.members().into_iter().map(line))
}

fn projected(projected: &Value, out: &mut Writer) {
    out.field(
        "Type",
        "Projected (a volume that contains injected data from multiple sources)",
    );
    for source in projected.key("sources").list() {
        let [secret, config, token] = ["secret", "configMap", "serviceAccountToken"].map(|key| source.key(key));
        if secret.is_set() {
            let name = secret.key("name");
            out.field("SecretName", out.naming(name.show(), &SECRET, name.text()));
            out.field("SecretOptionalName", secret.key("optional").go());
        } else if source.key("downwardAPI").is_set() {
            out.field("DownwardAPI", "true");
        } else if config.is_set() {
            let name = config.key("name");
            out.field("ConfigMapName", out.naming(name.show(), &CONFIG_MAP, name.text()));
            out.field("ConfigMapOptional", config.key("optional").go());
        } else if token.is_set() {
            out.field("TokenExpirationSeconds", token.key("expirationSeconds").int());
        } else {
            let kinds = join(source.members().into_iter().map(|(key, _)| key), ", ");
            out.field("Source", kinds);
        }
    }
}

fn downward(downward: &Value, out: &mut Writer) {
    out.field("Type", "DownwardAPI (a volume populated by information about the pod)");
    out.heading("Items");
    out.nested(|out| {
        for item in downward.key("items").list() {
            for from in [item.at("fieldRef.fieldPath"), item.at("resourceFieldRef.resource")] {
                if from.is_set() {
                    out.lines(format!("{} -> {}", from.show(), item.key("path").show()));
                }
            }
        }
    });
}

fn ephemeral(ephemeral: &Value, out: &mut Writer) {
    out.field(
        "Type",
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
    );
    let template = ephemeral.key("volumeClaimTemplate");
    if template.is_set() {
        volume_claim::class_field(template, out);
        volume_claim::volume_and_labels(template, out);
        volume_claim::capacity_and_modes(template, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(volume: Value, persistent: bool) -> String {
        let mut out = Writer::default();
        source(&volume, persistent, &mut out);
        let text = out.finish().text();
        text.lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn volumes_say_what_they_are_made_of() {
        for (volume, expected) in [
            (
                json!({"emptyDir": {}}),
                "Type: EmptyDir (a temporary directory that shares a pod's lifetime)|Medium:|SizeLimit: <unset>",
            ),
            (
                json!({"emptyDir": {"medium": "Memory", "sizeLimit": "1024Mi"}}),
                "Type: EmptyDir (a temporary directory that shares a pod's lifetime)|Medium: Memory|SizeLimit: 1Gi",
            ),
            (
                json!({"hostPath": {"path": "/data"}}),
                "Type: HostPath (bare host directory volume)|Path: /data|HostPathType: <none>",
            ),
            (
                json!({"hostPath": {"path": "/data", "type": ""}}),
                "Type: HostPath (bare host directory volume)|Path: /data|HostPathType:",
            ),
            (
                json!({"persistentVolumeClaim": {"claimName": "c"}}),
                "Type: PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)|ClaimName: c|ReadOnly: false",
            ),
            (
                json!({"configMap": {"name": "m", "optional": true}}),
                "Type: ConfigMap (a volume populated by a ConfigMap)|Name: m|Optional: true",
            ),
            (
                json!({"fc": {"targetWWNs": ["a", "b"], "lun": 2}}),
                "Type: FC (a Fibre Channel disk)|TargetWWNs: a, b|LUN: 2|FSType:|ReadOnly: false",
            ),
            (
                json!({"csi": {"driver": "d", "volumeAttributes": {"b": "2", "a": "1"}}}),
                "Type: CSI (a Container Storage Interface (CSI) volume source)|Driver: d|FSType:|ReadOnly: false|VolumeAttributes: a=1|b=2",
            ),
            (
                json!({"flexVolume": {"driver": "d", "secretRef": {"name": "s"}}}),
                "Type: FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)|Driver: d|FSType:|SecretRef: &LocalObjectReference{Name:s,}|ReadOnly: false|Options: map[]",
            ),
            (
                json!({"projected": {"sources": [{"serviceAccountToken": {"expirationSeconds": 3607}}, {"configMap": {"name": "ca"}}, {"downwardAPI": {}}, {"secret": {"name": "s", "optional": true}}, {"clusterTrustBundle": {}}]}}),
                "Type: Projected (a volume that contains injected data from multiple sources)|TokenExpirationSeconds: 3607|ConfigMapName: ca|ConfigMapOptional: <nil>|DownwardAPI: true|SecretName: s|SecretOptionalName: true|Source: clusterTrustBundle",
            ),
            (
                json!({"downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}, {"path": "c", "resourceFieldRef": {"resource": "limits.cpu"}}]}}),
                "Type: DownwardAPI (a volume populated by information about the pod)|Items:|metadata.labels -> l|limits.cpu -> c",
            ),
            (
                json!({"ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast", "volumeMode": "Block"}}}}),
                "Type: EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)|StorageClass: fast|Volume:|Labels: <none>|Annotations: <none>|Capacity:|Access Modes:|VolumeMode: Block",
            ),
            (json!({"name": "x"}), "<unknown>"),
        ] {
            assert_eq!(text(volume, false), expected);
        }
    }

    #[test]
    fn a_persistent_volume_says_a_little_more() {
        let volume = json!({"csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-1", "fsType": "ext4"}});
        let expected = "Type: CSI (a Container Storage Interface (CSI) volume source)|Driver: ebs.csi.aws.com|FSType: ext4|ReadOnly: false|VolumeAttributes: <none>|VolumeHandle: vol-1";
        assert_eq!(text(volume, true), expected);
        let volume = json!({"cinder": {"volumeID": "v", "secretRef": {"name": "s", "namespace": "n"}}});
        assert!(text(volume, true).ends_with("SecretRef: &SecretReference{Name:s,Namespace:n,}"));
    }
}
