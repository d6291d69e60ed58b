//! An aggregate in two phases: rows are accumulated where they are, and what they come to travels to the
//! owners of the keys, who merge it.

use super::physical::Grouping;
use crate::data::{DataType, Field, LogicalType, Schema};
use crate::expr;
use crate::sql::bound::AggregateCall;

/// How the accumulators of some calls lie as columns behind the keys.
#[derive(Clone, Debug)]
pub struct Accumulators {
    /// The columns: of which call's accumulator, which of its columns, and the field.
    pub columns: Vec<(usize, usize, Field)>,
    /// By call: where the columns of its accumulator are among `columns`.
    pub places: Vec<Vec<usize>>,
    /// By call: the number of the column with what is distinct.
    pub distinct: Vec<Option<usize>>,
    /// Among `columns`, the one that counts rows, if all are counted.
    pub count: Option<usize>,
}

/// What a first phase computes.
#[derive(Clone, Debug)]
pub struct Local {
    /// Keys and calls over its input; a call that counts rows may be added behind those asked for.
    pub grouping: Grouping,
    /// Whether its input may take rows away.
    pub retracts: bool,
    /// Its columns behind the keys.
    pub accumulators: Accumulators,
}

/// What a second phase computes.
#[derive(Clone, Debug)]
pub struct Global {
    /// The keys in its input, and the calls as the first phase sees them.
    pub grouping: Grouping,
    /// The first phase.
    pub local: Box<Local>,
}

/// What counts the distinct values of buckets, and tells how much more there is in all buckets of a key.
#[derive(Clone, Debug)]
pub struct Incremental {
    /// The keys with the bucket, and the calls as the first phase sees them.
    pub partial: Global,
    /// What is told by key without the bucket.
    pub told: Local,
}

impl Incremental {
    /// Of what counts in buckets; so many of its keys come without the bucket. `None` if what is distinct
    /// does not add up.
    pub(crate) fn of(partial: &Global, keys: usize) -> Option<Self> {
        let local = &partial.local;
        let adds_up = |c: &AggregateCall| {
            !c.call.is_distinct() || matches!(c.call.function.name, "COUNT" | "SUM" | "$SUM0")
        };
        if !local.grouping.calls.iter().all(adds_up) {
            return None;
        }
        let mut grouping = local.grouping.clone();
        grouping.keys = (0..keys).collect();
        for AggregateCall { call, .. } in &mut grouping.calls {
            call.distinct = false;
            call.filter = None;
        }
        let calls: Vec<_> = grouping.calls.iter().map(|c| &c.call).collect();
        let mut accumulators = Accumulators::of(&calls, local.retracts)?;
        let counts = local.accumulators.count.map(|column| local.accumulators.columns[column].0);
        accumulators.count = counts.map(|call| accumulators.places[call][0]);
        let told = Local { grouping, retracts: local.retracts, accumulators };
        Some(Self { partial: partial.clone(), told })
    }

    /// Its columns; `partial` are those of what counts in buckets.
    pub(crate) fn fields(&self, partial: &Schema) -> Vec<Field> {
        self.told.fields(partial)
    }

    /// The first phase that what puts buckets together sees.
    pub(crate) fn merged(&self) -> Box<Local> {
        Box::new(self.told.clone())
    }
}

impl Local {
    /// The first phase of an aggregate; `None` if a call cannot be merged. `counts`: all rows are counted.
    pub(crate) fn of(grouping: &Grouping, retracts: bool, counts: bool) -> Option<Self> {
        let mut grouping = grouping.clone();
        let count = match counts {
            true => Some(counting(&mut grouping)?),
            false => None,
        };
        let calls: Vec<_> = grouping.calls.iter().map(|c| &c.call).collect();
        let mut accumulators = Accumulators::of(&calls, retracts)?;
        accumulators.count = count.map(|call| accumulators.places[call][0]);
        Some(Self { grouping, retracts, accumulators })
    }

    /// A batch names what COLLECT accumulates as its result: for Flink it is no expression over columns.
    pub(crate) fn named_for_batch(mut self) -> Self {
        for (call, _, field) in &mut self.accumulators.columns {
            let call = &self.grouping.calls[*call];
            if call.call.function.name == "COLLECT" {
                field.name.clone_from(&call.name);
            }
        }
        self
    }

