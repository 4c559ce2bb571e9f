//! `konn snapshot`: one frame to standard output.

use super::args::{Args, Format, SnapshotArgs};
use super::start::{Start, runtime};
use super::{Failure, mock, output};
use crate::core::key::Key;
use crate::runtime::snapshot;
use crate::ui::{self, ColorDepth};

/// Draws one frame.
pub fn run(args: &Args, snapshot: &SnapshotArgs) -> Result<(), Failure> {
    let start = Start::new(args)?;
    let lang = start.lang();
    let keys: Option<Vec<Key>> = snapshot.keys.split_whitespace().map(Key::parse).collect();
    let keys = keys.ok_or_else(|| Failure(lang.f("cli.unknown_key", &[("keys", &snapshot.keys)])))?;
    let depth = if snapshot.format == Format::Text {
        ColorDepth::None
    } else {
        ColorDepth::TrueColor
    };
    let theme = start.load_theme(depth)?;
    let now = snapshot.at.unwrap_or_else(jiff::Timestamp::now);
    let setup = start.setup(args, snapshot.size, snapshot.view.clone(), now)?;
    let mut opener = start.opener(args);
    let runtime = runtime(&lang)?;
    let frame = runtime.block_on(async {
        let _demo = if args.own.demo {
            Some(mock::demo(&mut opener, snapshot.at).await?)
        } else {
            None
        };
        let app = snapshot::take(setup, opener, keys, snapshot.at).await;
        let app = app.map_err(|refusal| match refusal {
            snapshot::Refusal::Trouble(trouble) => Failure(lang.trouble(&trouble)),
            snapshot::Refusal::Said(said) if said == lang.t("line.empty") => Failure(said),
            snapshot::Refusal::Said(said) => Failure(format!("{said} {}", lang.t("cli.unknown_view"))),
        })?;
        let frame = ui::render(&app, &theme);
        Ok::<_, Failure>(match snapshot.format {
            Format::Text => ui::export::text(&frame),
            Format::Ansi => ui::export::ansi(&frame),
            Format::Svg => ui::export::svg(&frame, &theme),
        })
    })?;
    runtime.shutdown_background();
    output::write(frame.as_bytes())
}
