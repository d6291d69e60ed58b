//! What operators cost.
//!
//! Source: `FlinkCost` of Flink 1.18, and `computeSelfCost` of its operators and of those of Calcite that
//! they are.

use std::fmt;
use std::ops::Add;

use super::Estimator;
use crate::data::TimeAttribute;
use crate::data::print::number::java_double;
use crate::expr::{Expr, Node};
use crate::plan::join::{Join, JoinWay};
use crate::plan::phases::{Global, Local};
use crate::plan::physical::{Distribution, Grouping, PhysicalKind, PhysicalNode, UNLIMITED};
use crate::sql::bound::JoinKind;

/// A cost, in units that mean nothing but in comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// Rows that are worked on.
    pub rows: f64,
    /// Work.
    pub cpu: f64,
    /// Bytes that are read.
    pub io: f64,
    /// Bytes that travel.
    pub network: f64,
    /// Bytes that are kept.
    pub memory: f64,
}

/// Of each field that is hashed: computed, looked up, compared.
const HASH: f64 = 8.0;
/// Of each field that is compared with another.
const COMPARE: f64 = 4.0;
/// Of each call of a function.
const CALL: f64 = 12.0;
/// Of each row that becomes bytes and a row again.
const SERIALIZE: f64 = 160.0;
/// The bytes that a worker is taken to process.
const WORKER: f64 = 1_073_741_824.0;
/// The bytes in front of a row that say how long it is.
const LENGTH: f64 = 4.0;
/// By how much a join with one row is preferred to others.
const SINGLE_ROW: f64 = 0.99;
/// The rows that come to a join of streams in some time.
const JOIN_RATE: f64 = 200.0;

impl Cost {
    fn new(rows: f64, cpu: f64) -> Self {
        Self { rows, cpu, ..Self::default() }
    }

    fn times(self, factor: f64) -> Self {
        Self {
            rows: self.rows * factor,
            cpu: self.cpu * factor,
            io: self.io * factor,
            network: self.network * factor,
            memory: self.memory * factor,
        }
    }

    /// Whether it is preferred: less work, then less of all else, then fewer rows.
    pub fn is_less(&self, other: &Self) -> bool {
        let rest = |cost: &Self| cost.memory + cost.network * 4.0 + cost.io * 2.0;
        let key = |cost: &Self| [cost.cpu, rest(cost), cost.rows];
        key(self) < key(other)
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            cpu: self.cpu + other.cpu,
            io: self.io + other.io,
            network: self.network + other.network,
            memory: self.memory + other.memory,
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [rows, cpu, io, network, memory] =
            [self.rows, self.cpu, self.io, self.network, self.memory].map(java_double);
        write!(f, "{{{rows} rows, {cpu} cpu, {io} io, {network} network, {memory} memory}}")
    }
}

impl Estimator {
    /// What an operator and all below it cost.
    pub fn cost(&self, node: &PhysicalNode) -> Cost {
        self.once(
            node,
            |known| &mut known.cost,
            || match node.kind {
                PhysicalKind::Union => self.union(&node.inputs).1,
                _ => {
                    let own = self.own_cost(node);
                    node.inputs.iter().fold(own, |sum, input| sum + self.cost(input))
                }
            },
        )
    }

    /// The rows of a union of these, and what it costs: each with all before it.
    pub fn union(&self, inputs: &[PhysicalNode]) -> (f64, Cost) {
        let (mut rows, mut cost) = (0.0, Cost::default());
        for (index, input) in inputs.iter().enumerate() {
            rows += self.rows(input);
            let own = if index == 0 { Cost::default() } else { Cost::new(rows, rows) };
            cost = own + cost + self.cost(input);
        }
        (rows, cost)
    }

