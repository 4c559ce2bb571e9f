//! IP addresses and ranges of them, as `util/validation/ip.go` of apimachinery reads and refuses them.

use std::net::IpAddr;

use serde_json::Value;

use super::text;
use crate::mock::server::FieldError;

const NO_ADDRESS: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const NO_RANGE: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/// Reads an address; numbers may begin with zeroes, as in `ParseIPSloppy`. IPv4 in IPv6 is IPv4.
#[must_use]
pub fn read(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse::<IpAddr>().ok().map(|address| address.to_canonical());
    }
    let part = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let short = part.trim_start_matches('0');
        match (digits, short) {
            (false, _) => None,
            (true, "") => Some(0),
            (true, short) => short.parse::<u8>().ok(),
        }
    };
    let parts: Vec<u8> = text.split('.').map(part).collect::<Option<_>>()?;
    <[u8; 4]>::try_from(parts).ok().map(IpAddr::from)
}

/// A range: its first address as it was written, and how many bits are fixed.
#[must_use]
pub fn read_range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text.split_once('/')?;
    let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: u32 = digits.then(|| bits.parse().ok())??;
    let address = if address.contains(':') {
        address.parse::<IpAddr>().ok()?
    } else {
        read(address)?
    };
    (bits <= width(address)).then_some((address, bits))
}

/// How many bits an address has.
fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// An address as a number.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The first address of the range that an address lies in.
#[must_use]
pub fn masked(address: IpAddr, bits: u32) -> IpAddr {
    let free = width(address).saturating_sub(bits);
    let kept = number(address)
        .checked_shr(free)
        .and_then(|kept| kept.checked_shl(free));
    let kept = kept.unwrap_or_default();
    match address {
        IpAddr::V4(_) => IpAddr::from(u32::try_from(kept).unwrap_or_default().to_be_bytes()),
        IpAddr::V6(_) => IpAddr::from(kept.to_be_bytes()),
    }
}

/// Whether a range lies in another one and is smaller.
#[must_use]
pub fn is_part((inner, inner_bits): (IpAddr, u32), (outer, outer_bits): (IpAddr, u32)) -> bool {
    inner.is_ipv4() == outer.is_ipv4()
        && inner_bits > outer_bits
        && masked(inner, outer_bits) == masked(outer, outer_bits)
}

/// Faults of an address. What stood there before is accepted.
#[must_use]
pub fn address(value: &Value, field: &str, before: &[&str]) -> Vec<FieldError> {
    let given = text(value);
    if before.contains(&given) {
        return Vec::new();
    }
    match read(given) {
        None => vec![FieldError::invalid(field, &given.into(), NO_ADDRESS)],
        Some(_) if given.parse::<IpAddr>().is_err() => {
            vec![FieldError::invalid(field, value, "must not have leading 0s")]
        }
        Some(read) if read.is_ipv4() && given.contains(':') => {
            vec![FieldError::invalid(
                field,
                value,
                "must not be an IPv4-mapped IPv6 address",
            )]
        }
        Some(_) => Vec::new(),
    }
}

/// Faults of a range. What stood there before is accepted.
#[must_use]
pub fn range(given: &str, field: &str, before: &[&str]) -> Vec<FieldError> {
    if before.contains(&given) {
        return Vec::new();
    }
    let wrong = |why: &str| vec![FieldError::invalid(field, &given.into(), why)];
    let Some((first, bits)) = read_range(given) else {
        return wrong(NO_RANGE);
    };
    let (address, length) = given.split_once('/').unwrap_or((given, ""));
    if address.parse::<IpAddr>().is_err() || length.len() > 1 && length.starts_with('0') {
        return wrong("must not have leading 0s in IP or prefix length");
    }
    if first.is_ipv6() && first.to_canonical().is_ipv4() {
        return wrong("must not have an IPv4-mapped IPv6 address");
    }
    if masked(first, bits) != first {
        return wrong("must not have bits set beyond the prefix length");
    }
    Vec::new()
}

