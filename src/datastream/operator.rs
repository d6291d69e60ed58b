//! The functions of a program as operators: rows in, typed values inside, rows out.

use std::marker::PhantomData;
use std::sync::Arc;

use super::function::{KeyedProcessFunction, MapFunction, ValueState};
use super::record::{Record, Scalar, from_row};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Row, Schema, rows_to_batch};
use crate::operators::{Causes, Context, Operator, OperatorFactory, StateKey, SubtaskInfo};
use crate::state::keyed::{Key, KeyedValues};
use crate::state::{OperatorSnapshot, StateValue as _};

/// The version of the bytes of keyed state.
const VERSION: u16 = 1;

/// What differs between a plain and a keyed function: how one row is handled.
trait RowFunction: Send {
    fn row(
        &mut self,
        row: &Row,
        cause: Option<RecordId>,
        context: &mut Context<'_>,
    ) -> Result<Vec<Row>>;

    fn snapshot(&self) -> Result<OperatorSnapshot> {
        Ok(OperatorSnapshot::default())
    }

    fn restore(&mut self, _: &[OperatorSnapshot], _: &Context<'_>) -> Result<()> {
        Ok(())
    }
}

/// Runs a function over rows.
struct FunctionOperator {
    function: Box<dyn RowFunction>,
    input: Schema,
    output: Schema,
}

impl Operator for FunctionOperator {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let ids = context.input_ids().cloned();
        let mut results = Vec::new();
        for (index, row) in batch.rows(&self.input).enumerate() {
            let cause = ids.as_ref().and_then(|ids| ids.get(index).copied());
            results.extend(self.function.row(&row, cause, context)?);
            // At level *records* each row names the one that made it.
            if let Some(cause) = cause {
                let rows = rows_to_batch(&self.output, &std::mem::take(&mut results))?;
                context.emit_because(rows, Causes::Records([cause].into()));
            }
        }
        context.emit(rows_to_batch(&self.output, &results)?);
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.function.snapshot()
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.function.restore(snapshots, context)
    }
}

struct Plain<T, U> {
    function: Box<dyn MapFunction<T, U>>,
}

impl<T: Record, U: Record> RowFunction for Plain<T, U> {
    fn row(
        &mut self,
        row: &Row,
        _cause: Option<RecordId>,
        _context: &mut Context<'_>,
    ) -> Result<Vec<Row>> {
        let mut out = Vec::new();
        self.function.map(from_row(row)?, &mut out)?;
        Ok(out.into_iter().map(|u| Row::insert(u.into_fields())).collect())
    }
}

/// How the key of a value is found.
pub(super) type KeyOf<K, T> = Arc<dyn Fn(&T) -> K + Send + Sync>;

struct Keyed<K, T, U, P: KeyedProcessFunction<T, U>> {
    function: P,
    key_of: KeyOf<K, T>,
    name: Arc<str>,
    values: KeyedValues<P::State>,
    types: PhantomData<fn(T) -> U>,
}

impl<K, T, U, P> RowFunction for Keyed<K, T, U, P>
where
    K: Scalar,
    T: Record,
    U: Record,
    P: KeyedProcessFunction<T, U>,
{
    fn row(
        &mut self,
        row: &Row,
        cause: Option<RecordId>,
        context: &mut Context<'_>,
    ) -> Result<Vec<Row>> {
        let value: T = from_row(row)?;
        let key = (self.key_of)(&value).into_value();
        let key = Key::new(key, context.subtask().max_parallelism)?;
        let before = self.values.get(&key).cloned();
        let mut state = ValueState::new(before.clone());
        let mut out = Vec::new();
        self.function.process(value, &mut state, &mut out)?;
        if let Some(after) = state.into_change() {
            if context.traces_records() {
                let parts = |state: &Option<P::State>| {
                    state.as_ref().map(|s| s.parts()).unwrap_or_default()
                };
                let (before, after) = (parts(&before), parts(&after));
                context.trace_state(
                    &self.name,
                    StateKey::of(key.value(), key.group()),
                    before,
                    after,
                    cause,
                );
            }
            self.values.set(&key, after);
        }
        Ok(out.into_iter().map(|u| Row::insert(u.into_fields())).collect())
    }

    fn snapshot(&self) -> Result<OperatorSnapshot> {
        self.values.snapshot(VERSION)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &Context<'_>) -> Result<()> {
        let subtask = context.subtask();
        let own = subtask.key_groups();
        self.values.restore(snapshots, VERSION, &own, subtask.max_parallelism)
    }
}

type Make = dyn Fn() -> Box<dyn RowFunction> + Send + Sync;

struct Factory {
    make: Box<Make>,
    input: Schema,
    output: Schema,
}

impl OperatorFactory for Factory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(FunctionOperator {
            function: (self.make)(),
            input: self.input.clone(),
            output: self.output.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

/// A function without keys.
pub(super) fn plain<T: Record, U: Record>(
    make: impl Fn() -> Box<dyn MapFunction<T, U>> + Send + Sync + 'static,
    input: Schema,
    output: Schema,
) -> Arc<dyn OperatorFactory> {
    let make = Box::new(move || Box::new(Plain { function: make() }) as Box<dyn RowFunction>);
    Arc::new(Factory { make, input, output })
}

/// A function with the state of its key.
pub(super) fn keyed<K, T, U, P>(
    make: impl Fn() -> P + Send + Sync + 'static,
    key_of: KeyOf<K, T>,
    name: Arc<str>,
    input: Schema,
    output: Schema,
) -> Arc<dyn OperatorFactory>
where
    K: Scalar,
    T: Record,
    U: Record,
    P: KeyedProcessFunction<T, U> + 'static,
{
    let make = Box::new(move || {
        Box::new(Keyed {
            function: make(),
            key_of: key_of.clone(),
            name: name.clone(),
            values: KeyedValues::default(),
            types: PhantomData,
        }) as Box<dyn RowFunction>
    });
    Arc::new(Factory { make, input, output })
}
