//! Rewrites kubeconfig files, as `ModifyConfig` in client-go's clientcmd does: the file that holds a context is the one
//! that is changed. Unlike kubectl, it keeps what it does not know, and comments too where it can.

mod edit;
mod text;
mod write;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::core::kubeconfig::KubeconfigEdit;
use crate::core::outcome::Outcome;
use crate::core::trouble::{Trouble, TroubleKind};

/// A kubeconfig file as it was read.
struct File {
    path: PathBuf,
    text: String,
    value: Value,
}

/// Changes the kubeconfig that lies in these files, the most important first. Answers the path of the file that holds the
/// context, and whether the context that kubectl uses by itself is no more.
pub fn apply(paths: &[PathBuf], change: &KubeconfigEdit) -> Outcome {
    match change_files(paths, change) {
        Ok((path, lost)) => {
            let path = path.display().to_string();
            Outcome::Object(Box::new(json!({"path": path, "lostCurrent": lost})))
        }
        Err(trouble) => Outcome::Failed(trouble),
    }
}

fn change_files(paths: &[PathBuf], change: &KubeconfigEdit) -> Result<(PathBuf, bool), Trouble> {
    // kubectl takes the same locks, so that nobody writes between reading and writing.
    let mut locks = Vec::new();
    for path in paths.iter().filter(|path| path.exists()) {
        locks.push(write::Lock::take(path).map_err(|error| failed(path, &error))?);
    }
    let mut files = Vec::new();
    for path in paths {
        files.extend(read(path)?);
    }
    let name = change.context();
    let holder = files.iter().position(|file| edit::has_context(&file.value, name));
    let Some(holder) = holder else {
        return Err(Trouble::new(TroubleKind::Kubeconfig, "kubeconfig.unknown").with("name", name));
    };
    if let KubeconfigEdit::Rename { to, .. } = change
        && files.iter().any(|file| edit::has_context(&file.value, to))
    {
        return Err(Trouble::new(TroubleKind::Kubeconfig, "kubeconfig.taken").with("name", to));
    }
    let current = files.iter().position(|file| edit::current(&file.value).is_some());
    let is_current = current.and_then(|at| edit::current(&files.get(at)?.value)) == Some(name);
    for (at, file) in files.iter().enumerate() {
        let mut value = file.value.clone();
        if at == holder {
            edit::context(&mut value, change);
        }
        if let KubeconfigEdit::Rename { to, .. } = change
            && current == Some(at)
            && is_current
        {
            edit::set_current(&mut value, to);
        }
        if value != file.value {
            let text = text::rewrite(&file.text, &value, change);
            write::replace(&file.path, text.as_bytes()).map_err(|error| failed(&file.path, &error))?;
        }
    }
    let lost = is_current && matches!(change, KubeconfigEdit::Delete { .. });
    let path = files.get(holder).map(|file| file.path.clone()).unwrap_or_default();
    Ok((path, lost))
}

fn read(path: &Path) -> Result<Option<File>, Trouble> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, &error)),
    };
    let broken = || {
        let trouble = Trouble::new(TroubleKind::Kubeconfig, "kubeconfig.unwritable");
        trouble.with("path", path.display().to_string())
    };
    let value = text::parse(&text).ok_or_else(broken)?;
    Ok(Some(File {
        path: path.to_owned(),
        text,
        value,
    }))
}

fn failed(path: &Path, error: &std::io::Error) -> Trouble {
    let trouble = Trouble::new(TroubleKind::Kubeconfig, "kubeconfig.unwritable");
    trouble
        .with("path", path.display().to_string())
        .saying(error.to_string())
}

#[cfg(test)]
mod tests;
