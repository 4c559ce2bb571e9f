//! Defaults: what the server writes where a client wrote nothing. As `SetDefaults_...` of Kubernetes' API packages.

use serde_json::{Map, Value, json};

use super::quantity::Quantity;
use super::usage::{is_of_pods, pod_total};
use super::{access, autoscalers, jobs, limits, network, nodes, services, storage};
use crate::mock::kinds::Kind;
use crate::mock::server::fill_definition;
use crate::mock::values::scalar;

/// Fills in a kind's defaults.
pub fn apply(kind: &Kind, object: &mut Value) {
    match kind.table.as_str() {
        "pods" => {
            pod_spec(&mut object["spec"]);
            host_ports(&mut object["spec"]);
            requests(&mut object["spec"]);
            whole_pod(object);
        }
        "deployments.apps" => deployment(&mut object["spec"]),
        "replicasets.apps" => {
            put(&mut object["spec"], "replicas", 1.into());
            template(&mut object["spec"]);
        }
        "replicationcontrollers" => replication_controller(object),
        "statefulsets.apps" => stateful_set(&mut object["spec"]),
        "daemonsets.apps" => daemon_set(&mut object["spec"]),
        "jobs.batch" => jobs::defaults(object),
        "cronjobs.batch" => jobs::cron_defaults(&mut object["spec"]),
        "services" => services::defaults(object),
        "endpoints" => network::endpoints(object),
        "endpointslices.discovery.k8s.io" => network::slice(object),
        "networkpolicies.networking.k8s.io" => network::policy(&mut object["spec"]),
        "ingressclasses.networking.k8s.io" => network::ingress_class(&mut object["spec"]),
        "rolebindings.rbac.authorization.k8s.io" | "clusterrolebindings.rbac.authorization.k8s.io" => {
            access::binding(object);
        }
        "nodes" => nodes::defaults(&mut object["status"]),
        "persistentvolumeclaims" => storage::claim(object),
        "persistentvolumes" => storage::volume(object),
        "storageclasses.storage.k8s.io" => {
            put(object, "reclaimPolicy", "Delete".into());
            put(object, "volumeBindingMode", "Immediate".into());
        }
        "secrets" => secret(object),
        "limitranges" => limits::default_range(object),
        "horizontalpodautoscalers.autoscaling" => autoscalers::defaults(&mut object["spec"]),
        "priorityclasses.scheduling.k8s.io" => {
            put(object, "preemptionPolicy", "PreemptLowerPriority".into());
            if object["globalDefault"] == false {
                object["globalDefault"] = Value::Null;
            }
            drop_nulls(object, &["globalDefault"]);
        }
        "customresourcedefinitions.apiextensions.k8s.io" => fill_definition(object),
        "namespaces" => {
            put(&mut object["status"], "phase", "Active".into());
            let name = object["metadata"]["name"].clone();
            object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
        }
        _ => {}
    }
}

/// Writes a value where there is none.
pub fn put(at: &mut Value, name: &str, value: Value) {
    if at.is_null() {
        *at = json!({});
    }
    // Go takes an empty text for none.
    let empty = at[name].is_null() || at[name] == "" && value.is_string();
    if at.is_object() && empty {
        at[name] = value;
    }
}

/// A template is there, with the defaults of a pod's spec, even where nobody wrote one.
pub fn template(spec: &mut Value) {
    put(spec, "template", json!({}));
    put(&mut spec["template"], "metadata", json!({}));
    put(&mut spec["template"], "spec", json!({}));
    pod_spec(&mut spec["template"]["spec"]);
}

/// A replication controller selects by its template's labels, and has them itself, unless it says otherwise.
fn replication_controller(object: &mut Value) {
    put(&mut object["spec"], "replicas", 1.into());
    if !object["spec"]["template"].is_object() {
        return drop_nulls(&mut object["spec"], &["template"]);
    }
    template(&mut object["spec"]);
    let labels = object["spec"]["template"]["metadata"]["labels"].clone();
    drop_nulls(&mut object["spec"]["template"]["metadata"], &["labels"]);
    for (at, name) in [("spec", "selector"), ("metadata", "labels")] {
        if labels.is_object() && object[at][name].as_object().is_none_or(serde_json::Map::is_empty) {
            object[at][name] = labels.clone();
        }
    }
}

