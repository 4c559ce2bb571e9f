//! Programs that change files: cat, chmod, cp, ln, mkdir, mv, rm, touch.

use super::super::run::Flow;
use super::Process;
use crate::mock::files::{Node, Trouble};

/// `cat`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn cat(process: &mut Process) -> Result<i32, Flow> {
    let (_, names) = process.options();
    if names.is_empty() || names.iter().any(|name| name == "-") {
        while let Some(bytes) = process.shell.io.input.read().await {
            process.out(bytes).await?;
        }
        return Ok(0);
    }
    let mut code = 0;
    for name in names {
        let (read, ended) = process.inputs(&[name]).await?;
        code |= ended;
        for (_, bytes) in read {
            process.out(bytes).await?;
        }
    }
    Ok(code)
}

/// `mkdir [-p]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn mkdir(process: &mut Process) -> Result<i32, Flow> {
    let (flags, names) = process.options();
    let verb = if process.gnu() { "cannot" } else { "can't" };
    let mut code = 0;
    for name in names {
        let now = process.shell.machine.clock.now();
        let made = process
            .shell
            .files
            .make_folder(&process.path(&name), flags.contains('p'), now);
        if let Err(trouble) = made {
            let quoted = if process.gnu() { "\u{2018}" } else { "'" };
            let closed = if process.gnu() { "\u{2019}" } else { "'" };
            code = process
                .fail(&format!("{verb} create directory {quoted}{name}{closed}: {trouble}"))
                .await?;
        }
    }
    Ok(code)
}

/// `rm [-rf]` and `rmdir`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn remove(process: &mut Process) -> Result<i32, Flow> {
    let (flags, names) = process.options();
    let (deep, force) = (flags.contains(['r', 'R']), flags.contains('f'));
    let folders = process.name == "rmdir";
    let mut code = 0;
    for name in names {
        let path = process.path(&name);
        let folder = process
            .shell
            .files
            .stat(&path, false)
            .is_ok_and(|entry| entry.kind == 'd');
        let removed = match (folder, folders) {
            (true, false) if !deep => Err(Trouble::Folder),
            (false, true) => Err(process
                .shell
                .files
                .stat(&path, false)
                .map_or_else(|trouble| trouble, |_| Trouble::NotFolder)),
            _ => process.shell.files.remove(&path, deep),
        };
        match removed {
            Ok(()) => {}
            Err(Trouble::Missing) if force => {}
            Err(trouble) => {
                let told = match (process.gnu(), trouble) {
                    (true, _) if folders => format!("failed to remove '{name}': {trouble}"),
                    (true, _) => format!("cannot remove '{name}': {trouble}"),
                    (false, Trouble::Folder) => format!("'{name}' is a directory"),
                    (false, _) if folders => format!("'{name}': {trouble}"),
                    (false, _) => format!("can't remove '{name}': {trouble}"),
                };
                code = process.fail(&told).await?;
            }
        }
    }
    Ok(code)
}

/// `touch`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn touch(process: &mut Process) -> Result<i32, Flow> {
    let (_, names) = process.options();
    let mut code = 0;
    for name in names {
        let path = process.path(&name);
        if process.shell.files.is_folder(&path) {
            continue;
        }
        let now = process.shell.machine.clock.now();
        if let Err(trouble) = process.shell.files.write(&path, &[], true, now) {
            let told = if process.gnu() {
                format!("cannot touch '{name}': {trouble}")
            } else {
                format!("{name}: {trouble}")
            };
            code = process.fail(&told).await?;
        }
    }
    Ok(code)
}

/// `chmod`: numbers, and `+x` and the like.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn chmod(process: &mut Process) -> Result<i32, Flow> {
    let words: Vec<String> = process.args.iter().filter(|arg| *arg != "-R").cloned().collect();
    let Some((mode, names)) = words.split_first() else {
        return Ok(1);
    };
    let change = |old: u32| -> u32 {
        if let Ok(whole) = u32::from_str_radix(mode, 8) {
            return whole & 0o7777;
        }
        let bits = mode.chars().fold(0, |bits, letter| {
            bits | match letter {
                'r' => 0o444,
                'w' => 0o200,
                'x' => 0o111,
                _ => 0,
            }
        });
        if mode.contains('-') { old & !bits } else { old | bits }
    };
    let mut code = 0;
    for name in names {
        if let Err(trouble) = process.shell.files.set_mode(&process.path(name), change) {
            let told = if process.gnu() {
                format!("cannot access '{name}': {trouble}")
            } else {
                format!("{name}: {trouble}")
            };
            code = process.fail(&told).await?;
        }
    }
    Ok(code)
}

