//! The mini-cluster: JobManager, slots, tasks, channels, checkpoints, failover.
//!
//! Everything here is a state machine that never blocks and reads no clock: a driver of
//! [`crate::runtime`] tells it the moment, steps the tasks, and carries what they say to each other:
//!
//! ```text
//!            ToSlot                      step(now)
//! JobManager -------> Slot (its tasks) <----------- driver
//!      ^                  |  Element --> Channel --> another task
//!      +---- TaskReport --+  Outgoing -> results and stdout
//! ```
//!
//! Not here: threads, wakers that unpark something, the policy of who moves next.

pub mod blueprint;
pub mod chain;
pub mod channel;
pub mod checkpoint_coordinator;
pub mod deployment;
pub mod failover;
pub mod gate;
mod head;
pub mod job;
pub mod job_manager;
mod job_master;
pub mod load;
pub mod message;
pub mod options;
mod outlet;
pub mod output;
pub mod partition;
pub mod slot;
pub mod slot_pool;
pub mod source_head;
pub mod stalled;
pub mod step;
pub mod surroundings;
pub mod task;
pub mod valve;
pub mod waker;

pub use job_manager::JobManager;
pub use job_master::Desk;
pub use message::{Mail, Outgoing, OutgoingBody, TaskReport};
pub use options::{ClusterOptions, JobSettings, RestartStrategy};
pub use slot::{Slot, ToSlot};
pub use step::{Blocker, Step};
pub use task::{Task, World};
pub use waker::{Notify, Waker};
