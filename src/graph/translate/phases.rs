//! Aggregates in two phases.

use std::sync::Arc;

use super::Translation;
use super::node::{aggregates, keys, stream_aggregates};
use crate::operators::group_aggregate::local::LocalGroupAggregateFactory;
use crate::operators::group_aggregate::{GroupAggregateFactory, Merges};
use crate::operators::{Aggregate, OperatorFactory};
use crate::plan::PhysicalNode;
use crate::plan::phases::{Global, Local};

impl Translation<'_> {
    pub(super) fn local_group_aggregate(
        &self,
        local: &Local,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let columns = local.accumulators.columns.iter();
        Arc::new(LocalGroupAggregateFactory {
            keys: keys(&local.grouping, node),
            aggregates: stream_aggregates(&local.grouping, node),
            columns: columns.map(|(call, place, _)| (*call, *place)).collect(),
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
        let accumulators = &global.local.accumulators;
        let behind_keys = |place: &usize| global.grouping.keys.len() + place;
        let merged = |(aggregate, places): (Aggregate, &Vec<usize>)| Aggregate {
            args: places.iter().map(behind_keys).collect(),
            filter: None,
            ..aggregate
        };
        let all = aggregates(&global.grouping, node).into_iter().zip(&accumulators.places);
        Arc::new(GroupAggregateFactory {
            keys: keys(&global.grouping, node),
            aggregates: all.map(merged).collect(),
            output: node.schema.clone(),
            retracting: global.local.retracts,
            merges: Some(Merges { count: accumulators.count.as_ref().map(behind_keys) }),
            update_before: node.changelog.update_before,
            bundle: self.options.mini_batch,
            ttl: self.options.state_ttl_millis,
        })
    }
}
