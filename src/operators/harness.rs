//! The harness of operator tests: rows, watermarks and time in, rows and watermarks out, as text.
//!
//! ```text
//! +I a 1              a row: kind, then values in column order, `null` for NULL
//! right +I a 1        a row of the second input of a join
//! watermark 1000      event time is complete up to here
//! time 5              the lab clock reaches 5 ms; due timers fire
//! end                 the input ends; `end right`: the second one
//! restore             snapshot, throw the operator away, restore a new one
//! ```
//!
//! [`check`] runs a test with batches of 1, 7 and 4096 rows, with and without traced records, and
//! expects the same text each time. Timestamps are written as milliseconds.

use super::standalone::Standalone;
use super::{
    Aggregate, Context, Drain, External, GroupKeys, Operator, OperatorFactory, SubtaskInfo, checked,
};
use crate::base::{LabTime, Result, Watermark};
use crate::data::{
    Batch, DataType, Element, Field, LogicalType, Mark, Row, RowKind, Schema, TimeAttribute, Value,
    rows_to_batch,
};
use crate::expr::{self, Expr};
use crate::state::OperatorSnapshot;
use crate::trace::{Event, EventKind, Level};

/// Runs steps (input, expected output) through fresh operators, in every batch size and level.
#[track_caller]
pub fn check(factory: &dyn OperatorFactory, input: &Schema, steps: &[(&str, &str)]) {
    check_two(factory, [input, &Schema::new(Vec::new())], steps);
}

/// The same for an operator of two inputs.
#[track_caller]
pub fn check_two(factory: &dyn OperatorFactory, inputs: [&Schema; 2], steps: &[(&str, &str)]) {
    for (batch_size, level) in
        [(1, Level::Off), (1, Level::Records), (7, Level::Off), (4096, Level::Records)]
    {
        let mut harness = Harness::of_two(factory, inputs, batch_size, level);
        for (given, expected) in steps {
            let found = harness.run(given).unwrap_or_else(|e| format!("error {e}"));
            let expected: Vec<&str> = lines(expected).collect();
            assert_eq!(
                found.lines().collect::<Vec<_>>(),
                expected,
                "after `{given}` in batches of {batch_size} at level {level:?}"
            );
        }
    }
}

/// Expects that what `old` left behind is gone once `new` has come: the state is that of an operator to
/// which nothing else ever came.
#[track_caller]
pub fn check_forgets(factory: &dyn OperatorFactory, inputs: [&Schema; 2], old: &str, new: &str) {
    let state_after = |scripts: &[&str]| {
        let mut harness = Harness::of_two(factory, inputs, 1, Level::Off);
        scripts.iter().for_each(|script| drop(harness.run(script).expect("an answer")));
        harness.snapshot().expect("a snapshot")
    };
    let fresh = state_after(&[new]);
    assert_ne!(state_after(&[old]), OperatorSnapshot::default(), "`{old}` leaves nothing behind");
    assert_eq!(state_after(&[old, new]), fresh, "after `{old}` and `{new}`");
}

/// Expects what the trace tells of state, a line a change, `state key: before -> after`; and of lookups,
/// `asked table key: count, rows`.
#[track_caller]
pub fn check_told(
    factory: &dyn OperatorFactory,
    inputs: [&Schema; 2],
    script: &str,
    expected: &[&str],
) {
    let mut harness = Harness::of_two(factory, inputs, 1, Level::Records);
    harness.run(script).expect("an answer");
    assert_eq!(harness.told(), expected, "after `{script}`");
}

/// Columns from text: `k STRING, v BIGINT, ts ROWTIME`.
pub fn schema(text: &str) -> Schema {
    let field = |part: &str| {
        let (name, type_name) = part.trim().split_once(' ').expect("a name and a type");
        Field::new(name, DataType::nullable(logical(type_name.trim())))
    };
    Schema::new(text.split(',').filter(|p| !p.trim().is_empty()).map(field).collect())
}

/// Key columns by name: `k, n`.
pub fn keys(input: &Schema, names: &str) -> GroupKeys {
    let names = names.split(',').map(str::trim).filter(|n| !n.is_empty());
    let columns: Vec<usize> =
        names.map(|n| input.index_of(n).expect("a column of the input")).collect();
    let types = columns.iter().map(|c| input.fields()[*c].data_type.clone()).collect();
    GroupKeys { columns, types }
}

/// An aggregate of one column, or of `*`; it bears the name of its function.
pub fn aggregate(input: &Schema, function: &str, argument: &str) -> Aggregate {
    let column = input.index_of(argument);
    let arguments = column.map(|c| Expr::column(c, input.fields()[c].data_type.clone()));
    let arguments: Vec<Expr> = arguments.into_iter().collect();
    let call = expr::aggregate::aggregate(function, arguments, false, None, true);
    Aggregate {
        name: function.into(),
        call: call.expect("a call"),
        args: column.into_iter().collect(),
        filter: None,
    }
}

