//! Typed expressions, functions and aggregates over columns.

pub mod aggregate;
