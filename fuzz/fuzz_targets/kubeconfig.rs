//! Whatever stands in a kubeconfig: it is read or refused, and what a refusal says steers no terminal.
#![no_main]

use std::fs;

use konn::core::text::clean;
use konn::runtime::client::context::{entries, select};
use konn::runtime::client::{ClientOptions, Environment, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("konn-fuzz-kubeconfig-{}", std::process::id()));
    fs::write(&path, bytes).expect("a file of one's own");
    let options = ClientOptions { kubeconfig: Some(path.clone()), ..ClientOptions::default() };
    let environment = Environment::of(&std::env::temp_dir(), []);
    match load(&options, &environment) {
        Ok(loaded) => {
            let _ = entries(&loaded.kubeconfig, &options);
            let _ = select(&loaded.kubeconfig, &options);
        }
        Err(error) => assert!(!clean(&error.to_string()).chars().any(char::is_control)),
    }
});
