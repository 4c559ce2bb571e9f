//! What a person does in a shell: nearly everything goes to the program.

use bytes::Bytes;

use super::{Phase, Shell, keys};
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::key::{Code, Key, Mouse, MouseAct};
use crate::core::layer::{Input, LayerCx, Next};
use crate::core::notice::Notice;
use crate::core::session::{Feed, SessionId};

/// The key that leaves a shell where a keymap of a person's own binds none.
const DETACH: Key = Key {
    code: Code::Char(']'),
    ctrl: true,
    alt: false,
    shift: false,
};

/// How many lines the wheel moves.
const WHEEL: isize = 3;

/// The largest paste in bytes that goes in at once: more is refused whole, rather than cut.
const PASTE: usize = 1 << 20;

impl Shell {
    /// An input while the program runs.
    pub(super) fn typed(&mut self, session: SessionId, input: &Input, cx: &LayerCx) -> Next {
        match input {
            Input::Key(key) if *key == DETACH && cx.keymap.key_of("shell", "detach").is_none() => self.lay_aside(),
            Input::Key(key) if self.screen.scrolled() > 0 && self.scrolls(*key) => Next::Done,
            Input::Key(key) => {
                let bytes = keys::key(*key, self.screen.application_cursor());
                self.send(session, bytes)
            }
            Input::Paste(text) if text.len() > PASTE => Next::Notice(Notice::warn(cx.lang.t("shell.paste_large"))),
            Input::Paste(text) => {
                let bytes = keys::paste(text, self.screen.bracketed_paste());
                self.send(session, bytes)
            }
            Input::Command(command) => self.commanded(session, *command, cx),
            Input::Click(_) => Next::Done,
        }
    }

    /// What runs goes on. The terminal is konn's again.
    fn lay_aside(&mut self) -> Next {
        self.lent = false;
        Next::Aside
    }

    /// Once a person looks at what has left the screen, the keys for that need no leader.
    fn scrolls(&mut self, key: Key) -> bool {
        if key.ctrl || key.alt {
            return false;
        }
        let page = isize::try_from(self.screen.size().height).unwrap_or(1) - 1;
        match key.code {
            Code::Up => self.screen.scroll(1),
            Code::Down => self.screen.scroll(-1),
            Code::PageUp => self.screen.scroll(page),
            Code::PageDown => self.screen.scroll(-page),
            Code::Home => self.screen.scroll(isize::MAX),
            Code::End | Code::Esc => self.screen.follow(),
            _ => return false,
        }
        true
    }

    fn commanded(&mut self, session: SessionId, command: Command, cx: &LayerCx) -> Next {
        let page = isize::try_from(self.screen.size().height).unwrap_or(1) - 1;
        match command {
            Command::Detach => return self.lay_aside(),
            Command::Terminal => {
                self.lent = !self.lent;
                return self.fit(cx);
            }
            Command::SendKey => return self.send(session, keys::key(DETACH, false)),
            Command::End => return Next::Close,
            // The whole terminal scrolls by itself.
            _ if self.lent && command != Command::Copy => return Next::Done,
            Command::PageUp => self.screen.scroll(page),
            Command::PageDown => self.screen.scroll(-page),
            Command::Up => self.screen.scroll(1),
            Command::Down => self.screen.scroll(-1),
            Command::Top => self.screen.scroll(isize::MAX),
            Command::Bottom => self.screen.follow(),
            Command::FullScreen => return self.full_screen(cx),
            Command::Copy => return Next::Effects(vec![Effect::Copy(cx.ids.task(), self.screen.text())]),
            // A keymap of a person's own may bind anything here: help and the like still work.
            _ => return Next::Ignored,
        }
        Next::Done
    }

