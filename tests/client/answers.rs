//! What servers answer, or do not.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use konn::core::trouble::TroubleKind;
use konn::runtime::client::RequestTimeout;
use kube::Api;
use kube::api::ListParams;

use crate::support::{Home, Nobody, Site, answer, failure, version};

fn home_of(site: &Site, user: &str) -> Home {
    Home::new(&format!("{{server: 'http://{}'}}", site.address), user)
}

#[tokio::test]
async fn a_good_server_is_told_with_names_time_and_warnings() {
    let site = Site::plain(|_, _| {
        let mut response = version();
        response
            .headers_mut()
            .append("warning", "299 - \"v1 X is deprecated\"".parse().unwrap());
        response
    })
    .await;
    let home = home_of(&site, "{token: hunter2, as: jane, as-groups: [a, b]}");
    let mut connected = home.connect().unwrap();
    assert_eq!(connected.answered.at(), None);
    assert_eq!(connected.version().await.unwrap().unwrap().git_version, "v1.36.2");
    assert_eq!(
        (
            connected.context.as_str(),
            connected.cluster.as_str(),
            connected.user.as_str()
        ),
        ("dev", "c", "u")
    );
    assert_eq!(
        (connected.namespace.as_str(), connected.client.default_namespace()),
        ("shop", "shop")
    );
    assert_eq!(connected.server, format!("http://{}", site.address));
    assert!(connected.answered.at().is_some());
    assert_eq!(connected.warnings.recv().await.as_deref(), Some("v1 X is deprecated"));
    assert!(!format!("{connected:?}").contains("hunter2"));

    let (path, headers) = site.seen.lock().unwrap().first().cloned().unwrap();
    assert_eq!(path, "/version");
    let all = |name: &str| {
        headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(all("authorization"), ["Bearer hunter2"]);
    assert_eq!(all("accept-encoding"), ["identity"]);
    assert_eq!(all("impersonate-user"), ["jane"]);
    assert_eq!(all("impersonate-group"), ["a", "b"]);
}

#[tokio::test]
async fn nobody_listens() {
    let nobody = Nobody::new();
    let port = nobody.address;
    for scheme in ["http", "https"] {
        let trouble = Home::new(&format!("{{server: '{scheme}://{port}'}}"), "{}")
            .first_call()
            .await
            .unwrap_err();
        assert_eq!((trouble.kind, trouble.id), (TroubleKind::Refused, "trouble.refused"));
        assert!(trouble.what().contains(&port.to_string()), "{trouble}");
        assert!(trouble.todo().contains("\"c\""), "{trouble}");
    }
}

#[tokio::test]
async fn a_name_without_address() {
    let trouble = Home::new("{server: 'https://konn.invalid:6443'}", "{}")
        .first_call()
        .await
        .unwrap_err();
    assert_eq!((trouble.kind, trouble.id), (TroubleKind::Dns, "trouble.dns"));
    assert!(trouble.what().contains("konn.invalid"), "{trouble}");
}

#[tokio::test]
async fn a_server_that_does_not_answer() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut home = Home::new(&format!("{{server: 'http://{}'}}", silent.local_addr().unwrap()), "{}");
    home.options.request_timeout = RequestTimeout::After(Duration::from_millis(100));
    let trouble = home.first_call().await.unwrap_err();
    assert_eq!((trouble.kind, trouble.id), (TroubleKind::Timeout, "trouble.timeout"));
    assert!(trouble.what().contains("0.1 s"), "{trouble}");
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let site = Site::plain(|_, _| {
        let stream = futures::StreamExt::chain(
            futures::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"{"))]),
            futures::stream::pending(),
        );
        http::Response::new(axum::body::Body::from_stream(stream))
    })
    .await;
    let mut home = home_of(&site, "{}");
    home.options.request_timeout = RequestTimeout::After(Duration::from_millis(200));
    let trouble = home.first_call().await.unwrap_err();
    assert_eq!(trouble.id, "trouble.timeout", "{trouble}");
}

#[tokio::test]
async fn refusals_keep_the_servers_words() {
    for (code, reason, kind) in [
        (401, "Unauthorized", TroubleKind::Unauthorized),
        (403, "Forbidden", TroubleKind::Forbidden),
        (404, "NotFound", TroubleKind::NotFound),
        (409, "Conflict", TroubleKind::Conflict),
        (409, "AlreadyExists", TroubleKind::Conflict),
        (410, "Expired", TroubleKind::Gone),
        (422, "Invalid", TroubleKind::Invalid),
        (429, "TooManyRequests", TroubleKind::TooMany),
        (500, "InternalError", TroubleKind::Server),
        (503, "ServiceUnavailable", TroubleKind::Server),
    ] {
        let site = Site::plain(move |_, _| failure(code, reason, "pods \"a\" is \u{1b}[31mwrong")).await;
        let connected = home_of(&site, "{token: x}").connect().unwrap();
        let pods: Api<Pod> = Api::default_namespaced(connected.client.clone());
        let error = pods.list(&ListParams::default()).await.unwrap_err();
        let trouble = connected.trouble(&error);
        assert_eq!(trouble.kind, kind, "{code}");
        assert_eq!(trouble.said.as_deref(), Some("pods \"a\" is wrong"), "{code}");
        assert_eq!(site.count(), 1, "{code}: nothing is tried again");
    }
}

