//! Amounts of resources: `100m`, `1500M`, `2Gi`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::Istr;

mod canonical;
mod parse;

/// An amount of a resource, exact to 10⁻⁹, with the family of suffixes in which it was written: Kubernetes'
/// `resource.Quantity`. Amounts beyond 1.7 × 10²⁹ are cut to that.
#[derive(Clone, Debug, Default)]
pub struct Quantity {
    /// In billionths.
    nano: i128,
    family: Family,
    /// The text as it was written, where Kubernetes keeps it although it is not the canonical one (`1.500`).
    kept: Option<Istr>,
}

/// A family of suffixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Family {
    /// `12e6`.
    DecimalExponent,
    /// `12Mi`, 12 × 2²⁰.
    BinarySi,
    /// `12M`, 12 × 10⁶.
    #[default]
    DecimalSi,
}

/// Billionths in one.
const NANO: i128 = 1_000_000_000;

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// It is not a number with a suffix.
    #[error("a quantity is a number with an optional suffix, such as 500m, 2 or 1.5Gi")]
    Format,
    /// The suffix is unknown.
    #[error("a quantity's suffix is one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent such as e3")]
    Suffix,
}

impl Quantity {
    /// Reads a quantity, as `ParseQuantity` in Kubernetes' apimachinery: what is finer than 10⁻⁹ is rounded away from zero.
    ///
    /// # Errors
    /// [`QuantityError`] if `text` is no number or has an unknown suffix.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        parse::parse(text)
    }

    /// The amount of thousandths, rounded up, as `MilliValue`: milli-CPUs. Cut to what an `i64` holds.
    pub fn milli(&self) -> i64 {
        self.scaled(NANO / 1000)
    }

    /// The amount in whole units, rounded up, as `Value`: bytes. Cut to what an `i64` holds.
    pub fn value(&self) -> i64 {
        self.scaled(NANO)
    }

    /// Whether this is nothing.
    pub fn is_zero(&self) -> bool {
        self.nano == 0
    }

    /// The amount as a number, for ratios; inexact beyond 15 digits.
    pub fn as_f64(&self) -> f64 {
        self.nano as f64 / NANO as f64
    }

    /// The sum, in this quantity's family of suffixes; in the other's if this is zero.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            nano: self.nano.saturating_add(other.nano),
            family: if self.is_zero() { other.family } else { self.family },
            kept: None,
        }
    }

    /// Rounds up like Kubernetes: away from zero.
    fn scaled(&self, unit: i128) -> i64 {
        let whole = self.nano / unit + (self.nano % unit).signum();
        i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX })
    }
}

impl PartialEq for Quantity {
    /// Amounts are compared, not how they are written: `1` is `1000m`.
    fn eq(&self, other: &Self) -> bool {
        self.nano == other.nano
    }
}

impl Eq for Quantity {}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nano.hash(state);
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano.cmp(&other.nano)
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Quantity {
    /// As `Quantity.String()` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kept {
            Some(text) => f.pad(text),
            None => f.pad(&canonical::canonical(self.nano, self.family)),
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuantityVisitor)
    }
}

struct QuantityVisitor;

impl Visitor<'_> for QuantityVisitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity: a string such as \"500m\", or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Quantity, E> {
        Quantity::parse(text.trim()).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn q(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn quantities_have_values() {
        for (text, milli, value) in [
            ("0", 0, 0),
            ("100m", 100, 1),
            ("1", 1000, 1),
            ("1.5", 1500, 2),
            ("2Gi", 2_147_483_648_000, 2_147_483_648),
            ("-1500m", -1500, -2),
            ("1n", 1, 1),
            ("1e3", 1_000_000, 1000),
            ("8Ei", i64::MAX, i64::MAX),
        ] {
            assert_eq!((q(text).milli(), q(text).value()), (milli, value), "{text}");
        }
    }

    #[test]
    fn quantities_are_compared_by_amount_and_added() {
        assert_eq!(q("1"), q("1000m"));
        assert!(q("1Gi") > q("1G"));
        assert_eq!(q("100m").plus(&q("1")).to_string(), "1100m");
        assert_eq!(q("0").plus(&q("1Gi")).to_string(), "1Gi");
        assert_eq!(q("512Mi").plus(&q("512Mi")).to_string(), "1Gi");
    }

    #[test]
    fn numbers_are_quantities_too() {
        let read: Vec<Quantity> = serde_json::from_str(r#"["1", 2, -3, 0.5]"#).unwrap();
        let printed: Vec<_> = read.iter().map(ToString::to_string).collect();
        assert_eq!(printed, ["1", "2", "-3", "500m"]);
        assert!(serde_json::from_str::<Quantity>("\"much\"").is_err());
    }

    proptest! {
        #[test]
        fn printing_keeps_the_amount(number in -10_000_000_i64..10_000_000, places in 0_u32..4,
                suffix in "|n|u|m|k|M|G|T|P|Ki|Mi|Gi|Ti|e3|e-3|E2") {
            let text = format!("{}{suffix}", number as f64 / 10_f64.powi(places as i32));
            let read = q(&text);
            let printed = read.to_string();
            prop_assert_eq!(&q(&printed), &read, "{} printed as {}", text, printed);
            let canonical = canonical::canonical(read.nano, read.family);
            // What no power of 1024 divides is printed without a suffix, which is read as a decimal amount: as Go has it.
            let decimal = read.family == Family::BinarySi && canonical.ends_with(|last: char| last.is_ascii_digit());
            prop_assert!(decimal || q(&canonical).to_string() == canonical, "{} is stable", canonical);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.eEinumkKMGTP ]{0,12}|\\PC{0,12}") {
            if let Ok(read) = Quantity::parse(&text) {
                let _ = (read.to_string(), read.milli(), read.value());
            }
        }

        #[test]
        fn adding_is_commutative_in_amount(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (q(&format!("{a}m")), q(&b.to_string()));
            prop_assert_eq!(a.plus(&b), b.plus(&a));
        }
    }
}
