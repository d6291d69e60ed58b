//! What the Nexmark queries answer, against a plain evaluation over vectors and maps.
//!
//! The events come from the crate `nexmark`, the answers from loops: nothing is shared with the
//! engine but the text of the queries.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "nexmark/plain.rs"]
mod plain;
#[path = "../benches/nexmark/queries.rs"]
mod queries;

use std::collections::BTreeMap;

use plain::{Answer, Auctions};
use queries::{QUERIES, tables};
use riacho::base::{LabDuration, LabTime, Location};
use riacho::runtime::api::{Driver, LabOptions, Outcome, Policy};
use riacho::runtime::session::Session;
use riacho::trace::{JobState, Level};

const EVENTS: usize = 20_000;

/// Events a second: so few that the events take 40 seconds, and windows have bounds to get wrong.
const RATE: usize = 500;

/// Where the clock of the lab begins: at the start of a window of ten seconds.
const START: i64 = 1_700_000_000_000;

/// An hour of lab time: more than any of these jobs needs.
const LIMIT: LabDuration = LabDuration::seconds(3_600);

fn options(driver: Driver) -> LabOptions {
    LabOptions {
        driver,
        start: Some(LabTime::from_millis(START)),
        level: Level::Off,
        batch_size: 1000,
        step_cost: LabDuration::micros(1),
        ..LabOptions::lesson()
    }
}

/// The rows that a query leaves, each with how often it is there.
fn answer(query: &str, options: LabOptions, parallelism: u32, source: &str) -> Answer {
    let mut session = Session::new(options).unwrap();
    let at = Location { line: 1, column: 1 };
    let rate = format!("'first-event.rate' = '{RATE}', 'next-event.rate' = '{RATE}'");
    let setting = format!("SET 'parallelism.default' = '{parallelism}'");
    let tables = tables(&format!("'events.num' = '{EVENTS}', {rate}{source}"));
    for statement in std::iter::once(setting).chain(tables) {
        session.execute(&statement, at).unwrap();
    }
    let job = match session.execute(query, at) {
        Ok(Outcome::Query(info)) => info.job,
        Ok(other) => panic!("{other:?} is no query"),
        Err(error) => panic!("refused: {error}"),
    };
    let ending = session.engine_mut().run_job(job, LIMIT);
    assert_eq!(ending, Some(JobState::Finished), "{query}");
    let mut rows: BTreeMap<Vec<String>, i64> = BTreeMap::new();
    for row in session.rows(job, 0, usize::MAX) {
        let count = rows.entry(row.cells.to_vec()).or_default();
        *count += if row.kind.adds() { 1 } else { -1 };
    }
    rows.retain(|_, count| *count != 0);
    rows
}

fn check(name: &str, plain: fn(&Auctions) -> Vec<Vec<String>>) {
    check_with(name, "", plain);
}

fn check_with(name: &str, source: &str, plain: fn(&Auctions) -> Vec<Vec<String>>) {
    let (_, query) = QUERIES.iter().find(|(n, _)| *n == name).unwrap();
    let mut expected = Answer::new();
    for row in plain(&Auctions::new(EVENTS, RATE)) {
        *expected.entry(row).or_default() += 1;
    }
    assert!(!expected.is_empty(), "{name} has an answer");
    let steps = Driver::Step(Policy::Seeded);
    for (driver, parallelism) in [(steps, 1), (steps, 2), (Driver::Threads, 2)] {
        if driver == Driver::Threads && !source.is_empty() {
            // A pace is kept by the clock on the wall there.
            continue;
        }
        let found = answer(query, options(driver), parallelism, source);
        let first = |a: &Answer, b: &Answer| {
            let differs = |(row, count): &(&Vec<String>, &i64)| b.get(*row) != Some(count);
            a.iter().filter(differs).take(3).map(|(r, n)| format!("{n} x {r:?}\n")).collect()
        };
        let (missing, more): (String, String) =
            (first(&expected, &found), first(&found, &expected));
        assert!(
            expected == found,
            "{name}, parallelism {parallelism}: {} rows, expected {}\nmissing:\n{missing}wrong:\n{more}",
            found.len(),
            expected.len()
        );
    }
}

#[test]
fn q0_pass_through() {
    check("q0", plain::pass_through);
}

#[test]
fn q1_currency_conversion() {
    check("q1", plain::currency_conversion);
}

#[test]
fn q2_selection() {
    check("q2", plain::selection);
}

#[test]
fn q3_local_item_suggestion() {
    check("q3", plain::local_item_suggestion);
}

#[test]
fn q4_average_price_for_a_category() {
    check("q4", plain::average_price_for_a_category);
}

#[test]
fn q5_hot_items() {
    check("q5", plain::hot_items);
}

#[test]
fn q7_highest_bid() {
    check("q7", plain::highest_bid);
}

#[test]
fn q8_monitor_new_users() {
    check("q8", plain::monitor_new_users);
}

#[test]
fn q9_winning_bids() {
    check("q9", plain::winning_bids);
}

#[test]
fn q11_user_sessions() {
    check("q11", plain::user_sessions);
}

/// Events come when they are due, on the virtual clock.
#[test]
fn q12_processing_time_windows() {
    check_with("q12", ", 'rate.limited' = 'true'", |a| plain::processing_time_windows(a, START));
}

#[test]
fn q14_calculation() {
    check("q14", plain::calculation);
}

#[test]
fn q15_bidding_statistics() {
    check("q15", plain::bidding_statistics);
}

#[test]
fn q16_channel_statistics() {
    check("q16", plain::channel_statistics);
}

#[test]
fn q17_auction_statistics() {
    check("q17", plain::auction_statistics);
}

#[test]
fn q18_last_bid() {
    check("q18", plain::last_bid);
}

#[test]
fn q19_top_ten_prices() {
    check("q19", plain::top_ten_prices);
}

#[test]
fn q20_bids_with_their_auction() {
    check("q20", plain::bids_with_their_auction);
}

#[test]
fn q21_channel_ids() {
    check("q21", plain::channel_ids);
}

#[test]
fn q22_directories() {
    check("q22", plain::directories);
}
