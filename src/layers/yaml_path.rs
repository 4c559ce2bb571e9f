//! Which field a line of YAML is: the way to it from the object, lists left out.

use crate::core::text::Line;

/// The fields from the object down to the one that the line belongs to.
pub fn path(lines: &[Line], line: usize) -> Vec<String> {
    let mut reader = Reader::default();
    for line in lines.iter().take(line + 1) {
        reader.read(&line.text());
    }
    reader.open.into_iter().map(|(_, key)| key).collect()
}

#[derive(Default)]
struct Reader {
    /// The fields around this place, each with its column.
    open: Vec<(usize, String)>,
    /// The column of the field or element whose text stands in the lines below it.
    block: Option<usize>,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let mut rest = text.trim_start_matches(' ');
        let mut column = text.len() - rest.len();
        if self.block.is_some_and(|block| rest.is_empty() || column > block) {
            return;
        }
        self.block = None;
        let mut own = column;
        while let Some(element) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
            // A list stands in the column of its field.
            self.open.retain(|(open, _)| *open <= column);
            (own, column, rest) = (column, column + 2, element);
        }
        self.open.retain(|(open, _)| *open < column);
        match key(rest) {
            Some((key, value)) => {
                self.open.push((column, key));
                self.block = is_block(value).then_some(column);
            }
            None => self.block = is_block(rest).then_some(own),
        }
    }
}

/// The key of a line, and what follows it.
fn key(text: &str) -> Option<(String, &str)> {
    if let Some(quoted) = text.strip_prefix(['"', '\'']) {
        let quote = text.get(..1)?;
        let (key, rest) = quoted.split_once(quote)?;
        return Some((key.to_string(), rest.strip_prefix(':')?.trim_start()));
    }
    let (key, value) = text.split_once(": ").or_else(|| Some((text.strip_suffix(':')?, "")))?;
    Some((key.to_string(), value))
}

fn is_block(value: &str) -> bool {
    value.starts_with(['|', '>'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::yaml_text::write;

    #[test]
    fn every_line_knows_its_field() {
        let object = serde_json::json!({
            "apiVersion": "v1",
            "data": {"conf": "a: 1\n  b:\nc", "on": "x", "a.b/c": "y"},
            "spec": {"containers": [{"name": "c", "args": ["x: y", "two\nlines: 1"], "env": [{"name": "A", "value": "1"}], "ports": []}], "node": "n"},
        });
        let text = write(&object).unwrap();
        let lines: Vec<Line> = text.lines().map(|line| Line::plain(line.to_string())).collect();
        let at = |needle: &str| {
            let line = lines.iter().position(|line| line.text().contains(needle));
            path(&lines, line.unwrap_or_else(|| panic!("{needle} is not in {text}"))).join("/")
        };
        for (needle, wanted) in [
            ("apiVersion", "apiVersion"),
            ("conf", "data/conf"),
            ("b:", "data/conf"),
            ("a.b/c", "data/a.b/c"),
            ("\"on\"", "data/on"),
            ("containers", "spec/containers"),
            ("args", "spec/containers/args"),
            ("lines: 1", "spec/containers/args"),
            ("name: A", "spec/containers/env/name"),
            ("value", "spec/containers/env/value"),
            ("name: c", "spec/containers/name"),
            ("ports", "spec/containers/ports"),
            ("node", "spec/node"),
        ] {
            assert_eq!(at(needle), wanted, "{needle} in\n{text}");
        }
    }
}
