//! Another cluster answers at the address of one that was watched: its rows replace those of the old one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use konn::mock::Running;
use konn::mock::faults::{Fault, Harm};
use konn::runtime::machine::Machine;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::{Konn, cluster, layer_text, names, opener, plant, pod, setup, table};

/// An address behind which stands one server, then another.
struct Address {
    local: SocketAddr,
    behind: Arc<Mutex<SocketAddr>>,
    cut: watch::Sender<()>,
}

impl Address {
    async fn of(running: &Running) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let local = listener.local_addr().unwrap();
        let behind = Arc::new(Mutex::new(address(running)));
        let (cut, cuts) = watch::channel(());
        let target = behind.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                // In this order: what leads to the old server must miss no cut.
                let mut cuts = cuts.clone();
                cuts.mark_unchanged();
                let target = *target.lock().unwrap();
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(target).await else {
                        return;
                    };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { local, behind, cut }
    }

    /// Another server answers from now on; all connections are cut.
    fn give_to(&self, running: &Running) {
        *self.behind.lock().unwrap() = address(running);
        self.cut.send(()).unwrap();
    }
}

fn address(running: &Running) -> SocketAddr {
    running.url().trim_start_matches("http://").parse().unwrap()
}

fn open(running: &Running, address: &Address, line: &str) -> Konn {
    let mut opener = opener(running, "mock");
    let kubeconfig = running
        .kubeconfig()
        .replace(&running.url(), &format!("http://{}", address.local));
    opener.given.as_mut().unwrap().kubeconfig = kube::config::Kubeconfig::from_yaml(&kubeconfig).unwrap();
    let (machine, inbox, asks) = Machine::start(setup(line), opener).unwrap_or_else(|trouble| panic!("{trouble:?}"));
    Konn { machine, inbox, asks }
}

/// A cluster with pods of this name.
async fn with_pods(name: &str, count: usize) -> Running {
    let running = cluster().await;
    (0..count).for_each(|at| plant(&running, pod("shop", &format!("{name}-{at}"))));
    running
}

/// Watches the pods of the one until the other answers in its place, then expects those of the other, and changes.
async fn replaced(old: Running, new: Running) {
    let address = Address::of(&old).await;
    let mut konn = open(&old, &address, "pods shop");
    konn.settled().await;
    plant(&old, pod("shop", "old-last"));
    konn.until("a change of the old ones", |app| {
        names(app).contains(&"old-last".to_string())
    })
    .await;
    address.give_to(&new);
    konn.until("the new pods", |app| names(app) == ["new-0", "new-1"]).await;
    plant(&new, pod("shop", "new-2"));
    konn.until("a change", |app| names(app) == ["new-0", "new-1", "new-2"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_with_lower_versions_in_place_of_another() {
    replaced(with_pods("old", 40).await, with_pods("new", 2).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_with_higher_versions_in_place_of_another() {
    let new = with_pods("new", 2).await;
    (0..40).for_each(|at| plant(&new, pod("default", &format!("other-{at}"))));
    replaced(with_pods("old", 1).await, new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_cluster_after_a_lost_connection_is_not_listed_again() {
    let running = with_pods("web", 3).await;
    let address = Address::of(&running).await;
    let mut konn = open(&running, &address, "pods shop");
    konn.until("the pods", |app| names(app).len() == 3 && app.is_settled())
        .await;
    plant(&running, pod("shop", "web-3"));
    konn.until("a change", |app| names(app).len() == 4).await;
    // Another list would be full of what cannot be read.
    running.api.faults.set(Fault::new("list", "/pods", Harm::Malformed));
    address.give_to(&running);
    plant(&running, pod("shop", "web-4"));
    konn.until("another change", |app| names(app).len() == 5).await;
    assert_eq!(table(konn.app()).unwrap().broken().0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_described_is_that_of_the_new_cluster() {
    let (old, new) = (with_pods("web", 9).await, with_pods("web", 1).await);
    new.api
        .touch("pods", "shop", "web-0", |pod| pod["spec"]["nodeName"] = "anew".into());
    let address = Address::of(&old).await;
    let mut konn = open(&old, &address, "pods shop");
    konn.settled().await;
    konn.press("d");
    konn.settled().await;
    old.api
        .touch("pods", "shop", "web-0", |pod| pod["spec"]["nodeName"] = "before".into());
    konn.until("a change of the old pod", |app| layer_text(app).contains("before"))
        .await;
    address.give_to(&new);
    konn.until("the new pod", |app| layer_text(app).contains("anew")).await;
}