    /// The terminal's size follows at the next look at it.
    fn full_screen(&mut self, cx: &LayerCx) -> Next {
        self.whole = !self.whole;
        let key = cx.keymap.key_of("shell", "full_screen").unwrap_or_default();
        let text = cx.lang.f("shell.whole", &[("key", &key)]);
        if self.whole {
            Next::Notice(Notice::good(text))
        } else {
            Next::Done
        }
    }

    /// Typed for the program; what is looked at is its end again.
    fn send(&mut self, session: SessionId, bytes: Vec<u8>) -> Next {
        self.screen.follow();
        if bytes.is_empty() || !self.stdin {
            return Next::Done;
        }
        Next::Effects(vec![Effect::Send(session, Feed::Data(Bytes::from(bytes)))])
    }

    /// The mouse is the program's where it asked for it; else the wheel scrolls.
    pub(super) fn moused(&mut self, session: SessionId, mouse: Mouse, _cx: &LayerCx) -> Next {
        if let Some(form) = self.screen.mouse() {
            return self.send(session, keys::mouse(mouse, form));
        }
        let (by, code) = match mouse.act {
            MouseAct::Click => return Next::Done,
            MouseAct::WheelUp => (WHEEL, Code::Up),
            MouseAct::WheelDown => (-WHEEL, Code::Down),
        };
        if self.screen.alternate() {
            // As terminals do for programs that know no wheel, such as less.
            let key = keys::key(Key::plain(code), self.screen.application_cursor());
            return self.send(session, key.repeat(by.unsigned_abs()));
        }
        self.screen.scroll(by);
        Next::Done
    }

    /// An input while a container is chosen.
    pub(super) fn choose(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let Phase::Choosing(choices, chosen) = &mut self.phase else {
            return Next::Ignored;
        };
        let last = choices.len().saturating_sub(1);
        let height = usize::from(cx.space.height).saturating_sub(2).max(1);
        match input {
            Input::Command(Command::Enter) => {
                let choice = choices.get(*chosen).cloned().unwrap_or_default();
                return self.start(&choice, cx);
            }
            Input::Command(Command::Back) => return Next::Close,
            Input::Command(Command::Up) => *chosen = chosen.saturating_sub(1),
            Input::Command(Command::Down) => *chosen = (*chosen + 1).min(last),
            Input::Command(Command::PageUp) => *chosen = chosen.saturating_sub(height),
            Input::Command(Command::PageDown) => *chosen = (*chosen + height).min(last),
            Input::Command(Command::Top) => *chosen = 0,
            Input::Command(Command::Bottom) => *chosen = last,
            Input::Click(line) => {
                let Some(at) = line.checked_sub(2).map(|line| line + self.top).filter(|at| *at <= last) else {
                    return Next::Done;
                };
                if at == *chosen {
                    let choice = choices.get(at).cloned().unwrap_or_default();
                    return self.start(&choice, cx);
                }
                *chosen = at;
            }
            _ => return Next::Ignored,
        }
        let chosen = *chosen;
        self.top = self.top.clamp((chosen + 1).saturating_sub(height), chosen);
        Next::Done
    }

    /// An input while nothing runs.
    pub(super) fn at_rest(&mut self, input: &Input, cx: &LayerCx) -> Next {
        let page = isize::try_from(self.screen.size().height).unwrap_or(1) - 1;
        match input {
            Input::Command(Command::Back | Command::Enter) => return Next::Close,
            Input::Command(Command::Copy) => {
                return Next::Effects(vec![Effect::Copy(cx.ids.task(), self.screen.text())]);
            }
            Input::Command(Command::Up) => self.screen.scroll(1),
            Input::Command(Command::Down) => self.screen.scroll(-1),
            Input::Command(Command::PageUp) => self.screen.scroll(page),
            Input::Command(Command::PageDown) => self.screen.scroll(-page),
            Input::Command(Command::Top) => self.screen.scroll(isize::MAX),
            Input::Command(Command::Bottom) => self.screen.follow(),
            _ => return Next::Ignored,
        }
        Next::Done
    }
}
