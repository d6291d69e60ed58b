//! Joins by event time: rows of two streams whose times are near each other, or a row with the version
//! that was valid at its time.
//!
//! As Flink's `RowTimeIntervalJoin` and `TemporalRowTimeJoinOperator`. Both give only `+I` for input that
//! only adds: a row without a partner goes out once no partner can come any more.

use serde::{Deserialize, Serialize};

use super::{JoinFactory, can_match};
use crate::base::{Error, RecordId, Result, Watermark};
use crate::data::{Batch, Row, RowKind, Schema, Value, rows_to_batch};
use crate::expr::EvalContext;
use crate::operators::aggregates::intern_values;
use crate::operators::group_index::GroupIndex;
use crate::operators::window::millis;
use crate::operators::{Causes, Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What the times of two rows have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// The row of the right is the newest that is not later than the one of the left.
    Version,
    /// The time of the left minus that of the right lies between these, in milliseconds.
    Between(i64, i64),
}

/// A join by event time.
#[derive(Clone, Debug)]
pub struct TimedJoinFactory {
    /// Keys, condition, columns.
    pub join: JoinFactory,
    /// The column of event time in each input.
    pub times: [usize; 2],
    /// When rows meet.
    pub nearness: Nearness,
}

impl OperatorFactory for TimedJoinFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let lag = match self.nearness {
            Nearness::Version => 0,
            Nearness::Between(lower, upper) => (-lower).max(upper).max(0),
        };
        Ok(Box::new(TimedJoin {
            index: GroupIndex::new(&self.join.keys[0].types)?,
            keys: Vec::new(),
            watermark: i64::MIN,
            owed: Vec::new(),
            key_group_count: subtask.max_parallelism,
            lag,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.join.output
    }
}

/// A row that is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    time: i64,
    row: Row,
    /// Whether it found a partner.
    paired: bool,
    #[serde(skip)]
    id: Option<RecordId>,
}

/// The rows of one key, of the left and of the right.
type OfKey = [Vec<Kept>; 2];

struct TimedJoin {
    factory: TimedJoinFactory,
    index: GroupIndex,
    keys: Vec<OfKey>,
    watermark: i64,
    owed: Vec<(Row, [Option<RecordId>; 2])>,
    key_group_count: u16,
    /// How far rows may stay behind the watermark.
    lag: i64,
}

impl TimedJoin {
    fn comes(&mut self, input: usize, key: u32, kept: Kept, context: &EvalContext) -> Result<()> {
        match self.factory.nearness {
            Nearness::Version => self.comes_to_versions(input, key, kept),
            Nearness::Between(lower, upper) => {
                return self.comes_near(input, key, kept, [lower, upper], context);
            }
        }
        Ok(())
    }

    /// A version takes the place of one of the same time; a row waits for the watermark.
    fn comes_to_versions(&mut self, input: usize, key: u32, kept: Kept) {
        let rows = &mut self.keys[key as usize][input];
        if input == 0 {
            return rows.push(kept);
        }
        if kept.row.kind == RowKind::UpdateBefore {
            return;
        }
        let at = rows.partition_point(|row| row.time < kept.time);
        match rows.get_mut(at).filter(|row| row.time == kept.time) {
            Some(same) => *same = kept,
            None => rows.insert(at, kept),
        }
    }

    fn comes_near(
        &mut self,
        input: usize,
        key: u32,
        mut kept: Kept,
        [lower, upper]: [i64; 2],
        context: &EvalContext,
    ) -> Result<()> {
        // The other side's times that fit, as seen from this side.
        let (from, to) = match input {
            0 => (kept.time.saturating_sub(upper), kept.time.saturating_sub(lower)),
            _ => (kept.time.saturating_add(lower), kept.time.saturating_add(upper)),
        };
        let mut others = std::mem::take(&mut self.keys[key as usize][1 - input]);
        for other in others.iter_mut().filter(|o| (from..=to).contains(&o.time)) {
            let (left, right) = if input == 0 { (&kept, &*other) } else { (&*other, &kept) };
            if self.fits(left, right, context)? {
                self.owe(Some(left), Some(right));
                (kept.paired, other.paired) = (true, true);
            }
        }
        self.keys[key as usize][1 - input] = others;
        if self.watermark < to {
            self.keys[key as usize][input].push(kept);
        } else if !kept.paired {
            self.alone(input, &kept);
        }
        Ok(())
    }

