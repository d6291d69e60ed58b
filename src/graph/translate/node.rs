//! One operator of a plan as a node of a stream graph.

use std::sync::Arc;

use super::Translation;
use crate::base::{Error, LabDuration, OperatorId, Result};
use crate::connectors::SourceFactory;
use crate::data::not_null::NotNull;
use crate::data::{Row, Schema, rows_to_batch};
use crate::expr::{EvalContext, Expr};
use crate::graph::stream_graph::{NodeKind, StreamNode};
use crate::operators::calc::CalcFactory;
use crate::operators::collect::CollectFactory;
use crate::operators::expand::ExpandFactory;
use crate::operators::group_aggregate::GroupAggregateFactory;
use crate::operators::hash_aggregate::{BatchPhase, HashAggregateFactory};
use crate::operators::limit::LimitFactory;
use crate::operators::mini_batch_assigner::MiniBatchFactory;
use crate::operators::sort::SortFactory;
use crate::operators::sort_limit::SortLimitFactory;
use crate::operators::temporal_sort::TemporalSortFactory;
use crate::operators::unnest::UnnestFactory;
use crate::operators::values::ValuesFactory;
use crate::operators::watermark_assigner::WatermarkAssignerFactory;
use crate::operators::{Aggregate, GroupKeys, OperatorFactory, SortKey};
use crate::plan::physical::LimitOf;
use crate::plan::{self, Grouping, PhysicalKind, PhysicalNode, RankStrategy};
use crate::sql::bound;

