//! `auto-compaction`: the part files of a checkpoint, of all writers, become few larger ones before anybody
//! sees them.
//!
//! What is in a compacted file is written down beside it while it comes about, so that a crash between its
//! appearance and the removal of its parts neither loses nor repeats a row.

use std::collections::{BTreeMap, BTreeSet};

use super::part::Part;
use crate::base::Result;
use crate::connectors::files::path;
use crate::connectors::{Files, SinkContext};
use crate::data::PartStep;

/// What a compacted file is called: this and the name of its first part.
pub(super) const PREFIX: &str = "compacted-";

/// Ends the name of the list of a file's parts.
const LIST: &str = ".parts";

/// Bytes that are copied at once.
const PIECE: usize = 1 << 20;

/// Parts that wait for those of the other writers.
#[derive(Default)]
pub(super) struct Handed {
    writers: BTreeSet<u32>,
    parts: BTreeSet<Part>,
}

impl Handed {
    /// A writer gives the parts that completed checkpoints cover.
    pub(super) fn add(&mut self, writer: u32, parts: &[Part]) {
        self.writers.insert(writer);
        self.parts.extend(parts.iter().cloned());
    }

    /// All parts, once every writer has given its own or has ended.
    pub(super) fn take_whole(
        &mut self,
        parallelism: u32,
        ended: impl Fn(u32) -> bool,
    ) -> Option<Vec<Part>> {
        let whole = (0..parallelism).all(|writer| self.writers.contains(&writer) || ended(writer));
        whole.then(|| {
            self.writers.clear();
            std::mem::take(&mut self.parts).into_iter().collect()
        })
    }
}

/// Shows these parts as files of about `target` bytes, each of parts of one folder and of one checkpoint: a
/// restart takes all of it back, or nothing.
pub(super) fn publish(parts: &[Part], target: u64, context: &mut SinkContext<'_>) -> Result<()> {
    let mut groups: BTreeMap<(&str, u64), Vec<(&Part, u64)>> = BTreeMap::new();
    for part in parts {
        // What is not there any more has been compacted by an earlier attempt.
        if let Some(status) = context.files.status(part.hidden())? {
            let group = groups.entry((&part.folder, part.epoch)).or_default();
            group.push((part, status.length));
        }
    }
    for parts in groups.into_values() {
        let (mut bin, mut size) = (Vec::new(), 0);
        for (part, length) in parts {
            if !bin.is_empty() && size + length > target {
                compact(&std::mem::take(&mut bin), context)?;
                size = 0;
            }
            bin.push(part);
            size += length;
        }
        compact(&bin, context)?;
    }
    Ok(())
}

fn compact(parts: &[&Part], context: &mut SinkContext<'_>) -> Result<()> {
    let files = context.files;
    let Some(first) = parts.first() else { return Ok(()) };
    let (directory, name) = (path::parent(first.visible()), path::name(first.visible()));
    let file = format!("{PREFIX}{name}");
    let hidden = format!("{directory}/.{file}.inprogress");
    let list = format!("{directory}/.{file}{LIST}");
    files.remove(&hidden)?;
    files.append(&hidden, &[])?;
    for part in parts {
        copy(part.hidden(), &hidden, files)?;
    }
    files.remove(&list)?;
    let names: String = parts.iter().map(|part| format!("{}\n", part.hidden())).collect();
    files.append(&list, names.as_bytes())?;
    files.rename(&hidden, &format!("{directory}/{file}"))?;
    context.parts.push(first.compacted(&file));
    context.parts.extend(parts.iter().map(|part| part.at(PartStep::Compacted)));
    parts.iter().try_for_each(|part| files.remove(part.hidden()))?;
    files.remove(&list)
}

/// Appends a file to another. Files of lines are just put behind each other.
fn copy(from: &str, to: &str, files: &dyn Files) -> Result<()> {
    let mut offset = 0;
    loop {
        let piece = files.read(from, offset, PIECE)?;
        if piece.is_empty() {
            return Ok(());
        }
        offset += piece.len() as u64;
        files.append(to, &piece)?;
    }
}

/// Ends what an attempt that failed had begun: a compacted file that can be seen has its parts removed, one
/// that cannot is forgotten. `all` are the files of the table.
pub(super) fn recover(all: &[String], files: &dyn Files) -> Result<()> {
    for list in all.iter().filter(|file| is_list(file)) {
        let directory = path::parent(list);
        let name = path::name(list).trim_start_matches('.').trim_end_matches(LIST);
        if files.status(&format!("{directory}/{name}"))?.is_some() {
            let names = read(list, files)?;
            names.lines().try_for_each(|part| files.remove(part))?;
        }
        files.remove(list)?;
    }
    let unfinished = |file: &&String| path::name(file).starts_with(&format!(".{PREFIX}"));
    let unfinished = all.iter().filter(unfinished).filter(|file| !is_list(file));
    unfinished.into_iter().try_for_each(|file| files.remove(file))
}

fn is_list(file: &str) -> bool {
    path::name(file).starts_with(&format!(".{PREFIX}")) && file.ends_with(LIST)
}

fn read(file: &str, files: &dyn Files) -> Result<String> {
    let length = files.status(file)?.map_or(0, |status| status.length);
    let bytes = files.read(file, 0, usize::try_from(length).unwrap_or(usize::MAX))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
