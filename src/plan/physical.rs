//! The physical plan: a tree of operators under Flink's names.

use super::changelog::ChangelogMode;
use super::inputs::Inputs;
use super::join::Join;
use super::lookup::LookupJoin;
use super::phases::{Global, Incremental, Local};
use super::rank::{Deduplicate, Rank, RankStrategy, WindowRank};
use super::window::{WindowAssigner, WindowTimes};
use super::window_join::WindowJoin;
use crate::base::{Error, LabDuration, RuntimeMode};
use crate::data::Schema;
use crate::expr::Expr;
use crate::sql::bound::{
    AggregateCall, GroupWindow, OverWindow, Pattern, SortKey, Table, WindowColumns, WindowProperty,
};

/// What is planned for a query or for some INSERTs.
#[derive(Clone, Debug)]
pub struct PhysicalPlan {
    /// One tree a sink, the sink at its root.
    pub roots: Vec<PhysicalNode>,
    /// The same with equal parts once: what is executed.
    pub execution: ExecutionPlan,
    /// Whether operators of several inputs are shown as one with what stands between them.
    pub multiple_input: bool,
    /// Streaming or batch.
    pub mode: RuntimeMode,
}

/// Trees of operators that share parts.
#[derive(Clone, Debug)]
pub struct ExecutionPlan {
    /// Parts that several read. Each reads only parts before it.
    pub shared: Vec<SharedPart>,
    /// One tree a sink, the sink at its root.
    pub roots: Vec<PhysicalNode>,
}

/// A part of a plan that several read.
#[derive(Clone, Debug)]
pub struct SharedPart {
    /// Its last operator, with what that reads.
    pub root: PhysicalNode,
}

/// An operator with what it reads.
#[derive(Clone, Debug)]
pub struct PhysicalNode {
    /// What it does.
    pub kind: PhysicalKind,
    /// What it reads.
    pub inputs: Inputs,
    /// Its columns.
    pub schema: Schema,
    /// The changes that it emits.
    pub changelog: ChangelogMode,
}

