//! Waiting for a job: lets the engine go on and hands over rows and lines as they come.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Session;
use crate::base::{Error, JobId, LabDuration, LabTime};
use crate::runtime::api::ResultRow;
use crate::runtime::stdout_store::StdoutLine;
use crate::runtime::{Budget, Pumped};
use crate::trace::JobState;

/// How long a job is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// On the lab's clock.
    pub lab: Option<LabDuration>,
    /// On the wall's clock.
    pub wall: Option<Duration>,
}

impl Bounds {
    /// To its end, or until the watcher stops it.
    pub const NONE: Self = Self { lab: None, wall: None };
}

/// What a watcher is told. [`News::Nothing`] comes some times a second, so that a watcher can stop a
/// job that is silent.
#[derive(Debug)]
pub enum News {
    /// Rows of the job's result, in order.
    Rows(Vec<ResultRow>),
    /// A line on the stdout of a TaskManager.
    Stdout(Arc<str>),
    /// A line on its stderr.
    Stderr(Arc<str>),
    /// Nothing came.
    Nothing,
}

/// How it ended.
#[derive(Debug, PartialEq)]
pub enum Ending {
    /// By itself.
    Finished,
    /// By an error.
    Failed(Error),
    /// A bound was reached or somebody stopped it; the job is cancelled.
    Stopped,
}

/// Called with each piece of news; `Break` cancels the job.
pub type Watch<'a> = &'a mut dyn FnMut(News) -> ControlFlow<()>;

/// Rows that are turned into text at once.
const PAGE: usize = 4096;

/// Steps between two looks at the clock of the wall; each may be a batch of thousands of rows.
const STEPS: usize = 256;

/// How long to sleep when nothing can happen before somebody acts.
const NAP: Duration = Duration::from_millis(20);

/// How far the watcher has read.
struct Cursor {
    rows: u64,
    lines: u64,
}

struct Deadline {
    lab: LabTime,
    wall: Option<Instant>,
}

impl Deadline {
    fn passed(&self, now: LabTime) -> bool {
        now >= self.lab || self.wall.is_some_and(|at| wall_now() >= at)
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "a bound on the wall's clock is for the person who waits"
)]
fn wall_now() -> Instant {
    Instant::now()
}

impl Session {
    /// Lets the cluster work until a job is over, a bound is reached or the watcher breaks. What the
    /// job said before its end is told before this returns, and its rows are thrown away after.
    pub fn follow(&mut self, job: JobId, bounds: Bounds, watch: Watch<'_>) -> Ending {
        let deadline = Deadline {
            lab: bounds.lab.map_or(LabTime(i64::MAX), |limit| self.engine.now() + limit),
            wall: bounds.wall.map(|limit| wall_now() + limit),
        };
        let mut cursor = Cursor { rows: 0, lines: self.lines_told };
        let mut time_is_up = false;
        let ending = loop {
            // Asked before the news are told, so that none of them come after the end was seen.
            let over = self.engine.is_over(job);
            let told = self.tell(job, &mut cursor, watch);
            if over {
                break self.ending(job);
            }
            if told.is_break() || time_is_up {
                break self.stop(job);
            }
            time_is_up = !self.go_on(&deadline) || deadline.passed(self.engine.now());
        };
        self.lines_told = cursor.lines;
        self.forget(job);
        ending
    }

    /// Goes on for a while. `false` if no time that is left could bring anything.
    fn go_on(&mut self, deadline: &Deadline) -> bool {
        let bounded = deadline.lab < LabTime(i64::MAX);
        let budget = Budget { until: deadline.lab, steps: STEPS, ..Budget::FULL_SPEED };
        match self.engine.pump(budget) {
            Pumped::More => true,
            Pumped::Until(_) | Pumped::Outside | Pumped::Stalled | Pumped::Quiet if bounded => {
                false
            }
            Pumped::Until(_) | Pumped::Outside | Pumped::Stalled | Pumped::Quiet => {
                nap();
                true
            }
        }
    }

    fn tell(&mut self, job: JobId, cursor: &mut Cursor, watch: Watch<'_>) -> ControlFlow<()> {
        watch(News::Nothing)?;
        let news = |line: &StdoutLine| match line.error {
            true => News::Stderr(line.text.clone()),
            false => News::Stdout(line.text.clone()),
        };
        let lines: Vec<_> = self.engine.stdout().lines_from(cursor.lines).map(news).collect();
        cursor.lines = self.engine.stdout().total();
        lines.into_iter().try_for_each(&mut *watch)?;
        loop {
            let rows = self.rows(job, cursor.rows, PAGE);
            if rows.is_empty() {
                return ControlFlow::Continue(());
            }
            cursor.rows += rows.len() as u64;
            watch(News::Rows(rows))?;
        }
    }

    fn ending(&self, job: JobId) -> Ending {
        match self.engine.job(job) {
            Some(status) if status.state == JobState::Failed => {
                let cause = status.cause.map(|cause| (*cause).clone());
                Ending::Failed(cause.unwrap_or_else(|| Error::new("job-failed").arg("job", job)))
            }
            Some(status) if status.state == JobState::Finished => Ending::Finished,
            _ => Ending::Stopped,
        }
    }

    fn stop(&mut self, job: JobId) -> Ending {
        // A job that ended in this very moment is over all the same.
        let _ = self.engine.cancel(job);
        Ending::Stopped
    }
}

#[allow(clippy::disallowed_methods, reason = "nothing moves until somebody acts")]
fn nap() {
    std::thread::sleep(NAP);
}
