//! A line as typed into the palette or given with `-c`: `pods kube-system /core`, `ctx NAME`, `ns NAME`, `q`.

use super::catalog::Catalog;
use super::columns::Asked;
use super::jump::{Jump, Scope};
use super::manifest::Act;
use super::reference::Reference;
use super::resource::Resource;
use super::words::words;

/// What a line means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Open a table.
    Open(Box<Jump>),
    /// Switch to a context.
    Context(String),
    /// Show these namespaces in the present table and the next ones.
    Namespaces(Scope),
    /// Show the overview of these namespaces; of the present ones where none are given.
    Overview(Option<Scope>),
    /// Show an object with what it owns and what it refers to; in the present namespace where none is given.
    Tree(Box<Reference>),
    /// Show the logs of the pods that a selector takes, in these namespaces; in the present ones where none are given.
    Logs(Option<Scope>, String),
    /// Explain the fields at a path below a kind.
    Explain(Box<Resource>, Vec<String>),
    /// Make an object of a kind from a form.
    Create(String),
    /// Do something with the manifests at a path.
    Manifest(Act, String),
    /// Show the forwards; start the kept one of this name where one is given.
    Forwards(String),
    /// Run a command in the container under the cursor.
    Exec(Vec<String>),
    /// Start the verb of this name on the rows.
    Verb(&'static str),
    /// Show the shells that are open.
    Shells,
    /// Switch to a context, whatever ends with the present one.
    ContextNow(String),
    /// Leave, whatever ends with that.
    QuitNow,
    /// Leave.
    Quit,
    /// Show the help.
    Help,
}

/// Why a line means nothing: a key below `line` in `locales/`, and the word at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonsense {
    /// The key.
    pub id: &'static str,
    /// The word.
    pub word: String,
}

fn nonsense<T>(id: &'static str, word: &str) -> Result<T, Nonsense> {
    Err(Nonsense {
        id,
        word: word.to_string(),
    })
}

/// What a line means. A colon before it is allowed. Fails with the word that konn does not know.
pub fn read(line: &str, catalog: &Catalog) -> Result<Meaning, Nonsense> {
    let line = line.trim().trim_start_matches(':').trim();
    let (word, rest) = line
        .split_once(char::is_whitespace)
        .map_or((line, ""), |(word, rest)| (word, rest.trim()));
    match word {
        "" => nonsense("empty", ""),
        "pf" | "forwards" | "portforwards" | "port-forwards" => Ok(Meaning::Forwards(rest.to_string())),
        "q" | "quit" | "exit" => Ok(Meaning::Quit),
        "q!" | "quit!" => Ok(Meaning::QuitNow),
        "exec" => exec(rest),
        "shell" => Ok(Meaning::Verb("shell")),
        "attach" => Ok(Meaning::Verb("attach")),
        "cp" => Ok(Meaning::Verb("copy_files")),
        "tree" if rest.is_empty() => Ok(Meaning::Verb("tree")),
        "tree" => tree(rest, catalog),
        "shells" => Ok(Meaning::Shells),
        "ctx!" if !rest.is_empty() => Ok(Meaning::ContextNow(rest.to_string())),
        "help" => Ok(Meaning::Help),
        "overview" | "pulse" => Ok(Meaning::Overview((!rest.is_empty()).then(|| scope(rest)))),
        "logs" | "log" => logs(rest),
        "top" => top(rest, catalog),
        "explain" if !rest.is_empty() => explain(rest, catalog),
        "create" if !rest.is_empty() => Ok(Meaning::Create(rest.to_string())),
        "create" => nonsense("no_kind", word),
        "apply" => manifest(Act::Apply, word, rest),
        "diff" => manifest(Act::Diff, word, rest),
        "delete-manifest" => manifest(Act::Delete, word, rest),
        "ctx" | "context" if !rest.is_empty() => Ok(Meaning::Context(rest.to_string())),
        "ns" | "namespace" if !rest.is_empty() => Ok(Meaning::Namespaces(scope(rest))),
        _ => open(word, rest, catalog),
    }
}

