//! Plain values of the API's types as Go reads them, and how Go names their types.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::mock::admission::quantity::Quantity;
use crate::mock::values::scalar;

/// Texts whose Go type has a name of its own, or lists of them: type and field.
const NAMED: [(&str, &str, &str); 43] = [
    ("PersistentVolumeSpec", "accessModes", "v1.PersistentVolumeAccessMode"),
    (
        "PersistentVolumeClaimSpec",
        "accessModes",
        "v1.PersistentVolumeAccessMode",
    ),
    ("NetworkPolicySpec", "policyTypes", "v1.PolicyType"),
    ("ServiceSpec", "ipFamilies", "v1.IPFamily"),
    ("ResourceQuotaSpec", "scopes", "v1.ResourceQuotaScope"),
    ("Capabilities", "add", "v1.Capability"),
    ("Capabilities", "drop", "v1.Capability"),
    ("Container", "imagePullPolicy", "v1.PullPolicy"),
    ("Container", "terminationMessagePolicy", "v1.TerminationMessagePolicy"),
    ("Container", "restartPolicy", "v1.ContainerRestartPolicy"),
    ("ContainerPort", "protocol", "v1.Protocol"),
    ("PodSpec", "restartPolicy", "v1.RestartPolicy"),
    ("PodSpec", "dnsPolicy", "v1.DNSPolicy"),
    ("PodSpec", "preemptionPolicy", "v1.PreemptionPolicy"),
    ("PodOS", "name", "v1.OSName"),
    ("Toleration", "operator", "v1.TolerationOperator"),
    ("Toleration", "effect", "v1.TaintEffect"),
    ("Taint", "effect", "v1.TaintEffect"),
    ("HTTPGetAction", "scheme", "v1.URIScheme"),
    ("HostPathVolumeSource", "type", "v1.HostPathType"),
    ("EmptyDirVolumeSource", "medium", "v1.StorageMedium"),
    ("SeccompProfile", "type", "v1.SeccompProfileType"),
    ("VolumeMount", "mountPropagation", "v1.MountPropagationMode"),
    ("NodeSelectorRequirement", "operator", "v1.NodeSelectorOperator"),
    ("LabelSelectorRequirement", "operator", "v1.LabelSelectorOperator"),
    (
        "TopologySpreadConstraint",
        "whenUnsatisfiable",
        "v1.UnsatisfiableConstraintAction",
    ),
    ("ObjectMeta", "uid", "types.UID"),
    ("OwnerReference", "uid", "types.UID"),
    ("Secret", "type", "v1.SecretType"),
    ("ServiceSpec", "type", "v1.ServiceType"),
    ("ServiceSpec", "sessionAffinity", "v1.ServiceAffinity"),
    (
        "ServiceSpec",
        "externalTrafficPolicy",
        "v1.ServiceExternalTrafficPolicy",
    ),
    ("ServicePort", "protocol", "v1.Protocol"),
    (
        "PersistentVolumeSpec",
        "persistentVolumeReclaimPolicy",
        "v1.PersistentVolumeReclaimPolicy",
    ),
    ("PersistentVolumeClaimSpec", "volumeMode", "v1.PersistentVolumeMode"),
    ("DeploymentStrategy", "type", "v1.DeploymentStrategyType"),
    ("DaemonSetUpdateStrategy", "type", "v1.DaemonSetUpdateStrategyType"),
    ("StatefulSetUpdateStrategy", "type", "v1.StatefulSetUpdateStrategyType"),
    ("StatefulSetSpec", "podManagementPolicy", "v1.PodManagementPolicyType"),
    ("CronJobSpec", "concurrencyPolicy", "v1.ConcurrencyPolicy"),
    ("JobSpec", "completionMode", "v1.CompletionMode"),
    ("LimitRangeItem", "type", "v1.LimitType"),
    ("HTTPIngressPath", "pathType", "v1.PathType"),
];

