//! The cluster that konn's own pod runs in, said as a kubeconfig, so that nothing behind it differs.

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext};

use super::environment::Environment;

/// The name of the context, cluster and user.
pub const NAME: &str = "in-cluster";

/// As `rest.InClusterConfig` in client-go: both variables set and a token mounted; `None` outside of a pod.
pub fn kubeconfig(env: &Environment) -> Option<Kubeconfig> {
    let host = env.var("KUBERNETES_SERVICE_HOST")?;
    let port = env.var("KUBERNETES_SERVICE_PORT")?;
    let file = |name: &str| {
        let path = env.service_account.join(name);
        path.is_file().then(|| path.to_str().map(str::to_owned)).flatten()
    };
    let token = file("token")?;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let cluster = Cluster {
        server: Some(format!("https://{host}:{port}")),
        certificate_authority: file("ca.crt"),
        ..Cluster::default()
    };
    let user = AuthInfo {
        token_file: Some(token),
        ..AuthInfo::default()
    };
    Some(Kubeconfig {
        current_context: Some(NAME.to_owned()),
        clusters: vec![NamedCluster {
            name: NAME.to_owned(),
            cluster: Some(cluster),
            ..NamedCluster::default()
        }],
        auth_infos: vec![NamedAuthInfo {
            name: NAME.to_owned(),
            auth_info: Some(user),
            ..NamedAuthInfo::default()
        }],
        contexts: vec![NamedContext {
            name: NAME.to_owned(),
            context: Some(context(env)),
            ..NamedContext::default()
        }],
        ..Kubeconfig::default()
    })
}

/// The namespace is `POD_NAMESPACE`, else the mounted file's, as `inClusterClientConfig.Namespace` in client-go.
fn context(env: &Environment) -> Context {
    let mounted = || std::fs::read_to_string(env.service_account.join("namespace")).ok();
    let namespace = env
        .var("POD_NAMESPACE")
        .map(str::to_owned)
        .or_else(mounted)
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty());
    Context {
        cluster: NAME.to_owned(),
        user: Some(NAME.to_owned()),
        namespace,
        ..Context::default()
    }
}
