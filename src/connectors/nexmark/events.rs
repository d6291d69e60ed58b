//! The events of a batch: which number each has, and of which kind it is.

use arrow::array::{ArrayRef, Int32Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use std::sync::Arc;

use super::settings::Settings;
use crate::connectors::generate::share::Progression;

/// What happens; the numbers are those of `event_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Somebody registers.
    Person = 0,
    /// Somebody sells something.
    Auction = 1,
    /// Somebody bids.
    Bid = 2,
}

/// One event: its number, and what is known of it without chance.
#[derive(Clone, Copy)]
pub(super) struct Event {
    /// Its row in the batch.
    pub(super) row: usize,
    /// Its number in the stream, which is also the seed of its chance.
    pub(super) number: u64,
    /// The last person so far, from 0.
    pub(super) last_person: u64,
    /// The last auction so far, from 0.
    pub(super) last_auction: u64,
}

/// The events of a batch.
pub(super) struct Events<'a> {
    pub(super) settings: &'a Settings,
    rows: Progression,
    /// The kind of each.
    kinds: Vec<i32>,
}

impl<'a> Events<'a> {
    /// Those at some positions of the stream.
    pub(super) fn new(settings: &'a Settings, rows: Progression, len: usize) -> Self {
        let cycle = settings.cycle();
        let (step, mut place) = (rows.step % cycle, rows.next % cycle);
        let mut kinds = Vec::with_capacity(len);
        for _ in 0..len {
            kinds.push(match place {
                p if p < settings.persons => Kind::Person,
                p if p < settings.persons + settings.auctions => Kind::Auction,
                _ => Kind::Bid,
            } as i32);
            place += step;
            place -= if place >= cycle { cycle } else { 0 };
        }
        Self { settings, rows, kinds }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The column `event_type`.
    pub(super) fn types(&self) -> ArrayRef {
        Arc::new(Int32Array::new(self.kinds.clone().into(), None))
    }

    /// The rows of other kinds, as NULLs.
    pub(super) fn others(&self, kind: Kind) -> NullBuffer {
        let is = |row: usize| self.kinds[row] == kind as i32;
        NullBuffer::new(BooleanBuffer::collect_bool(self.len(), is))
    }

    /// Those of a kind, in order. Of each cycle the persons come first, then the auctions.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = Event> + '_ {
        let Settings { persons, auctions, .. } = *self.settings;
        let (cycle, rows) = (self.settings.cycle(), self.rows);
        // Counted rather than divided, row by row.
        let (mut cycles, mut place) = (rows.next / cycle, rows.next % cycle);
        let (step_cycles, step) = (rows.step / cycle, rows.step % cycle);
        let event = move |(row, found): (usize, &i32)| {
            let event = (*found == kind as i32).then(|| Event {
                row,
                number: rows.position(row),
                last_person: cycles * persons + place.min(persons - 1),
                last_auction: cycles * auctions + place.saturating_sub(persons).min(auctions - 1),
            });
            (cycles, place) = (cycles + step_cycles, place + step);
            if place >= cycle {
                (cycles, place) = (cycles + 1, place - cycle);
            }
            event
        };
        self.kinds.iter().enumerate().filter_map(event)
    }
}
