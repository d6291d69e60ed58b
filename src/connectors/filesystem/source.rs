//! Reading a file or a folder of part files.
//!
//! What a reader has to do is a list of units of work: a listing that is still to be made, a file that
//! is still to be read from a position. A snapshot is that list, so another number of readers can
//! share it out anew.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use arrow::array::ArrayRef;

use super::layout::Layout;
use super::listing::Listing;
use crate::base::{Error, LabDuration, LabTime, Result};
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::connectors::snapshot::{decode, encode};
use crate::connectors::{Files, Poll, SourceContext, SourceFactory, SourceReader};
use crate::data::{Batch, Schema};

/// Makes the readers of one table.
pub(super) struct Factory {
    pub(super) listing: Arc<Listing>,
    /// How often the folder is listed again; `None`: it is listed once.
    pub(super) monitor: Option<LabDuration>,
    pub(super) reader: Arc<dyn FileReaderFactory>,
    pub(super) layout: Arc<Layout>,
    /// Whether it tells how many rows there are.
    pub(super) reports: bool,
}

impl SourceFactory for Factory {
    fn create(&self, index: u32, parallelism: u32, _seed: u64) -> Result<Box<dyn SourceReader>> {
        let share = Share { index, of: parallelism };
        let first = match self.monitor {
            None => Work::List(share),
            Some(_) => Work::Watch { share, seen: BTreeSet::new(), next: None },
        };
        Ok(Box::new(Reader {
            listing: self.listing.clone(),
            layout: self.layout.clone(),
            monitor: self.monitor,
            factory: self.reader.clone(),
            share,
            work: VecDeque::from([first]),
            open: None,
        }))
    }

    fn output(&self) -> &Schema {
        &self.layout.output
    }

    fn bounded(&self) -> bool {
        self.monitor.is_none()
    }

    /// A folder that is watched tells nothing, nor does one of which a part cannot be read.
    fn estimated_rows(&self, files: &dyn Files) -> Option<u64> {
        if self.monitor.is_some() || !self.reports {
            return None;
        }
        let paths = self.listing.files(files).ok()?;
        self.reader.estimated_rows(&paths, files).ok()?
    }
}

/// The part of the files that belongs to one of several readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    index: u32,
    of: u32,
}

impl Share {
    /// Whether the file at this place of the sorted listing is in it.
    fn holds_place(self, place: usize) -> bool {
        place % self.of as usize == self.index as usize
    }

    /// Whether the file of this name is in it. In a folder that changes, places shift and names do
    /// not (FNV-1a of the path).
    fn holds_name(self, path: &str) -> bool {
        let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        hash % u64::from(self.of) == u64::from(self.index)
    }
}

/// What is still to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Work {
    /// List the folder once and read a share of the files.
    List(Share),
    /// List the folder again and again, and read what is new.
    Watch { share: Share, seen: BTreeSet<String>, next: Option<LabTime> },
    /// Read a file from here.
    Read(String, Position),
}

struct Reader {
    listing: Arc<Listing>,
    layout: Arc<Layout>,
    monitor: Option<LabDuration>,
    factory: Arc<dyn FileReaderFactory>,
    share: Share,
    work: VecDeque<Work>,
    open: Option<OpenFile>,
}

/// A file that is being read.
struct OpenFile {
    path: String,
    reader: Box<dyn FileReader>,
    /// The columns that are not in the file.
    constants: Vec<Option<ArrayRef>>,
}

#[derive(Serialize, Deserialize)]
struct Snapshot {
    share: Share,
    work: VecDeque<Work>,
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        loop {
            if let Some(batch) = self.read(context)? {
                return Ok(Poll::Batch(batch));
            }
            match self.work.pop_front() {
                None => return Ok(Poll::End),
                Some(Work::List(share)) => {
                    let files = self.listing.files(context.files)?;
                    let own = files.into_iter().enumerate().filter(|(i, _)| share.holds_place(*i));
                    self.read_all(own.map(|(_, path)| path));
                }
                Some(Work::Read(path, position)) => {
                    self.open(path, position, context.files)?;
                }
                Some(Work::Watch { share, seen, next: Some(next) }) if context.now < next => {
                    self.work.push_back(Work::Watch { share, seen, next: Some(next) });
                    if let Some(wait) = self.wait() {
                        return Ok(Poll::WaitUntil(wait));
                    }
                }
                Some(Work::Watch { share, seen, .. }) => self.look(share, seen, context)?,
            }
        }
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        let open = self.open.iter().map(|f| Work::Read(f.path.clone(), f.reader.position()));
        let work = open.chain(self.work.iter().cloned()).collect();
        encode(&Snapshot { share: self.share, work })
    }

    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        let all = snapshots.iter().map(|bytes| decode::<Snapshot>(bytes));
        let mut all = all.collect::<Result<Vec<_>>>()?;
        all.sort_by_key(|s| s.share.index);
        self.work = match all.iter().position(|s| s.share == self.share) {
            Some(own) => all.swap_remove(own).work,
            None => {
                let work = all.into_iter().flat_map(|s| s.work).enumerate();
                work.filter(|(i, _)| self.share.holds_place(*i)).map(|(_, work)| work).collect()
            }
        };
        Ok(())
    }
}

impl Reader {
    /// The next rows of the open file, if there is one and it has more.
    fn read(&mut self, context: &SourceContext<'_>) -> Result<Option<Batch>> {
        let Some(open) = &mut self.open else { return Ok(None) };
        let Some(batch) = open.reader.read(context.files, context.max_rows)? else {
            self.open = None;
            return Ok(None);
        };
        self.layout.batch(batch, &open.constants).map(Some)
    }

    fn open(&mut self, path: String, position: Position, files: &dyn Files) -> Result<()> {
        let gone = || Error::new("file-not-found").arg("path", &path);
        let status = files.status(&path)?.ok_or_else(gone)?;
        let constants = self.layout.constants(self.listing.root(), &status)?;
        let reader = self.factory.open(&path, position)?;
        self.open = Some(OpenFile { path, reader, constants });
        Ok(())
    }

    fn read_all(&mut self, paths: impl Iterator<Item = String>) {
        self.work.extend(paths.map(|path| Work::Read(path, Position::default())));
    }

    fn look(
        &mut self,
        share: Share,
        mut seen: BTreeSet<String>,
        context: &SourceContext<'_>,
    ) -> Result<()> {
        let files = self.listing.files(context.files)?;
        let own = files.into_iter().filter(|path| share.holds_name(path));
        let new: Vec<String> = own.filter(|path| seen.insert(path.clone())).collect();
        let next = context.now + self.monitor.unwrap_or(LabDuration::seconds(1));
        self.read_all(new.into_iter());
        self.work.push_back(Work::Watch { share, seen, next: Some(next) });
        Ok(())
    }

    /// The moment of the next look, if there is nothing else to do.
    fn wait(&self) -> Option<LabTime> {
        let next = |work: &Work| match work {
            Work::Watch { next, .. } => *next,
            _ => None,
        };
        self.work.iter().map(next).min().flatten()
    }
}
