//! Flink types and their columns: types, values, rows, batches, keys and how values print.
//!
//! A batch of rows is Arrow columns with a kind for each row; nothing above this folder but
//! `expr` and `operators` looks inside a column.

pub mod arrow;
pub mod batch;
pub mod builder;
pub mod element;
pub(crate) mod group_index;
pub mod json;
pub mod key;
pub mod not_null;
pub mod order;
pub mod part_file;
pub mod print;
pub mod row;
pub mod select;
mod type_names;
pub mod types;
pub mod zone;

pub use batch::{Batch, Kinds, Mark};
pub use builder::{BatchBuilder, rows_to_batch, value_at};
pub use element::{Barrier, Element};
pub use part_file::{PartFile, PartStep};
pub use row::{Row, RowKind, Value};
pub use types::{DataType, Field, LogicalType, Schema, TimeAttribute};
