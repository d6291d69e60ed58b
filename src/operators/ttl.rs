//! How long keyed state is kept: `table.exec.state.ttl`, on the lab clock.
//!
//! As Flink's `StateTtlConfig` with `OnCreateAndWrite` and `NeverReturnExpired`: what was written at
//! `t` is gone at `t + ttl`. An operator asks for what is [`Ttl::due`] before it looks at its state, and
//! frees that; so nothing expired is ever seen, and nothing is looked at twice.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// What a queue may hold beside one place for each entry, before it is written anew.
const SPARE: usize = 1_024;

/// When each piece of state of an operator expires. `K` names a piece.
pub(crate) struct Ttl<K> {
    /// For ever if 0.
    millis: i64,
    entries: FxHashMap<K, Entry>,
    /// The next moments at which to look; those that no entry waits for are left over.
    queue: BinaryHeap<Reverse<(i64, K)>>,
}

#[derive(Clone, Copy)]
struct Entry {
    deadline: i64,
    /// Its place in the queue, which is never later: a write moves the deadline alone.
    queued: i64,
}

impl<K: Copy + Ord + Hash> Ttl<K> {
    /// State that lives so many milliseconds after it was written; for ever if 0.
    pub(crate) fn new(millis: i64) -> Self {
        Self { millis, entries: FxHashMap::default(), queue: BinaryHeap::new() }
    }

    /// Whether state expires at all.
    pub(crate) fn is_on(&self) -> bool {
        self.millis > 0
    }

    /// The moment at which expires what is written now.
    pub(crate) fn after(&self, now: i64) -> i64 {
        now.saturating_add(self.millis)
    }

    /// A piece was written.
    pub(crate) fn write(&mut self, key: K, now: i64) {
        if self.is_on() {
            self.set(key, self.after(now));
        }
    }

    /// A piece expires at this moment.
    pub(crate) fn set(&mut self, key: K, deadline: i64) {
        let known = self.entries.get_mut(&key);
        if let Some(entry) = known.filter(|entry| entry.queued <= deadline) {
            entry.deadline = deadline;
            return;
        }
        self.entries.insert(key, Entry { deadline, queued: deadline });
        if self.queue.len() > 2 * self.entries.len() + SPARE {
            let entries = &self.entries;
            self.queue.retain(|Reverse((at, key))| waits(entries, *at, key));
        }
        self.queue.push(Reverse((deadline, key)));
    }

    /// When a piece expires.
    pub(crate) fn deadline(&self, key: K) -> Option<i64> {
        self.entries.get(&key).map(|entry| entry.deadline)
    }

    /// When a piece was last written, as a checkpoint keeps it.
    pub(crate) fn written(&self, key: K) -> Option<i64> {
        self.deadline(key).map(|deadline| deadline.saturating_sub(self.millis))
    }

    /// Takes a piece over from a checkpoint; one from a time without expiry is as good as new.
    pub(crate) fn restore(&mut self, key: K, written: Option<i64>, now: i64) {
        self.write(key, written.unwrap_or(now));
    }

    /// A piece is gone.
    pub(crate) fn forget(&mut self, key: K) {
        if self.is_on() {
            self.entries.remove(&key);
        }
    }

    /// The next piece that has expired, with its moment. From then on it is not known any more.
    pub(crate) fn due(&mut self, now: i64) -> Option<(i64, K)> {
        while let Some(Reverse((at, key))) = self.queue.peek().copied().filter(|r| r.0.0 <= now) {
            self.queue.pop();
            if !waits(&self.entries, at, &key) {
                continue;
            }
            let entry = self.entries.remove(&key)?;
            if entry.deadline <= now {
                return Some((entry.deadline, key));
            }
            self.set(key, entry.deadline);
        }
        None
    }
}

/// Whether an entry waits for this place in the queue.
fn waits<K: Hash + Eq>(entries: &FxHashMap<K, Entry>, at: i64, key: &K) -> bool {
    entries.get(key).is_some_and(|entry| entry.queued == at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn without_a_time_nothing_is_remembered() {
        let mut ttl = Ttl::new(0);
        ttl.write(1_u32, 5);
        assert!(ttl.entries.is_empty() && ttl.queue.is_empty());
        assert_eq!((ttl.due(i64::MAX), ttl.written(1)), (None, None));
    }

    proptest! {
        /// Whatever is written and forgotten: what is due is what was last written long enough ago, and
        /// little more is held than is known.
        #[test]
        fn what_is_due_was_written_long_ago(
            steps in prop::collection::vec((0u32..9, 0i64..4, 0u8..5), 0..400),
        ) {
            let (mut ttl, mut now) = (Ttl::new(10), 0);
            let mut written: BTreeMap<u32, i64> = BTreeMap::new();
            for (key, passed, what) in steps {
                now += passed;
                let mut due: Vec<u32> = Vec::new();
                while let Some((at, key)) = ttl.due(now) {
                    prop_assert_eq!(written.get(&key).map(|at| at + 10), Some(at));
                    due.push(key);
                }
                due.sort_unstable();
                let old = written.iter().filter(|(_, at)| **at + 10 <= now);
                prop_assert_eq!(&due, &old.map(|(key, _)| *key).collect::<Vec<_>>());
                due.iter().for_each(|key| { written.remove(key); });
                if what == 0 {
                    ttl.forget(key);
                    written.remove(&key);
                } else {
                    ttl.write(key, now);
                    written.insert(key, now);
                }
                prop_assert_eq!(ttl.written(key), written.get(&key).copied());
                prop_assert!(ttl.queue.len() <= 2 * ttl.entries.len() + SPARE + 1);
            }
        }
    }
}
