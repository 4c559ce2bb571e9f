//! The way of a number in a few cells: a sparkline.

const BLOCKS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// A line of so many cells, the newest number at the right end; spaces where there was none yet. The largest number is
/// not drawn full, so that what does not change is a calm line.
pub fn line(numbers: impl Iterator<Item = f64>, width: usize) -> String {
    let numbers: Vec<f64> = numbers.collect();
    let shown = numbers.get(numbers.len().saturating_sub(width)..).unwrap_or_default();
    // One point is no way.
    if shown.len() < 2 {
        return " ".repeat(width);
    }
    let top = shown.iter().copied().fold(0.0, f64::max) * 1.25;
    let mut out = " ".repeat(width - shown.len());
    for number in shown {
        let at = if top > 0.0 { (number / top * 8.0) as usize } else { 0 };
        out.push_str(BLOCKS.get(at).copied().unwrap_or("█"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stands_at_the_right() {
        for (numbers, drawn) in [
            (vec![], "    "),
            (vec![7.0], "    "),
            (vec![0.0, 0.0], "  ▁▁"),
            (vec![5.0, 5.0], "  ▇▇"),
            (vec![9.0, 0.0, 2.0, 4.0, 8.0], "▁▂▄▇"),
            (vec![f64::NAN, -1.0], "  ▁▁"),
        ] {
            assert_eq!(line(numbers.clone().into_iter(), 4), drawn, "{numbers:?}");
        }
    }
}
