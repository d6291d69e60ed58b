//! In a batch, rows are sorted, and sent for that, before a projection if that costs less.
//!
//! As Flink's `BatchPhysicalCalc` does where it is asked for an order.

use crate::expr::Expr;
use crate::plan::estimate::Estimator;
use crate::plan::physical::{Distribution, PhysicalKind, PhysicalNode};
use crate::sql::bound::SortKey;

/// A Sort over a Calc, or the other way round.
pub(super) fn apply(sort: PhysicalNode, estimator: &Estimator) -> PhysicalNode {
    let early = early(&sort);
    match early {
        Some(early) => estimator.cheapest([sort.clone(), early]).unwrap_or(sort),
        None => sort,
    }
}

fn early(sort: &PhysicalNode) -> Option<PhysicalNode> {
    let PhysicalKind::Sort(keys) = &sort.kind else { return None };
    let below = sort.inputs.first()?;
    let (sent, calc) = match &below.kind {
        PhysicalKind::Exchange(distribution) => (Some(distribution), below.inputs.first()?),
        _ => (None, below),
    };
    let PhysicalKind::Calc { projection, .. } = &calc.kind else { return None };
    let mut input = calc.inputs.first()?.clone();
    let place = |column: usize| projection.get(column).and_then(Expr::as_column);
    if let Some(distribution) = sent {
        let columns = |keys: &[usize]| keys.iter().map(|key| place(*key)).collect::<Option<_>>();
        let distribution = match distribution {
            Distribution::Hash(keys) => Distribution::Hash(columns(keys)?),
            other => other.clone(),
        };
        input = input.exchanged(distribution);
    }
    let key = |key: &SortKey| Some(SortKey { column: place(key.column)?, ..*key });
    let keys = keys.iter().map(key).collect::<Option<_>>()?;
    let schema = input.schema.clone();
    let sorted = PhysicalNode::new(PhysicalKind::Sort(keys), vec![input], schema);
    Some(calc.replaced(calc.kind.clone(), vec![sorted]))
}
