//! Keyed state by key group, timers, snapshot and restore.

pub mod snapshot;

pub use snapshot::OperatorSnapshot;
