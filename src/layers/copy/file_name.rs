//! A name for a file that every system takes.

/// What Windows does not let a file be called, whatever stands behind the first dot.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The longest name, in bytes.
const LONG: usize = 180;

/// Parts joined with `-`, what no system takes in a name left out.
pub fn legal(parts: &[&str], extension: &str) -> String {
    let safe = |ch: char| ch.is_alphanumeric() || matches!(ch, '-' | '_' | '.');
    let mut name = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !name.is_empty() {
            name.push('-');
        }
        name.extend(part.chars().map(|ch| if safe(ch) { ch } else { '_' }));
    }
    while name.len() > LONG {
        name.pop();
    }
    let name = name.trim_matches(['.', '-']);
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let numbered = (stem.starts_with("com") || stem.starts_with("lpt")) && stem.chars().count() == 4;
    if name.is_empty() || RESERVED.contains(&stem.as_str()) || numbered {
        format!("_{name}.{extension}")
    } else {
        format!("{name}.{extension}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_everywhere() {
        for (parts, name) in [
            (&["pods", "shop", "20261120"][..], "pods-shop-20261120.csv"),
            (&["a/b\\c:d*e?\"<>|", ""], "a_b_c_d_e_____.csv"),
            (&["con"], "_con.csv"),
            (&["COM1"], "_COM1.csv"),
            (&["common"], "common.csv"),
            (&[".."], "_.csv"),
            (&["\u{1b}[2J"], "__2J.csv"),
        ] {
            assert_eq!(legal(parts, "csv"), name, "{parts:?}");
        }
        assert!(legal(&["あ".repeat(300).as_str()], "csv").len() < 200);
    }
}
