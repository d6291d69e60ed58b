//! Deduplicate: one row a key, the first or the last, by event time or by arrival.
//!
//! As Flink's `RowTimeDeduplicateFunction` and its like: of rows with equal event times the first stays
//! if the first is kept, the last if the last is. The first by arrival never changes, so that nothing
//! but `+I` goes out.

use super::aggregates::{GroupKeys, intern_values};
use super::group_index::GroupIndex;
use super::window::millis;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, RecordId, Result};
use crate::data::{Batch, Row, RowKind, Schema, Value, rows_to_batch};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;

/// What a Deduplicate keeps.
#[derive(Clone, Debug)]
pub struct DeduplicateFactory {
    /// The key.
    pub keys: GroupKeys,
    /// The column of event time; `None` is the order of arrival.
    pub rowtime: Option<usize>,
    /// Whether the last row stays, or the first.
    pub keep_last: bool,
    /// Whether `-U` goes out before `+U`.
    pub update_before: bool,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for DeduplicateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Deduplicate {
            index: GroupIndex::new(&self.keys.types)?,
            kept: Vec::new(),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        self.rowtime.is_none() && !self.keep_last
    }
}

struct Deduplicate {
    factory: DeduplicateFactory,
    index: GroupIndex,
    /// By key: the row, empty if it never goes out again, and its event time.
    kept: Vec<Option<(i64, Vec<Value>)>>,
    key_group_count: u16,
}

impl Deduplicate {
    fn times(&self, batch: &Batch) -> Result<Vec<i64>> {
        let Some(column) = self.factory.rowtime else { return Ok(vec![0; batch.len()]) };
        let null = || {
            let name = &self.factory.output.fields()[column].name;
            Error::new("rowtime-null").arg("column", name)
        };
        millis(batch.column(column)).into_iter().map(|at| at.ok_or_else(null)).collect()
    }

    /// Whether a row with this time takes the place of one with that.
    fn replaces(&self, new: i64, old: i64) -> bool {
        match (self.factory.rowtime, self.factory.keep_last) {
            (None, keep_last) => keep_last,
            (Some(_), true) => new >= old,
            (Some(_), false) => new < old,
        }
    }

    /// What a row changes: the row before, if it goes out, and the row.
    fn apply(&mut self, key: u32, at: i64, row: impl FnOnce() -> Vec<Value>) -> Vec<Row> {
        let never_again = self.factory.emits_inserts_only();
        let old = match &self.kept[key as usize] {
            Some((old_at, _)) if !self.replaces(at, *old_at) => return Vec::new(),
            _ => self.kept[key as usize].take(),
        };
        let fields = row();
        let kept = if never_again { Vec::new() } else { fields.clone() };
        self.kept[key as usize] = Some((at, kept));
        match old {
            None => vec![Row::insert(fields)],
            Some((_, old)) => {
                let before = Row { kind: RowKind::UpdateBefore, fields: old };
                let after = Row { kind: RowKind::UpdateAfter, fields };
                let before = Some(before).filter(|_| self.factory.update_before);
                before.into_iter().chain([after]).collect()
            }
        }
    }
}

impl Operator for Deduplicate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let times = self.times(&batch)?;
        let mut keys = Vec::new();
        self.index.intern(&self.factory.keys.of(&batch), batch.len(), &mut keys)?;
        self.kept.resize(self.index.capacity(), None);
        let (mut rows, mut causes): (Vec<Row>, Vec<RecordId>) = (Vec::new(), Vec::new());
        let schema = self.factory.output.clone();
        for (row, (at, key)) in times.into_iter().zip(keys).enumerate() {
            let changes = self.apply(key, at, || batch.row(&schema, row).fields);
            if let Some(ids) = batch.ids() {
                causes.extend(std::iter::repeat_n(ids[row], changes.len()));
            }
            rows.extend(changes);
        }
        if !rows.is_empty() {
            context.emit_each(rows_to_batch(&schema, &rows)?, &causes);
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns, groups.len(), self.key_group_count);
        let entry = |(row, group): (usize, &u32)| {
            (keys.values(&columns, row), self.kept[*group as usize].clone().unwrap_or_default())
        };
        let entries = groups.iter().enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        type Saved = (Vec<Value>, (i64, Vec<Value>));
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.keys.types, &keys)?;
        self.kept.resize(self.index.capacity(), None);
        for ((_, kept), group) in entries.into_iter().zip(groups) {
            self.kept[group as usize] = Some(kept);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, keys, schema};
    use super::*;

    fn factory(rowtime: Option<usize>, keep_last: bool) -> DeduplicateFactory {
        let output = schema("k STRING, v INT, ts ROWTIME");
        let keys = keys(&output, "k");
        DeduplicateFactory { keys, rowtime, keep_last, update_before: true, output }
    }

    fn steps(factory: &DeduplicateFactory, steps: &[(&str, &str)]) {
        check(factory, &factory.output.clone(), steps);
    }

    #[test]
    fn the_last_by_event_time() {
        steps(
            &factory(Some(2), true),
            &[
                ("+I a 1 10\n+I b 2 10\n+I a 3 20", "+I a 1 10\n+I b 2 10\n-U a 1 10\n+U a 3 20"),
                ("restore\n+I a 4 15\n+I a 5 20", "-U a 3 20\n+U a 5 20"),
            ],
        );
        let upsert = DeduplicateFactory { update_before: false, ..factory(Some(2), true) };
        steps(&upsert, &[("+I a 1 10\n+I a 2 11", "+I a 1 10\n+U a 2 11")]);
    }

    #[test]
    fn the_first_by_event_time() {
        steps(
            &factory(Some(2), false),
            &[
                ("+I a 1 10\n+I a 2 10\n+I a 3 20", "+I a 1 10"),
                ("restore\n+I a 4 9", "-U a 1 10\n+U a 4 9"),
            ],
        );
    }

    #[test]
    fn by_arrival() {
        let rows = "+I a 1 10\n+I a 2 5\nrestore\n+I a 3 1\n+I b 1 1";
        steps(&factory(None, false), &[(rows, "+I a 1 10\n+I b 1 1")]);
        let last = "+I a 1 10\n-U a 1 10\n+U a 2 5\n-U a 2 5\n+U a 3 1\n+I b 1 1";
        steps(&factory(None, true), &[(rows, last)]);
    }
}
