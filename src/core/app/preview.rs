//! The pane that shows what matters of the row under the cursor. It follows the cursor when that rests: nothing is asked
//! for rows that were only passed, and what was asked for a row is given up when the cursor leaves it.

use super::App;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::layer::{Layer, LayerCx, Next, Sheet};
use crate::core::layout::{self, Split};
use crate::core::outcome::Outcome;
use crate::model::Uid;

/// How long the cursor rests on a row before anything is asked about it, in milliseconds.
const REST: u64 = 150;

/// The pane while it is open.
#[derive(Default)]
pub struct Preview {
    /// The row that it is about, by uid and name.
    of: Option<(Uid, Box<str>)>,
    /// The cursor came here a moment ago: this call tells when it has rested.
    rest: Option<TaskId>,
    /// What is shown, once the cursor rested.
    pane: Option<Box<dyn Layer>>,
}

impl App {
    /// How the table and the pane share the body of the screen.
    pub fn split(&self) -> Split {
        layout::split(self.size, self.preview.is_some())
    }

    /// What the pane shows; nothing while it is closed.
    pub fn preview_sheet(&self) -> Option<Sheet> {
        let preview = self.preview.as_ref()?;
        let sheet = preview.pane.as_ref().map(|pane| pane.sheet(&self.pane_cx()));
        Some(sheet.unwrap_or_default())
    }

    /// Opens the pane, or closes it.
    pub(super) fn toggle_preview(&mut self) {
        if self.preview.is_some() {
            self.leave_preview();
            self.preview = None;
        } else {
            self.preview = Some(Preview::default());
        }
        let height = self.body_height();
        if let Some(screen) = self.screen_mut() {
            screen.scroll(height);
        }
        self.refresh();
    }

    /// The store is another cluster's: nothing that was asked for is left.
    pub(super) fn forget_preview(&mut self) {
        if let Some(preview) = &mut self.preview {
            *preview = Preview::default();
        }
    }

    /// Gives up what was asked for the row that the pane is about.
    fn leave_preview(&mut self) {
        let Some(preview) = &mut self.preview else { return };
        let mut effects: Vec<Effect> = preview.rest.take().into_iter().map(Effect::Cancel).collect();
        if let Some(pane) = preview.pane.take() {
            effects.extend(super::sessions::endings(&*pane));
        }
        preview.of = None;
        self.carry_out(effects);
    }

    /// Brings the pane up to the row under the cursor.
    pub(super) fn follow_cursor(&mut self) {
        if self.preview.is_none() {
            return;
        }
        let selected = self.selected().map(|(_, row)| row.object.meta());
        let of = selected.map(|meta| (meta.uid.clone(), meta.name.clone()));
        if self.preview.as_ref().is_some_and(|preview| preview.of == of) {
            return;
        }
        self.leave_preview();
        self.dirty = true;
        let rest = of.as_ref().map(|_| self.ids.task());
        if let Some(preview) = &mut self.preview {
            (preview.of, preview.rest) = (of, rest);
        }
        self.effects.extend(rest.map(|task| Effect::Wake(task, REST)));
    }

    /// A call came to its end. Answers whether it was the pane's.
    pub(super) fn preview_done(&mut self, task: TaskId, outcome: &Outcome) -> bool {
        let Some(preview) = &mut self.preview else { return false };
        if preview.rest == Some(task) {
            preview.rest = None;
            self.open_pane();
            return true;
        }
        let own = preview.pane.as_ref().is_some_and(|pane| pane.tasks().contains(&task));
        if own {
            self.pane_do(|pane, cx| pane.done(task, outcome, cx));
        }
        own
    }

    fn open_pane(&mut self) {
        let Some(target) = self.glance().selected else {
            return;
        };
        let Some(pane) = (self.registry.makers.preview)(&target) else {
            return;
        };
        if let Some(preview) = &mut self.preview {
            preview.pane = Some(pane);
        }
        self.pane_do(|pane, cx| pane.open(cx));
        self.refresh_preview();
    }

    pub(super) fn refresh_preview(&mut self) {
        self.pane_do(|pane, cx| pane.refresh(cx));
    }

    fn pane_do(&mut self, act: impl FnOnce(&mut dyn Layer, &LayerCx) -> Next) {
        let Some(mut pane) = self.preview.as_mut().and_then(|preview| preview.pane.take()) else {
            return;
        };
        let next = act(&mut *pane, &self.pane_cx());
        if let Some(preview) = &mut self.preview {
            preview.pane = Some(pane);
        }
        if !matches!(next, Next::Ignored) {
            self.dirty = true;
            self.follow(next);
        }
    }

    /// What the pane may know.
    fn pane_cx(&self) -> LayerCx<'_> {
        self.cx_in(self.split().pane_space())
    }

    /// Whether the pane has all that it wants to show.
    pub(super) fn is_preview_settled(&self) -> bool {
        let Some(preview) = &self.preview else { return true };
        let ready = |pane: &dyn Layer| pane.is_ready(&self.store);
        preview.rest.is_none() && preview.pane.as_deref().is_none_or(ready)
    }
}
