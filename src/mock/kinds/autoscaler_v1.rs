//! Autoscalers in version 1, which knows one metric: all else that version 2 says travels in annotations. As
//! `pkg/apis/autoscaling/v1/conversion.go` of Kubernetes.

use serde_json::{Map, Value, json};

use super::autoscaler_metrics::{Side, new_metric, old_metric};
use crate::mock::server::go::print::html_safe;

/// What version 1 cannot say, and the annotation that bears it.
const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT: &str = "autoscaling.alpha.kubernetes.io/current-metrics";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";
/// All annotations that are the conversion's own.
const OWN: [&str; 6] = [
    METRICS,
    CURRENT,
    BEHAVIOR,
    CONDITIONS,
    "autoscaling.alpha.kubernetes.io/scale-down-tolerance",
    "autoscaling.alpha.kubernetes.io/scale-up-tolerance",
];

/// An autoscaler as version 1 shows it.
#[must_use]
pub fn served(mut object: Value) -> Value {
    drop_own(&mut object);
    let metrics = take_from(&mut object, "spec", "metrics");
    let behavior = take_from(&mut object, "spec", "behavior");
    let current = take_from(&mut object, "status", "currentMetrics");
    let conditions = take_from(&mut object, "status", "conditions");
    if let Some(cpu) = list(&metrics).iter().find(|metric| is_utilization(metric)) {
        let target = &cpu["resource"]["target"]["averageUtilization"];
        object["spec"]["targetCPUUtilizationPercentage"] = target.clone();
    }
    if object["status"].is_object() {
        for count in ["currentReplicas", "desiredReplicas"] {
            if object["status"][count].is_null() {
                object["status"][count] = 0.into();
            }
        }
        let used = list(&current)
            .iter()
            .rfind(|metric| is_cpu(metric) && !used_cpu(metric).is_null());
        if let Some(metric) = used {
            object["status"]["currentCPUUtilizationPercentage"] = used_cpu(metric).clone();
        }
    }
    let others: Vec<Value> = list(&metrics)
        .iter()
        .filter(|metric| !is_utilization(metric))
        .map(|metric| old_metric(metric, Side::Target))
        .collect();
    note(&mut object, METRICS, &Value::Array(others));
    let current = list(&current).iter().map(|metric| old_metric(metric, Side::Current));
    note(&mut object, CURRENT, &current.collect());
    if behavior.is_object() {
        note(&mut object, BEHAVIOR, &printed(&behavior));
    }
    let conditions = list(&conditions).iter().map(ordered);
    note(&mut object, CONDITIONS, &conditions.collect());
    object
}

/// An autoscaler of version 1 as it is stored.
#[must_use]
pub fn stored(mut object: Value) -> Value {
    let noted = |name: &str| {
        let text = object["metadata"]["annotations"][name].as_str()?;
        serde_json::from_str::<Value>(text).ok()
    };
    let objects = |name: &str| {
        let list = noted(name)?.as_array().cloned()?;
        list.iter().all(Value::is_object).then_some(list)
    };
    let (others, current, conditions) = (objects(METRICS), objects(CURRENT), objects(CONDITIONS));
    let behavior = noted(BEHAVIOR).and_then(|given| read(&given));
    drop_own(&mut object);
    let mut metrics: Vec<Value> = others
        .into_iter()
        .flatten()
        .map(|metric| new_metric(&metric, Side::Target))
        .collect();
    let percent = take_from(&mut object, "spec", "targetCPUUtilizationPercentage");
    if !percent.is_null() {
        let target = json!({"type": "Utilization", "averageUtilization": percent});
        metrics.push(json!({"type": "Resource", "resource": {"name": "cpu", "target": target}}));
    }
    if !metrics.is_empty() {
        put(&mut object, "spec", "metrics", metrics.into());
    }
    if let Some(behavior) = behavior {
        put(&mut object, "spec", "behavior", behavior);
    }
    let used = take_from(&mut object, "status", "currentCPUUtilizationPercentage");
    if let Some(current) = current {
        let metrics = current.iter().map(|metric| new_metric(metric, Side::Current));
        put(&mut object, "status", "currentMetrics", metrics.collect());
    } else if !used.is_null() {
        let current = json!({"averageUtilization": used});
        let current = json!([{"type": "Resource", "resource": {"name": "cpu", "current": current}}]);
        put(&mut object, "status", "currentMetrics", current);
    }
    if let Some(conditions) = conditions {
        put(&mut object, "status", "conditions", conditions.into());
    }
    if object
        .pointer("/status/currentReplicas")
        .is_some_and(|count| *count == 0)
    {
        take_from(&mut object, "status", "currentReplicas");
    }
    object
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A condition with its fields in the order of Go's type.
fn ordered(condition: &Value) -> Value {
    let mut ordered = Map::new();
    for field in ["type", "status", "lastTransitionTime", "reason", "message"] {
        if let Some(value) = condition.get(field) {
            ordered.insert(field.to_owned(), value.clone());
        }
    }
    ordered.into()
}

/// Writes a field of a part of an object; a part of a wrong type stays as it is, to be refused by who reads its fields.
fn put(object: &mut Value, part: &str, name: &str, value: Value) {
    if object[part].is_null() {
        object[part] = json!({});
    }
    if let Some(map) = object[part].as_object_mut() {
        map.insert(name.to_owned(), value);
    }
}

/// Takes a field out of a part of an object; null if there is none.
fn take_from(object: &mut Value, part: &str, name: &str) -> Value {
    let map = object.get_mut(part).and_then(Value::as_object_mut);
    map.and_then(|map| map.shift_remove(name)).unwrap_or_default()
}

fn is_cpu(metric: &Value) -> bool {
    metric["type"] == "Resource" && metric["resource"]["name"] == "cpu"
}

/// Whether this is the metric that version 1 has a field for.
fn is_utilization(metric: &Value) -> bool {
    is_cpu(metric) && !metric["resource"]["target"]["averageUtilization"].is_null()
}

fn used_cpu(metric: &Value) -> &Value {
    &metric["resource"]["current"]["averageUtilization"]
}

fn drop_own(object: &mut Value) {
    let annotations = object
        .pointer_mut("/metadata/annotations")
        .and_then(Value::as_object_mut);
    let Some(annotations) = annotations else { return };
    annotations.retain(|name, _| !OWN.contains(&name.as_str()));
    if annotations.is_empty() {
        take_from(object, "metadata", "annotations");
    }
}

/// Writes a list or an object into an annotation, as Go's encoder does; nothing for an empty list.
fn note(object: &mut Value, name: &str, value: &Value) {
    if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
        return;
    }
    let metadata = &mut object["metadata"];
    metadata["annotations"][name] = html_safe(value).into();
    if let Some(annotations) = metadata["annotations"].as_object_mut() {
        annotations.sort_keys();
    }
    crate::mock::admission::order_metadata(object);
}

