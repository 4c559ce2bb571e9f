//! A table, or several below each other, with cursor, filter, sort and marks: one stop in the history.

use std::sync::Arc;

use super::clock::Clock;
use super::columns::{Asked, UserColumn};
use super::event::WatchId;
use super::extended::extend;
use super::filter::Filter;
use super::jump::{Jump, Scope};
use super::marks::Marks;
use super::order::{Order, Sort};
use super::store::{Row, Store, Sync, Table};
use super::view::{Object, Shared, ViewRef};
use super::watch::WatchSpec;

/// One view on a screen.
pub struct Section {
    /// The view.
    pub view: ViewRef,
    /// What it watches.
    pub spec: WatchSpec,
    /// The watch, while it is open.
    pub watch: Option<WatchId>,
    /// The order of its rows.
    pub order: Order,
    /// By what they are sorted; by name where nothing is said.
    pub sort: Option<Sort>,
    /// The watches that its rows are made of, where they are several.
    pub feeds: Vec<WatchSpec>,
    /// The columns that were asked for besides the view's own.
    pub asked: Asked,
    /// The columns of a person's own.
    pub own: Arc<[UserColumn]>,
    /// Whether it is left out among others, as kubectl leaves out kinds of which there is nothing.
    pub is_left_out: bool,
}

impl Section {
    /// The rows of the section, while its watch is open.
    pub fn table<'a>(&self, store: &'a Store) -> Option<&'a Table> {
        self.watch.and_then(|watch| store.get(watch))
    }
}

impl Section {
    /// How many lines it takes among others: two of titles, its rows or why there are none, and one below.
    fn height(&self) -> usize {
        if self.is_left_out {
            0
        } else {
            self.order.visible().len().max(1) + 3
        }
    }

    /// Whether it is known that there is nothing to show in it.
    fn is_bare(&self, store: &Store) -> bool {
        let is_live = |table: &Table| table.is_complete() && *table.sync() == Sync::Live;
        self.order.visible().is_empty() && !self.order.is_filtering() && self.table(store).is_some_and(is_live)
    }

    /// The view without the columns that were asked for besides its own.
    pub fn plain(&self) -> &ViewRef {
        self.view.plain().unwrap_or(&self.view)
    }

    /// Shows the rows with the columns of a view, such as those that the server named, and those that were asked for.
    pub fn show(&mut self, view: ViewRef) {
        let (view, _) = extend(view, &self.own, &self.asked);
        self.sort = self.sort.filter(|sort| sort.column < view.width());
        self.order.forget_view();
        self.view = view;
    }
}

/// A line of a screen's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLine {
    /// Nothing.
    Blank,
    /// The name of a section.
    Title(usize),
    /// The titles of a section's columns.
    Columns(usize),
    /// A row: which section, and which of its visible rows.
    Row(usize, usize),
}

/// A stop in the history.
pub struct Screen {
    /// How it was opened.
    pub jump: Jump,
    /// The namespaces it shows.
    pub scope: Scope,
    /// Its views, top to bottom.
    pub sections: Vec<Section>,
    /// The filter, the last one that was understood.
    pub filter: Filter,
    /// Whether wide columns are shown.
    pub wide: bool,
    /// Whether columns of usage are shown, where metrics tell of the rows.
    pub usage: bool,
    /// The marked rows.
    pub marks: Marks,
    /// The row under the cursor, counted over all sections.
    pub cursor: usize,
    /// The first line of the body that is seen.
    pub offset: usize,
    /// How many columns after the name are scrolled away.
    pub skip: usize,
    /// The object under the cursor: the cursor follows it when rows move.
    pub held: Option<Shared>,
    /// The name of the object that the cursor goes to once its row is there, until a person moves it.
    pub sought: Option<String>,
}

impl Screen {
    /// Whether it shows several sections, each with its own titles.
    pub fn is_stacked(&self) -> bool {
        self.sections.len() > 1
    }

    /// How many rows are visible, over all sections.
    pub fn count(&self) -> usize {
        self.sections.iter().map(|section| section.order.visible().len()).sum()
    }

    /// How many rows there are, filtered or not. Rows of what is gone do not count.
    pub fn total(&self, store: &Store) -> usize {
        let tables = self.sections.iter().filter_map(|section| section.table(store));
        tables.map(Table::alive).sum()
    }

    /// Section and place of a visible row, counted over all sections.
    pub fn place_of(&self, mut flat: usize) -> Option<(usize, usize)> {
        for (at, section) in self.sections.iter().enumerate() {
            let count = section.order.visible().len();
            if flat < count {
                return Some((at, flat));
            }
            flat -= count;
        }
        None
    }

