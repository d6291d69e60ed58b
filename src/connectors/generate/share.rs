//! The rows of a generating source that belong to one of its parallel readers.
//!
//! Positions are dealt in turn: of two readers one makes rows 0, 2, 4, .. and the other 1, 3, 5, ..

use serde::{Deserialize, Serialize};

/// Positions `next, next + step, ..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::connectors) struct Progression {
    /// The position that comes next.
    pub(in crate::connectors) next: u64,
    /// From one position to the one after it.
    pub(in crate::connectors) step: u64,
}

impl Progression {
    /// How many positions lie before an end; without end, without number.
    pub(in crate::connectors) fn remaining(self, end: Option<u64>) -> u64 {
        match end {
            None => u64::MAX,
            Some(end) => end.saturating_sub(self.next).div_ceil(self.step),
        }
    }

    /// The position of a row counted from here.
    pub(in crate::connectors) fn position(self, row: usize) -> u64 {
        self.next + row as u64 * self.step
    }
}

/// What a reader still has to make. A checkpoint keeps it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::connectors) struct Share {
    /// Of which reader.
    pub(in crate::connectors) index: u32,
    /// Of how many.
    pub(in crate::connectors) parallelism: u32,
    own: Vec<Progression>,
    end: Option<u64>,
}

impl Share {
    /// All of a reader's positions below an end.
    pub(in crate::connectors) fn new(index: u32, parallelism: u32, end: Option<u64>) -> Self {
        let own = vec![Progression { next: index.into(), step: parallelism.into() }];
        Self { index, parallelism, own, end }
    }

    /// Whether nothing is left.
    pub(in crate::connectors) fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Where the next rows stand, and how many of them stand there.
    pub(in crate::connectors) fn peek(&self) -> Option<(Progression, u64)> {
        let rest = self.own.iter().map(|p| (*p, p.remaining(self.end)));
        rest.into_iter().find(|(_, remaining)| *remaining > 0)
    }

    /// The next rows, at most so many, and their number; they count as made.
    pub(in crate::connectors) fn take(&mut self, most: u64) -> Option<(Progression, usize)> {
        let end = self.end;
        let own = self.own.iter_mut().find(|p| p.remaining(end) > 0)?;
        let rows = *own;
        let len = rows.remaining(end).min(most);
        own.next += len * own.step;
        Some((rows, len as usize))
    }

    /// Whether a share of a checkpoint is that of this reader.
    pub(in crate::connectors) fn is_same(&self, other: &Share) -> bool {
        (self.index, self.parallelism) == (other.index, other.parallelism)
    }

    /// Goes on from the shares of all readers of a checkpoint. At the same parallelism each reader
    /// goes on where it was; at another, readers take over what is left of the others in turn.
    pub(in crate::connectors) fn restore(&mut self, mut shares: Vec<Share>) {
        shares.sort_by_key(|s| s.index);
        if let Some(position) = shares.iter().position(|s| self.is_same(s)) {
            self.own = shares.swap_remove(position).own;
            return;
        }
        let left = shares.into_iter().flat_map(|s| s.own);
        self.own = left.skip(self.index as usize).step_by(self.parallelism as usize).collect();
    }
}
