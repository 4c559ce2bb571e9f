//! The console itself.

use std::io::{IsTerminal, stdin, stdout};

use super::args::Args;
use super::start::{Start, runtime};
use super::{Failure, log, mock};
use crate::core::event::Size;
use crate::runtime::console;
use crate::ui::ColorDepth;

/// Opens the console.
pub fn run(args: &Args) -> Result<(), Failure> {
    let start = Start::new(args)?;
    let lang = start.lang();
    if !stdout().is_terminal() || !stdin().is_terminal() {
        return Err(Failure(lang.t("cli.no_terminal")));
    }
    log::begin(start.folders.as_ref());
    let theme = start.load_theme(ColorDepth::of(|name| std::env::var(name).ok()))?;
    let line = args.own.line.clone().unwrap_or_else(|| "pods".to_string());
    let setup = start.setup(args, Size { width: 80, height: 24 }, line, jiff::Timestamp::now())?;
    let mut opener = start.opener(args);
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
