//! Columns besides a view's own: which can be shown, and what is said of those that cannot.

use std::sync::Arc;

use super::App;
use crate::core::columns::{Asked, Besides, UserColumn};
use crate::core::notice::Notice;
use crate::core::view::ViewRef;

impl App {
    /// The columns of a person's own and those that are asked for, as far as the view can show them. Whether it can show all.
    pub(super) fn columns_of(&self, view: &ViewRef, asked: &Asked) -> (Arc<[UserColumn]>, Asked, bool) {
        let (mut own, mut asked) = (self.columns.of(view.resource()), asked.clone());
        let all = Besides::of(view).sieve(&mut asked, &mut own);
        (own, asked, all)
    }

    /// Says so where columns that were asked for mean nothing on a view of the screen.
    pub(super) fn say_left_out(&mut self) {
        let Some(screen) = self.screen() else { return };
        let lacks = |view: &&ViewRef| !self.columns_of(view, &screen.jump.columns).2;
        let sections = screen.sections.iter();
        let view = sections.map(|section| section.plain()).find(lacks);
        let Some(view) = view else { return };
        let text = match Besides::of(view) {
            Besides::Everything => return,
            Besides::Labels => self.lang.t("notice.labels_only"),
            Besides::Nothing => self.lang.f("notice.no_columns", &[("view", &view.resource().plural)]),
        };
        self.say(Notice::warn(text));
    }

    /// All labels in a column, or no more.
    pub(super) fn show_labels(&mut self) {
        let Some(screen) = self.screens.get_mut(self.at) else {
            return;
        };
        let shown = !screen.jump.columns.show_labels;
        screen.jump.columns.show_labels = shown;
        for section in &mut screen.sections {
            section.asked.show_labels = shown && Besides::of(&section.view) != Besides::Nothing;
            let view = section.plain().clone();
            section.show(view);
            if let Some(table) = section.watch.and_then(|watch| self.store.get_mut(watch)) {
                table.widen_all(&*section.view, &self.clock);
            }
        }
        if shown {
            self.say_left_out();
        }
        self.refresh();
    }
}
