//! The lab: a session on a thread of its own, for the window. Commands in, updates out.
//!
//! It paces lab time against the wall, tells events, rows and the clock, and lets the engine wait
//! while nobody takes what it told. With nothing to do it is blocked on its commands.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam::channel::{self, Receiver, RecvTimeoutError, Sender, TrySendError};

use super::api::{CatalogSummary, Command, LabOptions, Outcome, PartsStatus, Update};
use super::pace::Pace;
use super::session::Session;
use super::{Budget, Pumped};
use crate::base::{Error, JobId, LabTime, Result};

/// The near end of the lab.
pub struct Lab {
    commands: Sender<Command>,
    updates: Receiver<Update>,
    thread: Option<JoinHandle<()>>,
}

impl Lab {
    /// Starts a lab that plays. `wake` is called whenever there is something new to take.
    ///
    /// Errors: `thread-not-started`.
    #[allow(clippy::disallowed_methods, reason = "commands never queue behind data")]
    pub fn start(options: LabOptions, wake: impl Fn() + Send + 'static) -> Result<Self> {
        let (commands, mailbox) = channel::unbounded();
        let (out, updates) = channel::bounded(UPDATES);
        let session = Session::new(options)?;
        let builder = thread::Builder::new().name("lab".to_owned());
        let thread = builder
            .spawn(move || LabLoop::new(session, mailbox, out, Box::new(wake)).run())
            .map_err(|e| Error::new("thread-not-started").arg("reason", e))?;
        Ok(Self { commands, updates, thread: Some(thread) })
    }

    /// Sends a command; never waits.
    pub fn send(&self, command: Command) {
        // A lab that has shut down takes no commands.
        let _ = self.commands.send(command);
    }

    /// The next update, if there is one; never waits.
    pub fn next(&self) -> Option<Update> {
        self.updates.try_recv().ok()
    }
}

/// Ends the engine and waits for it: a command is at most one turn of the lab away.
impl Drop for Lab {
    fn drop(&mut self) {
        self.send(Command::Shutdown);
        if let Some(thread) = self.thread.take() {
            // A lab that broke down has nothing left to say.
            let _ = thread.join();
        }
    }
}

/// Updates on their way; while they are not taken the engine waits.
const UPDATES: usize = 64;
/// Events in one update.
const EVENTS: usize = 2_048;
/// Rows in one update.
const ROWS: usize = 1_024;
/// How long a turn of the lab is at most, while time goes on: the clock is told so often.
const TURN: Duration = Duration::from_millis(40);
/// How long the lab waits before it looks again whether its updates were taken.
const RETRY: Duration = Duration::from_millis(4);
/// Wall time for which a lab that was late makes up.
const LAG: Duration = Duration::from_millis(250);

/// What runs on the thread.
struct LabLoop {
    session: Session,
    commands: Receiver<Command>,
    updates: Sender<Update>,
    wake: Box<dyn Fn() + Send>,
    /// Updates that found no room.
    pending: VecDeque<Update>,
    /// Rows told of each query.
    told: BTreeMap<JobId, u64>,
    catalog: CatalogSummary,
    clock: Option<(LabTime, bool)>,
    /// What was told of part files that come.
    parts: Option<PartsStatus>,
    playing: bool,
    pace: Pace,
}

/// How long the lab may sleep.
enum Sleep {
    Not,
    For(Duration),
    UntilCommand,
}

impl LabLoop {
    fn new(
        session: Session,
        commands: Receiver<Command>,
        updates: Sender<Update>,
        wake: Box<dyn Fn() + Send>,
    ) -> Self {
        let pace = Pace::new(1.0, session.engine().now());
        Self {
            catalog: session.summary(),
            session,
            commands,
            updates,
            wake,
            pending: VecDeque::new(),
            told: BTreeMap::new(),
            clock: None,
            parts: None,
            playing: true,
            pace,
        }
    }

