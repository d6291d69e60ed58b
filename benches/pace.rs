//! The pace of datagen on threads: how long it takes until the first row after ten seconds is out, two
//! INT columns, between one and a million rows a second.
//!
//! Ten seconds of rows and one more: that one is due after ten seconds sharp. What is measured is from
//! the submission of the job to its end, so start-up counts as an error.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench, not the engine"
)]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock on the wall")]

use std::ops::ControlFlow;
use std::time::Instant;

use riacho::base::Location;
use riacho::runtime::api::{LabOptions, Outcome};
use riacho::runtime::session::{Bounds, Ending, Session};

const SECONDS: u64 = 10;

/// Seconds on the wall.
fn run(rate: u64) -> f64 {
    let mut session = Session::new(LabOptions::full_speed()).unwrap();
    let rows = rate * SECONDS + 1;
    let script = [
        format!(
            "CREATE TABLE numbers (a INT, b INT) WITH ('connector' = 'datagen', \
             'number-of-rows' = '{rows}', 'rows-per-second' = '{rate}')"
        ),
        "CREATE TABLE nowhere (a INT, b INT) WITH ('connector' = 'blackhole')".to_owned(),
        "INSERT INTO nowhere SELECT a, b FROM numbers".to_owned(),
    ];
    let mut begin = Instant::now();
    for statement in script {
        begin = Instant::now();
        let at = Location { line: 1, column: 1 };
        if let Outcome::Insert { job, .. } = session.execute(&statement, at).unwrap() {
            let ending = session.follow(job, Bounds::NONE, &mut |_| ControlFlow::Continue(()));
            assert_eq!(ending, Ending::Finished);
        }
    }
    begin.elapsed().as_secs_f64()
}

fn main() {
    // `cargo test --benches` only asks that it builds and starts.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    for rate in [1, 10, 1_000, 100_000, 1_000_000] {
        let seconds = run(rate);
        let error = (seconds / SECONDS as f64 - 1.0) * 100.0;
        println!("{rate} rows a second: {seconds:.3} s, {error:+.2} %");
    }
}