/// Faults of an address that traffic shall be sent to, as `ValidateEndpointIP`.
#[must_use]
pub fn endpoint(value: &Value, field: &str) -> Vec<FieldError> {
    let given = text(value);
    let Some(address) = read(given) else {
        return vec![FieldError::invalid(field, &given.into(), "must be a valid IP address")];
    };
    let link_local = match address {
        IpAddr::V4(address) => (address.is_link_local(), address.octets().starts_with(&[224, 0, 0])),
        IpAddr::V6(address) => (
            address.is_unicast_link_local(),
            address.segments().first() == Some(&0xff02),
        ),
    };
    let unspecified = format!("may not be unspecified ({given})");
    [
        (address.is_unspecified(), unspecified.as_str()),
        (
            address.is_loopback(),
            "may not be in the loopback range (127.0.0.0/8, ::1/128)",
        ),
        (
            link_local.0,
            "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
        ),
        (
            link_local.1,
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
        ),
    ]
    .into_iter()
    .filter(|(wrong, _)| *wrong)
    .map(|(_, why)| FieldError::invalid(field, value, why))
    .collect()
}

/// What a client is warned of in an address that is accepted: that it is not written in its usual form.
#[must_use]
pub fn warning(field: &str, given: &str) -> Option<String> {
    let address = read(given)?;
    let written = given.parse::<IpAddr>().ok();
    if written.is_none_or(|written| written.is_ipv6() && address.is_ipv4()) {
        return Some(format!(
            "{field}: non-standard IP address {given:?} is invalid: use \"{address}\""
        ));
    }
    (address.is_ipv6() && address.to_string() != given)
        .then(|| format!("{field}: IPv6 address {given:?} should be in RFC 5952 canonical format (\"{address}\")"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(faults: Vec<FieldError>) -> String {
        let faults: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        faults.join("; ")
    }

    #[test]
    fn addresses_are_read_strictly() {
        for (given, said) in [
            ("10.0.0.1", String::new()),
            ("2001:db8::1", String::new()),
            ("x", format!("Invalid value: \"x\": {NO_ADDRESS}")),
            ("1.2.3", format!("Invalid value: \"1.2.3\": {NO_ADDRESS}")),
            (
                "010.1.1.1",
                "Invalid value: \"010.1.1.1\": must not have leading 0s".to_owned(),
            ),
            (
                "::ffff:1.2.3.4",
                "Invalid value: \"::ffff:1.2.3.4\": must not be an IPv4-mapped IPv6 address".to_owned(),
            ),
        ] {
            assert_eq!(told(address(&given.into(), "f", &[])), said);
            assert!(address(&given.into(), "f", &[given]).is_empty());
        }
    }

    #[test]
    fn ranges_begin_where_they_say() {
        for (given, said) in [
            ("10.0.0.0/8", String::new()),
            ("0.0.0.0/0", String::new()),
            ("::/0", String::new()),
            ("10.0.0.0/33", format!("Invalid value: \"10.0.0.0/33\": {NO_RANGE}")),
            ("10.0.0.1", format!("Invalid value: \"10.0.0.1\": {NO_RANGE}")),
            (
                "10.0.0.1/8",
                "Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix length".to_owned(),
            ),
        ] {
            assert_eq!(told(range(given, "f", &[])), said);
        }
        let part = |inner, outer| is_part(read_range(inner).unwrap(), read_range(outer).unwrap());
        assert!(part("10.1.0.0/16", "10.0.0.0/8") && !part("11.0.0.0/16", "10.0.0.0/8"));
        assert!(!part("10.0.0.0/8", "10.0.0.0/8") && part("::1/128", "::/0"));
    }

    #[test]
    fn traffic_goes_to_ordinary_addresses() {
        for (given, said) in [
            ("10.0.0.1", ""),
            ("127.0.0.1", "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
            ("0.0.0.0", "may not be unspecified (0.0.0.0)"),
            (
                "169.254.1.1",
                "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
            ),
        ] {
            assert!(told(endpoint(&given.into(), "f")).ends_with(said), "{given}");
        }
    }

    #[test]
    fn odd_spellings_are_warned_of() {
        assert_eq!(warning("f", "10.0.0.1"), None);
        assert_eq!(
            warning("f", "2001:DB8:0::1").as_deref(),
            Some("f: IPv6 address \"2001:DB8:0::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")")
        );
    }
}
