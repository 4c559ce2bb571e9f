//! Acting as somebody else: the `Impersonate-` headers, as `kubectl --as` sends them. Rules as apiserver's
//! endpoints/filters/impersonation.

use axum::http::HeaderMap;

use super::api::Api;
use super::auth::User;
use super::error::ApiError;
use super::query::decode;
use super::rbac::{Attempt, allowed};

const USER: &str = "impersonate-user";
const GROUP: &str = "impersonate-group";
const UID: &str = "impersonate-uid";
const EXTRA: &str = "impersonate-extra-";

/// Whom a request is made as, and who makes it.
#[derive(Debug)]
pub struct Actor {
    /// Whose rights count.
    pub user: User,
    /// Why the caller may not act as that user: the verb that it would have to be allowed on what is asked for.
    pub lacks: Option<(User, String)>,
}

impl Actor {
    /// Who has to be allowed which verb for a request of this one.
    #[must_use]
    pub fn needs(&self, verb: &str) -> (&User, String) {
        match &self.lacks {
            None => (&self.user, verb.to_owned()),
            Some((caller, as_whom)) => (caller, format!("{as_whom}:{verb}")),
        }
    }
}

/// Who acts, by the headers of a request and whoever sent it.
///
/// # Errors
/// 400 where only groups, a uid or extras are named, and no user.
pub fn actor(api: &Api, caller: User, headers: &HeaderMap) -> Result<Actor, ApiError> {
    let Some(wanted) = wanted(headers)? else {
        return Ok(Actor {
            user: caller,
            lacks: None,
        });
    };
    let may = attempts(&wanted).iter().all(|attempt| allowed(api, &caller, attempt));
    let lacks = (!may).then(|| {
        let verb = format!("impersonate-on:{}", mode(&wanted.name));
        (caller, verb)
    });
    let user = with_groups(wanted);
    Ok(Actor { user, lacks })
}

/// Whom the headers name; nothing without such headers.
fn wanted(headers: &HeaderMap) -> Result<Option<User>, ApiError> {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let one = |name: &str| headers.get(name).map(text).unwrap_or_default();
    let (name, uid) = (one(USER), one(UID));
    let groups: Vec<String> = headers.get_all(GROUP).iter().map(text).collect();
    let mut extra: Vec<(String, Vec<String>)> = Vec::new();
    for key in headers.keys() {
        if let Some(short) = key.as_str().strip_prefix(EXTRA) {
            extra.push((decode(short, false), headers.get_all(key).iter().map(text).collect()));
        }
    }
    extra.sort();
    if name.is_empty() {
        if uid.is_empty() && groups.is_empty() && extra.is_empty() {
            return Ok(None);
        }
        let shown = go(&uid, &groups, &extra);
        return Err(ApiError::bad_request(format!(
            "requested {shown} without impersonating a user name"
        )));
    }
    Ok(Some(User {
        name,
        uid,
        groups,
        extra,
    }))
}

/// A user as Go prints it.
fn go(uid: &str, groups: &[String], extra: &[(String, Vec<String>)]) -> String {
    let list = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
        format!("[]string{{{}}}", texts.join(", "))
    };
    let groups = if groups.is_empty() {
        "[]string(nil)".to_owned()
    } else {
        list(groups)
    };
    let pairs: Vec<String> = extra
        .iter()
        .map(|(key, values)| format!("{key:?}:{}", list(values)))
        .collect();
    let extra = if pairs.is_empty() {
        "map[string][]string(nil)".to_owned()
    } else {
        format!("map[string][]string{{{}}}", pairs.join(", "))
    };
    format!("&user.DefaultInfo{{Name:\"\", UID:{uid:?}, Groups:{groups}, Extra:{extra}}}")
}

/// The namespace and name of a service account's user.
fn account(user: &str) -> Option<(&str, &str)> {
    user.strip_prefix("system:serviceaccount:")?.split_once(':')
}

