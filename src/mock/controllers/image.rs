//! What a container does, read off its image and command: how long it runs, how it ends, what it prints.
//!
//! There is no container runtime: well-known servers run until they are stopped, shells run the few commands that
//! exercises are made of (`sleep`, `exit`, `echo`, `true`, `false`), and images that cannot exist are not found.

use serde_json::Value;

use super::context::name;

/// How a container's main process goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// After how many seconds it ends; none for one that runs until it is stopped.
    pub ends: Option<i64>,
    /// With which exit code.
    pub code: i64,
    /// The reason of the end, `Error`, `Completed` or `OOMKilled`.
    pub reason: &'static str,
    /// What it prints.
    pub log: Vec<String>,
    /// Whether it leaves as soon as it is asked to; a shell does not.
    pub polite: bool,
}

const SERVERS: [&str; 12] = [
    "nginx",
    "httpd",
    "echo-server",
    "redis",
    "postgres",
    "mysql",
    "pause",
    "coredns",
    "etcd",
    "kube-",
    "storage-provisioner",
    "metrics-server",
];

/// Whether the registry would know the image.
#[must_use]
pub fn exists(image: &str) -> bool {
    let tag = image.rsplit_once(':').map_or("latest", |(_, tag)| tag);
    let unknown = [
        "not-here",
        "nope",
        "no-such-tag",
        "does-not-exist",
        "missing",
        "typo",
        "9.99",
    ];
    !image.contains(".invalid/") && !unknown.contains(&tag)
}

/// The port at which a server image listens.
#[must_use]
pub fn port(image: &str) -> Option<u16> {
    let served = [
        ("nginx", 80),
        ("httpd", 80),
        ("echo-server", 8080),
        ("redis", 6379),
        ("postgres", 5432),
        ("mysql", 3306),
    ];
    served
        .into_iter()
        .find(|(name, _)| image.contains(name))
        .map(|(_, port)| port)
}

/// The course of a pod's container.
#[must_use]
pub fn course(pod: &Value, container: &Value) -> Course {
    let image = container["image"].as_str().unwrap_or_default();
    let words = words(container);
    if words.is_empty() {
        if let Some(clash) = clash(pod, container, image) {
            return clash;
        }
        let runs = SERVERS.iter().any(|server| image.contains(server));
        let waits = container["stdin"] == true;
        let shell = ["busybox", "alpine", "ubuntu", "debian", "bash"]
            .iter()
            .any(|shell| image.contains(shell));
        // A shell that nobody talks to ends at once; other images are taken for servers.
        return if shell && !runs {
            if waits {
                forever(Vec::new(), false)
            } else {
                end(0, 0, Vec::new())
            }
        } else {
            forever(greeting(image), true)
        };
    }
    // A shell that somebody can type at waits for it.
    if words.len() == 1 && words.first().is_some_and(|word| word.ends_with("sh")) && container["stdin"] == true {
        return forever(Vec::new(), false);
    }
    if let Some(killed) = out_of_memory(container, &words) {
        return killed;
    }
    script(&words)
}

fn words(container: &Value) -> Vec<String> {
    let list = |field: &str| {
        container[field]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
    };
    list("command").chain(list("args")).collect()
}

fn forever(log: Vec<String>, polite: bool) -> Course {
    Course {
        ends: None,
        code: 0,
        reason: "",
        log,
        polite,
    }
}

fn end(seconds: i64, code: i64, log: Vec<String>) -> Course {
    let reason = if code == 0 { "Completed" } else { "Error" };
    Course {
        ends: Some(seconds),
        code,
        reason,
        log,
        polite: false,
    }
}

