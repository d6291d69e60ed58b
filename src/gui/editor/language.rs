//! What the SQL editor asks of the language: the engine's answers, in the shapes of its interface.

use std::ops::Range;

use crate::base::Error;
use crate::runtime::api::{CatalogSummary, Completion, ScriptStatement, TokenClass};
use crate::runtime::editor;

pub use crate::runtime::editor::{Repair, RepairKind, repair};

/// The stretches of a text and what they are.
pub fn highlight(text: &str) -> Vec<(Range<usize>, TokenClass)> {
    editor::highlight(text)
}

/// The statements of a script.
pub fn split(text: &str) -> Vec<ScriptStatement> {
    editor::split(text)
}

/// The word at the caret that a candidate replaces, and the candidates.
pub fn complete(
    text: &str,
    caret: usize,
    catalog: &CatalogSummary,
) -> (Range<usize>, Vec<Completion>) {
    editor::complete(text, caret, catalog)
}

/// What is wrong with a script, before any of it is run.
pub fn diagnose(text: &str, catalog: &CatalogSummary) -> Vec<Error> {
    editor::diagnose(text, catalog)
}
