//! WindowJoin: rows of two inputs that are in the same window, joined once the window has passed.
//!
//! Rows wait by the end of their window. A row whose window has passed is late and is dropped.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array};
use arrow::compute::take as take_column;

use super::{WindowTime, answered, millis};
use crate::base::{Error, LabTime, RecordId, Result, Watermark};
use crate::data::select::{concat, take};
use crate::data::{Batch, Row, Schema, rows_to_batch};
use crate::expr::{EvalContext, Expr, Zone};
use crate::operators::aggregates::GroupKeys;
use crate::operators::group_index::GroupIndex;
use crate::operators::join::JoinKind;
use crate::operators::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;
use crate::trace::Causes;

const VERSION: u16 = 1;

/// One input.
#[derive(Clone, Debug)]
pub struct WindowJoinSide {
    /// What has to be equal.
    pub keys: GroupKeys,
    /// The column with the end of a row's window.
    pub end: usize,
    /// Its columns.
    pub schema: Schema,
}

/// What a WindowJoin does. Its output is the columns of the left, then those of the right; only the left
/// where partners are only asked for.
#[derive(Clone, Debug)]
pub struct WindowJoinFactory {
    /// The inputs.
    pub sides: [WindowJoinSide; 2],
    /// Which rows go out.
    pub kind: JoinKind,
    /// For each column of the key: whether NULL meets NULL.
    pub null_meets_null: Vec<bool>,
    /// What partners have to fulfil besides, over the columns of the left and then the right.
    pub condition: Option<Expr>,
    /// What moves windows on.
    pub time: WindowTime,
    /// The output columns.
    pub output: Schema,
    /// The session's time zone.
    pub zone: Zone,
}

