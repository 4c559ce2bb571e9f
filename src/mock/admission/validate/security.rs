//! Security settings of a pod and of its containers.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{list, rules, text};
use crate::mock::server::FieldError;

const IDS: i64 = 2_147_483_647;
const SYSCTL: &str = "must have at most 253 characters and match regex \
    ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

/// Faults of a pod's own settings, as `ValidatePodSecurityContext`.
#[must_use]
pub fn pod(spec: &Value, path: &str) -> Vec<FieldError> {
    let (context, at) = (&spec["securityContext"], format!("{path}.securityContext"));
    let id = |value: &Value, name: &str| rules::within(value, format!("{at}.{name}"), 0, IDS);
    let mut faults = Vec::new();
    if spec["shareProcessNamespace"] == true && spec["hostPID"] == true {
        let why = "ShareProcessNamespace and HostPID cannot both be enabled";
        let field = format!("{at}.shareProcessNamespace");
        faults.push(FieldError::invalid(field, &true.into(), why));
    }
    faults.extend(id(&context["fsGroup"], "fsGroup"));
    faults.extend(id(&context["runAsUser"], "runAsUser"));
    faults.extend(id(&context["runAsGroup"], "runAsGroup"));
    for (index, group) in list(&context["supplementalGroups"]).enumerate() {
        faults.extend(id(group, &format!("supplementalGroups[{index}]")));
    }
    faults.extend(sysctls(&context["sysctls"], &format!("{at}.sysctls")));
    let field = format!("{at}.fsGroupChangePolicy");
    let known = ["Always", "OnRootMismatch"];
    faults.extend(rules::one_of(&context["fsGroupChangePolicy"], field, &known));
    faults.extend(seccomp(&context["seccompProfile"], &at));
    faults
}

fn sysctls(given: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut names = HashSet::new();
    for (index, sysctl) in list(given).enumerate() {
        let (field, name) = (format!("{at}[{index}].name"), text(&sysctl["name"]));
        if name.is_empty() {
            faults.push(FieldError::required(field, ""));
        } else if !is_sysctl(name) {
            faults.push(FieldError::invalid(field, &name.into(), SYSCTL));
        } else if !names.insert(name.replace('/', ".")) {
            faults.push(FieldError::duplicate(field, &name.into()));
        }
    }
    faults
}

fn is_sysctl(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part = |part: &str| {
        let ends = part.bytes().next().is_some_and(word) && part.bytes().last().is_some_and(word);
        ends && part.bytes().all(|byte| word(byte) || b"-_".contains(&byte))
    };
    name.len() <= 253 && name.split(['.', '/']).all(part)
}

fn seccomp(profile: &Value, at: &str) -> Vec<FieldError> {
    let at = format!("{at}.seccompProfile");
    let kinds = ["Localhost", "RuntimeDefault", "Unconfined"];
    let mut faults: Vec<FieldError> = rules::one_of(&profile["type"], format!("{at}.type"), &kinds)
        .into_iter()
        .collect();
    let (kind, local) = (text(&profile["type"]), &profile["localhostProfile"]);
    let field = format!("{at}.localhostProfile");
    if kind == "Localhost" && text(local).is_empty() {
        let why = "must be set when seccomp type is Localhost";
        faults.push(FieldError::required(field, why));
    } else if kind != "Localhost" && local.is_string() {
        let shown = json!({"Type": kind, "LocalhostProfile": local});
        let why = "can only be set when seccomp type is Localhost";
        faults.push(FieldError::invalid(field, &shown, why));
    }
    faults
}