/// The name of a text's Go type, if it has one.
#[must_use]
pub fn text_type(owner: &str, field: &str) -> Option<&'static str> {
    let found = NAMED.iter().find(|(type_, name, _)| *type_ == owner && *name == field);
    found.map(|(.., name)| *name)
}

/// How Go names a type.
#[must_use]
pub fn go_type(kind: &str) -> String {
    match kind {
        "s" | "t" | "u" => "string".to_owned(),
        "b" => "bool".to_owned(),
        "i" | "x" => "int32".to_owned(),
        "l" => "int64".to_owned(),
        "f" => "float64".to_owned(),
        "y" => "[]uint8".to_owned(),
        "q" => "resource.Quantity".to_owned(),
        _ => match (kind.strip_prefix('['), kind.strip_prefix('{'), kind.strip_prefix('@')) {
            (Some(element), ..) => format!("[]{}", go_type(element)),
            (_, Some(element), _) => format!("map[string]{}", go_type(element)),
            (.., Some(name)) => format!("v1.{}", name.rsplit('.').next().unwrap_or(name)),
            _ => "interface {}".to_owned(),
        },
    }
}

/// What `FromUnstructured` says of a value of a wrong type.
#[must_use]
pub fn unfit(kind: &str, wanted: &str, value: &Value) -> String {
    let given = match value {
        Value::Null => "invalid",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::String(_) => "string",
        Value::Array(_) => "slice",
        Value::Object(_) => "map",
    };
    match kind.chars().next() {
        Some('[') => format!("cannot restore slice from {given}"),
        Some('{') => format!("cannot restore map from {given}"),
        Some('@') => format!("cannot restore struct from: {given}"),
        Some('y') => format!("cannot restore slice from {given}"),
        // Go converts a whole number to a text, but means a letter by it.
        Some('s') if given == "int64" => format!("cannot convert {given} to {wanted}"),
        Some('i' | 'l') if given == "float64" => format!("cannot convert {given} to {wanted}"),
        Some('s') => "unrecognized type: string".to_owned(),
        _ => format!("unrecognized type: {wanted}"),
    }
}

/// Whether a text is base64; none for what is no text.
#[must_use]
pub fn base64_text(value: &Value) -> Option<Result<(), String>> {
    let text = value.as_str()?;
    let bad = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    Some(match STANDARD.decode(text) {
        Ok(_) => Ok(()),
        Err(base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _)) => bad(at),
        Err(_) => bad((text.len() / 4 * 4).saturating_sub(usize::from(text.len() % 4 == 0) * 4)),
    })
}

/// Makes a quantity canonical.
///
/// # Errors
/// What `ParseQuantity` says of a text that is none.
pub fn quantity(value: &mut Value) -> Result<(), String> {
    *value = Quantity::parse(&scalar(value))?.to_string().into();
    Ok(())
}

/// Rounds a quantity of a list of resources up to thousandths, as `SetDefaults_ResourceList`.
pub fn to_thousandths(value: &mut Value) {
    if let Some(quantity) = Quantity::from_value(value) {
        *value = quantity.thousandths().to_string().into();
    }
}

/// Whether a text is a moment; none for what is no text.
#[must_use]
pub fn moment(kind: &str, value: &Value) -> Option<Result<(), String>> {
    let text = value.as_str()?;
    let exact = kind == "u";
    let layout = if exact { MICRO } else { "2006-01-02T15:04:05Z07:00" };
    let zone = |rest: &str| rest.starts_with(['Z', '+', '-']);
    let fits = || !exact || text.get(19..).and_then(after_micros).is_some_and(zone);
    Some(match text.parse::<jiff::Timestamp>() {
        Ok(_) if text.contains('T') && !text.ends_with('z') && fits() => Ok(()),
        _ => Err(bad_moment(text, layout)),
    })
}

/// How Go writes the moments of leases and events.
const MICRO: &str = "2006-01-02T15:04:05.000000Z07:00";