/// `KIND/NAME [NAMESPACE]`, or `KIND NAME [NAMESPACE]`.
fn tree(rest: &str, catalog: &Catalog) -> Result<Meaning, Nonsense> {
    let words = rest.replacen('/', " ", 1);
    let mut words = words.split_whitespace();
    let (kind, name, namespace) = (words.next().unwrap_or_default(), words.next(), words.next());
    let view = catalog.view(kind).filter(|view| view.derived().is_none());
    let Some(view) = view.filter(|view| !view.resource().version.is_empty()) else {
        return nonsense("unknown_view", kind);
    };
    match (name, words.next()) {
        (None, _) => nonsense("no_object", kind),
        (_, Some(word)) => nonsense("unknown_word", word),
        (Some(name), None) => {
            let reference = Reference::to(view.resource(), namespace.unwrap_or_default(), name);
            Ok(Meaning::Tree(Box::new(reference)))
        }
    }
}

/// A command, as words of a POSIX shell; a `--` before it, as kubectl wants one, may stand there.
fn exec(rest: &str) -> Result<Meaning, Nonsense> {
    let command = match rest.split_once(char::is_whitespace) {
        Some(("--", command)) => command,
        _ => rest,
    };
    match words(command) {
        Some(words) if words.is_empty() => nonsense("no_command", "exec"),
        Some(words) => Ok(Meaning::Exec(words)),
        None => nonsense("open_quote", command),
    }
}

/// `-l SELECTOR [NAMESPACES]`, or the namespaces first.
/// A selector and namespaces, as kubectl takes them: `-l app=web`, `--selector=app=web`, `-n shop`, `-A`; the bare words
/// `app=web` and `shop` are meant so too.
fn logs(rest: &str) -> Result<Meaning, Nonsense> {
    let Some(words) = words(rest) else {
        return nonsense("open_quote", rest);
    };
    let (mut labels, mut namespaces) = (String::new(), Vec::new());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_string())),
            _ => (word.as_str(), None),
        };
        match flag {
            "-l" | "--selector" => labels = value.or_else(|| words.next()).unwrap_or_default(),
            "-n" | "--namespace" => namespaces.extend(value.or_else(|| words.next())),
            "-A" | "--all-namespaces" => namespaces.push("all".to_string()),
            _ if word.contains(['=', '(']) => labels = word,
            _ => namespaces.push(word),
        }
    }
    if labels.is_empty() {
        return nonsense("no_selector", "-l");
    }
    let scope = (!namespaces.is_empty()).then(|| scope(&namespaces.join(" ")));
    Ok(Meaning::Logs(scope, labels))
}

/// `pods.spec.containers`: the longest beginning that names a resource, `deployments.apps` included, then fields.
fn explain(text: &str, catalog: &Catalog) -> Result<Meaning, Nonsense> {
    let words: Vec<&str> = text.split('.').map(str::trim).collect();
    for count in (1..=words.len()).rev() {
        let (name, fields) = words.split_at(count);
        let view = catalog.view(&name.join(".")).filter(|view| view.derived().is_none());
        let Some(resource) = view.map(|view| view.resource().clone()) else {
            continue;
        };
        if !resource.version.is_empty() {
            let fields = fields.iter().filter(|field| !field.is_empty());
            let fields = fields.map(ToString::to_string).collect();
            return Ok(Meaning::Explain(Box::new(resource), fields));
        }
    }
    nonsense("unknown_view", words.first().copied().unwrap_or_default())
}

fn manifest(act: Act, word: &str, path: &str) -> Result<Meaning, Nonsense> {
    // As kubectl's flag, where somebody types it.
    let path = path.strip_prefix("-f ").unwrap_or(path).trim();
    if path.is_empty() {
        return nonsense("no_path", word);
    }
    Ok(Meaning::Manifest(act, path.to_string()))
}

/// `all`, `*` or kubectl's `-A` for all namespaces, else names with commas or spaces between them.
fn scope(text: &str) -> Scope {
    let names: Vec<String> = text
        .split([',', ' '])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_string)
        .collect();
    let is_all = |name: &String| ["all", "*", "-A", "--all-namespaces"].contains(&name.as_str());
    if names.is_empty() || names.iter().any(is_all) {
        Scope::All
    } else {
        Scope::Namespaces(names)
    }
}

