//! How many rows a second of lab time pass over each edge: what is said of a flow that is too fast
//! for single records.

use crate::base::{JobId, LabDuration, LabTime};
use crate::model::Job;

/// Rates by edge, measured over stretches of lab time.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    job: Option<JobId>,
    at: LabTime,
    counts: Vec<u64>,
    rates: Vec<f64>,
}

/// A stretch to measure over.
const STRETCH: LabDuration = LabDuration::millis(500);

impl Rates {
    /// Looks at the counts at a moment.
    pub fn update(&mut self, job: &Job, now: LabTime) {
        let restarts = self.job != Some(job.id) || now < self.at;
        let stretch = now - self.at;
        if !restarts && stretch < STRETCH {
            return;
        }
        let counts = counts(job);
        self.rates = if restarts {
            vec![0.0; counts.len()]
        } else {
            let seconds = stretch.0 as f64 / 1e6;
            let rate = |(now, before): (&u64, &u64)| now.saturating_sub(*before) as f64 / seconds;
            counts.iter().zip(&self.counts).map(rate).collect()
        };
        (self.job, self.at, self.counts) = (Some(job.id), now, counts);
    }

    /// Rows a second over an edge.
    pub fn of(&self, edge: usize) -> f64 {
        self.rates.get(edge).copied().unwrap_or_default()
    }
}

fn counts(job: &Job) -> Vec<u64> {
    let mut counts = vec![0; job.graph.edges.len()];
    for channel in &job.channels {
        if let Some(count) = counts.get_mut(channel.edge) {
            *count += channel.records;
        }
    }
    counts
}
