//! Streams and what can be done with them.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::environment::StreamExecutionEnvironment;
use super::function::{KeyedProcessFunction, MapFunction, Shared, ValueState};
use super::operator::{self, KeyOf};
use super::record::{Record, Scalar, from_row};
use super::window::{Fold, WindowReduce};
use crate::base::{LabDuration, Result};
use crate::connectors::print::{LineOf, PrintSink};
use crate::data::{Field, Row, Schema, Value};
use crate::graph::{KeySelector, NodeKind};
use crate::operators::OperatorFactory;
use crate::state::StateValue;

/// A stream of values of one type.
pub struct DataStream<T> {
    env: StreamExecutionEnvironment,
    node: usize,
    values: PhantomData<fn() -> T>,
}

/// A stream whose values have a key: equal keys meet in one subtask.
pub struct KeyedStream<K, T> {
    stream: DataStream<T>,
    key_of: KeyOf<K, T>,
}

/// The end of a stream.
pub struct DataStreamSink {
    env: StreamExecutionEnvironment,
    node: usize,
}

impl<T: Record> DataStream<T> {
    pub(super) fn new(env: StreamExecutionEnvironment, node: usize) -> Self {
        Self { env, node, values: PhantomData }
    }

    /// Names the operator that makes this stream.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        self.env.edit(self.node, |n| n.name = name.into());
        self
    }

    /// Sets the parallelism of the operator that makes this stream. At least 1.
    #[must_use]
    pub fn set_parallelism(self, parallelism: u32) -> Self {
        self.env.edit(self.node, |n| n.parallelism = parallelism.max(1));
        self
    }

    /// Names the columns, for people: `f0`, `f1`, .. otherwise. Comes after the operator is named.
    #[must_use]
    pub fn columns(self, names: &[&str]) -> Self {
        let types = self.env.columns(self.node);
        let named = types.fields().iter().enumerate().map(|(index, field)| {
            let name = names.get(index).map_or(field.name.as_str(), |n| n);
            Field::new(name, field.data_type.clone())
        });
        let output = Schema::new(named.collect());
        self.env.edit(self.node, |n| n.output = output);
        self
    }

    /// Says which column carries the key of a record, so that the stage gives equal keys one colour.
    #[must_use]
    pub fn key_column(self, column: usize) -> Self {
        self.env.edit(self.node, |n| n.key_columns = vec![column]);
        self
    }

    /// One value for each.
    pub fn map<U: Record>(&self, f: impl Fn(T) -> U + Send + Sync + 'static) -> DataStream<U> {
        self.shared("Map", move |value, out: &mut Vec<U>| out.push(f(value)))
    }

    /// None, one or many for each.
    pub fn flat_map<U: Record, I: IntoIterator<Item = U>>(
        &self,
        f: impl Fn(T) -> I + Send + Sync + 'static,
    ) -> DataStream<U> {
        self.shared("Flat Map", move |value, out: &mut Vec<U>| out.extend(f(value)))
    }

    /// Those for which `f` is true.
    pub fn filter(&self, f: impl Fn(&T) -> bool + Send + Sync + 'static) -> DataStream<T> {
        let names = self.env.columns(self.node);
        let kept = self.shared("Filter", move |value, out: &mut Vec<T>| {
            if f(&value) {
                out.push(value);
            }
        });
        self.env.edit(kept.node, |n| n.output = names);
        kept
    }

    /// A function with variables of its own, made anew in each slot.
    pub fn map_with<U: Record, F: MapFunction<T, U> + 'static>(
        &self,
        make: impl Fn() -> F + Send + Sync + 'static,
    ) -> DataStream<U> {
        let factory = operator::plain(
            move || Box::new(make()) as Box<dyn MapFunction<T, U>>,
            self.env.columns(self.node),
            U::schema(&[]),
        );
        self.then("Map", factory, None)
    }

    /// Gives each value a key.
    pub fn key_by<K: Scalar>(
        &self,
        key_of: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> KeyedStream<K, T> {
        KeyedStream {
            stream: DataStream::new(self.env.clone(), self.node),
            key_of: Arc::new(key_of),
        }
    }

    /// A line for each value on the TaskManager's stdout, as Java prints it.
    pub fn print(&self) -> DataStreamSink {
        self.print_as(|row| T::line(&row.fields))
    }

    /// A line for each value on the TaskManager's stdout, as `line` has it.
    pub fn print_as(
        &self,
        line: impl Fn(&Row) -> String + Send + Sync + 'static,
    ) -> DataStreamSink {
        let line: LineOf = Arc::new(line);
        let schema = self.env.columns(self.node);
        let sink = PrintSink { identifier: "".into(), schema, line, error: false };
        let body = NodeKind::Sink(Arc::new(sink));
        let node = self.env.add("Sink", "Print to Std. Out", body, Schema::new(Vec::new()));
        self.env.link(self.node, node, None);
        DataStreamSink { env: self.env.clone(), node }
    }

    fn shared<U: Record>(
        &self,
        kind: &str,
        f: impl Fn(T, &mut Vec<U>) + Send + Sync + 'static,
    ) -> DataStream<U> {
        let f = Arc::new(f);
        let make = move || {
            let f = f.clone();
            Box::new(Shared(move |value: T, out: &mut Vec<U>| f(value, out)))
                as Box<dyn MapFunction<T, U>>
        };
        let factory = operator::plain(make, self.env.columns(self.node), U::schema(&[]));
        self.then(kind, factory, None)
    }

    fn then<U: Record>(
        &self,
        kind: &str,
        factory: Arc<dyn OperatorFactory>,
        key: Option<KeySelector>,
    ) -> DataStream<U> {
        let output = factory.output().clone();
        let node = self.env.add(kind, kind, NodeKind::Operator(factory), output);
        self.env.link(self.node, node, key);
        DataStream::new(self.env.clone(), node)
    }
}

