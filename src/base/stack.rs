//! Room on the stack for trees that are deep.
//!
//! Hundreds of joins are a tree hundreds of relations deep, and what walks one recurses. A thread has 2 MiB
//! unless somebody says otherwise, which in a debug build such a tree overflows.

/// Much more than the deepest tree that is let in needs; only what is touched becomes memory.
const ROOM: usize = 128 << 20;

/// Does `work` on a stack of its own with room for deep trees.
pub fn with_room<T>(work: impl FnOnce() -> T) -> T {
    stacker::grow(ROOM, work)
}
