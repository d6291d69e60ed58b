//! Queries over rows with event time: windows, OVER, interval joins.
//!
//! The rows of `events` ascend in each source, so that none is ever late, and no two share a moment,
//! so that an order by time is a whole order.

use proptest::option;
use proptest::prelude::*;

use super::{Call, Text, Type, call_text, calls};

/// A relation over the table of events.
#[derive(Clone, Debug)]
pub enum Timed {
    /// An aggregate of each window.
    Windows {
        window: &'static str,
        by_key: bool,
        calls: Vec<Call>,
        above: Option<i32>,
        /// Whether rows come in their windows, and are not put into them by the aggregate itself.
        attached: bool,
    },
    /// The first rows of each window.
    First { window: &'static str, by_key: bool, rows: u8 },
    /// An aggregate over the rows before each row.
    Over { by_key: bool, frame: &'static str, function: &'static str, above: Option<i32> },
    /// Pairs of rows that are near each other in time.
    Near { word: &'static str, before: u8, after: u8 },
}

const WINDOWS: &[&str] = &[
    "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '5' SECOND)",
    "HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)",
    "CUMULATE(TABLE events, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '8' SECOND)",
];

// A stretch of time before a row is not for batch.
const FRAMES: &[&str] = &[
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
    "ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
    "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
];

/// Relations over events.
pub fn relations() -> impl Strategy<Value = Timed> {
    let window = || prop::sample::select(WINDOWS);
    let above = || option::weighted(0.3, 0..9);
    prop_oneof![
        3 => (
            window(),
            any::<bool>(),
            prop::collection::vec(calls(), 1..3),
            above(),
            any::<bool>(),
        )
            .prop_map(|(window, by_key, calls, above, attached)| {
                Timed::Windows { window, by_key, calls, above, attached }
            }),
        1 => (window(), any::<bool>(), 1..4u8)
            .prop_map(|(window, by_key, rows)| Timed::First { window, by_key, rows }),
        2 => (
            any::<bool>(),
            prop::sample::select(FRAMES),
            prop::sample::select(&["COUNT", "SUM", "MIN", "MAX", "AVG", "LAST_VALUE"][..]),
            above(),
        )
            .prop_map(|(by_key, frame, function, above)| Timed::Over { by_key, frame, function, above }),
        2 => (prop::sample::select(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"][..]), 0..5u8, 0..5u8)
            .prop_map(|(word, before, after)| Timed::Near { word, before, after }),
    ]
}

/// The statement that makes the table of events: a key, a number, a word, a moment.
pub fn table(events: u8, rows_per_second: u32) -> String {
    format!(
        "CREATE TEMPORARY TABLE events (n BIGINT, k AS MOD(n * 7, 4), v AS MOD(n * 5, 11), \
         s AS CASE WHEN MOD(n, 3) = 0 THEN 'a' ELSE CAST(MOD(n, 5) AS STRING) END, \
         ts AS TO_TIMESTAMP_LTZ(n * 700, 3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (\
         'connector' = 'datagen', 'number-of-rows' = '{events}', \
         'rows-per-second' = '{rows_per_second}', 'fields.n.kind' = 'sequence', \
         'fields.n.start' = '1', 'fields.n.end' = '{events}')"
    )
}

impl Timed {
    /// The relation as text.
    pub(super) fn text(&self) -> Text {
        match self {
            Self::Windows { window, by_key, calls, above, attached } => {
                let more = if *attached { "window_end > window_start" } else { "TRUE" };
                windows(window, *by_key, calls, &format!("{} AND {more}", filter(*above)))
            }
            Self::First { window, by_key, rows } => first(window, *by_key, *rows),
            Self::Over { by_key, frame, function, above } => {
                let key = if *by_key { "PARTITION BY k " } else { "" };
                let sql = format!(
                    "SELECT CAST(n AS BIGINT) AS c0, CAST({function}(v) OVER ({key}ORDER BY ts \
                     {frame}) AS BIGINT) AS c1, s AS c2 FROM events{}",
                    filter(*above)
                );
                Text { sql, types: vec![Type::Int, Type::Int, Type::Text] }
            }
            Self::Near { word, before, after } => {
                let sql = format!(
                    "SELECT l.n AS c0, r.n AS c1, l.s AS c2 FROM events AS l {word} events AS r \
                     ON l.k = r.k AND l.ts BETWEEN r.ts - INTERVAL '{before}' SECOND AND \
                     r.ts + INTERVAL '{after}' SECOND"
                );
                Text { sql, types: vec![Type::Int, Type::Int, Type::Text] }
            }
        }
    }
}

fn filter(above: Option<i32>) -> String {
    above.map_or(" WHERE TRUE".to_owned(), |above| format!(" WHERE v > {above}"))
}

fn windows(window: &str, by_key: bool, calls: &[Call], filter: &str) -> Text {
    let input = Text { sql: String::new(), types: vec![Type::Int, Type::Int] };
    let mut columns = vec!["CAST(window_start AS STRING)".to_owned()];
    let mut types = vec![Type::Text];
    if by_key {
        columns.push("k".to_owned());
        types.push(Type::Int);
    }
    for call in calls {
        columns.push(call_text(call, &input));
        types.push(Type::Int);
    }
    let columns: Vec<String> =
        columns.iter().enumerate().map(|(at, sql)| format!("{sql} AS c{at}")).collect();
    // The calls name the columns of any relation: c0 and c1.
    let rows = format!(
        "SELECT k, k AS c0, v AS c1, window_start, window_end FROM TABLE({window}){filter}",
    );
    let key = if by_key { ", k" } else { "" };
    let sql = format!(
        "SELECT {} FROM ({rows}) GROUP BY window_start, window_end{key}",
        columns.join(", ")
    );
    Text { sql, types }
}

fn first(window: &str, by_key: bool, rows: u8) -> Text {
    let key = if by_key { ", k" } else { "" };
    let sql = format!(
        "SELECT n AS c0, v AS c1, s AS c2 FROM (SELECT n, v, s, ROW_NUMBER() OVER (PARTITION BY \
         window_start, window_end{key} ORDER BY v, n) AS place FROM TABLE({window})) \
         WHERE place <= {rows}"
    );
    Text { sql, types: vec![Type::Int, Type::Int, Type::Text] }
}
