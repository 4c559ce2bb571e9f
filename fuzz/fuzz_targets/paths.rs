//! A JSONPath on an object, a zero byte between them: it is understood or refused, and finds something or nothing.
#![no_main]

use konn::model::JsonPath;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (Some(path), Some(object)) = (parts.next(), parts.next()) else { return };
    let (Ok(path), Ok(object)) = (std::str::from_utf8(path), serde_json::from_slice::<Value>(object)) else { return };
    if let Ok(path) = path.parse::<JsonPath>() {
        let _ = path.text(&object);
    }
});
