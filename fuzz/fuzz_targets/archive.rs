//! Whatever a container sends as an archive, nothing is written but below the folder that it was asked for.
#![no_main]

use std::fs;

use konn::runtime::session::archive::{Counts, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let folder = std::env::temp_dir().join(format!("konn-fuzz-archive-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let to = folder.join("in");
    fs::create_dir_all(&to).expect("a folder of one's own");
    let _ = unpack(bytes, "/data", &to, &Counts::default());
    let entries = fs::read_dir(&folder).expect("the folder").count();
    assert_eq!(entries, 1, "something stands beside the folder");
});
