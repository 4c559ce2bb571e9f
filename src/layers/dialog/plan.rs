//! What a verb tells its dialog: what to ask, what to say about it, and what will be sent.

use serde_json::Value;

use super::form::{Control, Form, Wrong};
use crate::core::action::{Danger, Target};
use crate::core::change::{Change, Edit};
use crate::core::layer::{LayerCx, Next};
use crate::core::request::{Request, shell};
use crate::core::resource::Resource;
use crate::core::session::Session;
use crate::core::text::{Line, clean};
use crate::relations::kinds;

/// An object that a verb works on.
pub struct Item {
    /// The row that it was chosen by.
    pub target: Target,
    /// Its resource.
    pub resource: Resource,
    /// The whole object, read when the dialog opened. Null for a plan that reads nothing.
    pub object: Value,
}

impl Item {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.target.row.meta().name
    }

    /// Its namespace, if it has one.
    pub fn namespace(&self) -> Option<&str> {
        self.target.row.meta().namespace.as_deref()
    }

    /// `deployment/web`, as kubectl names objects.
    pub fn full_name(&self) -> String {
        clean(&self.target.name()).into_owned()
    }

    /// What kubectl takes for kind and name, such as `deployment/web`, or `widgets.example.com/a` for a kind that is
    /// not everywhere.
    pub fn kubectl_name(&self) -> String {
        let kind = match kinds::known(&self.resource.group, &self.resource.kind) {
            Some(known) => known.singular(),
            None => self.resource.full_name(),
        };
        format!("{kind}/{}", shell(self.name()))
    }

    /// ` -n shop`, or nothing for an object in no namespace.
    pub fn kubectl_namespace(&self) -> String {
        self.namespace()
            .map(|namespace| format!(" -n {}", shell(namespace)))
            .unwrap_or_default()
    }

    /// `kubectl rollout restart deployment/web -n shop`.
    pub fn kubectl(&self, verb: &str) -> String {
        format!("kubectl {verb} {}{}", self.kubectl_name(), self.kubectl_namespace())
    }

    /// The request that reads it.
    pub fn get(&self) -> Request {
        Request::Get {
            resource: self.resource.clone(),
            namespace: self.namespace().map(str::to_string),
            name: self.name().to_string(),
        }
    }

    /// A change of it, with the command that does the same.
    pub fn change(&self, edit: Edit, command: impl Into<String>) -> Change {
        Change::of(&self.resource, self.namespace(), self.name(), edit, command)
    }

    /// A merge patch of it, for which kubectl has no verb but `patch`.
    pub fn merge(&self, patch: Value) -> Change {
        let command = format!(
            "{} --type=merge -p {}",
            self.kubectl("patch"),
            shell(&patch.to_string())
        );
        self.change(Edit::Merge(patch), command)
    }

    /// A strategic merge patch of it, for which kubectl has no verb but `patch`.
    pub fn strategic(&self, patch: Value) -> Change {
        let command = format!(
            "{} --type=strategic -p {}",
            self.kubectl("patch"),
            shell(&patch.to_string())
        );
        self.change(Edit::Strategic(patch), command)
    }

    /// A field of the object by its JSON pointer.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.object.pointer(pointer)
    }
}

/// What is known when a verb is asked what it will do.
pub struct Draft<'a> {
    /// The objects.
    pub items: &'a [Item],
    /// The answers to what the plan asked for; none where one was refused.
    pub answers: &'a [Option<Value>],
    /// What was filled in.
    pub form: &'a Form,
}

/// The objects of a list.
pub fn members(list: &Value) -> impl Iterator<Item = &Value> {
    list.get("items").and_then(Value::as_array).into_iter().flatten()
}

/// The objects of all lists among the answers.
pub fn listed(answers: &[Option<Value>]) -> impl Iterator<Item = &Value> {
    answers.iter().flatten().flat_map(members)
}

/// What a verb opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The kubectl command that does the same.
    pub kubectl: String,
    /// The sessions.
    pub sessions: Vec<Session>,
}

/// A verb's part of its dialog. All of it is pure: the dialog asks, shows, sends.
pub trait Plan {
    /// The verb's name: its texts stand below `dialog` in `locales/`.
    fn id(&self) -> &'static str;

    /// How much harm it can do.
    fn danger(&self) -> Danger {
        Danger::Change
    }

    /// Whether the objects are to be read whole before anything is asked.
    fn reads(&self) -> bool {
        true
    }

    /// What else to read once the objects have come.
    fn asks(&self, _items: &[Item]) -> Vec<Request> {
        Vec::new()
    }

    /// What to fill in. Asked once, when everything was read.
    fn controls(&self, _items: &[Item], _answers: &[Option<Value>], _cx: &LayerCx) -> Vec<Control> {
        Vec::new()
    }

    /// What to know before it is done.
    fn notes(&self, _draft: &Draft, _cx: &LayerCx) -> Vec<Line> {
        Vec::new()
    }

    /// What is sent for an object, in order; nothing where there is nothing to do.
    fn changes(&self, item: &Item, draft: &Draft, cx: &LayerCx) -> Result<Vec<Change>, Wrong>;

    /// Whether the server is asked what would come of it. Not where it cannot tell.
    fn is_tried(&self) -> bool {
        true
    }

    /// Ports of this machine that are to be found free before anything can be filled in: answered behind all other
    /// answers, as a list of numbers.
    fn ports(&self, _items: &[Item]) -> Vec<u16> {
        Vec::new()
    }

    /// For a verb that opens sessions in place of changing objects: these, with the command that does the same.
    ///
    /// # Errors
    /// What is wrong with what was filled in.
    fn opens(&self, _draft: &Draft, _cx: &LayerCx) -> Option<Result<Opening, Wrong>> {
        None
    }

    /// What follows when all was done.
    fn after(&self, _draft: &Draft, _cx: &LayerCx) -> Next {
        Next::Done
    }
}
