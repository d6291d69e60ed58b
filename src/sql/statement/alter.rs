//! ALTER and DROP.

use super::{ColumnDef, KeyDef, Lifetime, OptionList, Path, QueryStmt, WatermarkDef, Word};

/// ALTER.
#[derive(Clone, Debug)]
pub enum Alter {
    /// ALTER DATABASE .. SET.
    Database(Path, OptionList),
    /// ALTER TABLE.
    Table {
        /// The table.
        path: Path,
        /// IF EXISTS.
        if_exists: bool,
        /// What changes.
        action: AlterTable,
    },
    /// ALTER VIEW .. RENAME TO.
    RenameView(Path, Path),
    /// ALTER VIEW .. AS.
    View(Path, QueryStmt),
    /// ALTER FUNCTION .. AS.
    Function {
        /// The function.
        path: Path,
        /// How long it lives.
        lifetime: Lifetime,
        /// IF EXISTS.
        if_exists: bool,
        /// The class that would run it.
        class: String,
        /// The language of the class, in upper case.
        language: String,
    },
}

/// What changes of a table.
#[derive(Clone, Debug)]
pub enum AlterTable {
    /// RENAME TO.
    Rename(Path),
    /// RENAME column TO name.
    RenameColumn(Word, Word),
    /// ADD columns, watermark, key.
    Add(Vec<TableElement>),
    /// MODIFY columns, watermark, key.
    Modify(Vec<TableElement>),
    /// DROP columns.
    DropColumns(Vec<Word>),
    /// DROP PRIMARY KEY.
    DropPrimaryKey,
    /// DROP CONSTRAINT name.
    DropConstraint(Word),
    /// DROP WATERMARK.
    DropWatermark,
    /// SET ('key' = 'value').
    SetOptions(OptionList),
    /// RESET ('key').
    ResetOptions(Vec<String>),
    /// ADD PARTITION.
    AddPartitions {
        /// IF NOT EXISTS.
        if_not_exists: bool,
        /// The partitions.
        partitions: Vec<PartitionSpec>,
    },
    /// DROP PARTITION.
    DropPartitions {
        /// IF EXISTS.
        if_exists: bool,
        /// The partitions.
        partitions: Vec<PartitionSpec>,
    },
}

/// PARTITION (column = value, ..).
pub type PartitionSpec = Vec<(Word, String)>;

/// An element of a table in CREATE or ALTER.
#[derive(Clone, Debug)]
pub enum TableElement {
    /// A column, and where it goes.
    Column(ColumnDef, Option<ColumnPosition>),
    /// A watermark.
    Watermark(WatermarkDef),
    /// A primary key.
    PrimaryKey(KeyDef),
}

/// Where an added column goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnPosition {
    /// In front.
    First,
    /// After another.
    After(Word),
}

/// DROP.
#[derive(Clone, Debug)]
pub enum Drop {
    /// DROP CATALOG.
    Catalog {
        /// Its name.
        name: Word,
        /// IF EXISTS.
        if_exists: bool,
    },
    /// DROP DATABASE.
    Database {
        /// Its name.
        path: Path,
        /// IF EXISTS.
        if_exists: bool,
        /// CASCADE: with everything in it.
        cascade: bool,
    },
    /// DROP TABLE, DROP VIEW.
    Table {
        /// Its name.
        path: Path,
        /// Whether it is a view.
        view: bool,
        /// TEMPORARY or not.
        temporary: bool,
        /// IF EXISTS.
        if_exists: bool,
    },
    /// DROP FUNCTION.
    Function {
        /// Its name.
        path: Path,
        /// How long it lives.
        lifetime: Lifetime,
        /// IF EXISTS.
        if_exists: bool,
    },
}
