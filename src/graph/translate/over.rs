//! OVER, Top-N and deduplication.

use std::sync::Arc;

use super::Translation;
use super::node::{input, size, sort_keys};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType, Schema, TimeAttribute, Value};
use crate::expr::Expr;
use crate::expr::aggregate::AggregateCall;
use crate::operators::deduplicate::DeduplicateFactory;
use crate::operators::over::{self, OverFactory, OverTime};
use crate::operators::over_batch::{self, Numbering, OverBatchFactory};
use crate::operators::rank::{RankFactory, Strategy};
use crate::operators::rank_batch::RankBatchFactory;
use crate::operators::{Aggregate, GroupKeys, OperatorFactory};
use crate::plan::physical::{LimitOf, no_input};
use crate::plan::{Deduplicate, PhysicalNode, Rank, RankStrategy};
use crate::sql::bound::{Bound, Frame, OverCall, OverFunction, OverWindow, SortKey};

impl Translation<'_> {
    pub(super) fn over(
        &self,
        windows: &[OverWindow],
        node: &PhysicalNode,
    ) -> Result<Arc<dyn OperatorFactory>> {
        let first = windows.first().ok_or_else(no_input)?;
        Ok(match self.is_streaming() {
            true => stream(first, self.options.state_ttl_millis, node),
            false => batch(first, windows, node),
        })
    }

    /// # Errors
    /// `rank-end-column`: the column that says the last place is none of whole numbers.
    pub(super) fn rank(
        &self,
        rank: &Rank,
        node: &PhysicalNode,
    ) -> Result<Arc<dyn OperatorFactory>> {
        let input_type = |c: usize| input(node).fields().get(c).map(|f| &f.data_type.logical);
        if let Some(other) = rank.end_column
            && !matches!(input_type(other), Some(LogicalType::Int | LogicalType::BigInt))
        {
            let found = input_type(other).map_or_else(String::new, ToString::to_string);
            return Err(Error::new("rank-end-column").arg("type", found));
        }
        if rank.of != LimitOf::Rows {
            let by = |column: &usize| {
                let ordered = rank.order.iter().find(|key| key.column == *column).copied();
                ordered.unwrap_or(SortKey { column: *column, descending: false, nulls_first: true })
            };
            let partition: Vec<SortKey> = rank.partition.iter().map(by).collect();
            return Ok(Arc::new(RankBatchFactory {
                partition: sort_keys(&partition),
                order: sort_keys(&rank.order),
                start: rank.range.start,
                end: rank.range.end,
                number: rank.number,
                output: node.schema.clone(),
            }));
        }
        Ok(Arc::new(RankFactory {
            partition: group_keys(&rank.partition, input(node)),
            order: sort_keys(&rank.order),
            start: size(rank.range.start),
            end: size(rank.range.end),
            end_column: rank.end_column,
            number: rank.number,
            strategy: strategy(&rank.strategy),
            update_before: node.changelog.update_before,
            ttl: self.options.state_ttl_millis,
            input: input(node).clone(),
            output: node.schema.clone(),
        }))
    }

    /// ORDER BY and LIMIT over a stream: a Top-N without partitions.
    pub(super) fn top_n(
        &self,
        order: &[SortKey],
        offset: usize,
        fetch: usize,
        kept: &RankStrategy,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        Arc::new(RankFactory {
            partition: GroupKeys::default(),
            order: sort_keys(order),
            start: offset.saturating_add(1),
            end: offset.saturating_add(fetch),
            end_column: None,
            number: false,
            strategy: strategy(kept),
            update_before: node.changelog.update_before,
            ttl: self.options.state_ttl_millis,
            input: node.schema.clone(),
            output: node.schema.clone(),
        })
    }

    pub(super) fn deduplicate(
        &self,
        deduplicate: &Deduplicate,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        Arc::new(DeduplicateFactory {
            keys: group_keys(&deduplicate.key, input(node)),
            rowtime: deduplicate.rowtime,
            keep_last: deduplicate.keep_last,
            update_before: node.changelog.update_before,
            ttl: self.options.state_ttl_millis,
            output: node.schema.clone(),
        })
    }
}

fn group_keys(columns: &[usize], schema: &Schema) -> GroupKeys {
    let types: Vec<DataType> =
        columns.iter().map(|c| schema.fields()[*c].data_type.clone()).collect();
    GroupKeys { columns: columns.to_vec(), types }
}

fn strategy(kept: &RankStrategy) -> Strategy {
    match kept {
        RankStrategy::Append => Strategy::Append,
        RankStrategy::UpdateFast(columns) => Strategy::UpdateFast(columns.clone()),
        RankStrategy::Retract => Strategy::Retract,
    }
}

