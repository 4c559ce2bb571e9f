//! `ls`, `du` and `stat`: what is there.

use jiff::{SignedDuration, Timestamp};

use super::super::run::Flow;
use super::Process;
use crate::mock::files::Entry;

/// `ls [-laAdR1h]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn ls(process: &mut Process) -> Result<i32, Flow> {
    let (flags, mut names) = process.options();
    if names.is_empty() {
        names.push(".".to_owned());
    }
    names.sort();
    let mut code = 0;
    let (mut plain, mut folders) = (Vec::new(), Vec::new());
    for name in &names {
        let path = process.path(name);
        // A link to a folder is looked into, unless its own line is wanted.
        match process.shell.files.stat(&path, !flags.contains('l')) {
            Ok(entry) if entry.kind == 'd' && !flags.contains('d') => folders.push(name.clone()),
            Ok(entry) => plain.push((name.clone(), entry)),
            Err(trouble) => {
                let told = if process.gnu() {
                    format!("cannot access '{name}': {trouble}")
                } else {
                    format!("{name}: {trouble}")
                };
                process.fail(&told).await?;
                code = if process.gnu() { 2 } else { 1 };
            }
        }
    }
    if !plain.is_empty() {
        process.out(lines(process, &plain, &flags)).await?;
    }
    let headed = names.len() > 1 || flags.contains('R');
    let mut first = plain.is_empty();
    folders.reverse();
    while let Some(folder) = folders.pop() {
        let entries = entries(process, &folder, &flags);
        if headed {
            let gap = if first { "" } else { "\n" };
            process.out(format!("{gap}{folder}:\n")).await?;
        }
        first = false;
        if flags.contains('l') {
            let blocks: u64 = entries.iter().map(|(_, entry)| blocks(entry)).sum();
            process.out(format!("total {blocks}\n")).await?;
        }
        process.out(lines(process, &entries, &flags)).await?;
        if flags.contains('R') {
            let below = entries
                .iter()
                .filter(|(name, entry)| entry.kind == 'd' && name != "." && name != "..");
            folders.extend(
                below
                    .rev()
                    .map(|(name, _)| format!("{}/{name}", folder.trim_end_matches('/'))),
            );
        }
    }
    Ok(code)
}

/// Kibibytes on the disk, which in memory no link takes.
fn blocks(entry: &Entry) -> u64 {
    match entry.kind {
        'l' => 0,
        _ => entry.size.div_ceil(4096) * 4,
    }
}

fn entries(process: &Process, folder: &str, flags: &str) -> Vec<(String, Entry)> {
    let path = process.path(folder);
    let mut names = process.shell.files.list(&path).unwrap_or_default();
    names.retain(|name| !name.starts_with('.') || flags.contains(['a', 'A']));
    if flags.contains('a') {
        names.splice(0..0, [".".to_owned(), "..".to_owned()]);
    }
    let entry = |name: String| {
        let entry = process.shell.files.stat(&format!("{path}/{name}"), false).ok()?;
        Some((name, entry))
    };
    let mut entries: Vec<(String, Entry)> = names.into_iter().filter_map(entry).collect();
    if flags.contains('t') {
        entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.at));
    }
    if flags.contains('S') {
        entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.size));
    }
    if flags.contains('r') {
        entries.reverse();
    }
    entries
}

fn lines(process: &Process, entries: &[(String, Entry)], flags: &str) -> String {
    if flags.contains('l') {
        let widest = entries
            .iter()
            .map(|(_, entry)| entry.size.to_string().len())
            .max()
            .unwrap_or(1);
        return entries
            .iter()
            .map(|(name, entry)| long(process, name, entry, flags, widest))
            .collect();
    }
    let terminal = process.shell.machine.terminal.is_some() && !flags.contains('1');
    if !terminal {
        return entries.iter().map(|(name, _)| format!("{name}\n")).collect();
    }
    let columns = process
        .shell
        .machine
        .terminal
        .as_ref()
        .map_or(80, |terminal| terminal.size().0);
    let width = entries.iter().map(|(name, _)| name.len() + 2).max().unwrap_or(1);
    let each = (usize::from(columns.max(20)) / width).max(1);
    let row = |names: &[(String, Entry)]| {
        let cells: String = names.iter().map(|(name, _)| format!("{name:width$}")).collect();
        format!("{}\n", cells.trim_end())
    };
    entries.chunks(each).map(row).collect()
}

