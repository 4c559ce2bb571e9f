//! The hash by which discovery names a storage version: SHA-256 of `group/version/kind`, its first eight bytes in base64.
//! As `StorageVersionHash` in the API server's endpoints/discovery.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Discovery's `storageVersionHash` of a stored kind.
#[must_use]
pub fn storage_version_hash(group: &str, version: &str, kind: &str) -> String {
    let digest = sha256(format!("{group}/{version}/{kind}").as_bytes());
    let first: Vec<u8> = digest.iter().take(2).flat_map(|word| word.to_be_bytes()).collect();
    STANDARD.encode(first)
}

/// SHA-256 of a message, as its eight words.
fn sha256(message: &[u8]) -> [u32; 8] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    let start = roots(8, 2);
    let rounds = roots(64, 3);
    let mut state = [0u32; 8];
    for (word, root) in state.iter_mut().zip(start) {
        *word = root;
    }
    for block in padded.chunks_exact(64) {
        compress(&mut state, block, &rounds);
    }
    state
}

/// The first 32 bits of the fractions of the square (2) or cube (3) roots of the first primes: SHA-256's constants.
fn roots(count: usize, degree: u32) -> Vec<u32> {
    let is_prime = |n: &u64| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    (2u64..)
        .filter(is_prime)
        .take(count)
        .map(|prime| fraction(prime, degree))
        .collect()
}

/// The first 32 fractional bits of the `degree`th root of a small prime, by exact integer search.
fn fraction(prime: u64, degree: u32) -> u32 {
    // root * 2^32 is the integer root of prime * 2^(32 * degree), which fits u128 for the primes in use.
    let target = u128::from(prime) << (32 * degree);
    let (mut low, mut high) = (0u128, 1u128 << 37);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if middle.pow(degree) <= target {
            low = middle
        } else {
            high = middle
        }
    }
    (low & 0xffff_ffff) as u32
}

fn compress(state: &mut [u32; 8], block: &[u8], rounds: &[u32]) {
    let mut schedule: Vec<u32> = block
        .chunks_exact(4)
        .map(|b| b.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte)))
        .collect();
    for i in 16..64 {
        let (a, b) = (schedule[i - 15], schedule[i - 2]);
        let s0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
        let s1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
        schedule.push(
            schedule[i - 16]
                .wrapping_add(s0)
                .wrapping_add(schedule[i - 7])
                .wrapping_add(s1),
        );
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, round) in schedule.iter().zip(rounds) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let one = h
            .wrapping_add(s1)
            .wrapping_add(choice)
            .wrapping_add(*round)
            .wrapping_add(*word);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let two = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(two));
    }
    for (word, add) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_a_real_server_printed() {
        for (group, version, kind, hash) in [
            ("", "v1", "Pod", "xPOwRZ+Yhw8="),
            ("apps", "v1", "Deployment", "8aSe+NMegvE="),
            ("corpus.example.com", "v1", "Widget", "WUg1IzAamzI="),
        ] {
            assert_eq!(storage_version_hash(group, version, kind), hash);
        }
    }
}
