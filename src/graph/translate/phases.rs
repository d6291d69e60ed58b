//! Aggregates in two phases.

use std::sync::Arc;

use super::Translation;
use super::node::{aggregates, keys, stream_aggregates};
use super::window::{properties, window_aggregates};
use crate::operators::group_aggregate::incremental::IncrementalFactory;
use crate::operators::group_aggregate::local::LocalGroupAggregateFactory;
use crate::operators::group_aggregate::{GroupAggregateFactory, Merges};
use crate::operators::hash_aggregate::{BatchPhase, HashAggregateFactory};
use crate::operators::window::aggregate::WindowAggregateFactory;
use crate::operators::window::aggregate::local::LocalWindowAggregateFactory;
use crate::operators::{Aggregate, OperatorFactory};
use crate::plan::phases::{Global, Incremental, Local};
use crate::plan::{PhysicalNode, WindowTimes};
use crate::sql::bound;

impl Translation<'_> {
    pub(super) fn local_group_aggregate(
        &self,
        local: &Local,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        Arc::new(LocalGroupAggregateFactory {
            keys: keys(&local.grouping, node),
            aggregates: stream_aggregates(&local.grouping, node),
            columns: columns(local),
            output: node.schema.clone(),
            retracting: local.retracts,
            bundle: self.options.mini_batch.unwrap_or(1),
        })
    }

    pub(super) fn global_group_aggregate(
        &self,
        global: &Global,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let count = global.local.accumulators.count;
        Arc::new(GroupAggregateFactory {
            keys: keys(&global.grouping, node),
            aggregates: merged(global, node),
            output: node.schema.clone(),
            retracting: global.local.retracts,
            merges: Some(Merges { count: count.map(|place| behind_keys(global, place)) }),
            update_before: node.changelog.update_before,
            bundle: self.options.mini_batch,
            ttl: self.options.state_ttl_millis,
        })
    }

    pub(super) fn incremental(
        &self,
        of: &Incremental,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let Incremental { partial, told } = of;
        let local = &partial.local;
        let places = told.accumulators.places.iter();
        let over = |places: &Vec<usize>, behind: usize| places.iter().map(|p| p + behind).collect();
        let aggregate = |of: &Local, args: Vec<usize>, call: usize| Aggregate {
            name: of.grouping.calls[call].name.as_str().into(),
            call: of.grouping.calls[call].call.clone(),
            args,
            filter: None,
        };
        let behind = partial.grouping.keys.len();
        let came = local.accumulators.places.iter().enumerate();
        Arc::new(IncrementalFactory {
            keys: keys(&partial.grouping, node),
            finals: told.grouping.keys.len(),
            aggregates: came.map(|(call, p)| aggregate(local, over(p, behind), call)).collect(),
            told: places.enumerate().map(|(call, p)| aggregate(told, over(p, 0), call)).collect(),
            columns: columns(told),
            output: node.schema.clone(),
            retracting: told.retracts,
            bundle: self.options.mini_batch.unwrap_or(1),
            ttl: self.options.state_ttl_millis,
        })
    }

    pub(super) fn local_batch_aggregate(
        &self,
        local: &Local,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        Arc::new(HashAggregateFactory {
            keys: keys(&local.grouping, node),
            aggregates: aggregates(&local.grouping, node),
            phase: BatchPhase::Local(columns(local)),
            output: node.schema.clone(),
        })
    }

    pub(super) fn global_batch_aggregate(
        &self,
        global: &Global,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        Arc::new(HashAggregateFactory {
            keys: keys(&global.grouping, node),
            aggregates: merged(global, node),
            phase: BatchPhase::Global,
            output: node.schema.clone(),
        })
    }

    pub(super) fn local_window_aggregate(
        &self,
        local: &Local,
        windows: &WindowTimes,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let aggregates = window_aggregates(&local.grouping, windows, node);
        let (windows, time) = self.windows_of(windows, node);
        Arc::new(LocalWindowAggregateFactory {
            keys: keys(&local.grouping, node),
            aggregates,
            columns: columns(local),
            windows,
            time,
            output: node.schema.clone(),
        })
    }

    pub(super) fn global_window_aggregate(
        &self,
        global: &Global,
        windows: &WindowTimes,
        asked: &[bound::WindowProperty],
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let (windows, time) = self.windows_of(windows, node);
        Arc::new(WindowAggregateFactory {
            keys: keys(&global.grouping, node),
            aggregates: merged(global, node),
            windows,
            time,
            properties: properties(asked),
            merges: true,
            of_table: true,
            output: node.schema.clone(),
        })
    }
}

/// What a first phase puts behind the keys.
fn columns(local: &Local) -> Vec<(usize, usize)> {
    local.accumulators.columns.iter().map(|(call, place, _)| (*call, *place)).collect()
}

fn behind_keys(global: &Global, place: usize) -> usize {
    global.grouping.keys.len() + place
}

/// The aggregates of a second phase, which read accumulators.
fn merged(global: &Global, node: &PhysicalNode) -> Vec<Aggregate> {
    let merged = |(aggregate, places): (Aggregate, &Vec<usize>)| Aggregate {
        args: places.iter().map(|place| behind_keys(global, *place)).collect(),
        filter: None,
        ..aggregate
    };
    let places = &global.local.accumulators.places;
    aggregates(&global.grouping, node).into_iter().zip(places).map(merged).collect()
}