/// The parts of a direction's rules, as the API and as Go name them.
const RULES: [(&str, &str); 4] = [
    ("stabilizationWindowSeconds", "StabilizationWindowSeconds"),
    ("selectPolicy", "SelectPolicy"),
    ("policies", "Policies"),
    ("tolerance", "Tolerance"),
];
const POLICY: [(&str, &str); 3] = [("type", "Type"), ("value", "Value"), ("periodSeconds", "PeriodSeconds")];
const DIRECTIONS: [(&str, &str); 2] = [("scaleUp", "ScaleUp"), ("scaleDown", "ScaleDown")];

/// Behaviour as Go prints the internal type, which has no JSON names.
fn printed(behavior: &Value) -> Value {
    let policy = |policy: &Value| -> Value { renamed(policy, &POLICY) };
    let rules = |given: &Value| {
        if given.is_null() {
            return Value::Null;
        }
        let mut rules = renamed(given, &RULES);
        if let Some(policies) = given["policies"].as_array() {
            rules["Policies"] = policies.iter().map(policy).collect();
        }
        rules
    };
    DIRECTIONS
        .iter()
        .map(|(from, to)| ((*to).to_owned(), rules(&behavior[*from])))
        .collect::<Map<_, _>>()
        .into()
}

fn renamed(value: &Value, names: &[(&str, &str)]) -> Value {
    names
        .iter()
        .map(|(from, to)| ((*to).to_owned(), value[*from].clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Behaviour as Go reads the internal type: by names in any case. Rules without policies stay so, for no default is
/// given to what was read here.
fn read(behavior: &Value) -> Option<Value> {
    let mut read = any_case(behavior, &DIRECTIONS)?;
    for (name, _) in DIRECTIONS {
        if let Some(rules) = any_case(&read[name], &RULES) {
            let policies = list(&rules["policies"])
                .iter()
                .filter_map(|policy| any_case(policy, &POLICY));
            let policies: Vec<Value> = policies.collect();
            read[name] = rules;
            read[name]["policies"] = policies.into();
        }
    }
    let empty = read.as_object().is_none_or(Map::is_empty);
    (!empty).then_some(read)
}

fn any_case(value: &Value, names: &[(&str, &str)]) -> Option<Value> {
    let mut found = Map::new();
    for (name, _) in names {
        let given = value
            .as_object()?
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        if let Some((_, given)) = given.filter(|(_, given)| !given.is_null()) {
            found.insert((*name).to_owned(), given.clone());
        }
    }
    Some(found.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotations(spec: Value, status: Value) -> Value {
        let object = json!({"metadata": {"name": "x"}, "spec": spec, "status": status});
        served(object)["metadata"]["annotations"].take()
    }

    fn resource(name: &str, target: Value) -> Value {
        json!({"type": "Resource", "resource": {"name": name, "target": target}})
    }

    #[test]
    fn what_the_first_version_cannot_say_is_annotated() {
        let cpu = resource("cpu", json!({"type": "Utilization", "averageUtilization": 50}));
        let cases = [
            (json!([cpu]), Value::Null),
            (
                json!([cpu, resource("memory", json!({"type": "Utilization", "averageUtilization": 60}))]),
                r#"[{"type":"Resource","resource":{"name":"memory","targetAverageUtilization":60}}]"#.into(),
            ),
            (
                json!([resource("cpu", json!({"type": "AverageValue", "averageValue": "500m"}))]),
                r#"[{"type":"Resource","resource":{"name":"cpu","targetAverageValue":"500m"}}]"#.into(),
            ),
            (
                json!([{"type": "Object", "object": {"describedObject": {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"},
                    "metric": {"name": "q", "selector": {"matchLabels": {"a": "b"}}}, "target": {"type": "AverageValue", "averageValue": "1k"}}}]),
                r#"[{"type":"Object","object":{"target":{"kind":"Deployment","name":"x","apiVersion":"apps/v1"},"metricName":"q","targetValue":"0","selector":{"matchLabels":{"a":"b"}},"averageValue":"1k"}}]"#.into(),
            ),
            (
                json!([{"type": "External", "external": {"metric": {"name": "q"}, "target": {"type": "Value", "value": "10"}}}]),
                r#"[{"type":"External","external":{"metricName":"q","targetValue":"10"}}]"#.into(),
            ),
        ];
        for (metrics, expected) in cases {
            let noted = annotations(json!({"metrics": metrics}), json!({}));
            assert_eq!(noted[METRICS], expected);
            // And back again.
            let shown = served(json!({"metadata": {"name": "x"}, "spec": {"metrics": metrics}, "status": {}}));
            let back = stored(shown);
            let mut seen = list(&back["spec"]["metrics"]).to_vec();
            seen.sort_by_key(|metric| metric["resource"]["name"] != "cpu");
            assert_eq!(Value::from(seen), metrics);
            assert_eq!(back["metadata"], json!({"name": "x"}));
        }
    }

    #[test]
    fn behaviour_is_written_as_go_prints_it() {
        let behavior = json!({"scaleDown": {"selectPolicy": "Disabled", "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
            "tolerance": "100m"}});
        let noted = annotations(json!({"behavior": behavior}), json!({}));
        assert_eq!(
            noted[BEHAVIOR],
            r#"{"ScaleUp":null,"ScaleDown":{"StabilizationWindowSeconds":null,"SelectPolicy":"Disabled","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":"100m"}}"#
        );
        let shown = json!({"metadata": {"annotations": noted}, "spec": {}});
        assert_eq!(stored(shown)["spec"]["behavior"], behavior);
        let mine = json!({"metadata": {"annotations": {BEHAVIOR: r#"{"scaledown":{"StabilizationWindowSeconds":30}}"#}}, "spec": {}});
        let expected = json!({"scaleDown": {"stabilizationWindowSeconds": 30, "policies": []}});
        assert_eq!(stored(mine)["spec"]["behavior"], expected);
    }

    #[test]
    fn conditions_and_what_is_measured_are_annotated() {
        let condition = json!({"type": "AbleToScale", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z", "reason": "R", "message": "m \"q\" <x>"});
        let metric = json!({"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 5, "averageValue": "10m"}}});
        let status = json!({"currentReplicas": 2, "currentMetrics": [metric], "conditions": [condition]});
        let shown = served(json!({"metadata": {"name": "x"}, "spec": {}, "status": status}));
        let expected = json!({
            CONDITIONS: r#"[{"type":"AbleToScale","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z","reason":"R","message":"m \"q\" \u003cx\u003e"}]"#,
            CURRENT: r#"[{"type":"Resource","resource":{"name":"cpu","currentAverageUtilization":5,"currentAverageValue":"10m"}}]"#,
        });
        assert_eq!(shown["metadata"]["annotations"], expected);
        let counts = json!({"currentReplicas": 2, "desiredReplicas": 0, "currentCPUUtilizationPercentage": 5});
        assert_eq!(shown["status"], counts);
        let back = stored(shown);
        assert_eq!(back["status"]["currentMetrics"], json!([metric]));
        assert_eq!(back["status"]["conditions"], json!([condition]));
    }

    #[test]
    fn parts_of_a_wrong_type_are_left_to_who_refuses_them() {
        let noted = json!({METRICS: "[{}]", CURRENT: "[{}]", CONDITIONS: "[{}]", BEHAVIOR: r#"{"ScaleUp":{}}"#});
        for wrong in [json!(5), json!("x"), json!([])] {
            let object = json!({"metadata": {"annotations": noted}, "spec": wrong, "status": wrong});
            let read = stored(object);
            assert_eq!((&read["spec"], &read["status"]), (&wrong, &wrong));
        }
    }

    #[test]
    fn what_cannot_be_read_is_forgotten() {
        let mine = json!({"metadata": {"annotations": {METRICS: "nonsense", CURRENT: "x", "x": "y"}}, "spec": {"targetCPUUtilizationPercentage": 33}});
        let read = stored(mine);
        assert_eq!(read["metadata"]["annotations"], json!({"x": "y"}));
        assert_eq!(
            read["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"],
            33
        );
    }
}
