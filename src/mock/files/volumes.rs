//! A pod's volumes as trees: what lasts with the pod, with the claim or with the node, and what is read from the cluster.

use jiff::Timestamp;
use serde_json::Value;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::disks::Disks;
use super::mounts::Mount;
use super::tree::{Node, Tree};
use crate::mock::server::Api;

/// The mounts of a pod's container.
pub fn mounts(api: &Api, pod: &Value, container: &Value) -> Vec<Mount> {
    let list = container["volumeMounts"].as_array().into_iter().flatten();
    list.filter_map(|mount| {
        let volume = pod["spec"]["volumes"]
            .as_array()?
            .iter()
            .find(|volume| volume["name"] == mount["name"])?;
        let source = source(api, pod, volume);
        let parts = |text: &Value| -> Vec<String> {
            let text = text.as_str().unwrap_or_default();
            text.split('/')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        Some(Mount {
            path: parts(&mount["mountPath"]),
            read_only: source.read_only || mount["readOnly"] == true,
            below: below(&source.tree, parts(&mount["subPath"]), source.read_only),
            tree: source.tree,
        })
    })
    .collect()
}

/// A `subPath` that is not there is made as a folder.
fn below(tree: &Tree, path: Vec<String>, read_only: bool) -> Vec<String> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let mut root = tree.lock();
    let folder = Node::folder(Timestamp::UNIX_EPOCH);
    if !read_only && !names.is_empty() && root.find(&names).is_err() {
        root.plant(&path.join("/"), folder, Timestamp::UNIX_EPOCH);
    }
    // Keys of config maps are links into ..data, itself a link: a mount of one is the file behind them.
    behind(&root, path)
}

/// Follows the links of a path within a volume.
fn behind(root: &Node, path: Vec<String>) -> Vec<String> {
    let mut rest: Vec<String> = path.into_iter().rev().collect();
    let (mut done, mut links) = (Vec::new(), 0);
    while let Some(name) = rest.pop() {
        done.push(name);
        let names: Vec<&str> = done.iter().map(String::as_str).collect();
        if let Ok(Node::Link { to, .. }) = root.find(&names)
            && links < 40
        {
            links += 1;
            done.pop();
            rest.extend(to.split('/').rev().map(str::to_owned));
        }
    }
    done
}

struct Source {
    tree: Tree,
    read_only: bool,
}

fn source(api: &Api, pod: &Value, volume: &Value) -> Source {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (uid, namespace) = (text(&pod["metadata"]["uid"]), text(&pod["metadata"]["namespace"]));
    let kept = |key: String| Source {
        tree: api.disks.keep(&key, || Node::folder(api.clock.now())),
        read_only: false,
    };
    if volume["persistentVolumeClaim"].is_object() {
        let claim = text(&volume["persistentVolumeClaim"]["claimName"]);
        return kept(claimed(api, pod, &namespace, &claim));
    }
    if volume["hostPath"].is_object() {
        return kept(format!(
            "node/{}{}",
            text(&pod["spec"]["nodeName"]),
            text(&volume["hostPath"]["path"])
        ));
    }
    if volume["emptyDir"].is_object() || volume["ephemeral"].is_object() {
        return kept(Disks::of_pod(&uid, &format!("volume/{}", text(&volume["name"]))));
    }
    Source {
        tree: Tree::new(read(api, pod, &namespace, volume)),
        read_only: true,
    }
}

/// The key of a claim's disk: the volume that it is bound to outlives it; a host's folder is the host's.
fn claimed(api: &Api, pod: &Value, namespace: &str, claim: &str) -> String {
    let claimed = api.store.get("persistentvolumeclaims", namespace, claim);
    let bound = claimed.and_then(|claim| claim.decode()["spec"]["volumeName"].as_str().map(str::to_owned));
    let Some(bound) = bound else {
        return format!("claim/{namespace}/{claim}");
    };
    let volume = api
        .store
        .get("persistentvolumes", "", &bound)
        .map(|volume| volume.decode());
    // What a provisioner made is found again from every node; a folder that a person named is that node's.
    let by_hand =
        volume.filter(|volume| volume["metadata"]["annotations"]["pv.kubernetes.io/provisioned-by"].is_null());
    let path = by_hand.and_then(|volume| volume["spec"]["hostPath"]["path"].as_str().map(str::to_owned));
    match path {
        Some(path) => format!("node/{}{path}", pod["spec"]["nodeName"].as_str().unwrap_or_default()),
        None => format!("volume/{bound}"),
    }
}

