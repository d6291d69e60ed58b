//! Refuses what sqlparser reads and Flink's SQL does not have.

use crate::base::{Error, Result, Span};

/// The refusal of a clause or an expression that Flink has not, by its name.
pub fn unsupported(what: &str, span: Option<Span>) -> Error {
    Error::new("unsupported-syntax").arg("name", what).at(span)
}

/// The refusal of what Flink has and this program has not yet.
pub fn not_yet(what: &str, span: Option<Span>) -> Error {
    Error::new("not-supported-yet").arg("what", what).at(span)
}

/// Refuses what is there and Flink has.
pub fn refuse_yet(is_there: bool, what: &str, span: Option<Span>) -> Result<()> {
    match is_there {
        true => Err(not_yet(what, span)),
        false => Ok(()),
    }
}

/// Refuses what is there and Flink has not.
pub fn refuse(is_there: bool, what: &str, span: Option<Span>) -> Result<()> {
    match is_there {
        true => Err(unsupported(what, span)),
        false => Ok(()),
    }
}
