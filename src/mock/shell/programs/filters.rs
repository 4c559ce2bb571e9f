//! Programs that let a part of their input through: head, tail, grep, wc, sort, cut.

use super::super::run::Flow;
use super::Process;

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Takes `-n 5`, `-n5` and `-5` out of the arguments, and the names that remain.
fn count_and_names(args: &[String], letter: char) -> (Option<String>, Vec<String>, String) {
    let (mut count, mut names, mut flags) = (None, Vec::new(), String::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix('-').filter(|flag| !flag.is_empty()) {
            Some(flag) if flag.starts_with(letter) => {
                let rest = flag.trim_start_matches(letter);
                count = if rest.is_empty() {
                    args.next().cloned()
                } else {
                    Some(rest.to_owned())
                };
            }
            Some(number) if number.chars().all(|digit| digit.is_ascii_digit()) => count = Some(number.to_owned()),
            Some(other) => flags.push_str(other),
            None => names.push(arg.clone()),
        }
    }
    (count, names, flags)
}

/// `head [-n N | -c N]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn head(process: &mut Process) -> Result<i32, Flow> {
    let bytes = process.args.iter().any(|arg| arg.starts_with("-c"));
    let (count, names, _) = count_and_names(&process.args, if bytes { 'c' } else { 'n' });
    let mut left = count.and_then(|count| count.parse::<usize>().ok()).unwrap_or(10);
    if !names.is_empty() {
        let (read, code) = process.inputs(&names).await?;
        for (_, text) in read {
            let end = if bytes {
                left.min(text.len())
            } else {
                lines(&text).iter().take(left).map(|line| line.len()).sum()
            };
            process.out(text.get(..end).unwrap_or_default().to_vec()).await?;
        }
        return Ok(code);
    }
    // As it comes, so that an endless input ends here.
    while left > 0 {
        let next = if bytes {
            process.shell.io.input.read().await.map(|bytes| bytes.to_vec())
        } else {
            process.shell.io.input.line().await
        };
        let Some(mut next) = next else { break };
        if bytes {
            next.truncate(left);
            left -= next.len();
        } else {
            left -= 1;
        }
        process.out(next).await?;
    }
    Ok(0)
}

/// `tail [-n N] [-f]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn tail(process: &mut Process) -> Result<i32, Flow> {
    let (count, names, flags) = count_and_names(&process.args, 'n');
    let (read, code) = process.inputs(&names).await?;
    let count = count.unwrap_or_else(|| "10".to_owned());
    for (_, text) in &read {
        let lines = lines(text);
        let number = count.trim_start_matches('+').parse::<usize>().unwrap_or(10);
        let skip = if count.starts_with('+') {
            number.saturating_sub(1)
        } else {
            lines.len().saturating_sub(number)
        };
        process
            .out(lines.into_iter().skip(skip).collect::<Vec<_>>().concat())
            .await?;
    }
    if flags.contains(['f', 'F']) && !names.is_empty() {
        return follow(process, &names, read).await;
    }
    Ok(code)
}

/// What is added to files from now on.
async fn follow(process: &mut Process, names: &[String], read: Vec<(String, Vec<u8>)>) -> Result<i32, Flow> {
    let mut seen: Vec<usize> = names
        .iter()
        .map(|name| {
            read.iter()
                .find(|(known, _)| known == name)
                .map_or(0, |(_, text)| text.len())
        })
        .collect();
    loop {
        process
            .shell
            .machine
            .clock
            .sleep(std::time::Duration::from_secs(1))
            .await;
        for (name, seen) in names.iter().zip(&mut seen) {
            let text = process.shell.files.read(&process.path(name)).unwrap_or_default();
            let fresh = text.get(*seen..).unwrap_or_default().to_vec();
            *seen = text.len();
            process.out(fresh).await?;
        }
    }
}