/// The kinds of operators, with Flink's names.
#[derive(Clone, Debug)]
pub enum PhysicalKind {
    /// Reads a table.
    TableSourceScan {
        /// Which.
        table: Box<Table>,
        /// The columns read, positions among the physical ones.
        projection: Vec<usize>,
        /// Only partitions for which all of these are true are read: conditions whose columns are
        /// positions among PARTITIONED BY.
        partitions: Vec<Expr>,
        /// What the operator above filters by, where the source is told of it: conditions over the
        /// columns read.
        filters: Vec<Expr>,
        /// The source stops after so many rows.
        limit: Option<u64>,
        /// How many rows there are, as far as the source tells.
        rows: Option<u64>,
    },
    /// Constant rows, one expression (of no columns) a cell.
    Values(Vec<Vec<Expr>>),
    /// Filters, then projects.
    Calc {
        /// Rows stay where this is true.
        condition: Option<Expr>,
        /// One expression a column.
        projection: Vec<Expr>,
    },
    /// Gives rows their watermark.
    WatermarkAssigner {
        /// The event time column.
        rowtime: usize,
        /// The watermark of a row.
        watermark: Expr,
    },
    /// Gives the beat to which bundles go.
    MiniBatchAssigner {
        /// How far apart beats are.
        interval: LabDuration,
        /// Whether event time gives it, or the clock.
        rowtime: bool,
    },
    /// Sends rows to other subtasks.
    Exchange(Distribution),
    /// GROUP BY over a stream.
    GroupAggregate(Grouping),
    /// GROUP BY over a stream, of what rows have accumulated before they go to other subtasks.
    LocalGroupAggregate(Local),
    /// GROUP BY over a stream, of what others have accumulated.
    GlobalGroupAggregate(Global),
    /// GROUP BY over a stream: buckets of distinct values, of what others have accumulated, put together.
    IncrementalGroupAggregate(Incremental),
    /// GROUP BY over a bounded input.
    HashAggregate(Grouping),
    /// GROUP BY over a bounded input that is sorted by the key.
    SortAggregate(Grouping),
    /// GROUP BY over a bounded input, of what rows have accumulated before they go to other subtasks.
    LocalBatchAggregate {
        /// What it computes.
        local: Local,
        /// Whether its input is sorted by the key.
        sorted: bool,
    },
    /// GROUP BY over a bounded input, of what others have accumulated.
    GlobalBatchAggregate {
        /// What it computes.
        global: Global,
        /// Whether its input is sorted by the key.
        sorted: bool,
    },
    /// GROUP BY with a group window.
    GroupWindowAggregate {
        /// Keys and calls.
        grouping: Grouping,
        /// The window.
        window: GroupWindow,
        /// How they are computed.
        way: WindowWay,
    },
    /// Puts each row into its windows.
    WindowTableFunction(WindowAssigner),
    /// GROUP BY the start and end of windows over a stream.
    WindowAggregate {
        /// Keys besides the window, and calls.
        grouping: Grouping,
        /// The windows.
        windows: WindowTimes,
        /// What is said of them, behind the calls.
        properties: Vec<WindowProperty>,
    },
    /// GROUP BY the start and end of windows, of what rows have accumulated before they go to other
    /// subtasks.
    LocalWindowAggregate {
        /// What it computes.
        local: Local,
        /// The windows.
        windows: WindowTimes,
    },
    /// GROUP BY the start and end of windows, of what others have accumulated.
    GlobalWindowAggregate {
        /// What it computes.
        global: Global,
        /// The windows.
        windows: WindowTimes,
        /// What is said of them, behind the calls.
        properties: Vec<WindowProperty>,
    },
    /// Each row several times, one expression a column.
    Expand(Vec<Vec<Expr>>),
    /// OVER: the calls of windows of the same partition and order, behind the columns of the input.
    OverAggregate {
        /// The windows and their calls; of a stream one.
        windows: Vec<OverWindow>,
        /// The windows of time that the rows are in, as long as a rule may ask.
        rows_in: Option<WindowColumns>,
        /// Whether the input ends and the answer comes once.
        bounded: bool,
    },
    /// One row for every match of a pattern.
    Match(Box<Pattern>),
    /// The first rows of an order in each partition.
    Rank(Rank),
    /// One row a key: the first or the last.
    Deduplicate(Deduplicate),
    /// The first rows of an order in each window.
    WindowRank(WindowRank),
    /// Two inputs, window by window.
    WindowJoin(Box<WindowJoin>),
    /// ORDER BY over a bounded input.
    Sort(Vec<SortKey>),
    /// ORDER BY with LIMIT.
    SortLimit {
        /// The order.
        keys: Vec<SortKey>,
        /// Rows left out at the start.
        offset: u64,
        /// Rows that follow.
        fetch: u64,
        /// How a stream keeps them.
        strategy: Option<RankStrategy>,
        /// Of which rows.
        of: LimitOf,
    },
    /// ORDER BY a time attribute over a stream.
    TemporalSort(Vec<SortKey>),
    /// LIMIT without an order.
    Limit {
        /// Rows left out at the start.
        offset: u64,
        /// Rows that follow; [`UNLIMITED`] is all of them.
        fetch: u64,
        /// Of which rows.
        of: LimitOf,
    },
    /// Rows of two inputs side by side.
    Join(Box<Join>),
    /// Rows beside what a table answers for them.
    LookupJoin(Box<LookupJoin>),
    /// Each row once for every element of a collection in it.
    Correlate(Correlate),
    /// UNION ALL.
    Union,
    /// Reads a shared part, by its position in the [`ExecutionPlan`]. Has its columns and changes.
    Reused(usize),
    /// Writes to a table.
    Sink {
        /// Which.
        table: Box<Table>,
        /// Whether what is there goes away first.
        overwrite: bool,
        /// The values of partition columns that the statement names.
        partition: Vec<(String, String)>,
        /// The columns that the statement names, as positions.
        columns: Vec<usize>,
        /// How changes become those of the table's primary key, if they are others.
        materialize: Option<UpsertMaterialize>,
    },
    /// Hands rows to the result store.
    Collect,
}

