//! The only vocabulary for touching the cluster, and the kubectl command that does the same.

use super::access::Need;
use super::change::Change;
use super::jump::Scope;
use super::reference::Reference;
use super::resource::Resource;
use super::watch::{Source, WatchSpec};

/// A request to the API server. Mutating ones are refused in read-only mode at the one place where a request
/// becomes a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Read one object.
    Get {
        /// Its resource.
        resource: Resource,
        /// Its namespace.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
    /// Read how many replicas an object has (its subresource `scale`).
    Scale {
        /// Its resource.
        resource: Resource,
        /// Its namespace.
        namespace: Option<String>,
        /// Its name.
        name: String,
    },
    /// Read the end of a container's log.
    Log {
        /// The pod's namespace.
        namespace: String,
        /// The pod's name.
        pod: String,
        /// The container.
        container: String,
        /// Whether the log of the run before this one is meant.
        previous: bool,
        /// How many lines at most.
        tail: u32,
    },
    /// Read a list once.
    List {
        /// The resource.
        resource: Resource,
        /// The namespace; all of them where none is given.
        namespace: Option<String>,
        /// The label selector.
        labels: Option<String>,
        /// The field selector.
        fields: Option<String>,
    },
    /// Ask whether the person may do something (SelfSubjectAccessReview). Nothing is stored.
    Review {
        /// The right.
        need: Need,
        /// The namespace; none for what lives in none.
        namespace: Option<String>,
    },
    /// Change an object.
    Change(Box<Change>),
    /// Read the server's version.
    Version,
    /// Read what the server's OpenAPI says of a field.
    Explain {
        /// The resource.
        resource: Resource,
        /// The fields from the kind down.
        fields: Vec<String>,
    },
}

impl Request {
    /// Reads the object that something names.
    pub fn get(of: &Reference) -> Self {
        Self::Get {
            resource: of.resource.clone(),
            namespace: of.namespace.clone(),
            name: of.name.clone(),
        }
    }

    /// Whether the request changes the cluster, or may: only of a dry run by server-side apply it is known that it does
    /// not. It is what `:diff` asks, in read-only mode too.
    pub fn mutates(&self) -> bool {
        match self {
            Self::Change(change) => !change.is_only_told(),
            Self::Get { .. }
            | Self::Scale { .. }
            | Self::Log { .. }
            | Self::List { .. }
            | Self::Review { .. }
            | Self::Version
            | Self::Explain { .. } => false,
        }
    }

    /// The kubectl command that does the same.
    pub fn kubectl(&self) -> String {
        match self {
            Self::Get {
                resource,
                namespace,
                name,
            }
            | Self::Scale {
                resource,
                namespace,
                name,
            } => {
                let mut command = vec!["kubectl get".to_string(), resource.full_name(), shell(name)];
                push_namespace(&mut command, namespace.as_deref());
                let scale = matches!(self, Self::Scale { .. });
                command.extend(scale.then(|| "--subresource=scale".to_string()));
                command.push("-o yaml".to_string());
                command.join(" ")
            }
            Self::Log {
                namespace,
                pod,
                container,
                previous,
                tail,
            } => {
                let mut command = vec![format!("kubectl logs {} -c {}", shell(pod), shell(container))];
                push_namespace(&mut command, Some(namespace));
                command.push(format!("--tail={tail}"));
                command.extend(previous.then(|| "--previous".to_string()));
                command.join(" ")
            }
            Self::List {
                resource,
                namespace,
                labels,
                fields,
            } => {
                let mut command = vec!["kubectl get".to_string(), resource.full_name()];
                match namespace {
                    _ if !resource.namespaced => {}
                    Some(namespace) => push_namespace(&mut command, Some(namespace)),
                    None => command.push("-A".to_string()),
                }
                push_selectors(&mut command, labels.as_deref(), fields.as_deref());
                command.join(" ")
            }
            Self::Review { need, namespace } => need.kubectl(namespace.as_deref()),
            Self::Change(change) => change.kubectl.clone(),
            Self::Version => "kubectl version".to_string(),
            Self::Explain { resource, fields } => {
                let path: Vec<&str> = std::iter::once(&*resource.plural)
                    .chain(fields.iter().map(String::as_str))
                    .collect();
                let version = if resource.group.is_empty() {
                    resource.version.to_string()
                } else {
                    format!("{}/{}", resource.group, resource.version)
                };
                format!(
                    "kubectl explain {} --api-version={}",
                    shell(&path.join(".")),
                    shell(&version)
                )
            }
        }
    }
}

impl WatchSpec {
    /// The kubectl command that shows the same.
    pub fn kubectl(&self) -> String {
        let resource = match &self.source {
            Source::Cluster(resource) => resource,
            Source::Contexts => return "kubectl config get-contexts".to_string(),
            Source::Resources => return "kubectl api-resources".to_string(),
            // Several commands do: those of its feeds.
            Source::Joined => return String::new(),
        };
        let mut command = vec!["kubectl get".to_string(), resource.full_name()];
        command.extend(self.name.as_deref().map(shell));
        match &self.scope {
            _ if !resource.namespaced => {}
            Scope::All => command.push("-A".to_string()),
            Scope::Namespaces(names) => push_namespace(&mut command, names.first().map(String::as_str)),
        }
        push_selectors(&mut command, self.labels.as_deref(), self.fields.as_deref());
        command.push("--watch".to_string());
        command.join(" ")
    }
}

pub(super) fn push_namespace(command: &mut Vec<String>, namespace: Option<&str>) {
    command.extend(namespace.map(|namespace| format!("-n {}", shell(namespace))));
}

fn push_selectors(command: &mut Vec<String>, labels: Option<&str>, fields: Option<&str>) {
    command.extend(labels.map(|labels| format!("-l {}", shell(labels))));
    command.extend(fields.map(|fields| format!("--field-selector {}", shell(fields))));
}

/// A word as a POSIX shell takes it whole.
pub fn shell(word: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(harmless) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::watch::Decoder;

    const PODS: Resource = Resource::known("", "v1", "Pod", "pods", &[], true);

    #[test]
    fn commands_are_kubectls() {
        let get = Request::Get {
            resource: PODS,
            namespace: Some("shop".into()),
            name: "web-0".into(),
        };
        assert_eq!(get.kubectl(), "kubectl get pods web-0 -n shop -o yaml");
        let mut spec = WatchSpec::all(PODS, Scope::All, Decoder::Whole);
        assert_eq!(spec.kubectl(), "kubectl get pods -A --watch");
        spec.scope = Scope::one("shop");
        spec.labels = Some("app in (a,b)".into());
        assert_eq!(spec.kubectl(), "kubectl get pods -n shop -l 'app in (a,b)' --watch");
    }

    #[test]
    fn a_shell_cannot_be_led_astray() {
        assert_eq!(shell("it's; rm -rf"), r"'it'\''s; rm -rf'");
        assert_eq!(shell(""), "''");
    }
}
