//! Proxies on the way, told by whom they were asked for.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use konn::core::trouble::TroubleKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Authority, Home, Nobody, Site, failure, version};

/// An HTTP proxy that notes the heads of its CONNECT requests and answers them with `status`; after a 200 it leads to
/// `target`, whatever was asked for.
async fn proxy(status: &'static str, target: std::net::SocketAddr) -> (std::net::SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = heads.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = client.read_u8().await else { break };
                head.push(byte);
            }
            noted.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            let _ = client.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).await;
            if status.starts_with("200") {
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(target).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                });
            }
        }
    });
    (address, heads)
}

const CLUSTER: &str = "{server: 'http://api.example.com:6443'}";

#[tokio::test]
async fn the_environments_proxy_is_used_with_its_login() {
    let site = Site::plain(|_, _| version()).await;
    let (address, heads) = proxy("200 OK", site.address).await;
    let home = Home::new(CLUSTER, "{}")
        .with("HTTP_PROXY", &format!("http://me:p%40ss@{address}"))
        .with("NO_PROXY", "other.example.com,");
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
    let head = heads.lock().unwrap()[0].to_lowercase();
    assert!(head.starts_with("connect api.example.com:6443 "), "{head}");
    // me:p@ss
    assert!(
        head.contains(&"proxy-authorization: Basic bWU6cEBzcw==".to_lowercase()),
        "{head}"
    );
    let connected = home.connect().unwrap();
    assert_eq!(
        connected.proxy,
        Some((format!("http://{address}"), "HTTP_PROXY".to_owned()))
    );
}

#[tokio::test]
async fn no_proxy_spares_the_server_and_not_the_kubeconfigs_proxy() {
    let site = Site::plain(|_, _| version()).await;
    let (address, heads) = proxy("200 OK", site.address).await;
    let spared = Home::new(CLUSTER, "{}")
        .with("http_proxy", &address.to_string())
        .with("NO_PROXY", "api.example.com");
    assert_eq!(spared.connect().unwrap().proxy, None);
    let cluster = format!("{{server: 'http://api.example.com:6443', proxy-url: 'http://{address}'}}");
    let explicit = Home::new(&cluster, "{}").with("NO_PROXY", "*");
    assert_eq!(explicit.first_call().await.unwrap(), "v1.36.2");
    assert_eq!(heads.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_without_its_password() {
    let site = Site::plain(|_, _| version()).await;
    for (status, id) in [
        ("407 Proxy Authentication Required", "trouble.proxy.login"),
        ("503 No", "trouble.proxy"),
    ] {
        let (address, _) = proxy(status, site.address).await;
        let home = Home::new(CLUSTER, "{}").with("ALL_PROXY", &format!("http://me:hunter2@{address}"));
        let trouble = home.first_call().await.unwrap_err();
        assert_eq!((trouble.kind, trouble.id), (TroubleKind::Proxy, id));
        assert!(!trouble.to_string().contains("hunter2"), "{trouble}");
    }
    let nobody = Nobody::new();
    let gone = nobody.address;
    for scheme in ["http", "https", "socks5"] {
        let home = Home::new(CLUSTER, "{}").with("HTTP_PROXY", &format!("{scheme}://{gone}"));
        let trouble = home.first_call().await.unwrap_err();
        assert_eq!(trouble.id, "trouble.proxy", "{trouble}");
        assert!(trouble.what().contains(&format!("{scheme}://{gone}")), "{trouble}");
    }
}

#[tokio::test]
async fn tls_goes_through_the_tunnel_to_the_server() {
    let authority = Authority::new();
    let site = Site::tls(authority.server(&["api.example.com"]), |_, _| version()).await;
    let (address, heads) = proxy("200 OK", site.address).await;
    let ca = STANDARD.encode(&authority.pem);
    let cluster = format!("{{server: 'https://api.example.com', certificate-authority-data: {ca}}}");
    let home = Home::new(&cluster, "{}").with("HTTPS_PROXY", &address.to_string());
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
    assert!(heads.lock().unwrap()[0].starts_with("CONNECT api.example.com:443 "));
}

#[tokio::test]
async fn a_socks_proxy_gets_the_name_and_not_an_address() {
    let site = Site::plain(|_, _| version()).await;
    let target = site.address;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // RFC 1928: a greeting without authentication, then CONNECT to a domain name.
    let asked = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut greeting = [0; 2];
        client.read_exact(&mut greeting).await.unwrap();
        let mut methods = vec![0; usize::from(greeting[1])];
        client.read_exact(&mut methods).await.unwrap();
        client.write_all(&[5, 0]).await.unwrap();
        let mut head = [0; 5];
        client.read_exact(&mut head).await.unwrap();
        let mut name = vec![0; usize::from(head[4]) + 2];
        client.read_exact(&mut name).await.unwrap();
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        tokio::spawn(async move {
            let mut server = TcpStream::connect(target).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
        (head, name)
    });
    let home = Home::new(CLUSTER, "{}").with("ALL_PROXY", &format!("socks5h://{address}"));
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
    let (head, name) = asked.await.unwrap();
    assert_eq!(head[..4], [5, 1, 0, 3]);
    assert_eq!(name, [b"api.example.com".as_slice(), &6443_u16.to_be_bytes()].concat());
}

#[tokio::test]
async fn credentials_are_not_sent_where_they_could_be_overheard() {
    let site = Site::plain(|_, _| failure(401, "Unauthorized", "Unauthorized")).await;
    let (address, _) = proxy("200 OK", site.address).await;
    let exec = "{as: jane, exec: {apiVersion: client.authentication.k8s.io/v1, command: konn-no-such-plugin}}";
    for user in ["{token: hunter2, as: jane}", exec] {
        let home = Home::new(CLUSTER, user).with("HTTP_PROXY", &address.to_string());
        let trouble = home.first_call().await.unwrap_err();
        assert_eq!(trouble.id, "trouble.unauthorized.plain", "{trouble}");
    }
    assert_eq!(site.authorizations(), ["", ""]);
    assert!(
        site.seen
            .lock()
            .unwrap()
            .iter()
            .all(|(_, headers)| headers["impersonate-user"] == "jane")
    );
}
