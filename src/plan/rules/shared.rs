//! Rules that look from readers down meet shared parts more than once.

use crate::base::Result;
use crate::plan::physical::{ExecutionPlan, PhysicalNode};

/// Rewrites all trees of a plan; `rewrite` gets a tree, with its position if it is a shared part.
///
/// Each is rewritten twice: first readers before what they read, which shows what is asked of the shared
/// parts; then shared parts before their readers, which then see what the parts have become.
pub(super) fn rewrite(
    plan: ExecutionPlan,
    mut rewrite: impl FnMut(PhysicalNode, Option<usize>) -> Result<PhysicalNode>,
) -> Result<ExecutionPlan> {
    let ExecutionPlan { mut shared, roots } = plan;
    if !shared.is_empty() {
        for root in &roots {
            rewrite(root.clone(), None)?;
        }
        for (place, part) in shared.iter().enumerate().rev() {
            rewrite(part.root.clone(), Some(place))?;
        }
        for (place, part) in shared.iter_mut().enumerate() {
            part.root = rewrite(part.root.clone(), Some(place))?;
        }
    }
    let roots = roots.into_iter().map(|root| rewrite(root, None)).collect::<Result<_>>()?;
    Ok(ExecutionPlan { shared, roots })
}
