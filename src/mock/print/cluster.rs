//! What administers a cluster: certificate requests, flow control, admission policies, address ranges, devices.

use jiff::Timestamp;
use serde_json::Value;

use super::Printer;
use super::column::{AGE, Column, NAME};
use super::text::{age, duration, name, number, or};
use crate::mock::values::list;

/// The printer of one of these kinds.
pub fn printer(table: &str) -> Option<Printer> {
    Some(match table {
        "certificatesigningrequests.certificates.k8s.io" => CERTIFICATE_REQUESTS,
        "flowschemas.flowcontrol.apiserver.k8s.io" => FLOW_SCHEMAS,
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io" => PRIORITY_LEVELS,
        "validatingadmissionpolicies.admissionregistration.k8s.io" => POLICIES,
        "mutatingadmissionpolicies.admissionregistration.k8s.io" => MUTATING_POLICIES,
        "validatingadmissionpolicybindings.admissionregistration.k8s.io"
        | "mutatingadmissionpolicybindings.admissionregistration.k8s.io" => POLICY_BINDINGS,
        "servicecidrs.networking.k8s.io" => SERVICE_RANGES,
        "ipaddresses.networking.k8s.io" => ADDRESSES,
        "volumeattributesclasses.storage.k8s.io" => ATTRIBUTES_CLASSES,
        "resourceclaims.resource.k8s.io" => CLAIMS,
        "resourceslices.resource.k8s.io" => SLICES,
        "apiservices.apiregistration.k8s.io" => API_SERVICES,
        "componentstatuses" => COMPONENTS,
        _ => return None,
    })
}

const CERTIFICATE_REQUESTS: Printer = Printer {
    columns: &[
        NAME,
        AGE,
        Column::text("SignerName"),
        Column::text("Requestor"),
        Column::text("RequestedDuration"),
        Column::text("Condition"),
    ],
    cells: |object, now| {
        let spec = &object["spec"];
        let wanted = spec["expirationSeconds"].as_i64();
        vec![
            name(object),
            age(object, now),
            or(&spec["signerName"], "<none>").into(),
            or(&spec["username"], "").into(),
            wanted.map_or_else(|| "<none>".to_owned(), duration).into(),
            signed(&object["status"]).into(),
        ]
    },
};

/// As `extractCSRStatus`.
fn signed(status: &Value) -> String {
    let has = |kind: &str| list(&status["conditions"]).any(|condition| condition["type"] == kind);
    let mut text = match () {
        () if has("Denied") => "Denied",
        () if has("Approved") => "Approved",
        () => "Pending",
    }
    .to_owned();
    if has("Failed") {
        text.push_str(",Failed");
    }
    if !or(&status["certificate"], "").is_empty() {
        text.push_str(",Issued");
    }
    text
}

const FLOW_SCHEMAS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("PriorityLevel"),
        Column::text("MatchingPrecedence"),
        Column::text("DistinguisherMethod"),
        AGE,
        Column::text("MissingPL"),
    ],
    cells: |object, now| {
        let spec = &object["spec"];
        let dangling = list(&object["status"]["conditions"]).find(|condition| condition["type"] == "Dangling");
        vec![
            name(object),
            or(&spec["priorityLevelConfiguration"]["name"], "").into(),
            number(&spec["matchingPrecedence"]),
            or(&spec["distinguisherMethod"]["type"], "<none>").into(),
            age(object, now),
            dangling.map_or("?", |condition| or(&condition["status"], "")).into(),
        ]
    },
};

const PRIORITY_LEVELS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Type"),
        Column::text("NominalConcurrencyShares"),
        Column::text("Queues"),
        Column::text("HandSize"),
        Column::text("QueueLengthLimit"),
        AGE,
    ],
    cells: |object, now| {
        let limited = &object["spec"]["limited"];
        let queuing = &limited["limitResponse"]["queuing"];
        let or_none = |value: &Value| match value {
            Value::Null => Value::from("<none>"),
            value => value.clone(),
        };
        vec![
            name(object),
            or(&object["spec"]["type"], "").into(),
            or_none(&limited["nominalConcurrencyShares"]),
            or_none(&queuing["queues"]),
            or_none(&queuing["handSize"]),
            or_none(&queuing["queueLengthLimit"]),
            age(object, now),
        ]
    },
};

const POLICIES: Printer = Printer {
    columns: &[NAME, Column::number("Validations"), Column::text("ParamKind"), AGE],
    cells: |object, now| policy(object, "validations", now),
};

const MUTATING_POLICIES: Printer = Printer {
    columns: &[NAME, Column::number("Mutations"), Column::text("ParamKind"), AGE],
    cells: |object, now| policy(object, "mutations", now),
};

fn policy(object: &Value, rules: &str, now: Timestamp) -> Vec<Value> {
    let kind = &object["spec"]["paramKind"];
    let kind = match kind.is_object() {
        true => format!("{}/{}", or(&kind["apiVersion"], ""), or(&kind["kind"], "")),
        false => "<unset>".to_owned(),
    };
    let rules = list(&object["spec"][rules]).count();
    vec![name(object), rules.into(), kind.into(), age(object, now)]
}