impl<K: Scalar, T: Record> KeyedStream<K, T> {
    /// A function with the state of each key. `state` is the state's name.
    pub fn process<U: Record, P: KeyedProcessFunction<T, U> + 'static>(
        &self,
        state: &str,
        make: impl Fn() -> P + Send + Sync + 'static,
    ) -> DataStream<U> {
        let input = self.stream.env.columns(self.stream.node);
        let factory =
            operator::keyed(make, self.key_of.clone(), state.into(), input, U::schema(&[]));
        let result = self.stream.then("Keyed Process", factory, Some(self.selector()));
        self.stream.env.edit(result.node, |n| n.keyed_state = true);
        result
    }

    /// Folds the values of each key into one and emits it after every value.
    pub fn reduce(&self, f: impl Fn(T, T) -> T + Send + Sync + 'static) -> DataStream<T> {
        let f: Arc<dyn Fn(T, T) -> T + Send + Sync> = Arc::new(f);
        let result = self.process("reduced", move || Reduce { f: f.clone() });
        self.stream.env.edit(result.node, |n| {
            n.kind = "Keyed Reduce".into();
            n.name = "Keyed Reduce".into();
        });
        result
    }

    /// Folds the values of each key in windows of processing time, and emits each result when the lab
    /// clock reaches the end of its window.
    pub fn tumbling_processing_time(
        &self,
        size: LabDuration,
        f: impl Fn(T, T) -> T + Send + Sync + 'static,
    ) -> DataStream<T> {
        let (key_of, fold): (_, Fold<T>) = (self.key_of.clone(), Arc::new(f));
        let input = self.stream.env.columns(self.stream.node);
        let factory = Arc::new(WindowReduce { size, key_of, fold, input });
        let kind = "TumblingProcessingTimeWindows";
        let result = self.stream.then(kind, factory, Some(self.selector()));
        self.stream.env.edit(result.node, |n| n.keyed_state = true);
        result
    }

    fn selector(&self) -> KeySelector {
        let key_of = self.key_of.clone();
        let of_row = move |row: &Row| match from_row::<T>(row) {
            Ok(value) => key_of(&value).into_value(),
            // The operator behind the edge says what is wrong with the row.
            Err(_) => Value::Null,
        };
        KeySelector::Function("key".into(), Arc::new(of_row))
    }
}

impl DataStreamSink {
    /// Names the sink.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        self.env.edit(self.node, |n| n.name = name.into());
        self
    }

    /// Sets the parallelism of the sink. At least 1.
    #[must_use]
    pub fn set_parallelism(self, parallelism: u32) -> Self {
        self.env.edit(self.node, |n| n.parallelism = parallelism.max(1));
        self
    }
}

struct Reduce<T> {
    f: Arc<dyn Fn(T, T) -> T + Send + Sync>,
}

/// What a reduction remembers: the last result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reduced(pub(super) Vec<Value>);

impl StateValue for Reduced {
    fn parts(&self) -> Vec<(Arc<str>, Value)> {
        let name = |index| format!("f{index}").into();
        self.0.iter().enumerate().map(|(index, value)| (name(index), value.clone())).collect()
    }
}

impl<T: Record> KeyedProcessFunction<T, T> for Reduce<T> {
    type State = Reduced;

    fn process(
        &mut self,
        value: T,
        state: &mut ValueState<Reduced>,
        out: &mut Vec<T>,
    ) -> Result<()> {
        let before = state.value().and_then(|reduced| T::from_fields(&reduced.0));
        let fields = match before {
            Some(before) => (self.f)(before, value).into_fields(),
            None => value.into_fields(),
        };
        out.extend(T::from_fields(&fields));
        state.update(Reduced(fields));
        Ok(())
    }
}
