//! create, run and expose: kinds that kubectl makes itself, and sends as protobuf.

use super::driver::practice;

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_created_from_the_command_line() {
    let Some(kubectl) = practice().await else { return };
    for (args, told) in [
        ("namespace x", "namespace/x created\n"),
        (
            "deployment web --image=nginx:1.21 --replicas=2 --port=80",
            "deployment.apps/web created\n",
        ),
        ("configmap cm --from-literal=a=b", "configmap/cm created\n"),
        ("secret generic s --from-literal=a=b", "secret/s created\n"),
        (
            "secret docker-registry r --docker-server=x --docker-username=u --docker-password=p",
            "secret/r created\n",
        ),
        ("serviceaccount bob", "serviceaccount/bob created\n"),
        ("quota q --hard=pods=50,requests.cpu=8", "resourcequota/q created\n"),
        (
            "role reader --verb=get,list --resource=pods",
            "role.rbac.authorization.k8s.io/reader created\n",
        ),
        (
            "rolebinding rb --role=reader --user=dev",
            "rolebinding.rbac.authorization.k8s.io/rb created\n",
        ),
        (
            "clusterrole cr --verb=get --resource=nodes",
            "clusterrole.rbac.authorization.k8s.io/cr created\n",
        ),
        (
            "clusterrolebinding crb --clusterrole=cr --user=dev",
            "clusterrolebinding.rbac.authorization.k8s.io/crb created\n",
        ),
        ("job j --image=busybox -- true", "job.batch/j created\n"),
        (
            "cronjob cj --image=busybox --schedule=@daily -- date",
            "cronjob.batch/cj created\n",
        ),
        ("service clusterip svc --tcp=80:8080", "service/svc created\n"),
        ("service nodeport np --tcp=80", "service/np created\n"),
        (
            "service externalname ext --external-name=example.com",
            "service/ext created\n",
        ),
        (
            "ingress i --rule=a.com/b*=svc:80",
            "ingress.networking.k8s.io/i created\n",
        ),
        (
            "poddisruptionbudget p --min-available=50% --selector=app=web",
            "poddisruptionbudget.policy/p created\n",
        ),
        (
            "priorityclass pc --value=5",
            "priorityclass.scheduling.k8s.io/pc created\n",
        ),
    ] {
        let args: Vec<&str> = std::iter::once("create").chain(args.split(' ')).collect();
        assert_eq!(kubectl.ok(&args).await, told, "{args:?}");
    }
    let field = async |what: &str, path: &str| kubectl.ok(&["get", what, "-o", &format!("jsonpath={{{path}}}")]).await;
    assert_eq!(field("secret/s", ".data.a").await, "Yg==");
    assert_eq!(field("service/svc", ".spec.ports[0].targetPort").await, "8080");
    assert_eq!(field("pdb/p", ".spec.minAvailable").await, "50%");
    assert_eq!(field("priorityclass/pc", ".value").await, "5");
    assert_eq!(
        field("ingress/i", ".spec.rules[0].http.paths[0].pathType").await,
        "Prefix"
    );
    assert_eq!(
        field(
            "deployment/web",
            ".spec.template.spec.containers[0].ports[0].containerPort"
        )
        .await,
        "80"
    );
    assert_eq!(
        field("quota/q", ".spec.hard").await,
        "{\"pods\":\"50\",\"requests.cpu\":\"8\"}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_created_is_refused() {
    let Some(kubectl) = practice().await else { return };
    kubectl.ok(&["create", "configmap", "cm"]).await;
    let again = kubectl.fails(&["create", "configmap", "cm"]).await;
    assert_eq!(
        again,
        "error: failed to create configmap: configmaps \"cm\" already exists\n"
    );
    let name = kubectl.fails(&["create", "deployment", "Web", "--image=nginx"]).await;
    assert!(name.starts_with("error: failed to create deployment: Deployment.apps \"Web\" is invalid: metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain"), "{name}");
    let elsewhere = kubectl.fails(&["-n", "nope", "create", "configmap", "x"]).await;
    assert_eq!(
        elsewhere,
        "error: failed to create configmap: namespaces \"nope\" not found\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_runs_store_nothing() {
    let Some(kubectl) = practice().await else { return };
    let server = kubectl
        .ok(&["create", "deployment", "web", "--image=nginx", "--dry-run=server"])
        .await;
    assert_eq!(server, "deployment.apps/web created (server dry run)\n");
    let client = kubectl
        .ok(&[
            "create",
            "deployment",
            "web",
            "--image=nginx",
            "--dry-run=client",
            "-o",
            "yaml",
        ])
        .await;
    assert!(client.contains("kind: Deployment\n"), "{client}");
    kubectl.fails(&["get", "deployment", "web"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_run_and_are_exposed() {
    let Some(kubectl) = practice().await else { return };
    assert_eq!(
        kubectl.ok(&["run", "one", "--image=nginx", "--port=80"]).await,
        "pod/one created\n"
    );
    assert_eq!(
        kubectl
            .ok(&[
                "expose",
                "pod",
                "one",
                "--port=8080",
                "--target-port=80",
                "--type=NodePort"
            ])
            .await,
        "service/one exposed\n"
    );
    kubectl.ready("pod/one").await;
    let selector = kubectl
        .ok(&["get", "service", "one", "-o", "jsonpath={.spec.selector}"])
        .await;
    assert_eq!(selector, "{\"run\":\"one\"}");
    let slices = [
        "get",
        "endpointslices",
        "-l",
        "kubernetes.io/service-name=one",
        "-o",
        "jsonpath={.items[0].endpoints[0].addresses[0]}",
    ];
    let address = kubectl
        .ok(&["get", "pod", "one", "-o", "jsonpath={.status.podIP}"])
        .await;
    kubectl.prints(&slices, &address).await;
    // A pod that is there only for one command.
    let once = kubectl
        .feed(
            &[
                "run",
                "-i",
                "--rm",
                "once",
                "--image=busybox",
                "--restart=Never",
                "--",
                "sh",
            ],
            b"echo inside\nexit\n",
        )
        .await;
    assert!(
        once.stdout.contains("inside\n") && once.stdout.contains("pod \"once\" deleted"),
        "{once:?}"
    );
}
