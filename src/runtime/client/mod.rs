//! From "konn was started" to a client that works, or one clear sentence.
//!
//! | file | what it answers |
//! | --- | --- |
//! | [`options`] | what the flags say |
//! | [`environment`] | what the process was given besides |
//! | [`kubeconfig`], `lenient` | which files count and what they say together |
//! | `in_cluster` | the same in a pod |
//! | [`context`] | which contexts there are, and what one means with the flags applied |
//! | [`proxy`] | which proxy lies on the way |
//! | [`mod@connect`] | the client, put together |
//! | [`transport`], [`tls`], `pinned` | name, TCP, proxy, TLS, HTTP |
//! | [`credentials`], [`exec_plugin`] | who the person is |
//! | `auth`, `limit`, `observe` | the layers every request passes |
//! | [`error`], [`config_error`] | what went wrong |
//! | [`paths`] | konn's own folders |

mod auth;
pub mod config_error;
pub mod connect;
pub mod context;
pub mod credentials;
pub mod environment;
pub mod error;
pub mod exec_plugin;
mod in_cluster;
pub mod kubeconfig;
mod lenient;
pub mod limit;
pub mod observe;
pub mod options;
pub mod paths;
mod pinned;
pub mod proxy;
pub mod tls;
pub mod transport;

pub use connect::{Connected, connect};
pub use context::{ContextEntry, entries};
pub use environment::Environment;
pub use exec_plugin::PluginCache;
pub use kubeconfig::{LoadedKubeconfig, load};
pub use options::{ClientOptions, RequestTimeout};
