//! The built-in programs: those that the tutorial runs.

pub mod scoreboard;
pub mod socket;
pub mod wordcount;
