//! Joins of a plan as operators.

use std::sync::Arc;

use super::Translation;
use crate::base::{Error, Result};
use crate::operators::join::timed::{IntervalJoinFactory, TemporalJoinFactory};
use crate::operators::join::{JoinFactory, JoinKind, JoinSpec};
use crate::operators::{GroupKeys, OperatorFactory};
use crate::plan::PhysicalNode;
use crate::plan::join::{Join, Near};
use crate::plan::physical::no_input;
use crate::sql::bound::{self, TimeInterval};

impl Translation<'_> {
    pub(super) fn join(
        &self,
        join: &Join,
        node: &PhysicalNode,
    ) -> Result<Arc<dyn OperatorFactory>> {
        let spec = self.join_spec(join, node)?;
        let ttl = self.options.state_ttl_millis;
        Ok(match &join.near {
            None => Arc::new(JoinFactory {
                join: spec,
                names: join.known.names.clone(),
                bounded: join.bounded,
                ttl,
            }),
            Some(Near::Lookup { .. }) => {
                return Err(Error::new("plan-broken").arg("reason", node.kind.name()));
            }
            Some(Near::Version { times, .. }) => {
                Arc::new(TemporalJoinFactory { join: spec, times: *times, ttl })
            }
            Some(Near::Interval(TimeInterval { times, lower, upper })) => {
                let (times, lower, upper) = (*times, *lower, *upper);
                Arc::new(IntervalJoinFactory { join: spec, times, lower, upper })
            }
        })
    }

    /// What every join says.
    pub(super) fn join_spec(&self, join: &Join, node: &PhysicalNode) -> Result<JoinSpec> {
        let [left, right] = node.inputs.as_slice() else { return Err(no_input()) };
        let inputs = [left.schema.clone(), right.schema.clone()];
        let keys = |side: usize| GroupKeys {
            columns: join.keys[side].clone(),
            types: join.keys[side]
                .iter()
                .map(|column| inputs[side].fields()[*column].data_type.clone())
                .collect(),
        };
        Ok(JoinSpec {
            kind: kind(join.kind),
            keys: [keys(0), keys(1)],
            null_meets_null: join.null_meets_null.clone(),
            condition: join.condition.clone(),
            output: node.schema.clone(),
            zone: self.options.zone,
            inputs,
        })
    }
}

/// The same kind for operators.
fn kind(kind: bound::JoinKind) -> JoinKind {
    match kind {
        bound::JoinKind::Inner => JoinKind::Inner,
        bound::JoinKind::Left => JoinKind::Left,
        bound::JoinKind::Right => JoinKind::Right,
        bound::JoinKind::Full => JoinKind::Full,
        bound::JoinKind::Semi => JoinKind::Semi,
        bound::JoinKind::Anti => JoinKind::Anti,
    }
}
