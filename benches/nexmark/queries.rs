//! The queries of the Nexmark suite for Flink, and the tables that they read.

/// Name and text of each.
pub const QUERIES: [(&str, &str); 20] = [
    ("q0", include_str!("q0.sql")),
    ("q1", include_str!("q1.sql")),
    ("q2", include_str!("q2.sql")),
    ("q3", include_str!("q3.sql")),
    ("q4", include_str!("q4.sql")),
    ("q5", include_str!("q5.sql")),
    ("q7", include_str!("q7.sql")),
    ("q8", include_str!("q8.sql")),
    ("q9", include_str!("q9.sql")),
    ("q11", include_str!("q11.sql")),
    ("q12", include_str!("q12.sql")),
    ("q14", include_str!("q14.sql")),
    ("q15", include_str!("q15.sql")),
    ("q16", include_str!("q16.sql")),
    ("q17", include_str!("q17.sql")),
    ("q18", include_str!("q18.sql")),
    ("q19", include_str!("q19.sql")),
    ("q20", include_str!("q20.sql")),
    ("q21", include_str!("q21.sql")),
    ("q22", include_str!("q22.sql")),
];

/// The statements that make the tables; `options` is what stands in the WITH clause of the events.
pub fn tables(options: &str) -> Vec<String> {
    let script = include_str!("tables.sql").replace("${OPTIONS}", options);
    riacho::sql::split(&script).into_iter().map(|s| s.text).collect()
}
