//! `test` and `[`.

use super::super::run::Shell;
use crate::mock::files::absolute;

/// Whether an expression holds.
pub fn holds(shell: &Shell, words: &[&str]) -> bool {
    if let Some(at) = words.iter().position(|word| *word == "-o") {
        let (left, right) = words.split_at(at);
        return holds(shell, left) || holds(shell, right.get(1..).unwrap_or_default());
    }
    if let Some(at) = words.iter().position(|word| *word == "-a").filter(|at| *at > 0) {
        let (left, right) = words.split_at(at);
        return holds(shell, left) && holds(shell, right.get(1..).unwrap_or_default());
    }
    let number = |text: &str| text.trim().parse::<i64>().unwrap_or_default();
    match words {
        ["!", rest @ ..] => !holds(shell, rest),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, "-eq", right] => number(left) == number(right),
        [left, "-ne", right] => number(left) != number(right),
        [left, "-lt", right] => number(left) < number(right),
        [left, "-le", right] => number(left) <= number(right),
        [left, "-gt", right] => number(left) > number(right),
        [left, "-ge", right] => number(left) >= number(right),
        ["-n", text] => !text.is_empty(),
        ["-z", text] => text.is_empty(),
        ["-t", _] => shell.machine.terminal.is_some(),
        [flag, path] => {
            let found = shell
                .files
                .stat(&absolute(&shell.cwd, path), *flag != "-L" && *flag != "-h");
            found.is_ok_and(|entry| match *flag {
                "-d" => entry.kind == 'd',
                "-f" => entry.kind == '-',
                "-L" | "-h" => entry.kind == 'l',
                "-s" => entry.size > 0,
                "-x" => entry.mode & 0o111 != 0,
                "-e" | "-r" | "-w" => true,
                _ => false,
            })
        }
        [text] => !text.is_empty(),
        _ => false,
    }
}
