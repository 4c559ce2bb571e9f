//! What plugins gave, kept until it expires: once for all clients of the process, so that going from one context to
//! another asks nobody twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{ExecCredential, ExecPlugin, PluginError};

/// How long a plugin may run: long enough for a login in a browser that is already signed in.
const LIMIT: Duration = Duration::from_secs(60);

/// How long a failure stands before the plugin is asked again, so that ten watches that reconnect do not start it ten
/// times.
const FAILURE_STANDS: Duration = Duration::from_secs(3);

/// The plugins of this process and what they gave.
#[derive(Clone)]
pub struct PluginCache {
    slots: Arc<Mutex<HashMap<String, Arc<Slot>>>>,
    limit: Duration,
    stands: Duration,
}

impl Default for PluginCache {
    fn default() -> Self {
        Self::with_limit(LIMIT)
    }
}

impl PluginCache {
    /// One whose plugins may run for `limit`.
    pub fn with_limit(limit: Duration) -> Self {
        Self {
            slots: Arc::default(),
            limit,
            stands: FAILURE_STANDS,
        }
    }

    /// The same, in which a failure stands for `stands` before the plugin is asked again.
    #[must_use]
    pub fn with_failures_for(self, stands: Duration) -> Self {
        Self { stands, ..self }
    }

    /// The place of `plugin`, shared with every equal one.
    pub fn slot(&self, plugin: ExecPlugin) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(plugin.key()).or_insert_with(|| {
            Arc::new(Slot {
                plugin,
                limit: self.limit,
                stands: self.stands,
                state: tokio::sync::Mutex::default(),
            })
        });
        slot.clone()
    }
}

/// One plugin and what it gave last.
pub struct Slot {
    plugin: ExecPlugin,
    limit: Duration,
    stands: Duration,
    state: tokio::sync::Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many times it gave something.
    generation: u64,
    given: Option<Arc<ExecCredential>>,
    failed: Option<(Instant, PluginError)>,
}

/// Credentials with their number: what is newer has a higher one.
#[derive(Clone, Debug)]
pub struct Given {
    /// Counts up with each run that succeeded.
    pub generation: u64,
    /// The credentials.
    pub credential: Arc<ExecCredential>,
}

impl Slot {
    /// What the plugin gave, if it has not expired; else it runs, once however many ask. `refused` is the generation
    /// that the server did not accept: it is not given again.
    ///
    /// # Errors
    /// As [`ExecPlugin::run`]. A failure stands for a while: [`PluginCache::with_failures_for`].
    pub async fn credential(self: Arc<Self>, refused: Option<u64>) -> Result<Given, PluginError> {
        let command = self.plugin.shown();
        // A task of its own: a request that is given up does not kill the login that others wait for.
        let asked = tokio::spawn(async move { self.ask(refused).await });
        asked.await.unwrap_or_else(|error| {
            Err(PluginError::NotStarted {
                command,
                why: error.to_string(),
            })
        })
    }

    async fn ask(&self, refused: Option<u64>) -> Result<Given, PluginError> {
        let mut state = self.state.lock().await;
        if let Some(given) = state.usable(refused) {
            return Ok(given);
        }
        if let Some((at, error)) = &state.failed
            && at.elapsed() < self.stands
        {
            return Err(error.clone());
        }
        tracing::debug!(command = %self.plugin.shown(), "running the credential plugin");
        match self.plugin.run(self.limit).await {
            Ok(credential) => {
                let credential = Arc::new(credential);
                state.generation += 1;
                state.given = Some(credential.clone());
                state.failed = None;
                Ok(Given {
                    generation: state.generation,
                    credential,
                })
            }
            Err(error) => {
                state.given = None;
                state.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }
}

impl State {
    fn usable(&self, refused: Option<u64>) -> Option<Given> {
        let credential = self.given.as_ref()?;
        let expired = credential.expires.is_some_and(|at| at <= Timestamp::now());
        let fresh = refused.is_none_or(|refused| refused < self.generation);
        (fresh && !expired).then(|| Given {
            generation: self.generation,
            credential: credential.clone(),
        })
    }
}
