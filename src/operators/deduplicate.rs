//! Deduplicate: one row a key, the first or the last, by event time or by arrival.
//!
//! As Flink's `RowTimeDeduplicateFunction` and its like: of rows with equal event times the first stays
//! if the first is kept, the last if the last is. The first by arrival never changes, so that nothing
//! but `+I` goes out.

use arrow::array::ArrayRef;
use arrow::compute;
use arrow::row::{RowConverter, Rows, SortField};

use super::aggregates::{GroupKeys, intern_values};
use super::group_index::GroupIndex;
use super::window::millis;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, RecordId, Result};
use crate::data::arrow::arrow_type;
use crate::data::{Batch, Kinds, Row, RowKind, Schema, Value, rows_to_batch};
use crate::expr::kernel_error;
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
        let types = self.output.fields().iter().map(|f| arrow_type(&f.data_type.logical));
        let fields = types.map(SortField::new).collect();
        Ok(Box::new(Deduplicate {
            index: GroupIndex::new(&self.keys.types)?,
            converter: RowConverter::new(fields).map_err(kernel_error)?,
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
    converter: RowConverter,
    /// By key.
    kept: Vec<Option<Kept>>,
    key_group_count: u16,
}

/// The row of a key.
#[derive(Clone, Default)]
struct Kept {
    /// Its event time.
    at: i64,
    /// The row, empty if it never goes out again.
    bytes: Box<[u8]>,
}

/// What goes out for a batch: rows of it, and rows that were kept before.
#[derive(Default)]
struct Changes {
    before: Vec<Box<[u8]>>,
    /// Which of the batch (0) or of those before (1), and its place there.
    places: Vec<(usize, usize)>,
    kinds: Vec<RowKind>,
}

impl Changes {
    /// A row of the batch.
    fn comes(&mut self, kind: RowKind, row: usize) {
        self.places.push((0, row));
        self.kinds.push(kind);
    }

    /// A row from before.
    fn goes(&mut self, bytes: Box<[u8]>) {
        self.places.push((1, self.before.len()));
        self.kinds.push(RowKind::UpdateBefore);
        self.before.push(bytes);
    }
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

    /// The rows of a batch as they are kept; nothing of those that never go out again.
    fn encoded(&self, batch: &Batch) -> Result<Option<Rows>> {
        let again = !self.factory.emits_inserts_only();
        let rows = again.then(|| self.converter.convert_columns(batch.columns()));
        rows.transpose().map_err(kernel_error)
    }

    /// What a row changes: the row before goes, and the row comes.
    fn apply(&mut self, key: u32, at: i64, row: usize, rows: Option<&Rows>, out: &mut Changes) {
        let old = match &self.kept[key as usize] {
            Some(old) if !self.replaces(at, old.at) => return,
            _ => self.kept[key as usize].take(),
        };
        let bytes = rows.map(|rows| rows.row(row).data().into()).unwrap_or_default();
        self.kept[key as usize] = Some(Kept { at, bytes });
        match old {
            None => out.comes(RowKind::Insert, row),
            Some(old) => {
                if self.factory.update_before {
                    out.goes(old.bytes);
                }
                out.comes(RowKind::UpdateAfter, row);
            }
        }
    }

    /// The columns of rows as they are kept.
    fn decoded<'a>(&self, rows: impl Iterator<Item = &'a Box<[u8]>>) -> Result<Vec<ArrayRef>> {
        let parser = self.converter.parser();
        self.converter.convert_rows(rows.map(|bytes| parser.parse(bytes))).map_err(kernel_error)
    }

    fn output(&self, batch: &Batch, changes: &Changes) -> Result<Batch> {
        let before = self.decoded(changes.before.iter())?;
        let columns = batch.columns().iter().zip(&before).map(|(now, before)| {
            compute::interleave(&[now, before], &changes.places).map_err(kernel_error)
        });
        let kinds = Kinds::of(changes.kinds.as_slice().into());
        Ok(Batch::new(columns.collect::<Result<_>>()?, changes.places.len()).with_kinds(kinds))
    }
}

impl Operator for Deduplicate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let times = self.times(&batch)?;
        let mut keys = Vec::new();
        self.index.intern(&self.factory.keys.of(&batch), batch.len(), &mut keys)?;
        self.kept.resize(self.index.capacity(), None);
        let rows = self.encoded(&batch)?;
        let (mut changes, mut causes): (Changes, Vec<RecordId>) = Default::default();
        for (row, (at, key)) in times.into_iter().zip(keys).enumerate() {
            let known = changes.places.len();
            self.apply(key, at, row, rows.as_ref(), &mut changes);
            if let Some(ids) = batch.ids() {
                causes.extend(std::iter::repeat_n(ids[row], changes.places.len() - known));
            }
        }
        if !changes.places.is_empty() {
            context.emit_each(self.output(&batch, &changes)?, &causes);
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let columns = self.index.columns(&groups)?;
        let keys = &self.factory.keys;
        let key_groups = keys.key_groups(&columns, groups.len(), self.key_group_count);
        let kept = |group: &u32| self.kept[*group as usize].clone().unwrap_or_default();
        let kept: Vec<Kept> = groups.iter().map(kept).collect();
        let rows = match self.factory.emits_inserts_only() {
            true => vec![Row::default(); kept.len()],
            false => {
                let columns = self.decoded(kept.iter().map(|kept| &kept.bytes))?;
                Batch::new(columns, kept.len()).rows(&self.factory.output).collect()
            }
        };
        let entry = |(row, (kept, fields)): (usize, (&Kept, Row))| {
            (keys.values(&columns, row), (kept.at, fields.fields))
        };
        let entries = kept.iter().zip(rows).enumerate().map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        type Saved = (Vec<Value>, (i64, Vec<Value>));
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let (keys, kept): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let groups = intern_values(&mut self.index, &self.factory.keys.types, &keys)?;
        self.kept.resize(self.index.capacity(), None);
        let (moments, fields): (Vec<i64>, Vec<_>) = kept.into_iter().unzip();
        let encoded = match self.factory.emits_inserts_only() {
            true => None,
            false => {
                let rows: Vec<Row> = fields.into_iter().map(Row::insert).collect();
                self.encoded(&rows_to_batch(&self.factory.output, &rows)?)?
            }
        };
        for (place, (group, at)) in groups.into_iter().zip(moments).enumerate() {
            let row = encoded.as_ref().map(|rows| rows.row(place).data().into());
            self.kept[group as usize] = Some(Kept { at, bytes: row.unwrap_or_default() });
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