/// `top nodes`, `top pods NAMESPACE`: the table with what its rows use. Pods, where no kind is named.
fn top(rest: &str, catalog: &Catalog) -> Result<Meaning, Nonsense> {
    let (word, tail) = rest
        .split_once(char::is_whitespace)
        .map_or((rest, ""), |(word, tail)| (word, tail.trim()));
    let kind = catalog.view(word).map(|view| view.resource().plural.to_string());
    let meaning = match kind.as_deref() {
        Some("nodes" | "pods" | "containers") => open(word, tail, catalog)?,
        Some(_) => return nonsense("no_usage", word),
        None => open("pods", rest, catalog)?,
    };
    Ok(match meaning {
        Meaning::Open(mut jump) => {
            jump.usage = true;
            Meaning::Open(jump)
        }
        other => other,
    })
}

/// The keys that a flag adds to: those of labels as kubectl has them, or those of annotations.
fn keys_of<'a>(flag: &str, columns: &'a mut Asked) -> Option<&'a mut Vec<String>> {
    match flag.split_once('=').map_or(flag, |(flag, _)| flag) {
        "-L" | "--label-columns" => Some(&mut columns.labels),
        "--annotation-columns" => Some(&mut columns.annotations),
        _ => None,
    }
}

fn open(word: &str, mut rest: &str, catalog: &Catalog) -> Result<Meaning, Nonsense> {
    if catalog.views_named(word).is_empty() {
        return nonsense(
            if catalog.is_unlistable(word) {
                "unlistable"
            } else {
                "unknown_view"
            },
            word,
        );
    }
    let mut jump = Jump::to(word);
    while !rest.is_empty() {
        if let Some(filter) = rest.strip_prefix('/') {
            jump.filter = Some(filter.trim().to_string());
            break;
        }
        let (part, tail) = rest
            .split_once(char::is_whitespace)
            .map_or((rest, ""), |(part, tail)| (part, tail.trim()));
        match part {
            "-l" => {
                let (labels, tail) = tail
                    .split_once(char::is_whitespace)
                    .map_or((tail, ""), |(l, t)| (l, t.trim()));
                if labels.is_empty() {
                    return nonsense("no_selector", part);
                }
                jump.labels = Some(labels.to_string());
                rest = tail;
            }
            "-A" => {
                jump.scope = Some(Scope::All);
                rest = tail;
            }
            "--show-labels" => {
                jump.columns.show_labels = true;
                rest = tail;
            }
            _ if keys_of(part, &mut jump.columns).is_some() => {
                let Some(keys) = keys_of(part, &mut jump.columns) else {
                    continue;
                };
                let (given, after) = match part.split_once('=') {
                    Some((_, given)) => (given, tail),
                    None => tail
                        .split_once(char::is_whitespace)
                        .map_or((tail, ""), |(given, after)| (given, after.trim())),
                };
                if given.is_empty() || given.starts_with('-') {
                    return nonsense("no_key", part);
                }
                keys.extend(given.split(',').map(str::to_string));
                rest = after;
            }
            _ if part.starts_with('-') || jump.scope.is_some() => return nonsense("unknown_word", part),
            _ => {
                jump.scope = Some(scope(part));
                rest = tail;
            }
        }
    }
    jump.adopt = jump.scope.is_some();
    Ok(Meaning::Open(Box::new(jump)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_take_a_selector_as_kubectl_does() {
        let one = |name: &str| Some(Scope::one(name));
        for (line, wanted) in [
            ("-l app=web", Some((None, "app=web"))),
            ("app=web", Some((None, "app=web"))),
            ("-l app", Some((None, "app"))),
            ("my-live -l my-label=x", Some((one("my-live"), "my-label=x"))),
            (
                "--selector=app=web,tier!=db -n shop",
                Some((one("shop"), "app=web,tier!=db")),
            ),
            ("-A -l 'app in (a, b)'", Some((Some(Scope::All), "app in (a, b)"))),
            ("'app in (a)' --namespace=shop", Some((one("shop"), "app in (a)"))),
            ("shop", None),
            ("-l", None),
            ("-l 'app", None),
        ] {
            let read = match logs(line) {
                Ok(Meaning::Logs(scope, labels)) => Some((scope, labels)),
                _ => None,
            };
            assert_eq!(
                read,
                wanted.map(|(scope, labels)| (scope, labels.to_string())),
                "{line}"
            );
        }
    }
}
