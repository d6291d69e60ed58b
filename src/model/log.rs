//! A bounded list that grows at one end and is cheap to clone: whole chunks are shared.
//!
//! Not a ring for everything: what falls off the front is counted, never told apart.

use std::{collections::VecDeque, sync::Arc};

const CHUNK: usize = 256;

/// The last entries of something that only grows.
#[derive(Clone, Debug, PartialEq)]
pub struct Log<T> {
    chunks: VecDeque<Arc<Vec<T>>>,
    dropped: usize,
    max_chunks: usize,
}

impl<T: Clone> Log<T> {
    /// A log that keeps at least the last `keep` entries.
    pub fn new(keep: usize) -> Self {
        Self { chunks: VecDeque::new(), dropped: 0, max_chunks: keep.div_ceil(CHUNK) + 1 }
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: T) {
        if let Some(last) = self.chunks.back_mut().filter(|last| last.len() < CHUNK) {
            Arc::make_mut(last).push(entry);
            return;
        }
        if self.chunks.len() == self.max_chunks
            && let Some(first) = self.chunks.pop_front()
        {
            self.dropped += first.len();
        }
        let mut chunk = Vec::with_capacity(CHUNK);
        chunk.push(entry);
        self.chunks.push_back(Arc::new(chunk));
    }

    /// How many entries there ever were: positions run below it.
    pub fn total(&self) -> usize {
        self.dropped + self.len()
    }

    /// How many entries fell off the front: the first position still here.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many entries are here.
    pub fn len(&self) -> usize {
        match (self.chunks.len(), self.chunks.back()) {
            (chunks, Some(last)) => (chunks - 1) * CHUNK + last.len(),
            _ => 0,
        }
    }

    /// Whether nothing is here.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The entry at a position that counts from the very first, if it is still here.
    pub fn get(&self, position: usize) -> Option<&T> {
        let at = position.checked_sub(self.dropped)?;
        self.chunks.get(at / CHUNK)?.get(at % CHUNK)
    }

    /// The newest entry.
    pub fn last(&self) -> Option<&T> {
        self.chunks.back()?.last()
    }

    /// All entries here, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_entries_and_their_positions() {
        let mut log = Log::new(300);
        for n in 0..2_000 {
            log.push(n);
        }
        assert_eq!(log.total(), 2_000);
        assert!(log.len() >= 300 && log.len() <= 3 * CHUNK);
        assert_eq!(log.get(1_999), Some(&1_999));
        assert_eq!(log.get(log.dropped()), Some(&log.dropped()));
        assert_eq!(log.get(0), None);
        assert_eq!(log.iter().rev().take(2).collect::<Vec<_>>(), [&1_999, &1_998]);
    }

    #[test]
    fn a_clone_does_not_see_what_comes_after() {
        let mut log = Log::new(10);
        log.push('a');
        let before = log.clone();
        log.push('b');
        assert_eq!((before.total(), log.total()), (1, 2));
    }
}
