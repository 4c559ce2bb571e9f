//! The few commands that exercises are made of, and what they do in the course of time.

use super::image::Course;

/// What every small Linux image has.
const BINARIES: &[&str] = &[
    "[",
    "ash",
    "awk",
    "base64",
    "basename",
    "bash",
    "cat",
    "chmod",
    "chown",
    "cp",
    "cut",
    "date",
    "dd",
    "df",
    "dirname",
    "du",
    "echo",
    "env",
    "expr",
    "false",
    "find",
    "free",
    "grep",
    "gunzip",
    "gzip",
    "head",
    "hostname",
    "httpd",
    "id",
    "kill",
    "ln",
    "ls",
    "md5sum",
    "mkdir",
    "mv",
    "nc",
    "nginx",
    "nslookup",
    "ping",
    "printenv",
    "printf",
    "ps",
    "pwd",
    "rm",
    "sed",
    "seq",
    "sh",
    "sha256sum",
    "sleep",
    "sort",
    "stat",
    "sync",
    "tail",
    "tar",
    "tee",
    "test",
    "time",
    "timeout",
    "top",
    "touch",
    "tr",
    "true",
    "uname",
    "uniq",
    "uptime",
    "vi",
    "wc",
    "wget",
    "which",
    "whoami",
    "xargs",
    "yes",
];

/// Whether a command is there.
#[must_use]
pub fn exists(command: &str) -> bool {
    let name = command.rsplit('/').next().unwrap_or(command);
    let folder = command.strip_suffix(name).unwrap_or_default();
    BINARIES.contains(&name) && (folder != "/")
}

fn is_shell(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sh" | "bash" | "ash"))
}

/// The single commands of a command line.
fn commands(words: &[String]) -> Vec<String> {
    let text = match words.first() {
        Some(first) if is_shell(first) => words.last().cloned().unwrap_or_default(),
        _ => return vec![words.join(" ")],
    };
    let parts = text.split([';', '\n']).flat_map(|part| part.split("&&")).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// How many bytes a command line tries to take, and after how many seconds.
#[must_use]
pub fn appetite(words: &[String]) -> Option<(i64, f64)> {
    if let Some(at) = words.iter().position(|word| word == "--vm-bytes") {
        let wanted = super::quotas::quantity(words.get(at + 1)?.trim_end_matches('B'));
        return Some((2, wanted));
    }
    let mut seconds = 0;
    for command in commands(words) {
        if command.contains("/dev/zero") && (command.starts_with("tail") || command.contains("| tail")) {
            return Some((seconds, f64::INFINITY));
        }
        seconds += slept(&command).unwrap_or_default();
    }
    None
}

fn slept(command: &str) -> Option<i64> {
    let time = command.strip_prefix("sleep ")?.trim();
    let (number, unit) = match time.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, time.chars().last()),
        None => (time, None),
    };
    let factor = match unit {
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86_400,
        _ => 1,
    };
    number
        .parse::<f64>()
        .ok()
        .map(|number| (number * f64::from(factor)).ceil() as i64)
}

/// The course of a command line.
#[must_use]
pub fn script(words: &[String]) -> Course {
    let shell = words.first().is_some_and(|word| is_shell(word));
    let text = if shell {
        words.last().cloned().unwrap_or_default()
    } else {
        words.join(" ")
    };
    if ["while true", "while :", "infinity", "tail -f", "tail -F"]
        .iter()
        .any(|mark| text.contains(mark))
    {
        return Course {
            log: echoes(&text),
            ..Course::forever()
        };
    }
    let mut course = Course {
        listens: shell.then(Vec::new),
        ..Course::default()
    };
    let mut seconds = 0;
    for command in commands(words) {
        match step(&command, seconds, &mut course) {
            Step::On(more) => seconds += more,
            Step::Exit(code) => {
                return Course {
                    files: course.files,
                    ..Course::end(seconds, code, course.log)
                };
            }
            Step::Stay => return course,
        }
    }
    if !shell && seconds == 0 && !words.first().is_some_and(|first| ends(first)) {
        return Course {
            log: vec![format!("running {}", words.join(" "))],
            polite: true,
            ..Course::default()
        };
    }
    Course {
        files: course.files,
        ..Course::end(seconds, 0, course.log)
    }
}

/// Whether a command ends soon by itself.
fn ends(command: &str) -> bool {
    let name = command.rsplit('/').next().unwrap_or(command);
    [
        "cat", "date", "echo", "env", "ls", "perl", "printenv", "true", "touch", "rm", "mkdir", "cp", "wget",
    ]
    .contains(&name)
}