/// A volume that is read from the cluster: a folder of dated files behind `..data`, and links to them.
fn read(api: &Api, pod: &Value, namespace: &str, volume: &Value) -> Node {
    let now = pod["status"]["startTime"]
        .as_str()
        .and_then(|at| at.parse().ok())
        .unwrap_or_else(|| api.clock.now());
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let projected = volume["projected"]["sources"].as_array().into_iter().flatten();
    for source in std::iter::once(volume).chain(projected) {
        files.extend(one(api, pod, namespace, source));
    }
    let dated = now.strftime("..%Y_%m_%d_%H_%M_%S.1234567890").to_string();
    let mut root = Node::folder(now);
    let link = |to: String| Node::Link { to, at: now };
    for (path, bytes) in files {
        let first = path.split('/').next().unwrap_or_default().to_owned();
        root.plant(&format!("{dated}/{path}"), Node::file(bytes, 0o644, now), now);
        root.plant(&first, link(format!("..data/{first}")), now);
    }
    root.plant("..data", link(dated), now);
    root
}

fn one(api: &Api, pod: &Value, namespace: &str, source: &Value) -> Vec<(String, Vec<u8>)> {
    let named = |source: &Value, field: &str| source[field].as_str().unwrap_or_default().to_owned();
    if let Some(map) = source.get("configMap").filter(|map| map.is_object()) {
        let data = data(api, "configmaps", namespace, &named(map, "name"));
        return chosen(&map["items"], data);
    }
    if let Some(secret) = source.get("secret").filter(|secret| secret.is_object()) {
        let name = [named(secret, "secretName"), named(secret, "name")].concat();
        return chosen(&secret["items"], data(api, "secrets", namespace, &name));
    }
    if let Some(fields) = source.get("downwardAPI").filter(|fields| fields.is_object()) {
        let items = fields["items"].as_array().into_iter().flatten();
        return items
            .map(|item| {
                let path = item["fieldRef"]["fieldPath"].as_str().unwrap_or_default();
                (named(item, "path"), super::env::field(pod, path).into_bytes())
            })
            .collect();
    }
    if let Some(token) = source.get("serviceAccountToken").filter(|token| token.is_object()) {
        let account = pod["spec"]["serviceAccountName"].as_str().unwrap_or("default");
        return vec![(
            named(token, "path"),
            format!("mock-token-of-{namespace}-{account}").into_bytes(),
        )];
    }
    Vec::new()
}

/// The keys that `items` names, under the paths that it gives them; all of them without.
fn chosen(items: &Value, data: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    let Some(items) = items.as_array() else { return data };
    items
        .iter()
        .filter_map(|item| {
            let (_, bytes) = data.iter().find(|(key, _)| item["key"] == key.as_str())?;
            Some((item["path"].as_str()?.to_owned(), bytes.clone()))
        })
        .collect()
}

/// The keys of a config map or a secret, decoded.
pub fn data(api: &Api, table: &str, namespace: &str, name: &str) -> Vec<(String, Vec<u8>)> {
    let Some(object) = api.store.get(table, namespace, name) else {
        return Vec::new();
    };
    let object = object.decode();
    let plain = object["data"].as_object().into_iter().flatten().map(|(key, value)| {
        let text = value.as_str().unwrap_or_default();
        let bytes = if table == "secrets" {
            STANDARD.decode(text).unwrap_or_default()
        } else {
            text.as_bytes().to_vec()
        };
        (key.clone(), bytes)
    });
    let binary = object["binaryData"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| {
            (
                key.clone(),
                STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default(),
            )
        });
    plain.chain(binary).collect()
}
