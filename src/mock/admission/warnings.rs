//! What the server warns of and takes all the same: `GetWarningsForPod` and `GetWarningsForPodTemplate` of Kubernetes' pod
//! package, and the `WarningsOnCreate` of its registries.

mod cluster;

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::quantity::Quantity;
use super::validate::metadata::label;
use crate::mock::kinds::Kind;
use crate::mock::values::{list, text};

/// What there is to be warned of in an object; `old` is what it replaces.
#[must_use]
pub fn of(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<String> {
    let mut told = of_pods(kind, old, object);
    told.extend(cluster::warnings(kind, object, old.is_some()));
    told
}

/// Of pods, wherever they stand, and of secrets.
fn of_pods(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<String> {
    let generation = |object: &Value| object["metadata"]["generation"].clone();
    // What a change leaves alone is not warned of again.
    if old.is_some_and(|old| !generation(old).is_null() && generation(old) == generation(object)) {
        return Vec::new();
    }
    // Names do not change.
    let name = |used: &str| {
        if old.is_none() {
            odd_name(object, used)
        } else {
            Vec::new()
        }
    };
    let template = || pod(&object["spec"]["template"], "spec.template.");
    match kind.table.as_str() {
        // Pods are changed by machines, who do not read.
        "pods" if old.is_some() => Vec::new(),
        "pods" => [name("the Pod's hostname"), pod(object, "")].concat(),
        "deployments.apps" | "replicasets.apps" | "jobs.batch" | "replicationcontrollers" => {
            [name("Pod names and hostnames"), template()].concat()
        }
        "statefulsets.apps" => {
            let kept = object["spec"]["revisionHistoryLimit"]
                .as_i64()
                .is_some_and(|limit| limit < 0);
            let kept = kept.then(|| RETAINED.to_owned());
            template().into_iter().chain(kept).collect()
        }
        "daemonsets.apps" => template(),
        "cronjobs.batch" => {
            let pods = &object["spec"]["jobTemplate"]["spec"]["template"];
            [
                name("Pod names and hostnames"),
                pod(pods, "spec.jobTemplate.spec.template."),
            ]
            .concat()
        }
        "secrets" => secret(object).into_iter().collect(),
        _ => Vec::new(),
    }
}

const RETAINED: &str =
    "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended";

/// A name that hosts cannot have.
fn odd_name(object: &Value, used: &str) -> Vec<String> {
    let wrong = label(text(&object["metadata"]["name"]));
    if wrong.is_empty() {
        return Vec::new();
    }
    let why = wrong.join(" ");
    vec![format!(
        "metadata.name: this is used in {used}, which can result in surprising behavior; a DNS label is recommended: [{why}]"
    )]
}

/// Labels of nodes that have new names.
fn new_label(key: &str) -> Option<&'static str> {
    Some(match key {
        "beta.kubernetes.io/arch" => "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os" => "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"
        }
        "failure-domain.beta.kubernetes.io/zone" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"
        }
        "beta.kubernetes.io/instance-type" => {
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"
        }
        _ => return None,
    })
}

