//! LocalWindowAggregate: the first phase of a window aggregate, before rows go to the owners of their
//! keys.
//!
//! As Flink's `LocalSlicingWindowAggOperator`: of the rows of a slice one row a key goes on, which holds
//! what they have accumulated and names the end of the slice. It goes when the watermark passes the end
//! of the first slice with rows, before a checkpoint, at the end of the input, and when there are many
//! keys; nothing of it is kept. It does not know what is late: the second phase does.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, UInt32Array};
use rustc_hash::FxHashMap;

use crate::base::{RecordId, Result, Watermark};
use crate::data::select::take;
use crate::data::{Batch, DataType, LogicalType, Schema};
use crate::operators::aggregates::{Aggregate, Aggregates, GroupKeys};
use crate::operators::group_index::GroupIndex;
use crate::operators::window::WindowTime;
use crate::operators::window::slicing::Windows;
use crate::operators::window::trigger::Trigger;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

/// Keys in slices that may wait before all of them go: where Flink's buffer would be full.
const ROOM: usize = 1 << 16;
/// Groups that one portion of the answer holds.
const PORTION: usize = 4096;

/// What a LocalWindowAggregate accumulates. Its output is the key columns, then `columns`, then the end
/// of the slice.
#[derive(Clone, Debug)]
pub struct LocalWindowAggregateFactory {
    /// The key besides the window.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// Each column behind the key: of which aggregate's accumulator, and which of its columns.
    pub columns: Vec<(usize, usize)>,
    /// The windows.
    pub windows: Windows,
    /// What puts rows into them.
    pub time: WindowTime,
    /// The output columns.
    pub output: Schema,
}

impl OperatorFactory for LocalWindowAggregateFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(LocalWindowAggregate {
            held: Held::new(self)?,
            trigger: Trigger::new(self.windows, &self.time),
            due: None,
            owed: None,
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

/// What has been accumulated since the last time it went.
struct Held {
    /// Groups are keys within slices: the first column is the slice's end.
    index: GroupIndex,
    aggregates: Aggregates,
    /// The records in each group; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
}

impl Held {
    fn new(factory: &LocalWindowAggregateFactory) -> Result<Self> {
        let end = DataType::not_null(LogicalType::BigInt);
        let types: Vec<DataType> =
            std::iter::once(end).chain(factory.keys.types.iter().cloned()).collect();
        let aggregates = Aggregates::new(&factory.aggregates, false)?;
        Ok(Self { index: GroupIndex::new(&types)?, aggregates, causes: FxHashMap::default() })
    }

    fn accept(&mut self, batch: &Batch, ends: Vec<i64>, keys: &GroupKeys) -> Result<()> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ends))];
        columns.extend(keys.of(batch));
        let mut groups = Vec::new();
        self.index.intern(&columns, batch.len(), &mut groups)?;
        self.aggregates.grow(self.index.capacity());
        for (group, id) in groups.iter().zip(batch.ids().into_iter().flat_map(|ids| ids.iter())) {
            self.causes.entry(*group).or_default().push(*id);
        }
        self.aggregates.accumulate(batch, &groups)
    }
}

struct LocalWindowAggregate {
    factory: LocalWindowAggregateFactory,
    held: Held,
    trigger: Trigger,
    /// What goes, and from which group on it is still to go.
    due: Option<(Held, u32)>,
    /// The watermark to pass on after that.
    owed: Option<Watermark>,
}

impl LocalWindowAggregate {
    /// What is held goes.
    fn flush(&mut self) -> Result<()> {
        if self.held.index.capacity() > 0 {
            let held = std::mem::replace(&mut self.held, Held::new(&self.factory)?);
            self.due = Some((held, 0));
            self.trigger.emptied();
        }
        Ok(())
    }

    /// A portion of what goes; whether there was one.
    fn emit(&mut self, context: &mut Context<'_>) -> Result<bool> {
        let Some((held, from)) = &mut self.due else { return Ok(false) };
        let until = (*from as usize + PORTION).min(held.index.capacity()) as u32;
        let groups: Vec<u32> = (*from..until).collect();
        let mut columns = held.index.columns(&groups)?;
        let ends = columns.remove(0);
        let partials = held.aggregates.partials(&groups, false)?;
        let travels = self.factory.columns.iter();
        columns.extend(travels.map(|(aggregate, column)| partials[*aggregate][*column].clone()));
        columns.push(ends);
        let causes = |row: usize| held.causes.remove(&groups[row]).unwrap_or_default();
        context.emit_rows_because(Batch::new(columns, groups.len()), causes);
        *from = until;
        if until as usize == held.index.capacity() {
            self.due = None;
        }
        Ok(true)
    }
}

impl Operator for LocalWindowAggregate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let LocalWindowAggregateFactory { windows, time, keys, .. } = &self.factory;
        let slices = time.slices(*windows, &batch, context.now);
        let timeless = slices.contains(&None);
        let rows = slices.iter().enumerate().filter(|(_, end)| end.is_some());
        let rows: Vec<u32> = rows.map(|(row, _)| row as u32).collect();
        let ends: Vec<i64> = slices.into_iter().flatten().collect();
        let Some(first_end) = ends.iter().copied().min() else { return Ok(()) };
        let batch = if timeless { take(&batch, &UInt32Array::from(rows))? } else { batch };
        self.held.accept(&batch, ends, keys)?;
        self.trigger.hold(first_end);
        if self.held.index.capacity() >= ROOM { self.flush() } else { Ok(()) }
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        match self.trigger.fires(self.factory.time.on_the_wall(watermark.0)) {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        self.flush()
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if self.emit(context)? {
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.flush()?;
        while self.emit(context)? {}
        Ok(OperatorSnapshot::default())
    }
}
