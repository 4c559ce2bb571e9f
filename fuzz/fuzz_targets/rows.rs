//! Whatever a server sends as an object, every view reads it or refuses it, and draws what it read without anything
//! that steers a terminal.
#![no_main]

use konn::core::clock::Clock;
use konn::core::text::clean;
use konn::views::REGISTRY;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(raw) = std::str::from_utf8(bytes) else { return };
    let clock = Clock::at(jiff::Timestamp::UNIX_EPOCH);
    for view in REGISTRY.views {
        let Ok(row) = view.decode(raw) else { continue };
        for column in 0..view.width() {
            let cell = view.cell(&*row, column, &clock);
            assert!(!clean(&cell.text).chars().any(char::is_control));
            let _ = view.sort(&*row, column);
        }
        let _ = view.enter(&*row);
    }
});
