//! Who calls: bearer tokens to users.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use serde_json::{Value, json};

use super::error::ApiError;

/// Somebody who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's name.
    pub name: String,
    /// What tells users of one name apart; empty where nothing does.
    pub uid: String,
    /// The groups.
    pub groups: Vec<String>,
    /// What else is known, by key.
    pub extra: Vec<(String, Vec<String>)>,
}

impl User {
    /// Somebody without a token.
    #[must_use]
    pub fn anonymous() -> Self {
        Self {
            name: "system:anonymous".to_owned(),
            uid: String::new(),
            groups: vec!["system:unauthenticated".to_owned()],
            extra: Vec::new(),
        }
    }

    /// A user with a name and groups; being authenticated is a group too.
    #[must_use]
    pub fn named(name: &str, groups: &[&str]) -> Self {
        let groups = groups
            .iter()
            .copied()
            .chain(["system:authenticated"])
            .map(str::to_owned)
            .collect();
        Self {
            name: name.to_owned(),
            uid: format!("uid-{name}"),
            groups,
            extra: Vec::new(),
        }
    }

    /// `userInfo` as reviews show it.
    #[must_use]
    pub fn info(&self) -> Value {
        let mut info = json!({"username": self.name, "groups": self.groups});
        if !self.uid.is_empty() {
            info["uid"] = self.uid.clone().into();
        }
        for (key, values) in &self.extra {
            info["extra"][key] = json!(values);
        }
        info
    }
}

/// The tokens that are accepted. Clones share them.
#[derive(Clone, Debug)]
pub struct Users {
    tokens: Arc<RwLock<BTreeMap<String, User>>>,
}

impl Default for Users {
    /// `admin` may do all; `dev` and `viewer` may do what roles grant them.
    fn default() -> Self {
        let users = [
            ("admin-token", User::named("admin", &["system:masters"])),
            ("dev-token", User::named("dev", &[])),
            ("viewer-token", User::named("viewer", &[])),
        ];
        let tokens = users
            .into_iter()
            .map(|(token, user)| (token.to_owned(), user))
            .collect();
        Self {
            tokens: Arc::new(RwLock::new(tokens)),
        }
    }
}

impl Users {
    /// Accepts a token from now on.
    pub fn add(&self, token: &str, user: User) {
        if let Ok(mut tokens) = self.tokens.write() {
            tokens.insert(token.to_owned(), user);
        }
    }

    /// Refuses a token from now on, as one that has expired.
    pub fn remove(&self, token: &str) {
        if let Ok(mut tokens) = self.tokens.write() {
            tokens.remove(token);
        }
    }

    /// The user of an `Authorization` header, else the one that the path names as `/as/NAME`, else nobody.
    ///
    /// kubectl sends no token to a server without TLS; the path lets it say who it is all the same.
    ///
    /// # Errors
    /// 401 for a token that nobody has and a name that nobody bears.
    pub fn authenticate(&self, authorization: Option<&str>, named: Option<&str>) -> Result<User, ApiError> {
        let Some(token) = authorization.and_then(|header| header.strip_prefix("Bearer ")) else {
            return named.map_or_else(|| Ok(User::anonymous()), |name| self.named(name));
        };
        let user = self
            .tokens
            .read()
            .ok()
            .and_then(|tokens| tokens.get(token.trim()).cloned());
        user.ok_or_else(ApiError::unauthorized)
    }

    fn named(&self, name: &str) -> Result<User, ApiError> {
        let tokens = self.tokens.read().map_err(|_| ApiError::unauthorized())?;
        tokens
            .values()
            .find(|user| user.name == name)
            .cloned()
            .ok_or_else(ApiError::unauthorized)
    }
}
