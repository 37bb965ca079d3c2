//! Times the comparison of one vector with every one of many, on one thread: `cargo bench --bench cosines -- ROWS`.
//! Prints the median in seconds; `scripts/bench --only align` sets it beside its mark.

#![expect(clippy::print_stdout, reason = "what it is for")]

use std::hint::black_box;
use std::time::Instant;

use casement::align::{Rows, Vector};

/// The width of all-MiniLM-L6-v2.
const WIDTH: usize = 384;
const ROUNDS: usize = 101;

fn main() {
    let rows = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let mut state = 1_u64;
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_le_bytes()[5].cast_signed()
    };
    let numbers: Vec<i8> = (0..rows * WIDTH).map(|_| number()).collect();
    let units = vec![0.01_f32; rows];
    let query = Vector { numbers: (0..WIDTH).map(|_| number()).collect(), unit: 0.01 };
    let rows = Rows { numbers: &numbers, units: &units, width: WIDTH };
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            black_box(rows.cosines(black_box(&[&query])));
            begin.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{}", seconds[ROUNDS / 2]);
}
