//! Writing part files.
//!
//! A part file is rolled at every checkpoint, as Flink does for CSV; for JSON and raw lines Flink waits
//! for the size or the age of the file as well, so that with its defaults a stream of them shows nothing
//! for half an hour. At the end of the input nothing is shown before the last writer has ended: a batch
//! job that fails leaves nothing behind that a reader would see.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::buckets::Buckets;
use super::commit::{self, Place};
use super::compaction::{self, Compaction, Handed};
use super::part::{InProgress, Part, number_of};
use super::partition::Partitions;
use crate::base::{CheckpointId, LabDuration, LabTime, Result, Watermark};
use crate::connectors::files::{FileStatus, path};
use crate::connectors::format::FileWriterFactory;
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Files, SinkContext, SinkFactory, SinkWriter};
use crate::data::Batch;

/// Where and how part files are written.
pub(super) struct Target {
    pub(super) directory: String,
    pub(super) partitions: Partitions,
    pub(super) buckets: Buckets,
    /// Whether what other statements wrote (into the same partitions) goes away at the end.
    pub(super) overwrite: bool,
    pub(super) rolling: Rolling,
    pub(super) commit: Option<commit::Rules>,
    /// How part files are put together, if they are.
    pub(super) compaction: Option<Compaction>,
    pub(super) writer: Arc<dyn FileWriterFactory>,
}

/// When a part file is full.
pub(super) struct Rolling {
    pub(super) bytes: u64,
    pub(super) after: Option<LabDuration>,
    pub(super) inactive: Option<LabDuration>,
}

impl Rolling {
    fn is_due(&self, file: &InProgress, now: LabTime) -> bool {
        let past = |limit: Option<LabDuration>, since| limit.is_some_and(|l| now - since >= l);
        file.size() >= self.bytes
            || past(self.after, file.opened)
            || past(self.inactive, file.written)
    }
}

/// Makes the writers of one statement.
pub(super) struct Factory {
    shared: Arc<Shared>,
}

struct Shared {
    target: Target,
    /// The name that all part files of the statement share, chosen by the first writer that needs it:
    /// later attempts of the job keep it, so that they replace what they wrote before.
    name: OnceLock<String>,
    /// What the writers that have ended leave to be shown.
    ended: Mutex<BTreeMap<u32, Ended>>,
    /// Part files that wait to be compacted with those of the other writers.
    handed: Mutex<Handed>,
}

/// What a writer leaves when its input has ended.
struct Ended {
    parts: Vec<Part>,
    uncommitted: commit::Open,
}

impl Factory {
    pub(super) fn new(target: Target) -> Self {
        let (name, ended, handed) = (OnceLock::new(), Mutex::default(), Mutex::default());
        Self { shared: Arc::new(Shared { target, name, ended, handed }) }
    }
}

impl SinkFactory for Factory {
    fn create(&self, index: u32, parallelism: u32) -> Result<Box<dyn SinkWriter>> {
        self.shared.ended().remove(&index);
        *self.shared.handed() = Handed::default();
        Ok(Box::new(Writer {
            shared: self.shared.clone(),
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
        }))
    }
}

