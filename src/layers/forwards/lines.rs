//! What the list of forwards looks like.

use super::Row;
use crate::core::forward::{Forward, Kept, State};
use crate::core::layer::LayerCx;
use crate::core::store::text_width;
use crate::core::text::{Line, Span, Tone, clean};
use crate::core::wrap;
use crate::model::age;

/// How many lines are kept for what is chosen.
pub const DETAIL: usize = 5;

/// The widest that names are shown.
const WIDEST: u16 = 44;

/// The shortest that names are cut to.
const SHORTEST: u16 = 12;

type Cells = [(String, Tone); 8];

/// The head and the rows, columns below each other.
pub fn table(rows: &[Row], cx: &LayerCx) -> Vec<Line> {
    let heads = ["local", "target", "pod", "received", "sent", "connections", "age"];
    let mut head: Vec<(String, Tone)> = vec![(" ".to_string(), Tone::Muted)];
    head.extend(heads.map(|name| (cx.lang.t(&format!("forwards.{name}")), Tone::Label)));
    let mut table = vec![head];
    table.extend(rows.iter().map(|row| match row {
        Row::Started(forward) => Vec::from(started(forward, cx)),
        Row::Kept(kept) => Vec::from(self::kept(kept, cx)),
    }));
    let width = |column: usize| {
        let cells = table.iter().filter_map(|row| row.get(column));
        cells.map(|(text, _)| text_width(text)).max().unwrap_or(0).min(WIDEST)
    };
    let mut widths: Vec<u16> = (0..8).map(width).collect();
    fit(&mut widths, cx.space.width);
    table.iter().map(|row| line(row, &widths)).collect()
}

/// Where there is no room for all, names are cut, the pod's first: numbers are told whole.
fn fit(widths: &mut [u16], room: u16) {
    let whole: u16 = widths.iter().map(|width| width + 2).sum();
    // The mark has one space behind it only.
    let mut over = whole.saturating_sub(room + 1);
    for column in [3, 2] {
        if let Some(width) = widths.get_mut(column) {
            let cut = over.min(width.saturating_sub(SHORTEST));
            *width -= cut;
            over -= cut;
        }
    }
}

fn line(row: &[(String, Tone)], widths: &[u16]) -> Line {
    let span = |(at, (text, tone)): (usize, &(String, Tone))| {
        let width = widths.get(at).copied().unwrap_or(0);
        let text = cut(text, width);
        let gap = " ".repeat(usize::from(width.saturating_sub(text_width(&text))));
        // Numbers stand at the right of their columns.
        let text = if at >= 4 {
            format!("{gap}{text}  ")
        } else {
            format!("{text}{gap}  ")
        };
        Span::new(
            if at == 0 {
                text.trim_end().to_string() + " "
            } else {
                text
            },
            *tone,
        )
    };
    Line::of(row.iter().enumerate().map(span))
}

/// A text that is no wider.
fn cut(text: &str, width: u16) -> String {
    if text_width(text) <= width {
        return text.to_string();
    }
    let mut cut = String::new();
    for ch in text.chars() {
        if text_width(&cut) + 2 > width {
            break;
        }
        cut.push(ch);
    }
    cut + "…"
}

fn started(forward: &Forward, cx: &LayerCx) -> Cells {
    let (mark, tone) = match &forward.state {
        State::Starting => ("◌", Tone::Busy),
        State::Live if forward.refused.is_some() => ("!", Tone::Warn),
        State::Live => ("●", Tone::Good),
        State::Lost(_) => ("◌", Tone::Warn),
        State::Failed(_) => ("✗", Tone::Error),
    };
    let pod = match (&forward.state, &forward.pod) {
        (State::Live, Some((pod, port))) => format!("{pod}:{port}"),
        (State::Starting, _) => cx.lang.t("forwards.starting"),
        (State::Lost(_), _) => cx.lang.t("forwards.lost"),
        (State::Failed(_), _) => cx.lang.t("forwards.failed"),
        (State::Live, None) => String::new(),
    };
    let traffic = forward.traffic;
    [
        (mark.to_string(), tone),
        (clean(&forward.local()).into_owned(), Tone::Accent),
        (clean(&forward.spec.target()).into_owned(), Tone::Plain),
        (clean(&pod).into_owned(), tone),
        (bytes(traffic.received), Tone::Plain),
        (bytes(traffic.sent), Tone::Plain),
        (format!("{}/{}", traffic.open, traffic.total), Tone::Plain),
        (age::human(cx.clock.now.duration_since(forward.since)), Tone::Muted),
    ]
}

fn kept(kept: &Kept, cx: &LayerCx) -> Cells {
    let none = || (String::new(), Tone::Muted);
    [
        ("○".to_string(), Tone::Muted),
        (clean(&kept.ports.join(" ")).into_owned(), Tone::Muted),
        (clean(&kept.target).into_owned(), Tone::Muted),
        (cx.lang.f("forwards.kept", &[("name", &clean(&kept.name))]), Tone::Muted),
        none(),
        none(),
        none(),
        none(),
    ]
}

/// What is chosen, below the rows: why it does not work, and the command that does the same.
pub fn detail(row: &Row, cx: &LayerCx) -> Vec<Line> {
    let Row::Started(forward) = row else { return Vec::new() };
    let trouble = match &forward.state {
        State::Failed(why) => Some((why, "✗ ", Tone::Error)),
        State::Lost(Some(why)) => Some((why, "! ", Tone::Warn)),
        _ => forward.refused.as_ref().map(|why| (why, "! ", Tone::Warn)),
    };
    let mut lines = vec![Line::default()];
    let mut push = |mark: &str, text: &str, tone: Tone, most: usize| {
        let words = wrap::words(&clean(text), cx.space.width.saturating_sub(2).max(10));
        for (at, words) in words.into_iter().take(most).enumerate() {
            let mark = if at == 0 { mark } else { "  " };
            lines.push(Line::of([Span::new(format!("{mark}{words}"), tone)]));
        }
    };
    if let Some((why, mark, tone)) = trouble {
        push(mark, &cx.lang.trouble(why), tone, 2);
    }
    push("$ ", &forward.spec.kubectl(), Tone::Label, 2);
    lines
}

/// Bytes as a person reads them: `999 B`, `1.2 MiB`.
fn bytes(count: u64) -> String {
    let mut value = count as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1000.0 {
            let digits = usize::from(unit != "B" && value < 10.0);
            return format!("{value:.digits$} {unit}");
        }
        value /= 1024.0;
    }
    format!("{value:.1} TiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_short() {
        for (count, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 KiB"),
            (104_857_600, "100 MiB"),
            (5 << 40, "5.0 TiB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }
}
