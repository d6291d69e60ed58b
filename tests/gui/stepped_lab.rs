//! A lab without a thread or a clock: the real session, and a test says how far its time goes.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use riacho::base::{JobId, LabDuration, LabTime};
use riacho::gui::link::LabPort;
use riacho::runtime::api::{Command, LabOptions, Outcome, Update};
use riacho::runtime::engine::Budget;
use riacho::runtime::session::Session;

/// The lab as both ends share it.
#[derive(Clone)]
pub struct SteppedLab(Rc<RefCell<Inner>>);

struct Inner {
    session: Session,
    updates: VecDeque<Update>,
    /// Rows told of each query.
    told: BTreeMap<JobId, u64>,
    playing: bool,
}

impl SteppedLab {
    /// Two TaskManagers of two slots, at the beginning of time; perhaps with a folder of its own.
    pub fn new(root: Option<PathBuf>) -> Self {
        let options = LabOptions { start: Some(LabTime(0)), root, ..LabOptions::lesson() };
        let session = Session::new(options).unwrap();
        let (updates, told) = (VecDeque::new(), BTreeMap::new());
        let mut inner = Inner { session, updates, told, playing: true };
        inner.tell();
        Self(Rc::new(RefCell::new(inner)))
    }

    /// Lets lab time go on, if it is not paused.
    pub fn go(&self, by: LabDuration) {
        let mut inner = self.0.borrow_mut();
        if inner.playing {
            let engine = inner.session.engine_mut();
            let until = engine.now() + by;
            engine.pump(Budget { until, steps: 100_000, ..Budget::FULL_SPEED });
        }
        inner.tell();
    }

    /// Whether time goes on.
    pub fn playing(&self) -> bool {
        self.0.borrow().playing
    }
}

impl Inner {
    fn tell(&mut self) {
        let mut events = Vec::new();
        self.session.engine_mut().drain_events(&mut events);
        self.updates.push_back(Update::Events(events));
        for (&job, told) in &mut self.told {
            let rows = self.session.rows(job, *told, 1_000);
            let first = *told;
            *told += rows.len() as u64;
            self.updates.push_back(Update::Rows { job, first, rows });
        }
        let parts = self.session.engine().parts().cloned();
        self.updates.extend(parts.map(Update::Parts));
        let (now, playing) = (self.session.engine().now(), self.playing);
        self.updates.push_back(Update::Clock { now, playing });
        self.updates.push_back(Update::Catalog(Arc::new(self.session.summary())));
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::Execute { id, text, at } => {
                let outcome = self.session.execute(&text, at);
                if let Ok(Outcome::Query(info)) = &outcome {
                    self.told.insert(info.job, 0);
                }
                self.updates.push_back(Update::Statement { id, outcome });
            }
            Command::RunProgram { id, program, parallelism } => {
                let outcome = self.session.run_program(&program, parallelism);
                let outcome = outcome.map(|job| Outcome::Insert { job, bounded: false });
                self.updates.push_back(Update::Statement { id, outcome });
            }
            Command::Cancel(job) => self.session.engine_mut().cancel(job).unwrap(),
            Command::Feed { job, rows } => self.session.engine_mut().feed(job, &rows).unwrap(),
            Command::BringParts(options) => {
                self.session.engine_mut().bring_parts(&options).unwrap()
            }
            Command::StopParts => self.session.engine_mut().stop_parts(),
            Command::Play => self.playing = true,
            Command::Pause => self.playing = false,
            Command::StepRecord => {
                self.playing = false;
                self.session.engine_mut().step_record();
            }
            _ => {}
        }
    }
}

impl LabPort for SteppedLab {
    fn send(&mut self, command: Command) {
        let mut inner = self.0.borrow_mut();
        inner.perform(command);
        inner.tell();
    }

    fn next(&mut self) -> Option<Update> {
        self.0.borrow_mut().updates.pop_front()
    }
}