fn greeting(image: &str) -> Vec<String> {
    let lines: &[&str] = match () {
        () if image.contains("nginx") => &[
            "/docker-entrypoint.sh: Configuration complete; ready for start up",
            "[notice] 1#1: using the \"epoll\" event method",
            "[notice] 1#1: start worker processes",
        ],
        () if image.contains("httpd") => &["AH00094: Command line: 'httpd -D FOREGROUND'"],
        () if image.contains("redis") => &["* Server initialized", "* Ready to accept connections tcp"],
        () if image.contains("postgres") => &["LOG:  database system is ready to accept connections"],
        () if image.contains("echo-server") => &["Echo server listening on port 8080."],
        () => &["started"],
    };
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// Two servers in one pod cannot listen on the same port: the later one ends.
fn clash(pod: &Value, container: &Value, image: &str) -> Option<Course> {
    let wanted = port(image)?;
    let others = pod["spec"]["containers"]
        .as_array()?
        .iter()
        .take_while(|other| other["name"] != container["name"]);
    let taken = others
        .into_iter()
        .any(|other| port(other["image"].as_str().unwrap_or_default()) == Some(wanted));
    if !taken {
        return None;
    }
    let log = if image.contains("nginx") {
        vec![
            format!("[emerg] 1#1: bind() to 0.0.0.0:{wanted} failed (98: Address already in use)"),
            "[emerg] 1#1: still could not bind()".to_owned(),
        ]
    } else {
        vec![format!(
            "(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:{wanted}"
        )]
    };
    Some(end(3, 1, log))
}

/// `stress --vm-bytes 250M` and the like beyond the memory limit.
fn out_of_memory(container: &Value, words: &[String]) -> Option<Course> {
    let at = words.iter().position(|word| word == "--vm-bytes")?;
    let wanted = super::quotas::quantity(words.get(at + 1)?.trim_end_matches('B'));
    let limit = super::quotas::quantity(container["resources"]["limits"]["memory"].as_str()?);
    (wanted > limit).then(|| Course {
        reason: "OOMKilled",
        ..end(2, 137, vec!["stress: info: [1] dispatching hogs".to_owned()])
    })
}

/// The few commands that exercises are made of.
fn script(words: &[String]) -> Course {
    let shell = words.first().is_some_and(|word| word.ends_with("sh"));
    let text = if shell {
        words.last().cloned().unwrap_or_default()
    } else {
        words.join(" ")
    };
    let mut log = Vec::new();
    let mut seconds = 0;
    if text.contains("while true") || text.contains("while :") || text.contains("infinity") || text.contains("tail -f")
    {
        return forever(echoes(&text), false);
    }
    for command in text.split([';', '\n']).flat_map(|part| part.split("&&")).map(str::trim) {
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        match verb {
            "sleep" => seconds += rest.trim().trim_end_matches('s').parse().unwrap_or(1),
            "exit" => return end(seconds, rest.trim().parse().unwrap_or(0), log),
            "false" => return end(seconds, 1, log),
            "echo" => log.push(rest.trim_matches(['"', '\'']).to_owned()),
            _ => {}
        }
    }
    if !shell
        && seconds == 0
        && !matches!(
            words.first().map(String::as_str),
            Some("true" | "echo" | "date" | "ls" | "cat" | "perl")
        )
    {
        return forever(vec![format!("running {}", words.join(" "))], true);
    }
    end(seconds, 0, log)
}

fn echoes(text: &str) -> Vec<String> {
    let parts = text
        .split([';', '\n'])
        .filter_map(|part| part.trim().rsplit_once("echo ").map(|(_, rest)| rest));
    parts.map(|rest| rest.trim_matches(['"', '\'']).to_owned()).collect()
}

/// The name by which the kubelet speaks of a pod in messages.
#[must_use]
pub fn spoken(pod: &Value) -> String {
    format!(
        "{}_{}({})",
        name(pod),
        super::context::namespace(pod),
        super::context::uid(pod)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn courses_follow_image_and_command() {
        let run = |container: Value| course(&json!({"spec": {"containers": [container.clone()]}}), &container);
        assert_eq!(run(json!({"name": "c", "image": "nginx:1.21"})).ends, None);
        assert_eq!(run(json!({"name": "c", "image": "busybox"})).ends, Some(0));
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
        let hog = json!({"name": "c", "image": "polinux/stress", "command": ["stress"], "args": ["--vm-bytes", "250M"],
            "resources": {"limits": {"memory": "100Mi"}}});
        assert_eq!(run(hog).reason, "OOMKilled");
        assert!(!exists("registry.invalid/x:1") && exists("nginx"));
    }

    #[test]
    fn two_servers_cannot_share_a_port() {
        let containers = json!([{"name": "a", "image": "httpd"}, {"name": "b", "image": "nginx:1.21"}]);
        let pod = json!({"spec": {"containers": containers}});
        assert_eq!(course(&pod, &containers[0]).ends, None);
        assert_eq!(course(&pod, &containers[1]).code, 1);
    }
}
