//! A binary heap whose steps are those of `java.util.PriorityQueue` and of Flink's `HeapPriorityQueue`.
//!
//! Which of several that tie comes first is left to how such a heap moved before. Flink's answers show it, so its
//! steps are followed; a heap of another kind would be as right and give other rows.

/// Values by keys; the first is one of those with the smallest key.
pub(super) struct Heap<K, V> {
    /// The heap, level by level.
    pub(super) items: Vec<(K, V)>,
}

impl<K, V> Default for Heap<K, V> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<K: Ord, V> Heap<K, V> {
    pub(super) fn add(&mut self, key: K, value: V) {
        let mut place = self.items.len();
        self.items.push((key, value));
        while place > 0 {
            let above = (place - 1) / 2;
            if self.items[place].0 >= self.items[above].0 {
                break;
            }
            self.items.swap(place, above);
            place = above;
        }
    }

    pub(super) fn remove_first(&mut self) -> Option<(K, V)> {
        if self.items.is_empty() {
            return None;
        }
        let first = self.items.swap_remove(0);
        let (mut place, count) = (0, self.items.len());
        while place < count / 2 {
            let (left, right) = (2 * place + 1, 2 * place + 2);
            let takes_right = right < count && self.items[right].0 < self.items[left].0;
            let below = if takes_right { right } else { left };
            if self.items[below].0 >= self.items[place].0 {
                break;
            }
            self.items.swap(place, below);
            place = below;
        }
        Some(first)
    }
}
