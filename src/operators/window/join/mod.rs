//! WindowJoin: rows of two inputs that are in the same window, joined once the window has passed.
//!
//! Rows wait by the end of their window. A row whose window has passed is late and is dropped.

mod told;

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::UInt32Array;

use self::told::Told;
use super::{WindowTime, answered, millis};
use crate::base::{LabTime, Result, Watermark};
use crate::data::select::take;
use crate::data::{Batch, Row, Schema, rows_to_batch};
use crate::operators::join::{JoinSpec, Lookup};
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a WindowJoin does.
#[derive(Clone, Debug)]
pub struct WindowJoinFactory {
    /// Keys, condition, columns.
    pub join: JoinSpec,
    /// The column of each input with the end of a row's window.
    pub ends: [usize; 2],
    /// What moves windows on.
    pub time: WindowTime,
}

impl OperatorFactory for WindowJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(WindowJoin {
            held: Default::default(),
            due: BTreeSet::new(),
            joined: None,
            owed: None,
            answered: i64::MIN,
            told: Told::new(&self.join)?,
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.join.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct WindowJoin {
    factory: WindowJoinFactory,
    /// By the end of a window: the rows of each input.
    held: [BTreeMap<i64, Vec<Batch>>; 2],
    /// The ends of windows that have passed and whose answer is still to be given.
    due: BTreeSet<i64>,
    /// The window whose answer is being given.
    joined: Option<Lookup>,
    owed: Option<Watermark>,
    answered: i64,
    told: Told,
    key_group_count: u16,
}

impl WindowJoin {
    fn close(&mut self, until: i64) {
        let passed = self.held.iter().flat_map(|held| held.range(..=until)).map(|(end, _)| *end);
        self.due = passed.collect();
        self.answered = self.answered.max(until);
    }

    /// The join of the rows of a window.
    fn join(&mut self, end: i64, context: &mut Context<'_>) -> Result<Lookup> {
        self.told.pass(&self.factory.join, end, context)?;
        let [left, right] = self.held.each_mut().map(|held| held.remove(&end).unwrap_or_default());
        let mut joined = Lookup::new(&self.factory.join, right)?;
        left.into_iter().for_each(|batch| joined.probe(batch));
        joined.end();
        Ok(joined)
    }

    /// Holds rows back by the ends of their windows; the late ones go.
    fn hold(&mut self, side: usize, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let ends = millis(batch.column(self.factory.ends[side]));
        let mut by_end: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        for (row, end) in ends.into_iter().enumerate() {
            match end.filter(|end| *end > self.answered) {
                Some(end) => by_end.entry(end).or_default().push(row as u32),
                None => {
                    if let Some(ids) = batch.ids() {
                        context.trace_late(ids[row]);
                    }
                }
            }
        }
        for (end, rows) in by_end {
            let part = match rows.len() == batch.len() {
                true => batch.clone(),
                false => take(batch, &UInt32Array::from(rows))?,
            };
            self.told.wait(&self.factory.join, side, (&part, end), context)?;
            self.held[side].entry(end).or_default().push(part);
        }
        Ok(())
    }
}

impl Operator for WindowJoin {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.hold(input, &batch, context)
    }

    fn watermark(&mut self, watermark: Watermark, _context: &mut Context<'_>) -> Result<()> {
        self.owed = Some(watermark);
        if let Some(until) = self.factory.time.due_at(watermark) {
            self.close(until);
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<LabTime> {
        let first = self.held.iter().filter_map(|held| held.keys().next()).min();
        self.factory.time.next_timer(first.copied())
    }

    fn timer(&mut self, context: &mut Context<'_>) -> Result<()> {
        self.close(self.factory.time.due_now(context.now));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if let Some(joined) = &mut self.joined
            && joined.drain(&self.factory.join, context)? == Drain::More
        {
            return Ok(Drain::More);
        }
        self.joined = self.due.pop_first().map(|end| self.join(end, context)).transpose()?;
        if self.joined.is_some() {
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let mut entries: Vec<(u16, (u8, Row))> = Vec::new();
        let JoinSpec { keys, inputs, .. } = &self.factory.join;
        for (side, (keys, schema)) in keys.iter().zip(inputs).enumerate() {
            for batch in self.held[side].values().flatten() {
                let groups = keys.key_groups(&keys.of(batch), batch.len(), self.key_group_count);
                let rows = batch.rows(schema).map(|row| (side as u8, row));
                entries.extend(groups.into_iter().zip(rows));
            }
        }
        OperatorSnapshot::of_entries(VERSION, entries)?.with_operator(&self.answered)
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        self.answered = answered(snapshots, VERSION)?;
        let range = context.subtask().key_groups();
        let entries: Vec<(u8, Row)> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let mut rows: [Vec<Row>; 2] = Default::default();
        for (side, row) in entries {
            rows[usize::from(side).min(1)].push(row);
        }
        for (side, rows) in rows.into_iter().enumerate() {
            let batch = rows_to_batch(&self.factory.join.inputs[side], &rows)?;
            self.hold(side, &batch, context)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Moment, Progress};
    use super::*;
    use crate::data::{Field, Schema, Value};
    use crate::expr::{Expr, Zone, call};
    use crate::operators::harness::{check_told, check_two, keys, schema};
    use crate::operators::join::JoinKind;

    fn factory(kind: JoinKind) -> WindowJoinFactory {
        let (left, right) = (schema("a INT, x STRING, e TIMESTAMP"), schema("b INT, f TIMESTAMP"));
        let fields: Vec<Field> = left.fields().iter().chain(right.fields()).cloned().collect();
        let output = match kind {
            JoinKind::Semi | JoinKind::Anti => left.clone(),
            _ => Schema::new(fields),
        };
        let join = JoinSpec {
            kind,
            keys: [keys(&left, "a"), keys(&right, "b")],
            null_meets_null: vec![false],
            condition: None,
            inputs: [left, right],
            output,
            zone: Zone::default(),
        };
        let moment = Moment::WindowEnd(2);
        let time = WindowTime { moment, progress: Progress::Watermark, zone: None };
        WindowJoinFactory { join, ends: [2, 1], time }
    }

    const ROWS: &str = "+I 1 p 10\n+I 2 q 10\n+I 1 r 20\n+I null n 10\n\
        right +I 1 10\nright +I 3 10\nright +I null 10";

    #[test]
    fn rows_of_one_window_meet() {
        use JoinKind::{Anti, Full, Inner, Left, Right, Semi};
        let met = "+I 1 p 10 1 10\n";
        let lonely_left = "+I 2 q 10 null null\n+I null n 10 null null\n";
        let lonely_right = "+I null null null 3 10\n+I null null null null 10\n";
        let cases = [
            (Inner, met.to_owned()),
            (Left, met.to_owned() + lonely_left),
            (Right, met.to_owned() + lonely_right),
            (Full, met.to_owned() + lonely_left + lonely_right),
            (Semi, "+I 1 p 10\n".to_owned()),
            (Anti, "+I 2 q 10\n+I null n 10\n".to_owned()),
        ];
        for (kind, rows) in cases {
            let factory = factory(kind);
            let expected = format!("{rows}watermark 9");
            let steps = [
                (ROWS, ""),
                ("watermark 8", "watermark 8"),
                ("watermark 9", expected.as_str()),
                ("+I 1 late 10\nright +I 1 10", ""),
            ];
            check_two(&factory, factory.join.inputs.each_ref(), &steps);
        }
    }

    #[test]
    fn rows_wait_over_a_restart() {
        let factory = factory(JoinKind::Inner);
        let steps = [
            ("+I 1 p 10\nright +I 1 10\nrestore", ""),
            ("right +I 1 10\nwatermark 9", "+I 1 p 10 1 10\n+I 1 p 10 1 10\nwatermark 9"),
        ];
        check_two(&factory, factory.join.inputs.each_ref(), &steps);
    }

    #[test]
    fn partners_may_have_to_fulfil_more() -> Result<()> {
        let condition = call(
            "<>",
            vec![
                Expr::column(1, schema("x STRING").fields()[0].data_type.clone()),
                Expr::constant(Value::from("p")),
            ],
        )?;
        let mut factory = factory(JoinKind::Left);
        factory.join.condition = Some(condition);
        let steps = [
            ("+I 1 p 10\n+I 1 q 10\nright +I 1 10", ""),
            ("watermark 9", "+I 1 p 10 null null\n+I 1 q 10 1 10\nwatermark 9"),
        ];
        check_two(&factory, factory.join.inputs.each_ref(), &steps);
        Ok(())
    }

    #[test]
    fn the_trace_tells_who_waits_in_a_window() {
        let factory = factory(JoinKind::Inner);
        check_told(
            &factory,
            factory.join.inputs.each_ref(),
            "+I 1 p 10\nright +I 1 10\nwatermark 9",
            &[
                "join 10 1:  -> left=1 right=0",
                "join 10 1: left=1 right=0 -> left=1 right=1",
                "join 10 1: left=1 right=1 -> ",
            ],
        );
    }
}
