//! SinkUpsertMaterializer: what a table holds by its primary key, of changes that come by another key.
//!
//! Several rows of the changes may have the same primary key; the last one to come is what the table
//! holds, and when it goes, the one before holds again. No `-U` goes out: a row takes the place of
//! another by its key.
//!
//! Source: `SinkUpsertMaterializer` of Flink 1.18.

use super::aggregates::{GroupKeys, intern_values};
use super::group_index::GroupIndex;
use super::row_store::{Place, RowId, RowStore};
use super::state_trace::{Named, StateTrace};
use super::ttl::Ttl;
use super::{Context, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::{Batch, Kinds, Row, RowKind, Schema, Value, rows_to_batch};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;
/// Flink's name of the state.
const STATE: &str = "values";

/// What a SinkUpsertMaterializer keeps.
#[derive(Clone, Debug)]
pub struct SinkUpsertMaterializerFactory {
    /// The primary key.
    pub keys: GroupKeys,
    /// What names a row of the changes; `None`: all its columns, and equal rows are kept several times.
    pub input_key: Option<Vec<usize>>,
    /// How long the rows of a key are kept, in milliseconds; for ever if 0.
    pub ttl: i64,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for SinkUpsertMaterializerFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        let whole = || (0..self.output.len()).collect();
        Ok(Box::new(SinkUpsertMaterializer {
            index: GroupIndex::new(&self.keys.types)?,
            rows: RowStore::new(&self.output),
            values: Vec::new(),
            compared: self.input_key.clone().unwrap_or_else(whole),
            ttl: Ttl::new(self.ttl),
            key_group_count: subtask.max_parallelism,
            factory: self.clone(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct SinkUpsertMaterializer {
    factory: SinkUpsertMaterializerFactory,
    index: GroupIndex,
    rows: RowStore,
    /// By key, in the order in which they came: the last is what the table holds.
    values: Vec<Vec<RowId>>,
    /// The columns by which a row is found again.
    compared: Vec<usize>,
    ttl: Ttl<u32>,
    key_group_count: u16,
}

/// What a checkpoint keeps of a key: the key, its rows, and when they were written if keys expire.
type Saved = (Vec<Value>, Vec<Vec<Value>>, Option<i64>);

impl SinkUpsertMaterializer {
    /// Forgets keys whose time is over.
    fn expire(&mut self, now: i64) {
        while let Some((_, key)) = self.ttl.due(now) {
            let rows = &mut self.rows;
            self.values[key as usize].drain(..).for_each(|row| rows.release(row));
            self.index.remove(key);
        }
    }

    /// Where the row that arrived is among those of a key.
    fn find(&self, key: u32, row: usize) -> Option<usize> {
        let arrived = self.rows.arrived(row);
        let is_same = |kept: &RowId| {
            self.rows.equal_in(self.compared.iter().copied(), self.rows.place(*kept), arrived)
        };
        self.values[key as usize].iter().position(is_same)
    }

    /// A row comes; what goes out.
    fn add(&mut self, key: u32, row: usize) -> RowKind {
        let known = match self.factory.input_key {
            Some(_) => self.find(key, row),
            None => None,
        };
        let kept = self.rows.keep(row);
        let values = &mut self.values[key as usize];
        let kind = if values.is_empty() { RowKind::Insert } else { RowKind::UpdateAfter };
        match known {
            Some(known) => self.rows.release(std::mem::replace(&mut values[known], kept)),
            None => values.push(kept),
        }
        kind
    }

    /// A row goes; what goes out, if that was what the table held. One that is not there has expired.
    fn retract(&mut self, key: u32, row: usize) -> Option<(RowKind, Place)> {
        let place = self.find(key, row)?;
        let values = &mut self.values[key as usize];
        self.rows.release(values.remove(place));
        match values.last() {
            None => Some((RowKind::Delete, self.rows.arrived(row))),
            Some(last) if place == values.len() => {
                Some((RowKind::UpdateAfter, self.rows.place(*last)))
            }
            Some(_) => None,
        }
    }

    /// A row comes or goes.
    fn apply(&mut self, key: u32, row: usize, kind: RowKind, now: i64) -> Option<(RowKind, Place)> {
        self.ttl.write(key, now);
        match kind {
            RowKind::Insert | RowKind::UpdateAfter => {
                Some((self.add(key, row), self.rows.arrived(row)))
            }
            RowKind::UpdateBefore | RowKind::Delete => self.retract(key, row),
        }
    }

    /// The rows of a key.
    fn saved(&self, key: u32) -> Result<Vec<Vec<Value>>> {
        let places: Vec<Place> =
            self.values[key as usize].iter().map(|row| self.rows.place(*row)).collect();
        let batch = Batch::new(self.rows.columns(&places)?, places.len());
        Ok(batch.rows(&self.factory.output).map(|row| row.fields).collect())
    }

    /// What the trace tells of a key: what the table holds, and how many rows have the key.
    fn holds(&self, key: u32) -> Result<Named> {
        let values = &self.values[key as usize];
        let Some(last) = values.last() else { return Ok(Named::new()) };
        let batch = Batch::new(self.rows.columns(&[self.rows.place(*last)])?, 1);
        let row = batch.rows(&self.factory.output).next().unwrap_or_default();
        let fields = row.fields.into_iter().enumerate();
        let rest = fields.filter(|(column, _)| !self.factory.keys.columns.contains(column));
        let row = Value::Row(rest.map(|(_, value)| value).collect());
        Ok(vec![("row".into(), row), ("rows".into(), Value::BigInt(values.len() as i64))])
    }
}

impl Operator for SinkUpsertMaterializer {
    fn process(&mut self, _input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        let now = context.now.millis();
        self.expire(now);
        let mut keys = Vec::new();
        self.index.intern(&self.factory.keys.of(&batch), batch.len(), &mut keys)?;
        self.values.resize(self.index.capacity(), Vec::new());
        self.rows.arrive(&batch);
        let trace = StateTrace::of(STATE, &self.factory.keys, &batch, context);
        let (mut places, mut kinds, mut causes) = (Vec::new(), Vec::new(), Vec::new());
        for (row, key) in keys.iter().copied().enumerate() {
            let before = trace.as_ref().map(|_| self.holds(key)).transpose()?;
            if let Some((kind, place)) = self.apply(key, row, batch.kind(row), now) {
                places.push(place);
                kinds.push(kind);
                causes.extend(batch.ids().map(|ids| ids[row]));
            }
            if let Some((trace, before)) = trace.as_ref().zip(before) {
                trace.changed(row, before, self.holds(key)?, context);
            }
        }
        let values = &self.values;
        let gone = self.index.remove_unused(keys, |key| values[key as usize].is_empty());
        gone.into_iter().for_each(|key| self.ttl.forget(key));
        if !places.is_empty() {
            let out = Batch::new(self.rows.columns(&places)?, places.len());
            context.emit_each(out.with_kinds(Kinds::of(kinds)), &causes);
        }
        self.rows.settle()
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let (key_groups, keys) =
            self.factory.keys.saved(&self.index, &groups, self.key_group_count)?;
        let entry = |(group, key): (&u32, Vec<Value>)| -> Result<Saved> {
            Ok((key, self.saved(*group)?, self.ttl.written(*group)))
        };
        let entries = groups.iter().zip(keys).map(entry).collect::<Result<Vec<_>>>()?;
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<Saved> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|entry| entry.0.clone()).collect();
        let groups = intern_values(&mut self.index, &self.factory.keys.types, &keys)?;
        self.values.resize(self.index.capacity(), Vec::new());
        for ((_, rows, written), key) in entries.into_iter().zip(groups) {
            let count = rows.len();
            let rows: Vec<Row> = rows.into_iter().map(Row::insert).collect();
            self.rows.arrive(&rows_to_batch(&self.factory.output, &rows)?);
            self.values[key as usize] = (0..count).map(|row| self.rows.keep(row)).collect();
            self.rows.settle()?;
            self.ttl.restore(key, written, context.now.millis());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, check_forgets, check_told, keys, schema};
    use super::*;

    /// Rows of a table whose key is `k`, of changes whose key is `name`, or unknown.
    fn factory(input_key: Option<Vec<usize>>) -> SinkUpsertMaterializerFactory {
        let output = schema("k INT, name STRING, v INT");
        let keys = keys(&output, "k");
        SinkUpsertMaterializerFactory { keys, input_key, ttl: 0, output }
    }

    fn steps(factory: &SinkUpsertMaterializerFactory, steps: &[(&str, &str)]) {
        check(factory, &factory.output.clone(), steps);
    }

    #[test]
    fn the_last_row_holds_and_when_it_goes_the_one_before() {
        steps(
            &factory(Some(vec![1])),
            &[
                ("+I 1 a 10\n+I 1 b 20\n+I 2 c 30", "+I 1 a 10\n+U 1 b 20\n+I 2 c 30"),
                ("restore\n-U 1 b 20\n+U 2 b 21", "+U 1 a 10\n+U 2 b 21"),
                ("-U 2 c 30\n+U 1 c 31", "+U 1 c 31"),
                ("restore\n-D 1 a 10\n-D 1 c 31", "-D 1 c 31"),
                ("+I 1 d 1", "+I 1 d 1"),
            ],
        );
    }

    #[test]
    fn a_row_takes_the_place_of_one_with_its_name() {
        let rows = "+I 1 a 10\n+I 1 b 20\n+U 1 a 11\n-D 1 b 20";
        steps(&factory(Some(vec![1])), &[(rows, "+I 1 a 10\n+U 1 b 20\n+U 1 a 11\n+U 1 a 11")]);
    }

    #[test]
    fn equal_rows_without_a_name_are_kept_several_times() {
        let rows = "+I 1 a 10\n+I 1 a 10\nrestore\n-D 1 a 10\n-D 1 a 10";
        steps(&factory(None), &[(rows, "+I 1 a 10\n+U 1 a 10\n-D 1 a 10")]);
    }

    #[test]
    fn what_is_not_there_is_not_taken_back() {
        steps(&factory(None), &[("-D 1 a 10\n+I 1 a 10\n-D 1 a 11", "+I 1 a 10")]);
    }

    #[test]
    fn keys_expire_and_are_freed() {
        let expiring = SinkUpsertMaterializerFactory { ttl: 100, ..factory(None) };
        steps(
            &expiring,
            &[
                ("time 0\n+I 1 a 1\n+I 2 b 1", "+I 1 a 1\n+I 2 b 1"),
                ("time 99\n+I 1 a 2\nrestore", "+U 1 a 2"),
                ("time 198\n-D 1 a 2\n-D 2 b 1", "+U 1 a 1"),
            ],
        );
        let inputs = [&expiring.output, &expiring.output];
        check_forgets(&expiring, inputs, "+I 1 a 0\n+I 2 b 0", "time 100\n+I 3 c 0");
    }

    #[test]
    fn the_trace_tells_what_the_table_holds() {
        let factory = factory(None);
        let inputs = [&factory.output, &factory.output];
        let told = [
            "values 1:  -> row=Row([String(\"a\"), Int(1)]) rows=1",
            "values 1: row=Row([String(\"a\"), Int(1)]) rows=1 -> row=Row([String(\"b\"), Int(2)]) rows=2",
        ];
        check_told(&factory, inputs, "+I 1 a 1\n+I 1 b 2", &told);
    }
}
