//! Joins: which columns are keys, what else must hold, and what can be asked of one input alone.

use super::calc::{calc, columns, filter, new_name};
use super::convert::by_key;
use super::physical::{PhysicalKind, PhysicalNode};
use super::rules::fold_constants::fold;
use crate::base::{Result, RuntimeMode, Span};
use crate::data::{Field, Schema, TimeAttribute};
use crate::expr::{Expr, Node, all_of};
use crate::sql::bound::{AsOf, JoinKind, LookupRetry, TimeInterval};

/// A join of two inputs.
#[derive(Clone, Debug)]
pub struct Join {
    /// Which rows go out.
    pub kind: JoinKind,
    /// The key columns of the left, and for each the one of the right.
    pub keys: [Vec<usize>; 2],
    /// For each column of the key: whether NULL meets NULL.
    pub null_meets_null: Vec<bool>,
    /// For each column of the key: whether the right was written first.
    pub turned: Vec<bool>,
    /// What must hold besides, over the columns of the left and then those of the right.
    pub condition: Option<Expr>,
    /// Whether both inputs end and the answer comes once.
    pub bounded: bool,
    /// What the times of a pair have to do with each other.
    pub near: Option<Near>,
    /// Of a bounded join, how pairs are found.
    pub way: JoinWay,
    /// What is known of its inputs.
    pub known: JoinInputs,
}

/// How a join of bounded inputs finds pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JoinWay {
    /// By a hash table of the rows of one side. Both are sent to the owners of their keys.
    #[default]
    Hash,
    /// By sorting both, which are sent to the owners of their keys.
    SortMerge,
    /// By a hash table of all rows of one side, which every subtask has.
    BroadcastHash,
    /// By looking at all rows of one side, which every subtask has.
    NestedLoop,
    /// The same where that side has one row.
    SingleRow,
}

impl JoinWay {
    /// Whether both inputs are sent to the owners of their keys.
    pub(super) fn is_by_key(self) -> bool {
        matches!(self, Self::Hash | Self::SortMerge)
    }
}

/// What is known of the inputs of a join.
#[derive(Clone, Debug, Default)]
pub struct JoinInputs {
    /// Of a stream, the columns that name a row of the left and of the right, if some do; where one row
    /// has a key of the join, these are the columns of the key.
    pub names: [Option<Vec<usize>>; 2],
    /// Of a bounded join, whether the left is the one that is kept.
    pub left_is_built: bool,
}

/// What the times of a pair have to do with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Near {
    /// The right is the version at the event time of the left: these are their columns.
    Version {
        /// The columns of time.
        times: [usize; 2],
        /// Where the right is named.
        place: Option<Span>,
    },
    /// Their event times lie between bounds.
    Interval(TimeInterval),
    /// The right is what a table answers when the left comes; perhaps it is asked again.
    Lookup {
        /// How it is asked again.
        retry: Option<LookupRetry>,
        /// Where the table is named.
        place: Option<Span>,
    },
}

impl Near {
    /// What a join says of times.
    pub(super) fn of(
        as_of: Option<&AsOf>,
        condition: Option<&Expr>,
        left: &Schema,
        right: &Schema,
    ) -> Option<Self> {
        let (time, place) = match as_of {
            None => return TimeInterval::of(condition?, left, right).map(Self::Interval),
            Some(AsOf::Lookup { hints, place, .. }) => {
                let retry = hints.first().and_then(|hint| hint.retry.clone());
                return Some(Self::Lookup { retry, place: *place });
            }
            Some(AsOf::Version { time, place }) => (*time, *place),
        };
        let rowtime = |f: &Field| f.data_type.logical.time_attribute() == TimeAttribute::Rowtime;
        let version = right.fields().iter().position(rowtime)?;
        Some(Self::Version { times: [time, version], place })
    }

    /// Whether it means anything: event time only says something of streams.
    fn holds_in(&self, mode: RuntimeMode) -> bool {
        mode == RuntimeMode::Streaming || matches!(self, Self::Lookup { .. })
    }

    /// The columns of event time, if it means them.
    pub fn times(&self) -> Option<[usize; 2]> {
        match self {
            Self::Version { times, .. } => Some(*times),
            Self::Interval(interval) => Some(interval.times),
            Self::Lookup { .. } => None,
        }
    }

    fn moved(self, place: [&dyn Fn(usize) -> usize; 2]) -> Self {
        let moved = |[left, right]: [usize; 2]| [place[0](left), place[1](right)];
        match self {
            Self::Version { times, place } => Self::Version { times: moved(times), place },
            Self::Interval(interval) => {
                Self::Interval(TimeInterval { times: moved(interval.times), ..interval })
            }
            Self::Lookup { .. } => self,
        }
    }
}

