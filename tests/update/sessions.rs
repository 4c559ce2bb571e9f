//! Sessions: what they bring goes to the layer that opened them, and ends with it.

use std::cell::RefCell;
use std::rc::Rc;

use konn::core::effect::Effect;
use konn::core::event::Event;
use konn::core::layer::{Input, Layer, LayerCx, Next, Place, Sheet};
use konn::core::link::LinkEvent;
use konn::core::session::{Chunk, SessionId};

use crate::stage::{Set, Stage, identity};

/// A layer with one session that counts what it gets.
struct Listening(SessionId, Rc<RefCell<usize>>);

impl Layer for Listening {
    fn keys(&self) -> &'static str {
        "text"
    }
    fn place(&self) -> Place {
        Place::Full
    }
    fn input(&mut self, _input: &Input, _cx: &LayerCx) -> Next {
        Next::Ignored
    }
    fn stream(&mut self, _session: SessionId, _chunk: Chunk, _cx: &LayerCx) -> Next {
        *self.1.borrow_mut() += 1;
        Next::Done
    }
    fn sessions(&self) -> Vec<SessionId> {
        vec![self.0]
    }
    fn sheet(&self, _cx: &LayerCx) -> Sheet {
        Sheet::default()
    }
}

fn listening() -> (Stage, Rc<RefCell<usize>>) {
    let mut stage = Stage::new(Set::default());
    let count = Rc::new(RefCell::new(0));
    stage.app.layers.push(Box::new(Listening(SessionId(77), count.clone())));
    (stage, count)
}

#[test]
fn what_a_session_brings_goes_to_its_layer_and_to_nobody_once_that_is_closed() {
    let (mut stage, count) = listening();
    stage.event(Event::Stream(SessionId(77), Chunk::Open));
    stage.event(Event::Stream(SessionId(78), Chunk::Open));
    assert_eq!(*count.borrow(), 1);
    let effects = stage.press("esc");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Close(SessionId(77)))),
        "{effects:?}"
    );
    stage.event(Event::Stream(SessionId(77), Chunk::Open));
    assert_eq!(*count.borrow(), 1, "late ones find nobody");
}

#[test]
fn another_cluster_knows_nothing_of_the_sessions_of_the_one_before() {
    let (mut stage, count) = listening();
    stage.event(Event::Link(LinkEvent::Opened(identity("other"))));
    stage.event(Event::Stream(SessionId(77), Chunk::Open));
    assert_eq!(*count.borrow(), 0);
}
