//! Keyed state by key group, timers, snapshot and restore.

pub mod keyed;
pub mod snapshot;

pub use keyed::StateValue;
pub use snapshot::OperatorSnapshot;
