//! Containers: what they run, how they are, what they may use.

use serde_json::Value;

use crate::core::clock::Clock;
use crate::core::text::Tone;

use super::value::{Read, join, or};
use super::words::Words;
use super::{Writer, amounts, container_state, env, probes};

/// The pod that runs the containers: what a template cannot have.
#[derive(Clone, Copy)]
pub struct Running<'a> {
    /// The pod.
    pub pod: &'a Value,
    /// Its statuses of these containers.
    pub statuses: &'a Value,
    /// What the time is.
    pub clock: &'a Clock,
}

impl<'a> Running<'a> {
    fn status(&self, name: &str) -> Option<&'a Value> {
        self.statuses
            .list()
            .iter()
            .rev()
            .find(|status| status.key("name").text() == name)
    }
}

/// Each container by its name and what there is to say of it.
pub fn describe(containers: &Value, running: Option<Running>, out: &mut Writer) {
    for container in containers.list() {
        let name = container.key("name").show();
        let status = running.and_then(|running| running.status(&name));
        out.item(&name, status.map_or(Tone::Accent, container_state::tone));
        out.nested(|out| one(container, status, running, out));
    }
}

fn one(container: &Value, status: Option<&Value>, running: Option<Running>, out: &mut Writer) {
    image(container, status, out);
    ports(container.key("ports").list(), out);
    seccomp(container.at("securityContext.seccompProfile"), out);
    arguments("Command", container.key("command"), out);
    arguments("Args", container.key("args"), out);
    if let (Some(status), Some(running)) = (status, running) {
        container_state::describe(status, running.clock, out);
    }
    amounts::limits_and_requests(container.key("resources"), out);
    probes::describe(container, out);
    env::describe(container, running.map(|running| running.pod), out);
    mounts(container, out);
}

fn image(container: &Value, status: Option<&Value>, out: &mut Writer) {
    if let Some(status) = status {
        out.field("Container ID", status.key("containerID").show());
    }
    out.field("Image", container.key("image").show());
    if let Some(status) = status {
        out.field("Image ID", status.key("imageID").show());
    }
}

fn ports(ports: &[Value], out: &mut Writer) {
    let label = |one, many| if ports.len() > 1 { many } else { one };
    let list = Words::or_none(port_list(ports, "containerPort"));
    out.field(label("Port", "Ports"), list.then(port_names(ports), Tone::Muted));
    out.field(
        label("Host Port", "Host Ports"),
        Words::or_none(port_list(ports, "hostPort")),
    );
}

fn port_list(ports: &[Value], field: &str) -> String {
    let port = |port: &Value| format!("{}/{}", port.key(field).int(), or(port.key("protocol").text(), "TCP"));
    join(ports.iter().map(port), ", ")
}

/// The ports that have names, by which Services and probes call them.
fn port_names(ports: &[Value]) -> String {
    let named = ports.iter().filter(|port| !port.key("name").text().is_empty());
    let name = |port: &Value| format!("{} is {}", port.key("containerPort").int(), port.key("name").text());
    match join(named.map(name), ", ") {
        names if names.is_empty() => names,
        names => format!("  {names}"),
    }
}

/// The seccomp profile of a pod or container, where it has one.
pub fn seccomp(profile: &Value, out: &mut Writer) {
    if profile.is_set() {
        out.field("SeccompProfile", profile.key("type").show());
        if profile.key("type").text() == "Localhost" {
            out.field("LocalhostProfile", profile.key("localhostProfile").show());
        }
    }
}

fn arguments(label: &str, list: &Value, out: &mut Writer) {
    if !list.list().is_empty() {
        out.heading(label);
        out.block(|out| list.list().iter().for_each(|argument| out.lines(argument.show())));
    }
}

fn mounts(container: &Value, out: &mut Writer) {
    let mut mounts: Vec<_> = container.key("volumeMounts").list().iter().collect();
    mounts.sort_by_key(|mount| mount.key("mountPath").text());
    if mounts.is_empty() {
        out.field("Mounts", Words::none());
    } else {
        out.heading("Mounts");
        out.block(|out| mounts.into_iter().for_each(|mount| out.lines(mount_text(mount))));
    }
    let mut devices: Vec<_> = container.key("volumeDevices").list().iter().collect();
    devices.sort_by_key(|device| device.key("devicePath").text());
    if !devices.is_empty() {
        let text = |device: &Value| format!("{} from {}", device.key("devicePath").show(), device.key("name").show());
        out.heading("Devices");
        out.block(|out| devices.into_iter().for_each(|device| out.lines(text(device))));
    }
}

fn mount_text(mount: &Value) -> String {
    let mode = if mount.key("readOnly").truth() { "ro" } else { "rw" };
    let path = match mount.key("subPath").text() {
        "" => String::new(),
        path => format!(",path={path:?}"),
    };
    format!(
        "{} from {} ({mode}{path})",
        mount.key("mountPath").show(),
        mount.key("name").show()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(containers: Value) -> String {
        let mut out = Writer::default();
        describe(&containers, None, &mut out);
        out.finish().text()
    }

    #[test]
    fn a_container_of_a_template_tells_what_it_would_run() {
        let container = json!([{
            "name": "c", "image": "nginx:1.21", "command": ["sh", "-c", "a\nb"], "args": ["x"],
            "ports": [{"containerPort": 80, "protocol": "TCP", "name": "web"}, {"containerPort": 53, "hostPort": 53, "protocol": "UDP"}],
            "resources": {"limits": {"memory": "1Gi", "cpu": "0.5"}},
            "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "p"}},
            "volumeMounts": [{"mountPath": "/z", "name": "v", "readOnly": true}, {"mountPath": "/a", "name": "w", "subPath": "s"}],
            "volumeDevices": [{"devicePath": "/dev/x", "name": "d"}],
        }]);
        let expected = "  c:
    Image:             nginx:1.21
    Ports:             80/TCP, 53/UDP  80 is web
    Host Ports:        0/TCP, 53/UDP
    SeccompProfile:    Localhost
    LocalhostProfile:  p
    Command:
      sh
      -c
      a
      b
    Args:
      x
    Limits:
      cpu:     500m
      memory:  1Gi
    Environment:       <none>
    Mounts:
      /a from w (rw,path=\"s\")
      /z from v (ro)
    Devices:
      /dev/x from d
";
        assert_eq!(text(container), expected);
    }

    #[test]
    fn malformed_containers_are_still_told() {
        let expected = "  c:\n    Image:\n    Port:         <none>\n    Host Port:    <none>\n    Environment:  <none>\n    Mounts:       <none>\n";
        assert_eq!(
            text(json!([{"name": "c", "ports": "80", "env": 3, "resources": null}])),
            expected
        );
        assert_eq!(text(json!("containers")), "");
    }
}
