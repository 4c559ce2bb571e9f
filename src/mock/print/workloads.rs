//! Deployments, replica sets, stateful sets, daemon sets, replication controllers and their revisions.

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, join, labels, name, number, or, selector};
use crate::mock::values::list;

const CONTAINERS: Column = Column::wide("Containers").told("Names of each container in the template.");
const IMAGES: Column = Column::wide("Images").told("Images referenced by each container in the template.");
const SELECTOR: Column = Column::wide("Selector");

/// The names and images of a template's containers.
#[must_use]
pub fn containers(template: &Value) -> [Value; 2] {
    let containers = &template["spec"]["containers"];
    [
        join(containers, "name", ",").into(),
        join(containers, "image", ",").into(),
    ]
}

fn ready(object: &Value) -> Value {
    let status = object["status"]["readyReplicas"].as_i64().unwrap_or_default();
    format!("{status}/{}", object["spec"]["replicas"].as_i64().unwrap_or_default()).into()
}

/// The printer of deployments.
pub const DEPLOYMENTS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Ready").told("Number of the pod with ready state"),
        Column::text("Up-to-date"),
        Column::text("Available"),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
    cells: deployment,
};

fn deployment(object: &Value, now: Timestamp) -> Vec<Value> {
    let (status, [names, images]) = (&object["status"], containers(&object["spec"]["template"]));
    let (updated, available) = (number(&status["updatedReplicas"]), number(&status["availableReplicas"]));
    let selector = selector(&object["spec"]["selector"]).into();
    vec![
        name(object),
        ready(object),
        updated,
        available,
        age(object, now),
        names,
        images,
        selector,
    ]
}

const REPLICAS: &[Column] = &[
    NAME,
    Column::number("Desired"),
    Column::number("Current"),
    Column::number("Ready"),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];

/// The printer of replica sets.
pub const REPLICA_SETS: Printer = Printer {
    columns: REPLICAS,
    cells: |object, now| replicas(object, now, selector),
};
/// The printer of replication controllers.
pub const REPLICATION_CONTROLLERS: Printer = Printer {
    columns: REPLICAS,
    cells: |object, now| replicas(object, now, labels),
};

fn replicas(object: &Value, now: Timestamp, selector: fn(&Value) -> String) -> Vec<Value> {
    let (spec, status) = (&object["spec"], &object["status"]);
    let [names, images] = containers(&spec["template"]);
    vec![
        name(object),
        number(&spec["replicas"]),
        number(&status["replicas"]),
        number(&status["readyReplicas"]),
        age(object, now),
        names,
        images,
        selector(&spec["selector"]).into(),
    ]
}

/// The printer of stateful sets.
pub const STATEFUL_SETS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Ready").told("Number of the pod with ready state"),
        AGE,
        CONTAINERS,
        IMAGES,
    ],
    cells: |object, now| {
        let [names, images] = containers(&object["spec"]["template"]);
        vec![name(object), ready(object), age(object, now), names, images]
    },
};

/// The printer of daemon sets.
pub const DAEMON_SETS: Printer = Printer {
    columns: &[
        NAME,
        Column::number("Desired"),
        Column::number("Current"),
        Column::number("Ready"),
        Column::number("Up-to-date"),
        Column::number("Available"),
        Column::text("Node Selector"),
        AGE,
        CONTAINERS,
        IMAGES,
        SELECTOR,
    ],
    cells: daemon_set,
};

fn daemon_set(object: &Value, now: Timestamp) -> Vec<Value> {
    let counts = [
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "numberReady",
        "updatedNumberScheduled",
        "numberAvailable",
    ];
    let mut cells = vec![name(object)];
    cells.extend(counts.map(|count| number(&object["status"][count])));
    cells.push(labels(&object["spec"]["template"]["spec"]["nodeSelector"]).into());
    cells.push(age(object, now));
    cells.extend(containers(&object["spec"]["template"]));
    cells.push(selector(&object["spec"]["selector"]).into());
    cells
}

/// The printer of controller revisions.
pub const REVISIONS: Printer = Printer {
    columns: &[NAME, Column::text("Controller"), Column::text("Revision"), AGE],
    cells: |object, now| {
        let owner = list(&object["metadata"]["ownerReferences"]).find(|owner| owner["controller"] == true);
        let owner = owner.map_or_else(|| "<none>".to_owned(), owner_text);
        vec![
            name(object),
            owner.into(),
            number(&object["revision"]),
            age(object, now),
        ]
    },
};

fn owner_text(owner: &Value) -> String {
    let kind = or(&owner["kind"], "").to_lowercase();
    let group = or(&owner["apiVersion"], "")
        .split_once('/')
        .map(|(group, _)| format!(".{group}"))
        .unwrap_or_default();
    format!("{kind}{group}/{}", or(&owner["name"], ""))
}

/// The printer of pod templates.
pub const POD_TEMPLATES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Containers"),
        Column::text("Images"),
        Column::text("Pod Labels"),
    ],
    cells: |object, _| {
        let [names, images] = containers(&object["template"]);
        vec![
            name(object),
            names,
            images,
            labels(&object["template"]["metadata"]["labels"]).into(),
        ]
    },
};
