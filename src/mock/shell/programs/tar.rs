//! `tar`, as `kubectl cp` uses it: `tar cf - PATH` and `tar -xmf - -C FOLDER`, and with files in place of `-`.

use super::super::run::Flow;
use super::Process;
use crate::mock::files::{Entry, Node};

const BLOCK: usize = 512;
/// How much of a file is written at once.
const PIECE: usize = 32 * 1024;

#[derive(Debug, Default)]
struct Asked {
    create: bool,
    extract: bool,
    list: bool,
    verbose: bool,
    file: String,
    folder: Option<String>,
    names: Vec<String>,
}

fn asked(args: &[String]) -> Asked {
    let mut asked = Asked {
        file: "-".to_owned(),
        ..Asked::default()
    };
    let mut args = args.iter().enumerate();
    while let Some((at, arg)) = args.next() {
        if arg.starts_with("--") || (arg == "-" && at > 0) {
            continue;
        }
        let letters = match arg.strip_prefix('-') {
            Some(letters) => letters,
            None if at == 0 => arg,
            None => {
                asked.names.push(arg.clone());
                continue;
            }
        };
        for letter in letters.chars() {
            match letter {
                'c' => asked.create = true,
                'x' => asked.extract = true,
                't' => asked.list = true,
                'v' => asked.verbose = true,
                'f' => asked.file = args.next().map_or_else(String::new, |(_, file)| file.clone()),
                'C' => asked.folder = args.next().map(|(_, folder)| folder.clone()),
                _ => {}
            }
        }
    }
    asked
}

/// `tar`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn tar(process: &mut Process) -> Result<i32, Flow> {
    let asked = asked(&process.args);
    if let Some(folder) = &asked.folder {
        let path = process.path(folder);
        if !process.shell.files.is_folder(&path) {
            let why = if process.gnu() {
                format!("{folder}: Cannot open: No such file or directory")
            } else {
                format!("can't change directory to '{folder}': No such file or directory")
            };
            process.fail(&why).await?;
            return Ok(if process.gnu() { 2 } else { 1 });
        }
        process.shell.cwd = path;
    }
    match () {
        () if asked.create => create(process, &asked).await,
        () if asked.extract || asked.list => extract(process, &asked).await,
        () => process.fail("must specify one of -c -x -t").await,
    }
}

async fn create(process: &mut Process, asked: &Asked) -> Result<i32, Flow> {
    if asked.names.iter().any(|name| name.starts_with('/')) {
        let words = if process.gnu() {
            "Removing leading `/' from member names"
        } else {
            "removing leading '/' from member names"
        };
        process.fail(words).await?;
    }
    let mut whole = Vec::new();
    let mut code = 0;
    let mut open: Vec<String> = asked.names.iter().rev().cloned().collect();
    while let Some(name) = open.pop() {
        let path = process.path(&name);
        let Ok(entry) = process.shell.files.stat(&path, false) else {
            let gnu = format!("{name}: Cannot stat: No such file or directory");
            let told = if process.gnu() {
                gnu
            } else {
                gnu.replace("Cannot stat: ", "")
            };
            process.fail(&told).await?;
            code = if process.gnu() { 2 } else { 1 };
            continue;
        };
        if entry.kind == 'd' {
            let below = process.shell.files.list(&path).unwrap_or_default();
            open.extend(
                below
                    .iter()
                    .rev()
                    .map(|below| format!("{}/{below}", name.trim_end_matches('/'))),
            );
        }
        whole.extend(header(name.trim_start_matches('/'), &entry));
        if entry.kind == '-' {
            whole.extend(process.shell.files.read(&path).unwrap_or_default());
        }
        whole.resize(whole.len().next_multiple_of(BLOCK), 0);
        if asked.file == "-" && whole.len() >= PIECE {
            send(process, std::mem::take(&mut whole)).await?;
        }
    }
    whole.resize(whole.len() + 2 * BLOCK, 0);
    if asked.file == "-" {
        send(process, whole).await?;
        return Ok(code);
    }
    let now = process.shell.machine.clock.now();
    match process
        .shell
        .files
        .write(&process.path(&asked.file), &whole, false, now)
    {
        Ok(()) => Ok(code),
        Err(trouble) => process.fail(&format!("can't open '{}': {trouble}", asked.file)).await,
    }
}