    fn run(&mut self) {
        self.tell(Update::Catalog(Arc::new(self.catalog.clone())));
        loop {
            let sleep = self.turn();
            let command = match sleep {
                Sleep::Not => self.commands.try_recv().ok(),
                Sleep::For(time) => match self.commands.recv_timeout(time) {
                    Ok(command) => Some(command),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
                Sleep::UntilCommand => match self.commands.recv() {
                    Ok(command) => Some(command),
                    Err(_) => return,
                },
            };
            if matches!(sleep, Sleep::UntilCommand) {
                self.pace.restart(self.session.engine().now());
            }
            let mut next = command;
            while let Some(command) = next {
                if command == Command::Shutdown {
                    return;
                }
                self.perform(command);
                next = self.commands.try_recv().ok();
            }
        }
    }

    /// Tells what is new, and lets time go on if it plays and everything told was taken.
    fn turn(&mut self) -> Sleep {
        if !self.flush() {
            return Sleep::For(RETRY);
        }
        let sleep = if self.playing { self.play() } else { Sleep::UntilCommand };
        let all = self.tell_news();
        match sleep {
            _ if !self.pending.is_empty() => Sleep::For(RETRY),
            Sleep::UntilCommand if !all => Sleep::Not,
            sleep => sleep,
        }
    }

    fn play(&mut self) -> Sleep {
        let until = self.pace.target();
        let budget = Budget { until, wait: RETRY, ..Budget::FULL_SPEED };
        let pumped = self.session.engine_mut().pump(budget);
        let now = self.session.engine().now();
        match pumped {
            Pumped::More => {
                self.pace.forgive(now, LAG);
                Sleep::Not
            }
            Pumped::Until(at) => Sleep::For(self.pace.wait(at).clamp(RETRY, TURN)),
            // Lines may come at any moment.
            Pumped::Outside if self.session.engine().listens() => Sleep::For(TURN),
            Pumped::Outside => match self.session.engine().next_tick() {
                Some(at) => Sleep::For(self.pace.wait(at).max(RETRY)),
                None => Sleep::UntilCommand,
            },
            Pumped::Stalled | Pumped::Quiet => Sleep::UntilCommand,
        }
    }

    fn perform(&mut self, command: Command) {
        let now = self.session.engine().now();
        match command {
            Command::Execute { id, text, at } => {
                let outcome = self.session.execute(&text, at);
                if let Ok(Outcome::Query(info)) = &outcome {
                    self.told.insert(info.job, 0);
                }
                self.tell(Update::Statement { id, outcome });
                self.tell_catalog();
            }
            Command::RunProgram { id, program, parallelism } => {
                let outcome = self.session.run_program(&program, parallelism);
                let outcome = outcome.map(|job| Outcome::Insert { job, bounded: false });
                self.tell(Update::Statement { id, outcome });
            }
            Command::Play => {
                self.playing = true;
                self.pace.restart(now);
            }
            Command::Pause => self.playing = false,
            Command::StepRecord => {
                self.playing = false;
                self.session.engine_mut().step_record();
            }
            Command::SetSpeed(speed) => self.pace.set_speed(speed, now),
            Command::Reset(options) => self.reset(options),
            Command::Shutdown => {}
            command => self.act_on_cluster(command),
        }
    }

    /// What a person does to jobs and TaskManagers. A job that ended meanwhile makes it nothing: the
    /// trace shows how it ended.
    fn act_on_cluster(&mut self, command: Command) {
        let engine = self.session.engine_mut();
        let _ = match command {
            Command::Cancel(job) => engine.cancel(job),
            Command::Feed { job, rows } => engine.feed(job, &rows),
            Command::TriggerCheckpoint(job) => engine.trigger_checkpoint(job),
            Command::StartTaskManager(id) => engine.start_task_manager(id),
            Command::BringParts(options) => engine.bring_parts(&options),
            Command::StopParts => {
                engine.stop_parts();
                Ok(())
            }
            Command::KillTaskManager(id) => {
                engine.kill_task_manager(id);
                Ok(())
            }
            _ => Ok(()),
        };
    }

    /// A cluster that cannot be made leaves the old one in place.
    fn reset(&mut self, options: LabOptions) {
        if self.session.reset(options.clone()).is_ok() {
            self.told.clear();
            self.clock = None;
            self.parts = None;
            self.pace.restart(self.session.engine().now());
            self.tell(Update::Reset(options));
        }
    }

    /// Tells events, rows and the clock. Says whether that was all.
    fn tell_news(&mut self) -> bool {
        let mut events = Vec::new();
        self.session.engine_mut().drain_events(&mut events);
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            self.tell(Update::Events(events.by_ref().take(EVENTS).collect()));
        }
        let all = self.tell_rows();
        let parts = self.session.engine().parts().cloned();
        if let Some(status) = parts.filter(|status| self.parts.as_ref() != Some(status)) {
            self.parts = Some(status.clone());
            self.tell(Update::Parts(status));
        }
        let clock = (self.session.engine().now(), self.playing);
        if self.clock != Some(clock) {
            self.clock = Some(clock);
            self.tell(Update::Clock { now: clock.0, playing: clock.1 });
        }
        all
    }

    /// A page of each query that has new rows. Says whether every row was told.
    fn tell_rows(&mut self) -> bool {
        let mut all = true;
        let jobs: Vec<(JobId, u64)> = self.told.iter().map(|(job, told)| (*job, *told)).collect();
        for (job, told) in jobs {
            let over = self.session.engine().is_over(job);
            let (rows, first_kept) = match self.session.engine().results(job) {
                Some(store) => (store.rows(), store.first_kept()),
                None => (0, 0),
            };
            // Rows that were taken back come again; rows that are no longer kept are left out.
            let first = told.min(rows).max(first_kept);
            if first < rows {
                let page = self.session.rows(job, first, ROWS);
                let told = first + page.len() as u64;
                self.told.insert(job, told);
                self.tell(Update::Rows { job, first, rows: page });
                all &= told == rows;
            } else if over {
                self.told.remove(&job);
                self.session.engine_mut().forget_results(job);
            }
        }
        all
    }

