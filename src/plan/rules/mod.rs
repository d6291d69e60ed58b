//! Rewrites of a physical tree that keep its meaning, one a file.

mod batch_aggregates;
mod batch_joins;
pub(crate) mod batch_operators;
pub(crate) mod distinct;
pub(crate) mod expand_distinct;
pub(crate) mod fold_constants;
pub(crate) mod incremental;
mod keep_distribution;
pub(crate) mod limit_first;
pub(crate) mod local_limits;
pub(crate) mod look_up;
pub(crate) mod merge_scans;
pub(crate) mod mini_batch;
pub(crate) mod monotonic;
pub(crate) mod orderable;
pub(crate) mod prune_columns;
pub(crate) mod prune_fields;
pub(crate) mod prune_partitions;
pub(crate) mod push_filter;
pub(crate) mod push_limit;
pub(crate) mod rank;
pub(crate) mod read_less;
pub(crate) mod reuse;
mod shared;
pub(crate) mod split_distinct;
pub(crate) mod two_phases;
pub(crate) mod weigh_joins;