    fn own_cost(&self, node: &PhysicalNode) -> Cost {
        let rows = self.rows(node);
        let input = node.inputs.first();
        let read = input.map_or(0.0, |input| self.rows(input));
        match &node.kind {
            PhysicalKind::TableSourceScan { .. } => {
                let cpu = if self.is_batch() { 0.0 } else { rows };
                Cost { io: rows * self.row_size(node), ..Cost::new(rows, cpu) }
            }
            PhysicalKind::Values(_) => Cost::new(rows, 1.0),
            PhysicalKind::Calc { projection, .. } => {
                let computed = projection.iter().filter(|e| is_computed(e)).count();
                Cost::new(rows, rows * computed as f64)
            }
            PhysicalKind::Exchange(distribution) => {
                let size = input.map_or(0.0, |input| self.row_size(input)) * read;
                exchange(distribution, read, size)
            }
            PhysicalKind::HashAggregate(grouping)
            | PhysicalKind::LocalBatchAggregate { local: Local { grouping, .. }, sorted: false }
            | PhysicalKind::GlobalBatchAggregate {
                global: Global { grouping, .. },
                sorted: false,
            } => self.hashed(node, read, grouping),
            PhysicalKind::SortAggregate(grouping)
            | PhysicalKind::LocalBatchAggregate { local: Local { grouping, .. }, sorted: true }
            | PhysicalKind::GlobalBatchAggregate {
                global: Global { grouping, .. },
                sorted: true,
            } => self.sorted(node, read, grouping),
            PhysicalKind::OverAggregate { windows, .. } if self.is_batch() => {
                let calls: usize = windows.iter().map(|window| window.calls.len()).sum();
                let cpu = CALL * read * calls as f64;
                Cost { memory: self.row_size(node), ..Cost::new(rows, cpu) }
            }
            PhysicalKind::Sort(keys) => {
                let cpu = COMPARE * keys.len() as f64 * read * read.ln().max(1.0);
                let memory = input.map_or(0.0, |input| self.sort_memory(input));
                Cost { memory, ..Cost::new(read, cpu) }
            }
            PhysicalKind::SortLimit { keys, offset, fetch, .. } if self.is_batch() => {
                let kept = read.min(offset.saturating_add(*fetch) as f64);
                let cpu = COMPARE * keys.len() as f64 * read * kept.ln();
                Cost { memory: kept * self.row_size(node), ..Cost::new(rows, cpu) }
            }
            PhysicalKind::Limit { .. } if self.is_batch() => Cost::new(rows, COMPARE * rows),
            PhysicalKind::TemporalSort(_) => sort_of_stream(node, read, 0, UNLIMITED, true),
            PhysicalKind::SortLimit { offset, fetch, .. } => {
                sort_of_stream(node, read, *offset, *fetch, true)
            }
            PhysicalKind::Limit { offset, fetch, .. } => {
                sort_of_stream(node, read, *offset, *fetch, false)
            }
            PhysicalKind::Rank(_) if self.is_batch() => {
                Cost { memory: self.row_size(node), ..Cost::new(rows, CALL * read) }
            }
            PhysicalKind::Rank(_) | PhysicalKind::WindowRank(_) => Cost::new(read, read),
            PhysicalKind::Join(join) => self.join_cost(join, node, rows),
            PhysicalKind::WindowJoin(join) => join_by_time(&join.join, rows),
            _ => Cost::new(rows, rows),
        }
    }

    fn hashed(&self, node: &PhysicalNode, read: f64, grouping: &Grouping) -> Cost {
        let rows = self.rows(node);
        let (keys, calls) = (grouping.keys.len(), grouping.calls.len());
        let cpu = HASH * read * keys as f64 + CALL * read * calls as f64;
        let memory = match keys {
            0 => self.row_size(node),
            _ => rows * 16.0 / 2.0 + rows * (self.binary_size(node) + 8.0),
        };
        Cost { memory, ..Cost::new(rows, cpu) }
    }

    fn sorted(&self, node: &PhysicalNode, read: f64, grouping: &Grouping) -> Cost {
        let cpu = CALL * read * grouping.calls.len() as f64;
        Cost { memory: self.row_size(node), ..Cost::new(self.rows(node), cpu) }
    }

