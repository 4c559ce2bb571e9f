//! What a certificate request asks for: a subject and other names.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::der::{Element, SEQUENCE, elements};

/// The subject and the other names of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateRequest {
    /// Label and values of each part of the subject that has any.
    pub subject: Vec<(&'static str, Vec<String>)>,
    /// Label and values of each kind of other name that has any.
    pub names: Vec<(&'static str, Vec<String>)>,
}

/// The parts of a subject by the last bytes of their object identifier, 2.5.4.x.
const SUBJECT: [(&[u8], &str); 9] = [
    (&[0x55, 4, 3], "Common Name"),
    (&[0x55, 4, 5], "Serial Number"),
    (&[0x55, 4, 10], "Organization"),
    (&[0x55, 4, 11], "Organizational Unit"),
    (&[0x55, 4, 6], "Country"),
    (&[0x55, 4, 7], "Locality"),
    (&[0x55, 4, 8], "Province"),
    (&[0x55, 4, 9], "StreetAddress"),
    (&[0x55, 4, 17], "PostalCode"),
];
/// The kinds of other names by the number of their choice.
const NAMES: [(u8, &str); 4] = [
    (2, "DNS Names"),
    (1, "Email Addresses"),
    (6, "URIs"),
    (7, "IP Addresses"),
];
/// 1.2.840.113549.1.9.14, the attribute that holds the extensions asked for.
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14];
/// 2.5.29.17, the extension that holds the other names.
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 17];

/// Reads a PEM block of a PKCS #10 request; none where it is no such thing.
pub fn parse(pem: &str) -> Option<CertificateRequest> {
    let (_, after) = pem.split_once("-----BEGIN")?;
    let (_, body) = after.split_once("-----\n").or_else(|| after.split_once("-----\r\n"))?;
    let (body, _) = body.split_once("-----END")?;
    let text: String = body.split_whitespace().collect();
    let der = STANDARD.decode(text).ok()?;
    let request = elements(&der).next().filter(|element| element.tag == SEQUENCE)?;
    let information = request.elements().next()?;
    let mut fields = information.elements().skip(1);
    let subject = fields.next().filter(|element| element.tag == SEQUENCE)?;
    let attributes = fields.nth(1);
    Some(CertificateRequest {
        subject: self::subject(subject),
        names: attributes.map(names).unwrap_or_default(),
    })
}

fn subject(subject: Element) -> Vec<(&'static str, Vec<String>)> {
    let parts: Vec<_> = subject
        .elements()
        .flat_map(Element::elements)
        .filter_map(pair)
        .collect();
    let of = |oid: &[u8]| {
        parts
            .iter()
            .filter(|(own, _)| own.content == oid)
            .map(|(_, value)| value.text())
            .collect()
    };
    kept(SUBJECT.iter().map(|(oid, label)| (*label, of(oid))))
}

fn names(attributes: Element) -> Vec<(&'static str, Vec<String>)> {
    let requested = attributes
        .elements()
        .filter_map(pair)
        .filter(|(oid, _)| oid.content == EXTENSION_REQUEST);
    let extensions = requested
        .flat_map(|(_, set)| set.elements())
        .flat_map(Element::elements);
    let names: Vec<_> = extensions.filter_map(alternative_names).flatten().collect();
    let of = |choice: u8| {
        names
            .iter()
            .filter(|name| name.tag & 0x1f == choice)
            .map(|name| name_text(*name))
            .collect()
    };
    kept(NAMES.iter().map(|(choice, label)| (*label, of(*choice))))
}

/// The first two elements of a sequence, which begin with an object identifier.
fn pair(sequence: Element) -> Option<(Element, Element)> {
    let mut elements = sequence.elements();
    Some((elements.next()?, elements.next()?))
}

/// The names in an extension, whose value comes last, behind an optional flag.
fn alternative_names(extension: Element) -> Option<Vec<Element>> {
    let oid = extension.elements().next()?;
    let value = extension.elements().last()?;
    (oid.content == ALTERNATIVE_NAMES).then(|| elements(value.content).flat_map(Element::elements).collect())
}

fn name_text(name: Element) -> String {
    const IP: u8 = 7;
    if name.tag & 0x1f != IP {
        return name.text();
    }
    if let Ok(bytes) = <[u8; 4]>::try_from(name.content) {
        Ipv4Addr::from(bytes).to_string()
    } else if let Ok(bytes) = <[u8; 16]>::try_from(name.content) {
        Ipv6Addr::from(bytes).to_string()
    } else {
        "?".to_owned()
    }
}

fn kept(parts: impl Iterator<Item = (&'static str, Vec<String>)>) -> Vec<(&'static str, Vec<String>)> {
    parts.filter(|(_, values)| !values.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    #[test]
    fn a_request_tells_its_subject_and_names() {
        let names = ["web.shop".to_owned(), "10.0.0.1".to_owned(), "fd00::1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "system:node:n1");
        params.distinguished_name.push(DnType::OrganizationName, "system:nodes");
        let pem = params
            .serialize_request(&KeyPair::generate().unwrap())
            .unwrap()
            .pem()
            .unwrap();
        let request = parse(&pem).unwrap();
        let text = |text: &str| vec![text.to_owned()];
        assert_eq!(
            request.subject,
            [
                ("Common Name", text("system:node:n1")),
                ("Organization", text("system:nodes"))
            ]
        );
        assert_eq!(
            request.names,
            [
                ("DNS Names", text("web.shop")),
                ("IP Addresses", vec!["10.0.0.1".to_owned(), "fd00::1".to_owned()])
            ]
        );
    }

    #[test]
    fn what_is_no_request_is_none() {
        for pem in [
            "",
            "-----BEGIN X-----\nAAAA\n-----END X-----",
            "-----BEGIN X-----\n!\n-----END X-----",
            "-----BEGIN X-----\nMAA=\n-----END X-----",
        ] {
            assert_eq!(parse(pem), None, "{pem}");
        }
    }
}