const POLICY_BINDINGS: Printer = Printer {
    columns: &[NAME, Column::text("PolicyName"), Column::text("ParamRef"), AGE],
    cells: |object, now| {
        let spec = &object["spec"];
        let parameter = &spec["paramRef"];
        let text = match or(&parameter["name"], "") {
            "" if parameter["selector"].is_object() => go_selector(&parameter["selector"]),
            "" => "<unset>".to_owned(),
            named => format!("{}/{named}", or(&parameter["namespace"], "*")),
        };
        vec![
            name(object),
            or(&spec["policyName"], "").into(),
            text.into(),
            age(object, now),
        ]
    },
};

/// A label selector as Go's generated `String` writes the type.
fn go_selector(selector: &Value) -> String {
    let labels = selector["matchLabels"].as_object().into_iter().flatten();
    let mut labels: Vec<String> = labels
        .map(|(key, value)| format!("{key}: {},", or(value, "")))
        .collect();
    labels.sort();
    let expressions = list(&selector["matchExpressions"]).map(|expression| {
        let values: Vec<&str> = list(&expression["values"]).filter_map(Value::as_str).collect();
        let [key, operator] = ["key", "operator"].map(|field| or(&expression[field], ""));
        format!(
            "LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{}],}},",
            values.join(" ")
        )
    });
    let expressions: String = expressions.collect();
    format!(
        "&LabelSelector{{MatchLabels:map[string]string{{{}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}",
        labels.concat()
    )
}

const SERVICE_RANGES: Printer = Printer {
    columns: &[NAME, Column::text("CIDRs"), AGE],
    cells: |object, now| {
        let ranges: Vec<&str> = list(&object["spec"]["cidrs"]).filter_map(Value::as_str).collect();
        vec![name(object), ranges.join(",").into(), age(object, now)]
    },
};

/// The API server defines no column for the age that it prints.
const ADDRESSES: Printer = Printer {
    columns: &[NAME, Column::text("ParentRef")],
    cells: |object, now| {
        vec![
            name(object),
            parent(&object["spec"]["parentRef"]).into(),
            age(object, now),
        ]
    },
};

fn parent(parent: &Value) -> String {
    if !parent.is_object() {
        return "<none>".to_owned();
    }
    let [group, resource, namespace, name] =
        ["group", "resource", "namespace", "name"].map(|field| or(&parent[field], ""));
    let kind = match group {
        "" => resource.to_lowercase(),
        group => format!("{resource}.{group}").to_lowercase(),
    };
    match namespace {
        "" => format!("{kind}/{name}"),
        namespace => format!("{kind}/{namespace}/{name}"),
    }
}

const ATTRIBUTES_CLASSES: Printer = Printer {
    columns: &[NAME, Column::text("DriverName"), AGE],
    cells: |object, now| vec![name(object), or(&object["driverName"], "").into(), age(object, now)],
};

const CLAIMS: Printer = Printer {
    columns: &[NAME, Column::text("State"), AGE],
    cells: |object, now| vec![name(object), state(object).into(), age(object, now)],
};

/// As `resourceClaimState`.
fn state(claim: &Value) -> String {
    let (deleted, status) = (claim["metadata"]["deletionTimestamp"].is_string(), &claim["status"]);
    let allocated = status["allocation"].is_object();
    let reserved = allocated && list(&status["reservedFor"]).next().is_some();
    let states = [
        ("deleted", deleted),
        ("pending", !allocated && !deleted),
        ("allocated", allocated),
        ("reserved", reserved),
    ];
    let states: Vec<&str> = states.into_iter().filter(|(_, is)| *is).map(|(text, _)| text).collect();
    states.join(",")
}

const SLICES: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Node"),
        Column::text("Driver"),
        Column::text("Pool"),
        AGE,
    ],
    cells: |object, now| {
        let spec = &object["spec"];
        vec![
            name(object),
            or(&spec["nodeName"], "").into(),
            or(&spec["driver"], "").into(),
            or(&spec["pool"]["name"], "").into(),
            age(object, now),
        ]
    },
};

const API_SERVICES: Printer = Printer {
    columns: &[NAME, Column::text("Service"), Column::text("Available"), AGE],
    cells: |object, now| {
        let service = &object["spec"]["service"];
        let service = match service.is_object() {
            true => format!("{}/{}", or(&service["namespace"], ""), or(&service["name"], "")),
            false => "Local".to_owned(),
        };
        let available = list(&object["status"]["conditions"]).find(|condition| condition["type"] == "Available");
        let available = available.map_or_else(
            || "Unknown".to_owned(),
            |condition| match (or(&condition["status"], ""), or(&condition["reason"], "")) {
                ("True", _) => "True".to_owned(),
                (status, "") => status.to_owned(),
                (status, reason) => format!("{status} ({reason})"),
            },
        );
        vec![name(object), service.into(), available.into(), age(object, now)]
    },
};

const COMPONENTS: Printer = Printer {
    columns: &[
        NAME,
        Column::text("Status"),
        Column::text("Message"),
        Column::text("Error"),
    ],
    cells: |object, _| {
        let healthy = list(&object["conditions"]).find(|condition| condition["type"] == "Healthy");
        let status = match healthy.map(|condition| or(&condition["status"], "")) {
            Some("True") => "Healthy",
            Some(_) => "Unhealthy",
            None => "Unknown",
        };
        let text = |field: &str| healthy.map_or("", |condition| or(&condition[field], ""));
        vec![
            name(object),
            status.into(),
            text("message").into(),
            text("error").into(),
        ]
    },
};
