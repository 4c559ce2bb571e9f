//! What every row has in common.

use super::Meta;

/// How an object fares, as far as its row tells: what a tone is chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Good,
    /// On its way: starting, terminating, being rolled out.
    Busy,
    /// Worth a look.
    Warn,
    /// Broken.
    Bad,
    /// Neither good nor bad: done, or nothing that fares.
    #[default]
    Neutral,
}

/// A row: the slim part of an object that its columns, filters and links need.
pub trait Projection: serde::de::DeserializeOwned + Send + Sync + 'static {
    /// The kind as the API spells it, such as `Pod`.
    const KIND: &'static str;

    /// What every object carries.
    fn meta(&self) -> &Meta;

    /// How the object fares.
    fn health(&self) -> Health {
        Health::Neutral
    }
}
