//! Where a key leads: another table.

use super::columns::Asked;
use super::reference::Reference;

/// Which namespaces a table shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of them; also for what has no namespace.
    #[default]
    All,
    /// These, at least one.
    Namespaces(Vec<String>),
}

impl Scope {
    /// One namespace.
    pub fn one(namespace: impl Into<String>) -> Self {
        Self::Namespaces(vec![namespace.into()])
    }

    /// The namespaces by name; none for all.
    pub fn names(&self) -> &[String] {
        match self {
            Self::All => &[],
            Self::Namespaces(names) => names,
        }
    }

    /// The one namespace, where it is one.
    pub fn single(&self) -> Option<&str> {
        match self.names() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// A table to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jump {
    /// The view or group, by any of its names.
    pub view: String,
    /// The namespaces; the present ones where none are given.
    pub scope: Option<Scope>,
    /// Whether the scope becomes the one that later tables open with.
    pub adopt: bool,
    /// A label selector the server applies.
    pub labels: Option<String>,
    /// A field selector the server applies.
    pub fields: Option<String>,
    /// What the title says besides the view's name, such as `deployment/web`.
    pub of: String,
    /// A filter to start with.
    pub filter: Option<String>,
    /// The name of the object that the cursor goes to once its row is there.
    pub on: Option<String>,
    /// Whether it opens with what its rows use, the busiest first.
    pub usage: bool,
    /// The object to describe where there is no such view.
    pub described: Option<Box<Reference>>,
    /// The columns to show besides the view's own.
    pub columns: Box<Asked>,
    /// Another context to switch to first.
    pub context: Option<String>,
}

impl Jump {
    /// To a view in the present namespaces.
    pub fn to(view: impl Into<String>) -> Self {
        Self {
            view: view.into(),
            ..Self::default()
        }
    }

    /// In one namespace.
    pub fn in_namespace(mut self, namespace: Option<&str>) -> Self {
        self.scope = Some(namespace.map_or(Scope::All, Scope::one));
        self
    }

    /// In all namespaces.
    pub fn everywhere(mut self) -> Self {
        self.scope = Some(Scope::All);
        self
    }

    /// Only what the label selector takes.
    pub fn labelled(mut self, selector: impl Into<String>) -> Self {
        self.labels = Some(selector.into());
        self
    }

    /// Only what the field selector takes.
    pub fn fields(mut self, selector: impl Into<String>) -> Self {
        self.fields = Some(selector.into());
        self
    }

    /// With the cursor on the object of this name, once its row is there.
    pub fn on(mut self, name: impl Into<String>) -> Self {
        self.on = Some(name.into());
        self
    }

    /// To the description of this object, where there is no such view.
    pub fn or_described(mut self, reference: Reference) -> Self {
        self.described = Some(Box::new(reference));
        self
    }

    /// What the title says besides the view's name.
    pub fn of(mut self, of: impl Into<String>) -> Self {
        self.of = of.into();
        self
    }
}
