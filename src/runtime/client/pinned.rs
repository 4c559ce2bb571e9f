//! A server whose certificate is itself the authority that the kubeconfig names, as home-made clusters have it. Go, and
//! so kubectl, accepts that; webpki does not let an authority's certificate serve.

use std::sync::Arc;

use jiff::civil::DateTime;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// Checks a server as webpki does, and lets one in besides whose certificate is, byte by byte, one of the
/// authorities, if its names and its time are right.
#[derive(Debug)]
pub struct Pinned {
    inner: Arc<WebPkiServerVerifier>,
    authorities: Vec<Vec<u8>>,
}

impl Pinned {
    /// A check against these authorities, DER; `None` when one of them cannot be used.
    pub fn new(authorities: &[Vec<u8>], provider: Arc<CryptoProvider>) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        for der in authorities {
            roots.add(CertificateDer::from(der.clone())).ok()?;
        }
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .ok()?;
        Some(Self {
            inner,
            authorities: authorities.to_vec(),
        })
    }

    fn is_authority(&self, certificate: &CertificateDer<'_>) -> bool {
        self.authorities
            .iter()
            .any(|der| der.as_slice() == certificate.as_ref())
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self
            .inner
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // webpki's reason has no type that could be named here.
            Err(Error::InvalidCertificate(CertificateError::Other(_))) if self.is_authority(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                in_time(end_entity, now)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn in_time(certificate: &[u8], now: UnixTime) -> Result<(), Error> {
    let bad = || Error::InvalidCertificate(CertificateError::BadEncoding);
    let (from, until) = validity(certificate).ok_or_else(bad)?;
    let now = i64::try_from(now.as_secs()).map_err(|_| bad())?;
    if now < from {
        return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
    }
    if now > until {
        return Err(Error::InvalidCertificate(CertificateError::Expired));
    }
    Ok(())
}

/// `notBefore` and `notAfter` of a certificate, seconds since 1970. In RFC 5280 4.1: a sequence of a sequence of the
/// version (tagged 0, may be left out), the serial number, the algorithm, the issuer, and the validity.
fn validity(certificate: &[u8]) -> Option<(i64, i64)> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, whole, _) = element(certificate).filter(|one| one.0 == SEQUENCE)?;
    let (_, mut rest, _) = element(whole).filter(|one| one.0 == SEQUENCE)?;
    let (tag, _, after) = element(rest)?;
    if tag == VERSION {
        rest = after;
    }
    for _ in ["serial number", "algorithm", "issuer"] {
        rest = element(rest)?.2;
    }
    let (_, times, _) = element(rest).filter(|one| one.0 == SEQUENCE)?;
    let (tag, from, rest) = element(times)?;
    let (other_tag, until, _) = element(rest)?;
    Some((time(tag, from)?, time(other_tag, until)?))
}

/// The first DER element: its tag, its content, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            let length = digits.iter().fold(0_u64, |sum, digit| (sum << 8) | u64::from(*digit));
            (usize::try_from(length).ok()?, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// `UTCTime` (`YYMMDDHHMMSSZ`, 1950 to 2049) or `GeneralizedTime` (`YYYYMMDDHHMMSSZ`).
fn time(tag: u8, content: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(content).ok()?;
    let whole = match tag {
        0x17 => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 {
                "20"
            } else {
                "19"
            };
            format!("{century}{text}")
        }
        0x18 => text.to_owned(),
        _ => return None,
    };
    let parsed = DateTime::strptime("%Y%m%d%H%M%SZ", &whole).ok()?;
    Some(parsed.in_tz("UTC").ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_validity_is_read_from_the_certificate() {
        for (from, until) in [((1975, 1, 1), (2030, 6, 15)), ((2020, 2, 29), (2999, 12, 31))] {
            let key = rcgen::KeyPair::generate().unwrap();
            let mut params = rcgen::CertificateParams::new(vec!["a".to_owned()]).unwrap();
            params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
            params.not_after = rcgen::date_time_ymd(until.0, until.1, until.2);
            let wanted = (params.not_before.unix_timestamp(), params.not_after.unix_timestamp());
            let certificate = params.self_signed(&key).unwrap();
            assert_eq!(validity(certificate.der()), Some(wanted));
        }
    }

    #[test]
    fn hostile_bytes_are_no_certificate() {
        let hostile: [&[u8]; 6] = [
            b"",
            b"\x30",
            b"\x30\x85",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x30\x02\x30\x00",
            b"hello",
        ];
        for bytes in hostile {
            assert_eq!(validity(bytes), None);
        }
    }
}
