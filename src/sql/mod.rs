//! Flink's SQL: statements, catalogs, settings, binding to typed queries, and help for the editor.
//!
//! ```text
//! script --split--> text --tokens, parse--> Stmt --+-- Environment::execute (DDL, SHOW, SET)
//!                                                  +-- Environment::bind (queries, INSERT) --> bound
//! ```
//!
//! sqlparser's types stay inside this folder; what leaves it is [`statement`] and [`bound`].

mod bind;
pub mod bound;
mod builtins;
pub mod catalog;
pub mod config;
mod dialect;
pub mod editor;
pub mod environment;
mod hints;
mod names;
mod parse;
pub(crate) mod place;
mod refused;
pub mod split;
pub mod statement;
mod tokens;
pub mod types;
mod unparse;
mod unparse_query;
mod within;
pub mod words;

pub use environment::{Environment, Reply};
pub use parse::parse;
pub use split::split;
