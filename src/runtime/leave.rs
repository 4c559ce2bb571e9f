//! When the system asks konn to leave.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown,
};

/// SIGTERM, SIGHUP (the terminal is gone) and SIGINT from elsewhere.
#[cfg(unix)]
pub struct Leave {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
}

#[cfg(unix)]
impl Leave {
    /// Listens from now on: what would have ended the process no longer does. Fails where the system allows no
    /// handler, and outside of a tokio runtime.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Forgets interrupts so far: they were meant for the program that had the terminal.
    pub fn forget_interrupts(&mut self) {
        while futures::FutureExt::now_or_never(self.interrupt.recv()).is_some() {}
    }

    /// Ends when konn was asked.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The window is closed, the person logs off, the system shuts down, or Ctrl-C and Ctrl-Break from elsewhere.
#[cfg(windows)]
pub struct Leave {
    c: CtrlC,
    pause: CtrlBreak,
    close: CtrlClose,
    logoff: CtrlLogoff,
    shutdown: CtrlShutdown,
}

#[cfg(windows)]
impl Leave {
    /// Listens from now on: what would have ended the process no longer does. Fails where the system allows no
    /// handler.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            c: ctrl_c()?,
            pause: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Forgets interrupts so far: they were meant for the program that had the terminal.
    pub fn forget_interrupts(&mut self) {
        while futures::FutureExt::now_or_never(self.c.recv()).is_some() {}
        while futures::FutureExt::now_or_never(self.pause.recv()).is_some() {}
    }

    /// Ends when konn was asked.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.c.recv() => {}
            _ = self.pause.recv() => {}
            _ = self.close.recv() => {}
            _ = self.logoff.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}
