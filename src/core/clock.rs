//! Where the time comes from: every frame is a function of its input, so the time is part of that input.

/// A point in time, UTC.
pub type Time = jiff::Timestamp;

/// What a cell may know of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Now.
    pub now: Time,
}

impl Clock {
    /// A clock that stands at `now`.
    pub fn at(now: Time) -> Self {
        Self { now }
    }
}
