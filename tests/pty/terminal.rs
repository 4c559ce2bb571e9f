//! A pseudo-terminal with a program in it: what it wrote, what stands on the screen, and keys for it.

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{ChildKiller, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// How long a condition is waited for. Long, because machines are slow; a test that passes never waits so long.
const PATIENCE: Duration = Duration::from_secs(300);

/// What stood on the screen before the program began.
pub const BEFORE: &str = "$ konn";

/// What is known of the program so far.
struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    ended: Option<u32>,
    closed: bool,
    unread: bool,
}

#[derive(Clone)]
struct Watched(Arc<(Mutex<Seen>, Condvar)>);

impl Watched {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen());
        self.0.1.notify_all();
    }

    /// Waits until the condition holds; else fails with what is on the screen.
    fn until(&self, what: &str, condition: impl Fn(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.seen();
        while !condition(&seen) {
            let left = end.saturating_duration_since(Instant::now());
            let screen = seen.parser.screen().contents();
            let tail = String::from_utf8_lossy(&seen.raw[seen.raw.len().saturating_sub(200)..]).into_owned();
            assert!(
                !left.is_zero(),
                "waited for {what} in vain; ended: {:?}; the last bytes: {tail:?}; the screen:\n{screen}",
                seen.ended
            );
            seen = self.0.1.wait_timeout(seen, left).unwrap().0;
        }
        seen
    }
}

fn cells(count: u16) -> std::num::NonZeroU16 {
    count.try_into().unwrap()
}

/// A program in a terminal of its own.
pub struct Terminal {
    watched: Watched,
    master: Option<Box<dyn MasterPty + Send>>,
    slave: Option<Box<dyn SlavePty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    pid: u32,
    modes: String,
}

/// What a program left behind.
pub struct Left {
    /// Its exit code.
    pub code: u32,
    /// The screen, the program's own if it did not leave it.
    pub screen: String,
    /// Every byte that it wrote.
    pub raw: Vec<u8>,
}

impl Terminal {
    /// Runs a program in a terminal of this size.
    pub fn run(mut command: CommandBuilder, (width, height): (u16, u16)) -> Self {
        command.env("TERM", "xterm-256color");
        let pair = native_pty_system().openpty(size(width, height)).unwrap();
        let mut parser = vt100::Parser::new(cells(height), cells(width), 0);
        parser.process(format!("{BEFORE}\r\n").as_bytes());
        let seen = Seen {
            parser,
            raw: Vec::new(),
            ended: None,
            closed: false,
            unread: false,
        };
        let watched = Watched(Arc::new((Mutex::new(seen), Condvar::new())));
        read(pair.master.try_clone_reader().unwrap(), watched.clone());
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let (pid, killer) = (child.process_id().unwrap(), child.clone_killer());
        let ends = watched.clone();
        std::thread::spawn(move || {
            let code = child.wait().map_or(u32::MAX, |status| status.exit_code());
            ends.change(|seen| seen.ended = Some(code));
        });
        let writer = pair.master.take_writer().unwrap();
        Self {
            watched,
            master: Some(pair.master),
            slave: Some(pair.slave),
            writer: Some(writer),
            killer,
            pid,
            modes,
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits until the screen is as wanted.
    pub fn until(&self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) {
        drop(self.watched.until(what, |seen| condition(seen.parser.screen())));
    }

    /// Waits until a text is on the screen.
    pub fn shows(&self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until a text is no more on the screen.
    pub fn lacks(&self, text: &str) {
        self.until(&format!("the end of {text}"), |screen| {
            !screen.contents().contains(text)
        });
    }

    /// Waits until the program has written these bytes.
    pub fn wrote(&self, bytes: &[u8]) {
        drop(
            self.watched
                .until(&format!("{bytes:?}"), |seen| contains(&seen.raw, bytes)),
        );
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.watched.seen().parser.screen().contents()
    }

    /// Whether the terminal is in another mode than it was before the program began: raw, for instance.
    pub fn is_changed(&self) -> bool {
        self.master.as_deref().is_some_and(|master| modes(master) != self.modes)
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Makes the terminal larger or smaller.
    pub fn resize(&self, width: u16, height: u16) {
        self.watched
            .change(|seen| seen.parser.screen_mut().set_size(cells(height), cells(width)));
        self.master.as_ref().unwrap().resize(size(width, height)).unwrap();
    }

    /// Closes the window.
    pub fn hang_up(mut self) -> u32 {
        // Who reads holds the window open: it ends at what the next key draws.
        self.watched.change(|seen| seen.unread = true);
        self.press("j");
        (self.writer, self.slave, self.master) = (None, None, None);
        let seen = self.watched.until("the end", |seen| seen.ended.is_some());
        seen.ended.unwrap()
    }

    /// Waits for the end, and expects the terminal as it was before.
    pub fn left(mut self) -> Left {
        drop(self.watched.until("the end", |seen| seen.ended.is_some()));
        assert!(!self.is_changed(), "the terminal's modes are as they were");
        self.slave = None;
        let seen = self.watched.until("the last byte", |seen| seen.closed);
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "pasted text is as it was");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "the mouse was left"
        );
        assert_eq!(screen.fgcolor(), vt100::Color::Default, "colours are as they were");
        Left {
            code: seen.ended.unwrap(),
            screen: screen.contents(),
            raw: seen.raw.clone(),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.killer.kill();
    }
}

fn read(mut reader: Box<dyn Read + Send>, watched: Watched) {
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(count @ 1..) = reader.read(&mut chunk) {
            watched.change(|seen| {
                seen.raw.extend_from_slice(&chunk[..count]);
                seen.parser.process(&chunk[..count]);
            });
            if watched.seen().unread {
                break;
            }
        }
        watched.change(|seen| seen.closed = true);
    });
}

fn size(width: u16, height: u16) -> PtySize {
    PtySize {
        rows: height,
        cols: width,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// What `stty` would say.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

/// Whether some bytes are among others.
pub fn contains(all: &[u8], some: &[u8]) -> bool {
    all.windows(some.len()).any(|window| window == some)
}
