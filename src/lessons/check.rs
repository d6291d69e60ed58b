//! What a lesson asks of the model: facts about jobs, state and output, never about typed text.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::VertexId;
use crate::model::{CheckpointStatus, Job, Model};
use crate::trace::JobState;

/// What a check may look at.
pub struct Facts<'a> {
    /// The lab as it stands.
    pub model: &'a Model,
    /// Whether time goes on.
    pub playing: bool,
}

/// One condition. A check over jobs passes if any job meets all that it asks.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Check {
    /// Its name contains this: `collect` for a query, `insert-into` and the sink for an INSERT.
    pub job: Option<String>,
    /// It has an operator of this kind: `GroupAggregate`.
    pub operator: Option<String>,
    /// The job is in this state.
    pub state: Option<StateName>,
    /// Its widest vertex has exactly so many subtasks.
    pub parallelism: Option<u32>,
    /// Its sources have read at least so many rows.
    pub read: Option<u64>,
    /// Rows have left it through a sink: at least so many.
    pub output: Option<u64>,
    /// And at most so many.
    pub output_at_most: Option<u64>,
    /// Its result, as a changelog, has at least so many rows.
    pub result: Option<u64>,
    /// At least so many of its checkpoints have completed.
    pub checkpoints: Option<usize>,
    /// Time stands still.
    pub paused: bool,
    /// These keys have these values in keyed state: `keyed = { b = { Sum = "14", Cnt = "6" } }`.
    pub keyed: BTreeMap<String, BTreeMap<String, String>>,
    /// At least so many keys have state.
    pub keys: Option<usize>,
    /// At least so many TaskManagers are dead.
    pub task_managers_lost: Option<usize>,
}

/// Job states as lessons write them: Flink's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names are Flink's own")]
pub enum StateName {
    Running,
    Finished,
    Failed,
    Canceled,
    Restarting,
}

impl Check {
    /// Whether the lab is as the check asks.
    pub fn passes(&self, facts: &Facts<'_>) -> bool {
        let lost = facts.model.cluster.values().filter(|tm| tm.lost.is_some()).count();
        (!self.paused || !facts.playing)
            && self.task_managers_lost.is_none_or(|wanted| lost >= wanted)
            && facts.model.jobs.iter().any(|job| self.met_by(job))
    }

    fn met_by(&self, job: &Job) -> bool {
        self.job.as_ref().is_none_or(|part| job.name.contains(&**part))
            && self.operator.as_ref().is_none_or(|kind| has_operator(job, kind))
            && self.state.is_none_or(|state| job.state == state.into())
            && self.parallelism.is_none_or(|wanted| widest(job) == wanted)
            && self.read.is_none_or(|wanted| rows_read(job) >= wanted)
            && self.output.is_none_or(|wanted| rows_output(job) >= wanted)
            && self.output_at_most.is_none_or(|wanted| rows_output(job) <= wanted)
            && self.result.is_none_or(|wanted| job.result_rows >= wanted)
            && self.checkpoints.is_none_or(|wanted| completed(job) >= wanted)
            && self.keys.is_none_or(|wanted| keys(job) >= wanted)
            && self.keyed.iter().all(|(key, values)| holds(job, key, values))
    }
}

impl From<StateName> for JobState {
    fn from(name: StateName) -> Self {
        match name {
            StateName::Running => Self::Running,
            StateName::Finished => Self::Finished,
            StateName::Failed => Self::Failed,
            StateName::Canceled => Self::Canceled,
            StateName::Restarting => Self::Restarting,
        }
    }
}

fn has_operator(job: &Job, kind: &str) -> bool {
    job.graph.vertices.iter().flat_map(|vertex| &vertex.operators).any(|o| &*o.kind == kind)
}

fn widest(job: &Job) -> u32 {
    job.graph.vertices.iter().map(|vertex| vertex.parallelism).max().unwrap_or(0)
}

fn rows_read(job: &Job) -> u64 {
    let sources = (0..).zip(&job.vertices).filter(|(v, _)| job.is_source(VertexId(*v)));
    sources.flat_map(|(_, subtasks)| subtasks).map(|subtask| subtask.read).sum()
}

fn rows_output(job: &Job) -> u64 {
    job.subtasks().map(|subtask| subtask.output).sum()
}

fn completed(job: &Job) -> usize {
    job.checkpoints.iter().filter(|c| c.status == CheckpointStatus::Completed).count()
}

fn keys(job: &Job) -> usize {
    job.subtasks().flat_map(|s| s.states.values()).map(|table| table.entries.len()).sum()
}

fn holds(job: &Job, key: &str, values: &BTreeMap<String, String>) -> bool {
    let tables = job.subtasks().flat_map(|subtask| subtask.states.values());
    tables
        .filter_map(|table| table.entries.get(key))
        .any(|entry| values.iter().all(|(name, value)| entry.get(name) == Some(value.as_str())))
}