impl Translation<'_> {
    /// The node of an operator that would run `parallelism` times if it is free to.
    pub(super) fn make(
        &self,
        node: &PhysicalNode,
        number: u32,
        parallelism: u32,
    ) -> Result<StreamNode> {
        let id = self.next_id();
        Ok(match &node.kind {
            PhysicalKind::TableSourceScan { .. } => {
                let (factory, name) = self.scan(node)?;
                source(id, format!("{name}[{number}]"), factory, self.options.parallelism)
            }
            PhysicalKind::Values(rows) => {
                let name = format!("Values[{number}]");
                source(id, name, self.values(rows, &node.schema)?, self.options.parallelism)
            }
            PhysicalKind::Collect => {
                let not_null = NotNull::of(&node.schema, self.options.drops_null_violations);
                let factory = Arc::new(CollectFactory { output: node.schema.clone(), not_null });
                let name = "Collect table sink".to_owned();
                StreamNode { name, ..self.operator(node.kind.name(), number, 1, factory) }
            }
            _ => {
                let made =
                    self.operator(node.kind.runs_as(), number, parallelism, self.factory(node)?);
                StreamNode { keyed_state: keyed_state(&node.kind), ..made }
            }
        })
    }

    /// The node of an operator that keeps no state by key.
    pub(super) fn operator(
        &self,
        kind: &str,
        number: u32,
        parallelism: u32,
        factory: Arc<dyn OperatorFactory>,
    ) -> StreamNode {
        StreamNode {
            id: self.next_id(),
            kind: kind.to_owned(),
            name: format!("{kind}[{number}]"),
            parallelism,
            output: factory.output().clone(),
            body: NodeKind::Operator(factory),
            key_columns: Vec::new(),
            keyed_state: false,
        }
    }

    fn factory(&self, node: &PhysicalNode) -> Result<Arc<dyn OperatorFactory>> {
        let output = node.schema.clone();
        Ok(match &node.kind {
            PhysicalKind::Calc { condition, projection } => Arc::new(CalcFactory {
                condition: condition.clone(),
                projection: projection.clone(),
                output,
                zone: self.options.zone,
            }),
            PhysicalKind::WatermarkAssigner { rowtime, watermark } => {
                Arc::new(WatermarkAssignerFactory {
                    rowtime: *rowtime,
                    watermark: watermark.clone(),
                    interval_millis: self.options.auto_watermark_interval_millis,
                    output,
                    zone: self.options.zone,
                })
            }
            PhysicalKind::LocalGroupAggregate(local) => self.local_group_aggregate(local, node),
            PhysicalKind::GlobalGroupAggregate(global) => self.global_group_aggregate(global, node),
            PhysicalKind::IncrementalGroupAggregate(of) => self.incremental(of, node),
            PhysicalKind::GroupAggregate(grouping) => Arc::new(GroupAggregateFactory {
                keys: keys(grouping, node),
                aggregates: stream_aggregates(grouping, node),
                output,
                retracting: retracts(node),
                merges: None,
                update_before: node.changelog.update_before,
                bundle: self.options.mini_batch,
                ttl: self.options.state_ttl_millis,
            }),
            // Of a sorted input the first row of each group comes in its order.
            PhysicalKind::HashAggregate(grouping) | PhysicalKind::SortAggregate(grouping) => {
                Arc::new(HashAggregateFactory {
                    keys: keys(grouping, node),
                    aggregates: aggregates(grouping, node),
                    phase: BatchPhase::Only,
                    output,
                })
            }
            PhysicalKind::LocalBatchAggregate { local, .. } => {
                self.local_batch_aggregate(local, node)
            }
            PhysicalKind::GlobalBatchAggregate { global, .. } => {
                self.global_batch_aggregate(global, node)
            }
            PhysicalKind::GroupWindowAggregate { grouping, window, way } => {
                self.group_window_aggregate(grouping, window, *way, node)
            }
            PhysicalKind::MiniBatchAssigner { interval, rowtime } => Arc::new(MiniBatchFactory {
                interval: interval.0 / LabDuration::millis(1).0,
                rowtime: *rowtime,
                output,
            }),
            PhysicalKind::WindowTableFunction(assigner) => self.window_table(assigner, node),
            PhysicalKind::WindowAggregate { grouping, windows, properties } => {
                self.window_aggregate(grouping, windows, properties, node)
            }
            PhysicalKind::LocalWindowAggregate { local, windows } => {
                self.local_window_aggregate(local, windows, node)
            }
            PhysicalKind::GlobalWindowAggregate { global, windows, properties } => {
                self.global_window_aggregate(global, windows, properties, node)
            }
            PhysicalKind::Join(join) => self.join(join, node)?,
            PhysicalKind::LookupJoin(join) => self.lookup_join(join, node)?,
            PhysicalKind::Expand(projects) => Arc::new(ExpandFactory {
                projects: projects.clone(),
                output,
                zone: self.options.zone,
            }),
            PhysicalKind::OverAggregate { windows, .. } => self.over(windows, node)?,
            PhysicalKind::Match(pattern) => self.recognize(pattern, node),
            PhysicalKind::Correlate(correlate) => Arc::new(UnnestFactory {
                of: correlate.of.clone(),
                left: correlate.left,
                condition: correlate.condition.clone(),
                input: node.inputs.first().map_or(&node.schema, |i| &i.schema).clone(),
                output,
                zone: self.options.zone,
            }),
            PhysicalKind::Rank(rank) => self.rank(rank, node)?,
            PhysicalKind::Deduplicate(deduplicate) => self.deduplicate(deduplicate, node),
            PhysicalKind::WindowJoin(join) => self.window_join(join, node)?,
            PhysicalKind::WindowRank(rank) => self.window_rank(rank, node),
            PhysicalKind::Sort(keys) => Arc::new(SortFactory { keys: sort_keys(keys), output }),
            PhysicalKind::SortLimit { keys, offset, fetch, strategy, .. }
                if self.is_streaming() =>
            {
                let strategy = strategy.as_ref().unwrap_or(&RankStrategy::Append);
                self.top_n(keys, size(*offset), size(*fetch), strategy, node)
            }
            PhysicalKind::SortLimit { keys, offset, fetch, of, .. } => Arc::new(SortLimitFactory {
                keys: sort_keys(keys),
                offset: size(*offset),
                fetch: size(*fetch),
                local: *of == LimitOf::Subtask,
                output,
            }),
            PhysicalKind::TemporalSort(keys) => {
                Arc::new(TemporalSortFactory { keys: sort_keys(keys), output })
            }
            PhysicalKind::Limit { offset, fetch, .. } if retracts(node) => {
                self.top_n(&[], size(*offset), size(*fetch), &RankStrategy::Retract, node)
            }
            // Flink counts with a Top-N that has no order: where state expires it counts anew.
            PhysicalKind::Limit { offset, fetch, .. } if self.state_expires() => {
                self.top_n(&[], size(*offset), size(*fetch), &RankStrategy::Append, node)
            }
            PhysicalKind::Limit { offset, fetch, .. } => {
                Arc::new(LimitFactory { offset: *offset, fetch: Some(*fetch), output })
            }
            other => return Err(Error::new("plan-broken").arg("reason", other.name())),
        })
    }

    fn state_expires(&self) -> bool {
        self.is_streaming() && self.options.state_ttl_millis > 0
    }

    fn scan(&self, node: &PhysicalNode) -> Result<(Arc<dyn SourceFactory>, String)> {
        let PhysicalKind::TableSourceScan { table, .. } = &node.kind else {
            return Err(Error::new("plan-broken").arg("reason", node.kind.name()));
        };
        let factory = plan::source(node, self.options.now, self.options.zone)?;
        Ok((factory, table.path.name.clone()))
    }

    fn values(&self, rows: &[Vec<Expr>], schema: &Schema) -> Result<Arc<dyn SourceFactory>> {
        let context = EvalContext::at(self.options.now, self.options.zone);
        let row = |row: &Vec<Expr>| {
            let fields = row.iter().map(|e| e.evaluate_constant(&context));
            Ok(Row::insert(fields.collect::<Result<_>>()?))
        };
        let rows = rows.iter().map(row).collect::<Result<Vec<_>>>()?;
        let rows = rows_to_batch(schema, &rows)?;
        Ok(Arc::new(ValuesFactory { rows, output: schema.clone() }))
    }
}

