//! CREATE: catalogs, databases, tables, views, functions.

use super::{ExprText, OptionList, Path, QueryStmt, Word};
use crate::data::DataType;

/// CREATE.
#[derive(Clone, Debug)]
pub enum Create {
    /// CREATE CATALOG.
    Catalog {
        /// Its name.
        name: Word,
        /// Its options.
        options: OptionList,
    },
    /// CREATE DATABASE.
    Database {
        /// Its name.
        path: Path,
        /// IF NOT EXISTS.
        if_not_exists: bool,
        /// Its comment.
        comment: Option<String>,
        /// Its options.
        options: OptionList,
    },
    /// CREATE TABLE.
    Table(Box<CreateTable>),
    /// CREATE VIEW.
    View(Box<CreateView>),
    /// CREATE FUNCTION.
    Function(CreateFunction),
}

/// How long an object lives and where it is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifetime {
    /// In its catalog.
    #[default]
    Permanent,
    /// In this session, in front of what the catalog has under that name.
    Temporary,
    /// In this session, without a catalog (functions).
    TemporarySystem,
}

/// Whether a new table takes the place of an old one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    /// CREATE.
    #[default]
    No,
    /// CREATE OR REPLACE: if there is an old one.
    IfThere,
    /// REPLACE: there has to be an old one.
    Required,
}

/// CREATE TABLE.
#[derive(Clone, Debug)]
pub struct CreateTable {
    /// Its name.
    pub path: Path,
    /// TEMPORARY or not.
    pub temporary: bool,
    /// IF NOT EXISTS.
    pub if_not_exists: bool,
    /// Whether it takes the place of a table of that name. Only with AS.
    pub replace: Replace,
    /// Its columns.
    pub columns: Vec<ColumnDef>,
    /// Its watermark.
    pub watermark: Option<WatermarkDef>,
    /// Its primary key.
    pub primary_key: Option<KeyDef>,
    /// Its comment.
    pub comment: Option<String>,
    /// PARTITIONED BY.
    pub partitioned_by: Vec<Word>,
    /// WITH; `None` if it is not there.
    pub options: Option<OptionList>,
    /// LIKE.
    pub like: Option<Like>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct ColumnDef {
    /// Its name.
    pub name: Word,
    /// Where its values come from.
    pub kind: ColumnDefKind,
    /// Its comment.
    pub comment: Option<String>,
}

/// Where the values of a column come from.
#[derive(Clone, Debug)]
pub enum ColumnDefKind {
    /// From the rows themselves.
    Physical(DataType),
    /// From an expression.
    Computed(ExprText),
    /// From what the connector knows of a row.
    Metadata {
        /// Its type.
        data_type: DataType,
        /// FROM: the connector's name for it, if it is not the column's.
        key: Option<String>,
        /// Whether it is not written.
        is_virtual: bool,
    },
}

/// WATERMARK FOR column AS expression.
#[derive(Clone, Debug)]
pub struct WatermarkDef {
    /// The column (a path into a row has more than one word).
    pub column: Path,
    /// The watermark.
    pub expr: ExprText,
}

/// PRIMARY KEY.
#[derive(Clone, Debug)]
pub struct KeyDef {
    /// CONSTRAINT name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<Word>,
}

/// LIKE another table.
#[derive(Clone, Debug)]
pub struct Like {
    /// The other table.
    pub source: Path,
    /// `(INCLUDING|EXCLUDING|OVERWRITING what)`, in order, in upper case.
    pub options: Vec<(String, String)>,
}

impl Like {
    /// What is said last of this: `INCLUDING`, `EXCLUDING` or `OVERWRITING`.
    pub fn says(&self, what: &str) -> Option<&str> {
        let said = self.options.iter().rev().find(|(_, w)| w == what || w == "ALL");
        said.map(|(how, _)| how.as_str())
    }

    /// Whether it is said that this comes from the other table.
    pub fn includes(&self, what: &str) -> bool {
        self.says(what) == Some("INCLUDING")
    }

    /// Whether this may take the place of what the other table has.
    pub fn overwrites(&self, what: &str) -> bool {
        self.says(what) == Some("OVERWRITING")
    }
}

/// CREATE VIEW, ALTER VIEW .. AS.
#[derive(Clone, Debug)]
pub struct CreateView {
    /// Its name.
    pub path: Path,
    /// TEMPORARY or not.
    pub temporary: bool,
    /// IF NOT EXISTS.
    pub if_not_exists: bool,
    /// Names of its columns, if they are not the query's.
    pub columns: Vec<Word>,
    /// Its comment.
    pub comment: Option<String>,
    /// Its query.
    pub query: QueryStmt,
}

/// CREATE FUNCTION.
#[derive(Clone, Debug)]
pub struct CreateFunction {
    /// Its name.
    pub path: Path,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// IF NOT EXISTS.
    pub if_not_exists: bool,
    /// The class that would run it.
    pub class: String,
    /// The language of the class, in upper case.
    pub language: String,
}
