//! Whatever an object holds, describe says something and nothing that steers a terminal.
#![no_main]

use std::sync::OnceLock;

use konn::core::clock::Clock;
use konn::core::lang::{Lang, Tongue};
use konn::describe::{Answer, Input, Related, describe, needs};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const KINDS: &[(&str, &str)] = &[
    ("", "Pod"),
    ("", "Node"),
    ("", "Service"),
    ("", "PersistentVolumeClaim"),
    ("", "Secret"),
    ("", "ResourceQuota"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("batch", "CronJob"),
    ("autoscaling", "HorizontalPodAutoscaler"),
    ("networking.k8s.io", "Ingress"),
    ("example.com", "Widget"),
];

fuzz_target!(|bytes: &[u8]| {
    let Ok(object) = serde_json::from_slice::<Value>(bytes) else { return };
    static LANG: OnceLock<Lang> = OnceLock::new();
    let lang = LANG.get_or_init(|| Lang::load(Tongue::En));
    let clock = Clock::at(jiff::Timestamp::UNIX_EPOCH);
    for (group, kind) in KINDS {
        let mut related = Related::new();
        for need in needs(group, kind, &object) {
            related.set(&need.tag, Answer::Items(vec![object.clone()]));
        }
        let doc = describe(group, kind, &Input { object: &object, related: &related, clock: &clock }, lang);
        assert!(!doc.text().chars().any(|ch| ch.is_control() && ch != '\n'));
    }
});
