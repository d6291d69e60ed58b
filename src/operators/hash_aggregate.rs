//! HashAggregate: GROUP BY over a bounded input, answered once, at the end, in order of arrival.
//!
//! Without a key there is one answer even if there was no row. In two phases the first one answers with
//! what it has accumulated, and the second one merges.

use rustc_hash::FxHashMap;

use super::aggregates::{Aggregate, Aggregates, GroupKeys, GroupState, intern_values};
use super::group_index::GroupIndex;
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::{RecordId, Result};
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;
/// Groups that one portion of the answer holds.
const PORTION: usize = 4096;

/// What a HashAggregate computes. Its output is the key columns, then the aggregates.
#[derive(Clone, Debug)]
pub struct HashAggregateFactory {
    /// The key; no columns: one group for all rows.
    pub keys: GroupKeys,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
    /// Which part of the work it does.
    pub phase: BatchPhase,
    /// The output columns.
    pub output: Schema,
}

/// Which part of an aggregate a HashAggregate computes.
#[derive(Clone, Debug)]
pub enum BatchPhase {
    /// All of it.
    Only,
    /// What rows accumulate. Each column behind the key: of which aggregate's accumulator, and which of
    /// its columns.
    Local(Vec<(usize, usize)>),
    /// What comes of rows that are accumulators.
    Global,
}

