//! Programs that tell of the container: env, ps, id, hostname, date, and the smallest ones.

use std::time::Duration;

use super::super::run::Flow;
use super::Process;

/// Runs one of them; none if the name is another's.
pub async fn run(process: &mut Process, name: &str) -> Option<Result<i32, Flow>> {
    let text = match name {
        "true" | "kill" => return Some(Ok(0)),
        "false" => return Some(Ok(1)),
        "sleep" => return Some(sleep(process).await),
        "stty" => return Some(stty(process).await),
        "printf" => return Some(process.out(printf(&process.args)).await.map(|()| 0)),
        "echo" => echo(&process.args),
        "pwd" => format!("{}\n", process.shell.cwd),
        "env" | "printenv" => return Some(env(process).await),
        "ps" => ps(process),
        "id" => match process.args.first().map(String::as_str) {
            Some("-u" | "-g") => "0\n".to_owned(),
            _ => "uid=0(root) gid=0(root) groups=0(root)\n".to_owned(),
        },
        "whoami" => "root\n".to_owned(),
        "hostname" => hostname(process),
        "date" => date(process),
        "uname" => uname(process),
        "arch" => "x86_64\n".to_owned(),
        "nproc" => "2\n".to_owned(),
        "clear" => "\x1b[H\x1b[J".to_owned(),
        _ => return None,
    };
    Some(process.out(text).await.map(|()| 0))
}

fn echo(args: &[String]) -> String {
    let mut rest = args;
    let (mut end, mut escapes) = ("\n", false);
    while let Some((flag, behind)) = rest.split_first() {
        let letters = flag.strip_prefix('-').unwrap_or_default();
        if letters.is_empty() || !letters.chars().all(|letter| matches!(letter, 'n' | 'e' | 'E')) {
            break;
        }
        if letters.contains('n') {
            end = "";
        }
        escapes |= letters.contains('e');
        rest = behind;
    }
    let text = rest.join(" ");
    format!("{}{end}", if escapes { unescape(&text) } else { text })
}

/// `\n`, `\t`, `\033` and the like.
fn unescape(text: &str) -> String {
    let mut done = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            done.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => done.push('\n'),
            Some('t') => done.push('\t'),
            Some('r') => done.push('\r'),
            Some('a') => done.push('\x07'),
            Some('b') => done.push('\x08'),
            Some('e') => done.push('\x1b'),
            Some('\\') => done.push('\\'),
            Some(base @ ('0' | 'x')) => {
                let radix = if base == 'x' { 16 } else { 8 };
                let mut number = 0;
                let mut left = if base == 'x' { 2 } else { 3 };
                while let Some(digit) = letters
                    .peek()
                    .and_then(|digit| digit.to_digit(radix))
                    .filter(|_| left > 0)
                {
                    number = number * radix + digit;
                    left -= 1;
                    letters.next();
                }
                done.extend(char::from_u32(number));
            }
            Some(other) => done.extend(['\\', other]),
            None => done.push('\\'),
        }
    }
    done
}

/// `%s %d %%` and escapes; the format is used again as long as there are arguments.
fn printf(args: &[String]) -> String {
    let Some((format, args)) = args.split_first() else {
        return String::new();
    };
    let format = unescape(format);
    let mut args = args.iter();
    let mut done = String::new();
    loop {
        let before = args.len();
        let mut letters = format.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                done.push(letter);
                continue;
            }
            let mut width = String::new();
            let verb = loop {
                match letters.next() {
                    Some(flag) if flag == '-' || flag.is_ascii_digit() => width.push(flag),
                    other => break other,
                }
            };
            let value = match verb {
                Some('%') => "%".to_owned(),
                Some('s') => args.next().cloned().unwrap_or_default(),
                Some('b') => unescape(args.next().map(String::as_str).unwrap_or_default()),
                Some('d' | 'i' | 'u') => {
                    let number = args.next().and_then(|arg| arg.parse::<i64>().ok());
                    number.unwrap_or_default().to_string()
                }
                Some(other) => format!("%{other}"),
                None => "%".to_owned(),
            };
            let wide = width
                .trim_start_matches(['-', '0'])
                .parse::<usize>()
                .unwrap_or_default()
                .min(1000);
            done.push_str(&match (width.starts_with('-'), width.starts_with('0')) {
                (true, _) => format!("{value:<wide$}"),
                (_, true) => format!("{value:0>wide$}"),
                _ => format!("{value:>wide$}"),
            });
        }
        if args.len() == 0 || args.len() == before {
            return done;
        }
    }
}

async fn env(process: &mut Process) -> Result<i32, Flow> {
    if process.name == "printenv" && !process.args.is_empty() {
        let found = process.args.first().and_then(|name| process.shell.variables.get(name));
        let Some(found) = found else { return Ok(1) };
        process.out(format!("{found}\n")).await?;
        return Ok(0);
    }
    let all: String = process
        .shell
        .variables
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    process.out(all).await?;
    Ok(0)
}