/// How a script goes on after a command.
enum Step {
    /// So many seconds later.
    On(i64),
    /// Not at all.
    Exit(i64),
    /// The command stays.
    Stay,
}

fn step(command: &str, now: i64, course: &mut Course) -> Step {
    let command = command.strip_prefix("exec ").unwrap_or(command);
    if let Some(seconds) = slept(command) {
        return Step::On(seconds);
    }
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    let files = || {
        rest.split_whitespace()
            .filter(|word| !word.starts_with('-'))
            .map(str::to_owned)
    };
    match verb.rsplit('/').next().unwrap_or(verb) {
        "exit" => return Step::Exit(rest.trim().parse().unwrap_or_default()),
        "false" => return Step::Exit(1),
        "httpd" | "nginx" | "nc" | "python3" | "python" if !rest.contains("--version") => {
            let port = port(rest).unwrap_or(80);
            course.listens.get_or_insert_with(Vec::new).push((now, port));
            return Step::Stay;
        }
        "touch" => course.files.extend(files().map(|file| (now, file, true))),
        "rm" => course.files.extend(files().map(|file| (now, file, false))),
        "date" => course.log.push("Thu Jan  1 00:00:00 UTC 1970".to_owned()),
        "echo" => match rest.split_once('>') {
            Some((_, file)) => course.files.push((now, file.trim_matches(['>', ' ']).to_owned(), true)),
            None => course.log.push(rest.trim_matches(['"', '\'']).to_owned()),
        },
        _ => {}
    }
    Step::On(0)
}

fn port(arguments: &str) -> Option<i64> {
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let after = words
        .iter()
        .position(|word| *word == "-p" || word.ends_with('p') && word.starts_with("-l"));
    let port = after.and_then(|at| words.get(at + 1)).or_else(|| words.last());
    port.and_then(|port| port.rsplit(':').next()?.parse().ok())
}

fn echoes(text: &str) -> Vec<String> {
    let parts = text
        .split([';', '\n'])
        .filter_map(|part| part.trim().rsplit_once("echo ").map(|(_, rest)| rest));
    parts.map(|rest| rest.trim_matches(['"', '\'']).to_owned()).collect()
}

/// Runs a command beside the container's own: only files matter, and `there` knows those that it touched.
///
/// # Errors
/// What a command that fails prints.
pub fn beside(words: &[&str], there: &dyn Fn(&str) -> Option<bool>) -> Result<(), String> {
    let line: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for command in commands(&line) {
        let mut parts = command.split_whitespace();
        let verb = parts.next().unwrap_or_default();
        let file = parts
            .rfind(|word| !word.starts_with('-') && *word != "]")
            .unwrap_or_default();
        // What nobody touched is believed to be there where a system has it, and nowhere else.
        let found = there(file).unwrap_or_else(|| !file.starts_with("/tmp"));
        match verb.rsplit('/').next().unwrap_or(verb) {
            "cat" if !found => return Err(format!("cat: can't open '{file}': No such file or directory\n")),
            "ls" if !found => return Err(format!("ls: {file}: No such file or directory\n")),
            "test" | "[" if !found => return Err(String::new()),
            "false" => return Err(String::new()),
            "exit" if file != "0" && !file.is_empty() => return Err(String::new()),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &[&str]) -> Vec<String> {
        text.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn scripts_touch_and_remove_files() {
        let line = words(&[
            "/bin/sh",
            "-c",
            "touch /tmp/healthy; sleep 12; rm -f /tmp/healthy; sleep 600",
        ]);
        let course = script(&line);
        assert_eq!(course.ends, Some(612));
        assert_eq!(course.run(&["cat", "/tmp/healthy"], 5), Ok(()));
        let gone = "cat: can't open '/tmp/healthy': No such file or directory\n".to_owned();
        assert_eq!(course.run(&["cat", "/tmp/healthy"], 13), Err(gone));
        assert_eq!(course.run(&["sh", "-c", "exit 1"], 0), Err(String::new()));
    }

    #[test]
    fn servers_listen_from_when_they_are_started() {
        let course = script(&words(&[
            "sh",
            "-c",
            "sleep 1; echo starting; httpd -f -v -p 8000 -h /tmp",
        ]));
        assert_eq!((course.listens.clone(), course.ends), (Some(vec![(1, 8000)]), None));
        assert!(!course.listens_on(8000, 0) && course.listens_on(8000, 1) && !course.listens_on(80, 9));
    }

    #[test]
    fn sleeping_is_measured() {
        for (text, seconds) in [
            ("sleep 5", Some(5)),
            ("sleep 2m", Some(120)),
            ("sleep 0.5", Some(1)),
            ("echo", None),
        ] {
            assert_eq!(slept(text), seconds, "{text}");
        }
    }
}
