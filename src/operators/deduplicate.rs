//! Deduplicate: one row a key, the first or the last, by event time or by arrival.
//!
//! As Flink's `RowTimeDeduplicateFunction` and its like: of rows with equal event times the first stays
//! if the first is kept, the last if the last is. The first by arrival never changes, so that nothing
//! but `+I` goes out; the last by arrival says nothing if it equals the one before, unless state expires
//! and who reads the answer has to learn that the key lives. A key lives as long as its row was not
//! replaced for the time of the state.

use super::aggregates::{GroupKeys, intern_values};
use super::group_index::GroupIndex;
use super::row_store::{Place, RowId, RowStore};
use super::state_trace::{Named, StateTrace};
use super::ttl::Ttl;
use super::window::{millis, timestamp};
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{Error, RecordId, Result};
use crate::data::{Batch, Field, Kinds, Row, RowKind, Schema, TimeAttribute, Value, rows_to_batch};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 2;
/// Flink's name of the state.
const STATE: &str = "deduplicate-state";

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
    /// How long the row of a key is kept, in milliseconds; for ever if 0.
    pub ttl: i64,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for DeduplicateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(Deduplicate {
            index: GroupIndex::new(&self.keys.types)?,
            rows: RowStore::new(&self.output),
            kept: Vec::new(),
            compared: self.compared(),
            ttl: Ttl::new(self.ttl),
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
    /// The rows that may go out again.
    rows: RowStore,
    /// By key.
    kept: Vec<Option<Kept>>,
    /// The columns by which rows are compared, if they are.
    compared: Option<Vec<usize>>,
    ttl: Ttl<u32>,
    key_group_count: u16,
}

/// The row of a key.
#[derive(Clone, Copy, Default)]
struct Kept {
    /// Its event time.
    at: i64,
    /// The row, if it may go out again.
    row: Option<RowId>,
}

/// What a checkpoint keeps of a key: the key, the event time and the fields of its row, and when it
/// was written if keys expire.
type Saved = (Vec<Value>, i64, Vec<Value>, Option<i64>);

/// What goes out for a batch.
#[derive(Default)]
struct Changes {
    places: Vec<Place>,
    kinds: Vec<RowKind>,
}

impl Changes {
    fn push(&mut self, kind: RowKind, place: Place) {
        self.places.push(place);
        self.kinds.push(kind);
    }
}

impl DeduplicateFactory {
    /// Whether a row is needed once another comes: it goes out again, or is compared; else its time says
    /// all.
    fn needs_rows(&self) -> bool {
        (self.update_before || self.rowtime.is_none()) && !self.emits_inserts_only()
    }

    /// The columns by which a row equals the one before, which says nothing then; `None` if every row
    /// says something.
    fn compared(&self) -> Option<Vec<usize>> {
        let fields = self.output.fields().iter().enumerate();
        let proctime = |f: &Field| f.data_type.logical.time_attribute() == TimeAttribute::Proctime;
        let columns = || fields.filter(|(_, f)| !proctime(f)).map(|(column, _)| column).collect();
        (self.rowtime.is_none() && self.keep_last && self.ttl == 0).then(columns)
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

    /// Whether a row that came says nothing beside the one that is kept.
    fn stays(&self, old: Kept, row: usize) -> bool {
        let (Some(columns), Some(old)) = (&self.compared, old.row) else { return false };
        let (old, new) = (self.rows.place(old), self.rows.arrived(row));
        self.rows.equal_in(columns.iter().copied(), old, new)
    }

    /// Forgets keys whose time is over.
    fn expire(&mut self, now: i64) {
        while let Some((_, key)) = self.ttl.due(now) {
            let kept = self.kept[key as usize].take();
            if let Some(row) = kept.and_then(|kept| kept.row) {
                self.rows.release(row);
            }
            self.index.remove(key);
        }
    }

    /// What a row changes: the row before goes, and the row comes.
    fn apply(&mut self, key: u32, at: i64, row: usize, now: i64, out: &mut Changes) {
        let old = self.kept[key as usize];
        if old.is_some_and(|old| !self.replaces(at, old.at)) {
            return;
        }
        if old.is_some_and(|old| self.stays(old, row)) {
            return;
        }
        let kept = Kept { at, row: self.factory.needs_rows().then(|| self.rows.keep(row)) };
        self.kept[key as usize] = Some(kept);
        self.ttl.write(key, now);
        let Some(old) = old else { return out.push(RowKind::Insert, self.rows.arrived(row)) };
        if let Some(before) = old.row {
            if self.factory.update_before {
                out.push(RowKind::UpdateBefore, self.rows.place(before));
            }
            self.rows.release(before);
        }
        out.push(RowKind::UpdateAfter, self.rows.arrived(row));
    }

    /// What the trace tells of a key: the event time of its row; by arrival the row, or that it came.
    fn holds(&self, key: u32) -> Result<Named> {
        let Some(kept) = self.kept[key as usize] else { return Ok(Named::new()) };
        let fields = self.factory.output.fields();
        let (name, value) = match (self.factory.rowtime, kept.row) {
            (Some(column), _) => {
                (fields[column].name.as_str(), timestamp(&fields[column].data_type, kept.at))
            }
            (None, None) => ("seen", Value::Boolean(true)),
            (None, Some(_)) => {
                let row = self.saved(&[kept])?.pop().unwrap_or_default();
                let fields = row.fields.into_iter().enumerate();
                let rest = fields.filter(|(column, _)| !self.factory.keys.columns.contains(column));
                ("row", Value::Row(rest.map(|(_, value)| value).collect()))
            }
        };
        Ok(vec![(name.into(), value)])
    }

    fn output(&self, changes: &Changes) -> Result<Batch> {
        let columns = self.rows.columns(&changes.places)?;
        let kinds = Kinds::of(changes.kinds.as_slice().into());
        Ok(Batch::new(columns, changes.places.len()).with_kinds(kinds))
    }

    /// The rows of keys as a checkpoint keeps them; without fields where they never go out again.
    fn saved(&self, kept: &[Kept]) -> Result<Vec<Row>> {
        if !self.factory.needs_rows() {
            return Ok(vec![Row::default(); kept.len()]);
        }
        let place = |kept: &Kept| kept.row.map_or(Place::NOTHING, |row| self.rows.place(row));
        let columns = self.rows.columns(&kept.iter().map(place).collect::<Vec<_>>())?;
        Ok(Batch::new(columns, kept.len()).rows(&self.factory.output).collect())
    }
}

impl Operator for Deduplicate {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let now = context.now.millis();
        self.expire(now);
        let times = self.times(&batch)?;
        let mut keys = Vec::new();
        self.index.intern(&self.factory.keys.of(&batch), batch.len(), &mut keys)?;
        self.kept.resize(self.index.capacity(), None);
        self.rows.arrive(&batch);
        let trace = StateTrace::of(STATE, &self.factory.keys, &batch, context);
        let (mut changes, mut causes): (Changes, Vec<RecordId>) = Default::default();
        for (row, (at, key)) in times.into_iter().zip(keys).enumerate() {
            let known = changes.places.len();
            let before = trace.as_ref().map(|_| self.holds(key)).transpose()?;
            self.apply(key, at, row, now, &mut changes);
            if let Some((trace, before)) = trace.as_ref().zip(before) {
                trace.changed(row, before, self.holds(key)?, context);
            }
            if let Some(ids) = batch.ids() {
                causes.extend(std::iter::repeat_n(ids[row], changes.places.len() - known));
            }
        }
        if !changes.places.is_empty() {
            context.emit_each(self.output(&changes)?, &causes);
        }
        self.rows.settle()
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let (key_groups, keys) =
            self.factory.keys.saved(&self.index, &groups, self.key_group_count)?;
        let kept = |group: &u32| self.kept[*group as usize].unwrap_or_default();
        let kept: Vec<Kept> = groups.iter().map(kept).collect();
        let rows = self.saved(&kept)?;
        let written = groups.iter().map(|group| self.ttl.written(*group));
        let entry = |(((key, kept), row), written): (((_, &Kept), Row), _)| -> Saved {
            (key, kept.at, row.fields, written)
        };
        let entries = keys.into_iter().zip(&kept).zip(rows).zip(written).map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|entry| entry.0.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.keys.types, &keys)?;
        self.kept.resize(self.index.capacity(), None);
        if self.factory.needs_rows() {
            let rows: Vec<Row> = entries.iter().map(|e| Row::insert(e.2.clone())).collect();
            self.rows.arrive(&rows_to_batch(&self.factory.output, &rows)?);
        }
        for (place, ((_, at, _, written), group)) in entries.into_iter().zip(groups).enumerate() {
            let row = self.factory.needs_rows().then(|| self.rows.keep(place));
            self.kept[group as usize] = Some(Kept { at, row });
            self.ttl.restore(group, written, context.now.millis());
        }
        self.rows.settle()
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, check_forgets, check_told, keys, schema};
    use super::*;

    fn factory(rowtime: Option<usize>, keep_last: bool) -> DeduplicateFactory {
        let output = schema("k STRING, v INT, ts ROWTIME");
        let keys = keys(&output, "k");
        DeduplicateFactory { keys, rowtime, keep_last, update_before: true, ttl: 0, output }
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
        let rows = "+I a 1 10\n+I a 2 11\nrestore\n+I a 3 10\n+I a 4 12";
        steps(&upsert, &[(rows, "+I a 1 10\n+U a 2 11\n+U a 4 12")]);
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
        let again = "+I a 1 10\n+I a 1 10\nrestore\n+I a 1 10\n+I a 2 10";
        steps(&factory(None, true), &[(again, "+I a 1 10\n-U a 1 10\n+U a 2 10")]);
        let upsert = DeduplicateFactory { update_before: false, ..factory(None, true) };
        steps(&upsert, &[(again, "+I a 1 10\n+U a 2 10")]);
        let expiring = DeduplicateFactory { ttl: 100, ..upsert };
        steps(&expiring, &[("+I a 1 10\n+I a 1 10", "+I a 1 10\n+U a 1 10")]);
    }

    #[test]
    fn keys_expire() {
        let kept =
            |rowtime, keep_last| DeduplicateFactory { ttl: 100, ..factory(rowtime, keep_last) };
        // The first by arrival is written once.
        steps(
            &kept(None, false),
            &[
                ("time 10\n+I a 1 0", "+I a 1 0"),
                ("time 109\n+I a 2 0\nrestore", ""),
                ("time 110\n+I a 3 0", "+I a 3 0"),
            ],
        );
        // The last by arrival is written by every row.
        steps(
            &kept(None, true),
            &[
                ("time 0\n+I a 1 0\n+I b 1 0", "+I a 1 0\n+I b 1 0"),
                ("time 99\n+I a 2 0\nrestore", "-U a 1 0\n+U a 2 0"),
                ("time 198\n+I a 3 0\n+I b 2 0", "-U a 2 0\n+U a 3 0\n+I b 2 0"),
                ("time 298\n+I a 4 0", "+I a 4 0"),
            ],
        );
        // By event time only those write that take the place.
        steps(
            &kept(Some(2), true),
            &[
                ("time 0\n+I a 1 20", "+I a 1 20"),
                ("time 60\n+I a 2 10", ""),
                ("time 100\n+I a 3 5", "+I a 3 5"),
            ],
        );
    }

    #[test]
    fn what_expired_is_freed() {
        for keep_last in [false, true] {
            let factory = DeduplicateFactory { ttl: 100, ..factory(None, keep_last) };
            let inputs = [&factory.output, &factory.output];
            check_forgets(&factory, inputs, "+I a 1 0\n+I b 1 0\n+I b 2 0", "time 100\n+I c 1 0");
        }
    }

    #[test]
    fn the_trace_tells_what_is_kept() {
        let told = |rowtime, keep_last, expected: &[&str]| {
            let factory = factory(rowtime, keep_last);
            let inputs = [&factory.output, &factory.output];
            check_told(&factory, inputs, "+I a 1 10\n+I a 2 20", expected);
        };
        let by_time = ["deduplicate-state a:  -> ts=10", "deduplicate-state a: ts=10 -> ts=20"];
        told(Some(2), true, &by_time);
        told(None, false, &["deduplicate-state a:  -> seen=true"]);
    }
}
