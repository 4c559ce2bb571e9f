//! An object that another one names.

use super::resource::Resource;

/// An object that another one names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its resource.
    pub resource: Resource,
    /// Its namespace; none for what lives in none.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl Reference {
    /// An object of a known kind, in a namespace where the kind has any.
    pub fn to(resource: &Resource, namespace: &str, name: &str) -> Self {
        Self {
            namespace: (resource.namespaced && !namespace.is_empty()).then(|| namespace.to_string()),
            resource: resource.clone(),
            name: name.to_string(),
        }
    }
}