fn logical(name: &str) -> LogicalType {
    match name {
        "STRING" => LogicalType::STRING,
        "INT" => LogicalType::Int,
        "BIGINT" => LogicalType::BigInt,
        "DOUBLE" => LogicalType::Double,
        "BOOLEAN" => LogicalType::Boolean,
        "TIMESTAMP" => LogicalType::timestamp(3),
        "ROWTIME" => LogicalType::Timestamp { precision: 3, attribute: TimeAttribute::Rowtime },
        "PROCTIME" => {
            LogicalType::TimestampLtz { precision: 3, attribute: TimeAttribute::Proctime }
        }
        other => panic!("no type {other} in the harness"),
    }
}

/// One operator under test.
pub struct Harness<'a> {
    factory: &'a dyn OperatorFactory,
    input: Schema,
    right: Schema,
    /// The input that the rows below are of.
    of: usize,
    operator: Box<dyn Operator>,
    batch_size: usize,
    rows: Vec<Row>,
    marks: Vec<Mark>,
    world: Standalone,
}

impl<'a> Harness<'a> {
    /// A fresh operator, alone at parallelism 1.
    pub fn new(
        factory: &'a dyn OperatorFactory,
        input: &Schema,
        batch_size: usize,
        level: Level,
    ) -> Self {
        let subtask = Standalone::new(level).subtask;
        Self::of_subtask(factory, input, batch_size, level, subtask)
    }

    /// A fresh operator of two inputs.
    pub fn of_two(
        factory: &'a dyn OperatorFactory,
        [left, right]: [&Schema; 2],
        batch_size: usize,
        level: Level,
    ) -> Self {
        Self { right: right.clone(), ..Self::new(factory, left, batch_size, level) }
    }

    /// A fresh operator in one of several subtasks.
    pub fn of_subtask(
        factory: &'a dyn OperatorFactory,
        input: &Schema,
        batch_size: usize,
        level: Level,
        subtask: SubtaskInfo,
    ) -> Self {
        let mut world = Standalone::new(level);
        world.subtask = subtask;
        Self {
            factory,
            input: input.clone(),
            right: Schema::new(Vec::new()),
            of: 0,
            operator: checked::create(factory, subtask).expect("an operator"),
            batch_size,
            rows: Vec::new(),
            marks: Vec::new(),
            world,
        }
    }

    /// Does what the lines say and answers what came out.
    pub fn run(&mut self, script: &str) -> Result<String> {
        for line in lines(script) {
            self.line(line)?;
        }
        self.flush()?;
        let mut text = Vec::new();
        for element in std::mem::take(&mut self.world.out) {
            self.print(&mut text, element);
        }
        for external in std::mem::take(&mut self.world.external) {
            match external {
                External::Result(batch) => self.print(&mut text, Element::Batch(batch)),
                External::Printed(line) => text.push(format!("stdout {}", line.text)),
            }
        }
        // Of watermarks with nothing between them only the last one says anything.
        text.dedup_by(|next, last| {
            let both = [&*next, &*last].iter().all(|l| l.starts_with("watermark"));
            if both {
                std::mem::swap(next, last);
            }
            both
        });
        Ok(text.join("\n"))
    }

    /// The state now.
    pub fn snapshot(&mut self) -> Result<OperatorSnapshot> {
        self.operator.snapshot(&mut self.world.context(None))
    }

    /// Hands state to the operator.
    pub fn restore(&mut self, snapshots: &[OperatorSnapshot]) -> Result<()> {
        self.operator.restore(snapshots, &mut self.world.context(None))
    }

    /// What the trace told of state and of lookups since this was asked last: a line each.
    pub fn told(&mut self) -> Vec<String> {
        let named =
            |(name, value): &(std::sync::Arc<str>, Value)| format!("{name}={}", show(value));
        let line = |event: Event| match event.kind {
            EventKind::StateChanged(change) => {
                let key: Vec<String> = change.window.iter().chain(&*change.key).map(show).collect();
                let side = |values: &[_]| values.iter().map(named).collect::<Vec<_>>().join(" ");
                let (before, after) = (side(&change.before), side(&change.after));
                Some(format!("{} {}: {before} -> {after}", change.state, key.join(" ")))
            }
            EventKind::LookedUp { look_up, .. } => {
                let named = |values: &[_]| values.iter().map(named).collect::<Vec<_>>().join(" ");
                let found: Vec<String> = look_up.found.iter().map(|row| named(row)).collect();
                let (table, key) = (&look_up.table, named(&look_up.key));
                let line =
                    format!("asked {table} {key}: {} rows, {}", look_up.count, found.join("; "));
                Some(line.trim_end_matches(", ").to_owned())
            }
            _ => None,
        };
        self.events().into_iter().filter_map(line).collect()
    }

