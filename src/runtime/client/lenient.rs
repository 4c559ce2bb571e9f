//! Kubeconfigs that kubectl takes and kube's types do not: a context without a cluster, a null where a list or a text
//! may be left out, a key twice (the last one counts). One such entry must not cost the person all the others.

use std::path::{Path, is_separator};

use kube::config::Kubeconfig;
use serde_json::{Map, Value};
use serde_yaml::options::DuplicateKeyPolicy;

/// The kubeconfig in `text`, with relative paths made absolute against `folder`; `None` when it is none after all.
pub fn parse(text: &str, folder: &Path) -> Option<Kubeconfig> {
    let options = serde_yaml::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
    let mut root: Value = serde_yaml::from_str_with_options(text.trim_start_matches('\u{feff}'), options).ok()?;
    for (list, inner) in [("clusters", "cluster"), ("users", "user"), ("contexts", "context")] {
        let Some(entries) = root.get_mut(list).and_then(Value::as_array_mut) else {
            continue;
        };
        entries.retain(|entry| entry.get("name").is_some_and(Value::is_string));
        for object in entries.iter_mut().filter_map(|entry| entry.get_mut(inner)) {
            if let Some(object) = object.as_object_mut() {
                mend(object, inner);
            }
        }
    }
    drop_nulls(&mut root);
    let mut config: Kubeconfig = serde_json::from_value(root).ok()?;
    make_absolute(&mut config, folder);
    Some(config)
}

/// What Go reads as an empty value is made one.
fn mend(object: &mut Map<String, Value>, kind: &str) {
    drop_nulls_of(object);
    if kind == "context" {
        object.entry("cluster").or_insert_with(|| Value::String(String::new()));
    }
    let provider = object.get_mut("auth-provider").and_then(Value::as_object_mut);
    let settings = provider
        .and_then(|provider| provider.get_mut("config"))
        .and_then(Value::as_object_mut);
    for value in settings.into_iter().flat_map(Map::values_mut) {
        if !value.is_string() {
            *value = Value::String(value.to_string());
        }
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => drop_nulls_of(object),
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn drop_nulls_of(object: &mut Map<String, Value>) {
    object.retain(|_, value| !value.is_null());
    object.values_mut().for_each(drop_nulls);
}

/// As `RelativizePaths` reversed in client-go: files always, a plugin's command only when it is a path.
fn make_absolute(config: &mut Kubeconfig, folder: &Path) {
    let resolve = |file: &mut Option<String>| {
        if let Some(name) = file.as_mut().filter(|name| !name.is_empty())
            && let Some(path) = folder.join(name.as_str()).to_str()
        {
            *name = path.to_owned();
        }
    };
    for cluster in config.clusters.iter_mut().filter_map(|named| named.cluster.as_mut()) {
        resolve(&mut cluster.certificate_authority);
    }
    for user in config
        .auth_infos
        .iter_mut()
        .filter_map(|named| named.auth_info.as_mut())
    {
        resolve(&mut user.client_certificate);
        resolve(&mut user.client_key);
        resolve(&mut user.token_file);
        if let Some(exec) = &mut user.exec
            && exec
                .command
                .as_ref()
                .is_some_and(|command| command.contains(is_separator))
        {
            resolve(&mut exec.command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_entry_does_not_cost_the_others() {
        let text = "\u{feff}current-context: a\npreferences: null\ncontexts:\n- name: a\n  context: {namespace: shop}\n- name: b\n  context: {cluster: c, user: null}\n- context: {cluster: c}\n- name: d\nclusters:\n- name: c\n  cluster: {server: 'https://b', server: 'https://c', certificate-authority: ca.crt, extensions: null}\nusers:\n- name: u\n  user: {auth-provider: {name: oidc, config: null}}\n- name: v\n  user: {exec: {command: login, args: null, env: null, provideClusterInfo: null}, tokenFile: tok}\n- name: w\n  user: {auth-provider: {name: oidc, config: {n: 1, s: t}}}\n";
        let folder = std::env::temp_dir();
        let config = parse(text, &folder).unwrap();
        let names: Vec<_> = config.contexts.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "d"]);
        assert_eq!(config.contexts[0].context.as_ref().unwrap().cluster, "");
        let cluster = config.clusters[0].cluster.as_ref().unwrap();
        assert_eq!(cluster.server.as_deref(), Some("https://c"));
        assert_eq!(cluster.certificate_authority.as_deref(), folder.join("ca.crt").to_str());
        let user = config.auth_infos[1].auth_info.as_ref().unwrap();
        assert_eq!(user.token_file.as_deref(), folder.join("tok").to_str());
        assert_eq!(user.exec.as_ref().unwrap().command.as_deref(), Some("login"));
        let provider = config.auth_infos[2]
            .auth_info
            .as_ref()
            .unwrap()
            .auth_provider
            .as_ref()
            .unwrap();
        assert_eq!(provider.config["n"], "1");
        assert_eq!(provider.config["s"], "t");
    }

    #[test]
    fn what_is_none_stays_none() {
        for text in [
            "",
            "hunter2",
            "users: 5",
            "users: [{name: x, user: {token: [1]}}]",
            "a: [",
        ] {
            assert!(parse(text, Path::new("/")).is_none(), "{text}");
        }
    }
}
