//! The rows of one partition in order, and what a change of them means to who reads the first ones.

use smallvec::SmallVec;

use super::{RankFactory, Strategy};
use crate::data::{Kinds, RowKind};
use crate::operators::row_store::{Place, RowId, RowStore};

/// What orders a row, as bytes.
pub(super) type Key = SmallVec<[u8; 24]>;

/// A row and what it is ordered by.
pub(super) struct Entry {
    pub key: Key,
    /// The row, if it may go out again.
    pub row: Option<RowId>,
    /// When the state of the row was written, or [`NEVER`] yet.
    pub written: i64,
}

/// A row of which Flink has nothing but its place in a cache.
pub(super) const NEVER: i64 = i64::MIN;

/// The rows of a partition, in order; those that tie in order of arrival.
#[derive(Default)]
pub(super) struct Partition {
    pub rows: Vec<Entry>,
    /// The last place that goes out, if partitions differ in that.
    pub end: Option<usize>,
    /// When Flink took its rows into its cache, if it has and rows expire.
    pub cached: Option<i64>,
}

/// Rows that go out, with their places in the order.
#[derive(Default)]
pub(super) struct Changes {
    pub kinds: Vec<RowKind>,
    pub rows: Vec<Place>,
    pub numbers: Vec<i64>,
}

impl Changes {
    pub(super) fn kinds(&self, range: std::ops::Range<usize>) -> Kinds {
        Kinds::of(self.kinds[range].into())
    }
}

/// A row that came or went, and what it changes.
pub(super) struct Change<'a> {
    pub factory: &'a RankFactory,
    pub store: &'a mut RowStore,
    /// The last place that goes out.
    pub end: usize,
    /// Which of the rows that arrived.
    pub row: usize,
    /// When the state of the row is written.
    pub written: i64,
    pub out: &'a mut Changes,
}

impl Change<'_> {
    /// The row, as it is kept.
    fn entry(&mut self, key: &[u8]) -> Entry {
        let row = self.factory.keeps_rows().then(|| self.store.keep(self.row));
        Entry { key: key.into(), row, written: self.written }
    }

    fn release(&mut self, entry: &Entry) {
        if let Some(row) = entry.row {
            self.store.release(row);
        }
    }

    /// Where a row is: one that is not kept can only be the one that came.
    fn place(&self, entry: &Entry) -> Place {
        entry.row.map_or_else(|| self.store.arrived(self.row), |row| self.store.place(row))
    }

    /// Whether a row equals the one that came, in all columns or in some.
    fn is(&self, entry: &Entry, columns: Option<&[usize]>) -> bool {
        let (a, b) = (self.place(entry), self.store.arrived(self.row));
        match columns {
            None => self.store.equal(a, b),
            Some(columns) => self.store.equal_in(columns.iter().copied(), a, b),
        }
    }

    /// One change at a place in the order, if that is one that goes out.
    fn one(&mut self, kind: RowKind, entry: &Entry, number: usize) {
        if (self.factory.start..=self.end).contains(&number) {
            self.out.kinds.push(kind);
            self.out.rows.push(self.place(entry));
            self.out.numbers.push(number as i64);
        }
    }

    fn update(&mut self, from: &Entry, to: &Entry, number: usize) {
        if self.factory.update_before {
            self.one(RowKind::UpdateBefore, from, number);
        }
        self.one(RowKind::UpdateAfter, to, number);
    }
}

impl Partition {
    /// Behind those that tie with it.
    fn place_of(&self, key: &[u8]) -> usize {
        self.rows.partition_point(|e| *e.key <= *key)
    }

    /// Whether a row with this key is behind all that can go out.
    pub(super) fn ends_before(&self, key: &[u8], end: usize) -> bool {
        self.rows.len() >= end && self.rows.last().is_some_and(|last| *last.key <= *key)
    }

    /// The row comes.
    pub(super) fn add(&mut self, key: &[u8], change: &mut Change<'_>) {
        let (at, end) = (self.place_of(key), change.end);
        let keeps_all = change.factory.strategy == Strategy::Retract;
        if at >= end && !keeps_all {
            return;
        }
        let entry = change.entry(key);
        match change.factory.numbers() {
            true => self.shift_back(&entry, at, change),
            false => self.push_out(&entry, at, change),
        }
        self.rows.insert(at, entry);
        if !keeps_all {
            self.cut(end, change);
        }
        self.rewrite(key, change);
    }

