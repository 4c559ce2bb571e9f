//! Pods that could not be made: what StatefulSets, DaemonSets and Jobs tell of in events alone.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};

use crate::core::clock::Time;
use crate::core::extended::inner;
use crate::core::store::Change;
use crate::core::view::Object;
use crate::model::{Event, Meta, Projection, Uid, why_not_created};

/// What the events of each controller tell, by the controller's uid.
#[derive(Default)]
pub struct Failures(HashMap<Uid, BTreeMap<Place, Box<str>>>);

/// When an event was seen last, and its uid: the newest is the last.
type Place = (Option<Time>, Uid);

/// The field selector of such events. Servers keep few of them, however many others there are.
pub const SELECTOR: &str = "reason=FailedCreate";

fn event(object: &dyn Object) -> Option<&Event> {
    (inner(object) as &dyn Any).downcast_ref()
}

fn about(event: &Event) -> Uid {
    event.involved().uid.as_str().into()
}

fn place(event: &Event) -> Place {
    (event.last_seen(), Projection::meta(event).uid.clone())
}

impl Failures {
    /// Takes in a change of an event. The uid of the controller that it tells of, where the change is one of an event.
    pub fn take(&mut self, change: &Change) -> Option<Uid> {
        match change {
            Change::Set { old, new } => {
                if let Some(old) = old {
                    self.remove(&**old);
                }
                let event = event(&**new)?;
                let text = why_not_created(event.reason(), event.message());
                let events = self.0.entry(about(event)).or_default();
                events.insert(place(event), text);
                Some(about(event))
            }
            Change::Gone(object) => self.remove(&**object),
        }
    }

    fn remove(&mut self, object: &dyn Object) -> Option<Uid> {
        let event = event(object)?;
        let about = about(event);
        if let Some(events) = self.0.get_mut(&about) {
            events.remove(&place(event));
            if events.is_empty() {
                self.0.remove(&about);
            }
        }
        Some(about)
    }

    /// What kept the controller from making what it lacks, unless it made one after that.
    pub fn of(&self, controller: &Meta, last_made: Option<Time>) -> Option<&str> {
        if controller.uid.is_empty() {
            return None;
        }
        let ((seen, _), text) = self.0.get(&controller.uid)?.last_key_value()?;
        let is_over = matches!((seen, last_made), (Some(seen), Some(made)) if made > *seen);
        (!is_over).then_some(&**text)
    }

    /// Whether nothing is told.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
