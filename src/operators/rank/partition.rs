//! The rows of one partition in order, and what a change of them means to who reads the first ones.

use super::{RankFactory, Strategy};
use crate::data::{RowKind, Value};

/// A row and what it is ordered by.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: Box<[u8]>,
    pub fields: Vec<Value>,
}

/// The rows of a partition, in order; those that tie in order of arrival.
#[derive(Default)]
pub(super) struct Partition {
    pub rows: Vec<Entry>,
}

/// Rows to emit, with their places.
#[derive(Default)]
pub(super) struct Changes {
    pub rows: Vec<(RowKind, Vec<Value>, usize)>,
    start: usize,
    end: usize,
    update_before: bool,
}

impl Changes {
    pub(super) fn new(factory: &RankFactory) -> Self {
        let RankFactory { start, end, update_before, .. } = *factory;
        Self { rows: Vec::new(), start, end, update_before }
    }

    /// One change at a place, if that is one that goes out.
    fn one(&mut self, kind: RowKind, entry: &Entry, place: usize) {
        if (self.start..=self.end).contains(&place) {
            self.rows.push((kind, entry.fields.clone(), place));
        }
    }

    fn update(&mut self, from: &Entry, to: &Entry, place: usize) {
        if self.update_before {
            self.one(RowKind::UpdateBefore, from, place);
        }
        self.one(RowKind::UpdateAfter, to, place);
    }
}

impl Partition {
    /// Behind those that tie with it.
    fn place_of(&self, key: &[u8]) -> usize {
        self.rows.partition_point(|e| *e.key <= *key)
    }

    /// A row comes.
    pub(super) fn add(&mut self, entry: Entry, factory: &RankFactory, changes: &mut Changes) {
        let (at, end) = (self.place_of(&entry.key), factory.end);
        let keeps_all = factory.strategy == Strategy::Retract;
        if at >= end && !keeps_all {
            return;
        }
        match numbers(factory) {
            true => self.shift_back(&entry, at, factory, changes),
            false => self.push_out(&entry, at, factory, changes),
        }
        self.rows.insert(at, entry);
        if !keeps_all {
            self.rows.truncate(end);
        }
    }

    /// Every row from a place on moves one back, as far as places go out.
    fn shift_back(&self, entry: &Entry, at: usize, factory: &RankFactory, changes: &mut Changes) {
        let mut current = entry;
        for (index, old) in self.rows.iter().enumerate().take(factory.end).skip(at) {
            changes.update(old, current, index + 1);
            current = old;
        }
        let next = self.rows.len().max(at) + 1;
        if next <= factory.end {
            changes.one(RowKind::Insert, current, next);
        }
    }

    /// The row that falls out goes, the new one comes.
    fn push_out(&self, entry: &Entry, at: usize, factory: &RankFactory, changes: &mut Changes) {
        if at >= factory.end {
            return;
        }
        match self.rows.get(factory.end - 1) {
            Some(last) if factory.end == 1 && factory.strategy != Strategy::Retract => {
                changes.update(last, entry, 1);
            }
            Some(last) => {
                changes.one(RowKind::Delete, last, factory.end);
                changes.one(RowKind::Insert, entry, at + 1);
            }
            None => changes.one(RowKind::Insert, entry, at + 1),
        }
    }

    /// A row goes; one that is not there is ignored.
    pub(super) fn take_away(
        &mut self,
        entry: &Entry,
        factory: &RankFactory,
        changes: &mut Changes,
    ) {
        let first = self.rows.partition_point(|e| *e.key < *entry.key);
        let ties = self.rows[first..].iter().take_while(|e| e.key == entry.key);
        let Some(at) = ties.into_iter().position(|e| e.fields == entry.fields) else { return };
        let at = first + at;
        if at < factory.end {
            match numbers(factory) {
                true => self.shift_forward(at, factory, changes),
                false => {
                    changes.one(RowKind::Delete, &self.rows[at], at + 1);
                    if let Some(next) = self.rows.get(factory.end) {
                        changes.one(RowKind::Insert, next, factory.end);
                    }
                }
            }
        }
        self.rows.remove(at);
    }

    /// Every row behind a place moves one forward, as far as places go out.
    fn shift_forward(&self, at: usize, factory: &RankFactory, changes: &mut Changes) {
        let mut place = at + 1;
        while place <= factory.end {
            match self.rows.get(place) {
                Some(next) => changes.update(&self.rows[place - 1], next, place),
                None => return changes.one(RowKind::Delete, &self.rows[place - 1], place),
            }
            place += 1;
        }
    }

    /// A row comes in the place of the one with the same key, which was not before it.
    pub(super) fn update(
        &mut self,
        entry: Entry,
        columns: &[usize],
        factory: &RankFactory,
        changes: &mut Changes,
    ) {
        let same = |e: &Entry| columns.iter().all(|c| e.fields[*c] == entry.fields[*c]);
        let Some(old_at) = self.rows.iter().position(same) else {
            return self.add(entry, factory, changes);
        };
        if factory.end == 1 && self.rows[old_at].key <= entry.key {
            return;
        }
        if self.rows[old_at].key == entry.key || !numbers(factory) {
            changes.update(&self.rows[old_at], &entry, old_at + 1);
            self.rows.remove(old_at);
            let at = match self.rows.get(old_at) {
                Some(next) if next.key == entry.key => old_at,
                _ => self.place_of(&entry.key).min(self.rows.len()),
            };
            return self.rows.insert(at, entry);
        }
        let old = self.rows.remove(old_at);
        let at = self.place_of(&entry.key);
        let mut current = &entry;
        for index in at..old_at {
            changes.update(&self.rows[index], current, index + 1);
            current = &self.rows[index];
        }
        changes.update(&old, current, at.max(old_at) + 1);
        self.rows.insert(at, entry);
    }
}

/// Whether every place is told of: it is a column, or an offset hides some.
fn numbers(factory: &RankFactory) -> bool {
    factory.number || factory.start > 1
}
