//! Descriptions folded, with bars and links, and fields explained.

use konn::core::effect::Effect;
use konn::core::event::{Event, TaskId};
use konn::core::lang::Tongue;
use konn::core::outcome::Outcome;
use konn::core::request::Request;
use konn::core::schema::{Explanation, Schemas};
use serde_json::json;

use super::stage::{Set, Stage, corpus, pod, pods, rows, whole};
use super::{at, seen};

const BOTH: [(u16, u16); 2] = [(80, 24), (120, 40)];

#[test]
fn a_description_folds() {
    for size in BOTH {
        let mut stage = Stage::with_pods(at(size));
        stage.press("j j d");
        let name = stage.selected();
        let object = pods()
            .into_iter()
            .find(|pod| pod["metadata"]["name"] == json!(name))
            .unwrap();
        stage.list("pods", vec![whole(&object)]);
        stage.list("events", Vec::new());
        stage.press("Z");
        seen(&format!("describe_folded_{}x{}", size.0, size.1), &stage);
        stage.press("tab");
        seen(&format!("describe_link_{}x{}", size.0, size.1), &stage);
    }
}

#[test]
fn quotas_and_nodes_have_bars() {
    let quota = corpus("resourcequota").remove(0);
    let mut stage = Stage::new(Set {
        line: "resourcequotas",
        ..at((80, 24))
    });
    stage.list("resourcequotas", rows("resourcequotas", vec![quota.clone()]));
    stage.press("d");
    stage.list("resourcequotas", vec![whole(&quota)]);
    stage.list("events", Vec::new());
    seen("describe_quota_80x24", &stage);
    let node = corpus("node").remove(0);
    let mut stage = Stage::new(Set {
        line: "nodes",
        tongue: Tongue::Ja,
        ..at((120, 40))
    });
    stage.list("nodes", rows("nodes", vec![node.clone()]));
    stage.press("d");
    stage.list("nodes", vec![whole(&node)]);
    let mut claims = pod("web-0", &[]);
    claims["spec"]["containers"][0]["resources"] =
        json!({"requests": {"cpu": "5", "memory": "8Gi"}, "limits": {"cpu": "9", "memory": "16Gi"}});
    stage.list("pods", vec![whole(&claims)]);
    stage.list("leases", Vec::new());
    stage.list("events", Vec::new());
    stage.press("G");
    seen("ja_describe_node", &stage);
}

#[test]
fn a_service_with_its_pods() {
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "uid": "u"},
        "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1", "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}});
    let mut stage = Stage::new(Set {
        line: "services",
        ..at((80, 24))
    });
    stage.list("services", rows("services", vec![service.clone()]));
    stage.press("d");
    stage.list("services", vec![whole(&service)]);
    stage.list("endpointslices", Vec::new());
    let pods = [pod("web-0", &[("app", "web")]), pod("web-1", &[("app", "web")])];
    stage.list("pods", pods.iter().map(whole).collect());
    stage.list("events", Vec::new());
    stage.press("tab");
    seen("describe_service_80x24", &stage);
}

/// What a server says of a pod's containers.
fn explanation(path: &[String]) -> Explanation {
    let all = json!({
        "Pod": {"type": "object", "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}],
            "properties": {"spec": {"allOf": [{"$ref": "#/components/schemas/PodSpec"}]}}},
        "PodSpec": {"type": "object", "properties": {"containers": {"type": "array", "items": {"$ref": "#/components/schemas/Container"},
            "description": "List of containers belonging to the pod. Containers cannot currently be added or removed. There must be at least one container in a Pod."}}},
        "Container": {"type": "object", "required": ["name"], "description": "A single application container that you want to run within a pod.",
            "properties": {
                "name": {"type": "string", "description": "Name of the container specified as a DNS_LABEL. Each container in a pod must have a unique name."},
                "imagePullPolicy": {"type": "string", "enum": ["Always", "IfNotPresent", "Never"], "description": "Image pull policy."},
                "args": {"type": "array", "items": {"type": "string"}},
                "env": {"type": "array", "items": {"$ref": "#/components/schemas/EnvVar"}, "description": "List of environment variables to set in the container."}}},
        "EnvVar": {"type": "object"},
    });
    let schemas = Schemas(all.as_object().cloned().unwrap());
    schemas.explain(("", "v1", "Pod"), path).unwrap()
}

/// The question that is open.
fn asked(stage: &Stage) -> (TaskId, Vec<String>) {
    let asked = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Call(task, Request::Explain { fields, .. }) => Some((*task, fields.clone())),
        _ => None,
    });
    asked.unwrap()
}

fn answer(stage: &mut Stage) {
    let (task, fields) = asked(stage);
    stage.event(Event::Done(task, Outcome::Explained(Box::new(explanation(&fields)))));
}

#[test]
fn fields_explained() {
    for (size, tongue, name) in [
        ((80, 24), Tongue::En, "explain_80x24"),
        ((120, 40), Tongue::En, "explain_120x40"),
        ((80, 24), Tongue::Ja, "ja_explain"),
    ] {
        let mut stage = Stage::with_pods(Set { tongue, ..at(size) });
        let line = if tongue == Tongue::Ja {
            "\"pods.spec.containers.nope\""
        } else {
            "\"pods.spec.containers\""
        };
        stage.press(&format!(": \"explain\" space {line} enter"));
        answer(&mut stage);
        seen(name, &stage);
        // Down into the first field and up again: the cursor stands where it went down.
        stage.press("/ \"env\" enter enter");
        assert_eq!(asked(&stage).1.join("."), "spec.containers.env");
        answer(&mut stage);
        stage.press("h");
        assert_eq!(asked(&stage).1.join("."), "spec.containers");
    }
}
