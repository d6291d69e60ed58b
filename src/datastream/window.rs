//! Tumbling windows by processing time: each folds the values of a key, and tells the result when the lab
//! clock reaches its end. As in Flink, what is in a window when the stream ends is not told.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::operator::KeyOf;
use super::record::{Record, Scalar, from_row};
use super::stream::Reduced;
use crate::base::{Error, LabDuration, LabTime, RecordId, Result};
use crate::data::{Batch, Row, Schema, Value, rows_to_batch};
use crate::operators::{Causes, Context, Operator, OperatorFactory, StateKey, SubtaskInfo};
use crate::state::keyed::Key;
use crate::state::{OperatorSnapshot, StateValue as _};

/// The version of the bytes of the state.
const VERSION: u16 = 1;

/// How two values become one.
pub(super) type Fold<T> = Arc<dyn Fn(T, T) -> T + Send + Sync>;

/// Folds the values of each key and window.
pub(super) struct WindowReduce<K, T> {
    pub(super) size: LabDuration,
    pub(super) key_of: KeyOf<K, T>,
    pub(super) fold: Fold<T>,
    pub(super) input: Schema,
}

impl<K: Scalar, T: Record> OperatorFactory for WindowReduce<K, T> {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Windows {
            size: self.size.0.max(1),
            key_of: self.key_of.clone(),
            fold: self.fold.clone(),
            input: self.input.clone(),
            panes: BTreeMap::new(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.input
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

/// A key in a window, by the window's end and the key group: the order in which results are told.
type Pane = (LabTime, u16, Vec<u8>);

/// What is known of a pane.
struct Content {
    key: Key,
    values: Vec<Value>,
    /// The records that it was made of; kept only while they are traced.
    causes: Vec<RecordId>,
}

struct Windows<K, T> {
    size: i64,
    key_of: KeyOf<K, T>,
    fold: Fold<T>,
    input: Schema,
    panes: BTreeMap<Pane, Content>,
}

impl<K: Scalar, T: Record> Windows<K, T> {
    fn add(&mut self, row: &Row, cause: Option<RecordId>, context: &mut Context<'_>) -> Result<()> {
        let value: T = from_row(row)?;
        let key = (self.key_of)(&value).into_value();
        let key = Key::new(key, context.subtask().max_parallelism)?;
        let end = LabTime(context.now.0 - context.now.0.rem_euclid(self.size) + self.size);
        let pane = (end, key.group(), bytes_of(&key)?);
        let before = self.panes.remove(&pane);
        let causes = before.iter().flat_map(|b| b.causes.clone()).chain(cause).collect();
        let shown = |values: &[Value]| Reduced(values.to_vec()).parts();
        let old = before.as_ref().map(|b| shown(&b.values)).unwrap_or_default();
        let folded = match before.and_then(|b| T::from_fields(&b.values)) {
            Some(before) => (self.fold)(before, value),
            None => value,
        };
        let values = folded.into_fields();
        if context.traces_records() {
            context.trace_state(
                &STATE.into(),
                StateKey::of(key.value(), key.group()),
                old,
                shown(&values),
                cause,
            );
        }
        self.panes.insert(pane, Content { key, values, causes });
        Ok(())
    }
}

/// The name of the state, as Flink calls it.
const STATE: &str = "window-contents";

/// Tells keys apart, and puts them in an order.
fn bytes_of(key: &Key) -> Result<Vec<u8>> {
    postcard::to_stdvec(key.value()).map_err(|e| Error::new("state-not-written").arg("reason", e))
}

impl<K: Scalar, T: Record> Operator for Windows<K, T> {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let ids = context.input_ids().cloned();
        let rows: Vec<Row> = batch.rows(&self.input).collect();
        for (index, row) in rows.iter().enumerate() {
            let cause = ids.as_ref().and_then(|ids| ids.get(index).copied());
            self.add(row, cause, context)?;
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        self.panes.keys().next().map(|(end, ..)| *end)
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        while let Some(entry) = self.panes.first_entry().filter(|e| e.key().0 <= context.now) {
            let content = entry.remove();
            if context.traces_records() {
                let before = Reduced(content.values.clone()).parts();
                let key = StateKey::of(content.key.value(), content.key.group());
                context.trace_state(&STATE.into(), key, before, Vec::new(), None);
            }
            let batch = rows_to_batch(&self.input, &[Row::insert(content.values)])?;
            context.emit_because(batch, Causes::Records(content.causes.into()));
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let entries = self.panes.iter().map(|((end, group, _), content)| {
            (*group, (end.0, content.key.value().clone(), content.values.clone()))
        });
        OperatorSnapshot::of_entries(VERSION, entries)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let subtask = *context.subtask();
        let own = subtask.key_groups();
        let entries =
            OperatorSnapshot::entries::<(i64, Value, Vec<Value>)>(snapshots, VERSION, &own)?;
        for (end, key, values) in entries {
            let key = Key::new(key, subtask.max_parallelism)?;
            let pane = (LabTime(end), key.group(), bytes_of(&key)?);
            self.panes.insert(pane, Content { key, values, causes: Vec::new() });
        }
        Ok(())
    }
}