/// The defaults of a pod's spec.
pub fn pod_spec(spec: &mut Value) {
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        spec[list].as_array_mut().into_iter().flatten().for_each(container);
    }
    drop_nulls(
        spec,
        &["initContainers", "containers", "ephemeralContainers", "volumes"],
    );
    spec["volumes"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .for_each(pod_volume);
    drop_nulls(spec, &["volumes"]);
    for secret in spec["imagePullSecrets"].as_array_mut().into_iter().flatten() {
        if let Some(secret) = secret.as_object_mut() {
            secret.retain(|name, value| name != "name" || value != "");
        }
    }
    drop_nulls(spec, &["imagePullSecrets"]);
    put(spec, "restartPolicy", "Always".into());
    put(spec, "terminationGracePeriodSeconds", 30.into());
    put(spec, "dnsPolicy", "ClusterFirst".into());
    if let Some(account) = spec["serviceAccountName"].as_str().map(str::to_owned) {
        put(spec, "serviceAccount", account.into());
    }
    drop_nulls(spec, &["serviceAccountName"]);
    put(spec, "securityContext", json!({}));
    put(spec, "schedulerName", "default-scheduler".into());
}

/// On the node's network a container's port is the node's. Of pods alone; a grace below zero means one second.
fn host_ports(spec: &mut Value) {
    if spec["terminationGracePeriodSeconds"]
        .as_i64()
        .is_some_and(|seconds| seconds < 0)
    {
        spec["terminationGracePeriodSeconds"] = 1.into();
    }
    if spec["hostNetwork"] != true {
        return;
    }
    for list in ["containers", "initContainers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            for port in container["ports"].as_array_mut().into_iter().flatten() {
                let own = port["containerPort"].clone();
                put(port, "hostPort", own);
            }
            drop_nulls(container, &["ports"]);
        }
    }
    drop_nulls(spec, &["containers", "initContainers"]);
}

/// Indexing for change leaves null behind where there was nothing: this drops all of it.
pub fn drop_all_nulls(at: &mut Value) {
    if let Some(map) = at.as_object_mut() {
        map.retain(|_, value| !value.is_null());
    }
}

/// As [`drop_all_nulls`], but only what was looked for: other nulls are as the client wrote them.
pub fn drop_nulls(at: &mut Value, names: &[&str]) {
    if let Some(map) = at.as_object_mut() {
        map.retain(|name, value| !(value.is_null() && names.contains(&name.as_str())));
    }
}

/// Whether an image may be another one tomorrow: it bears the tag `latest`, or neither tag nor digest. What is no name of an
/// image is not. As `ParseImageName`.
fn is_latest(image: &str) -> bool {
    let (name, digest) = image
        .split_once('@')
        .map_or((image, None), |(name, digest)| (name, Some(digest)));
    let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
    let (own, tag) = last
        .rsplit_once(':')
        .map_or((last, None), |(own, tag)| (own, Some(tag)));
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let sound = own.bytes().all(|byte| small(byte) || b"._-".contains(&byte))
        && own.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && own.ends_with(|letter: char| letter.is_ascii_alphanumeric())
        && !image.contains(char::is_whitespace);
    sound && tag.map_or(digest.is_none(), |tag| tag == "latest")
}

fn container(container: &mut Value) {
    let image = container["image"].as_str().unwrap_or_default();
    let policy = if is_latest(image) { "Always" } else { "IfNotPresent" };
    for port in container["ports"].as_array_mut().into_iter().flatten() {
        put(port, "protocol", "TCP".into());
    }
    put(container, "resources", json!({}));
    canonical(&mut container["resources"]);
    for env in container["env"].as_array_mut().into_iter().flatten() {
        if env["valueFrom"]["fieldRef"].is_object() {
            put(&mut env["valueFrom"]["fieldRef"], "apiVersion", "v1".into());
        }
        drop_nulls(env, &["valueFrom"]);
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if container[name].is_object() {
            probe(&mut container[name]);
        }
    }
    // Nobody has switched on signals of one's own.
    if let Some(lifecycle) = container["lifecycle"].as_object_mut() {
        let given = lifecycle.shift_remove("stopSignal").is_some();
        if given && lifecycle.is_empty() {
            container["lifecycle"] = Value::Null;
        }
    }
    drop_nulls(container, &["lifecycle"]);
    put(container, "terminationMessagePath", "/dev/termination-log".into());
    put(container, "terminationMessagePolicy", "File".into());
    put(container, "imagePullPolicy", policy.into());
    drop_nulls(
        container,
        &["ports", "env", "livenessProbe", "readinessProbe", "startupProbe"],
    );
}

/// What a pod's containers ask for: `SetDefaults_Pod`. A template stays as it was written.
fn requests(spec: &mut Value) {
    for list in ["containers", "initContainers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            requests_from_limits(&mut container["resources"]);
        }
    }
    drop_nulls(spec, &["containers", "initContainers"]);
}

