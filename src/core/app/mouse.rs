//! Wheel and clicks.

use super::App;
use crate::core::command::Command;
use crate::core::key::{Mouse, MouseAct};
use crate::core::layer::{Input, Next, Place};
use crate::core::layout;
use crate::core::screen::BodyLine;

/// How many rows the wheel moves.
const WHEEL: usize = 3;

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse) {
        self.dirty = true;
        if self.mouse_of_layer(mouse) {
            return;
        }
        match mouse.act {
            MouseAct::WheelUp => (0..WHEEL).for_each(|_| self.input(Input::Command(Command::Up))),
            MouseAct::WheelDown => (0..WHEEL).for_each(|_| self.input(Input::Command(Command::Down))),
            MouseAct::Click => match self.layers.last().map(|layer| layer.place()) {
                None => self.click(mouse),
                Some(Place::Title) => {}
                Some(place) => self.click_layer(mouse, place),
            },
        }
    }

    /// Hands the mouse to the topmost layer, its place told in the layer's own lines. Answers whether that used it.
    fn mouse_of_layer(&mut self, mouse: Mouse) -> bool {
        let Some(place) = self.layers.last().map(|layer| layer.place()) else {
            return false;
        };
        let (left, top) = match place {
            Place::Full => (1, self.lines().body),
            Place::Whole => (0, 0),
            Place::Over(_) | Place::Title => return false,
        };
        let space = self.space(place);
        let (Some(x), Some(y)) = (mouse.x.checked_sub(left), mouse.y.checked_sub(top)) else {
            return false;
        };
        if x >= space.width || y >= space.height {
            return false;
        }
        let Some(mut layer) = self.layers.pop() else {
            return false;
        };
        let next = layer.mouse(Mouse { x, y, ..mouse }, &self.layer_cx(&*layer));
        self.layers.push(layer);
        let used = !matches!(next, Next::Ignored);
        self.follow(next);
        used
    }

    fn click_layer(&mut self, mouse: Mouse, place: Place) {
        let space = self.space(place);
        let top = match place {
            Place::Full => self.lines().body,
            Place::Whole => 0,
            _ => layout::over(self.size, space).1 + 1,
        };
        if let Some(line) = mouse.y.checked_sub(top).filter(|line| *line < space.height) {
            self.input(Input::Click(usize::from(line)));
        }
    }

    fn click(&mut self, mouse: Mouse) {
        let table = self.split().table;
        let Some(screen) = self.screen() else { return };
        let Some(line) = mouse
            .y
            .checked_sub(table.y)
            .map(usize::from)
            .filter(|_| mouse.y < table.y + table.height && mouse.x < table.width)
        else {
            return;
        };
        let at = match (screen.is_stacked(), line) {
            (false, 0) => BodyLine::Columns(0),
            (false, line) => screen.line_at(screen.offset + line - 1),
            (true, line) => screen.line_at(screen.offset + line),
        };
        match at {
            BodyLine::Columns(section) => self.click_title(section, mouse.x),
            BodyLine::Row(section, place) => {
                let flat = screen.flat_of(section, place);
                let (again, height) = (flat == screen.cursor, self.body_height());
                if let Some(screen) = self.screens.get_mut(self.at) {
                    screen.sought = None;
                    screen.put_cursor(flat, &self.store, height);
                }
                if again {
                    self.input(Input::Command(Command::Enter));
                }
            }
            BodyLine::Blank | BodyLine::Title(_) => {}
        }
    }

    fn click_title(&mut self, section: usize, x: u16) {
        let Some(screen) = self.screen() else { return };
        let Some(section) = screen.sections.get(section) else {
            return;
        };
        let Some(table) = section.table(&self.store) else {
            return;
        };
        let namespaces = screen.scope.single().is_none();
        let slots = layout::slots(
            table,
            &*section.view,
            screen.wide,
            namespaces,
            self.split().table.width,
            screen.skip,
        );
        let hit = slots
            .iter()
            .rev()
            .find(|slot| x + layout::MARK * u16::from(slot.marked) >= slot.x);
        if let Some(column) = hit.and_then(|slot| slot.column) {
            self.sort_column(column);
        }
    }
}
