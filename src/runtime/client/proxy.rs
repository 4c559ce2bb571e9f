//! Which proxy lies before a server: the kubeconfig's, else that of the environment unless `NO_PROXY` spares the
//! server, as Go's `http.ProxyFromEnvironment` decides it.

use std::net::IpAddr;

use http::Uri;

use super::config_error::ConfigError;
use super::environment::Environment;

/// A proxy on the way to the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its URL, credentials included.
    pub url: Uri,
    /// Where it was said: `proxy-url`, or the variable's name.
    pub from: String,
}

impl Proxy {
    /// `http://proxy:3128`, without credentials.
    pub fn shown(&self) -> String {
        let scheme = self.url.scheme_str().unwrap_or("http");
        let host = self.url.host().unwrap_or_default();
        match self.url.port_u16() {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Proxy({} from {})", self.shown(), self.from)
    }
}

/// The proxy before `server`. The kubeconfig's `proxy-url` counts whatever `NO_PROXY` says.
///
/// # Errors
/// An address that is no URL, or of another scheme than http, https, socks5 and socks5h.
pub fn proxy_for(server: &Uri, proxy_url: Option<&str>, env: &Environment) -> Result<Option<Proxy>, ConfigError> {
    if let Some(text) = proxy_url.map(str::trim).filter(|text| !text.is_empty()) {
        return parse(text, "proxy-url").map(Some);
    }
    let host = server.host().unwrap_or_default();
    let port = server
        .port_u16()
        .unwrap_or(if server.scheme_str() == Some("http") { 80 } else { 443 });
    let no_proxy = env.var("NO_PROXY").or_else(|| env.var("no_proxy")).unwrap_or_default();
    if spared(no_proxy, host, port) {
        return Ok(None);
    }
    let names: &[&str] = match server.scheme_str() {
        Some("http") => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        _ => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
    };
    for name in names {
        if let Some(text) = env.var(name).map(str::trim).filter(|text| !text.is_empty()) {
            return parse(text, name).map(Some);
        }
    }
    Ok(None)
}

/// A missing scheme is http, as in Go.
fn parse(text: &str, from: &str) -> Result<Proxy, ConfigError> {
    let bad = || ConfigError::BadProxy { from: from.to_owned() };
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url: Uri = whole.parse().map_err(|_| bad())?;
    let known = matches!(url.scheme_str(), Some("http" | "https" | "socks5" | "socks5h"));
    if !known || url.host().is_none_or(str::is_empty) {
        return Err(bad());
    }
    Ok(Proxy {
        url,
        from: from.to_owned(),
    })
}

/// Whether `host` goes without a proxy, as `config.useProxy` in Go's httpproxy: this machine always does, and what
/// `no_proxy` lists: `*`, an address, a network, a domain with those below it, `.domain` or `*.domain` for those
/// below only, each with or without a port. Empty entries do not count.
pub fn spared(no_proxy: &str, host: &str, port: u16) -> bool {
    let host = unbracketed(host).trim_end_matches('.').to_ascii_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
        return true;
    }
    no_proxy
        .split(',')
        .map(|entry| entry.trim().to_ascii_lowercase())
        .any(|entry| entry_matches(&entry, &host, address, port))
}

fn entry_matches(entry: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    if entry.is_empty() {
        return false;
    }
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return address.is_some_and(|address| within(address, network, bits));
    }
    let (name, wanted) = name_and_port(entry);
    if wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    if let Ok(listed) = name.parse::<IpAddr>() {
        return address == Some(listed);
    }
    let name = name.strip_prefix('*').unwrap_or(name);
    if name.is_empty() {
        return false;
    }
    match name.strip_prefix('.') {
        Some(_) => host.ends_with(name),
        None => host == name || host.strip_suffix(name).is_some_and(|before| before.ends_with('.')),
    }
}

/// `host:port`, `[::1]:port`, or a name alone.
fn name_and_port(entry: &str) -> (&str, Option<u16>) {
    if entry.parse::<IpAddr>().is_ok() {
        return (entry, None);
    }
    match entry.rsplit_once(':') {
        Some((name, port)) => match port.parse() {
            Ok(port) => (unbracketed(name), Some(port)),
            Err(_) => (entry, None),
        },
        None => (unbracketed(entry), None),
    }
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host)
}

