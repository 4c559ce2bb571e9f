//! What a first list of 20,000 pods costs, in time and in memory that is kept.

#![allow(clippy::panic, reason = "a benchmark that cannot begin has nothing to measure")]

mod support;

use divan::{AllocProfiler, Bencher};
use konn::core::clock::Clock;
use konn::core::store::Table;
use support::{deltas, now, pods, view};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// From the server's bytes to rows in the table.
#[divan::bench(sample_count = 10)]
fn decode_and_fold_20000_pods(bencher: Bencher) {
    pods();
    bencher.bench_local(|| {
        let mut table = Table::default();
        table.fold(deltas(), Some(&*view()), &Clock::at(now()));
        table
    });
}
