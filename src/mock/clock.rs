//! Where the mock cluster's time comes from: the wall clock, or a hand that tests turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// A source of time that can also be waited on. Clones share the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    hand: Option<Arc<Hand>>,
}

#[derive(Debug)]
struct Hand {
    millis: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn real() -> Self {
        Self { hand: None }
    }

    /// A clock that stands still at `start` until [`Clock::advance`] turns it.
    #[must_use]
    pub fn standing(start: Timestamp) -> Self {
        let millis = AtomicI64::new(start.as_millisecond());
        Self {
            hand: Some(Arc::new(Hand {
                millis,
                moved: Notify::new(),
            })),
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.hand {
            None => Timestamp::now(),
            Some(hand) => Timestamp::from_millisecond(hand.millis.load(Ordering::SeqCst)).unwrap_or_default(),
        }
    }

    /// Turns a standing clock forward and wakes everybody who waits on it. The machine's clock does not care.
    pub fn advance(&self, by: Duration) {
        if let Some(hand) = &self.hand {
            hand.millis
                .fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
            hand.moved.notify_waiters();
        }
    }

    /// Waits until `duration` has passed on this clock.
    pub async fn sleep(&self, duration: Duration) {
        let Some(hand) = &self.hand else {
            tokio::time::sleep(duration).await;
            return;
        };
        let until = self.now() + SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        loop {
            let moved = hand.moved.notified();
            tokio::pin!(moved);
            // Enabled before the time is read, so that no turn of the hand is missed in between.
            moved.as_mut().enable();
            if self.now() >= until {
                return;
            }
            moved.await;
        }
    }
}

/// A moment as Kubernetes writes it in `metadata`: RFC 3339, UTC, whole seconds.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A moment as Kubernetes writes a MicroTime (`eventTime`, leases): RFC 3339, UTC, microseconds.
#[must_use]
pub fn rfc3339_micro(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_hand_has_passed_its_time() {
        let clock = Clock::standing(Timestamp::UNIX_EPOCH);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(10)).await }
        });
        // Let the sleeper note its time first.
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(4));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(6));
        sleeper.await.unwrap();
        assert_eq!(rfc3339(clock.now()), "1970-01-01T00:00:10Z");
    }
}
