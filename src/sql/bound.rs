//! Queries whose names and types are resolved: what the binder makes and plans are built from.
//!
//! A tree of relations in the manner of Calcite's logical algebra; columns are positions. It says
//! what a query means, not how it runs. Its text form (in `write`) is stable: goldens use it.
//!
//! To come, each with a node and a binder file of its own: MATCH_RECOGNIZE, temporal and lateral joins.

mod as_of;
mod interval;
mod over;
mod pattern;
mod subquery;
mod window;
mod write;

use std::sync::Arc;

pub use as_of::{AsOf, LookupHint, LookupRetry};
pub use interval::TimeInterval;

use super::catalog::ObjectPath;
use crate::base::{LabDuration, RuntimeMode};
use crate::connectors::options::Options;
use crate::data::{Field, Schema};
use crate::expr::{self, Expr};

pub use over::{Bound, Frame, Over, OverCall, OverFunction, OverWindow};
pub use pattern::{MatchExpr, MatchRecognize, MatchSkip, MatchSlot, Pattern, PatternItem};
pub use subquery::{LEVEL, OUTER, Subqueries, Subquery, SubqueryTest, VALUES};
pub use window::{GroupWindow, WindowColumns, WindowEmit, WindowKind, WindowProperty, WindowTable};

/// A bound query.
#[derive(Clone, Debug)]
pub struct Query {
    /// The relation; the names of its columns are those of the result.
    pub root: Rel,
    /// The mode it was bound for.
    pub mode: RuntimeMode,
    /// What the session wants of its plan.
    pub settings: Settings,
}

/// Settings that plans depend on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Mini-batch, if it is enabled and the mode is streaming.
    pub mini_batch: Option<MiniBatch>,
    /// How many phases aggregates are to have.
    pub phases: AggregatePhases,
    /// Into how many buckets distinct values are split, if they are.
    pub split_distinct: Option<i32>,
    /// Whether what puts buckets together also counts in them.
    pub incremental: bool,
    /// Which equal parts of a plan become one.
    pub reuse: Reuse,
    /// Whether operators of several inputs are one with what stands between them.
    pub multiple_input: bool,
    /// When rows are kept by the primary key of their sink.
    pub materialize: Materialize,
}

/// `table.exec.sink.upsert-materialize`, of sinks that have a primary key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Materialize {
    /// Where the changes may be those of another key.
    #[default]
    Auto,
    /// Of all.
    Always,
    /// Of none.
    Never,
}

/// `table.optimizer.agg-phase-strategy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AggregatePhases {
    /// As many as are estimated to cost least.
    #[default]
    Auto,
    /// One even where two are possible.
    One,
    /// Two where they are possible.
    Two,
}

/// `table.optimizer.reuse-sub-plan-enabled` and `table.optimizer.reuse-source-enabled`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reuse {
    /// All of them.
    #[default]
    Everything,
    /// Those that are more than a source.
    NoSources,
    /// None.
    Nothing,
}

/// `table.exec.mini-batch.*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MiniBatch {
    /// How long rows may wait.
    pub latency: LabDuration,
    /// How many rows may wait.
    pub size: usize,
}

/// A bound INSERT: the query already gives exactly the sink's columns, cast to their types.
#[derive(Clone, Debug)]
pub struct Insert {
    /// Where the rows go.
    pub sink: Table,
    /// INSERT OVERWRITE.
    pub overwrite: bool,
    /// The partition columns whose values PARTITION names, with these.
    pub partition: Vec<(String, String)>,
    /// The columns that it names, as positions among the sink's; none if it names none.
    pub columns: Vec<usize>,
    /// What is written.
    pub query: Query,
}

/// A relation and its columns.
#[derive(Clone, Debug)]
pub struct Rel {
    /// What it is.
    pub node: Node,
    /// Its columns.
    pub schema: Schema,
}