/// A number of rows that may be as many as there are.
pub(super) fn size(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

fn keyed_state(kind: &PhysicalKind) -> bool {
    matches!(
        kind,
        PhysicalKind::GroupAggregate(_)
            | PhysicalKind::GlobalGroupAggregate(_)
            | PhysicalKind::IncrementalGroupAggregate(_)
            | PhysicalKind::GroupWindowAggregate { .. }
            | PhysicalKind::WindowAggregate { .. }
            | PhysicalKind::GlobalWindowAggregate { .. }
            | PhysicalKind::OverAggregate { .. }
            | PhysicalKind::Rank(_)
            | PhysicalKind::Match(_)
            | PhysicalKind::Deduplicate(_)
            | PhysicalKind::WindowRank(_)
            | PhysicalKind::WindowJoin(_)
    ) || matches!(kind, PhysicalKind::Join(join) if !join.bounded)
}

fn source(
    id: OperatorId,
    name: String,
    factory: Arc<dyn SourceFactory>,
    parallelism: u32,
) -> StreamNode {
    StreamNode {
        id,
        kind: "Source".to_owned(),
        name,
        parallelism: factory.max_parallelism().map_or(parallelism, |max| parallelism.min(max)),
        output: factory.output().clone(),
        body: NodeKind::Source(factory),
        key_columns: Vec::new(),
        keyed_state: false,
    }
}

pub(super) fn input(node: &PhysicalNode) -> &Schema {
    node.inputs.first().map_or(&node.schema, |i| &i.schema)
}

pub(super) fn retracts(node: &PhysicalNode) -> bool {
    node.inputs.iter().any(|i| !i.changelog.is_insert_only())
}

pub(super) fn keys(grouping: &Grouping, node: &PhysicalNode) -> GroupKeys {
    let fields = input(node).fields();
    let types = grouping.keys.iter().map(|k| fields[*k].data_type.clone()).collect();
    GroupKeys { columns: grouping.keys.clone(), types }
}

pub(super) fn aggregates(grouping: &Grouping, node: &PhysicalNode) -> Vec<Aggregate> {
    let names = &node.schema.fields()[grouping.keys.len()..];
    let one = |(call, field): (&bound::AggregateCall, &crate::data::Field)| Aggregate {
        name: field.name.as_str().into(),
        call: call.call.clone(),
        args: call.call.arguments.iter().filter_map(Expr::as_column).collect(),
        filter: call.call.filter.as_ref().and_then(Expr::as_column),
    };
    grouping.calls.iter().zip(names).map(one).collect()
}

/// As [`aggregates`], in a stream. What Flink 1.18 generates there looks for the condition of FILTER
/// behind the first column only: one that no key and no argument stands before is not heard, and every
/// row counts.
pub(super) fn stream_aggregates(grouping: &Grouping, node: &PhysicalNode) -> Vec<Aggregate> {
    let first = grouping.columns().first().copied();
    let mut all = aggregates(grouping, node);
    for aggregate in &mut all {
        aggregate.filter = aggregate.filter.filter(|column| Some(*column) != first);
    }
    all
}

pub(super) fn sort_keys(keys: &[bound::SortKey]) -> Vec<SortKey> {
    let one = |k: &bound::SortKey| SortKey {
        column: k.column,
        descending: k.descending,
        nulls_first: k.nulls_first,
    };
    keys.iter().map(one).collect()
}