#[tokio::test]
async fn what_is_no_kubernetes_is_told_so() {
    for (status, kind, body) in [
        (200, "text/html", "<html>Log in</html>"),
        (401, "text/html", "<!doctype html><p>who?"),
        (404, "text/plain", "404 page not found"),
        (200, "application/json", "{\"hello\":1}"),
        (200, "text/plain", "ok"),
    ] {
        let site = Site::plain(move |_, _| answer(status, kind, body)).await;
        let trouble = home_of(&site, "{}").first_call().await.unwrap_err();
        assert_eq!(trouble.kind, TroubleKind::NotKubernetes, "{body}: {trouble}");
    }
    let site = Site::plain(|_, _| answer(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n")).await;
    assert_eq!(
        home_of(&site, "{}").first_call().await.unwrap_err().id,
        "trouble.needstls"
    );
    let site = Site::plain(|_, _| version()).await;
    let over_tls = Home::new(&format!("{{server: 'https://{}'}}", site.address), "{}");
    assert_eq!(over_tls.first_call().await.unwrap_err().id, "trouble.notls");
    let site = Site::plain(|_, _| answer(502, "text/html", "<html>")).await;
    assert_eq!(
        home_of(&site, "{}").first_call().await.unwrap_err().kind,
        TroubleKind::Server
    );
}

#[tokio::test]
async fn a_hidden_version_is_no_trouble() {
    let site = Site::plain(|_, _| failure(403, "Forbidden", "no")).await;
    assert_eq!(home_of(&site, "{}").first_call().await, Ok(String::new()));
}

#[tokio::test]
async fn a_path_in_the_server_is_kept() {
    let site = Site::plain(|_, _| version()).await;
    let home = Home::new(
        &format!("{{server: 'http://{}/k8s/clusters/c-1/'}}", site.address),
        "{username: me, password: hunter2}",
    );
    home.first_call().await.unwrap();
    assert_eq!(site.seen.lock().unwrap()[0].0, "/k8s/clusters/c-1/version");
    assert_eq!(site.authorizations(), ["Basic bWU6aHVudGVyMg=="]);
}

#[tokio::test]
async fn a_token_file_is_read_again_after_a_refusal() {
    let site = Site::plain(
        |_, headers| match headers.get("authorization").map(|value| value.as_bytes()) {
            Some(b"Bearer new") => version(),
            _ => failure(401, "Unauthorized", "Unauthorized"),
        },
    )
    .await;
    let home = Home::new(
        &format!("{{server: 'http://{}'}}", site.address),
        "{tokenFile: tok, token: stale}",
    );
    let path = home.path().join(".kube").join("tok");
    std::fs::write(&path, "old\n").unwrap();
    let connected = home.connect().unwrap();
    assert_eq!(connected.version().await.unwrap_err().kind, TroubleKind::Unauthorized);
    assert_eq!(
        site.authorizations(),
        ["Bearer old"],
        "an unchanged token is not sent twice"
    );
    std::fs::write(&path, "new\n").unwrap();
    connected.version().await.unwrap();
    assert_eq!(site.authorizations(), ["Bearer old", "Bearer old", "Bearer new"]);
}

/// A server whose first connection ends with the request, unanswered; the others answer. Tells how many came.
async fn hanging_up() -> (std::net::SocketAddr, tokio::task::JoinHandle<usize>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let mut count = 0;
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            count += 1;
            let mut head = [0; 4096];
            let _ = client.read(&mut head).await.unwrap();
            if count == 2 {
                let body = crate::support::VERSION;
                let text = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                client.write_all(text.as_bytes()).await.unwrap();
                return count;
            }
        }
    });
    (address, served)
}

#[tokio::test]
async fn a_read_is_sent_once_more_when_the_connection_ends_unanswered() {
    let (address, served) = hanging_up().await;
    let home = Home::new(&format!("{{server: 'http://{address}'}}"), "{}");
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
    assert_eq!(served.await.unwrap(), 2);
}

#[tokio::test]
async fn a_write_is_not() {
    let (address, served) = hanging_up().await;
    let connected = Home::new(&format!("{{server: 'http://{address}'}}"), "{}")
        .connect()
        .unwrap();
    let pods: Api<Pod> = Api::default_namespaced(connected.client.clone());
    let error = pods.delete("a", &kube::api::DeleteParams::default()).await.unwrap_err();
    assert_eq!(connected.trouble(&error).id, "trouble.broken");
    assert!(!served.is_finished());
    served.abort();
}

#[tokio::test]
async fn of_the_old_auth_providers_oidc_alone_is_left() {
    use base64::Engine;
    let site = Site::plain(|_, _| version()).await;
    let part = |json: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json);
    let token = format!("{}.{}.c2ln", part(r#"{"alg":"none"}"#), part(r#"{"exp":4102444800}"#));
    let user = format!(
        "{{auth-provider: {{name: oidc, config: {{id-token: {token}, idp-issuer-url: 'https://idp.invalid'}}}}}}"
    );
    home_of(&site, &user).first_call().await.unwrap();
    assert_eq!(site.authorizations(), [format!("Bearer {token}")]);
    let trouble = home_of(&site, "{auth-provider: {name: gcp, config: {cmd-path: /bin/false}}}")
        .connect()
        .unwrap_err();
    assert_eq!(trouble.id, "kubeconfig.provider");
    let expired = format!("{}.{}.c2ln", part(r#"{"alg":"none"}"#), part(r#"{"exp":1}"#));
    let user = format!(
        "{{auth-provider: {{name: oidc, config: {{id-token: {expired}, idp-issuer-url: 'https://idp.invalid'}}}}}}"
    );
    let trouble = home_of(&site, &user).first_call().await.unwrap_err();
    assert_eq!(trouble.id, "trouble.provider", "{trouble}");
    assert!(!trouble.to_string().contains(&expired), "{trouble}");
}
