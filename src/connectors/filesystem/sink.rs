//! Writing part files.
//!
//! A part file is rolled at every checkpoint, as Flink does for CSV; for JSON and raw lines Flink waits
//! for the size or the age of the file as well, so that with its defaults a stream of them shows nothing
//! for half an hour. At the end of the input nothing is shown before the last writer has ended: a batch
//! job that fails leaves nothing behind that a reader would see.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::commit;
use super::compaction;
use super::part::{InProgress, Part, number_of};
use super::statement::{Ended, Statement, Target, all_files};
use crate::base::{CheckpointId, Result, Watermark};
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Files, SinkContext, SinkFactory, SinkWriter};
use crate::data::Batch;

/// Makes the writers of one statement.
pub(super) struct Factory {
    statement: Arc<Statement>,
}

impl Factory {
    pub(super) fn new(target: Target) -> Self {
        Self { statement: Arc::new(Statement::new(target)) }
    }
}

impl SinkFactory for Factory {
    fn create(&self, index: u32, parallelism: u32) -> Result<Box<dyn SinkWriter>> {
        self.statement.begin_anew(index);
        Ok(Box::new(Writer::new(self.statement.clone(), index, parallelism)))
    }
}

/// One of the writers of a statement.
struct Writer {
    statement: Arc<Statement>,
    index: u32,
    parallelism: u32,
    /// Whether what an earlier attempt left behind is gone.
    swept: bool,
    next_part: u64,
    /// The file in progress of each folder.
    open: BTreeMap<String, InProgress>,
    /// Snapshots since the job began or began anew.
    epoch: u64,
    /// Rolled since the last snapshot.
    pending: Vec<Part>,
    /// In a snapshot whose checkpoint is not complete yet.
    covered: Vec<Part>,
    uncommitted: commit::Open,
    watermark: Watermark,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    index: u32,
    name: Option<String>,
    next_part: u64,
    pending: Vec<Part>,
    uncommitted: commit::Open,
}

impl Writer {
    fn new(statement: Arc<Statement>, index: u32, parallelism: u32) -> Self {
        Self {
            statement,
            index,
            parallelism,
            swept: false,
            next_part: 0,
            open: BTreeMap::new(),
            epoch: 0,
            pending: Vec::new(),
            covered: Vec::new(),
            uncommitted: commit::Open::default(),
            watermark: Watermark::MIN,
        }
    }

    /// The beginning of the names of its part files.
    fn name(&self, files: &dyn Files) -> Result<String> {
        Ok(format!("{}-{}", self.statement.name(files)?, self.index))
    }

    /// Removes the part files, numbered `from` and on, that an earlier attempt wrote after what this one
    /// goes on from.
    fn sweep(&mut self, from: u64, files: &dyn Files) -> Result<()> {
        if std::mem::replace(&mut self.swept, true) || self.statement.name.get().is_none() {
            return Ok(());
        }
        if self.statement.target.compaction.is_some() {
            // Another writer may be compacting.
            let _alone = self.statement.handed();
            let all = all_files(files, &self.statement.target.directory)?;
            compaction::recover(&all, files)?;
        }
        let name = self.name(files)?;
        let kept = |file: &str| self.covered.iter().any(|part| part.is(file));
        for file in all_files(files, &self.statement.target.directory)? {
            if number_of(&file, &name).is_some_and(|n| n >= from) && !kept(&file) {
                files.remove(&file)?;
            }
        }
        Ok(())
    }

    fn write_to(
        &mut self,
        folder: String,
        batch: &Batch,
        context: &mut SinkContext<'_>,
    ) -> Result<()> {
        let (files, now) = (context.files, context.now);
        let due = |file: &InProgress| self.statement.target.rolling.is_due(file, now);
        if self.open.get(&folder).is_some_and(due) {
            self.roll(&folder, context)?;
        }
        if !self.open.contains_key(&folder) {
            let name = self.name(files)?;
            let target = &self.statement.target;
            let part = Part::new(&target.directory, &folder, &name, self.next_part);
            let file = InProgress::open(part, target.writer.create(), files, now)?;
            self.next_part += 1;
            self.open.insert(folder.clone(), file);
            if target.commit.is_some() {
                self.uncommitted.add(&folder, now);
            }
        }
        if let Some(file) = self.open.get_mut(&folder) {
            file.write(batch, context)?;
            if self.statement.target.rolling.is_due(file, now) {
                self.roll(&folder, context)?;
            }
        }
        Ok(())
    }

    fn roll(&mut self, folder: &str, context: &mut SinkContext<'_>) -> Result<()> {
        if let Some(file) = self.open.remove(folder) {
            self.pending.push(file.close(context)?);
        }
        Ok(())
    }

    fn roll_all(&mut self, context: &mut SinkContext<'_>) -> Result<()> {
        let folders: Vec<String> = self.open.keys().cloned().collect();
        folders.iter().try_for_each(|folder| self.roll(folder, context))
    }

    /// What was rolled so far belongs to the next checkpoint.
    fn cover(&mut self) {
        self.epoch += 1;
        let epoch = self.epoch;
        self.covered.extend(self.pending.drain(..).map(|part| part.covered_by(epoch)));
        let folders = self.covered.iter().map(|part| part.folder.clone()).collect();
        self.statement.standings().covers(self.index, folders);
    }

