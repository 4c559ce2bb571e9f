//! Clusters that do not answer as they should.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::run::Home;
use crate::site::{Authority, Nobody, Site, answer, failure, version};

fn home(cluster: &str, user: &str) -> Home {
    Home::new(&format!(
        "current-context: dev\ncontexts: [{{name: dev, context: {{cluster: c, user: u}}}}]\nclusters: [{{name: c, cluster: {cluster}}}]\nusers: [{{name: u, user: {user}}}]\n"
    ))
}

fn trusted(site: &Site, authority: &Authority) -> String {
    format!(
        "{{server: 'https://{}', certificate-authority-data: {}}}",
        site.address,
        STANDARD.encode(&authority.pem)
    )
}

#[test]
fn nobody_listens() {
    let nobody = Nobody::new();
    let address = nobody.address.to_string();
    let home = home(&format!("{{server: 'https://{address}'}}"), "{}");
    home.refuses(&["snapshot", "pods"], &[&address, "refused"]);
    home.refuses(&["snapshot", "pods", "--lang", "ja"], &[&address]);
}

#[test]
fn a_name_without_an_address() {
    home("{server: 'https://no-such-host.invalid:6443'}", "{}").refuses(
        &["snapshot", "pods", "--request-timeout", "20s"],
        &["no-such-host.invalid"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_somebody_else() {
    let (mine, other) = (Authority::new(), Authority::new());
    let site = Site::tls(other.server(&["127.0.0.1"]), |_, _| version()).await;
    home(&trusted(&site, &mine), "{}").refuses(&["snapshot", "pods"], &[&site.address.to_string(), "certificate"]);
    let site = Site::tls(mine.server(&["example.org"]), |_, _| version()).await;
    home(&trusted(&site, &mine), "{}").refuses(&["snapshot", "pods"], &["example.org"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_expired() {
    let authority = Authority::new();
    let site = Site::tls(authority.server(&["127.0.0.1"]), |_, _| {
        failure(401, "Unauthorized", "Unauthorized")
    })
    .await;
    let said = home(&trusted(&site, &authority), "{token: hunter2}")
        .refuses(&["snapshot", "pods"], &[&site.address.to_string()]);
    assert!(!said.contains("hunter2"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn something_that_is_no_kubernetes() {
    let site = Site::plain(|_, _| answer(200, "text/html", "<html>hello</html>")).await;
    home(&format!("{{server: 'http://{}'}}", site.address), "{}")
        .refuses(&["snapshot", "pods"], &[&site.address.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_full_of_control_characters() {
    let authority = Authority::new();
    let site = Site::tls(authority.server(&["127.0.0.1"]), |_, _| {
        failure(403, "Forbidden", "no\u{1b}]0;pwned\u{7}\nnever")
    })
    .await;
    home(&trusted(&site, &authority), "{}").refuses(&["snapshot", "pods"], &["no", "never"]);
}