    /// A visible row.
    pub fn row<'a>(&self, store: &'a Store, section: usize, place: usize) -> Option<&'a Row> {
        let section = self.sections.get(section)?;
        let at = *section.order.visible().get(place)? as usize;
        section.table(store)?.rows().get(at)
    }

    /// The section of the row under the cursor, and the row.
    pub fn selected<'a>(&self, store: &'a Store) -> Option<(&Section, &'a Row)> {
        let (section, place) = self.place_of(self.cursor)?;
        Some((self.sections.get(section)?, self.row(store, section, place)?))
    }

    /// The section that the cursor is in; the first where there are no rows.
    pub fn section(&self) -> Option<&Section> {
        let at = self.place_of(self.cursor).map_or(0, |(section, _)| section);
        self.sections.get(at)
    }

    /// How many lines the body has: for one section the column titles stand above it and do not count.
    pub fn line_count(&self) -> usize {
        if !self.is_stacked() {
            return self.count();
        }
        let lines: usize = self.sections.iter().map(Section::height).sum();
        lines.saturating_sub(1)
    }

    /// A line of the body.
    pub fn line_at(&self, mut line: usize) -> BodyLine {
        if !self.is_stacked() {
            return if line < self.count() {
                BodyLine::Row(0, line)
            } else {
                BodyLine::Blank
            };
        }
        let shown = self.sections.iter().enumerate();
        for (at, section) in shown.filter(|(_, section)| !section.is_left_out) {
            let rows = section.order.visible().len();
            match line {
                0 => return BodyLine::Title(at),
                1 => return BodyLine::Columns(at),
                _ if line < rows + 2 => return BodyLine::Row(at, line - 2),
                _ if line < section.height() => return BodyLine::Blank,
                _ => line -= section.height(),
            }
        }
        BodyLine::Blank
    }

    /// The line of a visible row, counted over all sections.
    pub fn line_of(&self, flat: usize) -> usize {
        let Some((section, place)) = self.place_of(flat).filter(|_| self.is_stacked()) else {
            return flat;
        };
        let above: usize = self.sections.iter().take(section).map(Section::height).sum();
        above + 2 + place
    }

    /// The row, counted over all sections, of a section's place.
    pub fn flat_of(&self, section: usize, place: usize) -> usize {
        self.sections
            .iter()
            .take(section)
            .map(|section| section.order.visible().len())
            .sum::<usize>()
            + place
    }

    /// Puts the cursor on a row, or on the last, and scrolls so that it is seen in a body of this height.
    pub fn put_cursor(&mut self, flat: usize, store: &Store, height: usize) {
        self.cursor = flat.min(self.count().saturating_sub(1));
        self.held = self.selected(store).map(|(_, row)| row.object.clone());
        self.scroll(height);
    }

    /// Scrolls so that the cursor is seen.
    pub fn scroll(&mut self, height: usize) {
        let line = self.line_of(self.cursor);
        // The titles above the first row of a section are seen with it.
        let first = match self.place_of(self.cursor) {
            Some((_, 0)) if self.is_stacked() => line.saturating_sub(2),
            _ => line,
        };
        self.offset = self.offset.min(first);
        if height > 0 && line >= self.offset + height {
            self.offset = line + 1 - height;
        }
        self.offset = self
            .offset
            .min(self.line_count().saturating_sub(height.min(self.line_count())));
    }

    /// Brings the order of all sections up to date and lets the cursor follow its object.
    pub fn refresh(&mut self, store: &Store, clock: &Clock, height: usize) {
        let mut changed = false;
        for section in &mut self.sections {
            let Some(table) = section.watch.and_then(|watch| store.get(watch)) else {
                continue;
            };
            changed |= section
                .order
                .refresh(table, &*section.view, section.sort, &self.filter, clock);
        }
        changed |= self.leave_out(store);
        if !changed {
            return;
        }
        if let Some(flat) = self.sought.as_ref().and_then(|name| self.named(store, name)) {
            self.sought = None;
            self.put_cursor(flat, store, height);
        } else if let Some(flat) = self.held.as_ref().and_then(|held| self.find(store, &**held)) {
            self.cursor = flat;
            self.scroll(height);
        } else if self.is_filtering() {
            // The row may still come: the cursor waits for it on the first one.
            (self.cursor, self.offset) = (0, 0);
        } else {
            let flat = self.cursor;
            self.put_cursor(flat, store, height);
            // Which rows come first is chance until all have come: the cursor holds its place, not what is there now.
            if self.is_loading(store) {
                self.held = None;
            }
        }
    }

    /// Leaves out the sections in which there is nothing, unless there is nothing at all. Whether that changes anything.
    fn leave_out(&mut self, store: &Store) -> bool {
        let bare: Vec<bool> = self.sections.iter().map(|section| section.is_bare(store)).collect();
        let all = bare.iter().all(|bare| *bare);
        let mut changed = false;
        for (section, bare) in self.sections.iter_mut().zip(bare) {
            let left_out = bare && !all;
            changed |= std::mem::replace(&mut section.is_left_out, left_out) != left_out;
        }
        changed
    }

    /// Whether the filter has not looked at all rows yet.
    pub fn is_filtering(&self) -> bool {
        self.sections.iter().any(|section| section.order.is_filtering())
    }

    /// Whether a first list is still on its way.
    fn is_loading(&self, store: &Store) -> bool {
        let loading = |section: &Section| section.table(store).is_some_and(|table| !table.is_complete());
        self.sections.iter().any(loading)
    }

    /// Where the object of this name is, if it is visible.
    fn named(&self, store: &Store, name: &str) -> Option<usize> {
        let is = |row: &Row| &*row.object.meta().name == name && !row.is_gone();
        (0..self.count()).find(|flat| {
            let place = self.place_of(*flat);
            place
                .and_then(|(section, place)| self.row(store, section, place))
                .is_some_and(is)
        })
    }

    /// Where the object is now, if it is visible. The place under the cursor is tried first.
    fn find(&self, store: &Store, held: &dyn Object) -> Option<usize> {
        let is = |row: &Row| row.object.meta().uid == held.meta().uid && row.object.meta().name == held.meta().name;
        if self.selected(store).is_some_and(|(_, row)| is(row)) {
            return Some(self.cursor);
        }
        let mut before = 0;
        for section in &self.sections {
            let visible = section.order.visible();
            let place = section.table(store).and_then(|table| {
                let place = table.find(held)?;
                table.rows().get(place).is_some_and(is).then_some(place)
            });
            if let Some(at) = place.and_then(|place| visible.iter().position(|at| *at as usize == place)) {
                return Some(before + at);
            }
            before += visible.len();
        }
        None
    }
}