async fn send(process: &Process, bytes: Vec<u8>) -> Result<(), Flow> {
    let bytes = bytes::Bytes::from(bytes);
    let mut at = 0;
    while at < bytes.len() {
        let end = (at + PIECE).min(bytes.len());
        process.out(bytes.slice(at..end)).await?;
        at = end;
    }
    Ok(())
}

/// A ustar header, after a pax header where the name is too long for one.
fn header(name: &str, entry: &Entry) -> Vec<u8> {
    let folder = if entry.kind == 'd' { "/" } else { "" };
    let name = format!("{}{folder}", name.trim_end_matches('/'));
    let to = entry.to.clone().unwrap_or_default();
    let mut all = Vec::new();
    if name.len() > 100 {
        let mut record = format!(" path={name}\n");
        // A record begins with its own length, whose digits count too.
        let digits = (record.len() + 3).to_string().len();
        record = format!("{}{record}", record.len() + digits);
        all.extend(block("././@PaxHeader", 'x', record.len() as u64, entry, ""));
        all.extend_from_slice(record.as_bytes());
        all.resize(all.len().next_multiple_of(BLOCK), 0);
    }
    let kind = match entry.kind {
        'd' => '5',
        'l' => '2',
        _ => '0',
    };
    let size = if entry.kind == '-' { entry.size } else { 0 };
    all.extend(block(&name, kind, size, entry, &to));
    all
}

fn block(name: &str, kind: char, size: u64, entry: &Entry, to: &str) -> Vec<u8> {
    let field = |text: &str, width: usize| -> Vec<u8> {
        let mut bytes: Vec<u8> = text.bytes().take(width).collect();
        bytes.resize(width, 0);
        bytes
    };
    let octal = |number: u64, width: usize| field(&format!("{number:0digits$o}", digits = width - 1), width);
    let at = u64::try_from(entry.at.as_second()).unwrap_or_default();
    let before = [
        field(name, 100),
        octal(u64::from(entry.mode), 8),
        octal(0, 8),
        octal(0, 8),
        octal(size, 12),
        octal(at, 12),
    ];
    let mut after = vec![u8::try_from(kind).unwrap_or(b'0')];
    after.extend(field(to, 100));
    after.extend(b"ustar\x0000");
    after.extend(field("root", 32));
    after.extend(field("root", 32));
    let mut whole = before.concat();
    let sum: u64 = whole.iter().chain(&after).map(|byte| u64::from(*byte)).sum::<u64>() + 8 * 32;
    whole.extend(field(&format!("{sum:06o}\0 "), 8));
    whole.extend(after);
    whole.resize(BLOCK, 0);
    whole
}

/// One entry of an archive.
#[derive(Debug, PartialEq, Eq)]
struct Member<'a> {
    name: String,
    kind: u8,
    mode: u32,
    to: String,
    data: &'a [u8],
}