/// What follows a point and six digits.
fn after_micros(rest: &str) -> Option<&str> {
    let (digits, rest) = rest.strip_prefix('.')?.split_at_checked(6)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(rest)
}

/// What `time.Parse` says of a text that is no moment of RFC 3339.
#[must_use]
pub fn bad_moment(text: &str, layout: &str) -> String {
    let mut rest = text;
    for (part, digits, most, name) in [
        ("2006", 4, 9999, "year"),
        ("-", 0, 0, ""),
        ("01", 2, 12, "month"),
        ("-", 0, 0, ""),
        ("02", 2, 31, "day"),
        ("T", 0, 0, ""),
        ("15", 2, 23, "hour"),
        (":", 0, 0, ""),
        ("04", 2, 59, "minute"),
        (":", 0, 0, ""),
        ("05", 2, 59, "second"),
    ] {
        let wrong = || format!("parsing time {text:?} as {layout:?}: cannot parse {rest:?} as {part:?}");
        let (taken, left) = match rest.split_at_checked(if digits == 0 { 1 } else { digits }) {
            Some(split) => split,
            None => return wrong(),
        };
        match taken.parse::<u32>() {
            _ if digits == 0 && taken == part => {}
            Ok(number) if digits > 0 && taken.bytes().all(|byte| byte.is_ascii_digit()) => {
                let low = u32::from(matches!(name, "month" | "day"));
                if !(low..=most).contains(&number) {
                    return format!("parsing time {text:?}: {name} out of range");
                }
            }
            _ => return wrong(),
        }
        rest = left;
    }
    if layout == MICRO {
        match after_micros(rest) {
            Some(left) => rest = left,
            None => return format!("parsing time {text:?} as {layout:?}: cannot parse {rest:?} as \".000000\""),
        }
    }
    if rest.is_empty() || !rest.starts_with(['Z', '+', '-', '.']) {
        return format!("parsing time {text:?} as {layout:?}: cannot parse {rest:?} as \"Z07:00\"");
    }
    format!("parsing time {text:?}: day out of range")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_refused_where_they_go_wrong() {
        let layout = "2006-01-02T15:04:05Z07:00";
        for (text, said) in [
            ("x", "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\""),
            ("2026", "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"-\""),
            (
                "2026-01-01",
                "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\"",
            ),
            (
                "2026-01-01 00:00:00Z",
                "as \"2006-01-02T15:04:05Z07:00\": cannot parse \" 00:00:00Z\" as \"T\"",
            ),
            (
                "2026-01-01T00:00:00",
                "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\"",
            ),
        ] {
            assert_eq!(bad_moment(text, layout), format!("parsing time {text:?} {said}"));
        }
        for (text, rest, part) in [
            ("2026-01-01T00:00:00Z", "Z", ".000000"),
            ("2026-01-01T00:00:00.5Z", ".5Z", ".000000"),
            ("2026-01-01T00:00:00+02:00", "+02:00", ".000000"),
            ("2026-01-01T00:00:00", "", ".000000"),
            ("2026-01-01T00:00:00.123456789Z", "789Z", "Z07:00"),
            ("2026-01-01T00:00:00.000000z", "z", "Z07:00"),
        ] {
            let told = moment("u", &text.into()).unwrap().unwrap_err();
            let said = format!("parsing time {text:?} as {MICRO:?}: cannot parse {rest:?} as {part:?}");
            assert_eq!(told, said);
        }
        assert_eq!(moment("u", &"2026-01-01T00:00:00.000000Z".into()), Some(Ok(())));
        for (text, said) in [
            ("2026-13-01T00:00:00Z", "month out of range"),
            ("2026-01-01T25:00:00Z", "hour out of range"),
            ("2026-02-30T00:00:00Z", "day out of range"),
        ] {
            assert_eq!(bad_moment(text, layout), format!("parsing time {text:?}: {said}"));
        }
    }
}