    fn tell_catalog(&mut self) {
        let catalog = self.session.summary();
        if catalog != self.catalog {
            self.catalog = catalog;
            self.tell(Update::Catalog(Arc::new(self.catalog.clone())));
        }
    }

    fn tell(&mut self, update: Update) {
        self.pending.push_back(update);
        self.flush();
    }

    /// Says whether every update found room. Wakes the window if one did.
    fn flush(&mut self) -> bool {
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::base::{LabDuration, Location};
    use crate::runtime::api::{PartsOptions, Program};
    use crate::trace::{EventKind, JobState};

    /// Takes updates until one is what the test waits for; fails after a while.
    fn wait_for<T>(lab: &Lab, mut what: impl FnMut(Update) -> Option<T>) -> T {
        #[allow(clippy::disallowed_methods, reason = "a test that waits for a thread")]
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            match lab.next() {
                Some(update) => {
                    if let Some(found) = what(update) {
                        return found;
                    }
                }
                None => thread::yield_now(),
            }
        }
        panic!("the lab did not tell it");
    }

    fn start(options: LabOptions) -> Lab {
        Lab::start(options, || {}).unwrap()
    }

    fn scoreboard() -> Command {
        let program = Program::Scoreboard { answers: None, exam_ends_at: 10, open: false };
        Command::RunProgram { id: 1, program, parallelism: 2 }
    }

    fn finished(update: Update) -> Option<()> {
        let Update::Events(events) = update else { return None };
        let is_end = |kind: &EventKind| {
            matches!(kind, EventKind::JobStateChanged { state: JobState::Finished, .. })
        };
        events.iter().any(|e| is_end(&e.kind)).then_some(())
    }

    #[test]
    fn a_program_runs_to_its_end_at_full_speed() {
        let lab = start(LabOptions::lesson());
        lab.send(Command::SetSpeed(f64::INFINITY));
        lab.send(scoreboard());
        wait_for(&lab, finished);
    }

    #[test]
    fn a_paused_lab_moves_one_record_at_a_time() {
        let lab = start(LabOptions::lesson());
        lab.send(Command::Pause);
        lab.send(scoreboard());
        lab.send(Command::StepRecord);
        let moved = |update: Update| match update {
            Update::Events(events) => {
                let moved =
                    events.iter().filter(|e| matches!(e.kind, EventKind::RecordsEnqueued { .. }));
                Some(moved.count()).filter(|count| *count > 0)
            }
            _ => None,
        };
        assert_eq!(wait_for(&lab, moved), 1);
    }

    #[test]
    fn a_refused_statement_is_told_and_the_lab_goes_on() {
        let lab = start(LabOptions::lesson());
        let at = Location { line: 1, column: 1 };
        lab.send(Command::Execute { id: 7, text: "SELEC 1".to_owned(), at });
        let refused = |update: Update| match update {
            Update::Statement { id: 7, outcome } => Some(outcome.is_err()),
            _ => None,
        };
        assert!(wait_for(&lab, refused));
        lab.send(Command::SetSpeed(f64::INFINITY));
        lab.send(scoreboard());
        wait_for(&lab, finished);
    }

    #[test]
    fn part_files_come_while_no_job_runs() {
        for options in [LabOptions::lesson(), LabOptions::full_speed()] {
            let folder = tempfile::tempdir().unwrap();
            let root = Some(folder.path().to_owned());
            let lab = start(LabOptions { root, ..options });
            lab.send(Command::SetSpeed(1_000.0));
            let every = LabDuration::millis(20);
            let parts = PartsOptions::tutorial("/people", "en");
            lab.send(Command::BringParts(PartsOptions { every, files: 3, ..parts }));
            let over = |update: Update| match update {
                Update::Parts(status) => status.over.then_some(status),
                _ => None,
            };
            let status = wait_for(&lab, over);
            assert_eq!((status.written, status.cause), (3, None));
            let files = std::fs::read_dir(folder.path().join("people")).unwrap();
            assert_eq!(files.count(), 3);
        }
    }

    #[test]
    fn part_files_that_cannot_be_written_say_why() {
        let folder = tempfile::tempdir().unwrap();
        let lab =
            start(LabOptions { root: Some(folder.path().to_owned()), ..LabOptions::lesson() });
        lab.send(Command::BringParts(PartsOptions::tutorial("/../people", "en")));
        let cause = |update: Update| match update {
            Update::Parts(status) => status.cause,
            _ => None,
        };
        assert_eq!(wait_for(&lab, cause).code(), "file-outside");
    }

    #[test]
    fn a_reset_begins_anew() {
        let lab = start(LabOptions::lesson());
        lab.send(Command::Reset(LabOptions { task_managers: 1, ..LabOptions::lesson() }));
        let reset = |update: Update| match update {
            Update::Reset(options) => Some(options.task_managers),
            _ => None,
        };
        assert_eq!(wait_for(&lab, reset), 1);
        let first = |update: Update| match update {
            Update::Events(events) => events.first().map(|e| e.sequence),
            _ => None,
        };
        assert_eq!(wait_for(&lab, first), 0);
    }
}
