//! What changes or shows the session: USE, SHOW, SET, modules, jars, jobs.

use super::{PartitionSpec, Path, Word};

/// USE.
#[derive(Clone, Debug)]
pub enum Use {
    /// USE CATALOG.
    Catalog(Word),
    /// USE [catalog.]database.
    Database(Path),
}

/// SHOW.
#[derive(Clone, Debug)]
pub enum Show {
    /// SHOW CATALOGS.
    Catalogs,
    /// SHOW CURRENT CATALOG.
    CurrentCatalog,
    /// SHOW DATABASES.
    Databases,
    /// SHOW CURRENT DATABASE.
    CurrentDatabase,
    /// SHOW TABLES.
    Tables(Filter),
    /// SHOW VIEWS.
    Views,
    /// `SHOW [USER] FUNCTIONS`.
    Functions {
        /// Only those that were created.
        user: bool,
        /// Which.
        filter: Filter,
    },
    /// `SHOW [FULL] MODULES`.
    Modules {
        /// With those that are not used.
        full: bool,
    },
    /// SHOW JARS.
    Jars,
    /// SHOW COLUMNS FROM.
    Columns(Path, Filter),
    /// SHOW CREATE TABLE, SHOW CREATE VIEW.
    Create {
        /// Its name.
        path: Path,
        /// Whether a view was asked for.
        view: bool,
    },
    /// SHOW PARTITIONS.
    Partitions(Path, PartitionSpec),
}

/// `[FROM database] [[NOT] LIKE pattern]`.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Where to look, if not in the current database.
    pub database: Option<Path>,
    /// A LIKE pattern.
    pub pattern: Option<String>,
    /// Whether names must not match it.
    pub negated: bool,
    /// Whether case does not count (ILIKE).
    pub ignore_case: bool,
}

/// SET, RESET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Set {
    /// SET: lists what is set.
    List,
    /// SET 'key' = 'value'.
    Key {
        /// The key.
        key: Word,
        /// The value.
        value: Word,
    },
    /// RESET 'key'.
    Reset(Word),
    /// RESET.
    ResetAll,
}

/// LOAD, UNLOAD and USE of modules.
#[derive(Clone, Debug)]
pub enum Module {
    /// LOAD MODULE.
    Load(Word),
    /// UNLOAD MODULE.
    Unload(Word),
    /// USE MODULES.
    Use(Vec<Word>),
}

/// ADD and REMOVE of jars.
#[derive(Clone, Debug)]
pub enum Jar {
    /// ADD JAR.
    Add(Word),
    /// REMOVE JAR.
    Remove(Word),
}

/// STOP JOB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopJob {
    /// The job's id, as written.
    pub id: Word,
    /// WITH SAVEPOINT.
    pub savepoint: bool,
    /// WITH DRAIN.
    pub drain: bool,
}

/// DELETE, UPDATE, TRUNCATE.
#[derive(Clone, Debug)]
pub struct Modify {
    /// Which of them.
    pub statement: &'static str,
    /// The table.
    pub path: Path,
}
