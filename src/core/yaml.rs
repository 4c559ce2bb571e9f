//! YAML that a person wrote: manifests, and objects that were edited.

use serde_json::Value;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1; 0 where nobody can tell.
    pub line: u64,
    /// What is wrong.
    pub why: String,
}

/// Reads one document as kubectl does, with the numbers and booleans of YAML 1.1: `0644` is octal. Aliases, depth and
/// size are bounded by the parser, so that a hostile text cannot fill the memory. Fails with the first mistake.
pub fn read(text: &str) -> Result<Value, Mistake> {
    let options = serde_yaml::options! { legacy_octal_numbers: true };
    serde_yaml::from_str_with_options(text, options).map_err(|error| Mistake {
        line: error.location().map_or(0, |at| at.line()),
        why: error.without_snippet().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_booleans_are_those_of_yaml_1_1() {
        assert_eq!(
            read("mode: 0644\non: yes\ntext: \"0644\"\n"),
            Ok(json!({"mode": 420, "on": true, "text": "0644"}))
        );
    }

    #[test]
    fn mistakes_have_a_line() {
        let mistake = read("a: 1\nb:\n  - c\n d: 2\n").unwrap_err();
        assert!(mistake.line >= 3, "{mistake:?}");
        assert_eq!(read("a: 1\na: 2\n").unwrap_err().line, 2);
    }

    #[test]
    fn aliases_cannot_fill_the_memory() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_string();
        for at in 1..12 {
            let before = at - 1;
            let names = vec![format!("*a{before}"); 9].join(", ");
            text.push_str(&format!("a{at}: &a{at} [{names}]\n"));
        }
        assert!(read(&text).is_err());
    }
}
