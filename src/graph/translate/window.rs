//! Operators over windows of time.

use std::sync::Arc;

use super::Translation;
use super::node::{aggregates, input, keys, retracts, size, sort_keys, stream_aggregates};
use crate::base::{LabDuration, Result};
use crate::data::{LogicalType, TimeAttribute};
use crate::operators::window::aggregate::{WindowAggregateFactory, WindowProperty};
use crate::operators::window::batch::BatchWindowFactory;
use crate::operators::window::emit::{Emit, EmittingAggregateFactory};
use crate::operators::window::join::WindowJoinFactory;
use crate::operators::window::rank::WindowRankFactory;
use crate::operators::window::session::SessionAggregateFactory;
use crate::operators::window::slicing::{WindowKind, Windows};
use crate::operators::window::table_function::WindowTableFactory;
use crate::operators::window::{Moment, Progress, WindowTime};
use crate::operators::{Aggregate, GroupKeys, OperatorFactory};
use crate::plan::{
    Grouping, PhysicalNode, WindowAssigner, WindowJoin, WindowRank, WindowTimes, WindowWay,
};
use crate::sql::bound;

impl Translation<'_> {
    /// The time of windows: by its type, and by who moves it on.
    fn window_time(&self, logical: &LogicalType, column: Moment) -> WindowTime {
        let ltz = matches!(logical, LogicalType::TimestampLtz { .. });
        let zone = ltz.then_some(self.options.zone);
        let (moment, progress) = match (self.is_streaming(), logical.time_attribute(), column) {
            (true, TimeAttribute::Proctime, Moment::Column(_)) => (Moment::Clock, Progress::Clock),
            (true, TimeAttribute::Proctime, _) => (column, Progress::Clock),
            (true, _, _) => (column, Progress::Watermark),
            (false, _, _) => (column, Progress::EndOfInput),
        };
        WindowTime { moment, progress, zone }
    }

    pub(super) fn window_table(
        &self,
        assigner: &WindowAssigner,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let logical = &input(node).fields()[assigner.time].data_type.logical;
        Arc::new(WindowTableFactory {
            windows: windows(assigner.kind, assigner.offset),
            time: self.window_time(logical, Moment::Column(assigner.time)),
            output: node.schema.clone(),
        })
    }

    /// GROUP BY start and end of windows.
    pub(super) fn window_aggregate(
        &self,
        grouping: &Grouping,
        times: &WindowTimes,
        asked: &[bound::WindowProperty],
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let (windows, time) = self.windows_of(times, node);
        Arc::new(WindowAggregateFactory {
            keys: keys(grouping, node),
            aggregates: window_aggregates(grouping, times, node),
            windows,
            time,
            properties: properties(asked),
            merges: false,
            of_table: true,
            output: node.schema.clone(),
        })
    }

    pub(super) fn windows_of(
        &self,
        times: &WindowTimes,
        node: &PhysicalNode,
    ) -> (Windows, WindowTime) {
        match times {
            WindowTimes::Assigned(a) => {
                let logical = &input(node).fields()[a.time].data_type.logical;
                let time = self.window_time(logical, Moment::Column(a.time));
                (windows(a.kind, a.offset), time)
            }
            WindowTimes::Attached { kind, offset, time, end, .. } => {
                (windows(*kind, *offset), self.window_time(time, Moment::WindowEnd(*end)))
            }
            WindowTimes::Accumulated { kind, offset, time, end, sliced } => {
                let end = if *sliced { Moment::SliceEnd(*end) } else { Moment::WindowEnd(*end) };
                (windows(*kind, *offset), self.window_time(time, end))
            }
        }
    }

    /// GROUP BY TUMBLE, HOP, SESSION.
    pub(super) fn group_window_aggregate(
        &self,
        grouping: &Grouping,
        window: &bound::GroupWindow,
        way: WindowWay,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let logical = &input(node).fields()[window.time].data_type.logical;
        let time = self.window_time(logical, Moment::Column(window.time));
        let (keys, aggregates) = (keys(grouping, node), aggregates(grouping, node));
        let (properties, output) = (properties(&window.properties), node.schema.clone());
        match window.kind {
            bound::WindowKind::Session { gap } => {
                let gap = millis(gap);
                let factory =
                    SessionAggregateFactory { keys, aggregates, gap, time, properties, output };
                Arc::new(factory)
            }
            kind => {
                let windows = windows(kind, LabDuration::ZERO);
                if way != WindowWay::Stream {
                    return Arc::new(BatchWindowFactory {
                        keys,
                        aggregates,
                        windows,
                        time,
                        time_column: window.time,
                        properties,
                        sorted: way == WindowWay::Sorted,
                        input: input(node).clone(),
                        output,
                    });
                }
                let retracting = retracts(node);
                if window.emit.is_some() || retracting {
                    let emit = window.emit.map(emit).unwrap_or_default();
                    return Arc::new(EmittingAggregateFactory {
                        keys,
                        aggregates,
                        windows,
                        time,
                        emit,
                        retracting,
                        properties,
                        output,
                    });
                }
                Arc::new(WindowAggregateFactory {
                    keys,
                    aggregates,
                    windows,
                    time,
                    properties,
                    merges: false,
                    of_table: false,
                    output,
                })
            }
        }
    }

    pub(super) fn window_join(
        &self,
        join: &WindowJoin,
        node: &PhysicalNode,
    ) -> Result<Arc<dyn OperatorFactory>> {
        let end = |windows: &WindowTimes| match windows {
            WindowTimes::Attached { end, .. } | WindowTimes::Accumulated { end, .. } => *end,
            WindowTimes::Assigned(assigner) => assigner.time,
        };
        let ends = join.windows.each_ref().map(end);
        let (_, time) = self.windows_of(&join.windows[0], node);
        let join = self.join_spec(&join.join, node)?;
        Ok(Arc::new(WindowJoinFactory { join, ends, time }))
    }

    pub(super) fn window_rank(
        &self,
        rank: &WindowRank,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let (_, time) = self.windows_of(&rank.windows, node);
        let fields = input(node).fields();
        let types = rank.partition.iter().map(|c| fields[*c].data_type.clone()).collect();
        let descending = rank.order.first().is_some_and(|k| k.descending);
        Arc::new(WindowRankFactory {
            keys: GroupKeys { columns: rank.partition.clone(), types },
            order: sort_keys(&rank.order),
            start: size(rank.range.start),
            end: size(rank.range.end),
            number: rank.number,
            last_of_ties: rank.deduplicates && descending,
            time,
            input: input(node).clone(),
            output: node.schema.clone(),
        })
    }
}