    /// Shows what a completed checkpoint covers. Says whether all of it can be seen now: with compaction
    /// that is only so once every writer has given its part.
    fn show(&mut self, context: &mut SinkContext<'_>) -> Result<bool> {
        let statement = self.statement.clone();
        let Some(compaction) = &statement.target.compaction else {
            self.covered.drain(..).try_for_each(|part| part.publish(context))?;
            return Ok(true);
        };
        let ended = statement.ended();
        let mut handed = statement.handed();
        handed.add(self.index, &self.covered);
        let whole = handed.take_whole(self.parallelism, |writer| ended.contains_key(&writer));
        match whole {
            Some(parts) => {
                statement.publish(&parts, Some(compaction), context)?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Commits the partitions that are complete as far as this writer and the others know.
    fn commit(&mut self, context: &SinkContext<'_>) -> Result<()> {
        let Some(rules) = &self.statement.target.commit else { return Ok(()) };
        let mut standings = self.statement.standings();
        standings.shows_all(self.index, self.watermark);
        let place = self.statement.place(context.files);
        let watermark = standings.watermark(self.parallelism);
        let hidden = |folder: &str| standings.hide(folder);
        self.uncommitted.commit(rules, &place, (context.now, watermark), hidden)?;
        // What came after the checkpoint opens its partition once more.
        self.open.keys().for_each(|folder| self.uncommitted.add(folder, context.now));
        Ok(())
    }
}

impl SinkWriter for Writer {
    fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()> {
        self.sweep(0, context.files)?;
        for (folder, rows) in self.statement.clone().target.buckets.split(batch)? {
            self.write_to(folder, &rows, context)?;
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark) {
        self.watermark = watermark;
    }

    fn snapshot(&mut self, context: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        self.roll_all(context)?;
        if self.statement.target.compaction.is_some() {
            // Compaction begins when every writer is in a checkpoint: then nobody has to sweep any more.
            self.sweep(0, context.files)?;
            // Until its part files are compacted, a checkpoint has to hold them.
            let mut waiting = Vec::new();
            for part in self.covered.drain(..) {
                if context.files.status(part.hidden())?.is_some() {
                    waiting.push(part);
                }
            }
            self.covered = waiting;
        }
        self.cover();
        encode(&Snapshot {
            index: self.index,
            name: self.statement.name.get().cloned(),
            next_part: self.next_part,
            pending: self.covered.clone(),
            uncommitted: self.uncommitted.clone(),
        })
    }

    fn restore(&mut self, snapshots: &[Vec<u8>], context: &mut SinkContext<'_>) -> Result<()> {
        // Without a snapshot of its own it cannot tell which files came later.
        let mut own = u64::MAX;
        for bytes in snapshots {
            let snapshot: Snapshot = decode(bytes)?;
            if snapshot.index == self.index {
                own = snapshot.next_part;
            }
            if let Some(name) = snapshot.name {
                self.statement.name.get_or_init(|| name);
            }
            self.next_part = self.next_part.max(snapshot.next_part);
            if snapshot.index % self.parallelism == self.index {
                self.covered.extend(snapshot.pending);
                self.uncommitted.merge(snapshot.uncommitted);
            }
        }
        self.sweep(own, context.files)?;
        let parts: Vec<Part> = self.covered.drain(..).collect();
        match &self.statement.target.compaction {
            Some(compaction) => {
                let _alone = self.statement.handed();
                compaction.publish(&parts, context)
            }
            None => parts.iter().try_for_each(|part| part.publish(context)),
        }
    }

    fn checkpoint_completed(
        &mut self,
        _checkpoint: CheckpointId,
        context: &mut SinkContext<'_>,
    ) -> Result<()> {
        if self.show(context)? { self.commit(context) } else { Ok(()) }
    }

    fn finish(&mut self, context: &mut SinkContext<'_>) -> Result<()> {
        self.sweep(0, context.files)?;
        self.roll_all(context)?;
        // They stay in its last snapshot: a restart shows them if the job fails before all have ended.
        let checkpoints = self.epoch > 0;
        self.cover();
        let statement = self.statement.clone();
        statement.standings().ends(self.index);
        let mut all = statement.ended();
        let (parts, uncommitted) = (self.covered.clone(), self.uncommitted.clone());
        all.insert(self.index, Ended { parts, uncommitted });
        if all.len() < self.parallelism as usize {
            return Ok(());
        }
        let mut parts: Vec<Part> = all.values().flat_map(|e| e.parts.iter().cloned()).collect();
        parts.sort();
        // As in Flink, a batch job, which has no checkpoints, leaves its part files as they are.
        let compaction = statement.target.compaction.as_ref().filter(|_| checkpoints);
        statement.publish(&parts, compaction, context)?;
        all.values().for_each(|e| self.uncommitted.merge(e.uncommitted.clone()));
        parts.iter().for_each(|part| self.uncommitted.add(&part.folder, context.now));
        let Some(rules) = &statement.target.commit else { return Ok(()) };
        let place = statement.place(context.files);
        self.uncommitted.commit(rules, &place, (context.now, Watermark::MAX), |_| false)
    }
}
