//! The HTTP side: from a request to an answer of the Kubernetes API.

mod accept;
mod answer;
mod api;
mod apply;
mod auth;
mod body;
mod call;
mod create;
mod definitions;
mod delete;
mod discovery;
mod error;
mod get;
mod handle;
mod list;
mod open_api;
mod patch;
mod pods;
mod query;
mod rbac;
mod reviews;
mod route;
mod scale;
mod subresource;
mod update;
mod watch;
mod watch_stream;

pub use api::Api;
pub use auth::{User, Users};
pub use call::Call;
pub use create::admit;
pub use definitions::fill as fill_definition;
pub use delete::{delete_as_controller, remove_at_once};
pub use error::{ApiError, FieldError};
pub use handle::handle;
pub(in crate::mock) use pods::{chosen_container, stored_pod};
