//! Whatever a program in a container writes, at whatever sizes: the emulator takes it, and nothing that steers a terminal
//! is left in its cells. The first byte says where the others are cut, the next two what size it gets there.
#![no_main]

use konn::core::event::Size;
use konn::core::text::is_harmless;
use konn::layers::shell::screen::Screen;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [cut, width, height, rest @ ..] = bytes else { return };
    let (one, two) = rest.split_at(usize::from(*cut).min(rest.len()));
    let mut screen = Screen::new(Size { width: 20, height: 4 }, cut % 2 == 0);
    for part in [one, two] {
        screen.take(part);
        screen.scroll(1);
        let lines = screen.lines();
        assert_eq!(lines.len(), usize::from(screen.size().height));
        assert!(lines.iter().all(|line| line.text().chars().all(is_harmless)));
        screen.resize(Size { width: u16::from(*width), height: u16::from(*height) });
        let _ = (screen.cursor(), screen.mouse(), screen.text());
    }
});
