//! Aggregate functions: one accumulator holds the values of all groups of an operator.
//!
//! A function is an entry of [`functions`]; most are a `fold::Fold`, a loop over rows compiled for
//! the type of its column, and get everything else (running results, retraction, state) from it.

pub mod accumulator;
mod average;
mod best;
mod call;
mod collect;
mod count;
mod distinct;
mod extreme;
mod first_last;
mod fold;
mod json;
mod list;
mod partial;
mod single;
mod sum;
mod variance;

pub use accumulator::{Accumulator, GroupedRows};
pub use call::{AggregateCall, AggregateFunction, aggregate, functions, lookup};
pub use distinct::{Distinct, SharedRows};
pub use partial::Buffer;
pub use single::SINGLE_VALUE;

#[cfg(test)]
mod tests;