/// Reads an archive; it ends where nothing sensible follows.
fn members(bytes: &[u8]) -> Vec<Member<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    let mut long: Option<String> = None;
    while let Some(head) = bytes.get(at..at + BLOCK) {
        let text = |from: usize, width: usize| -> String {
            let field = head.get(from..from + width).unwrap_or_default();
            let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
            String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
        };
        let number = |from: usize, width: usize| u64::from_str_radix(text(from, width).trim(), 8).unwrap_or_default();
        if head.iter().all(|byte| *byte == 0) {
            break;
        }
        let size = usize::try_from(number(124, 12)).unwrap_or_default();
        let from = at + BLOCK;
        let Some(data) = from.checked_add(size).and_then(|end| bytes.get(from..end)) else {
            break;
        };
        at = from + size.next_multiple_of(BLOCK);
        let kind = head.get(156).copied().unwrap_or(b'0');
        match kind {
            b'x' => {
                let records = String::from_utf8_lossy(data);
                long = records
                    .lines()
                    .find_map(|line| Some(line.split_once(" path=")?.1.to_owned()));
                continue;
            }
            b'L' => {
                long = Some(String::from_utf8_lossy(data).trim_end_matches('\0').to_owned());
                continue;
            }
            b'g' => continue,
            _ => {}
        }
        let prefix = text(345, 155);
        let short = text(0, 100);
        let name = if prefix.is_empty() {
            short
        } else {
            format!("{prefix}/{short}")
        };
        all.push(Member {
            name: long.take().unwrap_or(name),
            kind,
            mode: u32::try_from(number(100, 8)).unwrap_or(0o644) & 0o7777,
            to: text(157, 100),
            data,
        });
    }
    all
}

async fn extract(process: &mut Process, asked: &Asked) -> Result<i32, Flow> {
    let bytes = if asked.file == "-" {
        process.shell.io.input.all().await
    } else {
        match process.shell.files.read(&process.path(&asked.file)) {
            Ok(bytes) => bytes,
            Err(trouble) => return process.fail(&format!("can't open '{}': {trouble}", asked.file)).await,
        }
    };
    let now = process.shell.machine.clock.now();
    for member in members(&bytes) {
        if asked.list || asked.verbose {
            process.out(format!("{}\n", member.name)).await?;
        }
        if asked.list {
            continue;
        }
        let path = process.path(member.name.trim_start_matches('/'));
        let files = &process.shell.files;
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        let made = match member.kind {
            b'5' => files.make_folder(&path, true, now),
            kind => {
                let node = match kind {
                    b'2' => Node::Link {
                        to: member.to.clone(),
                        at: now,
                    },
                    _ => Node::file(member.data, member.mode, now),
                };
                let parent = if folder.is_empty() {
                    Ok(())
                } else {
                    files.make_folder(folder, true, now)
                };
                parent.and_then(|()| files.put(&path, node))
            }
        };
        if let Err(trouble) = made {
            let name = &member.name;
            let why = if process.gnu() {
                format!("{name}: Cannot open: {trouble}")
            } else {
                format!("can't open '{name}': {trouble}")
            };
            process.fail(&why).await?;
            return Ok(if process.gnu() { 2 } else { 1 });
        }
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let long = format!("{}/f", "d".repeat(120));
        let node = Node::file("hello", 0o755, Timestamp::UNIX_EPOCH);
        let mut archive = Vec::new();
        for name in ["a/b", long.as_str()] {
            archive.extend(header(name, &node.entry()));
            archive.extend_from_slice(b"hello");
            archive.resize(archive.len().next_multiple_of(BLOCK), 0);
        }
        archive.resize(archive.len() + 1024, 0);
        let read = members(&archive);
        let shown: Vec<_> = read
            .iter()
            .map(|member| (member.name.as_str(), member.data, member.mode))
            .collect();
        assert_eq!(
            shown,
            [("a/b", &b"hello"[..], 0o755), (long.as_str(), &b"hello"[..], 0o755)]
        );
        assert!(members(&archive[..700]).len() < 2 && members(b"junk").is_empty());
    }

    #[test]
    fn arguments_are_read_as_tar_does() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        let asked = asked(&words("-xmf - -C /tmp"));
        assert_eq!(
            (asked.extract, asked.file.as_str(), asked.folder.as_deref()),
            (true, "-", Some("/tmp"))
        );
        let asked = super::asked(&words("cf - /etc/hosts"));
        assert_eq!((asked.create, asked.names), (true, vec!["/etc/hosts".to_owned()]));
    }
}
