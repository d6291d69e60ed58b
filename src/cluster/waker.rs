//! Wakers: how one task tells that another may have something to do.
//!
//! A driver clears the flag *before* it steps a task; whoever gives the task something sets it. So a
//! task that found nothing and was given something meanwhile is stepped again: no wake-up is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What lies behind the wakers of a slot: a thread that may be parked. A step driver has none.
pub trait Notify: Send + Sync {
    /// A task of the slot has become ready.
    fn notify(&self);
}

/// The flag of one task.
pub struct Waker {
    ready: AtomicBool,
    slot: Option<Arc<dyn Notify>>,
}

impl Waker {
    /// A flag that is set: a new task has something to do.
    pub fn new(slot: Option<Arc<dyn Notify>>) -> Self {
        Self { ready: AtomicBool::new(true), slot }
    }

    /// Sets the flag, and tells the slot if it was not set.
    ///
    /// A read-modify-write, so that either this call sees that the flag was cleared, or the one who
    /// clears it sees what was given before this call.
    pub fn wake(&self) {
        if !self.ready.swap(true, Ordering::AcqRel)
            && let Some(slot) = &self.slot
        {
            slot.notify();
        }
    }

    /// Sets the flag without telling the slot: for the slot itself.
    pub fn mark(&self) {
        self.ready.store(true, Ordering::Release);
    }

    /// Whether the task may have something to do.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Clears the flag and says whether it was set.
    pub fn take(&self) -> bool {
        self.ready.swap(false, Ordering::AcqRel)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    struct Count(AtomicUsize);

    impl Notify for Count {
        fn notify(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn the_slot_is_told_once_until_the_flag_is_taken() {
        let slot = Arc::new(Count(AtomicUsize::new(0)));
        let waker = Waker::new(Some(slot.clone()));
        waker.wake();
        assert_eq!(slot.0.load(Ordering::Relaxed), 0, "a new task is ready");
        assert!(waker.take());
        waker.wake();
        waker.wake();
        assert_eq!(slot.0.load(Ordering::Relaxed), 1);
        assert!(waker.is_ready());
    }
}