impl Join {
    /// Flink's name of the operator.
    pub(super) fn name(&self) -> &'static str {
        match (self.bounded, self.way) {
            _ if matches!(self.near, Some(Near::Version { .. })) => "TemporalJoin",
            _ if matches!(self.near, Some(Near::Interval(_))) => "IntervalJoin",
            (false, _) => "Join",
            (true, JoinWay::Hash | JoinWay::BroadcastHash) => "HashJoin",
            (true, JoinWay::SortMerge) => "SortMergeJoin",
            (true, JoinWay::NestedLoop | JoinWay::SingleRow) => "NestedLoopJoin",
        }
    }

    /// The columns of the left and of the right that it reads itself.
    pub(super) fn reads(&self, left: usize) -> [Vec<usize>; 2] {
        let mut reads = self.keys.clone();
        for (reads, time) in
            reads.iter_mut().zip(self.near.iter().filter_map(Near::times).flatten())
        {
            reads.push(time);
        }
        for column in self.condition.iter().flat_map(Expr::columns) {
            match column < left {
                true => reads[0].push(column),
                false => reads[1].push(column - left),
            }
        }
        reads
    }

    /// The same where columns of the inputs stand elsewhere; `all` maps those of both side by side.
    pub(super) fn moved(
        mut self,
        sides: [&dyn Fn(usize) -> usize; 2],
        all: &dyn Fn(usize) -> usize,
    ) -> Self {
        self.near = self.near.map(|near| near.moved(sides));
        for (keys, place) in self.keys.iter_mut().zip(sides) {
            keys.iter_mut().for_each(|key| *key = place(*key));
        }
        self.condition = self.condition.map(|c| c.map_columns(&|column| all(column)));
        self
    }
}

/// What a condition says, cut into its parts.
#[derive(Default)]
struct Parts {
    /// Expressions of the left and of the right that must be equal.
    equal: Vec<Equal>,
    /// What speaks of one input alone, and may be asked of it.
    alone: [Vec<Expr>; 2],
    rest: Vec<Expr>,
}

struct Equal {
    sides: [Expr; 2],
    turned: bool,
    null_meets_null: bool,
}

/// Two inputs joined whose times mean nothing.
pub(super) fn join(
    left: PhysicalNode,
    right: PhysicalNode,
    kind: JoinKind,
    condition: Option<&Expr>,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    timed_join(left, right, kind, condition, None, schema, mode)
}

/// Two inputs joined; `condition` speaks of the columns of the left and then those of the right.
pub(super) fn timed_join(
    left: PhysicalNode,
    right: PhysicalNode,
    kind: JoinKind,
    condition: Option<&Expr>,
    near: Option<Near>,
    schema: &Schema,
    mode: RuntimeMode,
) -> Result<PhysicalNode> {
    let widths = [left.schema.len(), right.schema.len()];
    // Without a partner a row of an outer side goes out, so what is asked of it stays in the join.
    let may_ask = match kind {
        JoinKind::Inner | JoinKind::Semi => [true, true],
        JoinKind::Left | JoinKind::Anti => [false, true],
        JoinKind::Right => [true, false],
        JoinKind::Full => [false, false],
    };
    let Parts { equal, alone: [of_left, of_right], rest } = parts(condition, widths[0], may_ask);
    let left = of_left.into_iter().try_fold(left, filter)?;
    let right = of_right.into_iter().try_fold(right, filter)?;

    let null_meets_null = equal.iter().map(|e| e.null_meets_null).collect();
    let turned = equal.iter().map(|e| e.turned).collect();
    let (lefts, rights): (Vec<Expr>, Vec<Expr>) =
        equal.into_iter().map(|Equal { sides: [l, r], .. }| (l, r)).unzip();
    let (left, left_keys) = with_keys(left, lefts)?;
    let (right, right_keys) = with_keys(right, rights)?;
    let moved = left.schema.len() - widths[0];
    let place = |c: usize| if c < widths[0] { c } else { c + moved };
    let condition = all_of(rest)?.map(|c| fold(&c.map_columns(&place)));

    let join = Join {
        kind,
        null_meets_null,
        turned,
        condition,
        bounded: mode == RuntimeMode::Batch,
        near: near.filter(|near| near.holds_in(mode) && !is_left_only(kind)),
        way: JoinWay::default(),
        known: JoinInputs::default(),
        keys: [left_keys, right_keys],
    };
    let whole = match kind {
        JoinKind::Semi | JoinKind::Anti => left.schema.clone(),
        _ => side_by_side(&left.schema, &right.schema, schema, widths),
    };
    let kept = (0..widths[0]).chain((0..widths[1]).map(|c| c + left.schema.len()));
    let kept: Vec<usize> = kept.take(schema.len()).collect();
    let left = left.exchanged(by_key(&join.keys[0]));
    let right = right.exchanged(by_key(&join.keys[1]));
    let node = PhysicalNode::new(PhysicalKind::Join(Box::new(join)), vec![left, right], whole);
    let all = columns(&node.schema);
    calc(node, None, kept.iter().map(|c| all[*c].clone()).collect(), schema.clone())
}

