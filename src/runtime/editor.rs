//! What an editor needs of the language: for the doors, which do not see `sql` itself.

pub use crate::connectors::pasted::{Pasted, table as pasted_table};
pub use crate::sql::editor::{
    Repair, RepairKind, complete, diagnose, highlight, reference, repair,
};
pub use crate::sql::split::{is_open, split};
