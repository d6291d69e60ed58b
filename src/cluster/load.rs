//! The load of a task: how much of its time it was busy, idle or back-pressured.

use super::step::Step;
use crate::base::{LabDuration, LabTime};
use crate::trace::LoadMetrics;

/// The load of a task: the time since its last step counts as what that step came to.
pub struct Load {
    /// The counters.
    pub metrics: LoadMetrics,
    last: Step,
    accounted: LabTime,
    reported: LabTime,
}

impl Load {
    /// Lab time between two reports.
    const INTERVAL: LabDuration = LabDuration::millis(100);

    /// The load of a task that was deployed at this moment.
    pub fn new(deployed: LabTime) -> Self {
        let metrics = LoadMetrics::default();
        Self { metrics, last: Step::Idle { until: None }, accounted: deployed, reported: deployed }
    }

    /// Counts the time since the last step.
    pub fn account(&mut self, now: LabTime) {
        let elapsed = (now - self.accounted).0;
        self.accounted = now;
        match self.last {
            Step::Progress | Step::Over => self.metrics.busy += elapsed,
            Step::Idle { .. } => self.metrics.idle += elapsed,
            Step::Blocked(_) => self.metrics.back_pressured += elapsed,
        }
    }

    /// Takes note of what a step came to.
    pub fn settle(&mut self, step: Step) {
        self.last = step;
    }

    /// Whether the counters are to be reported; then they count as reported.
    pub fn is_due(&mut self, now: LabTime, step: Step) -> bool {
        let due = step == Step::Over || (now - self.reported) >= Self::INTERVAL;
        if due {
            self.reported = now;
        }
        due
    }
}
