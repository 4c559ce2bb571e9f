//! The connection to the cluster: who, where, and in what state.

use super::clock::Time;
use super::discovery::Discovery;
use super::trouble::Trouble;

/// Which cluster is open, and as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The context's name.
    pub context: String,
    /// The cluster's name.
    pub cluster: String,
    /// The user's name.
    pub user: String,
    /// The namespace that the context sets, if any.
    pub namespace: Option<String>,
    /// The server's address.
    pub server: String,
}

/// The state of the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// The first answer has not come yet.
    #[default]
    Connecting,
    /// The server answers.
    Live,
    /// The server does not answer; since when and why.
    Lost {
        /// Since when.
        since: Time,
        /// Why.
        why: Trouble,
    },
}

/// The connection as the header shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Which cluster, and as whom.
    pub identity: Identity,
    /// The server's version, such as `v1.36.2`, once known.
    pub version: Option<String>,
    /// The state of the connection.
    pub state: LinkState,
}

/// A change of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// A cluster was opened; all that belonged to another is gone.
    Opened(Identity),
    /// A context could not be opened; the present one stays.
    Refused(Trouble),
    /// The server told its version.
    Version(String),
    /// The server told what it serves.
    Discovered(Discovery),
    /// The server did not answer.
    Lost(Trouble),
    /// The server sent a `Warning:` header, or konn itself has something to say.
    Warning(String),
}
