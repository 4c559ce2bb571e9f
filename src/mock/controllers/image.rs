//! What a container does, read off its image and command: how long it runs, how it ends, what it prints.
//!
//! There is no container runtime: what images do stands in `images.yaml`, shells run the few commands that exercises are
//! made of (`script.rs`), and other images are taken for servers that run until they are stopped.

use serde_json::Value;

use super::image_data::image;
use super::script::{self, script};

/// How a container's main process goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// After how many seconds it ends; none for one that runs until it is stopped.
    pub ends: Option<i64>,
    /// With which exit code.
    pub code: i64,
    /// The reason of the end, `Error`, `Completed` or `OOMKilled`.
    pub reason: &'static str,
    /// What it prints.
    pub log: Vec<String>,
    /// Whether it leaves when it is asked to; a shell does not.
    pub polite: bool,
    /// Seconds that it takes to leave.
    pub stops: i64,
    /// From which second it listens on which ports; none for an image of which nobody knows.
    pub listens: Option<Vec<(i64, i64)>>,
    /// The only paths that its server has; empty for all.
    pub pages: Vec<String>,
    /// The files that it makes and removes: at which second, which, and whether it is there from then on.
    pub files: Vec<(i64, String, bool)>,
}

impl Course {
    /// One that runs until it is stopped.
    #[must_use]
    pub fn forever() -> Self {
        Self::default()
    }

    /// One that ends by itself.
    #[must_use]
    pub fn end(seconds: i64, code: i64, log: Vec<String>) -> Self {
        let reason = if code == 0 { "Completed" } else { "Error" };
        Self {
            ends: Some(seconds),
            code,
            reason,
            log,
            ..Self::default()
        }
    }

    /// Whether somebody answers at a port at an age of the container.
    #[must_use]
    pub fn listens_on(&self, port: i64, age: i64) -> bool {
        self.listens
            .as_ref()
            .is_none_or(|ports| ports.iter().any(|(from, known)| *known == port && *from <= age))
    }

    /// Whether its server has a page.
    #[must_use]
    pub fn has_page(&self, path: &str) -> bool {
        self.pages.is_empty() || self.pages.iter().any(|page| page == path)
    }

    /// Runs a command beside it, as a probe does.
    ///
    /// # Errors
    /// What a command that fails prints.
    pub fn run(&self, words: &[&str], age: i64) -> Result<(), String> {
        let there = |path: &str| {
            let mut changes = self.files.iter().filter(|(at, file, _)| *at <= age && file == path);
            changes.next_back().map(|(_, _, there)| *there)
        };
        script::beside(words, &there)
    }
}

/// The port at which a server image listens.
#[must_use]
pub fn port(reference: &str) -> Option<u16> {
    let port = image(reference)?.listens.first()?;
    u16::try_from(*port).ok()
}

/// The course of a pod's container.
#[must_use]
pub fn course(pod: &Value, container: &Value) -> Course {
    let course = alone(container);
    match clash(pod, container, &course) {
        Some(from) => {
            let known = image(reference(container)).filter(|_| words(container).is_empty());
            let said = known.map(|known| known.clash.clone()).filter(|said| !said.is_empty());
            let said = said.unwrap_or_else(|| vec!["httpd: bind: Address already in use".to_owned()]);
            let before = if known.is_some() { Vec::new() } else { course.log };
            Course::end(from, 1, before.into_iter().chain(said).collect())
        }
        None => course,
    }
}

fn reference(container: &Value) -> &str {
    container["image"].as_str().unwrap_or_default()
}

/// The course that a container would take if it were the only one of its pod.
fn alone(container: &Value) -> Course {
    let words = words(container);
    // A shell that somebody can type at waits for it.
    if container["stdin"] == true && words.len() == 1 && words.first().is_some_and(|word| word.ends_with("sh")) {
        return Course {
            listens: Some(Vec::new()),
            ..Course::forever()
        };
    }
    if !words.is_empty() {
        return limited(container, &words).unwrap_or_else(|| script(&words));
    }
    let Some(known) = image(reference(container)) else {
        return Course {
            log: vec!["started".to_owned()],
            polite: true,
            ..Course::default()
        };
    };
    match () {
        () if known.waits => Course {
            listens: Some(Vec::new()),
            ..Course::forever()
        },
        () if known.shell && container["stdin"] == true => Course {
            listens: Some(Vec::new()),
            ..Course::forever()
        },
        () if known.shell => Course::end(0, 0, Vec::new()),
        () if known.ends.is_some() => Course::end(known.ends.unwrap_or_default(), 0, known.log.clone()),
        () => Course {
            log: known.log.clone(),
            polite: true,
            stops: known.stops,
            listens: Some(known.listens.iter().map(|port| (0, *port)).collect()),
            pages: known.pages.clone(),
            ..Course::default()
        },
    }
}

