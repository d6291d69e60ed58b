//! IncrementalGroupAggregate: distinct values are kept by key and bucket; what goes on is how much more
//! there is, by key alone.
//!
//! As Flink's `MiniBatchIncrementalGroupAggFunction`: a bundle of accumulators is merged bucket by bucket.
//! Only what is distinct is kept. Of it the difference goes on, of all else what came; so what puts buckets
//! together adds, and takes nothing back.

use arrow::array::{Array, ArrayRef};
use rustc_hash::FxHashMap;

use super::STATE;
use super::bundle::Bundle;
use super::saved::KeyedState;
use crate::base::{RecordId, Result, Watermark};
use crate::data::arrow::array_of;
use crate::data::{Batch, DataType, LogicalType, Schema, Value, value_at};
use crate::expr::aggregate::aggregate;
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys};
use crate::operators::group_index::GroupIndex;
use crate::operators::state_trace::StateTrace;
use crate::operators::ttl::Ttl;
use crate::operators::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What an IncrementalGroupAggregate keeps and tells. Its output is the first of the key columns, then
/// `columns`.
#[derive(Clone, Debug)]
pub struct IncrementalFactory {
    /// The key with the bucket.
    pub keys: GroupKeys,
    /// How many columns of the key come without the bucket.
    pub finals: usize,
    /// The aggregates over accumulators, as they come.
    pub aggregates: Vec<Aggregate>,
    /// The same without what is distinct, over the accumulators that go on.
    pub told: Vec<Aggregate>,
    /// Each column that goes on: of which aggregate's accumulator, and which of its columns.
    pub columns: Vec<(usize, usize)>,
    /// The output columns.
    pub output: Schema,
    /// Whether rows may be taken away.
    pub retracting: bool,
    /// How many rows a bundle holds.
    pub bundle: usize,
    /// How long a key is kept after its last row, in milliseconds; for ever if 0.
    pub ttl: i64,
}

