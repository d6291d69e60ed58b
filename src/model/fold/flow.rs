//! What flows: records, watermarks, barriers, output.

use std::sync::Arc;

use super::{Model, Moment};
use crate::base::{ChannelId, JobId, OperatorId, RecordId, SubtaskId, Watermark};
use crate::data::{Batch, PartFile};
use crate::model::cells::{Cell, cells};
use crate::model::job::{Job, Subtask};
use crate::model::palette::Key;
use crate::model::records::{Hop, Place, Record};
use crate::model::timeline::{MarkKind, WATERMARK_SPACING};
use crate::model::{ItemKind, Log, StdoutLine};
use crate::trace::{Causes, EventKind};

pub(super) fn apply(model: &mut Model, moment: Moment, event: &EventKind) {
    match event {
        EventKind::Stdout { task_manager, subtask, line } => {
            let lines =
                model.stdout.entry(*task_manager).or_insert_with(|| Log::new(Model::MAX_LINES));
            let (subtask, line) = (*subtask, line.clone());
            lines.push(StdoutLine { at: moment.at, sequence: moment.sequence, subtask, line });
        }
        EventKind::ResultGrew { job, rows } => {
            if let Some(job) = model.job_mut(*job) {
                job.result_rows = *rows;
            }
        }
        EventKind::ChannelFill { job, channel, used } => {
            if let Some(channel) = model.job_mut(*job).and_then(|job| job.channel_mut(*channel)) {
                channel.set_used(*used);
            }
        }
        EventKind::WatermarkAdvanced { subtask, watermark } => {
            watermark_advanced(model, moment, *subtask, *watermark);
        }
        EventKind::WatermarkEnqueued { job, channel, watermark } => {
            enqueue(model, moment, *job, *channel, ItemKind::Watermark(*watermark));
        }
        EventKind::BarrierEnqueued { job, channel, checkpoint } => {
            enqueue(model, moment, *job, *channel, ItemKind::Barrier(*checkpoint));
        }
        EventKind::BarrierTaken { job, channel, checkpoint } => {
            if let Some(channel) = model.job_mut(*job).and_then(|job| job.channel_mut(*channel)) {
                channel.take_barrier(*checkpoint);
            }
        }
        EventKind::RecordsEmitted { subtask, operator, batch, causes } => {
            emitted(model, moment, (*subtask, *operator), batch, causes);
        }
        EventKind::RecordsEnqueued { job, channel, batch } => {
            records_enqueued(model, moment, *job, *channel, batch);
        }
        EventKind::RecordsTaken { job, channel, ids } => taken(model, moment, *job, *channel, ids),
        EventKind::RecordsOutput { subtask, ids, .. } => output(model, moment, *subtask, ids),
        EventKind::RecordLate { subtask, id, .. } => late(model, moment, *subtask, *id),
        EventKind::PartFileChanged { subtask, file } => part_file(model, *subtask, file),
        _ => {}
    }
}

fn enqueue(model: &mut Model, moment: Moment, job: JobId, channel: ChannelId, kind: ItemKind) {
    let Some(job) = model.job_mut(job) else { return };
    job.stalled = None;
    if let Some(channel) = job.channel_mut(channel) {
        channel.push(moment.sequence, moment.at, kind);
    }
}

fn watermark_advanced(model: &mut Model, moment: Moment, id: SubtaskId, watermark: Watermark) {
    let Some(job) = model.job_mut(id.job) else { return };
    job.stalled = None;
    for channel in job.channels.iter_mut().filter(|channel| channel.to == id) {
        channel.take_watermarks(watermark);
    }
    if let Some(subtask) = job.subtask_mut(id) {
        (subtask.watermark, subtask.watermark_at) = (Some(watermark), moment.at);
    }
    let is_news = |at| moment.at - at >= WATERMARK_SPACING;
    let last =
        model.timeline.iter().rev().find(|mark| matches!(mark.kind, MarkKind::Watermark(..)));
    if last.is_none_or(|mark| is_news(mark.at)) && watermark != Watermark::MAX {
        model.timeline.push(moment.mark(MarkKind::Watermark(id.job, watermark)));
    }
}

fn emitted(
    model: &mut Model,
    moment: Moment,
    (id, operator): (SubtaskId, OperatorId),
    batch: &Batch,
    causes: &Causes,
) {
    let Some(ids) = batch.ids() else { return };
    let Some(job) = model.job_mut(id.job) else { return };
    job.stalled = None;
    let slot = count_emitted(job, moment, id, operator, ids, causes);
    let key_columns = key_columns(job, operator);
    let all = cells(batch);
    let keys: Vec<_> = all.iter().map(|row| key(job, &key_columns, row)).collect();
    for (row, ((cells, key), record)) in all.into_iter().zip(keys).zip(ids.iter()).enumerate() {
        let place = Place::Emitted { slot };
        model.records.insert(Record {
            id: *record,
            kind: batch.kind(row),
            cells,
            key,
            subtask: id,
            operator,
            causes: causes_of(causes, row),
            effects: Vec::new(),
            hops: vec![Hop { sequence: moment.sequence, at: moment.at, place }],
        });
        if let Causes::Records(parents) = causes {
            for parent in parents.iter() {
                model.records.effect(*parent, *record);
            }
        }
    }
}

