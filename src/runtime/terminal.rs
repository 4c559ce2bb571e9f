//! The terminal: taken, and left as it was, whatever happens.

use std::io::{self, BufWriter, Stdout, Write, stderr, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute};
use ratatui::backend::CrosstermBackend;

use crate::core::app::App;
use crate::core::event::Size;
use crate::core::passage;
use crate::ui::{self, Theme};

/// Whether the terminal is ours: what a panic looks at before it gives it back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Whether a program in a container has the terminal, by way of konn.
static LENT: AtomicBool = AtomicBool::new(false);

/// Whether that program has put another screen over the person's own.
static ALTERNATE: AtomicBool = AtomicBool::new(false);

/// Standard output while the terminal is ours. What comes later goes nowhere: ratatui shows the cursor once more when it
/// is dropped, and panics where the terminal and standard error are gone.
struct Ours(Stdout);

impl Write for Ours {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if TAKEN.load(Ordering::SeqCst) {
            self.0.write(bytes)
        } else {
            Ok(bytes.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if TAKEN.load(Ordering::SeqCst) {
            self.0.flush()
        } else {
            Ok(())
        }
    }
}

/// The terminal, while it is ours. Dropped, it is as it was.
pub struct Terminal {
    screen: ratatui::Terminal<CrosstermBackend<BufWriter<Ours>>>,
    anew: bool,
}

impl Terminal {
    /// Takes the terminal. Fails where standard output is none.
    pub fn take(mouse: bool) -> io::Result<Self> {
        restore_on_panic();
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let taken = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide).and_then(|()| {
            ratatui::Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, Ours(stdout()))))
        });
        match taken {
            Ok(screen) => {
                let mut terminal = Self { screen, anew: false };
                terminal.mouse(mouse)?;
                Ok(terminal)
            }
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }

    /// Its size.
    pub fn size() -> io::Result<Size> {
        crossterm::terminal::size().map(|(width, height)| Size { width, height })
    }

    /// Takes or leaves the mouse.
    pub fn mouse(&mut self, taken: bool) -> io::Result<()> {
        if taken {
            execute!(stdout(), EnableMouseCapture)
        } else {
            execute!(stdout(), DisableMouseCapture)
        }
    }

    /// Draws a frame; the terminal shows it whole or not yet.
    pub fn draw(&mut self, app: &App, theme: &Theme) -> io::Result<()> {
        execute!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.anew) {
            // Not by ratatui's own `clear`: that asks the terminal where the cursor is and waits for the answer, which
            // some terminals never give and which the thread that reads keys would take.
            let size = self.screen.size()?;
            self.screen.resize(size.into())?;
        }
        self.screen.draw(|frame| ui::draw(app, theme, frame))?;
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    pub fn clear(&mut self) {
        self.anew = true;
    }

    /// Gives the terminal back for a while, as it was.
    pub fn lend(&mut self) {
        restore();
    }

    /// Takes it again. What another program left on it is drawn over.
    pub fn retake(&mut self, mouse: bool) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        self.mouse(mouse)?;
        self.anew = true;
        Ok(())
    }

    /// Leaves the screen to a program in a container. Keys are still konn's to read, so the terminal stays raw.
    pub fn hand_over(&mut self, size: Size) -> io::Result<()> {
        execute!(
            stdout(),
            EndSynchronizedUpdate,
            DisableMouseCapture,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        )?;
        LENT.store(true, Ordering::SeqCst);
        // What stands on the screen scrolls away instead of being drawn over.
        self.pass("\r\n".repeat(usize::from(size.height)).as_bytes(), false)
    }

    /// Writes what a program in a container wrote. `alternate` is whether it has put another screen over this one by now.
    pub fn pass(&mut self, bytes: &[u8], alternate: bool) -> io::Result<()> {
        ALTERNATE.store(alternate, Ordering::SeqCst);
        let mut out = stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// Takes the screen back from a program in a container.
    pub fn take_back(&mut self, mouse: bool) -> io::Result<()> {
        end_lending(&mut stdout());
        self.retake(mouse)
    }

    /// Sends a sequence that draws nothing.
    pub fn send(&mut self, command: impl crossterm::Command) -> io::Result<()> {
        execute!(stdout(), command)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back. Harmless when it is not ours.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = if end_lending(&mut out) {
        // The alternate screen was left before: to leave it once more would move the cursor.
        execute!(out, DisableMouseCapture, DisableBracketedPaste, cursor::Show)
    } else {
        execute!(
            out,
            EndSynchronizedUpdate,
            DisableMouseCapture,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        )
    };
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// Undoes what a program in a container did to the terminal. Answers whether one had it.
fn end_lending(out: &mut Stdout) -> bool {
    let lent = LENT.swap(false, Ordering::SeqCst);
    if lent {
        let _ = out.write_all(passage::restored(ALTERNATE.load(Ordering::SeqCst)).as_bytes());
        let _ = out.flush();
    }
    lent
}

/// What a process ends with after a panic, as Rust's own runtime has it.
const PANICKED: i32 = 101;

/// A panic gives the terminal back before it says what it has to say. A panic of any thread ends konn: nobody draws on a
/// terminal that was given back, and nobody looks at a table whose watch is dead.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let say = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !TAKEN.load(Ordering::SeqCst) {
                return say(panic);
            }
            // Until the end nobody else writes: a frame that is being drawn would land on the person's own screen.
            let _only = stdout().lock();
            restore();
            say(panic);
            let _ = writeln!(
                stderr(),
                "konn: This is a fault in konn itself, not in the cluster. Please report it with the lines above."
            );
            std::process::exit(PANICKED);
        }));
    });
}