/// How a GROUP BY with a group window is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowWay {
    /// Over a stream.
    Stream,
    /// Over a bounded input, by a hash table.
    Hash,
    /// Over a bounded input that is sorted by key and time.
    Sorted,
}

/// Rows are kept by the primary key of the table that they are written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpsertMaterialize {
    /// The columns that name a row of the changes, if some do.
    pub input_key: Option<Vec<usize>>,
}

/// Rows with the elements of a collection in each.
#[derive(Clone, Debug)]
pub struct Correlate {
    /// The collection, or how often a row is repeated: over the input's columns.
    pub of: Expr,
    /// Whether a row without elements stays.
    pub left: bool,
    /// Which elements stay, over their own columns.
    pub condition: Option<Expr>,
    /// The call as Flink writes it, which names the columns as the query does: `$UNNEST_ROWS$1($cor0.tags)`.
    pub call: String,
}

/// Of which rows a LIMIT leaves the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    /// Of all.
    Rows,
    /// In a batch: of those of one subtask, as no others can be among the first of all.
    Subtask,
    /// In a batch: of those that subtasks have left.
    Subtasks,
}

/// All rows that there are.
pub const UNLIMITED: u64 = u64::MAX;

/// Keys and aggregate calls, as columns of the input.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The key columns.
    pub keys: Vec<usize>,
    /// The calls.
    pub calls: Vec<AggregateCall>,
    /// Which part of a GROUP BY that is split it is.
    pub part: Split,
}

/// The parts of a GROUP BY whose distinct values are counted in buckets first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// It is not split.
    #[default]
    Whole,
    /// Counts in each bucket.
    Partial,
    /// Puts buckets together.
    Final,
}

/// Where an exchange sends rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// To the owner of the key in these columns.
    Hash(Vec<usize>),
    /// All to one.
    Single,
    /// All to each.
    Broadcast,
}

impl PhysicalPlan {
    /// Whether it has operators whose state may expire.
    pub fn keeps_state(&self) -> bool {
        self.mode == RuntimeMode::Streaming && self.roots.iter().any(PhysicalNode::keeps_state)
    }
}

impl PhysicalNode {
    fn keeps_state(&self) -> bool {
        use PhysicalKind as K;
        matches!(
            self.kind,
            K::GroupAggregate(_)
                | K::LocalGroupAggregate(_)
                | K::GlobalGroupAggregate(_)
                | K::OverAggregate { .. }
                | K::Rank(_)
                | K::Deduplicate(_)
                | K::SortLimit { .. }
                | K::Limit { .. }
                | K::Join(_)
        ) || self.inputs.iter().any(Self::keeps_state)
    }

    /// An operator; its changes are decided later.
    pub(crate) fn new(kind: PhysicalKind, inputs: impl Into<Inputs>, schema: Schema) -> Self {
        let inputs = inputs.into();
        Self { kind, inputs, schema, changelog: ChangelogMode::INSERT_ONLY }
    }

    /// Another operator in its place, with the same columns and changes.
    pub(crate) fn replaced(&self, kind: PhysicalKind, inputs: impl Into<Inputs>) -> Self {
        let inputs = inputs.into();
        Self { kind, inputs, schema: self.schema.clone(), changelog: self.changelog }
    }

    /// The same rows, sent to other subtasks.
    pub(crate) fn exchanged(self, distribution: Distribution) -> Self {
        let schema = self.schema.clone();
        Self::new(PhysicalKind::Exchange(distribution), vec![self], schema)
    }

    /// The same rows before they are sent, if they are.
    pub(crate) fn before_exchange(mut self) -> Self {
        if let PhysicalKind::Exchange(_) = self.kind
            && let Some(input) = self.inputs.pop()
        {
            return input;
        }
        self
    }
}

impl Grouping {
    /// A GROUP BY in one part.
    pub(crate) fn new(keys: Vec<usize>, calls: Vec<AggregateCall>) -> Self {
        Self { keys, calls, part: Split::Whole }
    }

