//! What commands do to the table that is open.

use super::App;
use crate::core::command::Command;
use crate::core::effect::Effect;
use crate::core::event::TaskId;
use crate::core::filter::Filter;
use crate::core::layer::{Leaving, Next};
use crate::core::notice::Notice;
use crate::core::order::Sort;
use crate::core::screen::Screen;
use crate::core::view::{Tier, ViewRef};

impl App {
    pub(super) fn command(&mut self, command: Command) {
        let page = self.body_height().max(1);
        match command {
            Command::Up => self.step(|at| at.saturating_sub(1)),
            Command::Down => self.step(|at| at + 1),
            Command::PageUp => self.step(|at| at.saturating_sub(page)),
            Command::PageDown => self.step(|at| at + page),
            Command::HalfUp => self.step(|at| at.saturating_sub(page / 2)),
            Command::HalfDown => self.step(|at| at + page / 2),
            Command::Top => self.step(|_| 0),
            Command::Bottom => self.step(|_| usize::MAX),
            Command::Left => self.skip(|skip| skip.saturating_sub(1)),
            Command::Right => self.skip(|skip| skip + 1),
            Command::Enter => self.enter(),
            Command::Mark => self.mark(),
            Command::MarkAll => self.mark_all(),
            Command::SortNext => self.sort_by(1),
            Command::SortPrevious => self.sort_by(-1),
            Command::SortReverse => self.sort_reverse(),
            Command::Wide => self.wide(),
            Command::Usage => self.toggle_usage(),
            Command::ShowLabels => self.show_labels(),
            Command::Preview => self.toggle_preview(),
            Command::AllNamespaces => self.all_namespaces(),
            Command::Filter => self.open_filter(),
            Command::Back => self.back(),
            _ => self.frame_command(command),
        }
    }

    /// Commands that mean the same wherever you are.
    pub(super) fn frame_command(&mut self, command: Command) {
        match command {
            Command::Quit => self.leave(Leaving::Konn),
            Command::Shells => {
                let shells = (self.registry.makers.shells)();
                self.push(shells);
            }
            Command::Help => {
                let help = (self.registry.makers.help)(self.place(), self.refusals());
                self.push(help);
            }
            Command::Palette => {
                let palette = (self.registry.makers.palette)("");
                self.push(palette);
                self.discover_if_old();
            }
            Command::History => {
                let history = (self.registry.makers.history)();
                self.push(history);
            }
            Command::Forwards => self.forwards_line(""),
            Command::HistoryBack => self.walk(-1),
            Command::HistoryForward => self.walk(1),
            Command::Back => self.close_layer(),
            Command::Redraw => self.effects.push(Effect::Redraw),
            Command::Mouse => self.toggle_mouse(),
            _ => {}
        }
    }

    fn toggle_mouse(&mut self) {
        self.mouse = !self.mouse;
        self.effects.push(Effect::Mouse(self.mouse));
        let text = self.lang.t(if self.mouse {
            "notice.mouse_on"
        } else {
            "notice.mouse_off"
        });
        self.say(Notice::good(text));
    }

    fn step(&mut self, to: impl Fn(usize) -> usize) {
        let height = self.body_height();
        let Some(screen) = self.screens.get_mut(self.at) else {
            return;
        };
        let flat = to(screen.cursor);
        screen.sought = None;
        screen.put_cursor(flat, &self.store, height);
    }

    fn skip(&mut self, to: impl Fn(usize) -> usize) {
        let Some(screen) = self.screen_mut() else { return };
        let most = screen
            .sections
            .iter()
            .map(|section| section.view.width())
            .max()
            .unwrap_or(0);
        screen.skip = to(screen.skip).min(most.saturating_sub(2));
    }

    fn mark(&mut self) {
        let Some(object) = self.selected().map(|(_, row)| row.object.clone()) else {
            return;
        };
        if let Some(screen) = self.screen_mut() {
            screen.marks.toggle(object);
        }
        self.step(|at| at + 1);
    }