/// What a pod that says something as a whole asks for as a whole: its containers' pages, what they request together, and what
/// it is limited to. As `defaultHugePagePodLimits` and `defaultPodRequests`.
fn whole_pod(pod: &mut Value) {
    let names = |resources: &Value, list: &str| -> Vec<String> {
        let named = resources[list].as_object().into_iter().flat_map(Map::keys);
        named.cloned().collect()
    };
    let own = &pod["spec"]["resources"];
    if names(own, "limits").is_empty() && names(own, "requests").is_empty() {
        return;
    }
    let mut pages = Vec::new();
    for list in ["containers", "initContainers"] {
        for container in pod["spec"][list].as_array().into_iter().flatten() {
            pages.extend(names(&container["resources"], "limits"));
        }
    }
    let requests = &pod["spec"]["resources"]["requests"];
    pages.retain(|name| name.starts_with("hugepages-") && requests[name].is_null());
    for name in pages {
        let total = pod_total(pod, "limits", &name);
        say(pod, "limits", &name, total);
    }
    let limits = names(&pod["spec"]["resources"], "limits");
    if limits.is_empty() {
        return;
    }
    for name in ["cpu", "memory"] {
        let total = pod_total(pod, "requests", name);
        say(pod, "requests", name, total);
    }
    for name in limits.iter().filter(|name| is_of_pods(name)) {
        let limit = Quantity::from_value(&pod["spec"]["resources"]["limits"][name]);
        say(pod, "requests", name, limit);
    }
}

/// Says for a pod as a whole what it does not say itself.
fn say(pod: &mut Value, list: &str, name: &str, amount: Option<Quantity>) {
    let own = &mut pod["spec"]["resources"];
    let Some(amount) = amount.filter(|_| own[list][name].is_null()) else {
        return;
    };
    own[list][name] = amount.to_string().into();
    if let Some(map) = own[list].as_object_mut() {
        map.sort_keys();
    }
}

/// A limit without a request is also requested.
fn requests_from_limits(resources: &mut Value) {
    for (resource, limit) in resources["limits"].as_object().cloned().into_iter().flatten() {
        if resources["requests"][&resource].is_null() {
            resources["requests"][&resource] = limit;
        }
    }
    drop_nulls(resources, &["limits", "requests"]);
}

/// Quantities as the server writes them.
pub fn canonical(resources: &mut Value) {
    for list in ["limits", "requests"] {
        for (_, value) in resources[list].as_object_mut().into_iter().flatten() {
            let text = scalar(value);
            if let Some(quantity) = super::quantity::Quantity::read(&text) {
                *value = quantity.to_string().into();
            }
        }
    }
    drop_nulls(resources, &["limits", "requests"]);
}

fn probe(probe: &mut Value) {
    put(probe, "timeoutSeconds", 1.into());
    put(probe, "periodSeconds", 10.into());
    put(probe, "successThreshold", 1.into());
    put(probe, "failureThreshold", 3.into());
    if probe["httpGet"].is_object() {
        put(&mut probe["httpGet"], "path", "/".into());
        put(&mut probe["httpGet"], "scheme", "HTTP".into());
    }
    drop_nulls(probe, &["httpGet"]);
}

fn pod_volume(volume: &mut Value) {
    for source in ["configMap", "secret", "projected", "downwardAPI"] {
        if volume[source].is_object() {
            put(&mut volume[source], "defaultMode", 420.into());
        }
    }
    if volume["hostPath"].is_object() {
        put(&mut volume["hostPath"], "type", "".into());
    }
    if volume
        .as_object()
        .is_some_and(|map| map.values().filter(|value| !value.is_null()).count() == 1)
    {
        volume["emptyDir"] = json!({});
    }
    drop_nulls(volume, &["configMap", "secret", "projected", "downwardAPI", "hostPath"]);
}

fn deployment(spec: &mut Value) {
    put(spec, "replicas", 1.into());
    template(spec);
    put(spec, "strategy", json!({}));
    put(&mut spec["strategy"], "type", "RollingUpdate".into());
    if spec["strategy"]["type"] == "RollingUpdate" {
        put(&mut spec["strategy"], "rollingUpdate", json!({}));
        put(&mut spec["strategy"]["rollingUpdate"], "maxUnavailable", "25%".into());
        put(&mut spec["strategy"]["rollingUpdate"], "maxSurge", "25%".into());
    }
    put(spec, "revisionHistoryLimit", 10.into());
    put(spec, "progressDeadlineSeconds", 600.into());
}