    /// The rows themselves, and what is compared of each.
    fn sort_memory(&self, input: &PhysicalNode) -> f64 {
        let rows = self.rows(input);
        rows * (self.binary_size(input) + LENGTH) + rows * (16.0 + 8.0)
    }

    fn join_cost(&self, join: &Join, node: &PhysicalNode, rows: f64) -> Cost {
        let [left, right] = node.inputs.as_slice() else { return Cost::default() };
        if join.near.is_some() {
            return join_by_time(join, rows);
        }
        if !join.bounded {
            return Cost::new(JOIN_RATE, JOIN_RATE);
        }
        let (of_left, of_right) = (self.rows(left), self.rows(right));
        let (built, probe) = match join.known.left_is_built {
            true => (left, right),
            false => (right, left),
        };
        let built_rows = self.rows(built);
        let copies = workers(self.rows(probe) * self.row_size(probe));
        if join.way == JoinWay::SortMerge {
            let sort = |rows: f64| rows * rows.ln().max(1.0) * join.keys[0].len() as f64;
            let cpu = COMPARE * (sort(of_left) + sort(of_right) + of_left + of_right);
            let memory = self.sort_memory(left) + self.sort_memory(right);
            return Cost { memory, ..Cost::new(rows, cpu) };
        }
        if let JoinWay::Hash | JoinWay::BroadcastHash = join.way {
            let row = self.binary_size(built) + LENGTH;
            let memory = built_rows * 8.0 / 2.0 + built_rows * row;
            let copies = if join.way == JoinWay::Hash { 1.0 } else { copies };
            return Cost {
                memory: memory * copies,
                ..Cost::new(rows, HASH * (of_left + of_right))
            };
        }
        let memory = built_rows * (self.row_size(built) + LENGTH) * copies;
        let cost = Cost { memory, ..Cost::new(rows, of_left * of_right) };
        if join.way == JoinWay::SingleRow { cost.times(SINGLE_ROW) } else { cost }
    }
}

/// How many workers are taken to process so many bytes.
fn workers(bytes: f64) -> f64 {
    (bytes / WORKER).trunc().max(1.0)
}

fn exchange(distribution: &Distribution, rows: f64, size: f64) -> Cost {
    let cpu = match distribution {
        Distribution::Single => (1.0 + SERIALIZE) * rows,
        Distribution::Hash(keys) => (HASH * keys.len() as f64 + SERIALIZE) * rows,
        Distribution::Broadcast => {
            let workers = workers(size);
            let cpu = workers * rows * SERIALIZE;
            return Cost { network: workers * size, ..Cost::new(rows, cpu) };
        }
    };
    Cost { network: size, ..Cost::new(rows, cpu) }
}

/// A stream is sorted as far as it is read.
fn sort_of_stream(node: &PhysicalNode, rows: f64, offset: u64, fetch: u64, by_key: bool) -> Cost {
    let read = match fetch {
        UNLIMITED => rows,
        0 => return Cost::default(),
        fetch => rows.min(offset as f64 + fetch as f64),
    };
    let bytes = (3 + node.schema.len()) as f64 * 4.0;
    let cpu = match by_key {
        false => read * bytes,
        true if read < std::f64::consts::E => rows * bytes,
        true => rows * read.ln() * bytes,
    };
    Cost::new(read, cpu)
}

fn join_by_time(join: &Join, rows: f64) -> Cost {
    match join.kind {
        JoinKind::Semi => Cost::new(1.0, 1.0),
        _ => Cost::new(rows, 0.0),
    }
}

/// Whether a column is more than passed on, constant or of another type. The time of the clock is read
/// where it becomes a plain one.
fn is_computed(expr: &Expr) -> bool {
    match (&expr.node, expr.operands()) {
        (Node::Column(_) | Node::Literal(_), _) => false,
        (Node::Cast { safe: false, .. }, [inner]) => {
            inner.data_type.logical.time_attribute() == TimeAttribute::Proctime
        }
        _ => true,
    }
}
