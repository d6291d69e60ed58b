//! What an editor needs of the language: for the doors, which do not see `sql` itself.

pub use crate::sql::editor::{complete, diagnose, highlight};
pub use crate::sql::split::{is_open, split};