impl OperatorFactory for WindowJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(WindowJoin {
            held: Default::default(),
            due: BTreeSet::new(),
            owed: None,
            answered: i64::MIN,
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

struct WindowJoin {
    factory: WindowJoinFactory,
    /// By the end of a window: the rows of each input.
    held: [BTreeMap<i64, Vec<Batch>>; 2],
    /// The ends of windows that have passed and whose answer is still to be given.
    due: BTreeSet<i64>,
    owed: Option<Watermark>,
    answered: i64,
    key_group_count: u16,
}

/// Rows of the left and of the right that belong together; a row without a partner stands alone.
#[derive(Default)]
struct Pairs {
    left: Vec<Option<u32>>,
    right: Vec<Option<u32>>,
}

impl Pairs {
    fn push(&mut self, left: Option<u32>, right: Option<u32>) {
        self.left.push(left);
        self.right.push(right);
    }
}

impl WindowJoin {
    fn close(&mut self, until: i64) {
        let passed = self.held.iter().flat_map(|held| held.range(..=until)).map(|(end, _)| *end);
        self.due = passed.collect();
        self.answered = self.answered.max(until);
    }

    /// Joins the rows of a window.
    fn join(&self, left: &Batch, right: &Batch, context: &mut Context<'_>) -> Result<()> {
        let candidates = self.candidates(left, right)?;
        let partners = match &self.factory.condition {
            None => candidates,
            Some(condition) => {
                let surroundings = EvalContext::at(context.now, self.factory.zone);
                let columns = side_by_side(left, right, &candidates)?;
                let joined = Batch::new(columns, candidates.left.len());
                kept(&candidates, &condition.predicate(&joined, &surroundings)?)
            }
        };
        let pairs = self.with_the_lonely(partners, left.len(), right.len());
        let mut columns = side_by_side(left, right, &pairs)?;
        columns.truncate(self.factory.output.len());
        let answer = Batch::new(columns, pairs.left.len());
        if !context.traces_records() {
            context.emit(answer);
            return Ok(());
        }
        let id = |batch: &Batch, row: Option<u32>| -> Option<RecordId> {
            batch.ids().zip(row).map(|(ids, row)| ids[row as usize])
        };
        for (row, (l, r)) in pairs.left.iter().zip(&pairs.right).enumerate() {
            let causes: Vec<RecordId> = id(left, *l).into_iter().chain(id(right, *r)).collect();
            context.emit_because(answer.slice(row, 1), Causes::Records(causes.into()));
        }
        Ok(())
    }

    /// Whether a key can equal another: NULL does where NULL meets NULL.
    fn may_meet(&self, keys: &[ArrayRef], row: usize) -> bool {
        let mut keys = keys.iter().zip(&self.factory.null_meets_null);
        keys.all(|(column, null_meets_null)| *null_meets_null || column.is_valid(row))
    }

    /// The pairs whose keys are equal, in the order of the left.
    fn candidates(&self, left: &Batch, right: &Batch) -> Result<Pairs> {
        let [of_left, of_right] = &self.factory.sides;
        let mut index = GroupIndex::new(&of_right.keys.types)?;
        let (mut groups, mut right_groups) = (Vec::new(), Vec::new());
        let right_keys = of_right.keys.of(right);
        index.intern(&right_keys, right.len(), &mut right_groups)?;
        let mut partners: Vec<Vec<u32>> = vec![Vec::new(); index.capacity()];
        for (row, group) in right_groups.iter().enumerate() {
            if self.may_meet(&right_keys, row) {
                partners[*group as usize].push(row as u32);
            }
        }
        index.intern(&of_left.keys.of(left), left.len(), &mut groups)?;
        let mut pairs = Pairs::default();
        for (row, group) in groups.iter().enumerate() {
            for partner in partners.get(*group as usize).into_iter().flatten() {
                pairs.push(Some(row as u32), Some(*partner));
            }
        }
        Ok(pairs)
    }

    /// The rows that go out: pairs, and rows that have no partner; those of the left in their place,
    /// those of the right at the end.
    fn with_the_lonely(&self, pairs: Pairs, left: usize, right: usize) -> Pairs {
        let kind = self.factory.kind;
        let mut all = match kind {
            JoinKind::Inner | JoinKind::Right => Pairs::default(),
            _ => of_left(&pairs, left, kind),
        };
        if matches!(kind, JoinKind::Right | JoinKind::Full) {
            let mut partnered = vec![false; right];
            pairs.right.iter().flatten().for_each(|row| partnered[*row as usize] = true);
            if kind == JoinKind::Right {
                all = pairs;
            }
            let lonely = (0..right as u32).filter(|row| !partnered[*row as usize]);
            lonely.for_each(|row| all.push(None, Some(row)));
            return all;
        }
        if kind == JoinKind::Inner { pairs } else { all }
    }

    fn rows(&mut self, side: usize, end: i64) -> Result<Batch> {
        let held = self.held[side].remove(&end).unwrap_or_default();
        match held.is_empty() {
            true => rows_to_batch(&self.factory.sides[side].schema, &[]),
            false => concat(&held),
        }
    }

    /// Holds rows back by the ends of their windows; the late ones go.
    fn hold(&mut self, side: usize, batch: &Batch, context: &mut Context<'_>) -> Result<()> {
        let ends = millis(batch.column(self.factory.sides[side].end));
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
            self.held[side].entry(end).or_default().push(part);
        }
        Ok(())
    }
}

/// The rows of the left in order, each with its partners, or alone, as the kind wants it.
fn of_left(pairs: &Pairs, left: usize, kind: JoinKind) -> Pairs {
    let mut all = Pairs::default();
    let mut next = 0;
    for row in 0..left as u32 {
        let first = next;
        while pairs.left.get(next) == Some(&Some(row)) {
            next += 1;
        }
        let partners = &pairs.right[first..next];
        match (kind, partners.is_empty()) {
            (JoinKind::Semi, false) | (JoinKind::Anti, true) => all.push(Some(row), None),
            (JoinKind::Semi, true) | (JoinKind::Anti, false) => {}
            (_, true) => all.push(Some(row), None),
            (_, false) => partners.iter().for_each(|partner| all.push(Some(row), *partner)),
        }
    }
    all
}

/// The pairs for which a condition is true.
fn kept(pairs: &Pairs, keep: &BooleanArray) -> Pairs {
    let mut kept = Pairs::default();
    for row in 0..keep.len() {
        if keep.is_valid(row) && keep.value(row) {
            kept.push(pairs.left[row], pairs.right[row]);
        }
    }
    kept
}

/// The columns of both sides; NULL where a row stands alone.
fn side_by_side(left: &Batch, right: &Batch, pairs: &Pairs) -> Result<Vec<ArrayRef>> {
    let (of_left, of_right) =
        (UInt32Array::from(pairs.left.clone()), UInt32Array::from(pairs.right.clone()));
    let left = left.columns().iter().map(|c| take_column(c, &of_left, None));
    let right = right.columns().iter().map(|c| take_column(c, &of_right, None));
    let columns = left.chain(right).collect::<Result<Vec<_>, _>>();
    columns.map_err(|e| Error::new("column-not-made").arg("reason", e))
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
        if let Some(end) = self.due.pop_first() {
            let (left, right) = (self.rows(0, end)?, self.rows(1, end)?);
            self.join(&left, &right, context)?;
            return Ok(Drain::More);
        }
        if let Some(watermark) = self.owed.take() {
            context.emit_watermark(watermark);
        }
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let mut entries: Vec<(u16, (u8, Row))> = Vec::new();
        for (side, of) in self.factory.sides.iter().enumerate() {
            for batch in self.held[side].values().flatten() {
                let keys = of.keys.of(batch);
                let groups = of.keys.key_groups(&keys, batch.len(), self.key_group_count);
                let rows = batch.rows(&of.schema).map(|row| (side as u8, row));
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
            let batch = rows_to_batch(&self.factory.sides[side].schema, &rows)?;
            self.hold(side, &batch, context)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Moment, Progress};
    use super::*;
    use crate::data::{Field, Value};
    use crate::expr::call;
    use crate::operators::harness::{check_two, keys, schema};

    fn factory(kind: JoinKind) -> WindowJoinFactory {
        let (left, right) = (schema("a INT, x STRING, e TIMESTAMP"), schema("b INT, f TIMESTAMP"));
        let fields: Vec<Field> = left.fields().iter().chain(right.fields()).cloned().collect();
        let side = |schema: &Schema, key: &str, end| WindowJoinSide {
            keys: keys(schema, key),
            end,
            schema: schema.clone(),
        };
        WindowJoinFactory {
            sides: [side(&left, "a", 2), side(&right, "b", 1)],
            kind,
            null_meets_null: vec![false],
            condition: None,
            time: WindowTime {
                moment: Moment::WindowEnd(2),
                progress: Progress::Watermark,
                zone: None,
            },
            output: match kind {
                JoinKind::Semi | JoinKind::Anti => left,
                _ => Schema::new(fields),
            },
            zone: Zone::default(),
        }
    }

    const ROWS: &str = "+I 1 p 10\n+I 2 q 10\n+I 1 r 20\n+I null n 10\n\
        right +I 1 10\nright +I 3 10\nright +I null 10";

    fn inputs(factory: &WindowJoinFactory) -> [Schema; 2] {
        factory.sides.clone().map(|side| side.schema)
    }

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
            check_two(&factory, inputs(&factory).each_ref(), &steps);
        }
    }

    #[test]
    fn rows_wait_over_a_restart() {
        let factory = factory(JoinKind::Inner);
        let steps = [
            ("+I 1 p 10\nright +I 1 10\nrestore", ""),
            ("right +I 1 10\nwatermark 9", "+I 1 p 10 1 10\n+I 1 p 10 1 10\nwatermark 9"),
        ];
        check_two(&factory, inputs(&factory).each_ref(), &steps);
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
        let factory = WindowJoinFactory { condition: Some(condition), ..factory(JoinKind::Left) };
        let steps = [
            ("+I 1 p 10\n+I 1 q 10\nright +I 1 10", ""),
            ("watermark 9", "+I 1 p 10 null null\n+I 1 q 10 1 10\nwatermark 9"),
        ];
        check_two(&factory, inputs(&factory).each_ref(), &steps);
        Ok(())
    }
}