/// What a caller has to be allowed for it.
fn attempts(wanted: &User) -> Vec<Attempt> {
    let attempt = |group: &str, resource: &str, name: &str| Attempt {
        verb: "impersonate".to_owned(),
        group: group.to_owned(),
        resource: resource.to_owned(),
        name: name.to_owned(),
        ..Attempt::default()
    };
    const AUTHENTICATION: &str = "authentication.k8s.io";
    let mut attempts = vec![match account(&wanted.name) {
        Some((namespace, name)) => Attempt {
            namespace: namespace.to_owned(),
            ..attempt("", "serviceaccounts", name)
        },
        None => attempt("", "users", &wanted.name),
    }];
    attempts.extend(wanted.groups.iter().map(|group| attempt("", "groups", group)));
    if !wanted.uid.is_empty() {
        attempts.push(attempt(AUTHENTICATION, "uids", &wanted.uid));
    }
    for (key, values) in &wanted.extra {
        let resource = format!("userextras/{key}");
        attempts.extend(values.iter().map(|value| attempt(AUTHENTICATION, &resource, value)));
    }
    attempts
}

/// As what kind of user: constrained impersonation has rights of its own for each.
fn mode(user: &str) -> &'static str {
    if account(user).is_some() {
        "serviceaccount"
    } else if user.starts_with("system:node:") {
        "arbitrary-node"
    } else {
        "user-info"
    }
}

/// A service account without groups has those of its kind; everybody but the anonymous is authenticated.
fn with_groups(mut user: User) -> User {
    if let (Some((namespace, _)), true) = (account(&user.name), user.groups.is_empty()) {
        user.groups = vec![
            "system:serviceaccounts".to_owned(),
            format!("system:serviceaccounts:{namespace}"),
        ];
    }
    let group = if user.name == "system:anonymous" {
        "system:unauthenticated"
    } else {
        "system:authenticated"
    };
    if !user.groups.iter().any(|known| known == group) {
        user.groups.push(group.to_owned());
    }
    user
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(key, value): &(&str, &str)| {
            (
                HeaderName::try_from(*key).unwrap(),
                HeaderValue::try_from(*value).unwrap(),
            )
        };
        let mut headers = HeaderMap::new();
        for (key, value) in pairs.iter().map(pair) {
            headers.append(key, value);
        }
        headers
    }

    #[test]
    fn headers_name_users_with_their_groups() {
        for (pairs, name, groups) in [
            (vec![("Impersonate-User", "jane")], "jane", vec!["system:authenticated"]),
            (
                vec![
                    ("Impersonate-User", "jane"),
                    ("Impersonate-Group", "a"),
                    ("Impersonate-Group", "b"),
                ],
                "jane",
                vec!["a", "b", "system:authenticated"],
            ),
            (
                vec![("Impersonate-User", "system:serviceaccount:shop:x")],
                "system:serviceaccount:shop:x",
                vec![
                    "system:serviceaccounts",
                    "system:serviceaccounts:shop",
                    "system:authenticated",
                ],
            ),
            (
                vec![
                    ("Impersonate-User", "system:serviceaccount:shop:x"),
                    ("Impersonate-Group", "g"),
                ],
                "system:serviceaccount:shop:x",
                vec!["g", "system:authenticated"],
            ),
            (
                vec![("Impersonate-User", "system:anonymous")],
                "system:anonymous",
                vec!["system:unauthenticated"],
            ),
        ] {
            let user = with_groups(wanted(&headers(&pairs)).unwrap().unwrap());
            assert_eq!(
                (user.name.as_str(), user.groups),
                (name, groups.into_iter().map(str::to_owned).collect())
            );
        }
        assert!(wanted(&headers(&[])).unwrap().is_none());
    }

    #[test]
    fn without_a_user_nobody_is_meant() {
        for (pair, shown) in [
            (
                ("Impersonate-Group", "x"),
                r#"UID:"", Groups:[]string{"x"}, Extra:map[string][]string(nil)"#,
            ),
            (
                ("Impersonate-Uid", "x"),
                r#"UID:"x", Groups:[]string(nil), Extra:map[string][]string(nil)"#,
            ),
            (
                ("Impersonate-Extra-Foo", "x"),
                r#"UID:"", Groups:[]string(nil), Extra:map[string][]string{"foo":[]string{"x"}}"#,
            ),
        ] {
            let error = wanted(&headers(&[pair])).err().unwrap();
            let told = format!("requested &user.DefaultInfo{{Name:\"\", {shown}}} without impersonating a user name");
            assert_eq!(error.message, told);
        }
    }
}
