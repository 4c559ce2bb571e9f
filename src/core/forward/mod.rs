//! Port-forwards: a port here that leads to a port of a pod, for as long as somebody wants it, whichever pod that is.

mod kept;
mod open;
mod pods;
mod ports;

pub use kept::{Kept, KeptError, can_be_forwarded_to};
pub use open::{Forward, Forwards, State};
pub use pods::{is_alive, pick, pods_of};
pub use ports::{NoPort, Offer, Pair, offers, pairs, port_of, refused, service_port};

use super::reference::Reference;
use super::request::{push_namespace, shell};
use super::trouble::Trouble;

/// Where forwards listen where nothing else is wanted: reached from this machine only.
pub const LOOPBACK: &str = "127.0.0.1";

/// A port to forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardSession {
    /// The pod, the workload or the service.
    pub to: Reference,
    /// The address to listen on.
    pub address: String,
    /// The port to listen on; 0 for any that is free.
    pub local: u16,
    /// The port there: a number or a name.
    pub remote: String,
    /// The name that it has in the configuration.
    pub name: Option<String>,
}

impl ForwardSession {
    /// The kubectl command that does the same.
    pub fn kubectl(&self) -> String {
        command(&self.to, &self.address, [(self.local, self.remote.as_str())])
    }

    /// `service/web:80`.
    pub fn target(&self) -> String {
        format!("{}/{}:{}", self.to.resource.singular(), self.to.name, self.remote)
    }
}

/// The kubectl command that forwards several ports of one object.
pub fn command<'a>(to: &Reference, address: &str, pairs: impl IntoIterator<Item = (u16, &'a str)>) -> String {
    let kind = to.resource.singular();
    let mut command = vec![format!("kubectl port-forward {kind}/{}", shell(&to.name))];
    command.extend(pairs.into_iter().map(|(local, remote)| {
        let local = if local == 0 { String::new() } else { local.to_string() };
        shell(&format!("{local}:{remote}"))
    }));
    push_namespace(&mut command, to.namespace.as_deref());
    if address != LOOPBACK {
        command.push(format!("--address={}", shell(address)));
    }
    command.join(" ")
}

/// What went through a forward so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes that came from the pod.
    pub received: u64,
    /// Bytes that went to the pod.
    pub sent: u64,
    /// Connections that are open.
    pub open: u64,
    /// Connections of all time.
    pub total: u64,
}

/// What a forward tells of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForwardNews {
    /// It listens on this port.
    Listening(u16),
    /// It leads to this pod, and to this port of it.
    Pod(String, u16),
    /// Its pod is gone, or cannot be found: another one is looked for.
    Lost(Option<Trouble>),
    /// So much went through it.
    Traffic(Traffic),
    /// A connection came to nothing: what the pod, or the way to it, said.
    Refused(Trouble),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::resource::Resource;

    #[test]
    fn commands_are_kubectls() {
        const SERVICE: Resource = Resource::known("", "v1", "Service", "services", &[], true);
        let mut forward = ForwardSession {
            to: Reference::to(&SERVICE, "shop", "web"),
            address: LOOPBACK.into(),
            local: 8080,
            remote: "80".into(),
            name: None,
        };
        assert_eq!(forward.kubectl(), "kubectl port-forward service/web 8080:80 -n shop");
        (forward.local, forward.remote, forward.address) = (0, "http".into(), "0.0.0.0".into());
        assert_eq!(
            forward.kubectl(),
            "kubectl port-forward service/web :http -n shop --address=0.0.0.0"
        );
        assert_eq!(forward.target(), "service/web:http");
    }
}
