//! The objects, as `kubectl create` and `kubectl run` make them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::words::{image_name, pairs};
use crate::core::request::shell;
use crate::core::words::words;
use crate::layers::dialog::Form;
use crate::model::Quantity;

/// What is made: the object, the command that makes the same, and the command as it may be kept.
pub struct Made {
    /// The object, without its namespace.
    pub object: Value,
    /// The kubectl command, without its namespace.
    pub command: String,
    /// The command without secrets.
    pub kept: Option<String>,
}

/// What is wrong: the control, and a text's key below `dialog.create.wrong`.
pub type Wrong = (&'static str, &'static str);

/// Makes an object from what was filled in.
pub type Make = fn(&Form) -> Result<Made, Wrong>;

fn made(object: Value, command: Vec<String>) -> Result<Made, Wrong> {
    let words = command.into_iter().filter(|word| !word.is_empty());
    Ok(Made {
        object,
        command: words.collect::<Vec<_>>().join(" "),
        kept: None,
    })
}

fn needed(form: &Form, id: &'static str) -> Result<String, Wrong> {
    match form.text(id) {
        "" => Err((id, "needed")),
        text => Ok(text.to_string()),
    }
}

/// A port where one is typed.
fn port(form: &Form) -> Result<Option<u16>, Wrong> {
    match form.text("port") {
        "" => Ok(None),
        text => text
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .map(Some)
            .ok_or(("port", "port")),
    }
}

fn command(form: &Form) -> Result<Vec<String>, Wrong> {
    words(form.text("command")).ok_or(("command", "quotes"))
}

/// ` -- sh -c 'x y'`.
fn behind(command: &[String]) -> String {
    if command.is_empty() {
        return String::new();
    }
    let words: Vec<String> = command.iter().map(|word| shell(word)).collect();
    format!("-- {}", words.join(" "))
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_string(), value);
    }
}

/// `kubectl create deployment`.
pub fn deployment(form: &Form) -> Result<Made, Wrong> {
    let (name, image) = (needed(form, "name")?, needed(form, "image")?);
    let replicas = form.number("replicas").ok_or(("replicas", "number"))?;
    let (port, words) = (port(form)?, command(form)?);
    let mut container = json!({"name": image_name(&image), "image": image, "resources": {}});
    if let Some(port) = port {
        insert(&mut container, "ports", json!([{"containerPort": port}]));
    }
    if !words.is_empty() {
        insert(&mut container, "command", json!(words));
    }
    let labels = json!({"app": name});
    let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": labels},
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "strategy": {},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}}});
    let line = format!("kubectl create deployment {} --image={}", shell(&name), shell(&image));
    let many = if replicas == 1 {
        String::new()
    } else {
        format!("--replicas={replicas}")
    };
    let port = port.map(|port| format!("--port={port}")).unwrap_or_default();
    made(object, vec![line, many, port, behind(&words)])
}

/// `kubectl run`.
pub fn pod(form: &Form) -> Result<Made, Wrong> {
    let (name, image) = (needed(form, "name")?, needed(form, "image")?);
    let (port, words) = (port(form)?, command(form)?);
    let env = pairs(form.text("env")).ok_or(("env", "pairs"))?;
    let mut container = json!({"name": name, "image": image, "resources": {}});
    if let Some(port) = port {
        insert(&mut container, "ports", json!([{"containerPort": port}]));
    }
    if !env.is_empty() {
        let all = env.iter().map(|(name, value)| json!({"name": name, "value": value}));
        insert(&mut container, "env", all.collect());
    }
    if !words.is_empty() {
        insert(&mut container, "args", json!(words));
    }
    let restart = form.text("restart");
    let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"run": name}},
        "spec": {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": restart}});
    let line = format!("kubectl run {} --image={}", shell(&name), shell(&image));
    let port = port.map(|port| format!("--port={port}")).unwrap_or_default();
    let envs: Vec<String> = env
        .iter()
        .map(|(name, value)| format!("--env={}", shell(&format!("{name}={value}"))))
        .collect();
    let again = if restart == "Always" {
        String::new()
    } else {
        format!("--restart={restart}")
    };
    made(object, vec![line, port, envs.join(" "), again, behind(&words)])
}

/// `kubectl create namespace`.
pub fn namespace(form: &Form) -> Result<Made, Wrong> {
    let name = needed(form, "name")?;
    let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {}});
    made(object, vec![format!("kubectl create namespace {}", shell(&name))])
}

/// Keys and values that were filled in.
fn data(form: &Form) -> Result<Vec<(String, String)>, Wrong> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (key, value) in [("key1", "value1"), ("key2", "value2"), ("key3", "value3")] {
        let (name, text) = (form.text(key), form.raw(value));
        match name {
            "" if text.is_empty() => continue,
            "" => return Err((key, "needed")),
            name if !is_data_key(name) => return Err((key, "data_key")),
            name if out.iter().any(|(known, _)| known == name) => return Err((key, "twice")),
            name => out.push((name.to_string(), text.to_string())),
        }
    }
    Ok(out)
}

