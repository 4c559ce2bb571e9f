//! Who may do what: roles, bindings and accounts.

use super::*;

#[test]
fn roles_bindings_and_accounts() {
    let bound = |kind: &str, role: &str, subject: Value| json!({"roleRef": {"kind": kind, "name": role}, "subjects": [subject]});
    let robot = json!({"kind": "ServiceAccount", "name": "robot", "namespace": "shop"});
    let server = Server(vec![
        object("Role reader", json!({})),
        object("ClusterRole admin", json!({})),
        object("ServiceAccount robot", json!({})),
        object(
            "RoleBinding shop",
            bound("Role", "reader", json!({"kind": "ServiceAccount", "name": "robot"})),
        ),
        object("RoleBinding other/far", bound("ClusterRole", "admin", robot.clone())),
        object(
            "RoleBinding other/reader",
            bound("Role", "reader", json!({"kind": "User", "name": "robot"})),
        ),
        object(
            "ClusterRoleBinding all",
            bound(
                "ClusterRole",
                "admin",
                json!({"kind": "Group", "name": "system:serviceaccounts:shop"}),
            ),
        ),
    ]);
    check(
        &server,
        &[
            (
                server.0[2].clone(),
                In,
                &[
                    "rolebindings: rolebinding/shop (Role/reader)",
                    "rolebindings: rolebinding/far (ClusterRole/admin)",
                    "clusterrolebindings: clusterrolebinding/all (ClusterRole/admin, by group system:serviceaccounts:shop)",
                ],
            ),
            (server.0[0].clone(), In, &["rolebindings: rolebinding/shop"]),
            (
                server.0[1].clone(),
                In,
                &[
                    "rolebindings: rolebinding/far",
                    "clusterrolebindings: clusterrolebinding/all",
                ],
            ),
            (
                server.0[3].clone(),
                Out,
                &["role: role/reader", "subjects: serviceaccount/robot"],
            ),
            (
                server.0[4].clone(),
                Out,
                &["role: clusterrole/admin", "subjects: serviceaccount/robot"],
            ),
        ],
    );
}
