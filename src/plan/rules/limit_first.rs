//! A LIMIT is taken before columns are computed or left out: so they are of fewer rows.
//!
//! As Flink's `SortProjectTransposeRule`, where that costs less: a filter stays below, and takes with it
//! what it leaves out, unless something is computed.

use crate::base::{Result, RuntimeMode};
use crate::data::Schema;
use crate::expr::Expr;
use crate::plan::calc::{calc, columns};
use crate::plan::estimate::Estimator;
use crate::plan::inputs::Inputs;
use crate::plan::physical::{PhysicalKind, PhysicalNode};
use crate::sql::bound::SortKey;

/// Applies the rule to a tree.
pub(crate) fn apply(mut node: PhysicalNode, mode: RuntimeMode) -> Result<PhysicalNode> {
    node.inputs = node.inputs.into_iter().map(|i| apply(i, mode)).collect::<Result<_>>()?;
    match (&node.kind, node.inputs.first()) {
        (PhysicalKind::Calc { condition, projection }, Some(below))
            if matches!(below.kind, PhysicalKind::Calc { .. }) =>
        {
            calc(below.clone(), condition.clone(), projection.clone(), node.schema)
        }
        (PhysicalKind::Limit { fetch, .. } | PhysicalKind::SortLimit { fetch, .. }, Some(_)) => {
            let first = limited_first(&node, *fetch as f64, mode)?;
            Ok(first.unwrap_or(node))
        }
        _ => Ok(node),
    }
}

/// How many rows are estimated to come in.
fn rows(inputs: &Inputs, mode: RuntimeMode) -> f64 {
    let estimator = Estimator::over(inputs, mode);
    inputs.iter().map(|input| estimator.rows(input)).sum()
}

/// The columns of what is computed below a LIMIT, over the LIMIT.
fn limited_first(
    node: &PhysicalNode,
    fetch: f64,
    mode: RuntimeMode,
) -> Result<Option<PhysicalNode>> {
    let Some(exchange) = node.inputs.first() else { return Ok(None) };
    let (PhysicalKind::Exchange(distribution), Some(below)) =
        (&exchange.kind, exchange.inputs.first())
    else {
        return Ok(None);
    };
    let (PhysicalKind::Calc { condition, projection }, Some(input)) =
        (&below.kind, below.inputs.first())
    else {
        return Ok(None);
    };
    let is_computed = projection.iter().any(|e| e.as_column().is_none());
    let stays = condition.is_some() && !is_computed;
    if stays
        || !projection.iter().all(Expr::is_deterministic)
        || rows(&exchange.inputs, mode) <= fetch
    {
        return Ok(None);
    }
    let all = columns(&input.schema);
    let mut kept: Vec<usize> = match condition {
        None => (0..all.len()).collect(),
        Some(_) => projection.iter().flat_map(Expr::columns).collect(),
    };
    kept.sort_unstable();
    kept.dedup();
    let place = |column: usize| kept.iter().position(|c| *c == column).unwrap_or_default();
    let Some(kind) = moved(&node.kind, |key| Some(place(projection.get(key)?.as_column()?))) else {
        return Ok(None);
    };
    let fields = kept.iter().map(|c| input.schema.fields()[*c].clone()).collect();
    let exprs = kept.iter().map(|c| all[*c].clone()).collect();
    let filtered = calc(input.clone(), condition.clone(), exprs, Schema::new(fields))?;
    let schema = filtered.schema.clone();
    let sent = filtered.exchanged(distribution.clone());
    let limit = PhysicalNode::new(kind, vec![sent], schema);
    let projection = projection.iter().map(|e| e.map_columns(&place)).collect();
    calc(limit, None, projection, below.schema.clone()).map(Some)
}

/// The same LIMIT where columns stand elsewhere; `None` if it orders by a computed one.
fn moved(kind: &PhysicalKind, place: impl Fn(usize) -> Option<usize>) -> Option<PhysicalKind> {
    let PhysicalKind::SortLimit { keys, offset, fetch, strategy, of } = kind else {
        return Some(kind.clone());
    };
    let key = |key: &SortKey| Some(SortKey { column: place(key.column)?, ..*key });
    let (offset, fetch, strategy, of) = (*offset, *fetch, strategy.clone(), *of);
    let keys = keys.iter().map(key).collect::<Option<_>>()?;
    Some(PhysicalKind::SortLimit { keys, offset, fetch, strategy, of })
}
