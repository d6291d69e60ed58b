//! Writing part files: in progress under a hidden name, pending once rolled, finished when the
//! checkpoint that covers them is complete, or the input ends.
//!
//! A part file is rolled at every checkpoint, as Flink does for formats that write in blocks; for
//! lines of text Flink waits for the size or the age of the file as well, so that with its defaults
//! a stream of text shows nothing for half an hour.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::base::{CheckpointId, LabDuration, LabTime, Result};
use crate::connectors::files::path;
use crate::connectors::format::{FileWriter, FileWriterFactory};
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Files, SinkContext, SinkFactory, SinkWriter};
use crate::data::Batch;

/// Bytes that are held back before they are appended to the file.
const BUFFER: usize = 64 * 1024;

/// Where and how part files are written.
pub(super) struct Target {
    pub(super) directory: String,
    /// Whether what other statements wrote goes away at the end.
    pub(super) overwrite: bool,
    pub(super) roll_bytes: u64,
    pub(super) roll_after: Option<LabDuration>,
    pub(super) writer: Arc<dyn FileWriterFactory>,
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
}

impl Factory {
    pub(super) fn new(target: Target) -> Self {
        Self { shared: Arc::new(Shared { target, name: OnceLock::new() }) }
    }
}

impl SinkFactory for Factory {
    fn create(&self, index: u32, parallelism: u32) -> Result<Box<dyn SinkWriter>> {
        Ok(Box::new(Writer {
            shared: self.shared.clone(),
            index,
            parallelism,
            next_part: 0,
            current: None,
            pending: Vec::new(),
            covered: Vec::new(),
        }))
    }
}

impl Shared {
    /// Part files of other statements stay: the name is the first of a fixed sequence that no file of
    /// the folder, hidden or not, has.
    fn name(&self, files: &dyn Files) -> Result<&str> {
        if let Some(name) = self.name.get() {
            return Ok(name);
        }
        let taken = match files.status(&self.target.directory)? {
            Some(status) if status.directory => files.list(&self.target.directory)?,
            _ => Vec::new(),
        };
        let free = (0..u64::MAX)
            .map(|attempt| uuid(&self.target.directory, attempt))
            .find(|uuid| taken.iter().all(|file| !file.path.contains(uuid.as_str())));
        Ok(self.name.get_or_init(|| free.unwrap_or_default()))
    }
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

/// A part file that has all its rows and is not visible yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    hidden: String,
    visible: String,
}

impl Part {
    fn publish(&self, files: &dyn Files) -> Result<()> {
        match files.status(&self.hidden)? {
            Some(_) => files.rename(&self.hidden, &self.visible),
            // An earlier attempt had published it before it failed.
            None => Ok(()),
        }
    }
}

/// A part file in progress.
struct InProgress {
    part: Part,
    writer: Box<dyn FileWriter>,
    buffer: Vec<u8>,
    bytes: u64,
    opened: LabTime,
}

impl InProgress {
    fn flush(&mut self, files: &dyn Files) -> Result<()> {
        if !self.buffer.is_empty() {
            files.append(&self.part.hidden, &self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}

struct Writer {
    shared: Arc<Shared>,
    index: u32,
    parallelism: u32,
    next_part: u64,
    current: Option<InProgress>,
    /// Rolled since the last snapshot.
    pending: Vec<Part>,
    /// In a snapshot whose checkpoint is not complete yet.
    covered: Vec<Part>,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    index: u32,
    name: Option<String>,
    next_part: u64,
    pending: Vec<Part>,
}

impl Writer {
    fn open(&mut self, context: &SinkContext<'_>) -> Result<InProgress> {
        let name = self.shared.name(context.files)?;
        let file = format!("part-{name}-{}-{}", self.index, self.next_part);
        self.next_part += 1;
        let directory = &self.shared.target.directory;
        let part = Part {
            hidden: format!("{directory}/.{file}.inprogress"),
            visible: format!("{directory}/{file}"),
        };
        // What an earlier attempt left behind.
        context.files.remove(&part.hidden)?;
        // The file is there from its first row on, and so is its folder: whoever reads the folder finds
        // no visible rows rather than nothing.
        context.files.append(&part.hidden, &[])?;
        Ok(InProgress {
            part,
            writer: self.shared.target.writer.create(),
            buffer: Vec::new(),
            bytes: 0,
            opened: context.now,
        })
    }

    fn roll(&mut self, files: &dyn Files) -> Result<()> {
        if let Some(mut current) = self.current.take() {
            current.flush(files)?;
            self.pending.push(current.part);
        }
        Ok(())
    }

    /// Removes the part files of other statements.
    fn clear_others(&self, files: &dyn Files) -> Result<()> {
        let directory = &self.shared.target.directory;
        if files.status(directory)?.is_none_or(|s| !s.directory) {
            return Ok(());
        }
        let name = self.shared.name(files)?;
        for file in files.list(directory)? {
            let hidden = path::name(&file.path).starts_with('.');
            if !file.directory && !hidden && !file.path.contains(name) {
                files.remove(&file.path)?;
            }
        }
        Ok(())
    }
}

impl SinkWriter for Writer {
    fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()> {
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.open(context)?,
        };
        let before = current.buffer.len();
        current.writer.write(batch, &mut current.buffer)?;
        current.bytes += (current.buffer.len() - before) as u64;
        if current.buffer.len() >= BUFFER {
            current.flush(context.files)?;
        }
        let target = &self.shared.target;
        let old = target.roll_after.is_some_and(|age| context.now - current.opened >= age);
        let full = current.bytes >= target.roll_bytes;
        self.current = Some(current);
        if old || full { self.roll(context.files) } else { Ok(()) }
    }

    fn snapshot(&mut self, context: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        self.roll(context.files)?;
        self.covered.append(&mut self.pending);
        let snapshot = Snapshot {
            index: self.index,
            name: self.shared.name.get().cloned(),
            next_part: self.next_part,
            pending: self.covered.clone(),
        };
        encode(&snapshot)
    }

    fn restore(&mut self, snapshots: &[Vec<u8>], context: &mut SinkContext<'_>) -> Result<()> {
        for bytes in snapshots {
            let snapshot: Snapshot = decode(bytes)?;
            if let Some(name) = snapshot.name {
                self.shared.name.get_or_init(|| name);
            }
            self.next_part = self.next_part.max(snapshot.next_part);
            if snapshot.index % self.parallelism == self.index {
                snapshot.pending.iter().try_for_each(|part| part.publish(context.files))?;
            }
        }
        Ok(())
    }

    fn checkpoint_completed(
        &mut self,
        _checkpoint: CheckpointId,
        context: &mut SinkContext<'_>,
    ) -> Result<()> {
        self.covered.drain(..).try_for_each(|part| part.publish(context.files))
    }

    fn finish(&mut self, context: &mut SinkContext<'_>) -> Result<()> {
        self.roll(context.files)?;
        if self.shared.target.overwrite {
            self.clear_others(context.files)?;
        }
        let mut parts = self.covered.drain(..).chain(self.pending.drain(..));
        parts.try_for_each(|part| part.publish(context.files))
    }
}
