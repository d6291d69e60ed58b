//! The statements of Flink's SQL as this program understands them.
//!
//! Queries keep sqlparser's tree inside, which nothing outside `sql` sees; everything else is ours.

use std::sync::Arc;

use sqlparser::ast;
use sqlparser::tokenizer::TokenWithSpan;

use super::place;
use super::tokens::Hint;
use crate::base::{Location, Span};
use crate::data::DataType;

/// The text that a statement was read from, for places and for printing parts of it again.
#[derive(Debug)]
pub struct Source {
    /// The text.
    pub text: String,
    /// Where it begins in its script.
    pub at: Location,
    pub(in crate::sql) tokens: Vec<TokenWithSpan>,
    pub(in crate::sql) hints: Vec<Hint>,
}

impl Source {
    /// The text under a span.
    pub fn slice(&self, span: Span) -> &str {
        place::slice(&self.text, self.at, span)
    }
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// SELECT, VALUES, WITH, TABLE.
    Query(QueryStmt),
    /// INSERT INTO, INSERT OVERWRITE.
    Insert(InsertStmt),
    /// EXECUTE STATEMENT SET BEGIN .. END.
    StatementSet(Vec<InsertStmt>),
    /// BEGIN STATEMENT SET: the client collects INSERTs until END.
    BeginStatementSet,
    /// END of a statement set.
    EndStatementSet,
    /// EXPLAIN.
    Explain(ExplainStmt),
    /// CREATE TABLE .. AS query.
    CreateTableAs(Box<CreateTable>, QueryStmt),
    /// CREATE of anything else.
    Create(Create),
    /// ALTER.
    Alter(Alter),
    /// DROP.
    Drop(Drop),
    /// USE.
    Use(Use),
    /// SHOW, other than of jobs.
    Show(Show),
    /// DESCRIBE of a table or view.
    Describe(Path),
    /// SET, RESET.
    Set(Set),
    /// LOAD and UNLOAD MODULE, USE MODULES.
    Module(Module),
    /// ADD JAR, REMOVE JAR.
    Jar(Jar),
    /// SHOW JOBS.
    ShowJobs,
    /// STOP JOB 'id'.
    StopJob(StopJob),
    /// DELETE, UPDATE, TRUNCATE: no connector of this program can do them.
    Modify(Modify),
}

/// A word that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Without its quotes.
    pub value: String,
    /// Its place, if it was written.
    pub span: Option<Span>,
}

/// One to three words: `[[catalog.]database.]object`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Word>);

impl Path {
    /// The place of all of it.
    pub fn span(&self) -> Option<Span> {
        self.0.iter().filter_map(|w| w.span).reduce(Span::union)
    }

    /// The last word.
    pub fn last(&self) -> &str {
        self.0.last().map_or("", |w| &w.value)
    }

    /// As it was written, without quotes.
    pub fn text(&self) -> String {
        self.0.iter().map(|w| w.value.as_str()).collect::<Vec<_>>().join(".")
    }
}

/// `'key' = 'value'` pairs in the order in which they were written.
pub type OptionList = Vec<(String, String)>;

/// A query.
#[derive(Clone, Debug)]
pub struct QueryStmt {
    /// Its text.
    pub source: Arc<Source>,
    /// Its place.
    pub span: Span,
    pub(in crate::sql) ast: Arc<ast::Query>,
}

/// A scalar expression inside a statement that is no query.
#[derive(Clone, Debug)]
pub struct ExprText {
    /// The text of its statement.
    pub source: Arc<Source>,
    /// Its place.
    pub span: Span,
    pub(in crate::sql) ast: Arc<ast::Expr>,
}

impl ExprText {
    /// An expression that nobody wrote: a column by its name.
    pub(in crate::sql) fn column(name: &str) -> Self {
        let (text, at) = (String::new(), place::START);
        let source = Source { text, at, tokens: Vec::new(), hints: Vec::new() };
        let ast = ast::Expr::Identifier(ast::Ident::with_quote('`', name));
        Self { source: Arc::new(source), span: Span::new(at, at), ast: Arc::new(ast) }
    }
}

/// INSERT.
#[derive(Clone, Debug)]
pub struct InsertStmt {
    /// The table.
    pub target: Path,
    /// `OPTIONS` hints of the table.
    pub hints: OptionList,
    /// Whether what is there goes away first.
    pub overwrite: bool,
    /// `PARTITION (a = 'x')`.
    pub partition: Vec<(Word, String)>,
    /// The columns that are written; all if empty.
    pub columns: Vec<Word>,
    /// What is written.
    pub query: QueryStmt,
}

/// EXPLAIN.
#[derive(Clone, Debug)]
pub struct ExplainStmt {
    /// What is added to the three plans.
    pub details: Vec<ExplainDetail>,
    /// What is explained.
    pub target: ExplainTarget,
}

/// What can be explained.
#[derive(Clone, Debug)]
pub enum ExplainTarget {
    /// A query.
    Query(QueryStmt),
    /// An INSERT or a set of them.
    Inserts(Vec<InsertStmt>),
}

/// What EXPLAIN adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplainDetail {
    /// ESTIMATED_COST.
    EstimatedCost,
    /// CHANGELOG_MODE.
    ChangelogMode,
    /// JSON_EXECUTION_PLAN.
    JsonExecutionPlan,
    /// PLAN_ADVICE.
    PlanAdvice,
}

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

/// CREATE TABLE.
#[derive(Clone, Debug)]
pub struct CreateTable {
    /// Its name.
    pub path: Path,
    /// TEMPORARY or not.
    pub temporary: bool,
    /// IF NOT EXISTS.
    pub if_not_exists: bool,
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
}

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
    Partitions(Path),
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
