//! Help for the editor: colours, completion, diagnosis while somebody types,
//! the repair of an error. Knows no screen.

mod complete;
mod diagnose;
mod help;
mod highlight;
pub mod reference;
mod repair;

pub use complete::complete;
pub use diagnose::diagnose;
pub use highlight::highlight;
pub use repair::{Repair, RepairKind, repair};

/// Whether a character may be part of an unquoted name.
fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// What a stretch of SQL is, for the editor's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// A word of the language.
    Keyword,
    /// A name of a function.
    Function,
    /// A string literal.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// A name.
    Identifier,
    /// Anything else.
    Plain,
}

/// One candidate of the completion popup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is put in the place of the word at the caret.
    pub insert: String,
    /// What follows it, greyed: arguments, a type.
    pub detail: String,
    /// What it is.
    pub class: CompletionClass,
    /// Message id of one sentence of help, if there is one.
    pub help: Option<&'static str>,
}

/// The kinds of completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CompletionClass {
    Keyword,
    Function,
    Table,
    View,
    Column,
    Option,
}