fn long(process: &Process, name: &str, entry: &Entry, flags: &str, widest: usize) -> String {
    let bits = ["---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"];
    let three = |shift: u32| bits.get((entry.mode >> shift & 7) as usize).copied().unwrap_or("---");
    let (owner, group, others) = (three(6), three(3), three(0));
    let links = if entry.kind == 'd' { 2 } else { 1 };
    let now = process.shell.machine.clock.now();
    let at = date(entry.at, now);
    let to = entry.to.as_ref().map_or_else(String::new, |to| format!(" -> {to}"));
    let size = if flags.contains('h') {
        human(entry.size)
    } else {
        entry.size.to_string()
    };
    let known = |file: &str| {
        if process.shell.files.read(file).is_ok() {
            "root"
        } else {
            "0"
        }
    };
    let (user, owners) = (known("/etc/passwd"), known("/etc/group"));
    let kind = entry.kind;
    if process.gnu() {
        format!("{kind}{owner}{group}{others} {links} {user} {owners} {size:>widest$} {at} {name}{to}\n")
    } else {
        format!("{kind}{owner}{group}{others} {links:>4} {user:<8} {owners:<8} {size:>9} {at} {name}{to}\n")
    }
}

fn date(at: Timestamp, now: Timestamp) -> String {
    let old = now.duration_since(at) > SignedDuration::from_hours(24 * 182) || at > now;
    at.strftime(if old { "%b %e  %Y" } else { "%b %e %H:%M" }).to_string()
}

fn human(size: u64) -> String {
    let mut value = size as f64;
    for unit in ["", "K", "M", "G"] {
        if value < 1024.0 {
            return if unit.is_empty() {
                format!("{size}")
            } else {
                format!("{value:.1}{unit}")
            };
        }
        value /= 1024.0;
    }
    format!("{value:.1}T")
}

/// `du -s` and `stat -c %s`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn measure(process: &mut Process) -> Result<i32, Flow> {
    let (flags, mut names) = process.options();
    if process.name == "stat" && flags.contains('c') && !names.is_empty() {
        let format = names.remove(0);
        for name in &names {
            match process.shell.files.stat(&process.path(name), true) {
                Ok(entry) => {
                    let line = format
                        .replace("%s", &entry.size.to_string())
                        .replace("%a", &format!("{:o}", entry.mode))
                        .replace("%n", name);
                    process.out(format!("{line}\n")).await?;
                }
                Err(trouble) => return process.fail(&format!("can't stat '{name}': {trouble}")).await,
            }
        }
        return Ok(0);
    }
    if names.is_empty() {
        names.push(".".to_owned());
    }
    for name in names {
        let mut sum = 0;
        let mut open = vec![process.path(&name)];
        while let Some(path) = open.pop() {
            match process.shell.files.stat(&path, false) {
                Ok(entry) if entry.kind == 'd' => {
                    sum += 4;
                    let below = process.shell.files.list(&path).unwrap_or_default();
                    open.extend(
                        below
                            .iter()
                            .map(|name| format!("{}/{name}", path.trim_end_matches('/'))),
                    );
                }
                Ok(entry) => sum += blocks(&entry),
                Err(trouble) => return process.fail(&format!("{name}: {trouble}")).await,
            }
        }
        let size = if flags.contains('h') {
            human(sum * 1024)
        } else {
            sum.to_string()
        };
        process.out(format!("{size}\t{name}\n")).await?;
    }
    Ok(0)
}
