//! Defaults of bindings of roles, as Kubernetes' `pkg/apis/rbac/v1/defaults.go`.

use serde_json::Value;

use super::defaults::{drop_all_nulls, put};

const GROUP: &str = "rbac.authorization.k8s.io";

/// The defaults of a binding: users, groups and roles are of the group of roles.
pub fn binding(object: &mut Value) {
    if object["roleRef"]["apiGroup"] == "" {
        object["roleRef"]["apiGroup"] = Value::Null;
    }
    put(&mut object["roleRef"], "apiGroup", GROUP.into());
    for subject in object["subjects"].as_array_mut().into_iter().flatten() {
        if matches!(subject["kind"].as_str(), Some("User" | "Group")) {
            put(subject, "apiGroup", GROUP.into());
        }
    }
    drop_all_nulls(object);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_of_apis_are_filled_in() {
        let mut object = json!({"roleRef": {"kind": "Role", "name": "x"},
            "subjects": [{"kind": "User", "name": "u"}, {"kind": "ServiceAccount", "name": "s"}]});
        binding(&mut object);
        assert_eq!(object["roleRef"]["apiGroup"], GROUP);
        assert_eq!(object["subjects"][0]["apiGroup"], GROUP);
        assert_eq!(object["subjects"][1], json!({"kind": "ServiceAccount", "name": "s"}));
    }
}