/// Volumes of plugins that are going or gone.
const GONE: [(&str, &str); 9] = [
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

fn pod(pod: &Value, at: &str) -> Vec<String> {
    let spec = &pod["spec"];
    let mut told = place(spec, at);
    for (index, volume) in list(&spec["volumes"]).enumerate() {
        for (name, why) in GONE.iter().filter(|(name, _)| volume[*name].is_object()) {
            told.push(format!("{at}spec.volumes[{index}].{name}: {why}"));
        }
    }
    told.extend(repeated(spec, "hostAliases", "ip", at));
    told.extend(repeated(spec, "imagePullSecrets", "name", at));
    for (index, secret) in list(&spec["imagePullSecrets"]).enumerate() {
        if text(&secret["name"]).is_empty() {
            told.push(format!(
                "{at}spec.imagePullSecrets[{index}].name: invalid empty name \"\""
            ));
        }
    }
    for (path, container) in containers(spec) {
        told.extend(fractions(container, &format!("{at}{path}")));
        told.extend(hidden(container, &format!("{at}{path}")));
    }
    told.extend(ports(spec, at));
    for volume in list(&spec["volumes"]) {
        told.extend(no_sources(volume));
    }
    let affinity = &spec["affinity"];
    for name in ["podAffinity", "podAntiAffinity"] {
        told.extend(no_selector(&affinity[name], &format!("{at}spec.affinity.{name}")));
    }
    if spec["terminationGracePeriodSeconds"]
        .as_i64()
        .is_some_and(|seconds| seconds < 0)
    {
        told.push(format!(
            "{at}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ));
    }
    told
}

/// Init, plain and ephemeral containers with their paths.
fn containers(spec: &Value) -> Vec<(String, &Value)> {
    let of = |name: &'static str| {
        let numbered = list(&spec[name]).enumerate();
        numbered.map(move |(index, container)| (format!("spec.{name}[{index}]"), container))
    };
    of("initContainers")
        .chain(of("containers"))
        .chain(of("ephemeralContainers"))
        .collect()
}

fn place(spec: &Value, at: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (key, _) in spec["nodeSelector"].as_object().into_iter().flatten() {
        told.extend(new_label(key).map(|why| format!("{at}spec.nodeSelector[{key}]: {why}")));
    }
    for (index, spread) in list(&spec["topologySpreadConstraints"]).enumerate() {
        let path = format!("{at}spec.topologySpreadConstraints[{index}]");
        let key = text(&spread["topologyKey"]);
        told.extend(new_label(key).map(|why| format!("{path}.topologyKey: {key} is {why}")));
        if !spread["labelSelector"].is_object() {
            told.push(format!(
                "{path}.labelSelector: a null labelSelector results in matching no pod"
            ));
        }
    }
    told
}

fn no_selector(affinity: &Value, path: &str) -> Vec<String> {
    let null = |term: &Value, path: String| {
        let missing = !term["labelSelector"].is_object();
        missing.then(|| format!("{path}.labelSelector: a null labelSelector results in matching no pod"))
    };
    let (required, preferred) = (
        "requiredDuringSchedulingIgnoredDuringExecution",
        "preferredDuringSchedulingIgnoredDuringExecution",
    );
    let hard = list(&affinity[required]).enumerate();
    let hard = hard.filter_map(|(index, term)| null(term, format!("{path}.{required}[{index}]")));
    let soft = list(&affinity[preferred]).enumerate();
    let soft = soft.filter_map(|(index, term)| {
        null(
            &term["podAffinityTerm"],
            format!("{path}.{preferred}[{index}].podAffinityTerm"),
        )
    });
    hard.chain(soft).collect()
}

fn repeated(spec: &Value, name: &str, key: &str, at: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let numbered = list(&spec[name]).enumerate();
    let twice = numbered.filter(|(_, item)| !seen.insert(text(&item[key])));
    twice
        .map(|(index, item)| {
            let given = text(&item[key]);
            format!("{at}spec.{name}[{index}].{key}: duplicate {key} {given:?}")
        })
        .collect()
}

/// Parts of bytes, which nobody can have.
fn fractions(container: &Value, path: &str) -> Vec<String> {
    let mut told = Vec::new();
    for resource in ["memory", "ephemeral-storage"] {
        for list in ["limits", "requests"] {
            let given = text(&container["resources"][list][resource]);
            if Quantity::read(given).is_some_and(|quantity| !quantity.is_whole()) {
                told.push(format!(
                    "{path}.resources.{list}[{resource}]: fractional byte value {given:?} is invalid, must be an integer"
                ));
            }
        }
    }
    told
}

/// Variables of the same name, the second of which does not build on the first.
fn hidden(container: &Value, path: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut told = Vec::new();
    for (index, variable) in list(&container["env"]).enumerate() {
        let (name, value) = (text(&variable["name"]), text(&variable["value"]));
        let reference = format!("$({name})");
        let built = value.contains(&reference) && value != reference && variable["valueFrom"].is_null();
        if !seen.insert(name) && !built {
            told.push(format!(
                "{path}.env[{index}]: hides previous definition of {name:?}, which may be dropped when using apply"
            ));
        }
    }
    told
}

/// Ports that stand twice, in one container or in two.
fn ports(spec: &Value, at: &str) -> Vec<String> {
    let mut known: HashMap<(i64, &str), Vec<(String, &Value)>> = HashMap::new();
    let mut told = Vec::new();
    for (path, container) in containers(spec) {
        for (index, port) in list(&container["ports"]).enumerate() {
            let field = format!("{at}{path}.ports[{index}]");
            let key = (
                port["containerPort"].as_i64().unwrap_or_default(),
                text(&port["protocol"]),
            );
            let host = |port: &Value| port["hostPort"].as_i64().unwrap_or_default();
            let others = known.entry(key).or_default();
            for (other, seen) in others.iter() {
                if host(port) == host(seen) && text(&port["hostIP"]) == text(&seen["hostIP"]) {
                    told.push(format!("{field}: duplicate port definition with {other}"));
                } else if host(port) == 0 || host(seen) == 0 {
                    told.push(format!("{field}: overlapping port definition with {other}"));
                }
            }
            others.push((field, port));
        }
    }
    told
}

/// A projected volume of nothing.
fn no_sources(volume: &Value) -> Option<String> {
    let projected = &volume["projected"];
    let some = |source: &Value| source.as_object().is_some_and(|source| !source.is_empty());
    let empty = projected.is_object() && !list(&projected["sources"]).any(some);
    empty.then(|| format!("volume {:?} (Projected) has no sources provided", text(&volume["name"])))
}

/// A certificate that is none: as `tls.X509KeyPair` says.
fn secret(secret: &Value) -> Option<String> {
    if text(&secret["type"]) != "kubernetes.io/tls" {
        return None;
    }
    let certificate = STANDARD.decode(text(&secret["data"]["tls.crt"])).unwrap_or_default();
    let begins = String::from_utf8_lossy(&certificate).contains("-----BEGIN ");
    (!begins).then(|| "tls: failed to find any PEM data in certificate input".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::kinds::Registry;

    #[test]
    fn odd_pods_are_warned_of() {
        let pods = Registry::default().find("", "v1", "pods").unwrap();
        for (spec, said) in [
            (
                json!({"containers": [{"ports": [{"containerPort": 80}, {"containerPort": 80}]}]}),
                "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
            ),
            (
                json!({"containers": [{"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}]}),
                "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply",
            ),
            (
                json!({"containers": [{"resources": {"limits": {"memory": "1500m"}}}]}),
                "spec.containers[0].resources.limits[memory]: fractional byte value \"1500m\" is invalid, must be an integer",
            ),
            (
                json!({"imagePullSecrets": [{}]}),
                "spec.imagePullSecrets[0].name: invalid empty name \"\"",
            ),
            (
                json!({"nodeSelector": {"beta.kubernetes.io/os": "linux"}}),
                "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead",
            ),
            (
                json!({"volumes": [{"name": "v", "projected": {"sources": [{}]}}]}),
                "volume \"v\" (Projected) has no sources provided",
            ),
        ] {
            assert_eq!(
                of(&pods, None, &json!({"metadata": {"name": "p"}, "spec": spec})),
                [said]
            );
        }
        let deployments = Registry::default().find("apps", "v1", "deployments").unwrap();
        let named = json!({"metadata": {"name": "a.b"}, "spec": {}});
        assert_eq!(
            of(&deployments, None, &named),
            [
                "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"
            ]
        );
        assert!(of(&deployments, Some(&named), &named).is_empty());
        let stateful_sets = Registry::default().find("apps", "v1", "statefulsets").unwrap();
        let kept = json!({"metadata": {"name": "a"}, "spec": {"revisionHistoryLimit": -1}});
        assert_eq!(of(&stateful_sets, None, &kept), [RETAINED]);
        let dotted = of(&pods, None, &json!({"metadata": {"name": "a.b"}, "spec": {}}));
        assert!(
            dotted[0].ends_with("is recommended: [must not contain dots]"),
            "{dotted:?}"
        );
    }
}
