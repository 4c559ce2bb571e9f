//! The contexts of a kubeconfig, and the one to be used.

use kube::config::{AuthInfo, Cluster, Context, Kubeconfig};

use super::config_error::ConfigError;
use super::options::ClientOptions;

/// One context, as a list of contexts shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContextEntry {
    /// Its name.
    pub name: String,
    /// The name of its cluster.
    pub cluster: String,
    /// The cluster's URL; empty when the kubeconfig has none.
    pub server: String,
    /// The name of its user; empty for none.
    pub user: String,
    /// Its namespace; empty for none, which means `default`.
    pub namespace: String,
    /// Whether it is the current one.
    pub current: bool,
}

/// Every context in the order of the files. `current` marks the one that `--context`, else `current-context` names.
pub fn entries(kubeconfig: &Kubeconfig, options: &ClientOptions) -> Vec<ContextEntry> {
    let current = given(&options.context)
        .or_else(|| kubeconfig.current_context.clone())
        .unwrap_or_default();
    let entry = |named: &kube::config::NamedContext| {
        let context = named.context.clone().unwrap_or_default();
        let server = cluster_of(kubeconfig, &context.cluster).and_then(|cluster| cluster.server.clone());
        ContextEntry {
            name: named.name.clone(),
            server: server.unwrap_or_default(),
            cluster: context.cluster,
            user: context.user.unwrap_or_default(),
            namespace: context.namespace.unwrap_or_default(),
            current: named.name == current,
        }
    };
    kubeconfig.contexts.iter().map(entry).collect()
}

/// What a connection is made of: the context with the flags applied.
#[derive(Clone)]
pub struct Selected {
    /// The context's name; empty when `--cluster` alone was given.
    pub context: String,
    /// The cluster's name.
    pub cluster_name: String,
    /// The user's name; empty for nobody.
    pub user_name: String,
    /// The namespace to begin in.
    pub namespace: String,
    /// The cluster.
    pub cluster: Cluster,
    /// The user; the default one sends no credentials.
    pub user: AuthInfo,
}

/// The context that `options` means, with `options` applied over it, as `ConfirmUsable` and `ClientConfig` in
/// client-go. A context without a user is used without credentials; one that names a user that is not there is an
/// error.
///
/// # Errors
/// No current context; a context, cluster or user that is not there.
pub fn select(kubeconfig: &Kubeconfig, options: &ClientOptions) -> Result<Selected, ConfigError> {
    let (name, context) = context_of(kubeconfig, options)?;
    let cluster_name = given(&options.cluster).unwrap_or(context.cluster);
    if cluster_name.is_empty() {
        return Err(ConfigError::NoCluster { context: name });
    }
    let cluster = cluster_of(kubeconfig, &cluster_name).cloned();
    let mut cluster = cluster.ok_or_else(|| ConfigError::UnknownCluster {
        name: cluster_name.clone(),
        known: kubeconfig.clusters.iter().map(|one| one.name.clone()).collect(),
    })?;
    if options.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(true);
    }
    let user_name = given(&options.user).or(context.user).unwrap_or_default();
    let mut user = user_of(kubeconfig, &user_name)?;
    impersonate(&mut user, options);
    let groups = user
        .impersonate_groups
        .as_ref()
        .is_some_and(|groups| !groups.is_empty());
    if groups && user.impersonate.as_ref().is_none_or(String::is_empty) {
        return Err(ConfigError::GroupsAlone);
    }
    Ok(Selected {
        context: name,
        cluster_name,
        user_name,
        namespace: given(&options.namespace)
            .or(context.namespace)
            .filter(|namespace| !namespace.is_empty())
            .unwrap_or_else(|| "default".to_owned()),
        cluster,
        user,
    })
}

/// A flag's value; an empty one is none, as in kubectl.
fn given(flag: &Option<String>) -> Option<String> {
    flag.clone().filter(|value| !value.is_empty())
}

fn context_of(kubeconfig: &Kubeconfig, options: &ClientOptions) -> Result<(String, Context), ConfigError> {
    let known = || kubeconfig.contexts.iter().map(|one| one.name.clone()).collect();
    let current = kubeconfig.current_context.as_ref().filter(|name| !name.is_empty());
    let Some(name) = given(&options.context).or_else(|| current.cloned()) else {
        // kubectl needs no context when the cluster is named.
        return match given(&options.cluster) {
            Some(_) => Ok((String::new(), Context::default())),
            None => Err(ConfigError::NoCurrentContext { known: known() }),
        };
    };
    let found = kubeconfig.contexts.iter().find(|one| one.name == name);
    let context = found.and_then(|named| named.context.clone());
    match context {
        Some(context) => Ok((name, context)),
        None => Err(ConfigError::UnknownContext { name, known: known() }),
    }
}

fn cluster_of<'a>(kubeconfig: &'a Kubeconfig, name: &str) -> Option<&'a Cluster> {
    let found = kubeconfig.clusters.iter().find(|one| one.name == name);
    found.and_then(|named| named.cluster.as_ref())
}

fn user_of(kubeconfig: &Kubeconfig, name: &str) -> Result<AuthInfo, ConfigError> {
    if name.is_empty() {
        return Ok(AuthInfo::default());
    }
    let found = kubeconfig.auth_infos.iter().find(|one| one.name == name);
    match found {
        Some(named) => Ok(named.auth_info.clone().unwrap_or_default()),
        None => Err(ConfigError::UnknownUser {
            name: name.to_owned(),
            known: kubeconfig.auth_infos.iter().map(|one| one.name.clone()).collect(),
        }),
    }
}