/// `grep [-ivcnqlE]`, with the expressions of the regex crate.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn grep(process: &mut Process) -> Result<i32, Flow> {
    let (flags, mut words) = process.options();
    if words.is_empty() {
        process
            .shell
            .io
            .err
            .write("Usage: grep [OPTION]... PATTERN [FILE]...\n")
            .await?;
        return Ok(2);
    }
    let pattern = words.remove(0);
    let pattern = if flags.contains('F') {
        regex::escape(&pattern)
    } else {
        pattern
    };
    let built = regex::RegexBuilder::new(&pattern)
        .case_insensitive(flags.contains('i'))
        .build();
    let Ok(pattern) = built else {
        process.fail("bad regex").await?;
        return Ok(2);
    };
    let (read, failed) = process.inputs(&words).await?;
    let mut found = false;
    for (name, text) in &read {
        let mut count = 0;
        let mut shown = Vec::new();
        for (at, line) in lines(text).into_iter().enumerate() {
            let plain = String::from_utf8_lossy(line);
            if pattern.is_match(plain.trim_end_matches('\n')) == flags.contains('v') {
                continue;
            }
            count += 1;
            if read.len() > 1 {
                shown.extend_from_slice(format!("{name}:").as_bytes());
            }
            if flags.contains('n') {
                shown.extend_from_slice(format!("{}:", at + 1).as_bytes());
            }
            shown.extend_from_slice(plain.trim_end_matches('\n').as_bytes());
            shown.push(b'\n');
        }
        found |= count > 0;
        match () {
            () if flags.contains('q') => {}
            () if flags.contains('c') => process.out(format!("{count}\n")).await?,
            () if flags.contains('l') && count > 0 => process.out(format!("{name}\n")).await?,
            () if flags.contains('l') => {}
            () => process.out(shown).await?,
        }
    }
    Ok(if failed != 0 { 2 } else { i32::from(!found) })
}

/// `wc [-lwc]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn count(process: &mut Process) -> Result<i32, Flow> {
    let (flags, names) = process.options();
    let (read, code) = process.inputs(&names).await?;
    let all = !flags.contains(['l', 'w', 'c']);
    for (name, text) in &read {
        let counts = [
            ('l', text.iter().filter(|byte| **byte == b'\n').count()),
            ('w', String::from_utf8_lossy(text).split_whitespace().count()),
            ('c', text.len()),
        ];
        let wanted: Vec<String> = counts
            .iter()
            .filter(|(letter, _)| all || flags.contains(*letter))
            .map(|(_, count)| if all { format!("{count:>9}") } else { count.to_string() })
            .collect();
        let name = if name.is_empty() {
            String::new()
        } else {
            format!(" {name}")
        };
        process.out(format!("{}{name}\n", wanted.join(" "))).await?;
    }
    Ok(code)
}

/// `sort [-rnu]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn sort(process: &mut Process) -> Result<i32, Flow> {
    let (flags, names) = process.options();
    let (read, code) = process.inputs(&names).await?;
    let text: String = read
        .iter()
        .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
        .collect();
    let mut lines: Vec<&str> = text.lines().collect();
    let number = |line: &str| {
        line.split_whitespace()
            .next()
            .and_then(|word| word.parse::<i64>().ok())
            .unwrap_or_default()
    };
    if flags.contains('n') {
        lines.sort_by_key(|line| number(line));
    } else {
        lines.sort_unstable();
    }
    if flags.contains('u') {
        lines.dedup();
    }
    if flags.contains('r') {
        lines.reverse();
    }
    process
        .out(lines.iter().map(|line| format!("{line}\n")).collect::<String>())
        .await?;
    Ok(code)
}

/// `cut -d X -f N`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn cut(process: &mut Process) -> Result<i32, Flow> {
    let (mut delimiter, mut field, mut names) = ("\t".to_owned(), 1, Vec::new());
    let mut args = process.args.iter();
    while let Some(arg) = args.next() {
        let value = |args: &mut std::slice::Iter<'_, String>| match arg.get(2..) {
            Some("") | None => args.next().cloned().unwrap_or_default(),
            Some(rest) => rest.to_owned(),
        };
        match arg.get(..2) {
            Some("-d") => delimiter = value(&mut args),
            Some("-f") => field = value(&mut args).parse::<usize>().unwrap_or(1).max(1),
            _ => names.push(arg.clone()),
        }
    }
    let (read, code) = process.inputs(&names).await?;
    for (_, text) in &read {
        let text = String::from_utf8_lossy(text);
        let part = |line: &str| {
            let cell = if line.contains(&delimiter) {
                line.split(&delimiter).nth(field - 1).unwrap_or_default()
            } else {
                line
            };
            format!("{cell}\n")
        };
        process.out(text.lines().map(part).collect::<String>()).await?;
    }
    Ok(code)
}