impl Shared {
    fn ended(&self) -> MutexGuard<'_, BTreeMap<u32, Ended>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handed(&self) -> MutexGuard<'_, Handed> {
        self.handed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Part files of other statements stay: the name is the first of a fixed sequence that no file of
    /// the table, hidden or not, has.
    fn name(&self, files: &dyn Files) -> Result<&str> {
        if let Some(name) = self.name.get() {
            return Ok(name);
        }
        let taken = all_files(files, &self.target.directory)?;
        let free = (0..u64::MAX)
            .map(|attempt| format!("part-{}", uuid(&self.target.directory, attempt)))
            .find(|name| taken.iter().all(|file| !file.contains(name.as_str())));
        Ok(self.name.get_or_init(|| free.unwrap_or_default()))
    }

    fn place<'a>(&'a self, files: &'a dyn Files) -> Place<'a> {
        let Target { directory, partitions, .. } = &self.target;
        Place { directory, partitions, files }
    }

    /// Shows these parts, compacted if it is said how. What was there before in their folders goes away
    /// after that, if it has to.
    fn publish(
        &self,
        parts: &[Part],
        compaction: Option<&Compaction>,
        context: &mut SinkContext<'_>,
    ) -> Result<()> {
        match compaction {
            Some(compaction) => compaction.publish(parts, context)?,
            None => parts.iter().try_for_each(|part| part.publish(context))?,
        }
        let files = context.files;
        if !self.target.overwrite {
            return Ok(());
        }
        let directory = &self.target.directory;
        if self.target.partitions.fields.is_empty() {
            return self.clear(directory, files);
        }
        let mut folders: Vec<&str> = parts.iter().map(|p| p.folder.as_str()).collect();
        folders.dedup();
        folders.iter().try_for_each(|folder| self.clear(&format!("{directory}/{folder}"), files))
    }

    /// Removes what is visible in a folder and not of this statement.
    fn clear(&self, folder: &str, files: &dyn Files) -> Result<()> {
        if files.status(folder)?.is_none_or(|s| !s.directory) {
            return Ok(());
        }
        let name = self.name(files)?;
        let visible = |s: &FileStatus| !path::name(&s.path).starts_with('.');
        for entry in files.list(folder)?.into_iter().filter(visible) {
            if entry.directory {
                self.clear(&entry.path, files)?;
                if files.list(&entry.path).is_ok_and(|left| left.is_empty()) {
                    files.remove(&entry.path)?;
                }
            } else if !entry.path.contains(name) {
                files.remove(&entry.path)?;
            }
        }
        Ok(())
    }
}

/// Every file below a folder, hidden or not; none if there is no such folder.
fn all_files(files: &dyn Files, directory: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open: Vec<FileStatus> = files.status(directory)?.into_iter().collect();
    while let Some(status) = open.pop() {
        match status.directory {
            true => open.extend(files.list(&status.path)?),
            false => found.push(status.path),
        }
    }
    Ok(found)
}

/// A name in the shape of a UUID, the same for the same folder and attempt (splitmix64).
fn uuid(directory: &str, attempt: u64) -> String {
    let mix = |mut x: u64| {
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let seed = directory.bytes().fold(attempt, |seed, byte| mix(seed ^ u64::from(byte)));
    let hex = format!("{:016x}{:016x}", mix(seed), mix(seed ^ 0x9e37_79b9_7f4a_7c15));
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

struct Writer {
    shared: Arc<Shared>,
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
    /// The beginning of the names of its part files.
    fn name(&self, files: &dyn Files) -> Result<String> {
        Ok(format!("{}-{}", self.shared.name(files)?, self.index))
    }

    /// Removes the part files, numbered `from` and on, that an earlier attempt wrote after what this one
    /// goes on from.
    fn sweep(&mut self, from: u64, files: &dyn Files) -> Result<()> {
        if std::mem::replace(&mut self.swept, true) || self.shared.name.get().is_none() {
            return Ok(());
        }
        if self.shared.target.compaction.is_some() {
            // Another writer may be compacting.
            let _alone = self.shared.handed();
            let all = all_files(files, &self.shared.target.directory)?;
            compaction::recover(&all, files)?;
        }
        let name = self.name(files)?;
        let kept = |file: &str| self.covered.iter().any(|part| part.is(file));
        for file in all_files(files, &self.shared.target.directory)? {
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
        let due = |file: &InProgress| self.shared.target.rolling.is_due(file, now);
        if self.open.get(&folder).is_some_and(due) {
            self.roll(&folder, context)?;
        }
        if !self.open.contains_key(&folder) {
            let name = self.name(files)?;
            let target = &self.shared.target;
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
            if self.shared.target.rolling.is_due(file, now) {
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
    }

    /// Shows what a completed checkpoint covers. Says whether all of it can be seen now: with compaction
    /// that is only so once every writer has given its part.
    fn show(&mut self, context: &mut SinkContext<'_>) -> Result<bool> {
        let shared = self.shared.clone();
        let Some(compaction) = &shared.target.compaction else {
            self.covered.drain(..).try_for_each(|part| part.publish(context))?;
            return Ok(true);
        };
        let ended = shared.ended();
        let mut handed = shared.handed();
        handed.add(self.index, &self.covered);
        let whole = handed.take_whole(self.parallelism, |writer| ended.contains_key(&writer));
        match whole {
            Some(parts) => {
                shared.publish(&parts, Some(compaction), context)?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn commit(&mut self, context: &SinkContext<'_>, watermark: Watermark) -> Result<()> {
        let Some(rules) = &self.shared.target.commit else { return Ok(()) };
        let place = self.shared.place(context.files);
        self.uncommitted.commit(rules, &place, context.now, watermark)
    }
}

impl SinkWriter for Writer {
    fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()> {
        self.sweep(0, context.files)?;
        for (folder, rows) in self.shared.clone().target.buckets.split(batch)? {
            self.write_to(folder, &rows, context)?;
        }
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark) {
        self.watermark = watermark;
    }

    fn snapshot(&mut self, context: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        self.roll_all(context)?;
        if self.shared.target.compaction.is_some() {
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
            name: self.shared.name.get().cloned(),
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
                self.shared.name.get_or_init(|| name);
            }
            self.next_part = self.next_part.max(snapshot.next_part);
            if snapshot.index % self.parallelism == self.index {
                self.covered.extend(snapshot.pending);
                self.uncommitted.merge(snapshot.uncommitted);
            }
        }
        self.sweep(own, context.files)?;
        let parts: Vec<Part> = self.covered.drain(..).collect();
        match &self.shared.target.compaction {
            Some(compaction) => {
                let _alone = self.shared.handed();
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
        if !self.show(context)? {
            return Ok(());
        }
        self.commit(context, self.watermark)?;
        // What came after the checkpoint opens its partition once more.
        if self.shared.target.commit.is_some() {
            self.open.keys().for_each(|folder| self.uncommitted.add(folder, context.now));
        }
        Ok(())
    }

    fn finish(&mut self, context: &mut SinkContext<'_>) -> Result<()> {
        self.sweep(0, context.files)?;
        self.roll_all(context)?;
        // They stay in its last snapshot: a restart shows them if the job fails before all have ended.
        let checkpoints = self.epoch > 0;
        self.cover();
        let shared = self.shared.clone();
        let mut all = shared.ended();
        let (parts, uncommitted) = (self.covered.clone(), self.uncommitted.clone());
        all.insert(self.index, Ended { parts, uncommitted });
        if all.len() < self.parallelism as usize {
            return Ok(());
        }
        let mut parts: Vec<Part> = all.values().flat_map(|e| e.parts.iter().cloned()).collect();
        parts.sort();
        // As in Flink, a batch job, which has no checkpoints, leaves its part files as they are.
        let compaction = shared.target.compaction.as_ref().filter(|_| checkpoints);
        shared.publish(&parts, compaction, context)?;
        all.values().for_each(|e| self.uncommitted.merge(e.uncommitted.clone()));
        parts.iter().for_each(|part| self.uncommitted.add(&part.folder, context.now));
        self.commit(context, Watermark::MAX)
    }
}