fn is_left_only(kind: JoinKind) -> bool {
    matches!(kind, JoinKind::Semi | JoinKind::Anti)
}

/// The columns of both inputs, with the types that the join gives them.
fn side_by_side(left: &Schema, right: &Schema, named: &Schema, widths: [usize; 2]) -> Schema {
    let (of_left, of_right) = named.fields().split_at(widths[0]);
    let side = |own: &Schema, named: &[Field]| {
        let added = own.fields()[named.len()..].to_vec();
        named.iter().cloned().chain(added).collect::<Vec<_>>()
    };
    Schema::new([side(left, of_left), side(right, of_right)].concat())
}

/// `may_ask`: whether a condition on an input alone may be asked of it.
fn parts(condition: Option<&Expr>, left: usize, may_ask: [bool; 2]) -> Parts {
    let mut parts = Parts::default();
    for part in condition.iter().flat_map(|c| c.conjuncts()) {
        if let Some(equal) = equal(part, left) {
            parts.equal.push(equal);
            continue;
        }
        match side_of(part, left) {
            Some(0) if may_ask[0] => parts.alone[0].push(part.clone()),
            Some(1) if may_ask[1] => parts.alone[1].push(part.map_columns(&|c| c - left)),
            _ => parts.rest.push(part.clone()),
        }
    }
    parts
}

/// The input that an expression speaks of, if it speaks of one.
fn side_of(expr: &Expr, left: usize) -> Option<usize> {
    let columns = expr.columns();
    let first = columns.first().map(|c| usize::from(*c >= left))?;
    columns.iter().all(|c| usize::from(*c >= left) == first).then_some(first)
}

fn equal(part: &Expr, left: usize) -> Option<Equal> {
    let null_meets_null = match part.as_call()?.name {
        "=" => false,
        "IS NOT DISTINCT FROM" => true,
        _ => return None,
    };
    let [a, b] = part.operands() else { return None };
    let (l, r, turned) = match (side_of(a, left)?, side_of(b, left)?) {
        (0, 1) => (a, b, false),
        (1, 0) => (b, a, true),
        _ => return None,
    };
    let same = l.data_type.logical == r.data_type.logical || both_text(l, r);
    let sides = [l.clone(), r.map_columns(&|c| c - left)];
    same.then_some(Equal { sides, turned, null_meets_null })
}

fn both_text(a: &Expr, b: &Expr) -> bool {
    use crate::data::LogicalType as L;
    let text = |e: &Expr| matches!(e.data_type.logical, L::Char(_) | L::Varchar(_));
    text(a) && text(b)
}

/// The input with its key as columns; what is no column yet is appended.
fn with_keys(input: PhysicalNode, keys: Vec<Expr>) -> Result<(PhysicalNode, Vec<usize>)> {
    let mut projection = columns(&input.schema);
    let mut fields = input.schema.fields().to_vec();
    let mut places = Vec::with_capacity(keys.len());
    for key in keys {
        places.push(key.as_column().unwrap_or(projection.len()));
        if key.as_column().is_none() {
            fields.push(Field::new(name_of(&key, &fields), key.data_type.clone()));
            projection.push(key);
        }
    }
    if projection.len() == input.schema.len() {
        return Ok((input, places));
    }
    Ok((calc(input, None, projection, Schema::new(fields))?, places))
}

/// A column of another type keeps its name, with a number behind it.
fn name_of(key: &Expr, fields: &[Field]) -> String {
    let column = match (&key.node, key.operands()) {
        (Node::Cast { .. }, [of]) => of.as_column(),
        _ => None,
    };
    match column {
        Some(column) => new_name(&fields[column].name, "", fields),
        None => format!("$f{}", fields.len()),
    }
}