impl OperatorFactory for HashAggregateFactory {
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(HashAggregate {
            keys: self.keys.clone(),
            index: GroupIndex::new(&self.keys.types)?,
            aggregates: Aggregates::new(&self.aggregates, false)?,
            phase: self.phase.clone(),
            owed: 0..0,
            causes: FxHashMap::default(),
            key_group_count: subtask.max_parallelism,
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn emits_inserts_only(&self) -> bool {
        true
    }
}

struct HashAggregate {
    keys: GroupKeys,
    index: GroupIndex,
    aggregates: Aggregates,
    phase: BatchPhase,
    /// Groups whose answer is still to be given.
    owed: std::ops::Range<u32>,
    /// The records in each group; empty unless records are traced.
    causes: FxHashMap<u32, Vec<RecordId>>,
    key_group_count: u16,
}

impl Operator for HashAggregate {
    fn process(&mut self, _input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        let mut groups = Vec::new();
        self.index.intern(&self.keys.of(&batch), batch.len(), &mut groups)?;
        self.aggregates.grow(self.index.capacity());
        for (group, id) in groups.iter().zip(batch.ids().into_iter().flat_map(|ids| ids.iter())) {
            self.causes.entry(*group).or_default().push(*id);
        }
        match self.phase {
            BatchPhase::Global => {
                self.aggregates.merge_partials(&batch, &groups, self.index.capacity(), false)
            }
            _ => self.aggregates.accumulate(&batch, &groups),
        }
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        let global = usize::from(self.keys.columns.is_empty());
        let groups = self.index.capacity().max(global);
        self.aggregates.grow(groups);
        self.owed = 0..groups as u32;
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        let groups: Vec<u32> = self.owed.by_ref().take(PORTION).collect();
        if groups.is_empty() {
            return Ok(Drain::Done);
        }
        let mut columns = self.index.columns(&groups)?;
        match &self.phase {
            BatchPhase::Local(travels) => {
                let partials = self.aggregates.partials(&groups, false)?;
                columns
                    .extend(travels.iter().map(|(call, column)| partials[*call][*column].clone()));
            }
            _ => columns.extend(self.aggregates.evaluate(&groups)?),
        }
        let causes = |row: usize| self.causes.remove(&groups[row]).unwrap_or_default();
        context.emit_rows_because(Batch::new(columns, groups.len()), causes);
        Ok(Drain::More)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        let groups = self.index.groups();
        let (key_groups, keys) = self.keys.saved(&self.index, &groups, self.key_group_count)?;
        let entry = |(group, key): (&u32, _)| GroupState {
            key,
            rows: 0,
            states: self.aggregates.state(*group),
        };
        let entries = groups.iter().zip(keys).map(entry);
        OperatorSnapshot::of_entries(VERSION, key_groups.into_iter().zip(entries))
    }

    fn restore(&mut self, snapshots: &[OperatorSnapshot], context: &mut Context<'_>) -> Result<()> {
        let range = context.subtask().key_groups();
        let entries: Vec<GroupState> = OperatorSnapshot::entries(snapshots, VERSION, &range)?;
        let keys: Vec<_> = entries.iter().map(|e| e.key.clone()).collect();
        let groups = intern_values(&mut self.index, &self.keys.types, &keys)?;
        self.aggregates.grow(self.index.capacity());
        let mut restored = entries.iter().zip(groups);
        restored.try_for_each(|(entry, group)| self.aggregates.restore(group, &entry.states))
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{Harness, aggregate, check, keys, schema};
    use super::*;
    use crate::trace::{Causes, EventKind, Level};

    #[test]
    fn one_answer_a_key_in_order_of_arrival() {
        let input = schema("k STRING, v INT");
        let aggregates = vec![aggregate(&input, "AVG", "v"), aggregate(&input, "COUNT", "*")];
        let output = schema("k STRING, a INT, n BIGINT");
        let factory = HashAggregateFactory {
            keys: keys(&input, "k"),
            aggregates,
            phase: BatchPhase::Only,
            output,
        };
        check(
            &factory,
            &input,
            &[("+I b 1\n+I a 7\n+I b 2\n+I b null", ""), ("end", "+I b 1 3\n+I a 7 1")],
        );
        check(&factory, &input, &[("+I b 1\n+I b 2\nrestore\n+I b null", ""), ("end", "+I b 1 3")]);
    }

    #[test]
    fn no_key_answers_even_for_no_row() {
        let input = schema("v INT");
        let aggregates = vec![aggregate(&input, "SUM", "v"), aggregate(&input, "COUNT", "*")];
        let output = schema("s INT, n BIGINT");
        let factory = HashAggregateFactory {
            keys: keys(&input, ""),
            aggregates,
            phase: BatchPhase::Only,
            output,
        };
        check(&factory, &input, &[("end", "+I null 0")]);
    }

    #[test]
    fn one_phase_accumulates_and_another_merges() {
        let input = schema("k STRING, v INT");
        let aggregates = vec![aggregate(&input, "AVG", "v"), aggregate(&input, "COUNT", "*")];
        let local = HashAggregateFactory {
            keys: keys(&input, "k"),
            aggregates: aggregates.clone(),
            phase: BatchPhase::Local(vec![(0, 0), (0, 1), (1, 0)]),
            output: schema("k STRING, s BIGINT, c BIGINT, n BIGINT"),
        };
        let steps = [("+I b 1\n+I a 7\n+I b 2\n+I b null", ""), ("end", "+I b 3 2 3\n+I a 7 1 1")];
        check(&local, &input, &steps);
        let mut merged = aggregates;
        merged[0].args = vec![1, 2];
        merged[1].args = vec![3];
        let global = HashAggregateFactory {
            keys: keys(&local.output, "k"),
            aggregates: merged,
            phase: BatchPhase::Global,
            output: schema("k STRING, a INT, n BIGINT"),
        };
        let rows = "+I a 7 1 1\n+I b 3 2 3\nrestore\n+I b 9 1 2\n+I c 0 0 1";
        check(&global, &local.output, &[(rows, ""), ("end", "+I a 7 1\n+I b 4 5\n+I c null 1")]);
    }

    #[test]
    fn the_trace_knows_what_is_behind_an_answer() -> Result<()> {
        let input = schema("k STRING");
        let factory = HashAggregateFactory {
            keys: keys(&input, "k"),
            aggregates: Vec::new(),
            phase: BatchPhase::Only,
            output: input.clone(),
        };
        let mut harness = Harness::new(&factory, &input, 7, Level::Records);
        harness.run("+I a\n+I b\n+I a\nend")?;
        let behind = |kind| match kind {
            EventKind::RecordsEmitted { causes: Causes::Records(ids), .. } => Some(ids.len()),
            _ => None,
        };
        let behind: Vec<_> = harness.events().into_iter().filter_map(|e| behind(e.kind)).collect();
        assert_eq!(behind, [2, 1]);
        Ok(())
    }
}