    /// Its columns over an input: the keys, then what is accumulated.
    pub(crate) fn fields(&self, input: &Schema) -> Vec<Field> {
        let keys = self.grouping.keys.iter().map(|key| input.fields()[*key].clone());
        keys.chain(self.accumulators.columns.iter().map(|(_, _, field)| field.clone())).collect()
    }

    /// The second phase, for so many of the calls.
    pub(crate) fn global(self, calls: usize) -> Global {
        let keys = (0..self.grouping.keys.len()).collect();
        let calls = self.grouping.calls[..calls].to_vec();
        Global {
            grouping: Grouping { keys, calls, part: self.grouping.part },
            local: Box::new(self),
        }
    }
}

/// Whether all that calls accumulate has a fixed length, which Flink's hash tables of batches ask for.
pub(crate) fn sees_fixed_length(grouping: &Grouping) -> bool {
    let fixed = |field: &expr::aggregate::Buffer| is_fixed_length(&field.data_type.logical);
    grouping.calls.iter().all(|call| match call.call.buffers(false) {
        Some(_) if call.call.is_distinct() => true,
        Some(buffers) => buffers.iter().all(fixed),
        None => false,
    })
}

fn is_fixed_length(logical: &LogicalType) -> bool {
    use LogicalType as L;
    !matches!(
        logical,
        L::Char(_)
            | L::Varchar(_)
            | L::Binary(_)
            | L::Varbinary(_)
            | L::Array(_)
            | L::Map(..)
            | L::Multiset(_)
            | L::Row(_)
    )
}

/// The call that counts all rows, added if there is none.
fn counting(grouping: &mut Grouping) -> Option<usize> {
    let counts = |c: &AggregateCall| c.call.function.name == "COUNT" && !c.call.may_stay();
    if let Some(call) = grouping.calls.iter().position(counts) {
        return Some(call);
    }
    let call = expr::aggregate::aggregate("COUNT", Vec::new(), false, None, false).ok()?;
    grouping.calls.push(AggregateCall { call, name: "count1".to_owned() });
    Some(grouping.calls.len() - 1)
}

impl Accumulators {
    /// Of calls, in order; what is distinct comes last, once for calls that share it.
    fn of(calls: &[&expr::aggregate::AggregateCall], retracts: bool) -> Option<Self> {
        let all = calls.iter().map(|call| call.buffers(retracts)).collect::<Option<Vec<_>>>()?;
        let mut columns = Vec::new();
        let mut places = Vec::with_capacity(calls.len());
        for (call, buffers) in all.iter().enumerate() {
            let own = buffers.iter().enumerate().filter(|(_, buffer)| buffer.name != DISTINCT);
            let first = columns.len();
            columns.extend(own.map(|(place, buffer)| (call, place, buffer.clone())));
            places.push((first..columns.len()).collect::<Vec<_>>());
        }
        let mut columns: Vec<_> = columns
            .into_iter()
            .enumerate()
            .map(|(index, (call, place, b))| (call, place, field(b.name, index, b.data_type)))
            .collect();
        let mut sets: Vec<usize> = Vec::new();
        let mut distinct = vec![None; calls.len()];
        let width = columns.len();
        for (call, buffers) in all.iter().enumerate() {
            let Some(place) = buffers.iter().position(|buffer| buffer.name == DISTINCT) else {
                continue;
            };
            let same = |set: &usize| {
                let (one, other) = (calls[*set], calls[call]);
                one.arguments == other.arguments && one.filter == other.filter
            };
            let number = sets.iter().position(same).unwrap_or(sets.len());
            if number == sets.len() {
                let data_type = buffers[place].data_type.clone();
                columns.push((call, place, field(DISTINCT, number, data_type)));
                sets.push(call);
            }
            distinct[call] = Some(number);
            places[call].push(width + number);
        }
        Some(Self { columns, places, distinct, count: None })
    }
}

/// What Flink calls a column with what is distinct.
const DISTINCT: &str = "distinct";

fn field(name: &str, number: usize, data_type: DataType) -> Field {
    Field::new(format!("{name}${number}"), data_type)
}
