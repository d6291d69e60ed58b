//! One INSERT statement into a table of files: where it writes, and what its writers share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::buckets::Buckets;
use super::commit::{self, Place};
use super::compaction::{Compaction, Handed};
use super::part::{InProgress, Part};
use super::partition::Partitions;
use crate::base::{LabDuration, LabTime, Result};
use crate::connectors::files::{FileStatus, path};
use crate::connectors::format::FileWriterFactory;
use crate::connectors::{Files, SinkContext};

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
    pub(super) fn is_due(&self, file: &InProgress, now: LabTime) -> bool {
        let past = |limit: Option<LabDuration>, since| limit.is_some_and(|l| now - since >= l);
        file.size() >= self.bytes
            || past(self.after, file.opened)
            || past(self.inactive, file.written)
    }
}

/// A statement that writes.
pub(super) struct Statement {
    pub(super) target: Target,
    /// The name that all part files of the statement share, chosen by the first writer that needs it:
    /// later attempts of the job keep it, so that they replace what they wrote before.
    pub(super) name: OnceLock<String>,
    /// What the writers that have ended leave to be shown.
    ended: Mutex<BTreeMap<u32, Ended>>,
    /// Part files that wait to be compacted with those of the other writers.
    handed: Mutex<Handed>,
    /// How its writers stand to the partitions.
    standings: Mutex<commit::Standings>,
}

/// What a writer leaves when its input has ended.
pub(super) struct Ended {
    pub(super) parts: Vec<Part>,
    pub(super) uncommitted: commit::Open,
}

impl Statement {
    pub(super) fn new(target: Target) -> Self {
        let (ended, handed, standings) = Default::default();
        Self { target, name: OnceLock::new(), ended, handed, standings }
    }

    /// A writer of a new attempt begins.
    pub(super) fn begin_anew(&self, writer: u32) {
        self.ended().remove(&writer);
        *self.handed() = Handed::default();
        self.standings().forget(writer);
    }

    pub(super) fn standings(&self) -> MutexGuard<'_, commit::Standings> {
        self.standings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ended(&self) -> MutexGuard<'_, BTreeMap<u32, Ended>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn handed(&self) -> MutexGuard<'_, Handed> {
        self.handed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Part files of other statements stay: the name is the first of a fixed sequence that no file of
    /// the table, hidden or not, has.
    pub(super) fn name(&self, files: &dyn Files) -> Result<&str> {
        if let Some(name) = self.name.get() {
            return Ok(name);
        }
        let taken = all_files(files, &self.target.directory)?;
        let free = (0..u64::MAX)
            .map(|attempt| format!("part-{}", uuid(&self.target.directory, attempt)))
            .find(|name| taken.iter().all(|file| !file.contains(name.as_str())));
        Ok(self.name.get_or_init(|| free.unwrap_or_default()))
    }

    pub(super) fn place<'a>(&'a self, files: &'a dyn Files) -> Place<'a> {
        let Target { directory, partitions, .. } = &self.target;
        Place { directory, partitions, files }
    }

    /// Shows these parts, compacted if it is said how. What was there before in their folders goes away
    /// after that, if it has to.
    pub(super) fn publish(
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
pub(super) fn all_files(files: &dyn Files, directory: &str) -> Result<Vec<String>> {
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
