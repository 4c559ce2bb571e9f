//! JSON as Go's `encoding/json` reads it: the words of its errors, and fields that stand twice.

use serde_json::{Map, Number, Value};

use super::path::child;

/// What a text holds, and the paths of fields that stand twice in it.
#[derive(Debug, Default)]
pub struct Read {
    /// The value; of two equal fields the last one counts, and two objects become one.
    pub value: Value,
    /// Paths as the strict decoder writes them: `spec.containers[0].image`.
    pub duplicates: Vec<String>,
}

impl Read {
    /// What the strict decoder says of fields that stand twice.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let told = self.duplicates.iter().map(|path| format!("duplicate field {path:?}"));
        told.collect()
    }
}

/// The depth at which this reader stops, so that its own stack holds; Go's stops at 10,000.
const DEEPEST: usize = 500;

/// How many fields that stand twice are told, as the strict decoder of sigs.k8s.io/json has it.
const MOST: usize = 100;

/// Reads JSON.
///
/// # Errors
/// What `json.Unmarshal` says: `invalid character 'x' looking for beginning of value`.
pub fn read(bytes: &[u8]) -> Result<Read, String> {
    let mut reader = Reader {
        bytes,
        at: 0,
        depth: 0,
        duplicates: Vec::new(),
    };
    let value = reader.value("")?;
    reader.space();
    match reader.peek() {
        Some(byte) => Err(odd(byte, "after top-level value")),
        None => Ok(Read {
            value,
            duplicates: reader.duplicates,
        }),
    }
}

/// What JSON calls the type of a value.
#[must_use]
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

const END: &str = "unexpected end of JSON input";

