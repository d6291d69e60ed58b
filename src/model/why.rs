//! "Why is there no output?": from the sink to the culprit, a link a step.

use super::job::{Job, Subtask};
use crate::base::{JobId, LabTime, SubtaskId, VertexId, Watermark};
use crate::model::Model;
use crate::trace::event::WaitReason;
use crate::trace::{ExecutionState, JobState};

/// The answer: a verdict first, then the links that lead to it, first the sink.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The job.
    pub job: JobId,
    /// What a person would say aloud.
    pub verdict: Verdict,
    /// How the verdict follows; the last link is the culprit.
    pub links: Vec<Reason>,
}

/// The answer in one sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// There is output: so many rows.
    Flowing(u64),
    /// There is output, in files that nobody sees yet: so many rows.
    Hidden(u64),
    /// It ended; so many rows came.
    Ended(u64),
    /// It ended, and its sources had found nothing to read.
    NothingRead,
    /// It ended, and no row came through.
    NoneThrough,
    /// It failed.
    Failed,
    /// Its subtasks wait for slots.
    NoSlots,
    /// It is being started or restarted.
    Starting,
    /// Rows came in; an operator holds them until the watermark moves on.
    Watermark,
    /// A receiver does not take what it is given.
    BackPressure,
    /// The source has nothing to give.
    NoInput,
    /// Records are on their way.
    OnTheWay,
}

/// A link of the chain.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The sink got nothing.
    SinkEmpty(SubtaskId),
    /// A subtask took rows and emitted none, or less than it could.
    Holds {
        /// Who.
        subtask: SubtaskId,
        /// Rows that it took.
        taken: u64,
        /// Its watermark.
        watermark: Option<Watermark>,
    },
    /// The watermark is the smallest of these.
    SmallestOf(Vec<(SubtaskId, Option<Watermark>)>),
    /// A subtask took rows and passed none on.
    Drops {
        /// Who.
        subtask: SubtaskId,
        /// Rows that it took.
        taken: u64,
    },
    /// A source subtask stands still since then.
    SourceQuiet {
        /// Who.
        subtask: SubtaskId,
        /// When it last emitted.
        since: LabTime,
        /// Rows that it read.
        read: u64,
    },
    /// A sink writes part files, and none is finished.
    HiddenFiles {
        /// Who.
        subtask: SubtaskId,
        /// Rows in them.
        rows: u64,
        /// Whether the job takes checkpoints.
        checkpoints: bool,
    },
    /// The channel to this subtask is full.
    ChannelFull(SubtaskId),
    /// The subtask has no slot.
    NoSlot(SubtaskId),
    /// The subtask waits for a file, a socket or a person.
    Outside(SubtaskId),
    /// Flink's error.
    Error,
}

impl Reason {
    /// The subtask that the link speaks of.
    pub fn subtask(&self) -> Option<SubtaskId> {
        match self {
            Self::SinkEmpty(id)
            | Self::Holds { subtask: id, .. }
            | Self::Drops { subtask: id, .. }
            | Self::SourceQuiet { subtask: id, .. }
            | Self::HiddenFiles { subtask: id, .. }
            | Self::ChannelFull(id)
            | Self::NoSlot(id)
            | Self::Outside(id) => Some(*id),
            Self::SmallestOf(all) => all.iter().min_by_key(|(_, w)| *w).map(|(id, _)| *id),
            Self::Error => None,
        }
    }
}

/// Why the job gives no output, or that it does.
pub fn why(model: &Model, id: JobId) -> Option<Why> {
    let job = model.job(id)?;
    let (verdict, links) = answer(model, job);
    Some(Why { job: id, verdict, links })
}

fn answer(model: &Model, job: &Job) -> (Verdict, Vec<Reason>) {
    let rows = rows_out(job);
    match job.state {
        JobState::Failed | JobState::Failing => return (Verdict::Failed, vec![Reason::Error]),
        JobState::Finished if rows == 0 => return ended_empty(job),
        JobState::Finished | JobState::Canceled | JobState::Cancelling => {
            return (Verdict::Ended(rows), Vec::new());
        }
        _ => {}
    }
    if let Some(waiting) = job.subtasks().find(|s| s.slot.is_none())
        && free_slots(model) == 0
    {
        return (Verdict::NoSlots, vec![Reason::NoSlot(waiting.id)]);
    }
    if job.subtasks().any(|s| is_starting(s.state)) {
        return (Verdict::Starting, Vec::new());
    }
    let hidden: Vec<_> = sinks(job).filter_map(|sink| hidden_files(job, sink)).collect();
    if !hidden.is_empty() && sinks(job).all(|sink| sink.parts.finished() == 0) {
        let rows = sinks(job).map(|sink| sink.parts.hidden_rows()).sum();
        return (Verdict::Hidden(rows), hidden);
    }
    if rows > 0 && job.stalled.is_none() {
        return (Verdict::Flowing(rows), Vec::new());
    }
    let outside = outside(job);
    let mut links: Vec<_> = sinks(job).take(1).map(|sink| Reason::SinkEmpty(sink.id)).collect();
    if let Some(full) = job.channels.iter().find(|channel| channel.is_full()) {
        links.push(Reason::ChannelFull(full.to));
        return (Verdict::BackPressure, links);
    }
    if let Some(holder) = holder(job) {
        links.extend(holding(job, holder));
        links.extend(outside);
        return (Verdict::Watermark, links);
    }
    if job.channels.iter().any(|channel| !channel.items.is_empty()) {
        return (Verdict::OnTheWay, links);
    }
    links.extend(quiet_source(job));
    links.extend(outside);
    (Verdict::NoInput, links)
}

