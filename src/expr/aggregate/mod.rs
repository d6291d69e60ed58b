//! Aggregate functions: one accumulator holds the values of all groups of an operator.

pub mod accumulator;

pub use accumulator::{Accumulator, GroupedRows};
