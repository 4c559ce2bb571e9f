//! Reading quantities, as `ParseQuantity` in Kubernetes' apimachinery.

use super::canonical::canonical;
use super::{Family, Istr, NANO, Quantity, QuantityError};

/// The digits that an `i64` surely holds: with no more of them, Kubernetes takes its fast way.
const FAST_DIGITS: i32 = 18;

/// A quantity's parts.
struct Parts<'t> {
    negative: bool,
    /// The digits before the point, without leading zeros.
    whole: &'t str,
    /// The digits after the point.
    fraction: &'t str,
    base: u32,
    exponent: i32,
    family: Family,
}

pub(super) fn parse(text: &str) -> Result<Quantity, QuantityError> {
    let parts = split(text)?;
    let mut nano = parts.magnitude();
    if parts.family == Family::BinarySi {
        nano = nano.min(i128::from(i64::MAX) * NANO);
    }
    if parts.negative {
        nano = -nano;
    }
    let family = parts.family_of(nano);
    let kept = (parts.is_kept() && nano != 0 && canonical(nano, family) != text).then(|| Istr::new(text));
    Ok(Quantity { nano, family, kept })
}

fn split(text: &str) -> Result<Parts<'_>, QuantityError> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits(unsigned);
    let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
    if text.is_empty() || (whole.is_empty() && fraction.is_empty()) {
        return Err(QuantityError::Format);
    }
    let (base, exponent, family) = read_suffix(suffix).ok_or_else(|| wrong_suffix(suffix))?;
    Ok(Parts {
        negative: text.starts_with('-'),
        whole: whole.trim_start_matches('0'),
        fraction,
        base,
        exponent,
        family,
    })
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

fn wrong_suffix(suffix: &str) -> QuantityError {
    if suffix.chars().all(|c| "eEinumkKMGTP+-0123456789".contains(c)) {
        QuantityError::Suffix
    } else {
        QuantityError::Format
    }
}

fn read_suffix(suffix: &str) -> Option<(u32, i32, Family)> {
    let decimal = |exponent| Some((10, exponent, Family::DecimalSi));
    let binary = |exponent| Some((2, exponent, Family::BinarySi));
    match suffix {
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "" => decimal(0),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        "Pi" => binary(50),
        "Ei" => binary(60),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            Some((10, exponent, Family::DecimalExponent))
        }
    }
}

impl Parts<'_> {
    /// The amount without its sign in billionths, rounded up, cut to what fits.
    fn magnitude(&self) -> i128 {
        let mut mantissa: u128 = 0;
        // Billionths, and as many decimal places less as there are digits after the point.
        let mut scale = 9 + if self.base == 10 { self.exponent } else { 0 };
        for digit in self.whole.bytes().chain(self.fraction.bytes()) {
            mantissa = mantissa.saturating_mul(10).saturating_add(u128::from(digit - b'0'));
        }
        scale = scale.saturating_sub(i32::try_from(self.fraction.len()).unwrap_or(i32::MAX));
        if self.base == 2 {
            mantissa = mantissa.saturating_mul(1 << self.exponent);
        }
        i128::try_from(shift(mantissa, scale)).unwrap_or(i128::MAX)
    }

    /// A binary quantity below one is written with decimal suffixes.
    fn family_of(&self, nano: i128) -> Family {
        if self.family == Family::BinarySi && nano != 0 && nano.abs() < NANO {
            Family::DecimalSi
        } else {
            self.family
        }
    }

    /// Whether Kubernetes keeps the text as written: on its fast way, a text that looks canonical.
    fn is_kept(&self) -> bool {
        let (whole, fraction) = (self.whole.len().max(1), self.fraction.len());
        let (Ok(whole), Ok(fraction)) = (i32::try_from(whole), i32::try_from(fraction)) else {
            return false;
        };
        if self.family == Family::BinarySi {
            let room = 15 - whole - self.exponent * 3 / 10 - 1;
            let odd_enough = self.whole.parse::<i64>().is_ok_and(|value| value & 7 != 0);
            return fraction == 0 && room >= 0 && odd_enough;
        }
        let scale = self.exponent.saturating_sub(fraction);
        let round = [self.whole, self.fraction].concat().ends_with("000");
        whole.saturating_add(fraction) <= FAST_DIGITS
            && scale >= -9
            && scale % 3 == 0
            && !round
            && !self.whole.is_empty()
    }
}

/// `mantissa` × 10^`scale`, rounded up, cut to what fits.
fn shift(mantissa: u128, scale: i32) -> u128 {
    let Some(power) = 10_u128.checked_pow(scale.unsigned_abs()) else {
        return match (mantissa, scale) {
            (0, _) => 0,
            (_, ..0) => 1,
            _ => u128::MAX,
        };
    };
    if scale < 0 {
        mantissa.div_ceil(power)
    } else {
        mantissa.saturating_mul(power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_quantity_is_refused() {
        for (text, error) in [
            ("", QuantityError::Format),
            ("-", QuantityError::Format),
            ("1 Gi", QuantityError::Format),
            ("1.2.3", QuantityError::Format),
            ("much", QuantityError::Format),
            ("1K", QuantityError::Suffix),
            ("1mi", QuantityError::Suffix),
            ("1e", QuantityError::Suffix),
            ("1e99999999999", QuantityError::Suffix),
        ] {
            assert_eq!(parse(text).unwrap_err(), error, "{text:?}");
        }
    }

    #[test]
    fn enormous_and_tiny_amounts_are_cut() {
        assert_eq!(parse("1e2000000000").unwrap().nano, i128::MAX);
        assert_eq!(parse("1e-2000000000").unwrap().nano, 1);
        assert_eq!(parse("0e2000000000").unwrap().nano, 0);
        assert_eq!(parse(&"9".repeat(80)).unwrap().nano, i128::MAX);
        assert_eq!(parse("16Ei").unwrap().to_string(), "9223372036854775807");
    }
}
