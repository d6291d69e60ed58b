//! Refuses what sqlparser reads and Flink's SQL does not have.

use crate::base::{Error, Result, Span};
use crate::sql::catalog::located;

/// The refusal of a clause or an expression, by its name.
pub fn unsupported(what: &str, span: Option<Span>) -> Error {
    located(Error::new("unsupported-syntax").arg("name", what), span)
}

/// Refuses what is there.
pub fn refuse(is_there: bool, what: &str, span: Option<Span>) -> Result<()> {
    match is_there {
        true => Err(unsupported(what, span)),
        false => Ok(()),
    }
}