/// The aggregates of windows in a stream; where rows come in their windows, those stand first.
pub(super) fn window_aggregates(
    grouping: &Grouping,
    times: &WindowTimes,
    node: &PhysicalNode,
) -> Vec<Aggregate> {
    match times {
        WindowTimes::Assigned(_) => stream_aggregates(grouping, node),
        _ => aggregates(grouping, node),
    }
}

pub(super) fn properties(asked: &[bound::WindowProperty]) -> Vec<WindowProperty> {
    let property = |p: &bound::WindowProperty| match p {
        bound::WindowProperty::Start => WindowProperty::Start,
        bound::WindowProperty::End => WindowProperty::End,
        bound::WindowProperty::Rowtime => WindowProperty::Rowtime,
        bound::WindowProperty::Proctime => WindowProperty::Proctime,
    };
    asked.iter().map(property).collect()
}

fn windows(kind: bound::WindowKind, offset: LabDuration) -> Windows {
    let kind = match kind {
        bound::WindowKind::Tumble { size } | bound::WindowKind::Session { gap: size } => {
            WindowKind::Tumble { size: millis(size) }
        }
        bound::WindowKind::Hop { slide, size } => {
            WindowKind::Hop { slide: millis(slide), size: millis(size) }
        }
        bound::WindowKind::Cumulate { step, size } => {
            WindowKind::Cumulate { step: millis(step), size: millis(size) }
        }
    };
    Windows { kind, offset: millis(offset) }
}

/// In processing time no row is late.
fn emit(asked: bound::WindowEmit) -> Emit {
    let late = asked.late.filter(|_| asked.event_time);
    Emit {
        early: asked.early.map(millis),
        late: late.map(millis),
        lateness: late.map_or(0, |_| millis(asked.lateness)),
    }
}

fn millis(duration: LabDuration) -> i64 {
    duration.0 / LabDuration::millis(1).0
}