/// `--as` replaces the kubeconfig's impersonation whole; `--as-group` alone its groups.
fn impersonate(user: &mut AuthInfo, options: &ClientOptions) {
    if let Some(name) = &options.impersonate {
        user.impersonate = Some(name.clone());
        user.impersonate_uid = None;
        user.impersonate_groups = None;
        user.impersonate_user_extra = None;
    }
    if !options.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(options.impersonate_groups.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::lang::{Lang, Tongue};

    const CONFIG: &str = "current-context: dev\ncontexts:\n- name: dev\n  context: {cluster: minikube, user: me, namespace: shop}\n- name: lost\n  context: {cluster: nowhere, user: me}\n- name: nobody\n  context: {cluster: minikube}\n- name: ghost\n  context: {cluster: minikube, user: ghost}\n- name: hollow\n- name: adrift\n  context: {cluster: '', user: me}\nclusters:\n- name: minikube\n  cluster: {server: 'https://192.168.49.2:8443'}\n- name: kind\n  cluster: {server: 'https://127.0.0.1:6443'}\nusers:\n- name: me\n  user: {token: t, as: root, as-groups: [wheel]}\n- name: other\n  user: {}\n";

    fn config() -> Kubeconfig {
        Kubeconfig::from_yaml(CONFIG).unwrap()
    }

    #[test]
    fn entries_tell_what_a_contexts_view_shows() {
        let all = entries(&config(), &ClientOptions::default());
        assert_eq!(
            all[0],
            ContextEntry {
                name: "dev".into(),
                cluster: "minikube".into(),
                server: "https://192.168.49.2:8443".into(),
                user: "me".into(),
                namespace: "shop".into(),
                current: true,
            }
        );
        assert_eq!(all.iter().filter(|one| one.current).count(), 1);
        assert_eq!(all[1].server, "");
        assert_eq!(all[4].cluster, "");
    }

    #[test]
    fn flags_override_as_in_kubectl() {
        let options = ClientOptions {
            cluster: Some("kind".into()),
            namespace: Some("kube-system".into()),
            impersonate: Some("jane".into()),
            impersonate_groups: vec!["a".into(), "b".into()],
            insecure_skip_tls_verify: true,
            ..ClientOptions::default()
        };
        let selected = select(&config(), &options).unwrap();
        assert_eq!(
            (selected.context.as_str(), selected.cluster_name.as_str()),
            ("dev", "kind")
        );
        assert_eq!(selected.cluster.server.as_deref(), Some("https://127.0.0.1:6443"));
        assert_eq!(selected.cluster.insecure_skip_tls_verify, Some(true));
        assert_eq!(selected.namespace, "kube-system");
        assert_eq!(selected.user.impersonate.as_deref(), Some("jane"));
        assert_eq!(selected.user.impersonate_groups.unwrap(), ["a", "b"]);

        let plain = select(&config(), &ClientOptions::default()).unwrap();
        assert_eq!((plain.namespace.as_str(), plain.user_name.as_str()), ("shop", "me"));
        assert_eq!(plain.user.impersonate.as_deref(), Some("root"));

        let as_other = ClientOptions {
            context: Some("nobody".into()),
            user: Some("other".into()),
            ..ClientOptions::default()
        };
        let other = select(&config(), &as_other).unwrap();
        assert_eq!(
            (other.user_name.as_str(), other.namespace.as_str()),
            ("other", "default")
        );
    }

    #[test]
    fn what_is_not_there_is_said() {
        let with = |context: Option<&str>, cluster: Option<&str>, user: Option<&str>| ClientOptions {
            context: context.map(Into::into),
            cluster: cluster.map(Into::into),
            user: user.map(Into::into),
            ..ClientOptions::default()
        };
        for (options, want) in [
            (with(Some("prod"), None, None), "no context \"prod\""),
            (with(Some("hollow"), None, None), "no context \"hollow\""),
            (with(Some("lost"), None, None), "no cluster \"nowhere\""),
            (with(Some("adrift"), None, None), "names no cluster"),
            (with(None, Some("x"), None), "no cluster \"x\""),
            (with(None, None, Some("x")), "no user \"x\""),
            (with(Some("ghost"), None, None), "no user \"ghost\""),
        ] {
            let error = select(&config(), &options).err().expect(want);
            assert!(error.to_string().contains(want), "{error}");
        }
        let mut none = config();
        none.current_context = Some(String::new());
        let error = select(&none, &ClientOptions::default())
            .err()
            .expect("no current-context");
        assert!(
            Lang::load(Tongue::En).todo(&error.trouble()).contains("--context"),
            "{error}"
        );
        let groups = ClientOptions {
            user: Some("other".into()),
            impersonate_groups: vec!["g".into()],
            ..ClientOptions::default()
        };
        assert!(matches!(select(&config(), &groups), Err(ConfigError::GroupsAlone)));
        assert!(select(&none, &with(None, Some("kind"), Some("me"))).is_ok());
        assert!(select(&config(), &with(Some("nobody"), None, None)).is_ok());
    }
}
