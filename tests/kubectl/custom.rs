//! Custom resources: defined, established, listed with their columns, scaled, explained, and gone with their definition.

use super::driver::practice;

const DEFINITION: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gizmos.toys.example.com}
spec:
  group: toys.example.com
  scope: Namespaced
  names: {plural: gizmos, kind: Gizmo, shortNames: [gz]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}
    schema: {openAPIV3Schema: {type: object, properties: {
      spec: {type: object, required: [size], properties: {
        size: {type: integer, description: How large it is., minimum: 1},
        mode: {type: string, enum: [fast, slow], default: slow}}},
      status: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
";
const GIZMO: &str = "
apiVersion: toys.example.com/v1
kind: Gizmo
metadata: {name: g}
spec: {size: 3}
";

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_brings_a_kind() {
    let Some(kubectl) = practice().await else { return };
    let name = "crd/gizmos.toys.example.com";
    kubectl.apply(DEFINITION).await;
    kubectl
        .ok(&["wait", "--for=condition=established", name, "--timeout=300s"])
        .await;
    let names = "jsonpath={.status.acceptedNames.listKind} {.status.storedVersions}";
    assert_eq!(kubectl.ok(&["get", name, "-o", names]).await, "GizmoList [\"v1\"]");
    assert_eq!(
        kubectl.apply(DEFINITION).await,
        "customresourcedefinition.apiextensions.k8s.io/gizmos.toys.example.com unchanged\n"
    );
    assert_eq!(kubectl.apply(GIZMO).await, "gizmo.toys.example.com/g created\n");
    assert_eq!(kubectl.ok(&["get", "gz"]).await, "NAME   SIZE\ng      3\n");
    assert_eq!(
        kubectl.ok(&["get", "gz", "g", "-o", "jsonpath={.spec.mode}"]).await,
        "slow"
    );
    let wrong = GIZMO.replace("size: 3", "size: 0").replace("name: g", "name: b");
    let refused = kubectl.feed(&["create", "-f", "-"], wrong.as_bytes()).await;
    let why = "The Gizmo \"b\" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1\n";
    assert_eq!((refused.code, refused.stderr.as_str()), (1, why));
    kubectl.ok(&["scale", "gz", "g", "--replicas=5"]).await;
    kubectl
        .ok(&[
            "patch",
            "gz",
            "g",
            "--subresource=status",
            "--type=merge",
            "-p",
            r#"{"spec":{"size":9},"status":{"size":4}}"#,
        ])
        .await;
    let sizes = "jsonpath={.spec.size} {.status.size} {.metadata.generation}";
    assert_eq!(kubectl.ok(&["get", "gz", "g", "-o", sizes]).await, "5 4 2");
    let explained = kubectl.ok(&["explain", "gizmo.spec.size"]).await;
    assert!(
        explained.contains("FIELD: size <integer>") && explained.contains("    How large it is."),
        "{explained}"
    );
    kubectl.ok(&["delete", name]).await;
    kubectl.fails(&["get", "gz"]).await;
}
