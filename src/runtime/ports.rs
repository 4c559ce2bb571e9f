//! Ports of this machine that are free.

use std::net::{Ipv4Addr, TcpListener};

/// How much is added to a port that may not be had, such as 80, before any other one is taken: 8080, 8443.
const ABOVE: u16 = 8000;

/// For each port itself where it is free, else one like it, else any; none twice. A port may be taken a moment later.
pub fn free(wanted: &[u16]) -> Vec<u16> {
    // Held until all are found, so that none is found twice.
    let mut held = Vec::new();
    let mut found = Vec::new();
    for port in wanted {
        let like = port.checked_add(ABOVE).filter(|_| (1..1024).contains(port));
        let candidates = [Some(*port), like, Some(0)].into_iter().flatten();
        let bound = candidates
            .filter(|candidate| *candidate != 0 || *port != 0)
            .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
        let bound_to = bound.as_ref().and_then(|listener| listener.local_addr().ok());
        found.push(bound_to.map_or(0, |address| address.port()));
        held.extend(bound);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_not_proposed_and_none_is_proposed_twice() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let found = free(&[port, port, 0]);
        assert!(
            found[0] != port && found[1] != port && found[0] != found[1],
            "{found:?}"
        );
        assert!(found[0] > 0 && found[1] > 0 && found[2] == 0, "{found:?}");
    }
}