    /// Rows behind the last place go.
    fn cut(&mut self, end: usize, change: &mut Change<'_>) {
        while self.rows.len() > end {
            let Some(last) = self.rows.pop() else { return };
            change.release(&last);
            if !change.factory.numbers() {
                self.rewrite(&last.key, change);
            }
        }
    }

    /// Rows that tie are one list in Flink: they are written together.
    fn rewrite(&mut self, key: &[u8], change: &Change<'_>) {
        if change.written != NEVER {
            let first = self.rows.partition_point(|e| *e.key < *key);
            let ties = self.rows[first..].iter_mut().take_while(|e| *e.key == *key);
            ties.for_each(|tie| tie.written = change.written);
        }
    }

    /// Every row from a place on moves one back, as far as places go out.
    fn shift_back(&self, entry: &Entry, at: usize, change: &mut Change<'_>) {
        let (mut current, end) = (entry, change.end);
        for (index, old) in self.rows.iter().enumerate().take(end).skip(at) {
            change.update(old, current, index + 1);
            current = old;
        }
        let next = self.rows.len().max(at) + 1;
        if next <= end {
            change.one(RowKind::Insert, current, next);
        }
    }

    /// The row that falls out goes, the new one comes.
    fn push_out(&self, entry: &Entry, at: usize, change: &mut Change<'_>) {
        let end = change.end;
        if at >= end {
            return;
        }
        match self.rows.get(end - 1) {
            Some(last)
                if change.factory.end == 1 && change.factory.strategy != Strategy::Retract =>
            {
                change.update(last, entry, 1);
            }
            Some(last) => {
                change.one(RowKind::Delete, last, end);
                change.one(RowKind::Insert, entry, at + 1);
            }
            None => change.one(RowKind::Insert, entry, at + 1),
        }
    }

    /// The row goes; one that is not there is ignored.
    pub(super) fn take_away(&mut self, key: &[u8], change: &mut Change<'_>) {
        let end = change.end;
        let first = self.rows.partition_point(|e| *e.key < *key);
        let mut ties = self.rows[first..].iter().take_while(|e| *e.key == *key);
        let Some(at) = ties.position(|e| change.is(e, None)) else { return };
        let at = first + at;
        if at < end {
            match change.factory.numbers() {
                true => self.shift_forward(at, change),
                false => {
                    change.one(RowKind::Delete, &self.rows[at], at + 1);
                    if let Some(next) = self.rows.get(end) {
                        change.one(RowKind::Insert, next, end);
                    }
                }
            }
        }
        change.release(&self.rows.remove(at));
        self.rewrite(key, change);
    }

    /// Every row behind a place moves one forward, as far as places go out.
    fn shift_forward(&self, at: usize, change: &mut Change<'_>) {
        let mut place = at + 1;
        while place <= change.end {
            match self.rows.get(place) {
                Some(next) => change.update(&self.rows[place - 1], next, place),
                None => return change.one(RowKind::Delete, &self.rows[place - 1], place),
            }
            place += 1;
        }
    }

    /// The row comes in the place of the one that is equal in these columns, which was not before it.
    pub(super) fn update(&mut self, key: &[u8], columns: &[usize], change: &mut Change<'_>) {
        let Some(old_at) = self.rows.iter().position(|e| change.is(e, Some(columns))) else {
            return self.add(key, change);
        };
        if change.factory.end == 1 && *self.rows[old_at].key <= *key {
            return;
        }
        let entry = change.entry(key);
        if *self.rows[old_at].key == *key || !change.factory.numbers() {
            change.update(&self.rows[old_at], &entry, old_at + 1);
            change.release(&self.rows.remove(old_at));
            let at = match self.rows.get(old_at) {
                Some(next) if next.key == entry.key => old_at,
                _ => self.place_of(key).min(self.rows.len()),
            };
            return self.rows.insert(at, entry);
        }
        let old = self.rows.remove(old_at);
        let at = self.place_of(key);
        let mut current = &entry;
        for index in at..old_at {
            change.update(&self.rows[index], current, index + 1);
            current = &self.rows[index];
        }
        change.update(&old, current, at.max(old_at) + 1);
        change.release(&old);
        self.rows.insert(at, entry);
    }
}