fn hidden_files(job: &Job, sink: &Subtask) -> Option<Reason> {
    let rows = sink.parts.hidden_rows();
    let checkpoints = !job.checkpoints.is_empty();
    (rows > 0).then_some(Reason::HiddenFiles { subtask: sink.id, rows, checkpoints })
}

/// Why a job that ended by itself gave nothing.
fn ended_empty(job: &Job) -> (Verdict, Vec<Reason>) {
    let took = |s: &&Subtask| s.read > 0 && s.given() == 0;
    let (verdict, culprit) = match job.vertices.iter().rev().flatten().find(took) {
        Some(last) => {
            (Verdict::NoneThrough, Some(Reason::Drops { subtask: last.id, taken: last.read }))
        }
        None => (Verdict::NothingRead, quiet_source(job)),
    };
    // A sink that is chained to the culprit has nothing else to say.
    let own = culprit.as_ref().and_then(Reason::subtask);
    let sink = sinks(job).next().filter(|sink| Some(sink.id) != own);
    (verdict, sink.map(|sink| Reason::SinkEmpty(sink.id)).into_iter().chain(culprit).collect())
}

/// Rows that reached the outside: sinks that are traced, and the result's changelog.
pub fn rows_out(job: &Job) -> u64 {
    job.result_rows.max(job.subtasks().map(|subtask| subtask.output).sum())
}

fn free_slots(model: &Model) -> usize {
    let alive = model.cluster.values().filter(|tm| tm.lost.is_none());
    alive.map(|tm| tm.slots.len() - tm.slots_in_use()).sum()
}

fn is_starting(state: ExecutionState) -> bool {
    use ExecutionState as S;
    matches!(state, S::Created | S::Scheduled | S::Deploying | S::Initializing)
}

fn sinks(job: &Job) -> impl Iterator<Item = &Subtask> {
    job.subtasks().filter(|subtask| job.is_sink(subtask.id.vertex))
}

/// The last vertex of the job that took rows, gave none on, and is no sink by nature.
fn holder(job: &Job) -> Option<&Subtask> {
    let holds = |s: &&Subtask| !job.is_source(s.id.vertex) && s.read > 0 && s.given() == 0;
    let keeps = |s: &&Subtask| job.is_keyed(s.id.vertex);
    job.vertices.iter().rev().flatten().filter(keeps).find(holds)
}

fn holding(job: &Job, holder: &Subtask) -> Vec<Reason> {
    let holds =
        Reason::Holds { subtask: holder.id, taken: holder.read, watermark: holder.watermark };
    let mut inputs: Vec<_> = job
        .inputs(holder.id)
        .filter_map(|channel| job.subtask(channel.from))
        .map(|sender| (sender.id, sender.watermark))
        .collect();
    inputs.sort_by_key(|(id, _)| *id);
    let slowest = inputs.iter().min_by_key(|(_, watermark)| *watermark).map(|(id, _)| *id);
    let culprit = slowest.and_then(|id| job.subtask(id)).map(|sender| Reason::SourceQuiet {
        subtask: sender.id,
        since: sender.active,
        read: sender.read,
    });
    [Some(holds), Some(Reason::SmallestOf(inputs)), culprit].into_iter().flatten().collect()
}

fn quiet_source(job: &Job) -> Option<Reason> {
    let sources = (0..).map(VertexId).zip(&job.vertices).filter(|(v, _)| job.is_source(*v));
    let quiet = sources.flat_map(|(_, subtasks)| subtasks).min_by_key(|source| source.active)?;
    Some(Reason::SourceQuiet { subtask: quiet.id, since: quiet.active, read: quiet.read })
}

fn outside(job: &Job) -> Option<Reason> {
    let chain = job.stalled.as_ref()?;
    let last = chain.iter().find(|waiting| waiting.reason == WaitReason::Outside)?;
    Some(Reason::Outside(last.subtask))
}
