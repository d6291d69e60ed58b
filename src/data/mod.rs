//! Flink types and their columns: types, values, rows, batches, keys and how values print.
//!
//! A batch of rows is Arrow columns with a kind for each row; nothing above this folder but
//! `expr` and `operators` looks inside a column.

pub mod batch;
pub mod element;
pub mod row;
pub mod types;

pub use batch::{Batch, Kinds, Mark};
pub use element::{Barrier, Element};
pub use row::{Row, RowKind, Value};
pub use types::{DataType, Field, LogicalType, Schema, TimeAttribute};
