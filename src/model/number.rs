//! Numbers out of JSON as Go writes them.

use serde_json::Number;

/// A number as Go's `%v` writes it, once apimachinery has read it: whole ones that fit 64 bits in digits; all others as
/// floats, the shortest text, with an exponent below 10^-4 and from 10^6 on.
pub fn number_text(number: &Number) -> String {
    if number.is_i64() {
        return number.to_string();
    }
    let float = number.as_f64().unwrap_or_default();
    let text = format!("{float:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&power) {
        return float.to_string();
    }
    let sign = if power < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", power.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_go_prints_them() {
        for (json, text) in [
            ("3", "3"),
            ("-12345678901", "-12345678901"),
            ("2.0", "2"),
            ("0.0", "0"),
            ("0.00012", "0.00012"),
            ("0.00001", "1e-05"),
            ("1e-7", "1e-07"),
            ("999999.5", "999999.5"),
            ("1000000.0", "1e+06"),
            ("123456789.125", "1.23456789125e+08"),
            ("-1e21", "-1e+21"),
            ("18446744073709551615", "1.8446744073709552e+19"),
        ] {
            assert_eq!(number_text(&serde_json::from_str(json).unwrap()), text, "{json}");
        }
    }
}