fn stateful_set(spec: &mut Value) {
    put(spec, "replicas", 1.into());
    template(spec);
    for claim in spec["volumeClaimTemplates"].as_array_mut().into_iter().flatten() {
        put(claim, "kind", "PersistentVolumeClaim".into());
        put(claim, "apiVersion", "v1".into());
        put(&mut claim["spec"], "volumeMode", "Filesystem".into());
        put(claim, "status", json!({"phase": "Pending"}));
    }
    drop_nulls(spec, &["volumeClaimTemplates"]);
    put(spec, "podManagementPolicy", "OrderedReady".into());
    put(spec, "updateStrategy", json!({}));
    put(&mut spec["updateStrategy"], "type", "RollingUpdate".into());
    if spec["updateStrategy"]["type"] == "RollingUpdate" {
        put(&mut spec["updateStrategy"], "rollingUpdate", json!({}));
        put(&mut spec["updateStrategy"]["rollingUpdate"], "partition", 0.into());
    }
    put(spec, "revisionHistoryLimit", 10.into());
    for event in ["whenDeleted", "whenScaled"] {
        put(
            &mut spec["persistentVolumeClaimRetentionPolicy"],
            event,
            "Retain".into(),
        );
    }
}

fn daemon_set(spec: &mut Value) {
    template(spec);
    put(spec, "updateStrategy", json!({}));
    put(&mut spec["updateStrategy"], "type", "RollingUpdate".into());
    if spec["updateStrategy"]["type"] == "RollingUpdate" {
        put(&mut spec["updateStrategy"], "rollingUpdate", json!({}));
        put(&mut spec["updateStrategy"]["rollingUpdate"], "maxUnavailable", 1.into());
    }
    if let Some(rolling) = spec["updateStrategy"].get_mut("rollingUpdate") {
        // What is left is zero, which the server writes.
        put(rolling, "maxUnavailable", 0.into());
        put(rolling, "maxSurge", 0.into());
    }
    put(spec, "revisionHistoryLimit", 10.into());
}

fn secret(object: &mut Value) {
    use base64::Engine as _;
    let plain = object.as_object_mut().and_then(|map| map.shift_remove("stringData"));
    for (key, value) in plain.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let text = value.as_str().unwrap_or_default();
        object["data"][key] = base64::engine::general_purpose::STANDARD.encode(text).into();
    }
    put(object, "type", "Opaque".into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pod_says_as_a_whole_is_completed() {
        let completed = |own: Value| {
            let limits = json!({"cpu": "2", "hugepages-2Mi": "4Mi"});
            let container = json!({"name": "a", "resources": {"requests": {"cpu": "1"}, "limits": limits}});
            let mut pod = json!({"spec": {"containers": [container], "resources": own}});
            whole_pod(&mut pod);
            pod["spec"]["resources"].take()
        };
        assert_eq!(completed(json!({})), json!({}));
        assert_eq!(
            completed(json!({"limits": {"cpu": "8", "memory": "1Gi"}})),
            json!({"limits": {"cpu": "8", "hugepages-2Mi": "4Mi", "memory": "1Gi"},
                "requests": {"cpu": "1", "hugepages-2Mi": "4Mi", "memory": "1Gi"}})
        );
        assert_eq!(
            completed(json!({"requests": {"cpu": "3"}})),
            json!({"requests": {"cpu": "3", "hugepages-2Mi": "4Mi"}, "limits": {"hugepages-2Mi": "4Mi"}})
        );
        let own = json!({"requests": {"hugepages-2Mi": "8Mi"}});
        assert_eq!(completed(own.clone()), own);
        let mut bare = json!({"spec": {"containers": [], "resources": {"limits": {"ephemeral-storage": "1Gi"}}}});
        let before = bare.clone();
        whole_pod(&mut bare);
        assert_eq!(bare, before);
    }

    #[test]
    fn images_that_may_change_are_always_pulled() {
        let digest = format!("nginx@sha256:{}", "a".repeat(64));
        let both = format!("nginx:latest@sha256:{}", "a".repeat(64));
        for (image, latest) in [
            ("nginx", true),
            ("nginx:latest", true),
            ("nginx:1.27", false),
            ("reg:5000/x", true),
            ("reg:5000/x:latest", true),
            (digest.as_str(), false),
            (both.as_str(), true),
            // No names of images.
            (" nginx", false),
            ("nginx ", false),
            ("Nginx", false),
            ("nginx:", false),
            ("x:y:z", false),
            ("", false),
        ] {
            assert_eq!(is_latest(image), latest, "{image:?}");
        }
    }
}
