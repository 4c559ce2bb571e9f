//! The containers of a pod that a shell can be opened in, and which of them is meant where nothing is said.

use serde_json::Value;

use crate::core::action::Target;
use crate::core::reference::Reference;
use crate::model::Container;

/// The annotation that names the container that is meant, as kubectl reads it.
const DEFAULT: &str = "/metadata/annotations/kubectl.kubernetes.io~1default-container";

/// The pod of a row, and the one container of it that is seen; nothing where the row is no pod.
pub fn pod_of(target: &Target) -> Option<(Reference, Option<String>)> {
    let resource = target.resource.as_ref()?;
    if resource.kind != "Pod" || !resource.group.is_empty() {
        return None;
    }
    let meta = target.row.meta();
    let part = match target.parts.as_slice() {
        [part] => (&**part as &dyn std::any::Any).downcast_ref::<Container>(),
        _ => None,
    };
    let pod = Reference::to(resource, meta.namespace.as_deref().unwrap_or_default(), &meta.name);
    Some((pod, part.map(|container| container.name().to_string())))
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Whether it runs.
    pub runs: bool,
    /// Which one runs or ran: its `containerID`, by its runtime.
    pub id: Option<String>,
    /// Whether its main process can be typed at.
    pub stdin: bool,
    /// Whether its main process has a terminal.
    pub tty: bool,
}

/// The containers of a pod, those of its own first, then what runs beside them; and the place of the one that is meant:
/// the annotated one, else the first, as kubectl chooses, as long as it runs.
pub fn choices(pod: &Value) -> (Vec<Choice>, usize) {
    let mut found = Vec::new();
    for (list, statuses, always) in [
        ("containers", "containerStatuses", true),
        ("initContainers", "initContainerStatuses", false),
        ("ephemeralContainers", "ephemeralContainerStatuses", false),
    ] {
        let statuses = array(pod, "status", statuses);
        for container in array(pod, "spec", list) {
            let choice = choice(container, statuses);
            if !choice.name.is_empty() && (always || choice.runs) {
                found.push(choice);
            }
        }
    }
    let meant = pod.pointer(DEFAULT).and_then(Value::as_str);
    let at = found.iter().position(|choice| Some(choice.name.as_str()) == meant);
    let at = at.unwrap_or(0);
    // One that does not run is of no use to anybody while another one does.
    let runs = |at: &usize| found.get(*at).is_some_and(|choice| choice.runs);
    let at = Some(at)
        .filter(runs)
        .or_else(|| found.iter().position(|choice| choice.runs))
        .unwrap_or(at);
    (found, at)
}

fn array<'a>(pod: &'a Value, part: &str, list: &str) -> &'a [Value] {
    let list = pod.get(part).and_then(|part| part.get(list)).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

fn choice(container: &Value, statuses: &[Value]) -> Choice {
    let text = |field: &str| {
        container
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_string()
    };
    let flag = |field: &str| container.get(field) == Some(&Value::Bool(true));
    let name = text("name");
    let status = statuses
        .iter()
        .find(|status| status.get("name").and_then(Value::as_str) == Some(&name));
    Choice {
        runs: status.is_some_and(|status| status.pointer("/state/running").is_some_and(Value::is_object)),
        id: status
            .and_then(|status| status.get("containerID"))
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty())
            .map(str::to_string),
        image: text("image"),
        stdin: flag("stdin"),
        tty: flag("tty"),
        name,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_annotated_container_is_meant_else_the_first() {
        let mut pod = json!({
            "metadata": {"annotations": {"kubectl.kubernetes.io/default-container": "app"}},
            "spec": {
                "initContainers": [{"name": "setup"}, {"name": "proxy", "restartPolicy": "Always"}],
                "containers": [{"name": "side", "image": "i"}, {"name": "app", "tty": true, "stdin": true}, 7],
                "ephemeralContainers": [{"name": "debug"}]},
            "status": {
                "initContainerStatuses": [{"name": "setup", "state": {"terminated": {}}}, {"name": "proxy", "state": {"running": {}}}],
                "containerStatuses": [{"name": "app", "state": {"running": {}}}],
                "ephemeralContainerStatuses": [{"name": "debug", "state": {"running": {}}}]}});
        let (found, at) = choices(&pod);
        let names: Vec<&str> = found.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!((names, at), (vec!["side", "app", "proxy", "debug"], 1));
        assert_eq!(
            (found[1].runs, found[1].stdin, found[1].tty, found[0].runs),
            (true, true, true, false)
        );
        pod["metadata"] = json!({});
        assert_eq!(choices(&pod).1, 1, "the first does not run");
        pod["status"] = json!({});
        assert_eq!(choices(&pod).1, 0);
        assert_eq!(choices(&json!({"spec": null})), (Vec::new(), 0));
    }
}
