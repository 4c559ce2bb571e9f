//! Config maps, secrets, accounts, quotas, budgets, roles and other small kinds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, name, number, or, scalar};
use crate::mock::values::list;

fn size(map: &Value) -> usize {
    map.as_object().map_or(0, serde_json::Map::len)
}

/// Kinds that show only name and age.
pub const AGED: Printer = Printer {
    columns: &[NAME, AGE],
    cells: |object, now| vec![name(object), age(object, now)],
};

/// The printer of config maps.
pub const CONFIG_MAPS: Printer = Printer {
    columns: &[NAME, Column::text("Data"), AGE],
    cells: |object, now| {
        vec![
            name(object),
            (size(&object["data"]) + size(&object["binaryData"])).into(),
            age(object, now),
        ]
    },
};

/// The printer of secrets.
pub const SECRETS: Printer = Printer {
    columns: &[NAME, Column::text("Type"), Column::text("Data"), AGE],
    cells: |object, now| {
        vec![
            name(object),
            or(&object["type"], "").into(),
            size(&object["data"]).into(),
            age(object, now),
        ]
    },
};

/// The printer of quotas.
pub const QUOTAS: Printer = Printer {
    columns: &[NAME, Column::text("Request"), Column::text("Limit"), AGE],
    cells: quota,
};

fn quota(object: &Value, now: Timestamp) -> Vec<Value> {
    let (hard, used) = (&object["status"]["hard"], &object["status"]["used"]);
    let sorted: BTreeMap<&String, &Value> = hard.as_object().into_iter().flatten().collect();
    let text = |limits: bool| {
        let of = sorted
            .iter()
            .filter(|(resource, _)| resource.starts_with("limits.") == limits);
        let shown = of.map(|(resource, hard)| {
            let used = or(&used[resource.as_str()], "0");
            format!("{resource}: {used}/{}", scalar(hard, "0"))
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    vec![name(object), text(false).into(), text(true).into(), age(object, now)]
}

/// The printer of disruption budgets.
pub const BUDGETS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Min Available"),
        Column::text("Max Unavailable"),
        Column::number("Allowed Disruptions"),
        AGE,
    ],
    cells: |object, now| {
        let bound = |field: &str| Value::from(scalar(&object["spec"][field], "N/A"));
        let allowed = number(&object["status"]["disruptionsAllowed"]);
        vec![
            name(object),
            bound("minAvailable"),
            bound("maxUnavailable"),
            allowed,
            age(object, now),
        ]
    },
};

/// The printer of role bindings, of both scopes.
pub const BINDINGS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Role"),
        AGE,
        Column::wide("Users"),
        Column::wide("Groups"),
        Column::wide("ServiceAccounts"),
    ],
    cells: binding,
};

fn binding(object: &Value, now: Timestamp) -> Vec<Value> {
    let subjects = |kind: &str| {
        let names = list(&object["subjects"])
            .filter(|subject| subject["kind"] == kind)
            .map(|subject| match kind {
                "ServiceAccount" => format!("{}/{}", or(&subject["namespace"], ""), or(&subject["name"], "")),
                _ => or(&subject["name"], "").to_owned(),
            });
        Value::from(names.collect::<Vec<_>>().join(", "))
    };
    let role = &object["roleRef"];
    let role = format!("{}/{}", or(&role["kind"], ""), or(&role["name"], ""));
    vec![
        name(object),
        role.into(),
        age(object, now),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

/// The printer of leases.
pub const LEASES: Printer = Printer {
    columns: &[NAME, Column::text("Holder"), AGE],
    cells: |object, now| {
        vec![
            name(object),
            or(&object["spec"]["holderIdentity"], "").into(),
            age(object, now),
        ]
    },
};

/// The printer of runtime classes.
pub const RUNTIMES: Printer = Printer {
    columns: &[NAME, Column::text("Handler"), AGE],
    cells: |object, now| vec![name(object), or(&object["handler"], "").into(), age(object, now)],
};

/// The printer of webhook configurations.
pub const WEBHOOKS: Printer = Printer {
    columns: &[NAME, Column::number("Webhooks"), AGE],
    cells: |object, now| vec![name(object), list(&object["webhooks"]).count().into(), age(object, now)],
};
