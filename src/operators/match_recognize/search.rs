//! The search in one partition: a nondeterministic automaton whose runs are the matches in the making.
//!
//! As Flink's `NFA`: every row moves every run, and begins one of its own; a greedy item leaves a row to
//! the next item only if it cannot take it. A match that is complete waits until no run began before
//! it; then it is told, and what the skip strategy passes over is given up.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::MatchFactory;
use super::pattern::{Found, Skip};
use crate::base::{Error, RecordId, Result};
use crate::data::Value;
use crate::expr::EvalContext;

/// A match in the making, or a complete one.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The number of its first row.
    start: u64,
    /// The time of its first row.
    began: i64,
    /// The item that the last row is.
    item: usize,
    /// How many rows that item has.
    count: u32,
    pub found: Vec<Found>,
}

/// A row whose turn it is.
pub(super) struct Turn {
    pub at: i64,
    pub row: Arc<Vec<Value>>,
    pub id: Option<RecordId>,
}

/// The search in one partition.
#[derive(Default)]
pub(super) struct Search {
    runs: Vec<Run>,
    /// Complete matches that wait, by their start.
    complete: Vec<Run>,
    /// How many rows there were.
    rows: u64,
}

/// What a checkpoint keeps of a run.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedRun {
    start: u64,
    began: i64,
    item: usize,
    count: u32,
    found: Vec<(usize, u64, Vec<Value>)>,
}

/// What a checkpoint keeps of a search.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct SavedSearch {
    runs: Vec<SavedRun>,
    complete: Vec<SavedRun>,
    rows: u64,
}

impl Search {
    /// A row comes; the matches that can be told.
    pub(super) fn row(
        &mut self,
        turn: &Turn,
        factory: &MatchFactory,
        context: &EvalContext,
    ) -> Result<Vec<Run>> {
        self.time_out(turn.at, factory);
        let number = self.rows;
        self.rows += 1;
        let fresh = Run { start: number, began: turn.at, item: 0, count: 0, found: Vec::new() };
        let mut runs = std::mem::take(&mut self.runs);
        runs.push(fresh);
        for run in runs {
            self.advance(&run, (run.item, run.count), turn, number, factory, context)?;
        }
        self.told(factory)
    }

    /// How many matches have begun and are not complete.
    pub(super) fn begun(&self) -> usize {
        self.runs.len()
    }

    /// Time is complete up to here; the matches that no run is before any more.
    pub(super) fn time(&mut self, now: i64, factory: &MatchFactory) -> Result<Vec<Run>> {
        self.time_out(now, factory);
        self.told(factory)
    }

    fn time_out(&mut self, now: i64, factory: &MatchFactory) {
        if let Some(within) = factory.within {
            self.runs.retain(|run| now.saturating_sub(run.began) < within);
        }
    }

    /// Moves a run that stands at an item by a row.
    fn advance(
        &mut self,
        run: &Run,
        (item, count): (usize, u32),
        turn: &Turn,
        number: u64,
        factory: &MatchFactory,
        context: &EvalContext,
    ) -> Result<()> {
        let Some(here) = factory.items.get(item).copied() else { return Ok(()) };
        let has_room = here.max.is_none_or(|max| count < max);
        // A greedy item keeps a row from the next one even where it has no room for it itself.
        let holds = (has_room || here.greedy) && {
            let mut found = run.found.clone();
            found.push(Found { item, row: turn.row.clone(), number, id: turn.id });
            let holds = match &factory.defines[item] {
                Some(define) => define.holds(&found, &factory.input, context)?,
                None => true,
            };
            if holds && has_room {
                self.take(Run { item, count: count + 1, found, ..run.clone() }, factory);
            }
            holds
        };
        match count >= here.min && !(here.greedy && holds) {
            true => self.advance(run, (item + 1, 0), turn, number, factory, context),
            false => Ok(()),
        }
    }

    /// A run with one more row is complete, or goes on.
    fn take(&mut self, run: Run, factory: &MatchFactory) {
        let enough = run.count >= factory.items[run.item].min;
        let rest_may_miss = factory.items[run.item + 1..].iter().all(|item| item.min == 0);
        match enough && rest_may_miss {
            true => self.complete.push(run),
            false => self.runs.push(run),
        }
    }

    /// The matches that can be told: those that no run began before.
    fn told(&mut self, factory: &MatchFactory) -> Result<Vec<Run>> {
        let mut told = Vec::new();
        self.complete.sort_by_key(|run| run.start);
        while let Some(first) = self.complete.first() {
            if self.runs.iter().any(|run| run.start < first.start) {
                break;
            }
            let run = self.complete.remove(0);
            let from = goes_on(&run, factory.skip)?;
            self.runs.retain(|other| other.start >= from);
            self.complete.retain(|other| other.start >= from);
            told.push(run);
        }
        Ok(told)
    }

    pub(super) fn save(&self) -> SavedSearch {
        let save = |run: &Run| SavedRun {
            start: run.start,
            began: run.began,
            item: run.item,
            count: run.count,
            found: run.found.iter().map(|f| (f.item, f.number, f.row.as_ref().clone())).collect(),
        };
        SavedSearch {
            runs: self.runs.iter().map(save).collect(),
            complete: self.complete.iter().map(save).collect(),
            rows: self.rows,
        }
    }

    pub(super) fn load(saved: SavedSearch) -> Self {
        let load = |run: SavedRun| Run {
            start: run.start,
            began: run.began,
            item: run.item,
            count: run.count,
            found: run
                .found
                .into_iter()
                .map(|(item, number, row)| Found { item, row: Arc::new(row), number, id: None })
                .collect(),
        };
        Self {
            runs: saved.runs.into_iter().map(load).collect(),
            complete: saved.complete.into_iter().map(load).collect(),
            rows: saved.rows,
        }
    }
}

impl SavedSearch {
    /// Whether nothing is going on.
    pub(super) fn is_idle(&self) -> bool {
        self.runs.is_empty() && self.complete.is_empty()
    }
}

/// The first row with which another match may begin.
fn goes_on(run: &Run, skip: Skip) -> Result<u64> {
    let of = |item: usize| run.found.iter().filter(move |f| f.item == item);
    let row = match skip {
        Skip::ToNextRow => return Ok(run.start + 1),
        Skip::PastLastRow => return Ok(run.found.last().map_or(run.start, |f| f.number) + 1),
        Skip::ToFirst(item) => of(item).next(),
        Skip::ToLast(item) => of(item).next_back(),
    };
    match row {
        None => Err(Error::new("match-skip-missing")),
        Some(found) if found.number == run.start => Err(Error::new("match-skip-first")),
        Some(found) => Ok(found.number),
    }
}
