//! The object that a list of related objects is about.

use serde_json::Value;

use crate::core::action::Target;
use crate::core::layer::LayerCx;
use crate::core::resource::Resource;
use crate::core::text::{Line, Span, Tone, clean};
use crate::relations::{Listed, Lists, Query, Reference, kinds};

/// The object that a list of related objects is about.
pub struct Subject {
    /// Which it is.
    pub reference: Reference,
}

/// What is known of it.
pub enum Known<'a> {
    /// The object.
    There(&'a Value),
    /// It has not come yet.
    Loading,
    /// It is not there.
    Gone,
    /// The server refused it.
    Refused(String),
}

impl Subject {
    /// A row of the cluster.
    pub fn new(target: &Target, resource: &Resource) -> Self {
        let meta = target.row.meta();
        let resource = kinds::known(&resource.group, &resource.kind).unwrap_or(resource);
        let namespace = meta.namespace.as_deref().unwrap_or_default();
        Self {
            reference: Reference::to(resource, namespace, &meta.name),
        }
    }

    /// An object that something names.
    pub fn named(named: &Reference) -> Self {
        let resource = kinds::known(&named.resource.group, &named.resource.kind).unwrap_or(&named.resource);
        let namespace = named.namespace.as_deref().unwrap_or_default();
        Self {
            reference: Reference::to(resource, namespace, &named.name),
        }
    }

    /// `pod/web-0`, as kubectl names objects.
    pub fn name(&self) -> String {
        let text = format!("{}/{}", self.reference.resource.singular(), self.reference.name);
        clean(&text).into_owned()
    }

    /// What the answers know of it.
    pub fn known<'a>(&self, lists: &'a dyn Lists) -> Known<'a> {
        let reference = &self.reference;
        let query = Query::one(
            reference.resource.clone(),
            reference.namespace.as_deref(),
            &reference.name,
        );
        match lists.list(&query) {
            Listed::Loading | Listed::Unasked => Known::Loading,
            Listed::Refused(why) => Known::Refused(why),
            Listed::Objects(objects) => objects.first().map_or(Known::Gone, |object| Known::There(object)),
        }
    }

    /// A line for what is known where the object is not.
    pub fn note(known: &Known, cx: &LayerCx) -> Line {
        let (mark, text, tone) = match known {
            Known::There(_) => return Line::default(),
            Known::Loading => ("…", cx.lang.t("title.loading"), Tone::Busy),
            Known::Gone => ("✗", cx.lang.t("text.gone"), Tone::Error),
            Known::Refused(why) => ("✗", why.clone(), Tone::Error),
        };
        Line::of([Span::new(format!("{mark} {text}"), tone)])
    }

    /// The title of a list about it.
    pub fn title(&self, what: String) -> Line {
        let mut spans = vec![
            Span::new(format!("{what} "), Tone::Title),
            Span::new(self.name(), Tone::Accent),
        ];
        if let Some(namespace) = &self.reference.namespace {
            spans.push(Span::new(format!("  {}", clean(namespace)), Tone::Muted));
        }
        Line::of(spans)
    }
}
