//! Part files and their life: in progress under a hidden name, pending once they have all their rows,
//! finished when the checkpoint that covers them is complete or the input has ended.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::compaction::PREFIX;
use crate::base::{LabTime, Result};
use crate::connectors::files::path;
use crate::connectors::format::FileWriter;
use crate::connectors::{Files, SinkContext};
use crate::data::{Batch, PartFile, PartStep};

/// Bytes that are held back before they are appended to the file.
const BUFFER: usize = 64 * 1024;

/// A part file that has all its rows and is not visible yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Part {
    /// The folder, below the table's; empty for the table's own.
    pub(super) folder: String,
    hidden: String,
    visible: String,
    /// The checkpoint that covers it, counted by its writer since the job began or began anew. Those of one
    /// number stand and fall together.
    pub(super) epoch: u64,
}

impl Part {
    /// Part file `number` of a writer.
    pub(super) fn new(directory: &str, folder: &str, name: &str, number: u64) -> Self {
        let directory = match folder {
            "" => directory.to_owned(),
            folder => format!("{directory}/{folder}"),
        };
        let file = format!("{name}-{number}");
        Self {
            folder: folder.to_owned(),
            hidden: format!("{directory}/.{file}.inprogress"),
            visible: format!("{directory}/{file}"),
            epoch: 0,
        }
    }

    /// It belongs to this checkpoint of its writer.
    pub(super) fn covered_by(self, epoch: u64) -> Self {
        Self { epoch, ..self }
    }

    /// Its name while nobody sees it.
    pub(super) fn hidden(&self) -> &str {
        &self.hidden
    }

    /// Its name once everybody does.
    pub(super) fn visible(&self) -> &str {
        &self.visible
    }

    /// Whether a file is this one, in progress or finished.
    pub(super) fn is(&self, path: &str) -> bool {
        path == self.hidden || path == self.visible
    }

    /// Gives it its visible name.
    pub(super) fn publish(&self, context: &mut SinkContext<'_>) -> Result<()> {
        // Without a hidden file, an earlier attempt had published it before it failed.
        if context.files.status(&self.hidden)?.is_some() {
            context.files.rename(&self.hidden, &self.visible)?;
        }
        context.parts.push(self.at(PartStep::Finished));
        Ok(())
    }

    /// The news that it is here in its life.
    pub(super) fn at(&self, step: PartStep) -> PartFile {
        PartFile { name: self.name(), step }
    }

    /// Its visible name, below the table's folder.
    fn name(&self) -> Arc<str> {
        self.below(path::name(&self.visible))
    }

    /// The news that a file of this name has taken up its rows and those of its neighbours.
    pub(super) fn compacted(&self, file: &str) -> PartFile {
        PartFile { name: self.below(file), step: PartStep::Finished }
    }

    /// A file of its folder, below the table's.
    fn below(&self, file: &str) -> Arc<str> {
        match self.folder.as_str() {
            "" => file.into(),
            folder => format!("{folder}/{file}").into(),
        }
    }
}

/// The number of a part file of a writer, in progress or finished; `None` for any other file.
pub(super) fn number_of(file: &str, name: &str) -> Option<u64> {
    let file = path::name(file);
    let file = file.strip_prefix('.').unwrap_or(file);
    let file = file.strip_prefix(PREFIX).unwrap_or(file);
    let rest = file.strip_prefix(name)?.strip_prefix('-')?;
    rest.strip_suffix(".inprogress").unwrap_or(rest).parse().ok()
}

/// A part file in progress.
pub(super) struct InProgress {
    pub(super) part: Part,
    writer: Box<dyn FileWriter>,
    buffer: Vec<u8>,
    /// Its name, as a person follows it.
    name: Arc<str>,
    /// Its rows so far.
    rows: u64,
    /// Its bytes so far, without those that the format holds back.
    bytes: u64,
    /// When it got its first row.
    pub(super) opened: LabTime,
    /// When it got its last.
    pub(super) written: LabTime,
}

impl InProgress {
    /// Begins a file, in the place of what an earlier attempt left there.
    pub(super) fn open(
        part: Part,
        writer: Box<dyn FileWriter>,
        files: &dyn Files,
        now: LabTime,
    ) -> Result<Self> {
        files.remove(&part.hidden)?;
        // The file is there from its first row on, and so is its folder: whoever reads the folder finds
        // no visible rows rather than nothing.
        files.append(&part.hidden, &[])?;
        let (name, buffer) = (part.name(), Vec::new());
        Ok(Self { part, writer, buffer, name, rows: 0, bytes: 0, opened: now, written: now })
    }

    pub(super) fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()> {
        let before = self.buffer.len();
        self.writer.write(batch, &mut self.buffer)?;
        self.rows += batch.len() as u64;
        self.bytes += (self.buffer.len() - before) as u64;
        self.written = context.now;
        let step = PartStep::InProgress { rows: self.rows };
        context.parts.push(PartFile { name: self.name.clone(), step });
        if self.buffer.len() >= BUFFER { self.flush(context.files) } else { Ok(()) }
    }

    /// Its size so far.
    pub(super) fn size(&self) -> u64 {
        self.bytes + self.writer.held()
    }

    /// All rows are in it.
    pub(super) fn close(mut self, context: &mut SinkContext<'_>) -> Result<Part> {
        self.writer.finish(&mut self.buffer)?;
        self.flush(context.files)?;
        context.parts.push(self.part.at(PartStep::Pending));
        Ok(self.part)
    }

    fn flush(&mut self, files: &dyn Files) -> Result<()> {
        if !self.buffer.is_empty() {
            files.append(&self.part.hidden, &self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}
