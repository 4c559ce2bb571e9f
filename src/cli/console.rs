//! The console itself.

use std::io::{self, IsTerminal, stdin, stdout};
use std::sync::Arc;

use super::args::Args;
use super::start::{Start, runtime};
use super::{Failure, log, mock};
use crate::core::event::Size;
use crate::core::lang::Lang;
use crate::runtime::{console, files};
use crate::ui::ColorDepth;

/// What comes by a pipe, such as manifests for `:apply -`: read whole, for the keys come from the terminal itself.
fn piped(lang: &Lang) -> Result<Option<Arc<[u8]>>, Failure> {
    if stdin().is_terminal() {
        return Ok(None);
    }
    let unreadable =
        |error: io::Error| Failure(lang.f("cli.unreadable", &[("path", "-"), ("why", &error.to_string())]));
    files::drain(stdin().lock()).map(Some).map_err(unreadable)
}

/// Opens the console.
pub fn run(args: &Args) -> Result<(), Failure> {
    let start = Start::new(args)?;
    let lang = start.lang();
    if !stdout().is_terminal() {
        return Err(Failure(lang.t("cli.no_terminal")));
    }
    let piped = piped(&lang)?;
    log::begin(start.folders.as_ref());
    let theme = start.load_theme(ColorDepth::of(|name| std::env::var(name).ok()))?;
    let line = args.own.line.clone().unwrap_or_else(|| "pods".to_string());
    let setup = start.setup(args, Size { width: 80, height: 24 }, line, jiff::Timestamp::now())?;
    let mut opener = start.opener(args);
    opener.environment.piped = piped;
    runtime(&lang)?.block_on(async {
        let _demo = if args.own.demo {
            Some(mock::demo(&mut opener, None).await?)
        } else {
            None
        };
        console::run(setup, opener, theme, start.config.editor.clone())
            .await
            .map_err(|trouble| Failure(lang.trouble(&trouble)))
    })
}