/// Whether `address` lies in `network`/`bits`.
fn within(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    let (one, other, width) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    if bits > width {
        return false;
    }
    let shift = width - bits;
    one.checked_shr(shift).unwrap_or(0) == other.checked_shr(shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn no_proxy_is_matched_against_the_server() {
        for (list, host, port, want) in [
            ("", "api.example.com", 443, false),
            ("*", "api.example.com", 443, true),
            ("example.com", "api.example.com", 443, true),
            ("example.com", "example.com", 443, true),
            ("example.com", "badexample.com", 443, false),
            (".example.com", "api.example.com", 443, true),
            (".example.com", "example.com", 443, false),
            ("*.example.com", "api.example.com", 443, true),
            ("EXAMPLE.com", "API.example.COM", 443, true),
            ("example.com:6443", "api.example.com", 6443, true),
            ("example.com:6443", "api.example.com", 443, false),
            ("other,, example.com ,", "api.example.com", 443, true),
            (",", "api.example.com", 443, false),
            ("10.0.0.0/8", "10.1.2.3", 443, true),
            ("10.0.0.0/8", "11.1.2.3", 443, false),
            ("0.0.0.0/0", "11.1.2.3", 443, true),
            ("::/0", "[2001:db8::1]", 443, true),
            ("10.0.0.0/99", "10.1.2.3", 443, false),
            ("10.0.0.0/8", "ten.example.com", 443, false),
            ("192.168.49.2", "192.168.49.2", 8443, true),
            ("192.168.49.2:1", "192.168.49.2", 8443, false),
            ("2001:db8::1", "[2001:db8::1]", 6443, true),
            ("[2001:db8::1]:6443", "[2001:db8::1]", 6443, true),
            ("2001:db8::/32", "[2001:db8::1]", 6443, true),
            ("", "localhost", 6443, true),
            ("", "127.0.0.1", 6443, true),
            ("", "[::1]", 6443, true),
        ] {
            assert_eq!(spared(list, host, port), want, "{list} / {host}:{port}");
        }
    }

    fn shown(server: &str, proxy_url: Option<&str>, vars: &[(&str, &str)]) -> String {
        let env = Environment::of(Path::new("/"), vars.iter().copied());
        match proxy_for(&server.parse().unwrap(), proxy_url, &env) {
            Ok(Some(proxy)) => format!("{} from {}", proxy.shown(), proxy.from),
            Ok(None) => "none".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_kubeconfig_then_the_scheme_then_all() {
        let https = ("HTTPS_PROXY", "http://me:hunter2@p:3128");
        let http = ("http_proxy", "q");
        let all = ("ALL_PROXY", "socks5://s:1080");
        let server = "https://api.example.com:6443";
        assert_eq!(shown(server, None, &[]), "none");
        assert_eq!(
            shown(server, None, &[https, http, all]),
            "http://p:3128 from HTTPS_PROXY"
        );
        assert_eq!(shown(server, None, &[http, all]), "socks5://s:1080 from ALL_PROXY");
        assert_eq!(shown("http://api:80", None, &[https, http]), "http://q from http_proxy");
        assert_eq!(shown(server, None, &[https, ("NO_PROXY", "example.com,")]), "none");
        // The proxy's own host in NO_PROXY says nothing about the server.
        assert_eq!(
            shown(server, None, &[https, ("NO_PROXY", "p")]),
            "http://p:3128 from HTTPS_PROXY"
        );
        assert_eq!(
            shown(server, Some("socks5://x:1"), &[https, ("NO_PROXY", "*")]),
            "socks5://x:1 from proxy-url"
        );
        assert_eq!(shown(server, Some(""), &[https]), "http://p:3128 from HTTPS_PROXY");
        assert!(shown(server, Some("ftp://x"), &[]).contains("proxy-url"));
        assert!(shown("http://127.0.0.1:8001", None, &[http]).contains("none"));
    }

    #[test]
    fn debug_hides_the_password() {
        let proxy = parse("http://me:hunter2@p:3128", "HTTPS_PROXY").unwrap();
        assert_eq!(format!("{proxy:?}"), "Proxy(http://p:3128 from HTTPS_PROXY)");
    }
}
