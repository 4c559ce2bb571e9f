//! Whatever stands in a file of manifests: each document becomes objects or says what is wrong with it.
#![no_main]

use konn::layers::manifest::documents::objects;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().count().max(1);
    for (place, found) in objects("file.yaml", &text) {
        assert!(place.number > 0);
        if let Ok(object) = found {
            assert!((1..=lines).contains(&place.line), "line {} of {lines}", place.line);
            assert!(object["kind"].is_string() && object["apiVersion"].is_string());
        }
    }
});
