//! Failover: whether a job that failed starts again, and after how long.

use super::options::{JobSettings, RestartStrategy};
use crate::base::LabDuration;

/// Decides over the restarts of one job.
#[derive(Clone, Copy, Debug)]
pub struct Failover {
    settings: JobSettings,
    restarts: u32,
}

impl Failover {
    /// The decider of a job with these settings.
    pub fn new(settings: JobSettings) -> Self {
        Self { settings, restarts: 0 }
    }

    /// The job failed: the delay before it starts again, or nothing if it stays failed.
    /// `has_checkpoint` says whether one counts, which makes Flink's default strategy restart.
    pub fn decide(&mut self, has_checkpoint: bool) -> Option<LabDuration> {
        let checkpoints = has_checkpoint || self.settings.checkpoint_interval.is_some();
        let default = match checkpoints {
            true => RestartStrategy::WITH_CHECKPOINTS,
            false => RestartStrategy::None,
        };
        match self.settings.restart.unwrap_or(default) {
            RestartStrategy::FixedDelay { attempts, delay } if self.restarts < attempts => {
                self.restarts += 1;
                Some(delay)
            }
            RestartStrategy::None | RestartStrategy::FixedDelay { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_restarts_a_job_with_checkpoints() {
        let mut failover = Failover::new(JobSettings::default());
        assert_eq!(failover.decide(false), None);
        assert_eq!(failover.decide(true), Some(LabDuration::seconds(1)));
    }

    #[test]
    fn fixed_delay_gives_up_after_its_attempts() {
        let delay = LabDuration::seconds(3);
        let restart = Some(RestartStrategy::FixedDelay { attempts: 2, delay });
        let mut failover = Failover::new(JobSettings { restart, ..JobSettings::default() });
        let decisions: Vec<_> = (0..3).map(|_| failover.decide(false)).collect();
        assert_eq!(decisions, [Some(delay), Some(delay), None]);
    }
}