fn ps(process: &Process) -> String {
    let machine = &process.shell.machine;
    let (main, own) = (machine.main(), format!("{} {}", process.name, process.args.join(" ")));
    let own = own.trim();
    let shell = process.shell.args.first().map_or("sh", String::as_str);
    let rows = [("1", main.as_str()), ("7", shell), ("13", own)];
    if process.args.iter().any(|arg| arg.contains("aux") || arg.contains("ef")) && process.gnu() {
        let row = |(id, command): &(&str, &str)| {
            format!("root      {id:>6}  0.0  0.1   4276  3340 ?        Ss   00:00   0:00 {command}\n")
        };
        let head = "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n";
        return head.to_owned() + &rows.iter().map(row).collect::<String>();
    }
    let row = |(id, command): &(&str, &str)| format!("{id:>5} root      0:00 {command}\n");
    "PID   USER     TIME  COMMAND\n".to_owned() + &rows.iter().map(row).collect::<String>()
}

fn hostname(process: &Process) -> String {
    let machine = &process.shell.machine;
    if process.args.iter().any(|arg| arg == "-i" || arg == "-I") {
        return format!("{}\n", machine.pod["status"]["podIP"].as_str().unwrap_or_default());
    }
    format!("{}\n", machine.host())
}

fn date(process: &Process) -> String {
    let now = process.shell.machine.clock.now();
    let format = process.args.iter().find_map(|arg| arg.strip_prefix('+'));
    // What a format asks for that nobody knows must not fail the whole.
    let shown = |format: &str| {
        jiff::fmt::strtime::format(format, &now.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_else(|_| format.to_owned())
    };
    format!("{}\n", shown(format.unwrap_or("%a %b %e %H:%M:%S UTC %Y")))
}

fn uname(process: &Process) -> String {
    let host = process.shell.machine.host();
    match process.args.first().map(String::as_str) {
        Some("-a") => format!("Linux {host} 6.8.0 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n"),
        Some("-r") => "6.8.0\n".to_owned(),
        Some("-m") => "x86_64\n".to_owned(),
        Some("-n") => format!("{host}\n"),
        _ => "Linux\n".to_owned(),
    }
}

async fn sleep(process: &mut Process) -> Result<i32, Flow> {
    let text = process.args.first().map(String::as_str).unwrap_or_default();
    if matches!(text, "infinity" | "inf") {
        return std::future::pending().await;
    }
    let unit = match text.chars().last() {
        Some('m') => 60.0,
        Some('h') => 3600.0,
        Some('d') => 86400.0,
        _ => 1.0,
    };
    let number = text.trim_end_matches(['s', 'm', 'h', 'd']).parse::<f64>();
    let Some(duration) = number
        .ok()
        .and_then(|number| Duration::try_from_secs_f64(number * unit).ok())
    else {
        let why = if process.gnu() {
            format!("invalid time interval '{text}'")
        } else {
            format!("invalid number '{text}'")
        };
        return process.fail(&why).await;
    };
    process.shell.machine.clock.sleep(duration).await;
    Ok(0)
}

/// `stty size`, and switching echo and raw keys on and off.
async fn stty(process: &mut Process) -> Result<i32, Flow> {
    let Some(terminal) = process.shell.machine.terminal.clone() else {
        let why = if process.gnu() {
            "'standard input': Inappropriate ioctl for device"
        } else {
            "standard input: Not a tty"
        };
        return process.fail(why).await;
    };
    for arg in &process.args {
        match arg.as_str() {
            "raw" => terminal.set_raw(true),
            "-raw" | "cooked" | "sane" => {
                terminal.set_raw(false);
                terminal.set_echo(true);
            }
            "echo" => terminal.set_echo(true),
            "-echo" => terminal.set_echo(false),
            _ => {}
        }
    }
    let (columns, rows) = terminal.size();
    match process.args.first().map(String::as_str) {
        Some("size") => process.out(format!("{rows} {columns}\n")).await?,
        None => {
            process
                .out(format!("speed 38400 baud; rows {rows}; columns {columns};\n"))
                .await?
        }
        Some(_) => {}
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn text_is_written_as_asked() {
        assert_eq!(echo(&words(&["a", "b"])), "a b\n");
        assert_eq!(echo(&words(&["-n", "-e", "a\\tb\\x41\\0101"])), "a\tbAA");
        assert_eq!(echo(&words(&["-x"])), "-x\n");
        assert_eq!(
            printf(&words(&["%s=%03d %%\\n", "a", "7", "b", "x"])),
            "a=007 %\nb=000 %\n"
        );
        assert_eq!(printf(&words(&["[%-4s|%4s]", "a", "b"])), "[a   |   b]");
    }
}