/// An aggregate over bare columns, under the name of its column.
fn aggregate(call: &AggregateCall, name: &str) -> Aggregate {
    Aggregate {
        name: name.into(),
        call: call.clone(),
        args: call.arguments.iter().filter_map(Expr::as_column).collect(),
        filter: None,
    }
}

fn stream(window: &OverWindow, ttl: i64, node: &PhysicalNode) -> Arc<dyn OperatorFactory> {
    let schema = input(node);
    let names = node.schema.fields()[schema.len()..].iter();
    let function = |(call, field): (&OverCall, &crate::data::Field)| match &call.function {
        OverFunction::Aggregate(call) => {
            over::OverFunction::Aggregate(Box::new(aggregate(call, &field.name)))
        }
        OverFunction::Lag { value, back, default, .. } => over::OverFunction::Lag {
            value: *value,
            back: usize::try_from(*back).unwrap_or(0),
            default: *default,
        },
        _ => over::OverFunction::RowNumber,
    };
    let time = window.order.first().map_or(OverTime::Processing, |key| {
        match schema.fields()[key.column].data_type.logical.time_attribute() {
            TimeAttribute::Rowtime => OverTime::Event(key.column),
            _ => OverTime::Processing,
        }
    });
    let preceding = match &window.frame.start {
        Bound::Preceding(by) => Some(number(by) as i64),
        _ => None,
    };
    Arc::new(OverFactory {
        partition: group_keys(&window.partition, schema),
        time,
        rows: window.frame.rows,
        preceding,
        ttl,
        functions: window.calls.iter().zip(names).map(function).collect(),
        input: schema.clone(),
        output: node.schema.clone(),
    })
}

/// Windows of the same partition and order, of which this is the first.
fn batch(
    first: &OverWindow,
    windows: &[OverWindow],
    node: &PhysicalNode,
) -> Arc<dyn OperatorFactory> {
    let schema = input(node);
    let names = node.schema.fields()[schema.len()..].iter();
    // A quirk of Flink's: behind a RANK over the same window CUME_DIST counts row by row.
    let ranks = |call: &OverCall| {
        let function = &call.function;
        matches!(function, OverFunction::Rank | OverFunction::DenseRank | OverFunction::PercentRank)
    };
    let calls =
        windows.iter().flat_map(|window| window.calls.iter().map(move |call| (window, call)));
    let first_rank = calls.clone().position(|(_, call)| ranks(call)).unwrap_or(usize::MAX);
    type Call<'a> = ((&'a OverWindow, &'a OverCall), &'a crate::data::Field);
    let function = |(place, ((window, call), field)): (usize, Call<'_>)| {
        let numbering = match &call.function {
            OverFunction::Aggregate(call) => {
                let aggregate = Box::new(aggregate(call, &field.name));
                return over_batch::OverFunction::Aggregate(aggregate, frame(&window.frame));
            }
            OverFunction::Lag { value, back, default, .. } => {
                let (value, back, default) = (*value, *back, *default);
                return over_batch::OverFunction::Lag { value, back, default };
            }
            OverFunction::RowNumber => Numbering::RowNumber,
            OverFunction::Rank => Numbering::Rank,
            OverFunction::DenseRank => Numbering::DenseRank,
            OverFunction::PercentRank => Numbering::PercentRank,
            OverFunction::CumeDist if first_rank < place => Numbering::CumeDistByRow,
            OverFunction::CumeDist => Numbering::CumeDist,
            OverFunction::Ntile(buckets) => Numbering::Ntile(*buckets),
        };
        over_batch::OverFunction::Number(numbering)
    };
    Arc::new(OverBatchFactory {
        partition: first.partition.clone(),
        order: sort_keys(&first.order),
        functions: calls.zip(names).enumerate().map(function).collect(),
        input: schema.clone(),
        output: node.schema.clone(),
    })
}

fn frame(frame: &Frame) -> over_batch::Frame {
    let bound = |bound: &Bound| match bound {
        Bound::UnboundedPreceding => over_batch::Bound::UnboundedPreceding,
        Bound::Preceding(by) => over_batch::Bound::At(-number(by)),
        Bound::CurrentRow => over_batch::Bound::At(0.0),
        Bound::Following(by) => over_batch::Bound::At(number(by)),
        Bound::UnboundedFollowing => over_batch::Bound::UnboundedFollowing,
    };
    over_batch::Frame { rows: frame.rows, start: bound(&frame.start), end: bound(&frame.end) }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::IntervalDayTime(n) => *n as f64,
        value => value.as_f64().unwrap_or_default(),
    }
}