impl OperatorFactory for IncrementalFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let kept = Kept::of(&self.aggregates, self.retracting)?;
        Ok(Box::new(IncrementalGroupAggregate {
            index: GroupIndex::new(&self.keys.types)?,
            values: Aggregates::new(&kept.aggregates, self.retracting)?,
            kept,
            bundle: Bundle::new(self.bundle),
            ttl: Ttl::new(self.ttl),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

/// The aggregates of distinct values.
struct Kept {
    /// These, and behind them how many values some of them are of.
    aggregates: Vec<Aggregate>,
    /// For each aggregate that goes on: where it is among these, and what counts its values.
    places: Vec<Option<(usize, Option<usize>)>>,
}

impl Kept {
    /// A sum from which values may be taken tells how many it is of.
    fn of(all: &[Aggregate], retracts: bool) -> Result<Self> {
        let mut aggregates: Vec<Aggregate> =
            all.iter().filter(|a| a.call.is_distinct()).cloned().collect();
        let (mut places, mut next) = (Vec::with_capacity(all.len()), 0);
        for of in all {
            if !of.call.is_distinct() {
                places.push(None);
                continue;
            }
            let counting = match (of.call.function.name, of.args.as_slice()) {
                ("SUM", [_, count, values]) if retracts => {
                    let arguments = of.call.arguments.clone();
                    let call = aggregate("COUNT", arguments, true, None, false)?;
                    let args = vec![*count, *values];
                    aggregates.push(Aggregate { name: of.name.clone(), call, args, filter: None });
                    Some(aggregates.len() - 1)
                }
                _ => None,
            };
            places.push(Some((next, counting)));
            next += 1;
        }
        Ok(Self { aggregates, places })
    }
}

struct IncrementalGroupAggregate {
    factory: IncrementalFactory,
    index: GroupIndex,
    kept: Kept,
    /// What is distinct, by group.
    values: Aggregates,
    bundle: Bundle,
    ttl: Ttl<u32>,
    key_group_count: u16,
}

/// The results of what is kept, before and after a bundle.
struct Change {
    before: Vec<ArrayRef>,
    after: Vec<ArrayRef>,
}

impl IncrementalGroupAggregate {
    fn keyed(&mut self) -> KeyedState<'_> {
        let Self { factory, index, values, ttl, .. } = self;
        KeyedState { keys: &factory.keys, index, values, ttl }
    }

    fn finish_bundle(&mut self, context: &mut Context<'_>) -> Result<()> {
        match self.bundle.take()? {
            Some(batch) => self.answer(&batch, context),
            None => Ok(()),
        }
    }

    /// Forgets keys that no row came for within their time.
    fn expire(&mut self, now: i64) {
        while let Some((_, group)) = self.ttl.due(now) {
            self.values.clear(group);
            self.index.remove(group);
        }
    }

    fn answer(&mut self, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let (now, retracts) = (context.now.millis(), self.factory.retracting);
        self.expire(now);
        let mut groups = Vec::new();
        self.index.intern(&self.factory.keys.of(batch), batch.len(), &mut groups)?;
        self.values.grow(self.index.capacity());
        let mut places: FxHashMap<u32, u32> = FxHashMap::default();
        let mut touched = Vec::new();
        let rows: Vec<u32> = groups
            .iter()
            .map(|group| {
                *places.entry(*group).or_insert_with(|| {
                    touched.push(*group);
                    touched.len() as u32 - 1
                })
            })
            .collect();
        let before = self.values.evaluate(&touched)?;
        self.values.merge_partials(batch, &groups, self.index.capacity(), retracts)?;
        let change = Change { before, after: self.values.evaluate(&touched)? };
        let keys = self.index.columns(&touched)?;
        let ids = |row: usize| batch.ids().map(|ids| ids[row]);
        let mut causes: Vec<Vec<RecordId>> = vec![Vec::new(); touched.len()];
        rows.iter().enumerate().for_each(|(row, at)| causes[*at as usize].extend(ids(row)));
        self.trace(&touched, &change, &causes, context)?;
        let told = self.told(batch, &rows, touched.len(), &change)?;
        self.emit(&keys, told, &causes, touched.len(), context)?;
        for (place, group) in touched.iter().enumerate() {
            match retracts && change.leaves_nothing(place, &self.kept.aggregates) {
                true => {
                    self.ttl.forget(*group);
                    self.values.clear(*group);
                    self.index.remove(*group);
                }
                false => self.ttl.write(*group, now),
            }
        }
        Ok(())
    }

    /// What goes on of each key and bucket, as the columns of all accumulators.
    fn told(
        &self,
        batch: &Batch,
        rows: &[u32],
        len: usize,
        change: &Change,
    ) -> Result<Vec<ArrayRef>> {
        let retracts = self.factory.retracting;
        let is_plain = |a: &&Aggregate| !a.call.is_distinct();
        let plain: Vec<Aggregate> =
            self.factory.aggregates.iter().filter(is_plain).cloned().collect();
        let mut values = Aggregates::new(&plain, retracts)?;
        values.grow(len);
        values.merge_partials(batch, rows, len, retracts)?;
        let all: Vec<u32> = (0..len as u32).collect();
        let mut came = values.partials(&all, retracts)?.into_iter();
        let mut columns = Vec::new();
        for (told, place) in self.factory.told.iter().zip(&self.kept.places) {
            match place {
                None => columns.extend(came.next().unwrap_or_default()),
                Some((values, counts)) => {
                    let buffers = told.call.buffers(retracts).unwrap_or_default();
                    let types = buffers.iter().map(|buffer| &buffer.data_type);
                    let of = std::iter::once(*values).chain(*counts);
                    for (data_type, at) in types.zip(of) {
                        columns.push(change.difference(at, len, data_type)?);
                    }
                }
            }
        }
        Ok(columns)
    }

    /// Puts the buckets of each key together, and emits them.
    fn emit(
        &self,
        keys: &[ArrayRef],
        told: Vec<ArrayRef>,
        causes: &[Vec<RecordId>],
        len: usize,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let IncrementalFactory { finals, retracting, .. } = self.factory;
        let mut index = GroupIndex::new(&self.factory.keys.types[..finals])?;
        let mut groups = Vec::new();
        index.intern(&keys[..finals], len, &mut groups)?;
        let all: Vec<u32> = (0..index.capacity().max(1) as u32).collect();
        let mut values = Aggregates::new(&self.factory.told, retracting)?;
        values.grow(all.len());
        values.merge_partials(&Batch::new(told, len), &groups, all.len(), retracting)?;
        let partials = values.partials(&all, retracting)?;
        let mut columns = index.columns(&all)?;
        let goes_on = self.factory.columns.iter();
        columns.extend(goes_on.map(|(aggregate, column)| partials[*aggregate][*column].clone()));
        let mut of: Vec<Vec<RecordId>> = vec![Vec::new(); all.len()];
        groups.iter().zip(causes).for_each(|(group, ids)| of[*group as usize].extend(ids));
        let causes = |row: usize| std::mem::take(&mut of[row]);
        context.emit_rows_because(Batch::new(columns, all.len()), causes);
        Ok(())
    }

    /// Tells the trace what a bundle changes; the last record of each key is what changed it.
    fn trace(
        &self,
        touched: &[u32],
        change: &Change,
        causes: &[Vec<RecordId>],
        context: &mut Context<'_>,
    ) -> Result<()> {
        let (keys, index) = (&self.factory.keys, &self.index);
        let Some(trace) = StateTrace::of_groups(STATE, keys, index, touched, context)? else {
            return Ok(());
        };
        let trace = trace.because(causes.iter().filter_map(|ids| ids.last().copied()).collect());
        let shown = self.kept.places.iter().flatten().count();
        for place in 0..touched.len() {
            let named = |results: &[ArrayRef]| self.values.named(&results[..shown], place);
            trace.changed(place, named(&change.before), named(&change.after), context);
        }
        Ok(())
    }
}

impl Change {
    /// How much more a result is than it was.
    fn difference(&self, at: usize, len: usize, data_type: &DataType) -> Result<ArrayRef> {
        let one = |place| {
            let value = |results: &[ArrayRef]| value_at(&results[at], data_type, place);
            let (before, after) = (value(&self.before), value(&self.after));
            minus(after, before)
        };
        array_of(data_type, &(0..len).map(one).collect::<Vec<_>>())
    }

    /// Whether no value is left.
    fn leaves_nothing(&self, place: usize, aggregates: &[Aggregate]) -> bool {
        let nothing =
            |(after, aggregate): (&ArrayRef, &Aggregate)| match aggregate.call.function.name {
                "COUNT" => {
                    let count = DataType::not_null(LogicalType::BigInt);
                    value_at(after, &count, place) == Value::BigInt(0)
                }
                "SUM" => after.is_null(place),
                _ => true,
            };
        self.after.iter().zip(aggregates).all(nothing)
    }
}

/// NULL is nothing, but as good as none where both are.
fn minus(a: Value, b: Value) -> Value {
    use Value as V;
    match (a, b) {
        (a, V::Null) => a,
        (V::TinyInt(a), V::TinyInt(b)) => V::TinyInt(a.wrapping_sub(b)),
        (V::SmallInt(a), V::SmallInt(b)) => V::SmallInt(a.wrapping_sub(b)),
        (V::Int(a), V::Int(b)) => V::Int(a.wrapping_sub(b)),
        (V::BigInt(a), V::BigInt(b)) => V::BigInt(a.wrapping_sub(b)),
        (V::Float(a), V::Float(b)) => V::Float(a - b),
        (V::Double(a), V::Double(b)) => V::Double(a - b),
        (V::Decimal(a, scale), V::Decimal(b, _)) => V::Decimal(a.wrapping_sub(b), scale),
        (V::Null, V::TinyInt(b)) => V::TinyInt(b.wrapping_neg()),
        (V::Null, V::SmallInt(b)) => V::SmallInt(b.wrapping_neg()),
        (V::Null, V::Int(b)) => V::Int(b.wrapping_neg()),
        (V::Null, V::BigInt(b)) => V::BigInt(b.wrapping_neg()),
        (V::Null, V::Float(b)) => V::Float(-b),
        (V::Null, V::Double(b)) => V::Double(-b),
        (V::Null, V::Decimal(b, scale)) => V::Decimal(b.wrapping_neg(), scale),
        (a, _) => a,
    }
}

impl Operator for IncrementalGroupAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let full = self.bundle.push(&batch)?;
        full.iter().try_for_each(|batch| self.answer(batch, context))
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.finish_bundle(context)?;
        context.emit_watermark(watermark);
        Ok(())
    }

    fn end_input(&mut self, _input: usize, context: &mut Context<'_>) -> Result<()> {
        self.finish_bundle(context)
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.finish_bundle(context)?;
        let count = self.key_group_count;
        self.keyed().snapshot(VERSION, count, |_| 0)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.keyed().restore(VERSION, snapshots, context.subtask(), context.now).map(drop)
    }
}

#[cfg(test)]
mod tests;
