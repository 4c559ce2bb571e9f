//! Certificates: the server's and the person's.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use konn::core::trouble::TroubleKind;
use rustls::DigitallySignedStruct;
use rustls::SignatureScheme;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};

use crate::support::{Authority, Home, Site, der, failure, server, version};

fn cluster(site: &Site, authority: &Authority, more: &str) -> String {
    let ca = STANDARD.encode(&authority.pem);
    format!(
        "{{server: 'https://{}', certificate-authority-data: {ca}{more}}}",
        site.address
    )
}

#[tokio::test]
async fn a_certificate_that_fits() {
    let authority = Authority::new();
    let site = Site::tls(authority.server(&["127.0.0.1"]), |_, _| version()).await;
    let home = Home::new(&cluster(&site, &authority, ""), "{}");
    assert_eq!(home.first_call().await.unwrap(), "v1.36.2");

    let by_file = Home::new(
        &format!("{{server: 'https://{}', certificate-authority: ca.crt}}", site.address),
        "{}",
    );
    std::fs::write(by_file.path().join(".kube").join("ca.crt"), &authority.pem).unwrap();
    assert_eq!(by_file.first_call().await.unwrap(), "v1.36.2");
}

#[tokio::test]
async fn certificates_that_do_not_fit_and_what_helps() {
    let (mine, other) = (Authority::new(), Authority::new());
    let expired = server(&mine.sign(&["127.0.0.1"], |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1)
    }));
    let future = server(&mine.sign(&["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2999, 1, 1)
    }));
    for (config, id) in [
        (other.server(&["127.0.0.1"]), "trouble.cert.issuer"),
        (mine.server(&["kubernetes.default"]), "trouble.cert.name"),
        (expired, "trouble.cert.expired"),
        (future, "trouble.cert.notyet"),
    ] {
        let site = Site::tls(config, |_, _| version()).await;
        let home = Home::new(&cluster(&site, &mine, ""), "{}");
        let trouble = home.first_call().await.unwrap_err();
        assert_eq!((trouble.kind, trouble.id), (TroubleKind::Certificate, id), "{trouble}");
        assert!(trouble.what().contains(&site.address.to_string()), "{trouble}");
        if id == "trouble.cert.name" {
            assert!(trouble.what().contains("kubernetes.default"), "{trouble}");
            let named = Home::new(&cluster(&site, &mine, ", tls-server-name: kubernetes.default"), "{}");
            assert_eq!(named.first_call().await.unwrap(), "v1.36.2");
        }
        let mut insecure = Home::new(&cluster(&site, &mine, ""), "{}");
        insecure.options.insecure_skip_tls_verify = true;
        assert_eq!(insecure.first_call().await.unwrap(), "v1.36.2", "{id}");
        assert!(insecure.connect().unwrap().insecure);
    }
}

/// A certificate that is an authority and a server's at once, after `change`.
fn both(change: impl FnOnce(&mut rcgen::CertificateParams)) -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    change(&mut params);
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[tokio::test]
async fn a_server_may_be_the_authority_itself_as_in_go() {
    let expired = both(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let future = both(|params| params.not_before = rcgen::date_time_ymd(2999, 1, 1));
    let other = both(|params| params.subject_alt_names = vec![rcgen::SanType::DnsName("a".try_into().unwrap())]);
    for (identity, id) in [
        (both(|_| {}), "fine"),
        (expired, "trouble.cert.expired"),
        (future, "trouble.cert.notyet"),
        (other, "trouble.cert.name"),
    ] {
        let site = Site::tls(server(&identity), |_, _| version()).await;
        let ca = STANDARD.encode(&identity.0);
        let cluster = format!(
            "{{server: 'https://{}', certificate-authority-data: {ca}}}",
            site.address
        );
        let id_of = Home::new(&cluster, "{}")
            .first_call()
            .await
            .map_or_else(|trouble| trouble.id, |_| "fine");
        assert_eq!(id_of, id);
    }
    // One that the kubeconfig does not name is nobody's.
    let (mine, theirs) = (both(|_| {}), both(|_| {}));
    let site = Site::tls(server(&theirs), |_, _| version()).await;
    let ca = STANDARD.encode(mine.0);
    let cluster = format!(
        "{{server: 'https://{}', certificate-authority-data: {ca}}}",
        site.address
    );
    let trouble = Home::new(&cluster, "{}").first_call().await.unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Certificate, "{trouble}");
}