/// Faults of a container's own settings, as `ValidateSecurityContext`.
#[must_use]
pub fn container(context: &Value, at: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for id in ["runAsUser", "runAsGroup"] {
        faults.extend(rules::within(&context[id], format!("{at}.{id}"), 0, IDS));
    }
    let mounts = ["Default", "Unmasked"];
    faults.extend(rules::one_of(&context["procMount"], format!("{at}.procMount"), &mounts));
    faults.extend(seccomp(&context["seccompProfile"], at));
    if context["allowPrivilegeEscalation"] == false {
        if context["privileged"] == true {
            let why = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            faults.push(FieldError::invalid(at, &internal(context), why));
        }
        if list(&context["capabilities"]["add"]).any(|name| name == "CAP_SYS_ADMIN") {
            let why = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            faults.push(FieldError::invalid(at, &internal(context), why));
        }
    }
    faults
}

/// The settings as the server keeps them and its errors show them.
fn internal(context: &Value) -> Value {
    let known = |value: &Value, names: &[(&str, &str)]| -> Value {
        if !value.is_object() {
            return Value::Null;
        }
        let fields = names.iter();
        fields
            .map(|(shown, name)| ((*shown).to_owned(), value[*name].clone()))
            .collect()
    };
    let mut shown = known(
        context,
        &[
            ("Capabilities", ""),
            ("Privileged", "privileged"),
            ("SELinuxOptions", ""),
            ("WindowsOptions", "windowsOptions"),
            ("RunAsUser", "runAsUser"),
            ("RunAsGroup", "runAsGroup"),
            ("RunAsNonRoot", "runAsNonRoot"),
            ("ReadOnlyRootFilesystem", "readOnlyRootFilesystem"),
            ("AllowPrivilegeEscalation", "allowPrivilegeEscalation"),
            ("ProcMount", "procMount"),
            ("SeccompProfile", ""),
            ("AppArmorProfile", ""),
        ],
    );
    let profile = [("Type", "type"), ("LocalhostProfile", "localhostProfile")];
    shown["Capabilities"] = known(&context["capabilities"], &[("Add", "add"), ("Drop", "drop")]);
    shown["SeccompProfile"] = known(&context["seccompProfile"], &profile);
    shown["AppArmorProfile"] = known(&context["appArmorProfile"], &profile);
    shown
}

#[cfg(test)]
mod tests {
    use super::super::told;
    use super::*;

    #[test]
    fn settings_of_a_pod_are_sound() {
        for (spec, said) in [
            (
                json!({"securityContext": {"sysctls": [{"name": "Bad!"}]}}),
                format!("s.securityContext.sysctls[0].name: Invalid value: \"Bad!\": {SYSCTL}"),
            ),
            (
                json!({"securityContext": {"sysctls": [{"name": "a.b"}, {"name": "a/b"}]}}),
                "s.securityContext.sysctls[1].name: Duplicate value: \"a/b\"".to_owned(),
            ),
            (
                json!({"securityContext": {"supplementalGroups": [-1]}}),
                "s.securityContext.supplementalGroups[0]: Invalid value: -1: must be between 0 and 2147483647, inclusive"
                    .to_owned(),
            ),
            (
                json!({"shareProcessNamespace": true, "hostPID": true}),
                "s.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both \
                    be enabled"
                    .to_owned(),
            ),
        ] {
            assert_eq!(told(pod(&spec, "s")), [said]);
        }
        assert!(
            pod(
                &json!({"securityContext": {"sysctls": [{"name": "kernel.shm_rmid_forced"}]}}),
                "s"
            )
            .is_empty()
        );
    }

    #[test]
    fn who_is_privileged_may_gain_privileges() {
        let context = json!({"privileged": true, "allowPrivilegeEscalation": false});
        assert_eq!(
            told(container(&context, "c")),
            [
                "c: Invalid value: {\"Capabilities\":null,\"Privileged\":true,\"SELinuxOptions\":null,\"WindowsOptions\":null,\
                \"RunAsUser\":null,\"RunAsGroup\":null,\"RunAsNonRoot\":null,\"ReadOnlyRootFilesystem\":null,\
                \"AllowPrivilegeEscalation\":false,\"ProcMount\":null,\"SeccompProfile\":null,\"AppArmorProfile\":null}: \
                cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            ]
        );
    }
}
