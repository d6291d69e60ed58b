//! The operator trait, its context and its factory; one operator a file.
//!
//! An operator is a state machine without handles: it holds no file, socket or thread. It gets
//! batches, watermarks and timers, and emits through its [`Context`]. It never waits.

mod aggregates;
mod beside;
mod buffer;
pub mod calc;
pub mod checked;
pub mod collect;
pub mod constraint_enforcer;
pub mod context;
pub mod deduplicate;
pub mod expand;
pub mod group_aggregate;
#[cfg(test)]
pub mod harness;
pub mod hash_aggregate;
mod heap;
pub mod join;
pub mod limit;
pub mod lookup_join;
pub mod match_recognize;
pub mod mini_batch_assigner;
pub mod over;
pub mod over_batch;
pub mod rank;
pub mod rank_batch;
mod row_codec;
mod row_equality;
mod row_store;
pub mod sink;
pub mod sink_upsert_materializer;
pub mod sort;
pub mod sort_limit;
pub mod standalone;
mod state_trace;
pub mod temporal_sort;
mod timers;
mod ttl;
pub mod unnest;
pub mod values;
pub mod watermark_assigner;
pub mod window;

use crate::base::{CheckpointId, LabTime, Result, Watermark};
use crate::data::group_index;
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

pub use crate::trace::Causes;
pub use aggregates::{Aggregate, GroupKeys};
pub use buffer::SortKey;
pub use context::{Context, External, StateKey, SubtaskInfo};

/// Whether an operator has more to emit for what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drain {
    /// Call `drain` again before the next input.
    More,
    /// Ready for the next input.
    Done,
}

/// One operator of a chain, in one subtask.
///
/// The task calls `process`, `watermark`, `timer` and `end_input`, each followed by `drain` until it
/// answers [`Drain::Done`]; so an operator that emits much does it in bounded portions.
pub trait Operator: Send {
    /// Takes rows of one input (0, or 1 for the second side of a join). Unless [`Self::passes_marks`]
    /// says otherwise, the batch has no watermark marks: the task cuts batches at them.
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()>;

    /// Event time is complete up to `watermark` on all inputs. The default passes it on; an operator
    /// that overrides this passes it on itself, after what it emits.
    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        context.emit_watermark(watermark);
        Ok(())
    }

    /// The earliest moment of lab time at which `timer` wants to be called.
    fn next_timer(&self) -> Option<LabTime> {
        None
    }

    /// The lab clock reached `next_timer`.
    fn timer(&mut self, _context: &mut Context<'_>) -> Result<()> {
        Ok(())
    }

    /// One input has ended. The task passes on the end of the stream by itself.
    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        Ok(())
    }

    /// Emits the next bounded portion of what is still owed.
    fn drain(&mut self, _context: &mut Context<'_>) -> Result<Drain> {
        Ok(Drain::Done)
    }

    /// Whether `process` takes batches with marks and keeps them at the right rows (a stateless
    /// operator such as Calc does).
    fn passes_marks(&self) -> bool {
        false
    }

    /// The state, as bytes. Called between inputs, never with output still owed.
    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        Ok(OperatorSnapshot::default())
    }

    /// Takes over state: all snapshots whose key groups meet this subtask's range. The operator
    /// keeps only the key groups in `context.subtask().key_groups()`. Called once, before any input.
    fn restore(
        &mut self,
        _snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        Ok(())
    }

    /// The checkpoint is complete everywhere: side effects that waited for it may happen (a sink
    /// commits its files).
    fn checkpoint_completed(
        &mut self,
        _checkpoint: CheckpointId,
        _context: &mut Context<'_>,
    ) -> Result<()> {
        Ok(())
    }
}

/// Makes an operator anew in each slot, and again after a failure.
pub trait OperatorFactory: Send + Sync {
    /// A fresh operator for one subtask.
    fn create(&self, subtask: SubtaskInfo) -> Result<Box<dyn Operator>>;

    /// The columns it emits.
    fn output(&self) -> &Schema;

    /// Whether it emits `+I` alone; debug builds hold it to that.
    fn emits_inserts_only(&self) -> bool {
        false
    }
}
