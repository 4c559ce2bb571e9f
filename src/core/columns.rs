//! Columns that a table has besides its view's own: labels and annotations where they are asked for, and what a person
//! settled for a kind.

use std::sync::Arc;

use super::resource::Resource;
use super::view::ViewRef;
use crate::model::JsonPath;

/// Columns that are asked for with a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// All labels in one column, as `kubectl get --show-labels`.
    pub show_labels: bool,
    /// A column for each of these labels, as `kubectl get -L`.
    pub labels: Vec<String>,
    /// A column for each of these annotations.
    pub annotations: Vec<String>,
}

/// A column of a person's own.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserColumn {
    /// Its title.
    pub title: String,
    /// What it shows of an object.
    pub path: JsonPath,
}

/// What a view can show besides its own columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Besides {
    /// Labels, annotations and whatever a JSONPath finds.
    Everything,
    /// Labels alone: its rows are no objects of their kind, but what is kept in them.
    Labels,
    /// Nothing: its rows are no objects of the cluster.
    Nothing,
}

impl Besides {
    /// What a view can show besides its own columns.
    pub fn of(view: &ViewRef) -> Self {
        match (view.joined(), view.derived()) {
            (Some(joining), _) => joining.besides,
            (None, None) if view.resource().version.is_empty() => Self::Nothing,
            _ => Self::Everything,
        }
    }

    /// Those of the columns that can be shown. Whether that is all of them.
    pub fn sieve(self, asked: &mut Asked, own: &mut Arc<[UserColumn]>) -> bool {
        let before = (asked.clone(), own.len());
        if self != Self::Everything {
            asked.annotations.clear();
            *own = Arc::default();
        }
        if self == Self::Nothing {
            *asked = Asked::default();
        }
        before == (asked.clone(), own.len())
    }
}

/// The columns that a person settled, by the word for a kind: `pods`, `deployments.apps`.
#[derive(Clone, Debug, Default)]
pub struct UserColumns(Vec<(String, Arc<[UserColumn]>)>);

impl UserColumns {
    /// The columns of a kind.
    pub fn of(&self, resource: &Resource) -> Arc<[UserColumn]> {
        let word = |(word, _): &&(String, _)| resource.answers_to(word);
        self.0
            .iter()
            .find(word)
            .map(|(_, columns)| columns.clone())
            .unwrap_or_default()
    }
}

impl FromIterator<(String, Vec<UserColumn>)> for UserColumns {
    fn from_iter<I: IntoIterator<Item = (String, Vec<UserColumn>)>>(all: I) -> Self {
        Self(all.into_iter().map(|(word, columns)| (word, columns.into())).collect())
    }
}

/// The title of a label's column: its key behind the last slash in capitals, as `formatLabelHeaders` in cli-runtime's
/// tableprinter.go.
pub fn title(key: &str) -> String {
    key.rsplit('/').next().unwrap_or_default().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_kubectls() {
        for (key, wanted) in [("app", "APP"), ("app.kubernetes.io/name", "NAME"), ("a/", ""), ("", "")] {
            assert_eq!(title(key), wanted, "{key}");
        }
    }

    #[test]
    fn a_kind_answers_to_the_words_that_kubectl_takes() {
        let column = UserColumn {
            title: "NODE-IP".to_string(),
            path: ".status.hostIP".parse().unwrap(),
        };
        let all: UserColumns = [
            ("pods".to_string(), vec![column.clone()]),
            ("deployments.apps".to_string(), vec![column]),
        ]
        .into_iter()
        .collect();
        let count = |group, kind, plural| all.of(&Resource::known(group, "v1", kind, plural, &[], true)).len();
        assert_eq!(count("", "Pod", "pods"), 1);
        assert_eq!(count("apps", "Deployment", "deployments"), 1);
        assert_eq!(count("example.com", "Deployment", "deployments"), 0);
        assert_eq!(count("", "Node", "nodes"), 0);
    }
}
