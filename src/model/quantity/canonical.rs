//! Writing quantities in their canonical form, as `CanonicalizeBytes` in Kubernetes' apimachinery.

use super::{Family, NANO};

/// `nano` billionths in the suffixes of `family`: no fraction, the largest suffix that leaves a whole number.
pub(super) fn canonical(nano: i128, family: Family) -> String {
    if nano == 0 {
        return "0".to_owned();
    }
    match family {
        Family::BinarySi if nano.abs() >= 1024 * NANO && nano % NANO == 0 => binary(nano / NANO),
        Family::DecimalExponent => decimal(nano, exponent_suffix),
        _ => decimal(nano, si_suffix),
    }
}

fn binary(mut value: i128) -> String {
    let mut suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter();
    let mut suffix = suffixes.next().copied().unwrap_or_default();
    while value % 1024 == 0 {
        let Some(next) = suffixes.next() else { break };
        value /= 1024;
        suffix = next;
    }
    format!("{value}{suffix}")
}

fn decimal(mut value: i128, suffix: fn(i32) -> String) -> String {
    let mut exponent = -9;
    // Three zeros at a time: the exponent stays a multiple of three.
    while value % 1000 == 0 {
        value /= 1000;
        exponent += 3;
    }
    format!("{value}{}", suffix(exponent))
}

fn exponent_suffix(exponent: i32) -> String {
    if exponent == 0 {
        String::new()
    } else {
        format!("e{exponent}")
    }
}

fn si_suffix(exponent: i32) -> String {
    match exponent {
        -9 => "n".to_owned(),
        -6 => "u".to_owned(),
        -3 => "m".to_owned(),
        3 => "k".to_owned(),
        6 => "M".to_owned(),
        9 => "G".to_owned(),
        12 => "T".to_owned(),
        15 => "P".to_owned(),
        18 => "E".to_owned(),
        // There is no suffix beyond exa.
        exponent => exponent_suffix(exponent),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Quantity;

    #[test]
    fn quantities_print_as_kubernetes_prints_them() {
        for (text, printed) in [
            ("0", "0"),
            ("0Gi", "0"),
            ("-0", "0"),
            ("00", "0"),
            ("1", "1"),
            ("1000m", "1"),
            ("100m", "100m"),
            ("0.1", "100m"),
            ("1.5", "1500m"),
            ("1500", "1500"),
            ("1500M", "1500M"),
            ("1000M", "1G"),
            ("2000000", "2M"),
            ("1Gi", "1Gi"),
            ("1024Mi", "1Gi"),
            ("512Mi", "512Mi"),
            ("0.5Gi", "512Mi"),
            ("0.1Gi", "107374182400m"),
            ("1000Ki", "1000Ki"),
            ("1023Ki", "1023Ki"),
            ("0.5Ki", "512"),
            ("609062.5Ki", "623680000"),
            ("0.0001Ki", "102400u"),
            ("12e6", "12e6"),
            ("12000e3", "12e6"),
            ("1e-3", "1e-3"),
            ("1E", "1E"),
            ("1e0", "1e0"),
            ("1u", "1u"),
            ("0.1n", "1n"),
            ("-1.1n", "-2n"),
            ("-1Gi", "-1Gi"),
            (".5", "500m"),
            ("5.", "5."),
            ("1.500", "1.500"),
            ("1.5000", "1500m"),
            ("+3", "+3"),
            ("08Gi", "8Gi"),
            ("09Gi", "09Gi"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), printed, "{text}");
        }
    }
}