    /// The events of the trace so far.
    pub fn events(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.world.tracer.drain_into(&mut 0, &mut events);
        events
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "watermark" => self.watermark(Watermark(rest.parse().expect("a watermark"))),
            "time" => self.time(LabTime::from_millis(rest.parse().expect("milliseconds"))),
            "end" => self.call(None, |o, c| o.end_input(usize::from(rest == "right"), c)),
            "right" => {
                let (kind, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                self.row(1, row(&self.right, kind, rest))
            }
            "restore" => self.start_again(),
            kind => self.row(0, row(&self.input, kind, rest)),
        }
    }

    fn row(&mut self, input: usize, row: Row) -> Result<()> {
        if input != self.of {
            self.flush()?;
            self.of = input;
        }
        self.rows.push(row);
        if self.rows.len() >= self.batch_size { self.flush() } else { Ok(()) }
    }

    fn watermark(&mut self, watermark: Watermark) -> Result<()> {
        if self.operator.passes_marks() && !self.rows.is_empty() {
            self.marks.push(Mark { after: self.rows.len(), watermark });
            return Ok(());
        }
        self.call(None, |o, c| o.watermark(watermark, c))
    }

    fn time(&mut self, now: LabTime) -> Result<()> {
        self.flush()?;
        while let Some(due) = self.operator.next_timer().filter(|t| *t <= now) {
            self.world.now = self.world.now.max(due);
            self.call(None, |o, c| o.timer(c))?;
        }
        self.world.now = now;
        Ok(())
    }

    fn start_again(&mut self) -> Result<()> {
        self.flush()?;
        let snapshot = self.snapshot()?;
        self.operator = checked::create(self.factory, self.world.subtask)?;
        self.restore(&[snapshot])
    }

    fn flush(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.rows);
        let marks = std::mem::take(&mut self.marks);
        let ids = self.world.ids(rows.len());
        let input = self.of;
        let schema = if input == 0 { &self.input } else { &self.right };
        let batch = rows_to_batch(schema, &rows)?.with_marks(marks).with_ids(ids);
        self.call(Some(batch.clone()), |o, c| o.process(input, batch, c))
    }

    fn call(
        &mut self,
        batch: Option<Batch>,
        what: impl FnOnce(&mut dyn Operator, &mut Context<'_>) -> Result<()>,
    ) -> Result<()> {
        if batch.is_none() {
            self.flush()?;
        }
        let mut context = self.world.context(batch.and_then(|b| b.ids().cloned()));
        what(&mut *self.operator, &mut context)?;
        while self.operator.drain(&mut context)? == Drain::More {}
        Ok(())
    }

    fn print(&self, text: &mut Vec<String>, element: Element) {
        let output = self.factory.output();
        match element {
            Element::Batch(batch) => {
                for (index, row) in batch.rows(output).enumerate() {
                    let values = row.fields.iter().map(|v| format!(" {}", show(v)));
                    text.push(row.kind.symbol().to_owned() + &values.collect::<String>());
                    let marks = batch.marks().iter().filter(|m| m.after == index + 1);
                    text.extend(marks.map(|m| format!("watermark {}", m.watermark)));
                }
            }
            Element::Watermark(watermark) => text.push(format!("watermark {watermark}")),
            Element::Idle(idle) => text.push(format!("idle {idle}")),
            Element::Barrier(barrier) => text.push(format!("barrier {}", barrier.checkpoint)),
            Element::End => text.push("end".to_owned()),
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|l| !l.is_empty())
}

fn row(schema: &Schema, kind: &str, values: &str) -> Row {
    let kind = match kind {
        "+I" => RowKind::Insert,
        "-U" => RowKind::UpdateBefore,
        "+U" => RowKind::UpdateAfter,
        "-D" => RowKind::Delete,
        other => panic!("no line begins with {other}"),
    };
    let words: Vec<&str> = values.split_whitespace().collect();
    assert_eq!(words.len(), schema.len(), "values of the row `{values}`");
    let fields = schema.fields().iter().zip(words);
    Row { kind, fields: fields.map(|(f, word)| value(&f.data_type.logical, word)).collect() }
}

fn value(logical: &LogicalType, word: &str) -> Value {
    if word == "null" {
        return Value::Null;
    }
    match logical {
        LogicalType::Varchar(_) => word.into(),
        LogicalType::Int => Value::Int(word.parse().expect("an INT")),
        LogicalType::BigInt => Value::BigInt(word.parse().expect("a BIGINT")),
        LogicalType::Double => Value::Double(word.parse().expect("a DOUBLE")),
        LogicalType::Boolean => Value::Boolean(word.parse().expect("a BOOLEAN")),
        LogicalType::Timestamp { .. } => Value::Timestamp(word.parse().expect("millis"), 0),
        LogicalType::TimestampLtz { .. } => Value::TimestampLtz(word.parse().expect("millis"), 0),
        other => panic!("no values of {other:?} in the harness"),
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::BigInt(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Timestamp(millis, _) | Value::TimestampLtz(millis, _) => millis.to_string(),
        other => format!("{other:?}"),
    }
}
