//! The forwards that are open, and those that the configuration keeps for this context.

mod leaving;
mod lines;

pub use leaving::leaving;

use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::forward::{Forward, Kept};
use crate::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use crate::core::notice::Notice;
use crate::core::session::Session;
use crate::core::text::{Line, Span, Tone};

/// The list of forwards.
#[derive(Default)]
struct List {
    chosen: usize,
    top: usize,
    second: i64,
}

/// The list of forwards.
pub fn open() -> Box<dyn Layer> {
    Box::new(List::default())
}

/// A line of the list.
pub(super) enum Row<'a> {
    /// A forward that was started.
    Started(&'a Forward),
    /// One of the configuration that was not.
    Kept(&'a Kept),
}

/// What the list shows, in order.
fn rows<'a>(cx: &LayerCx<'a>) -> Vec<Row<'a>> {
    let started = cx.forwards.all();
    let is_started = |kept: &Kept| {
        started
            .iter()
            .any(|forward| forward.spec.name.as_ref() == Some(&kept.name))
    };
    let kept = cx
        .kept
        .iter()
        .filter(|kept| kept.is_of(&cx.link.identity.context) && !is_started(kept));
    started.iter().map(Row::Started).chain(kept.map(Row::Kept)).collect()
}

impl List {
    /// How many rows are seen: one line is the head, and below them stands what is chosen.
    fn height(cx: &LayerCx) -> usize {
        usize::from(cx.space.height).saturating_sub(1 + lines::DETAIL).max(1)
    }

    fn walk(&mut self, to: usize, cx: &LayerCx) {
        let (count, height) = (rows(cx).len(), Self::height(cx));
        self.chosen = to.min(count.saturating_sub(1));
        self.top = self.top.min(self.chosen).max((self.chosen + 1).saturating_sub(height));
    }

    fn started<'a>(&self, cx: &LayerCx<'a>) -> Option<&'a Forward> {
        match rows(cx).into_iter().nth(self.chosen)? {
            Row::Started(forward) => Some(forward),
            Row::Kept(_) => None,
        }
    }

    /// Enter: the page in the browser; what is not open is started.
    fn accept(&self, cx: &LayerCx) -> Next {
        match rows(cx).into_iter().nth(self.chosen) {
            Some(Row::Started(forward)) if forward.is_open() => match forward.url() {
                Some(url) => Next::Effects(vec![Effect::Browse(cx.ids.task(), url)]),
                None => Next::Done,
            },
            Some(_) => self.start_again(cx),
            None => Next::Done,
        }
    }

    fn start_again(&self, cx: &LayerCx) -> Next {
        match rows(cx).into_iter().nth(self.chosen) {
            Some(Row::Started(forward)) => {
                let again = Effect::Open(cx.ids.session(), Session::Forward(Box::new(forward.spec.clone())));
                Next::Effects(vec![Effect::Close(forward.id), again])
            }
            Some(Row::Kept(kept)) => Next::Line(format!("pf {}", kept.name)),
            None => Next::Done,
        }
    }

    fn command(&mut self, command: Command, cx: &LayerCx) -> Next {
        let page = Self::height(cx);
        match command {
            Command::Up => self.walk(self.chosen.saturating_sub(1), cx),
            Command::Down => self.walk(self.chosen + 1, cx),
            Command::PageUp => self.walk(self.chosen.saturating_sub(page), cx),
            Command::PageDown => self.walk(self.chosen + page, cx),
            Command::Top => self.walk(0, cx),
            Command::Bottom => self.walk(usize::MAX, cx),
            Command::Back => return Next::Close,
            Command::Enter => return self.accept(cx),
            Command::StartAgain => return self.start_again(cx),
            Command::Stop => {
                let Some(forward) = self.started(cx) else {
                    return Next::Done;
                };
                let text = cx.lang.f("notice.forward_stopped", &[("local", &forward.local())]);
                let notice = Next::Notice(Notice::good(text));
                return Next::Many(vec![Next::Effects(vec![Effect::Close(forward.id)]), notice]);
            }
            Command::Copy => {
                let Some(url) = self.started(cx).and_then(Forward::url) else {
                    return Next::Done;
                };
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), url)]);
            }
            _ => return Next::Ignored,
        }
        Next::Done
    }
}

impl Layer for List {
    fn keys(&self) -> &'static str {
        "forwards"
    }

    fn place(&self) -> Place {
        Place::Full
    }

    fn input(&mut self, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Command(command) => self.command(*command, cx),
            Input::Click(line) => {
                let at = (line + self.top).saturating_sub(1);
                if at == self.chosen && *line > 0 {
                    return self.accept(cx);
                }
                self.walk(at, cx);
                Next::Done
            }
            Input::Key(_) | Input::Paste(_) => Next::Ignored,
        }
    }

    /// Ages are told anew once a second.
    fn refresh(&mut self, cx: &LayerCx) -> Next {
        self.walk(self.chosen, cx);
        let second = cx.clock.now.as_second();
        if std::mem::replace(&mut self.second, second) == second {
            return Next::Ignored;
        }
        Next::Done
    }

    fn sheet(&self, cx: &LayerCx) -> Sheet {
        let rows = rows(cx);
        let title = Line::of([Span::new(cx.lang.t("forwards.title"), Tone::Title)]);
        if rows.is_empty() {
            let empty = Line::of([Span::new(cx.lang.t("forwards.empty"), Tone::Muted)]);
            return Sheet {
                title,
                lines: vec![empty],
                ..Sheet::default()
            };
        }
        let chosen = self.chosen.min(rows.len() - 1);
        let mut lines = lines::table(&rows, cx);
        let head = lines.remove(0);
        let height = Self::height(cx);
        let mut shown: Vec<Line> = lines.into_iter().skip(self.top).take(height).collect();
        shown.insert(0, head);
        shown.extend(rows.get(chosen).map(|row| lines::detail(row, cx)).unwrap_or_default());
        let open = cx.forwards.open().count().to_string();
        Sheet {
            title,
            info: Line::of([Span::new(cx.lang.f("forwards.open", &[("count", &open)]), Tone::Muted)]),
            chosen: Some(chosen.saturating_sub(self.top) + 1),
            lines: shown,
            cursor: None,
        }
    }
}