/// Rows of a batch that comes from outside stand at consecutive positions.
fn causes_of(causes: &Causes, row: usize) -> Causes {
    match causes {
        Causes::Source { position } => Causes::Source { position: position + row as u64 },
        Causes::Records(_) => causes.clone(),
    }
}

fn count_emitted(
    job: &mut Job,
    moment: Moment,
    id: SubtaskId,
    operator: OperatorId,
    ids: &[RecordId],
    causes: &Causes,
) -> Option<crate::base::SlotId> {
    let place = job.vertex(id.vertex).and_then(|vertex| vertex.place_of(operator));
    let (is_head, is_last) = place.unwrap_or_default();
    let subtask = job.subtask_mut(id)?;
    subtask.active = moment.at;
    if let Causes::Source { position } = causes {
        subtask.read = position + ids.len() as u64;
        subtask.current = ids.last().copied();
    }
    if is_head {
        for id in ids.iter().rev().take(Subtask::MAX_RECENT).rev() {
            subtask.remember(*id);
        }
    }
    if is_last {
        subtask.emitted += ids.len() as u64;
    }
    subtask.keep_pace(moment.at);
    subtask.slot
}

fn key_columns(job: &Job, operator: OperatorId) -> Vec<usize> {
    job.operator(operator).map(|(_, shape)| shape.key_columns.clone()).unwrap_or_default()
}

fn key(job: &mut Job, columns: &[usize], cells: &[Cell]) -> Option<Key> {
    let mut texts = columns.iter().filter_map(|column| cells.get(*column)).map(|cell| &*cell.text);
    let mut text = texts.next()?.to_owned();
    for more in texts {
        text.push_str(", ");
        text.push_str(more);
    }
    Some(job.palette.key(&text))
}

fn records_enqueued(
    model: &mut Model,
    moment: Moment,
    job: JobId,
    channel: ChannelId,
    batch: &Batch,
) {
    let ids = batch.ids().cloned().unwrap_or_else(|| Arc::new([]));
    enqueue(model, moment, job, channel, ItemKind::Records(ids.clone()));
    let found = model.job_mut(job).and_then(|job| job.channel_mut(channel));
    let Some(found) = found else { return };
    if !batch.marks().is_empty() {
        found.expect_rider();
    }
    let used = found.items.iter().filter(|item| !item.rides).count() as u32;
    for id in ids.iter() {
        let place = Place::Enqueued { job, channel, used };
        model.records.hop(*id, Hop { sequence: moment.sequence, at: moment.at, place });
    }
}

fn taken(model: &mut Model, moment: Moment, job: JobId, channel: ChannelId, ids: &Arc<[RecordId]>) {
    let Some(job) = model.job_mut(job) else { return };
    let Some(channel) = job.channel_mut(channel) else { return };
    channel.take_records(ids);
    let receiver = channel.to;
    let Some(subtask) = job.subtask_mut(receiver) else { return };
    subtask.read += ids.len() as u64;
    subtask.current = ids.last().copied();
    subtask.active = moment.at;
    subtask.keep_pace(moment.at);
    let slot = subtask.slot;
    for id in ids.iter() {
        let place = Place::Taken { subtask: receiver, slot };
        model.records.hop(*id, Hop { sequence: moment.sequence, at: moment.at, place });
    }
}

fn output(model: &mut Model, moment: Moment, id: SubtaskId, ids: &[RecordId]) {
    let Some(subtask) = model.subtask_mut(id) else { return };
    subtask.output += ids.len() as u64;
    subtask.active = moment.at;
    for record in ids {
        let place = Place::Output { subtask: id };
        model.records.hop(*record, Hop { sequence: moment.sequence, at: moment.at, place });
    }
}

fn late(model: &mut Model, moment: Moment, id: SubtaskId, record: RecordId) {
    let Some(subtask) = model.subtask_mut(id) else { return };
    subtask.late += 1;
    let place = Place::Late { subtask: id };
    model.records.hop(record, Hop { sequence: moment.sequence, at: moment.at, place });
}

/// The last writer to end shows the files of all of them: whose file it is, is not who moved it.
fn part_file(model: &mut Model, id: SubtaskId, file: &PartFile) {
    let Some(job) = model.job_mut(id.job) else { return };
    let Some(writers) = job.vertices.get_mut(id.vertex.0 as usize) else { return };
    let place = writers.iter().position(|writer| writer.parts.has(&file.name));
    if let Some(owner) = writers.get_mut(place.unwrap_or(id.index as usize)) {
        owner.parts.step(&file.name, file.step);
    }
}