fn odd(byte: u8, place: &str) -> String {
    let shown = match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => {
            let quoted = super::print::quote(&char::from(byte).to_string());
            format!("'{}'", quoted.trim_matches('"'))
        }
    };
    format!("invalid character {shown} {place}")
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    duplicates: Vec<String>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        {
            self.at += 1;
        }
    }

    fn next(&mut self) -> Result<u8, String> {
        let byte = self.peek().ok_or(END)?;
        self.at += 1;
        Ok(byte)
    }

    fn value(&mut self, path: &str) -> Result<Value, String> {
        self.space();
        match self.next()? {
            b'{' => self.nested(|reader| reader.object(path)),
            b'[' => self.nested(|reader| reader.array(path)),
            b'"' => self.string().map(Value::String),
            b't' => self.literal("true", Value::Bool(true)),
            b'f' => self.literal("false", Value::Bool(false)),
            b'n' => self.literal("null", Value::Null),
            byte if byte == b'-' || byte.is_ascii_digit() => self.number(byte),
            byte => Err(odd(byte, "looking for beginning of value")),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("exceeded max depth".to_owned());
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self, path: &str) -> Result<Value, String> {
        let mut map = Map::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(map));
        }
        loop {
            self.space();
            match self.next()? {
                b'"' => {}
                byte => return Err(odd(byte, "looking for beginning of object key string")),
            }
            let key = self.string()?;
            self.space();
            match self.next()? {
                b':' => {}
                byte => return Err(odd(byte, "after object key")),
            }
            let inside = child(path, &key);
            let value = self.value(&inside)?;
            self.put(&mut map, key, value, inside);
            self.space();
            match self.next()? {
                b',' => {}
                b'}' => return Ok(Value::Object(map)),
                byte => return Err(odd(byte, "after object key:value pair")),
            }
        }
    }

    /// Go decodes a second object into the first; any other second value replaces the first.
    fn put(&mut self, map: &mut Map<String, Value>, key: String, value: Value, path: String) {
        match (map.get_mut(&key), value) {
            (None, value) => {
                map.insert(key, value);
                return;
            }
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
            (Some(old), value) => *old = value,
        }
        if self.duplicates.len() < MOST && !self.duplicates.contains(&path) {
            self.duplicates.push(path);
        }
    }

    fn array(&mut self, path: &str) -> Result<Value, String> {
        let mut list = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(list));
        }
        loop {
            let value = self.value(&format!("{path}[{}]", list.len()))?;
            list.push(value);
            self.space();
            match self.next()? {
                b',' => {}
                b']' => return Ok(Value::Array(list)),
                byte => return Err(odd(byte, "after array element")),
            }
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for wanted in word.bytes().skip(1) {
            let byte = self.next()?;
            if byte != wanted {
                let place = format!("in literal {word} (expecting '{}')", char::from(wanted));
                return Err(odd(byte, &place));
            }
        }
        Ok(value)
    }

    fn string(&mut self) -> Result<String, String> {
        let start = self.at;
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => self.escape()?,
                byte if byte < 0x20 => return Err(odd(byte, "in string literal")),
                _ => {}
            }
        }
        let raw = self.bytes.get(start - 1..self.at).unwrap_or_default();
        // Lone surrogates and broken UTF-8 become the replacement character, as Go has it.
        Ok(serde_json::from_slice(raw).unwrap_or_else(|_| String::from_utf8_lossy(raw).trim_matches('"').to_owned()))
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.next()? {
            b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => Ok(()),
            b'u' => {
                for _ in 0..4 {
                    let byte = self.next()?;
                    if !byte.is_ascii_hexdigit() {
                        return Err(odd(byte, "in \\u hexadecimal character escape"));
                    }
                }
                Ok(())
            }
            byte => Err(odd(byte, "in string escape code")),
        }
    }

    fn number(&mut self, first: u8) -> Result<Value, String> {
        let start = self.at - 1;
        let mut digit = first;
        if first == b'-' {
            digit = self.next()?;
            if !digit.is_ascii_digit() {
                return Err(odd(digit, "in numeric literal"));
            }
        }
        if digit != b'0' {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.one_digit("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.one_digit("in exponent of numeric literal")?;
        }
        let raw = self.bytes.get(start..self.at).unwrap_or_default();
        let number: Option<Number> = serde_json::from_slice(raw).ok();
        Ok(number.map_or(Value::Null, Value::Number))
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
    }

    fn one_digit(&mut self, place: &str) -> Result<(), String> {
        let byte = self.next()?;
        if !byte.is_ascii_digit() {
            return Err(odd(byte, place));
        }
        self.digits();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_have_the_words_of_go() {
        for (text, said) in [
            ("", "unexpected end of JSON input"),
            ("{", "unexpected end of JSON input"),
            ("x", "invalid character 'x' looking for beginning of value"),
            ("{\"a\":}", "invalid character '}' looking for beginning of value"),
            (
                "{a: 1}",
                "invalid character 'a' looking for beginning of object key string",
            ),
            (
                "{\"a\":1,}",
                "invalid character '}' looking for beginning of object key string",
            ),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            (
                "{\"a\":1 \"b\":2}",
                "invalid character '\"' after object key:value pair",
            ),
            ("[1 2]", "invalid character '2' after array element"),
            ("{}{}", "invalid character '{' after top-level value"),
            ("trux", "invalid character 'x' in literal true (expecting 'e')"),
            ("\"a\nb\"", "invalid character '\\n' in string literal"),
            ("\"\\x\"", "invalid character 'x' in string escape code"),
            ("-x", "invalid character 'x' in numeric literal"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("'a'", "invalid character '\\'' looking for beginning of value"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), said, "{text}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9f64).prop_map(Value::from),
            "\\PC{0,9}|[\"\\\\/\n\t\u{1}]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map("\\PC{0,5}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_json_is_read_as_it_is(value in any_json(), wide: bool) {
            let text = if wide { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let text = text.unwrap();
            let read = read(text.as_bytes()).unwrap();
            prop_assert_eq!(read.value, serde_json::from_str::<Value>(&text).unwrap());
            prop_assert!(read.duplicates.is_empty());
        }

        #[test]
        fn what_is_no_json_is_refused(text in "[\\[\\]{}:,\"\\\\u0-9a-f.eE+ \n-]{0,24}") {
            let plain = serde_json::from_str::<Value>(&text).is_ok();
            // Lone surrogates and numbers beyond all bounds are JSON for Go.
            prop_assert!(!plain || read(text.as_bytes()).is_ok(), "{}", text);
            if read(text.as_bytes()).is_ok() && !plain {
                prop_assert!(text.contains("\\u") || text.contains(['e', 'E']), "{}", text);
            }
        }

        #[test]
        fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }

    #[test]
    fn nothing_is_too_deep_and_not_all_that_stands_twice_is_told() {
        assert_eq!(read("[".repeat(100_000).as_bytes()).unwrap_err(), "exceeded max depth");
        let many: Vec<String> = (0..300).map(|at| format!("\"{0}\":1,\"{0}\":2", at)).collect();
        assert_eq!(
            read(format!("{{{}}}", many.join(",")).as_bytes())
                .unwrap()
                .duplicates
                .len(),
            MOST
        );
    }

    #[test]
    fn the_last_of_equal_fields_counts_and_is_told() {
        let read = read(br#"{"m": {"a": 1}, "l": [{"i": "x", "i": "y"}], "m": {"b": 2.5}, "e": "\u00e9\n"}"#).unwrap();
        assert_eq!(
            read.value,
            json!({"m": {"a": 1, "b": 2.5}, "l": [{"i": "y"}], "e": "é\n"})
        );
        assert_eq!(read.duplicates, ["l[0].i", "m"]);
    }
}
