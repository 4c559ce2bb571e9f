//! `konn info`: which files konn reads and writes, and which theme and keymap were taken.

use std::path::{Path, PathBuf};

use super::args::Args;
use super::start::Start;
use super::{Failure, output};
use crate::runtime::client::Environment;
use crate::runtime::client::kubeconfig::Sources;

/// Prints the paths.
pub fn run(args: &Args) -> Result<(), Failure> {
    let start = Start::new(args)?;
    let lang = start.lang();
    let mut rows: Vec<(&str, String)> = vec![("version", env!("CARGO_PKG_VERSION").to_string())];
    for path in Sources::of(&args.cluster.options(), &Environment::of_process()).paths() {
        rows.push(("kubeconfig", found(path, &lang.t("cli.missing"))));
    }
    if let Some(folders) = &start.folders {
        rows.push((
            "config",
            found(&folders.config.join("config.yaml"), &lang.t("cli.missing")),
        ));
        rows.push(("themes", found(&folders.config.join("themes"), &lang.t("cli.missing"))));
        rows.push((
            "keymaps",
            found(&folders.config.join("keymaps"), &lang.t("cli.missing")),
        ));
        rows.push(("log", found(&folders.log, &lang.t("cli.missing"))));
    }
    let built_in = lang.t("cli.built_in");
    rows.push(("theme", taken(&start.theme, &built_in)));
    rows.push(("keymap", taken(&start.keymap, &built_in)));
    rows.push(("lang", format!("{:?}", start.tongue).to_lowercase()));
    let lines: String = rows
        .iter()
        .map(|(name, value)| format!("{name:<12}{value}\n"))
        .collect();
    output::write(lines.as_bytes())
}

fn found(path: &Path, missing: &str) -> String {
    if path.exists() {
        path.display().to_string()
    } else {
        format!("{} ({missing})", path.display())
    }
}

fn taken((name, own): &(String, Option<PathBuf>), built_in: &str) -> String {
    match own {
        Some(path) => format!("{name} ({})", path.display()),
        None => format!("{name} ({built_in})"),
    }
}
