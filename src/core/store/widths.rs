//! How wide the cells of a table's columns are.

use super::Table;
use crate::core::clock::Clock;
use crate::core::view::{AnyView, ColumnMeta, Object, Shared, Width};

/// The widest that a column is ever made, in cells, however wide its texts and the screen are.
const WHOLE: u16 = 120;

impl Table {
    /// The widths of all rows' cells, for columns that are new.
    pub fn widen_all(&mut self, view: &dyn AnyView, clock: &Clock) {
        self.widths.clear();
        let rows: Vec<Shared> = self.rows.iter().map(|row| row.object.clone()).collect();
        for row in rows {
            self.widen(&*row, view, clock);
        }
    }

    /// The widths of the columns of another view of the same rows. Columns that `before` has too are as wide as they were:
    /// no key waits until the texts of all rows are made.
    pub fn widen_from(&mut self, before: &dyn AnyView, view: &dyn AnyView, clock: &Clock) {
        let kept = kept(before, view);
        let widths = |at: &Option<usize>| at.and_then(|at| self.widths.get(at).copied());
        let mut known: Vec<Option<u16>> = kept.iter().map(widths).collect();
        // Behind the columns: the namespace's.
        let namespace = self.widths.get(before.width()).copied();
        if namespace.is_none() {
            return self.widen_all(view, clock);
        }
        for (at, known) in known.iter_mut().enumerate().filter(|(_, known)| known.is_none()) {
            let rows = self.rows.iter();
            *known = Some(rows.fold(0, |width, row| fits(&*row.object, view, at, width, clock)));
        }
        self.widths = known.into_iter().chain([namespace]).flatten().collect();
    }

    /// Raises the columns' widths to those of this object's cells.
    pub(super) fn widen(&mut self, object: &dyn Object, view: &dyn AnyView, clock: &Clock) {
        self.widths.resize(view.width() + 1, 0);
        for (at, width) in self.widths.iter_mut().enumerate().take(view.width()) {
            *width = fits(object, view, at, *width, clock);
        }
        // Behind the columns: the namespace's.
        if let (Some(width), Some(namespace)) = (self.widths.last_mut(), object.meta().namespace.as_deref()) {
            *width = text_width(namespace).max(*width);
        }
    }
}

/// What a column has to be raised to so that an object's cell fits.
fn fits(object: &dyn Object, view: &dyn AnyView, column: usize, width: u16, clock: &Clock) -> u16 {
    let fits = match view.column(column).map(|column| column.width) {
        Some(Width::Age) => 6,
        Some(Width::Exact(wide)) => wide,
        // What is wider than its column is shown whole where the screen has room to spare.
        Some(Width::Fit(most) | Width::Marked(most)) if width < most.max(WHOLE) => {
            text_width(&view.cell(object, column, clock).text).min(most.max(WHOLE))
        }
        _ => width,
    };
    fits.max(width)
}

/// Where each column of a view stands in the one before. Columns that look the same may be different ones.
fn kept(before: &dyn AnyView, view: &dyn AnyView) -> Vec<Option<usize>> {
    let same = |view: &dyn AnyView, wanted: ColumnMeta| -> Vec<usize> {
        let is = |at: &usize| view.column(*at) == Some(wanted);
        (0..view.width()).filter(is).collect()
    };
    let place = |at: usize| {
        let wanted = view.column(at)?;
        match (&*same(before, wanted), &*same(view, wanted)) {
            ([earlier], [_]) => Some(*earlier),
            _ => None,
        }
    };
    (0..view.width()).map(place).collect()
}

/// The width of a text in cells.
pub fn text_width(text: &str) -> u16 {
    if text.is_ascii() {
        return u16::try_from(text.len()).unwrap_or(u16::MAX);
    }
    u16::try_from(unicode_width::UnicodeWidthStr::width(text)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::clock::Time;
    use crate::core::columns::Asked;
    use crate::core::extended::extend;
    use crate::core::store::Delta;
    use crate::views::REGISTRY;

    #[test]
    fn columns_that_come_and_go_leave_the_widths_of_the_others() {
        let clock = Clock::at(Time::UNIX_EPOCH);
        let pods = REGISTRY.view("pods").unwrap();
        let ask = |labels: &[&str], show_labels: bool| Asked {
            show_labels,
            labels: labels.iter().map(ToString::to_string).collect(),
            annotations: Vec::new(),
        };
        let raw = r#"{"metadata":{"name":"web-0","namespace":"shop","labels":{"app":"storefront","x/app":"s"}}}"#;
        let mut table = Table::default();
        table.fold(vec![Delta::Apply(pods.decode(raw).unwrap())], Some(&*pods), &clock);
        let mut before = pods.clone();
        // Two of these have the same title.
        for asked in [
            ask(&["app"], true),
            ask(&["app", "x/app"], false),
            ask(&["x/app"], false),
            ask(&[], false),
        ] {
            let (view, _) = extend(pods.clone(), &[], &asked);
            table.widen_from(&*before, &*view, &clock);
            let quick = table.widths.clone();
            table.widen_all(&*view, &clock);
            assert_eq!(quick, table.widths);
            before = view;
        }
    }
}