/// The kinds of relations.
#[derive(Clone, Debug)]
pub enum Node {
    /// The rows of a table: its physical columns, then its metadata columns.
    Scan(Table),
    /// Constant rows, one expression (of no columns) a cell.
    Values(Vec<Vec<Expr>>),
    /// One expression a column.
    Project {
        /// What it reads.
        input: Box<Rel>,
        /// Expressions over the input's columns.
        exprs: Vec<Expr>,
    },
    /// Rows for which a condition is true.
    Filter {
        /// What it reads.
        input: Box<Rel>,
        /// A BOOLEAN over the input's columns.
        predicate: Expr,
    },
    /// Gives rows their watermark (streaming only). The columns are the input's, `rowtime` marked as
    /// a time attribute.
    Watermark {
        /// What it reads.
        input: Box<Rel>,
        /// The event time column.
        rowtime: usize,
        /// The watermark, an expression over the input's columns.
        watermark: Expr,
    },
    /// Each row once for every window that holds it; the window's columns come last.
    WindowTable(WindowTable),
    /// Each row several times: what GROUPING SETS make of it.
    Expand {
        /// What it reads.
        input: Box<Rel>,
        /// One row a row, as expressions over the input's columns.
        projects: Vec<Vec<Expr>>,
    },
    /// What OVER computes, behind the columns of the input.
    Over(Over),
    /// One row for every match of a pattern.
    Match(MatchRecognize),
    /// Groups and what is computed of each. SELECT DISTINCT is one without calls.
    Aggregate(Aggregate),
    /// Order, and which rows of it. Without keys it is a LIMIT.
    Sort {
        /// What it reads.
        input: Box<Rel>,
        /// The order.
        keys: Vec<SortKey>,
        /// OFFSET.
        offset: u64,
        /// LIMIT, FETCH.
        fetch: Option<u64>,
    },
    /// What reads subqueries in its expressions.
    Subqueries(Subqueries),
    /// UNION, INTERSECT, EXCEPT of inputs with equal columns.
    SetOp {
        /// Which.
        op: SetOp,
        /// Whether duplicates count.
        all: bool,
        /// What it reads, at least two.
        inputs: Vec<Rel>,
    },
    /// Each row once for every element of a collection in it.
    Unnest(Unnest),
    /// Two inputs side by side: the columns of the left, then those of the right.
    Join {
        /// The left input.
        left: Box<Rel>,
        /// The right input.
        right: Box<Rel>,
        /// What happens to rows without a partner.
        kind: JoinKind,
        /// A BOOLEAN over both inputs' columns; `None` joins all with all.
        condition: Option<Expr>,
        /// FOR SYSTEM_TIME AS OF: which rows of the right are meant.
        as_of: Option<AsOf>,
    },
}

/// Groups and aggregate calls. Columns: the group keys, the calls, the window's properties.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// What it reads. Arguments, filters and keys are columns of it.
    pub input: Box<Rel>,
    /// The columns that make a group, without the window.
    pub group: Vec<usize>,
    /// The window that makes a group as well (`GROUP BY TUMBLE(ts, ..)`).
    pub window: Option<GroupWindow>,
    /// What is computed of each group.
    pub calls: Vec<AggregateCall>,
}

/// One aggregate function over the rows of a group.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// The call; its arguments and its filter are bare columns of the input.
    pub call: expr::aggregate::AggregateCall,
    /// Its column's name.
    pub name: String,
}

/// One key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The column.
    pub column: usize,
    /// DESC.
    pub descending: bool,
    /// Whether NULL comes first. Unless said, NULL is the smallest value, as in Flink.
    pub nulls_first: bool,
}

/// Each row once for every element: the columns of the input, then those of an element.
#[derive(Clone, Debug)]
pub struct Unnest {
    /// What it reads.
    pub input: Box<Rel>,
    /// The array, map or multiset, over the input's columns.
    pub of: Expr,
    /// Whether a row without elements stays.
    pub left: bool,
    /// Which elements stay, over their own columns.
    pub condition: Option<Expr>,
}

/// Operations on sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOp {
    /// In either.
    Union,
    /// In both.
    Intersect,
    /// In the first and in no other.
    Except,
}

/// What happens to rows without a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// They go.
    Inner,
    /// Those of the left stay.
    Left,
    /// Those of the right stay.
    Right,
    /// All stay.
    Full,
    /// Only those of the left go out, once, if they have a partner.
    Semi,
    /// Only those of the left go out that have none.
    Anti,
}

/// A table as a query uses it: where it is, what its connector is told.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its full name.
    pub path: Arc<ObjectPath>,
    /// Its options, with those of hints.
    pub options: Options,
    /// The columns that its connector reads and writes.
    pub physical: Schema,
    /// The columns that its connector knows of: the connector's key for each.
    pub metadata: Vec<MetadataColumn>,
    /// PARTITIONED BY.
    pub partitioned_by: Vec<String>,
    /// Positions of the primary key among the physical columns.
    pub primary_key: Vec<usize>,
    /// The options that a hint gives it.
    pub hinted: Vec<(String, String)>,
}

/// A column whose values the connector knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataColumn {
    /// The connector's key.
    pub key: String,
    /// The column.
    pub field: Field,
    /// Whether it is not written.
    pub is_virtual: bool,
}
