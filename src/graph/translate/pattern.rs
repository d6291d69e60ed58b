//! MATCH_RECOGNIZE.

use std::sync::Arc;

use super::Translation;
use super::node::{input, sort_keys};
use crate::base::LabDuration;
use crate::data::TimeAttribute;
use crate::operators::match_recognize::{Item, MatchExpr, MatchFactory, MatchTime, Skip, Slot};
use crate::operators::{GroupKeys, OperatorFactory};
use crate::plan::PhysicalNode;
use crate::sql::bound;

impl Translation<'_> {
    pub(super) fn recognize(
        &self,
        pattern: &bound::Pattern,
        node: &PhysicalNode,
    ) -> Arc<dyn OperatorFactory> {
        let fields = input(node).fields();
        let types = pattern.partition.iter().map(|c| fields[*c].data_type.clone()).collect();
        let item = |i: &bound::PatternItem| Item { min: i.min, max: i.max, greedy: i.greedy };
        let first = pattern.order.first().map_or(0, |k| k.column);
        let attribute = fields.get(first).map(|f| f.data_type.logical.time_attribute());
        let time = match (self.is_streaming(), attribute) {
            (false, _) => MatchTime::Bounded(first),
            (true, Some(TimeAttribute::Rowtime)) => MatchTime::Event(first),
            (true, _) => MatchTime::Processing,
        };
        Arc::new(MatchFactory {
            partition: GroupKeys { columns: pattern.partition.clone(), types },
            time,
            order: sort_keys(&pattern.order),
            items: pattern.items.iter().map(item).collect(),
            defines: pattern.defines.iter().map(|d| d.as_ref().map(expr)).collect(),
            measures: pattern.measures.iter().map(expr).collect(),
            skip: match pattern.skip {
                bound::MatchSkip::PastLastRow => Skip::PastLastRow,
                bound::MatchSkip::ToNextRow => Skip::ToNextRow,
                bound::MatchSkip::ToFirst(item) => Skip::ToFirst(item),
                bound::MatchSkip::ToLast(item) => Skip::ToLast(item),
            },
            within: pattern.within.map(|d| d.0 / LabDuration::millis(1).0),
            input: input(node).clone(),
            output: node.schema.clone(),
            zone: self.options.zone,
        })
    }
}

fn expr(expr: &bound::MatchExpr) -> MatchExpr {
    let slot = |slot: &bound::MatchSlot| match slot {
        bound::MatchSlot::Row { item, column, first, offset, .. } => {
            Slot::Row { item: *item, column: *column, first: *first, offset: *offset }
        }
        bound::MatchSlot::Aggregate { item, call } => {
            Slot::Aggregate { item: *item, call: call.clone() }
        }
    };
    MatchExpr { expr: expr.expr.clone(), slots: expr.slots.iter().map(slot).collect() }
}
