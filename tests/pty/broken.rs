//! The connection breaks and comes back.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::home::{Cluster, Home};
use crate::support;

/// An address that leads to a cluster, or hangs up. It stays this test's own while no cluster is behind it: what a cluster
/// gives back may be another test's in a moment.
struct Address {
    local: SocketAddr,
    behind: Arc<Mutex<Option<SocketAddr>>>,
}

impl Address {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let local = listener.local_addr().unwrap();
        let behind: Arc<Mutex<Option<SocketAddr>>> = Arc::default();
        let target = behind.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let far = target.lock().unwrap().map(TcpStream::connect);
                if let Some(Ok(far)) = far {
                    carry(&near, &far);
                    carry(&far, &near);
                }
            }
        });
        Self { local, behind }
    }

    fn leads_to(&self, cluster: Option<&Cluster>) {
        *self.behind.lock().unwrap() = cluster.map(|cluster| cluster.address().parse().unwrap());
    }
}

/// Carries one direction, until either side ends.
fn carry(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    std::thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    });
}

#[test]
fn rows_stay_with_a_mark_and_live_again() {
    let (cluster, address) = (Cluster::new(), Address::new());
    address.leads_to(Some(&cluster));
    let kubeconfig = cluster.running.kubeconfig();
    let home = Home::new(&kubeconfig.replace(&cluster.address(), &address.local.to_string()));
    let mut konn = home.konn(&["-n", "shop"]);
    konn.shows("web-2");
    konn.shows("● live");
    address.leads_to(None);
    cluster.stop();
    konn.shows("no answer for");
    konn.shows("stale");
    konn.shows("web-2");
    // What is on the screen can be read on.
    konn.press("jj");
    konn.until("the cursor on web-2", |screen| {
        screen
            .contents()
            .lines()
            .any(|line| line.starts_with('▌') && line.contains("web-2"))
    });
    let cluster = Cluster::empty();
    // The changes go on where they stopped: beyond the last one that konn has seen.
    for at in 0..50 {
        cluster.plant(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("c{at}"), "namespace": "shop"}}));
    }
    address.leads_to(Some(&cluster));
    cluster.plant(support::pod("shop", "web-3"));
    konn.shows("web-3");
    konn.shows("● live");
    konn.lacks("stale");
    konn.press("q");
    assert_eq!(konn.left().code, 0);
}