    /// The columns that it reads.
    pub(crate) fn columns(&self) -> Vec<usize> {
        let read = |c: &AggregateCall| {
            let exprs = c.call.arguments.iter().chain(&c.call.filter);
            exprs.flat_map(Expr::columns).collect::<Vec<_>>()
        };
        self.keys.iter().copied().chain(self.calls.iter().flat_map(read)).collect()
    }

    /// The same where columns stand elsewhere.
    pub(crate) fn moved(mut self, place: &impl Fn(usize) -> usize) -> Self {
        self.keys.iter_mut().for_each(|key| *key = place(*key));
        for call in &mut self.calls {
            let call = &mut call.call;
            call.arguments = call.arguments.iter().map(|e| e.map_columns(place)).collect();
            call.filter = call.filter.as_ref().map(|e| e.map_columns(place));
        }
        self
    }
}

impl PhysicalKind {
    /// Flink's name of the operator.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TableSourceScan { .. } => "TableSourceScan",
            Self::Values(_) => "Values",
            Self::Calc { .. } => "Calc",
            Self::WatermarkAssigner { .. } => "WatermarkAssigner",
            Self::MiniBatchAssigner { .. } => "MiniBatchAssigner",
            Self::Exchange(_) => "Exchange",
            Self::GroupAggregate(_) => "GroupAggregate",
            Self::LocalGroupAggregate(_) => "LocalGroupAggregate",
            Self::GlobalGroupAggregate(_) => "GlobalGroupAggregate",
            Self::IncrementalGroupAggregate(_) => "IncrementalGroupAggregate",
            Self::HashAggregate(_) | Self::GlobalBatchAggregate { sorted: false, .. } => {
                "HashAggregate"
            }
            Self::SortAggregate(_) | Self::GlobalBatchAggregate { sorted: true, .. } => {
                "SortAggregate"
            }
            Self::LocalBatchAggregate { sorted: false, .. } => "LocalHashAggregate",
            Self::LocalBatchAggregate { sorted: true, .. } => "LocalSortAggregate",
            Self::GroupWindowAggregate { way, .. } => match way {
                WindowWay::Stream => "GroupWindowAggregate",
                WindowWay::Hash => "HashWindowAggregate",
                WindowWay::Sorted => "SortWindowAggregate",
            },
            Self::WindowTableFunction(_) => "WindowTableFunction",
            Self::WindowAggregate { .. } => "WindowAggregate",
            Self::LocalWindowAggregate { .. } => "LocalWindowAggregate",
            Self::GlobalWindowAggregate { .. } => "GlobalWindowAggregate",
            Self::Expand(_) => "Expand",
            Self::OverAggregate { .. } => "OverAggregate",
            Self::Match(_) => "Match",
            Self::Rank(_) => "Rank",
            Self::Deduplicate(_) => "Deduplicate",
            Self::WindowRank(_) => "WindowRank",
            Self::WindowJoin(_) => "WindowJoin",
            Self::Sort(_) => "Sort",
            Self::SortLimit { .. } => "SortLimit",
            Self::TemporalSort(_) => "TemporalSort",
            Self::Limit { .. } => "Limit",
            Self::Join(join) => join.name(),
            Self::LookupJoin(_) => "LookupJoin",
            Self::Correlate(_) => "Correlate",
            Self::Union => "Union",
            Self::Reused(_) => "Reused",
            Self::Sink { .. } | Self::Collect => "Sink",
        }
    }

    /// Flink's name of what runs it.
    pub fn runs_as(&self) -> &'static str {
        match self {
            Self::LocalBatchAggregate { sorted: false, .. } => "HashAggregate",
            Self::LocalBatchAggregate { sorted: true, .. } => "SortAggregate",
            _ => self.name(),
        }
    }
}

/// A node lacks the input that its kind has: a bug of the planner, told instead of a panic.
pub(crate) fn no_input() -> Error {
    Error::new("plan-broken").arg("reason", "a node without its input")
}