    fn fits(&self, left: &Kept, right: &Kept, context: &EvalContext) -> Result<bool> {
        let Some(condition) = &self.factory.join.condition else { return Ok(true) };
        let [of_left, of_right] = &self.factory.join.inputs;
        let fields = of_left.fields().iter().chain(of_right.fields()).cloned().collect();
        let values = left.row.fields.iter().chain(&right.row.fields).cloned().collect();
        let pair = rows_to_batch(&Schema::new(fields), &[Row::insert(values)])?;
        let truth = condition.predicate(&pair, context)?;
        Ok(arrow::array::Array::is_valid(&truth, 0) && truth.value(0))
    }

    fn owe(&mut self, left: Option<&Kept>, right: Option<&Kept>) {
        let inputs = &self.factory.join.inputs;
        let values = |kept: Option<&Kept>, schema: &Schema| match kept {
            Some(kept) => kept.row.fields.clone(),
            None => vec![Value::Null; schema.len()],
        };
        let fields = [values(left, &inputs[0]), values(right, &inputs[1])].concat();
        let kind = match self.factory.nearness {
            Nearness::Version => left.map_or(RowKind::Insert, |l| l.row.kind),
            Nearness::Between(..) => RowKind::Insert,
        };
        self.owed.push((Row { kind, fields }, [left.and_then(|l| l.id), right.and_then(|r| r.id)]));
    }

    /// A row that found no partner, if it goes out.
    fn alone(&mut self, input: usize, kept: &Kept) {
        if !self.factory.join.kind.keeps(input) {
            return;
        }
        match input {
            0 => self.owe(Some(kept), None),
            _ => self.owe(None, Some(kept)),
        }
    }

    /// Rows whose partners cannot come any more go.
    fn expire(&mut self, [lower, upper]: [i64; 2]) {
        for key in 0..self.keys.len() {
            for (input, reach) in [(0, lower.saturating_neg()), (1, upper)] {
                let rows = std::mem::take(&mut self.keys[key][input]);
                let (gone, stay): (Vec<Kept>, Vec<Kept>) = rows
                    .into_iter()
                    .partition(|row| row.time.saturating_add(reach) < self.watermark);
                self.keys[key][input] = stay;
                gone.iter().filter(|row| !row.paired).for_each(|row| self.alone(input, row));
            }
        }
    }

    /// Rows of the left that the watermark has reached meet their versions: the keys in the order of
    /// their first row, the rows of a key in the order in which they came.
    fn meet(&mut self, context: &EvalContext) -> Result<()> {
        let due = |of_key: &OfKey| {
            of_key[0].iter().map(|row| row.time).filter(|time| *time <= self.watermark).min()
        };
        let keys = self.keys.iter().enumerate();
        let mut keys: Vec<(i64, usize)> = keys.filter_map(|(n, k)| Some((due(k)?, n))).collect();
        keys.sort_unstable();
        for (_, key) in keys {
            let [left, right] = std::mem::take(&mut self.keys[key]);
            let (due, later): (Vec<Kept>, Vec<Kept>) =
                left.into_iter().partition(|row| row.time <= self.watermark);
            for row in due {
                let valid = right.partition_point(|version| version.time <= row.time);
                let version = right[..valid].last();
                match version.filter(|v| v.row.kind != RowKind::Delete) {
                    Some(version) if self.fits(&row, version, context)? => {
                        self.owe(Some(&row), Some(version));
                    }
                    _ => self.alone(0, &row),
                }
            }
            self.keys[key] = [later, right];
        }
        self.forget_versions();
        Ok(())
    }

    /// Of the versions before the watermark only the newest can still be asked for.
    fn forget_versions(&mut self) {
        for [_, right] in &mut self.keys {
            let old = right.partition_point(|version| version.time <= self.watermark);
            right.drain(..old.saturating_sub(1));
        }
    }
}

