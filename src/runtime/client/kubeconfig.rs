//! Which kubeconfig files count, and what they say together.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use kube::config::{Kubeconfig, KubeconfigError};

use super::config_error::ConfigError;
use super::environment::Environment;
use super::in_cluster;
use super::lenient;
use super::options::ClientOptions;

/// What the kubeconfig files say together, or what a pod knows of its own cluster.
#[derive(Clone)]
pub struct LoadedKubeconfig {
    /// The merged content; relative paths in it were made absolute against the file they came from.
    pub kubeconfig: Kubeconfig,
    /// The files that were read, the most important first. Empty in a pod.
    pub files: Vec<PathBuf>,
    /// Whether this is the service account of the pod that konn runs in.
    pub in_cluster: bool,
}

impl std::fmt::Debug for LoadedKubeconfig {
    /// The files only: the content holds keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedKubeconfig")
            .field("files", &self.files)
            .field("in_cluster", &self.in_cluster)
            .finish_non_exhaustive()
    }
}

/// Where a kubeconfig may lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sources {
    /// `--kubeconfig`: this one, and it must exist.
    Explicit(PathBuf),
    /// `KUBECONFIG` or `~/.kube/config`: those of them that exist, the first wins.
    Among(Vec<PathBuf>),
}

impl Sources {
    /// As `ClientConfigLoadingRules` in client-go: the flag, else the list in `KUBECONFIG` (empty entries and
    /// doubles skipped), else `~/.kube/config`.
    pub fn of(options: &ClientOptions, env: &Environment) -> Self {
        if let Some(path) = &options.kubeconfig {
            return Self::Explicit(path.clone());
        }
        let listed = env.var_os("KUBECONFIG").filter(|list| !list.is_empty());
        let Some(list) = listed else {
            return Self::Among(env.home.iter().map(|home| home.join(".kube").join("config")).collect());
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        for path in std::env::split_paths(list) {
            if !path.as_os_str().is_empty() && !paths.contains(&path) {
                paths.push(path);
            }
        }
        Self::Among(paths)
    }

    /// Every place looked at.
    pub fn paths(&self) -> &[PathBuf] {
        match self {
            Self::Explicit(path) => std::slice::from_ref(path),
            Self::Among(paths) => paths,
        }
    }
}

/// Reads and merges what there is; in a pod without any, the pod's service account.
///
/// # Errors
/// No kubeconfig anywhere; a file that cannot be read or is no kubeconfig (with line and column).
pub fn load(options: &ClientOptions, env: &Environment) -> Result<LoadedKubeconfig, ConfigError> {
    let sources = Sources::of(options, env);
    let mut files = Vec::new();
    let mut merged = Kubeconfig::default();
    for path in sources.paths() {
        let required = matches!(sources, Sources::Explicit(_));
        if let Some(one) = read(path, required)? {
            merged = merge(merged, one);
            files.push(path.clone());
        }
    }
    let empty = merged.contexts.is_empty() && merged.clusters.is_empty();
    if empty
        && matches!(sources, Sources::Among(_))
        && let Some(kubeconfig) = in_cluster::kubeconfig(env)
    {
        return Ok(LoadedKubeconfig {
            kubeconfig,
            files: Vec::new(),
            in_cluster: true,
        });
    }
    if files.is_empty() {
        return Err(ConfigError::Missing {
            looked: sources.paths().to_vec(),
        });
    }
    Ok(LoadedKubeconfig {
        kubeconfig: merged,
        files,
        in_cluster: false,
    })
}

/// One file; `None` when it does not exist and need not.
fn read(path: &Path, required: bool) -> Result<Option<Kubeconfig>, ConfigError> {
    // Absolute, so that what the file names relative to itself stays right whatever the working folder becomes.
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if is_half_utf_16(&absolute) {
        return Err(ConfigError::Broken {
            path: path.to_owned(),
            line: 1,
            column: 1,
        });
    }
    match Kubeconfig::read_from(&absolute) {
        Ok(one) => Ok(Some(one)),
        Err(KubeconfigError::ReadConfig(source, _)) => match source.kind() {
            ErrorKind::NotFound if !required => Ok(None),
            ErrorKind::NotFound => Err(ConfigError::Missing {
                looked: vec![path.to_owned()],
            }),
            ErrorKind::InvalidData => Err(ConfigError::Broken {
                path: path.to_owned(),
                line: 1,
                column: 1,
            }),
            _ => Err(ConfigError::Unreadable {
                path: path.to_owned(),
                source,
            }),
        },
        Err(KubeconfigError::Parse(error)) => {
            if let Some(one) = mended(&absolute) {
                return Ok(Some(one));
            }
            // The parser's own text quotes the file, and the file holds keys: the place is all that is told.
            let place = error.location();
            Err(ConfigError::Broken {
                path: path.to_owned(),
                line: place.map_or(1, |place| place.line()),
                column: place.map_or(1, |place| place.column()),
            })
        }
        Err(_) => Err(ConfigError::Broken {
            path: path.to_owned(),
            line: 1,
            column: 1,
        }),
    }
}

/// Whether a file says that it is UTF-16 and ends in the middle of a character: kube panics on one.
fn is_half_utf_16(path: &Path) -> bool {
    let marked = |bytes: &Vec<u8>| bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    // A pipe can be read but once.
    path.is_file() && std::fs::read(path).is_ok_and(|bytes| marked(&bytes) && bytes.len() % 2 == 1)
}

/// The same file read with what kubectl forgives.
fn mended(path: &Path) -> Option<Kubeconfig> {
    let text = std::fs::read_to_string(path).ok()?;
    lenient::parse(&text, path.parent()?)
}

/// `first` with what `next` adds. The first to set a value wins, and an empty value is not set, as client-go merges:
/// kubectl itself writes `current-context: ""`.
fn merge(mut first: Kubeconfig, mut next: Kubeconfig) -> Kubeconfig {
    // Different `kind`s or `apiVersion`s are no reason to refuse.
    next.kind = None;
    next.api_version = None;
    first.current_context = first.current_context.filter(|name| !name.is_empty());
    let kept = first.clone();
    let mut merged = first.merge(next).unwrap_or(kept);
    merged.current_context = merged.current_context.filter(|name| !name.is_empty());
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str, text: &str) -> PathBuf {
        let path = dir.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).unwrap();
        }
        std::fs::write(&path, text).unwrap();
        path
    }

    fn listed(paths: &[&Path]) -> String {
        std::env::join_paths(paths).unwrap().into_string().unwrap()
    }

    const RED: &str = "current-context: \"\"\ncontexts:\n- name: red\n  context: {cluster: red, user: red}\nclusters:\n- name: red\n  cluster: {server: https://red:6443, certificate-authority: ca.crt}\nusers:\n- name: red\n  user: {tokenFile: tok, client-certificate: c.crt, client-key: /abs/c.key, exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login}}\n";
    const BLUE: &str = "apiVersion: v1\ncurrent-context: blue\ncontexts:\n- name: blue\n  context: {cluster: blue, user: red}\n- name: red\n  context: {cluster: blue, user: red}\nclusters:\n- name: blue\n  cluster: {server: https://blue:6443}\nusers:\n- name: red\n  user: {token: other}\n";

    #[test]
    fn the_flag_then_the_list_then_the_home() {
        let home = Path::new("/home/me");
        let plain = Environment::of(home, []);
        let list = listed(&[Path::new("/a"), Path::new("/b"), Path::new("/a")]);
        let with_list = Environment::of(home, [("KUBECONFIG", list.as_str())]);
        let options = ClientOptions::default();
        let flag = ClientOptions {
            kubeconfig: Some("/x".into()),
            ..ClientOptions::default()
        };
        assert_eq!(Sources::of(&flag, &with_list), Sources::Explicit("/x".into()));
        assert_eq!(
            Sources::of(&options, &with_list),
            Sources::Among(vec!["/a".into(), "/b".into()])
        );
        assert_eq!(
            Sources::of(&options, &plain),
            Sources::Among(vec![home.join(".kube").join("config")])
        );
    }

    #[test]
    fn several_files_merge_and_missing_ones_are_skipped() {
        let dir = tempfile::tempdir().unwrap();
        let red = write(dir.path(), "r/red.yaml", RED);
        let blue = write(dir.path(), "b/blue.yaml", BLUE);
        let gone = dir.path().join("gone");
        let list = listed(&[&gone, &red, &blue]);
        let env = Environment::of(dir.path(), [("KUBECONFIG", list.as_str())]);
        let loaded = load(&ClientOptions::default(), &env).unwrap();
        assert_eq!(loaded.files, [red.clone(), blue]);
        let config = loaded.kubeconfig;
        // An empty current-context is not set, so the second file's counts.
        assert_eq!(config.current_context.as_deref(), Some("blue"));
        let names: Vec<_> = config.contexts.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["red", "blue"]);
        let first = config.contexts[0].context.as_ref().unwrap();
        assert_eq!(first.cluster, "red", "the first file's context wins");
        let folder = red.parent().unwrap();
        let user = config.auth_infos[0].auth_info.as_ref().unwrap();
        assert!(
            user.token.is_none(),
            "nothing of the second file's user of the same name"
        );
        let abs = |name: &str| Some(folder.join(name).to_str().unwrap().to_owned());
        assert_eq!(user.token_file, abs("tok"));
        assert_eq!(user.client_certificate, abs("c.crt"));
        let cluster = config.clusters[0].cluster.as_ref().unwrap();
        assert_eq!(cluster.certificate_authority, abs("ca.crt"));
        #[cfg(unix)]
        {
            assert_eq!(user.client_key.as_deref(), Some("/abs/c.key"));
            assert_eq!(user.exec.as_ref().unwrap().command, abs("./bin/login"));
        }
    }

    #[test]
    fn a_broken_file_is_named_with_its_place_and_without_its_content() {
        let dir = tempfile::tempdir().unwrap();
        for (text, line) in [
            ("users:\n- name: me\n  user: {token: hunter2\ncontexts: [", 4),
            ("users: hunter2\n", 1),
            ("a: 1\nusers:\n- user: {token: [hunter2]}\n  name: x\n", 3),
        ] {
            let path = write(dir.path(), "broken", text);
            let options = ClientOptions {
                kubeconfig: Some(path.clone()),
                ..ClientOptions::default()
            };
            let error = load(&options, &Environment::of(dir.path(), [])).unwrap_err();
            match &error {
                ConfigError::Broken { path: at, line: on, .. } => assert_eq!((at, *on), (&path, line), "{text}"),
                other => panic!("{other:?}"),
            }
            let said = format!("{error} {error:?} {:?}", error.trouble());
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[test]
    fn nothing_anywhere_names_the_places() {
        let dir = tempfile::tempdir().unwrap();
        let env = Environment::of(dir.path(), []);
        let error = load(&ClientOptions::default(), &env).unwrap_err();
        assert!(error.to_string().contains("config"), "{error}");
        let options = ClientOptions {
            kubeconfig: Some(dir.path().join("nope")),
            ..ClientOptions::default()
        };
        let error = load(&options, &env).unwrap_err();
        assert!(error.to_string().contains("nope"), "{error}");
    }

    #[test]
    fn a_pod_falls_back_to_its_service_account() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "serviceaccount/token", "t");
        write(dir.path(), "serviceaccount/ca.crt", "c");
        write(dir.path(), "serviceaccount/namespace", "shop\n");
        let vars = [
            ("KUBERNETES_SERVICE_HOST", "fd00::1"),
            ("KUBERNETES_SERVICE_PORT", "6443"),
        ];
        let loaded = load(&ClientOptions::default(), &Environment::of(dir.path(), vars)).unwrap();
        assert!(loaded.in_cluster);
        let server = loaded.kubeconfig.clusters[0].cluster.as_ref().unwrap().server.clone();
        assert_eq!(server.as_deref(), Some("https://[fd00::1]:6443"));
        let context = loaded.kubeconfig.contexts[0].context.as_ref().unwrap();
        assert_eq!(context.namespace.as_deref(), Some("shop"));
    }
}
