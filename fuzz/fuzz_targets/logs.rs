//! The bytes of a log, in two pieces: nothing that steers a terminal is left but colours, and nothing is lost by where
//! the bytes are cut.
#![no_main]

use konn::core::log::{Batch, Filter, Journal, MEMORY, Reader, fields, sieve, template};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let cut = bytes.first().map_or(0, |first| usize::from(*first)).min(bytes.len());
    let (one, two) = bytes.split_at(cut);
    let mut pieces = Batch::default();
    let mut reader = Reader::default();
    reader.read(one, &mut pieces);
    reader.read(two, &mut pieces);
    reader.finish(&mut pieces);
    let mut whole = Batch::default();
    let mut reader = Reader::default();
    reader.read(bytes, &mut whole);
    reader.finish(&mut whole);
    assert_eq!(pieces, whole);
    for (meta, text) in whole.iter() {
        let bare = if meta.coloured { sieve::bare(text) } else { text.to_string() };
        assert!(!bare.chars().any(|ch| ch.is_control() && ch != '\t'));
        if let Some(fields) = fields::of(&bare) {
            let _ = template::tell(template::DEFAULT, &fields);
        }
    }
    let mut journal = Journal::new(MEMORY);
    journal.take(0, &whole);
    if let Ok(filter) = Filter::parse(&String::from_utf8_lossy(one), 1) {
        journal.set_filter(filter);
        journal.work(None, usize::MAX);
    }
});
