//! The cluster of the recordings, three nodes on a clock that stands still, and the kubectl that plays on it.

use std::path::PathBuf;
use std::process::Command;

use konn::mock::clock::Clock;
use konn::mock::{Mock, Running};
use serde_json::json;

/// The kubectl of this machine; none, with the reason printed, where it is missing or too old.
pub fn kubectl() -> Option<PathBuf> {
    let path = PathBuf::from("/usr/bin/kubectl");
    let answer = Command::new(&path).args(["version", "--client", "-o", "json"]).output();
    let why = match answer {
        Ok(answer) => {
            let version: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap_or_default();
            let minor = version["clientVersion"]["minor"].as_str().unwrap_or_default();
            let minor: u32 = minor
                .chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
                .parse()
                .unwrap_or_default();
            if minor >= 31 {
                return Some(path);
            }
            format!("{} is older than 1.31", path.display())
        }
        Err(error) => format!("{} cannot be run: {error}", path.display()),
    };
    assert!(std::env::var("KONN_REQUIRE_KUBECTL").as_deref() != Ok("1"), "{why}");
    println!("skipped: {why}");
    None
}

/// The cluster before a scene: it begins 28 seconds past the minute, as the recorded ones did.
pub async fn start() -> Running {
    let clock = Clock::standing("2026-11-20T22:55:28Z".parse().unwrap());
    let running = Mock::builder().clock(clock).start("127.0.0.1:0").await.unwrap();
    for (index, name) in ["minikube", "minikube-m02", "minikube-m03"].into_iter().enumerate() {
        let mut labels = json!({"beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux"});
        if index == 0 {
            labels["node-role.kubernetes.io/control-plane"] = "".into();
        }
        let room = json!({"cpu": "2", "ephemeral-storage": "264212084Ki", "hugepages-1Gi": "0", "hugepages-2Mi": "0",
            "memory": "24684084Ki", "pods": "110"});
        let fine = |kind: &str, status: &str, reason: &str, message: &str| json!({"type": kind, "status": status, "reason": reason, "message": message});
        let node = json!({"kind": "Node", "apiVersion": "v1", "metadata": {"name": name, "labels": labels, "annotations": {"node.alpha.kubernetes.io/ttl": "0",
                "volumes.kubernetes.io/controller-managed-attach-detach": "true"}},
            "spec": {},
            "status": {"capacity": room, "allocatable": room,
                "addresses": [{"type": "InternalIP", "address": format!("10.244.{index}.1")}, {"type": "Hostname", "address": name}],
                "conditions": [
                    fine("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                    fine("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                    fine("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                    fine("Ready", "True", "KubeletReady", "kubelet is posting ready status")],
                "nodeInfo": {"kubeletVersion": "v1.36.2", "architecture": "amd64", "operatingSystem": "linux",
                    "machineID": "3d1219c7c4c5404aaa1f6d2a48adfda4", "systemUUID": "3d1219c7c4c5404aaa1f6d2a48adfda4",
                    "bootID": "00000000-0000-0000-0000-000000000000", "kernelVersion": "6.18.44",
                    "osImage": "Debian GNU/Linux 12 (bookworm)", "containerRuntimeVersion": "containerd://1.6.20"}}});
        running.api.plant(node).unwrap();
    }
    running
}