/// A container's command and arguments.
#[must_use]
pub fn words(container: &Value) -> Vec<String> {
    let list = |field: &str| {
        let words = container[field].as_array().into_iter().flatten();
        words.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    list("command").into_iter().chain(list("args")).collect()
}

/// Two servers in one pod cannot listen on the same port: who comes later ends, at that second.
fn clash(pod: &Value, container: &Value, course: &Course) -> Option<i64> {
    let ports = course.listens.as_ref()?;
    let all: Vec<&Value> = pod["spec"]["containers"].as_array()?.iter().collect();
    let place = all.iter().position(|other| other["name"] == container["name"])?;
    for (index, other) in all.iter().enumerate().filter(|(index, _)| *index != place) {
        let theirs = alone(other);
        for (from, port) in theirs.listens.iter().flatten() {
            let mine = ports.iter().find(|(_, mine)| mine == port);
            if let Some((at, _)) = mine.filter(|(at, _)| (*from, index) < (*at, place)) {
                return Some(*at);
            }
        }
    }
    None
}

/// What a command that eats memory does beyond the container's limit.
fn limited(container: &Value, words: &[String]) -> Option<Course> {
    let limit = super::quotas::quantity(container["resources"]["limits"]["memory"].as_str()?);
    let (after, wanted) = script::appetite(words)?;
    (wanted > limit).then(|| Course {
        reason: "OOMKilled",
        ..Course::end(after, 137, script(words).log)
    })
}

/// Why the runtime cannot start a container's command.
#[must_use]
pub fn start_error(container: &Value) -> Option<String> {
    let words = words(container);
    let first = words.first()?;
    let known = image(reference(container)).is_some_and(|known| known.binaries || !known.listens.is_empty());
    if !known || script::exists(first) {
        return None;
    }
    let why = if first.contains('/') {
        format!("stat {first}: no such file or directory")
    } else {
        "executable file not found in $PATH".to_owned()
    };
    Some(format!(
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: \
        unable to start container process: exec: {first:?}: {why}: unknown"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(container: Value) -> Course {
        course(&json!({"spec": {"containers": [container.clone()]}}), &container)
    }

    #[test]
    fn courses_follow_image_and_command() {
        assert_eq!(run(json!({"name": "c", "image": "nginx:1.21"})).ends, None);
        assert_eq!(run(json!({"name": "c", "image": "busybox"})).ends, Some(0));
        assert_eq!(run(json!({"name": "c", "image": "busybox", "stdin": true})).ends, None);
        let failing =
            run(json!({"name": "c", "image": "busybox", "command": ["sh", "-c", "echo no; sleep 5; exit 3"]}));
        assert_eq!(
            (failing.ends, failing.code, failing.log),
            (Some(5), 3, vec!["no".to_owned()])
        );
        assert_eq!(
            run(json!({"name": "c", "image": "busybox", "command": ["sleep", "3600"]})).ends,
            Some(3600)
        );
        for (command, limit, reason) in [
            (json!(["stress", "--vm-bytes", "250M"]), "100Mi", "OOMKilled"),
            (json!(["stress", "--vm-bytes", "50M"]), "100Mi", ""),
            (json!(["sh", "-c", "sleep 2; tail /dev/zero"]), "12Mi", "OOMKilled"),
        ] {
            let hog = json!({"name": "c", "image": "polinux/stress", "command": command, "resources": {"limits": {"memory": limit}}});
            assert_eq!(run(hog).reason, reason);
        }
    }

    #[test]
    fn two_servers_cannot_share_a_port() {
        let containers = json!([{"name": "a", "image": "httpd"}, {"name": "b", "image": "nginx:1.21"}]);
        let pod = json!({"spec": {"containers": containers}});
        assert_eq!(course(&pod, &containers[0]).ends, None);
        let second = course(&pod, &containers[1]);
        assert_eq!(second.code, 1);
        assert!(second.log[0].ends_with("bind() to 0.0.0.0:80 failed (98: Address already in use)"));
    }

    #[test]
    fn commands_that_are_not_there_cannot_start() {
        let error = |command: Value| start_error(&json!({"image": "busybox:1", "command": command}));
        assert!(
            error(json!(["/nope"]))
                .unwrap()
                .ends_with("exec: \"/nope\": stat /nope: no such file or directory: unknown")
        );
        assert!(
            error(json!(["nope"]))
                .unwrap()
                .contains("executable file not found in $PATH")
        );
        assert_eq!(error(json!(["/bin/sh", "-c", "true"])), None);
    }
}