impl Operator for TimedJoin {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let schema = self.factory.join.inputs[input].clone();
        let column = self.factory.times[input];
        let times = millis(batch.column(column));
        let can = self.factory.join.can_match(input, &batch);
        let mut keys = Vec::new();
        let columns = self.factory.join.keys[input].of(&batch);
        self.index.intern(&columns, batch.len(), &mut keys)?;
        self.keys.resize_with(self.index.capacity(), OfKey::default);
        let surroundings = EvalContext::at(context.now, self.factory.join.zone);
        for (row, key) in keys.into_iter().enumerate() {
            let time = times[row].ok_or_else(|| {
                Error::new("rowtime-null").arg("column", &schema.fields()[column].name)
            })?;
            let id = batch.ids().map(|ids| ids[row]);
            let kept = Kept { time, row: batch.row(&schema, row), paired: false, id };
            match can_match(can.as_ref(), row) {
                true => self.comes(input, key, kept, &surroundings)?,
                false => self.alone(input, &kept),
            }
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.watermark = watermark.0;
        let surroundings = EvalContext::at(context.now, self.factory.join.zone);
        match self.factory.nearness {
            Nearness::Version => self.meet(&surroundings)?,
            Nearness::Between(lower, upper) => self.expire([lower, upper]),
        }
        self.emit(context)?;
        let behind = match watermark.0 {
            i64::MAX => i64::MAX,
            at => at.saturating_sub(self.lag),
        };
        context.emit_watermark(Watermark(behind));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.emit(context)?;
        Ok(Drain::Done)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.join.keys[0];
        let key_groups = keys.key_groups(&columns, groups.len(), self.key_group_count);
        let entry = |(row, group): (usize, &u32)| {
            (keys.values(&columns, row), self.keys[*group as usize].clone())
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<(Vec<Value>, OfKey)> =
            OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.join.keys[0].types, &keys)?;
        self.keys.resize_with(self.index.capacity(), OfKey::default);
        for ((_, kept), group) in entries.into_iter().zip(groups) {
            self.keys[group as usize] = kept;
        }
        Ok(())
    }
}

impl TimedJoin {
    fn emit(&mut self, context: &mut Context<'_>) -> Result<()> {
        let owed = std::mem::take(&mut self.owed);
        if owed.is_empty() {
            return Ok(());
        }
        let schema = &self.factory.join.output;
        if !context.traces_records() {
            let rows: Vec<Row> = owed.into_iter().map(|(row, _)| row).collect();
            context.emit_because(rows_to_batch(schema, &rows)?, Causes::Records([].into()));
            return Ok(());
        }
        for (row, causes) in owed {
            let causes = causes.into_iter().flatten().collect();
            context.emit_because(rows_to_batch(schema, &[row])?, Causes::Records(causes));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::JoinKind;
    use super::*;
    use crate::expr::Zone;
    use crate::operators::harness::{check_two, keys, schema};

    fn factory(kind: JoinKind, nearness: Nearness) -> TimedJoinFactory {
        let inputs = [schema("k STRING, ts ROWTIME"), schema("k STRING, v INT, ts ROWTIME")];
        let join = JoinFactory {
            kind,
            keys: [keys(&inputs[0], "k"), keys(&inputs[1], "k")],
            null_meets_null: vec![false],
            condition: None,
            output: schema("k STRING, ts ROWTIME, k0 STRING, v INT, ts0 ROWTIME"),
            inputs,
            zone: Zone::default(),
            bounded: false,
            ttl: 0,
        };
        TimedJoinFactory { join, times: [1, 2], nearness }
    }

    fn steps(factory: &TimedJoinFactory, steps: &[(&str, &str)]) {
        let [left, right] = &factory.join.inputs;
        check_two(factory, [left, right], steps);
    }

    #[test]
    fn a_row_meets_the_version_of_its_time() {
        steps(
            &factory(JoinKind::Left, Nearness::Version),
            &[
                ("right +I a 1 10\nright +I a 2 20\n+I a 15\n+I a 25\n+I b 12", ""),
                ("watermark 20", "+I b 12 null null null\n+I a 15 a 1 10\nwatermark 20"),
                ("restore\nright -D a 2 30\n+I a 31", ""),
                ("watermark 40", "+I a 25 a 2 20\n+I a 31 null null null\nwatermark 40"),
            ],
        );
    }

    #[test]
    fn rows_near_in_time_meet_and_others_go_out_alone() {
        steps(
            &factory(JoinKind::Full, Nearness::Between(-10, 0)),
            &[
                ("+I a 100\nright +I a 1 105", "+I a 100 a 1 105"),
                ("right +I a 2 111\n+I b 50", ""),
                ("restore\nwatermark 70", "+I b 50 null null null\nwatermark 60"),
                ("watermark 200", "+I null null a 2 111\nwatermark 190"),
            ],
        );
    }
}
