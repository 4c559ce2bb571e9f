//! What a view of logs shows around its lines.

use super::super::logs::Logs;
use super::source::State;
use super::switches::{Fold, Run};
use crate::core::layer::{LayerCx, Sheet};
use crate::core::text::{Line, Span, Tone};
use crate::core::wrap;

/// The gap between two facts.
const GAP: &str = "  ";

impl Logs {
    pub(super) fn title(&self, cx: &LayerCx) -> Line {
        let mut spans = vec![Span::new(format!("{} ", cx.lang.t("logs.title")), Tone::Title)];
        for (at, finder) in self.finders.iter().take(3).enumerate() {
            let gap = if at == 0 { "" } else { ", " };
            spans.push(Span::new(format!("{gap}{}", finder.of.name()), Tone::Accent));
        }
        if let Some(more) = self.finders.len().checked_sub(3).filter(|more| *more > 0) {
            spans.push(Span::new(format!(" +{more}"), Tone::Accent));
        }
        let run = match self.switches.run {
            Run::Present => None,
            Run::Previous => Some("logs.previous"),
            Run::Both => Some("logs.both"),
        };
        spans.extend(run.map(|run| Span::new(format!("{GAP}{}", cx.lang.t(run)), Tone::Warn)));
        if let [finder] = self.finders.as_slice() {
            let mut command = finder.of.kubectl();
            command.extend(self.switches.flags());
            spans.push(Span::new(format!("{GAP}{}", command.join(" ")), Tone::Muted));
        }
        Line::of(spans)
    }

    /// What is to be known of what is seen; the most important first, because it is cut at its end.
    pub(super) fn info(&self, cx: &LayerCx) -> Line {
        let mut facts = vec![self.where_it_is(cx)];
        self.look_facts(cx, &mut facts);
        self.count_facts(cx, &mut facts);
        let gap = |(at, span): (usize, Span)| [Span::plain(if at == 0 { "" } else { GAP }), span];
        Line::of(facts.into_iter().enumerate().flat_map(gap))
    }

    fn where_it_is(&self, cx: &LayerCx) -> Span {
        if self.window.is_following() {
            return Span::new(format!("● {}", cx.lang.t("logs.following")), Tone::Good);
        }
        match self.window.below(&self.journal, &self.pen(cx), self.height(cx)) {
            0 => Span::new(cx.lang.t("logs.paused"), Tone::Busy),
            below => {
                let count = grouped(below);
                Span::new(format!("↓ {}", cx.lang.f("logs.new", &[("count", &count)])), Tone::Busy)
            }
        }
    }

    /// What broke, what is searched, how lines are told.
    fn look_facts(&self, cx: &LayerCx, facts: &mut Vec<Span>) {
        let lang = cx.lang;
        let broken = self.sources.all.iter().filter_map(|source| match &source.state {
            State::Broken(why) => Some(lang.what(why)),
            _ => None,
        });
        let broken: Vec<String> = broken.collect();
        if let Some(why) = broken.first() {
            let count = broken.len().to_string();
            let text = lang.f("logs.broken", &[("count", &count), ("why", why)]);
            facts.push(Span::new(text, Tone::Warn));
        }
        let waits = self.waits(cx);
        let mut stuck = waits.iter().filter(|waits| waits.is_stuck());
        // Where nothing else is shown, the page says it.
        if let Some(waits) = stuck.next().filter(|_| !self.sources.all.is_empty()) {
            let more = stuck.count();
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            // The pod is in the title, or one of many like it.
            let name = waits.name.rsplit('/').next().unwrap_or_default();
            facts.push(Span::new(format!("✗ {name} {}{more}", waits.reason), Tone::Warn));
        }
        if self.journal.search().is_some() {
            let count = grouped(self.journal.hit_count());
            let spot = self.window.now.and_then(|key| self.journal.seek(key));
            let at = spot.map_or(0, |spot| self.journal.hit_rank(spot) + 1);
            let text = lang.f("logs.hits", &[("at", &grouped(at)), ("count", &count)]);
            facts.push(Span::new(text, Tone::Accent));
        }
        if self.journal.is_behind() {
            facts.push(Span::new(lang.t("logs.searching"), Tone::Busy));
        }
        match self.switches.fold {
            Fold::Raw => {}
            Fold::Folded => facts.push(Span::new(lang.t("logs.folded"), Tone::Muted)),
            Fold::Unfolded => facts.push(Span::new(lang.t("logs.unfolded"), Tone::Muted)),
        }
    }

