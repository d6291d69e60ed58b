//! The statements of Flink's SQL as this program understands them.
//!
//! Queries keep sqlparser's tree inside, which nothing outside `sql` sees; everything else is ours.

mod alter;
mod create;
mod session;

use std::sync::Arc;

use sqlparser::ast;
use sqlparser::tokenizer::TokenWithSpan;

use super::place;
use super::tokens::Hint;
use crate::base::{Location, Span};

pub use alter::{Alter, AlterTable, ColumnPosition, Drop, PartitionSpec, TableElement};
pub use create::{
    ColumnDef, ColumnDefKind, Create, CreateFunction, CreateTable, CreateView, KeyDef, Lifetime,
    Like, Replace, WatermarkDef,
};
pub use session::{Filter, Jar, Modify, Module, Set, Show, StopJob, Use};

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

impl InsertStmt {
    /// INSERT INTO all columns of a table.
    pub(in crate::sql) fn whole(target: &Path, query: &QueryStmt) -> Self {
        Self {
            target: target.clone(),
            hints: Vec::new(),
            overwrite: false,
            partition: Vec::new(),
            columns: Vec::new(),
            query: query.clone(),
        }
    }
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