    fn mark_all(&mut self) {
        let Some(screen) = self.screens.get_mut(self.at) else {
            return;
        };
        if !screen.marks.is_empty() {
            return screen.marks.clear();
        }
        for section in &screen.sections {
            let Some(table) = section.table(&self.store) else {
                continue;
            };
            // As the rows lie in memory.
            let rows = table.rows().iter().zip(section.order.mask());
            let rows = rows.filter(|(_, is_visible)| *is_visible);
            screen.marks.extend(rows.map(|(row, _)| &row.object));
        }
    }

    /// The shown columns of the section under the cursor, and the one that it is sorted by.
    fn sorting(&self) -> Option<(Vec<usize>, ViewRef, Option<Sort>)> {
        let screen = self.screen()?;
        let section = screen.section()?;
        let shown = |at: &usize| {
            section
                .view
                .column(*at)
                .is_some_and(|c| screen.wide || c.tier == Tier::Always)
        };
        Some((
            (0..section.view.width()).filter(shown).collect(),
            section.view.clone(),
            section.sort,
        ))
    }

    fn sort_by(&mut self, steps: isize) {
        let Some((columns, view, sort)) = self.sorting() else {
            return;
        };
        let at = sort
            .and_then(|sort| columns.iter().position(|column| *column == sort.column))
            .unwrap_or(0);
        let count = columns.len() as isize;
        let next = (at as isize + steps).rem_euclid(count.max(1)) as usize;
        if let Some(column) = columns.get(next) {
            self.set_sort(
                Sort {
                    column: *column,
                    descending: false,
                },
                view,
            );
        }
    }

    fn sort_reverse(&mut self) {
        let Some((_, view, sort)) = self.sorting() else { return };
        let sort = sort.unwrap_or(Sort {
            column: 0,
            descending: false,
        });
        self.set_sort(
            Sort {
                descending: !sort.descending,
                ..sort
            },
            view,
        );
    }

    /// Sorts by a column; by the same one again: the other way around.
    pub(super) fn sort_column(&mut self, column: usize) {
        let Some((_, view, sort)) = self.sorting() else { return };
        let sort = sort.unwrap_or(Sort {
            column: 0,
            descending: false,
        });
        let descending = sort.column == column && !sort.descending;
        self.set_sort(Sort { column, descending }, view);
    }

    fn set_sort(&mut self, sort: Sort, view: ViewRef) {
        let Some(screen) = self.screens.get_mut(self.at) else {
            return;
        };
        for section in screen
            .sections
            .iter_mut()
            .filter(|s| s.view.resource() == view.resource())
        {
            section.sort = Some(sort);
        }
        self.refresh();
    }

    fn wide(&mut self) {
        if let Some(screen) = self.screen_mut() {
            screen.wide = !screen.wide;
        }
    }

    /// The column of all labels, shown or not.
    fn open_filter(&mut self) {
        let text = self
            .screen()
            .map(|screen| screen.filter.text().to_string())
            .unwrap_or_default();
        let layer = (self.registry.makers.filter)(&text);
        self.follow(Next::Push(layer));
    }

    pub(super) fn filter(&mut self, filter: Filter) {
        let height = self.body_height();
        let Some(screen) = self.screens.get_mut(self.at) else {
            return;
        };
        screen.filter = filter;
        screen.refresh(&self.store, &self.clock, height);
        self.dirty = true;
    }

    /// A filter that has not looked at all rows goes on once what has come in meanwhile is done with.
    pub(super) fn go_on_filtering(&mut self) {
        if self.filtering.is_none() && self.screen().is_some_and(Screen::is_filtering) {
            let task = self.ids.task();
            self.filtering = Some(task);
            self.effects.push(Effect::Wake(task, 0));
        }
    }

    /// The filter's next slice, if the call was for it.
    pub(super) fn filtered_on(&mut self, task: TaskId) -> bool {
        if self.filtering != Some(task) {
            return false;
        }
        self.filtering = None;
        self.refresh();
        self.dirty = true;
        true
    }
}