#[tokio::test]
async fn a_certificate_authority_that_is_none() {
    for (field, said) in [
        ("certificate-authority-data: hunter2!", "not base64"),
        ("certificate-authority-data: aGVsbG8K", "no certificate"),
        ("certificate-authority: gone.crt", "gone.crt"),
        ("certificate-authority-data: ''", ""),
    ] {
        let result = Home::new(&format!("{{server: 'https://127.0.0.1:1', {field}}}"), "{}").connect();
        match result {
            Ok(_) => assert_eq!(said, "", "{field}"),
            Err(trouble) => {
                assert_eq!(trouble.id, "kubeconfig.credential");
                assert!(trouble.said.as_ref().unwrap().contains(said), "{trouble}");
                assert!(!trouble.to_string().contains("hunter2"), "{trouble}");
            }
        }
    }
}

/// Takes any client certificate, as long as there is one.
#[derive(Debug)]
struct Anybody;

impl ClientCertVerifier for Anybody {
    fn root_hint_subjects(&self) -> &[rustls::DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::RSA_PSS_SHA256,
            SignatureScheme::RSA_PKCS1_SHA256,
        ]
    }
}

/// A server's TLS that asks for a client certificate.
pub fn asking(authority: &Authority) -> rustls::ServerConfig {
    let (chain, key) = der(&authority.sign(&["127.0.0.1"], |_| {}));
    rustls::ServerConfig::builder()
        .with_client_cert_verifier(Arc::new(Anybody))
        .with_single_cert(chain, key)
        .unwrap()
}

#[tokio::test]
async fn the_kubeconfigs_certificate_is_presented_of_any_version() {
    let authority = Authority::new();
    let fresh = authority.sign(&["me"], |_| {});
    // Made with `openssl req` and `openssl x509 -req` without extensions, which is X.509 version 1.
    let old = (
        include_str!("../fixtures/client/v1.crt").to_owned(),
        include_str!("../fixtures/client/v1.key").to_owned(),
    );
    for identity in [fresh, old] {
        let site = Site::tls(asking(&authority), |_, _| version()).await;
        let (certificate, key) = (STANDARD.encode(&identity.0), STANDARD.encode(&identity.1));
        let user = format!("{{client-certificate-data: {certificate}, client-key-data: {key}}}");
        let home = Home::new(&cluster(&site, &authority, ""), &user);
        assert_eq!(home.first_call().await.unwrap(), "v1.36.2");
        let wanted = der(&identity).0[0].to_vec();
        assert_eq!(site.clients.lock().unwrap().as_slice(), [Some(wanted)]);
    }
}

#[tokio::test]
async fn a_certificate_without_its_key_is_told_so() {
    let authority = Authority::new();
    let (certificate, _) = authority.sign(&["me"], |_| {});
    let (_, other_key) = authority.sign(&["you"], |_| {});
    let (certificate, key) = (STANDARD.encode(certificate), STANDARD.encode(other_key));
    for (user, said) in [
        (format!("{{client-certificate-data: {certificate}}}"), "without its key"),
        (format!("{{client-key-data: {key}}}"), "without its certificate"),
        (
            format!("{{client-certificate-data: {certificate}, client-key-data: {key}}}"),
            "another certificate",
        ),
        (
            format!("{{client-certificate-data: {certificate}, client-key-data: aGVsbG8K}}"),
            "private key",
        ),
    ] {
        let trouble = Home::new("{server: 'https://127.0.0.1:1'}", &user)
            .connect()
            .unwrap_err();
        assert_eq!(trouble.id, "kubeconfig.credential");
        assert!(trouble.said.as_ref().unwrap().contains(said), "{trouble}");
        assert!(!trouble.to_string().contains(&key), "{trouble}");
    }
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_says_so() {
    let authority = Authority::new();
    let site = Site::tls(asking(&authority), |_, _| failure(500, "", "")).await;
    let trouble = Home::new(&cluster(&site, &authority, ""), "{}")
        .first_call()
        .await
        .unwrap_err();
    assert_eq!(trouble.id, "trouble.cert.client", "{trouble}");
}
