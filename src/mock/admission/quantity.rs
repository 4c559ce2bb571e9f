//! Quantities: `500m`, `1.5Gi`, `1e3`; exact sums and the canonical form that the server writes.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

/// What the server says of a text that is no quantity.
pub const PATTERN: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// What the server says of a suffix that nobody knows.
const SUFFIX: &str = "unable to parse quantity's suffix";

/// In which family of suffixes a quantity is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `m`, `k`, `M`, ...
    #[default]
    Decimal,
    /// `Ki`, `Mi`, ...
    Binary,
    /// `e3`, `e6`, ...
    Exponent,
}

/// An exact quantity, in billionths.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

const NANO: i128 = 1_000_000_000;
const DECIMAL: [(&str, i128); 10] = [
    ("E", NANO * 1_000_000_000_000_000_000),
    ("P", NANO * 1_000_000_000_000_000),
    ("T", NANO * 1_000_000_000_000),
    ("G", NANO * 1_000_000_000),
    ("M", NANO * 1_000_000),
    ("k", NANO * 1000),
    ("", NANO),
    ("m", NANO / 1000),
    ("u", 1000),
    ("n", 1),
];
const BINARY: [(&str, u32); 6] = [("Ei", 60), ("Pi", 50), ("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];

impl Quantity {
    /// Reads a quantity; none for what is not one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    /// Reads what stands in an object; none for what is missing or no quantity.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        value.as_str().and_then(Self::read)
    }

    /// Reads a quantity, as `ParseQuantity`: a number and a suffix, either of which may be missing, but not both.
    ///
    /// # Errors
    /// The server's sentence for a text that is none, or whose suffix nobody knows.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (digits, suffix) = split(text).ok_or(PATTERN)?;
        let (unit, format) = unit(suffix).ok_or(SUFFIX)?;
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        Self::of(whole, part, unit, format, text.starts_with('-')).ok_or(PATTERN)
    }

    fn of(whole: &str, part: &str, unit: i128, format: Format, negative: bool) -> Option<Self> {
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let part_text: String = part.chars().take(12).collect();
        let scale = 10i128.checked_pow(u32::try_from(part_text.len()).ok()?)?;
        let part: i128 = if part_text.is_empty() {
            0
        } else {
            part_text.parse().ok()?
        };
        let fraction = part.checked_mul(unit)?;
        // What is finer than a billionth is rounded up, as the server rounds.
        let nanos = whole
            .checked_mul(unit)?
            .checked_add((fraction + scale - 1).div_euclid(scale))?;
        Some(Self {
            nanos: if negative { -nanos } else { nanos },
            format,
        })
    }

    /// The sum; the first one's format stays, unless it is zero.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let format = if self.nanos == 0 { other.format } else { self.format };
        Self {
            nanos: self.nanos.saturating_add(other.nanos),
            format,
        }
    }

    /// What is left of it when another is taken away.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let nanos = other.nanos.saturating_neg();
        self.plus(Self { nanos, ..other })
    }

    /// Rounded to thousandths, away from zero.
    #[must_use]
    pub fn thousandths(self) -> Self {
        const MILLI: i128 = NANO / 1000;
        let size = (self.nanos.abs() + MILLI - 1).div_euclid(MILLI).saturating_mul(MILLI);
        Self {
            nanos: size * self.nanos.signum(),
            ..self
        }
    }

    /// Whether it is a positive whole multiple of another one.
    #[must_use]
    pub fn is_multiple_of(self, other: Self) -> bool {
        other.nanos > 0 && self.nanos > 0 && self.nanos % other.nanos == 0
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.nanos % NANO == 0
    }

    /// A plain number.
    #[must_use]
    pub fn whole(number: i64) -> Self {
        Self {
            nanos: i128::from(number) * NANO,
            format: Format::Decimal,
        }
    }

    /// The value as a floating-point number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.nanos as f64 / NANO as f64
    }
}

/// The digits, without a sign, and the suffix of a quantity; none if it has another form.
fn split(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    let signless = text.strip_prefix(['+', '-']).unwrap_or(text);
    let letters = |text: &str, fits: fn(char) -> bool| text.find(|c| !fits(c)).unwrap_or(text.len());
    let mut end = letters(signless, |c| c.is_ascii_digit());
    if let Some(part) = signless.get(end..).and_then(|rest| rest.strip_prefix('.')) {
        end += 1 + letters(part, |c| c.is_ascii_digit());
    }
    let (number, suffix) = signless.split_at_checked(end)?;
    let rest = suffix.get(letters(suffix, |c| "eEinumkKMGTP".contains(c))..)?;
    let power = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    power
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some((number, suffix))
}

/// The factor of a suffix, in billionths.
fn unit(suffix: &str) -> Option<(i128, Format)> {
    if let Some((_, unit)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
        return Some((*unit, Format::Decimal));
    }
    if let Some((_, shift)) = BINARY.iter().find(|(known, _)| *known == suffix) {
        return Some((NANO << shift, Format::Binary));
    }
    let power: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    let unit = if power >= 0 {
        NANO.checked_mul(10i128.checked_pow(power.unsigned_abs())?)?
    } else {
        NANO / 10i128.checked_pow(power.unsigned_abs())?
    };
    Some((unit, Format::Exponent))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return f.write_str("0");
        }
        let binary = self.format == Format::Binary && self.nanos.abs() >= 1024 * NANO && self.nanos % NANO == 0;
        if binary {
            let (name, unit) = BINARY
                .iter()
                .map(|(name, shift)| (*name, NANO << shift))
                .find(|(_, unit)| self.nanos % unit == 0)
                .unwrap_or(("", NANO));
            return write!(f, "{}{name}", self.nanos / unit);
        }
        let (name, unit) = DECIMAL
            .iter()
            .find(|(_, unit)| self.nanos % unit == 0)
            .copied()
            .unwrap_or(("n", 1));
        let power = [("E", 18), ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3)];
        match power.iter().find(|(known, _)| *known == name) {
            Some((_, power)) if self.format == Format::Exponent => write!(f, "{}e{power}", self.nanos / unit),
            _ => write!(f, "{}{name}", self.nanos / unit),
        }
    }
}

/// The value of a quantity's text.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    Quantity::read(text).map(Quantity::value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_canonically() {
        for (text, canonical) in [
            ("0.8", "800m"),
            ("1200m", "1200m"),
            ("1.2", "1200m"),
            ("1000m", "1"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("1500M", "1500M"),
            ("1000k", "1M"),
            ("0", "0"),
            ("100", "100"),
            ("1000", "1k"),
            ("1e3", "1e3"),
            ("512", "512"),
            ("0.5Ki", "512"),
            ("-1", "-1"),
            ("5n", "5n"),
        ] {
            assert_eq!(
                Quantity::read(text).map(|q| q.to_string()).as_deref(),
                Some(canonical),
                "{text}"
            );
        }
        for wrong in ["lots", "", "1x", "1.2.3", "1 Gi", "1GiB", "0x1"] {
            assert_eq!(Quantity::parse(wrong), Err(PATTERN), "{wrong}");
        }
        for wrong in ["1K", "1e", "--1", "1mm", "100mi", "1Gi5"] {
            assert_eq!(Quantity::parse(wrong), Err(SUFFIX), "{wrong}");
        }
        for (fine, whole) in [("0.0001", "1m"), ("-0.0001", "-1m"), ("1.5", "1500m"), ("M", "0")] {
            let rounded = Quantity::read(fine).unwrap().thousandths();
            assert_eq!(rounded.to_string(), whole, "{fine}");
        }
    }
}
