//! From bound queries to physical plans: which operators run, over which exchanges, with what changes.
//!
//! ```text
//! bound query --convert--> physical nodes --rules--> fewer columns, limits in sources
//!             --changelog--> who emits and who needs which changes --> PhysicalPlan --> graph
//! ```
//!
//! Nodes bear Flink's names and EXPLAIN prints them as Flink does. Not here: names and types of SQL
//! (`sql`), parallelism and chaining (`graph`).

mod calc;
pub mod changelog;
mod convert;
mod estimate;
pub mod explain;
pub mod inputs;
pub mod join;
mod keys;
pub mod lookup;
mod monotonicity;
mod over;
mod pattern;
pub mod phases;
pub mod physical;
mod predicates;
mod rank;
mod reduce;
mod rules;
mod set_op;
mod sources;
#[cfg(test)]
pub(crate) mod tests;
mod window;
mod window_join;

use changelog::Reader;

use crate::base::{Result, RuntimeMode};
use crate::sql::bound::{Insert, Query, Reuse, Settings};

pub use changelog::ChangelogMode;
pub use physical::{Correlate, Distribution, ExecutionPlan, Grouping, LimitOf};
pub use physical::{PhysicalKind, PhysicalNode, PhysicalPlan, SharedPart};
pub use physical::{UpsertMaterialize, WindowWay};
pub use rank::{Deduplicate, Rank, RankStrategy, WindowRank};
pub use sources::{Sources, source};
pub use window::{WindowAssigner, WindowTimes};
pub use window_join::WindowJoin;

/// Plans a query whose rows go to the result store.
///
/// # Errors
/// `not-supported-yet`, `operator-no-updates`, and what connectors say of their options.
pub fn plan_query(query: &Query, sources: &Sources<'_>) -> Result<PhysicalPlan> {
    let root = convert::collect(&query.root, query.mode)?;
    finish(vec![root], query.mode, query.settings, Reader::Asks, sources)
}

/// Plans a query as EXPLAIN shows it: nobody reads its rows, so nobody asks for the old ones.
///
/// # Errors
/// As [`plan_query`].
pub fn plan_explained(query: &Query, sources: &Sources<'_>) -> Result<PhysicalPlan> {
    let root = convert::collect(&query.root, query.mode)?;
    finish(vec![root], query.mode, query.settings, Reader::Nobody, sources)
}

/// Plans INSERTs that run as one job; all were bound for the same mode.
///
/// # Errors
/// As [`plan_query`], and `sink-no-updates` if a sink takes no changes but the query has some.
pub fn plan_inserts(inserts: &[Insert], sources: &Sources<'_>) -> Result<PhysicalPlan> {
    let mode = inserts.first().map_or(RuntimeMode::default(), |i| i.query.mode);
    let roots = inserts.iter().map(convert::insert).collect::<Result<_>>()?;
    let settings = inserts.first().map(|i| i.query.settings).unwrap_or_default();
    finish(roots, mode, settings, Reader::Asks, sources)
}

/// A plan as it runs: its operators, over sources that make no more than is read.
///
/// # Errors
/// What connectors say of their options.
pub fn what_runs(plan: &ExecutionPlan) -> Result<ExecutionPlan> {
    rules::read_less::apply(rules::prune_fields::apply(plan.clone())?)
}

fn finish(
    roots: Vec<PhysicalNode>,
    mode: RuntimeMode,
    settings: Settings,
    reader: Reader,
    sources: &Sources<'_>,
) -> Result<PhysicalPlan> {
    let optimize = |root| {
        let ranked = rules::rank::apply(root, mode)?;
        rules::orderable::check(&ranked, mode)?;
        let ranked = rules::distinct::apply(ranked, mode)?;
        let pruned = rules::over_names::apply(rules::prune_columns::apply(ranked)?);
        let pruned = rules::merge_projections::apply(pruned);
        rules::known_types::check(&pruned, mode)?;
        let limited = rules::limit_first::apply(pruned, mode)?;
        let limited = rules::prune_partitions::apply(limited)?;
        let limited = rules::push_limit::apply(limited)?;
        let asked = rules::look_up::apply(limited)?;
        let split = match (mode, settings.split_distinct) {
            (RuntimeMode::Streaming, Some(buckets)) => {
                rules::split_distinct::apply(asked, buckets)?
            }
            _ => asked,
        };
        let mut root = rules::mini_batch::apply(split, settings.mini_batch.as_ref())?;
        changelog::decide(&mut root, mode, reader, settings.materialize)?;
        let root = match mode {
            RuntimeMode::Streaming => {
                let root = rules::two_phases::apply(rules::monotonic::apply(root), &settings);
                let root = match settings.incremental {
                    true => rules::incremental::apply(root),
                    false => root,
                };
                rules::weigh_joins::apply(root)
            }
            RuntimeMode::Batch => {
                let root = rules::table_statistics::apply(root, sources);
                let root = rules::expand_distinct::apply(root);
                let root = rules::local_limits::apply(root);
                rules::batch_operators::apply(root, &settings)
            }
        };
        rules::push_filter::apply(root)
    };
    let roots = roots.into_iter().map(optimize).collect::<Result<_>>()?;
    let roots = match settings.reuse {
        Reuse::Everything => rules::merge_scans::apply(roots),
        Reuse::NoSources | Reuse::Nothing => roots,
    };
    let execution = match settings.reuse {
        Reuse::Nothing => ExecutionPlan { shared: Vec::new(), roots: roots.clone() },
        reuse => rules::reuse::apply(&roots, mode, reuse == Reuse::Everything),
    };
    Ok(PhysicalPlan { roots, execution, multiple_input: settings.multiple_input, mode })
}
