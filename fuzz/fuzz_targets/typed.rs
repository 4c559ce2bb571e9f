//! Whatever a person or a file types: filters, selectors, quantities, lines of the palette, keys.
#![no_main]

use konn::core::catalog::Catalog;
use konn::core::filter::Filter;
use konn::core::key::Key;
use konn::core::{line, text};
use konn::model::{Quantity, Selector};
use konn::views::REGISTRY;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(typed) = std::str::from_utf8(bytes) else { return };
    let _ = Filter::parse(typed);
    let _ = Key::parse(typed);
    let _ = line::read(typed, &Catalog::new(&REGISTRY));
    assert!(!text::clean(typed).chars().any(char::is_control));
    if let Ok(selector) = Selector::parse(typed) {
        // What is printed is read again as the same.
        assert_eq!(Selector::parse(&selector.to_string()).ok(), Some(selector));
    }
    if let Ok(quantity) = Quantity::parse(typed) {
        let _ = quantity.to_string();
    }
});
