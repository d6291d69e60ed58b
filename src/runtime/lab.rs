//! The lab: a session on a thread of its own, for the window. Commands in, updates out.
//!
//! It paces lab time against the wall, tells events, rows and the clock, and lets the engine wait
//! while nobody takes what it told. With nothing to do it is blocked on its commands.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam::channel::{self, Receiver, RecvTimeoutError, Sender};

use super::api::{Command, LabOptions, Outcome, Update};
use super::news::News;
use super::pace::Pace;
use super::session::Session;
use super::{Budget, Pumped};
use crate::base::{Error, Result};

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
            .spawn(move || LabLoop::new(session, mailbox, News::new(out, Box::new(wake))).run())
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
    news: News,
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
    fn new(session: Session, commands: Receiver<Command>, news: News) -> Self {
        let pace = Pace::new(1.0, session.engine().now());
        Self { session, commands, news, playing: true, pace }
    }

    fn run(&mut self) {
        self.news.of_catalog(&self.session);
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
        if !self.news.flush() {
            return Sleep::For(RETRY);
        }
        let sleep = if self.playing { self.play() } else { Sleep::UntilCommand };
        let all = self.news.of_run(&mut self.session, self.playing);
        match sleep {
            _ if self.news.waits() => Sleep::For(RETRY),
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
                    self.news.follow(info.job);
                }
                self.news.tell(Update::Statement { id, outcome });
                self.news.of_catalog(&self.session);
            }
            Command::RunProgram { id, program, parallelism } => {
                let outcome = self.session.run_program(&program, parallelism);
                let outcome = outcome.map(|job| Outcome::Insert { job, bounded: false });
                self.news.tell(Update::Statement { id, outcome });
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
            self.pace.restart(self.session.engine().now());
            self.news.of_reset(options);
        }
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
