//! A column of a table, and those that many kinds share.

use serde_json::{Value, json};

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    name: &'static str,
    kind: &'static str,
    format: &'static str,
    description: &'static str,
    priority: i64,
}

impl Column {
    /// A column of text that is always shown.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self {
            name,
            kind: "string",
            format: "",
            description: "",
            priority: 0,
        }
    }

    /// A column of numbers that is always shown.
    #[must_use]
    pub const fn number(name: &'static str) -> Self {
        Self {
            name,
            kind: "integer",
            format: "",
            description: "",
            priority: 0,
        }
    }

    /// A column of text that only wide output shows.
    #[must_use]
    pub const fn wide(name: &'static str) -> Self {
        Self {
            name,
            kind: "string",
            format: "",
            description: "",
            priority: 1,
        }
    }

    /// A column of another OpenAPI type.
    #[must_use]
    pub const fn typed(name: &'static str, kind: &'static str) -> Self {
        Self {
            name,
            kind,
            format: "",
            description: "",
            priority: 0,
        }
    }

    /// The same column with its meaning told.
    #[must_use]
    pub const fn told(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// The same column, as one that names something.
    #[must_use]
    pub const fn named(mut self) -> Self {
        self.format = "name";
        self
    }

    /// The same column, shown only on wide output.
    #[must_use]
    pub const fn wider(mut self) -> Self {
        self.priority = 1;
        self
    }

    /// The column's heading.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether only wide output shows it.
    #[must_use]
    pub const fn is_wide(&self) -> bool {
        self.priority > 0
    }

    /// The entry of `columnDefinitions`.
    #[must_use]
    pub fn definition(&self) -> Value {
        json!({"name": self.name, "type": self.kind, "format": self.format, "description": self.description,
            "priority": self.priority})
    }
}

/// The object's name.
pub const NAME: Column = Column {
    name: "Name",
    kind: "string",
    format: "name",
    description: "Name must be unique within a namespace. Is required when creating resources, although some resources may \
        allow a client to request the generation of an appropriate name automatically. Name is primarily intended for \
        creation idempotence and configuration definition. Cannot be updated. More info: \
        https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
    priority: 0,
};

const CREATION: &str = "CreationTimestamp is a timestamp representing the server time when this object was created. It is \
    not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is \
    represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/// How old the object is.
pub const AGE: Column = Column::text("Age").told(CREATION);

/// Name and creation: what kinds without a printer show.
pub const CREATED_AT: &[Column] = &[
    NAME,
    Column {
        name: "Created At",
        kind: "date",
        format: "",
        description: CREATION,
        priority: 0,
    },
];
