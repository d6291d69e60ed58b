//! IncrementalGroupAggregate: distinct values are kept by key and bucket; what goes on is how much more
//! there is, by key alone.
//!
//! As Flink's `MiniBatchIncrementalGroupAggFunction`: a bundle of accumulators is merged bucket by bucket.
//! Only what is distinct is kept. Of it the difference goes on, of all else what came; so what puts buckets
//! together adds, and takes nothing back.

use arrow::array::{Array, ArrayRef};
use rustc_hash::FxHashMap;

use super::bundle::Bundle;
use super::{STATE, Saved};
use crate::base::{RecordId, Result, Watermark};
use crate::data::arrow::array_of;
use crate::data::{Batch, DataType, LogicalType, Schema, Value, value_at};
use crate::expr::aggregate::aggregate;
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys, GroupState, intern_values};
use crate::operators::group_index::GroupIndex;
use crate::operators::state_trace::StateTrace;
use crate::operators::ttl::Ttl;
use crate::operators::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;

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
        let answer = Batch::new(columns, all.len());
        if !context.traces_records() {
            context.emit(answer);
            return Ok(());
        }
        for (row, group) in all.iter().enumerate() {
            let own = groups.iter().zip(causes).filter(|(of, _)| *of == group);
            let ids: Vec<RecordId> = own.flat_map(|(_, ids)| ids.iter().copied()).collect();
            context.emit_because(answer.slice(row, 1), Causes::Records(ids.into()));
        }
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
        let groups = self.index.groups();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns, groups.len(), self.key_group_count);
        let entry = |(row, group): (usize, &u32)| -> Saved {
            let states = self.values.state(*group);
            let state = GroupState { key: keys.values(&columns, row), rows: 0, states };
            (state, self.ttl.written(*group))
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|(state, _)| state.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.keys.types, &keys)?;
        self.values.grow(self.index.capacity());
        for ((state, written), group) in entries.iter().zip(groups) {
            self.values.restore(group, &state.states)?;
            self.ttl.restore(group, *written, context.now.millis());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Element, Field, Row, RowKind, print, rows_to_batch};
    use crate::expr::Expr;
    use crate::operators::Drain;
    use crate::operators::standalone::Standalone;
    use crate::trace::{EventKind, Level};

    fn int() -> DataType {
        DataType::nullable(LogicalType::BigInt)
    }

    /// `k, bucket`, then what COUNT(DISTINCT v) and SUM(v) have accumulated; with rows that may be taken
    /// away, COUNT(*) too.
    fn factory(retracting: bool) -> (IncrementalFactory, Schema) {
        let value = || vec![Expr::column(0, int())];
        let call =
            |name, arguments, distinct| aggregate(name, arguments, distinct, None, false).unwrap();
        let mut calls = vec![call("COUNT", value(), true), call("SUM", value(), false)];
        calls.extend(retracting.then(|| call("COUNT", Vec::new(), false)));
        let mut fields = vec![
            Field::new("k", DataType::nullable(LogicalType::STRING)),
            Field::new("bucket", DataType::nullable(LogicalType::Int)),
        ];
        let mut output = vec![fields[0].clone()];
        let (mut aggregates, mut told, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        let mut goes_on = 0;
        for (number, call) in calls.into_iter().enumerate() {
            let place = |fields: &mut Vec<Field>, data_type: &DataType| {
                fields.push(Field::new(format!("c{}", fields.len()), data_type.clone()));
                fields.len() - 1
            };
            let buffers = call.buffers(retracting).unwrap();
            let args = buffers.iter().map(|b| place(&mut fields, &b.data_type)).collect();
            let mut plain = call.clone();
            plain.distinct = false;
            let buffers = plain.buffers(retracting).unwrap();
            for buffer in &buffers {
                place(&mut output, &buffer.data_type);
            }
            let own: Vec<usize> = (goes_on..goes_on + buffers.len()).collect();
            goes_on += buffers.len();
            columns.extend((0..buffers.len()).map(|column| (number, column)));
            let name: std::sync::Arc<str> = call.function.name.into();
            aggregates.push(Aggregate { name: name.clone(), call, args, filter: None });
            told.push(Aggregate { name, call: plain, args: own, filter: None });
        }
        let input = Schema::new(fields);
        let types = input.fields()[..2].iter().map(|f| f.data_type.clone()).collect();
        let keys = GroupKeys { columns: vec![0, 1], types };
        let (output, finals, bundle, ttl) = (Schema::new(output), 1, 2, 0);
        let factory = IncrementalFactory {
            keys,
            finals,
            aggregates,
            told,
            columns,
            output,
            retracting,
            bundle,
            ttl,
        };
        (factory, input)
    }

    /// A row: the key, the bucket, the values that came (or went, if below zero), their sum.
    fn row(key: &str, bucket: i32, values: &[i64], retracting: bool) -> Row {
        let entry = |v: &i64| (Value::BigInt(v.abs()), Value::BigInt(v.signum()));
        let distinct = Value::Map(values.iter().map(entry).collect());
        let (sum, count) = (values.iter().sum(), values.iter().map(|v| v.signum()).sum());
        let mut fields = vec![Value::String(key.into()), Value::Int(bucket), Value::BigInt(count)];
        fields.extend([distinct, Value::BigInt(sum)]);
        if retracting {
            fields.extend([Value::BigInt(count), Value::BigInt(count)]);
        }
        Row { kind: RowKind::Insert, fields }
    }

    struct World {
        factory: IncrementalFactory,
        input: Schema,
        operator: Box<dyn Operator>,
        world: Standalone,
    }

    impl World {
        fn new(retracting: bool) -> Self {
            let (factory, input) = factory(retracting);
            let world = Standalone::new(Level::Records);
            let operator = factory.create(world.subtask).unwrap();
            Self { factory, input, operator, world }
        }

        /// What goes out for a bundle of two rows.
        fn bundle(&mut self, rows: [(&str, i32, &[i64]); 2]) -> Vec<String> {
            let retracting = self.factory.retracting;
            let rows = rows.map(|(key, bucket, values)| row(key, bucket, values, retracting));
            let ids = self.world.ids(2);
            let batch = rows_to_batch(&self.input, &rows).unwrap().with_ids(ids.clone());
            self.operator.process(0, batch, &mut self.world.context(ids)).unwrap();
            while self.operator.drain(&mut self.world.context(None)).unwrap() == Drain::More {}
            let mut text = Vec::new();
            for element in std::mem::take(&mut self.world.out) {
                let Element::Batch(batch) = element else { continue };
                text.extend(batch.rows(&self.factory.output).map(|row| print::java::row(&row)));
            }
            text
        }

        fn restored(mut self) -> Self {
            let snapshot = self.operator.snapshot(&mut self.world.context(None)).unwrap();
            let mut new = Self::new(self.factory.retracting);
            new.operator.restore(&[snapshot], &mut new.world.context(None)).unwrap();
            new
        }
    }

    #[test]
    fn only_what_is_new_goes_on() {
        let mut world = World::new(false);
        let both = world.bundle([("a", 1, &[5, 9]), ("a", 2, &[6])]);
        assert_eq!(both, ["+I[a, 3, 20]"], "two buckets of a key together");
        assert_eq!(
            world.bundle([("a", 1, &[5, 7]), ("b", 1, &[5])]),
            ["+I[a, 1, 12]", "+I[b, 1, 5]"]
        );
        let mut world = world.restored();
        assert_eq!(world.bundle([("a", 1, &[5]), ("a", 2, &[6, 8])]), ["+I[a, 1, 19]"]);
    }

    #[test]
    fn values_go_when_they_went_as_often_as_they_came() {
        let mut world = World::new(true);
        let first = world.bundle([("a", 1, &[5, 9]), ("a", 1, &[5])]);
        assert_eq!(first, ["+I[a, 2, 19, 3, 3]"]);
        let less = world.bundle([("a", 1, &[-5]), ("a", 2, &[6])]);
        assert_eq!(less, ["+I[a, 1, 1, 0, 0]"], "5 is there once more, and 6 is new");
        let last = world.bundle([("a", 1, &[-5, -9]), ("a", 2, &[-6])]);
        assert_eq!(last, ["+I[a, -3, -20, -3, -3]"]);
        let state = world.operator.snapshot(&mut world.world.context(None)).unwrap();
        let fresh = World::new(true);
        let mut fresh = fresh.restored();
        let empty = fresh.operator.snapshot(&mut fresh.world.context(None)).unwrap();
        assert_eq!(state, empty, "nothing is left");
    }

    #[test]
    fn the_trace_tells_what_a_bucket_holds() {
        let mut world = World::new(false);
        world.bundle([("a", 1, &[5, 9]), ("a", 2, &[6])]);
        let mut events = Vec::new();
        world.world.tracer.drain_into(&mut 0, &mut events);
        let told = events.iter().filter_map(|event| match &event.kind {
            EventKind::StateChanged(change) => Some(format!("{:?} {:?}", change.key, change.after)),
            _ => None,
        });
        let told: Vec<String> = told.collect();
        let expected = [
            r#"[String("a"), Int(1)] [("COUNT", BigInt(2))]"#,
            r#"[String("a"), Int(2)] [("COUNT", BigInt(1))]"#,
        ];
        assert_eq!(told, expected);
    }
}