    /// How much there is, and how much of it is shown.
    fn count_facts(&self, cx: &LayerCx, facts: &mut Vec<Span>) {
        let lang = cx.lang;
        let mut say = |text: String, tone: Tone| facts.push(Span::new(text, tone));
        let (count, total) = (grouped(self.journal.shown_count()), grouped(self.journal.len()));
        let filter = self.journal.filter();
        if filter.is_empty() {
            say(lang.f("logs.lines", &[("count", &total)]), Tone::Muted);
        } else {
            say(format!("& {}", filter.text()), Tone::Accent);
            if filter.context > 0 {
                let around = filter.context.to_string();
                say(lang.f("logs.context", &[("count", &around)]), Tone::Muted);
            }
            say(
                lang.f("logs.shown", &[("count", &count), ("total", &total)]),
                Tone::Muted,
            );
        }
        if self.journal.dropped() > 0 {
            let count = grouped(usize::try_from(self.journal.dropped()).unwrap_or(usize::MAX));
            say(lang.f("logs.dropped", &[("count", &count)]), Tone::Warn);
        }
        if self.sources.all.len() > 1 {
            let count = self.sources.all.len().to_string();
            say(lang.f("logs.pods", &[("count", &count)]), Tone::Muted);
        }
    }

    pub(super) fn page_of(&self, cx: &LayerCx) -> Sheet {
        let height = self.height(cx);
        let mut lines = self.window.lines(&self.journal, &self.pen(cx), height);
        if lines.is_empty() {
            let nothing = self.nothing(cx);
            let words = wrap::words(&nothing.text, cx.space.width);
            lines = words
                .into_iter()
                .map(|text| Line::of([Span::new(text, nothing.tone)]))
                .collect();
        }
        let mut cursor = None;
        if let Some(ask) = &self.asked {
            lines.resize(height, Line::default());
            let (line, column) = ask.line(cx);
            lines.push(line);
            cursor = u16::try_from(height).ok().map(|line| (column, line));
        }
        Sheet {
            title: self.title(cx),
            info: self.info(cx),
            lines,
            cursor,
            ..Sheet::default()
        }
    }

    /// Why there is nothing to see.
    fn nothing(&self, cx: &LayerCx) -> Span {
        self.hindrance(cx)
            .unwrap_or_else(|| Span::new(cx.lang.t("logs.none"), Tone::Muted))
    }

    /// What has not begun yet, where no container has anything to read.
    fn not_begun(&self, cx: &LayerCx) -> Span {
        if !self.has_pods(cx) {
            return Span::new(cx.lang.t("logs.no_pods"), Tone::Muted);
        }
        let waits = self.waits(cx);
        let stuck = waits.iter().find(|waits| waits.is_stuck());
        match (stuck, waits.first()) {
            (Some(waits), _) => {
                let args = [
                    ("name", &*waits.name),
                    ("reason", &*waits.reason),
                    ("message", &*waits.message),
                ];
                Span::new(
                    format!("✗ {}", cx.lang.f("logs.not_started", &args).trim_end()),
                    Tone::Error,
                )
            }
            (None, Some(waits)) => {
                let text = cx.lang.f("logs.starting", &[("name", &waits.name)]);
                Span::new(format!("… {text}"), Tone::Busy)
            }
            (None, None) => Span::new(cx.lang.t("logs.no_previous"), Tone::Muted),
        }
    }

    fn hindrance(&self, cx: &LayerCx) -> Option<Span> {
        let trouble = self.finders.iter().find_map(|finder| finder.trouble(cx));
        let ready = self.finders.iter().all(|finder| finder.is_ready(cx.store));
        let filter = self.journal.filter();
        let refused = self.refused.first().filter(|_| self.journal.is_empty());
        Some(match (trouble, refused) {
            (Some(trouble), _) => Span::new(format!("✗ {trouble}"), Tone::Error),
            (None, Some(why)) => Span::new(format!("✗ {why}"), Tone::Error),
            _ if !filter.is_empty() && !self.journal.is_empty() => Span::new(
                cx.lang.f("logs.nothing_taken", &[("filter", filter.text())]),
                Tone::Muted,
            ),
            _ if !ready => Span::new(format!("… {}", cx.lang.t("title.loading")), Tone::Busy),
            _ if self.sources.all.is_empty() => self.not_begun(cx),
            _ => return None,
        })
    }
}

/// A number with a comma after every third digit from the right.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