/// What a key of a ConfigMap or Secret may be (`IsConfigMapKey`).
fn is_data_key(key: &str) -> bool {
    key.len() <= 253
        && key != "."
        && !key.starts_with("..")
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn literals(data: &[(String, String)], shown: impl Fn(&str) -> String) -> String {
    let one = |(key, value): &(String, String)| format!("--from-literal={}", shell(&format!("{key}={}", shown(value))));
    data.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// `kubectl create configmap`.
pub fn config_map(form: &Form) -> Result<Made, Wrong> {
    let (name, data) = (needed(form, "name")?, data(form)?);
    let map: Map<String, Value> = data.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    if !map.is_empty() {
        insert(&mut object, "data", Value::Object(map));
    }
    let line = format!("kubectl create configmap {}", shell(&name));
    made(object, vec![line, literals(&data, str::to_string)])
}

/// `kubectl create secret generic`. The command is kept without the values.
pub fn secret(form: &Form) -> Result<Made, Wrong> {
    let (name, data) = (needed(form, "name")?, data(form)?);
    let encoded = |value: &String| json!(STANDARD.encode(value));
    let map: Map<String, Value> = data.iter().map(|(key, value)| (key.clone(), encoded(value))).collect();
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}});
    if !map.is_empty() {
        insert(&mut object, "data", Value::Object(map));
    }
    let line = format!("kubectl create secret generic {}", shell(&name));
    let kept = format!("{line} {}", literals(&data, |_| "••••".to_string()));
    let made = made(object, vec![line, literals(&data, str::to_string)])?;
    Ok(Made {
        kept: Some(kept.trim_end().to_string()),
        ..made
    })
}

/// `kubectl create job`.
pub fn job(form: &Form) -> Result<Made, Wrong> {
    let (name, image, words) = (needed(form, "name")?, needed(form, "image")?, command(form)?);
    let object = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
        "spec": {"template": {"spec": {"containers": [container(&name, &image, &words)], "restartPolicy": "Never"}}}});
    let line = format!("kubectl create job {} --image={}", shell(&name), shell(&image));
    made(object, vec![line, behind(&words)])
}

fn container(name: &str, image: &str, command: &[String]) -> Value {
    let mut container = json!({"name": name, "image": image, "resources": {}});
    if !command.is_empty() {
        insert(&mut container, "command", json!(command));
    }
    container
}

/// `kubectl create cronjob`.
pub fn cron_job(form: &Form) -> Result<Made, Wrong> {
    let (name, image, words) = (needed(form, "name")?, needed(form, "image")?, command(form)?);
    let (schedule, restart) = (needed(form, "schedule")?, form.text("restart"));
    let pod = json!({"containers": [container(&name, &image, &words)], "restartPolicy": restart});
    let object = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name},
        "spec": {"schedule": schedule, "jobTemplate": {"metadata": {"name": name}, "spec": {"template": {"spec": pod}}}}});
    let line = format!(
        "kubectl create cronjob {} --image={} --schedule={}",
        shell(&name),
        shell(&image),
        shell(&schedule)
    );
    let again = if restart == "OnFailure" {
        String::new()
    } else {
        format!("--restart={restart}")
    };
    made(object, vec![line, again, behind(&words)])
}

/// Amounts such as `cpu=1,memory=1Gi`.
fn amounts(form: &Form, id: &'static str) -> Result<Map<String, Value>, Wrong> {
    let pairs = pairs(form.text(id)).ok_or((id, "amounts"))?;
    if pairs.iter().any(|(_, amount)| Quantity::parse(amount).is_err()) {
        return Err((id, "amounts"));
    }
    Ok(pairs.into_iter().map(|(name, amount)| (name, json!(amount))).collect())
}

/// `kubectl create quota`.
pub fn quota(form: &Form) -> Result<Made, Wrong> {
    let (name, hard) = (needed(form, "name")?, amounts(form, "hard")?);
    if hard.is_empty() {
        return Err(("hard", "needed"));
    }
    let listed: Vec<String> = hard
        .iter()
        .map(|(name, amount)| format!("{name}={}", amount.as_str().unwrap_or_default()))
        .collect();
    let object =
        json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": {"hard": hard}});
    let line = format!(
        "kubectl create quota {} --hard={}",
        shell(&name),
        shell(&listed.join(","))
    );
    made(object, vec![line])
}

/// A LimitRange: kubectl has no generator for it, so the command reads the object.
pub fn limit_range(form: &Form) -> Result<Made, Wrong> {
    let name = needed(form, "name")?;
    let mut limit = json!({"type": form.text("type")});
    for id in ["max", "min", "default", "defaultRequest"] {
        let amounts = amounts(form, id)?;
        if !amounts.is_empty() {
            insert(&mut limit, id, Value::Object(amounts));
        }
    }
    if limit.as_object().is_some_and(|limit| limit.len() < 2) {
        return Err(("max", "needed"));
    }
    let object =
        json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": name}, "spec": {"limits": [limit]}});
    let line = format!("echo {} | kubectl create -f -", shell(&object.to_string()));
    made(object, vec![line])
}
