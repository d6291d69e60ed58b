//! What the lab tells the window: what is new since it was told last, in updates of bounded size.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crossbeam::channel::{Sender, TrySendError};

use super::api::{CatalogSummary, LabOptions, PartsStatus, Update};
use super::session::Session;
use crate::base::{JobId, LabTime};

/// Events in one update.
const EVENTS: usize = 2_048;
/// Rows in one update.
const ROWS: usize = 1_024;

/// What was told, and the way to tell more.
pub struct News {
    updates: Sender<Update>,
    wake: Box<dyn Fn() + Send>,
    /// Updates that found no room.
    pending: VecDeque<Update>,
    /// Rows told of each query.
    told: BTreeMap<JobId, u64>,
    catalog: Option<Arc<CatalogSummary>>,
    clock: Option<(LabTime, bool)>,
    /// What was told of part files that come.
    parts: Option<PartsStatus>,
}

impl News {
    /// Nothing was told yet. `wake` is called whenever there is something new to take.
    pub fn new(updates: Sender<Update>, wake: Box<dyn Fn() + Send>) -> Self {
        Self {
            updates,
            wake,
            pending: VecDeque::new(),
            told: BTreeMap::new(),
            catalog: None,
            clock: None,
            parts: None,
        }
    }

    /// Tells events, rows and the clock. Says whether that was all.
    pub fn of_run(&mut self, session: &mut Session, playing: bool) -> bool {
        let mut events = Vec::new();
        session.engine_mut().drain_events(&mut events);
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            self.tell(Update::Events(events.by_ref().take(EVENTS).collect()));
        }
        let all = self.of_rows(session);
        let parts = session.engine().parts().cloned();
        if let Some(status) = parts.filter(|status| self.parts.as_ref() != Some(status)) {
            self.parts = Some(status.clone());
            self.tell(Update::Parts(status));
        }
        let clock = (session.engine().now(), playing);
        if self.clock != Some(clock) {
            self.clock = Some(clock);
            self.tell(Update::Clock { now: clock.0, playing: clock.1 });
        }
        all
    }

    /// A page of each query that has new rows. Says whether every row was told.
    fn of_rows(&mut self, session: &mut Session) -> bool {
        let mut all = true;
        let jobs: Vec<(JobId, u64)> = self.told.iter().map(|(job, told)| (*job, *told)).collect();
        for (job, told) in jobs {
            let over = session.engine().is_over(job);
            let (rows, first_kept) = match session.engine().results(job) {
                Some(store) => (store.rows(), store.first_kept()),
                None => (0, 0),
            };
            // Rows that were taken back come again; rows that are no longer kept are left out.
            let first = told.min(rows).max(first_kept);
            if first < rows {
                let page = session.rows(job, first, ROWS);
                let told = first + page.len() as u64;
                self.told.insert(job, told);
                self.tell(Update::Rows { job, first, rows: page });
                all &= told == rows;
            } else if over {
                self.told.remove(&job);
                session.engine_mut().forget_results(job);
            }
        }
        all
    }

    /// Tells the catalog, if it changed.
    pub fn of_catalog(&mut self, session: &Session) {
        let catalog = Arc::new(session.summary());
        if self.catalog.as_ref() != Some(&catalog) {
            self.catalog = Some(catalog.clone());
            self.tell(Update::Catalog(catalog));
        }
    }

    /// Another lab stands in the place of the old one: its catalog is what it was, nothing else.
    pub fn of_reset(&mut self, options: LabOptions) {
        self.told.clear();
        self.clock = None;
        self.parts = None;
        self.tell(Update::Reset(options));
    }

    /// The rows of this query will be told.
    pub fn follow(&mut self, job: JobId) {
        self.told.insert(job, 0);
    }

    /// Whether updates wait for room.
    pub fn waits(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Tells something, as soon as there is room.
    pub fn tell(&mut self, update: Update) {
        self.pending.push_back(update);
        self.flush();
    }

    /// Says whether every update found room. Wakes the window if one did.
    pub fn flush(&mut self) -> bool {
        let mut told = false;
        while let Some(update) = self.pending.pop_front() {
            match self.updates.try_send(update) {
                Ok(()) => told = true,
                Err(TrySendError::Full(update)) => {
                    self.pending.push_front(update);
                    break;
                }
                Err(TrySendError::Disconnected(_)) => {}
            }
        }
        if told {
            (self.wake)();
        }
        self.pending.is_empty()
    }
}