/// `ln -s`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn link(process: &mut Process) -> Result<i32, Flow> {
    let (_, names) = process.options();
    let [to, name] = names.as_slice() else {
        return process.fail("missing file operand").await;
    };
    let node = Node::Link {
        to: to.clone(),
        at: process.shell.machine.clock.now(),
    };
    match process.shell.files.put(&process.path(name), node) {
        Ok(()) => Ok(0),
        Err(trouble) => process.fail(&format!("{name}: {trouble}")).await,
    }
}

/// `readlink [-f]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn readlink(process: &mut Process) -> Result<i32, Flow> {
    let (flags, names) = process.options();
    for name in &names {
        let path = process.path(name);
        let found = if flags.contains('f') {
            process.shell.files.real(&path).ok()
        } else {
            process.shell.files.stat(&path, false).ok().and_then(|entry| entry.to)
        };
        let Some(found) = found else { return Ok(1) };
        process.out(format!("{found}\n")).await?;
    }
    Ok(0)
}

/// `cp [-r]`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn copy(process: &mut Process) -> Result<i32, Flow> {
    let (flags, names) = process.options();
    let Some((to, from)) = names.split_last() else {
        return process.fail("missing file operand").await;
    };
    let mut code = 0;
    for name in from {
        if let Err((at, trouble)) = transfer(process, name, to, flags.contains(['r', 'R', 'a'])) {
            let told = match (process.gnu(), trouble) {
                (true, Trouble::Folder) => format!("-r not specified; omitting directory '{at}'"),
                (false, Trouble::Folder) => format!("omitting directory '{at}'"),
                (true, _) => format!("cannot stat '{at}': {trouble}"),
                (false, _) => format!("can't stat '{at}': {trouble}"),
            };
            code = process.fail(&told).await?;
        }
    }
    Ok(code)
}

/// `mv`.
///
/// # Errors
/// [`Flow::Ended`].
pub async fn rename(process: &mut Process) -> Result<i32, Flow> {
    let (_, names) = process.options();
    let Some((to, from)) = names.split_last() else {
        return process.fail("missing file operand").await;
    };
    let mut code = 0;
    for name in from {
        let moved = transfer(process, name, to, true).and_then(|()| {
            let removed = process.shell.files.remove(&process.path(name), true);
            removed.map_err(|trouble| (name.clone(), trouble))
        });
        if let Err((at, trouble)) = moved {
            let told = if process.gnu() {
                format!("cannot stat '{at}': {trouble}")
            } else {
                format!("can't rename '{at}': {trouble}")
            };
            code = process.fail(&told).await?;
        }
    }
    Ok(code)
}

fn transfer(process: &Process, from: &str, to: &str, deep: bool) -> Result<(), (String, Trouble)> {
    let files = &process.shell.files;
    let (source, mut target) = (process.path(from), process.path(to));
    if files.is_folder(&target) {
        let name = source.rsplit('/').next().unwrap_or_default();
        target = format!("{}/{name}", target.trim_end_matches('/'));
    }
    let failed = |trouble| (from.to_owned(), trouble);
    if !deep && files.is_folder(&source) {
        return Err(failed(Trouble::Folder));
    }
    tree(process, &source, &target).map_err(failed)
}

fn tree(process: &Process, from: &str, to: &str) -> Result<(), Trouble> {
    let files = &process.shell.files;
    let now = process.shell.machine.clock.now();
    if !files.is_folder(from) {
        let mode = files.stat(from, true)?.mode;
        return files.put(to, Node::file(files.read(from)?, mode, now));
    }
    files.make_folder(to, true, now)?;
    for name in files.list(from)? {
        tree(process, &format!("{from}/{name}"), &format!("{to}/{name}"))?;
    }
    Ok(())
}
