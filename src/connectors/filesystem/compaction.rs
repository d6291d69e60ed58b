//! `auto-compaction`: the part files of a checkpoint, of all writers, become few larger ones before anybody
//! sees them.
//!
//! What is in a compacted file is written down beside it while it comes about, so that a crash between its
//! appearance and the removal of its parts neither loses nor repeats a row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::part::Part;
use crate::base::Result;
use crate::connectors::files::path;
use crate::connectors::format::{FileReaderFactory, FileWriterFactory, Position};
use crate::connectors::{Files, SinkContext};
use crate::data::PartStep;

/// What a compacted file is called: this and the name of its first part.
pub(super) const PREFIX: &str = "compacted-";

/// Ends the name of the list of a file's parts.
const LIST: &str = ".parts";

/// Bytes that are copied at once.
const PIECE: usize = 1 << 20;

/// Rows that are rewritten at once.
const ROWS: usize = 8_192;

/// What becomes of the part files of a checkpoint.
pub(super) struct Compaction {
    /// Bytes of the parts that become one file.
    pub(super) size: u64,
    pub(super) join: Join,
}

/// How part files become one.
pub(super) enum Join {
    /// Files of lines are just put behind each other.
    Lines,
    /// Other rows are read and written anew.
    Rows(Arc<dyn FileReaderFactory>, Arc<dyn FileWriterFactory>),
}

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

impl Compaction {
    /// Shows these parts as files of about its size, each of parts of one folder and of one checkpoint: a
    /// restart takes all of it back, or nothing.
    pub(super) fn publish(&self, parts: &[Part], context: &mut SinkContext<'_>) -> Result<()> {
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
                if !bin.is_empty() && size + length > self.size {
                    self.compact(&std::mem::take(&mut bin), context)?;
                    size = 0;
                }
                bin.push(part);
                size += length;
            }
            self.compact(&bin, context)?;
        }
        Ok(())
    }

    fn compact(&self, parts: &[&Part], context: &mut SinkContext<'_>) -> Result<()> {
        let files = context.files;
        let Some(first) = parts.first() else { return Ok(()) };
        let (directory, name) = (path::parent(first.visible()), path::name(first.visible()));
        let file = format!("{PREFIX}{name}");
        let hidden = format!("{directory}/.{file}.inprogress");
        let list = format!("{directory}/.{file}{LIST}");
        files.remove(&hidden)?;
        files.append(&hidden, &[])?;
        match (&self.join, parts) {
            (Join::Rows(reader, writer), [_, _, ..]) => {
                rewrite(parts, &**reader, &**writer, &hidden, files)?;
            }
            _ => parts.iter().try_for_each(|part| copy(part.hidden(), &hidden, files))?,
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
}

/// Appends a file to another.
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

/// Writes the rows of these parts as one file.
fn rewrite(
    parts: &[&Part],
    reader: &dyn FileReaderFactory,
    writer: &dyn FileWriterFactory,
    to: &str,
    files: &dyn Files,
) -> Result<()> {
    let (mut writer, mut bytes) = (writer.create(), Vec::new());
    for part in parts {
        let mut rows = reader.open(part.hidden(), Position::default())?;
        while let Some(batch) = rows.read(files, ROWS)? {
            writer.write(&batch, &mut bytes)?;
            if bytes.len() >= PIECE {
                files.append(to, &std::mem::take(&mut bytes))?;
            }
        }
    }
    writer.finish(&mut bytes)?;
    files.append(to, &bytes)
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

#[cfg(test)]
mod tests {
    use crate::base::CheckpointId;
    use crate::connectors::files::{Files, MemoryFiles};
    use crate::connectors::filesystem::tests::{Insert, poll, reader};

    #[test]
    fn part_files_of_every_format_become_one() {
        for format in ["csv", "json", "avro", "orc", "parquet"] {
            let options = [
                ("path", "/t"),
                ("format", format),
                ("auto-compaction", "true"),
                ("sink.rolling-policy.file-size", "1b"),
                ("compaction.file-size", "1mb"),
            ];
            let insert = Insert::over(MemoryFiles::default(), false, &options);
            let mut writer = insert.writer(0, 1);
            (1..=3).for_each(|id| insert.try_write(&mut *writer, id).unwrap());
            assert_eq!(insert.files.list("/t").unwrap().len(), 3, "{format}");
            insert.with(|c| writer.snapshot(c)).unwrap();
            insert.with(|c| writer.checkpoint_completed(CheckpointId(1), c)).unwrap();
            let [file] = &*insert.files.list("/t").unwrap() else { panic!("{format}") };
            assert!(file.path.starts_with("/t/compacted-part-"), "{format}: {}", file.path);
            let mut rows = reader(&options[..2], 0, 1);
            let polls = [0, 1, 2].map(|_| poll(&mut *rows, &*insert.files, 0).unwrap());
            assert_eq!(polls, ["+I[1, x] +I[2, x]", "+I[3, x]", "End"], "{format}");
        }
    }
}
