//! Whose turn it is: the order in which rows of several partitions go out when time goes on.
//!
//! With a bounded frame Flink has a timer for each time and key (`RowTimeRangeBoundedPrecedingFunction` and its
//! like); without, a key has one for the next watermark, which lets all of its rows go
//! (`AbstractRowTimeUnboundedPrecedingOver`).

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Turn;
use super::store::RowRef;
use crate::operators::timers::Timers;

/// Rows that wait for their time.
pub(super) struct Turns {
    /// Whether frames are bounded.
    bounded: bool,
    /// By time, in order of arrival.
    held: BTreeMap<i64, Vec<(u32, RowRef)>>,
    timers: Timers,
    /// The timers that are set.
    set: FxHashSet<(i64, u32)>,
    /// By partition, how many rows wait.
    waiting: FxHashMap<u32, usize>,
}

impl Turns {
    pub(super) fn new(bounded: bool) -> Self {
        Self {
            bounded,
            held: BTreeMap::new(),
            timers: Timers::default(),
            set: FxHashSet::default(),
            waiting: FxHashMap::default(),
        }
    }

    /// A row waits for its time, after which it comes next at this watermark.
    pub(super) fn hold(&mut self, turn: Turn, watermark: i64) {
        let Turn { at, partition, row } = turn;
        self.held.entry(at).or_default().push((partition, row));
        *self.waiting.entry(partition).or_default() += 1;
        self.set(if self.bounded { at } else { watermark.max(-1).saturating_add(1) }, partition);
    }

    fn set(&mut self, at: i64, partition: u32) {
        if self.set.insert((at, partition)) {
            self.timers.set(at, partition);
        }
    }

    /// The rows that wait, by their times.
    pub(super) fn held(&self) -> impl Iterator<Item = (i64, u32, RowRef)> + '_ {
        let rows = |(at, rows): (&'_ i64, &'_ Vec<(u32, RowRef)>)| {
            let at = *at;
            rows.iter().map(move |(partition, row)| (at, *partition, *row)).collect::<Vec<_>>()
        };
        self.held.iter().flat_map(rows)
    }

    /// The first time for which a row waits.
    pub(super) fn first(&self) -> Option<i64> {
        self.held.keys().next().copied()
    }

    /// All that waited up to and with `until`, in its order.
    pub(super) fn release(&mut self, until: i64) -> Vec<Turn> {
        let rest = match until.checked_add(1) {
            Some(next) => self.held.split_off(&next),
            None => BTreeMap::new(),
        };
        let due = std::mem::replace(&mut self.held, rest);
        for (partition, _) in due.values().flatten() {
            if let Some(waiting) = self.waiting.get_mut(partition) {
                *waiting -= 1;
            }
        }
        let places = self.fire(until);
        let turns = due.into_iter().flat_map(|(at, rows)| {
            rows.into_iter().map(move |(partition, row)| Turn { at, partition, row })
        });
        let mut turns: Vec<Turn> = turns.collect();
        turns.sort_by_key(|turn| {
            let time = if self.bounded { turn.at } else { 0 };
            let place = places.get(&(time, turn.partition)).copied();
            (time, place.unwrap_or(usize::MAX), turn.at)
        });
        turns
    }

    /// The places of what is due, by its time if frames are bounded: its timers are taken.
    fn fire(&mut self, until: i64) -> FxHashMap<(i64, u32), usize> {
        let mut places = FxHashMap::default();
        while let Some((at, partition)) = self.timers.next_due(until) {
            self.set.remove(&(at, partition));
            let place = places.len();
            places.entry((if self.bounded { at } else { 0 }, partition)).or_insert(place);
            // What waits on has the next timer.
            let waits = self.waiting.get(&partition).is_some_and(|waiting| *waiting > 0);
            match until.checked_add(1).filter(|_| waits && !self.bounded) {
                Some(next) => self.set(next, partition),
                None if !waits => drop(self.waiting.remove(&partition)),
                None => {}
            }
        }
        places
    }
}
