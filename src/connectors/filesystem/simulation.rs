//! A folder copied into another under faults and kills: what is visible at the end is what an
//! undisturbed run leaves, and at no time is there a row that no checkpoint covers, or half of one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tests::{Insert, parts, reader_of};
use crate::base::{CheckpointId, LabTime, Result, SeededRandom};
use crate::connectors::files::{FaultyFiles, Files, MemoryFiles};
use crate::connectors::{Poll, SinkWriter, SourceContext, SourceReader};

/// What a checkpoint holds: the readers' and the writers' parts.
type Checkpoint = (Vec<Vec<u8>>, Vec<Vec<u8>>);

/// Readers and writers in pairs, stepped by a seed.
struct Job<'a> {
    insert: &'a Insert<FaultyFiles<Arc<MemoryFiles>>>,
    readers: Vec<Box<dyn SourceReader>>,
    writers: Vec<Box<dyn SinkWriter>>,
    ended: Vec<bool>,
}

impl<'a> Job<'a> {
    fn start(
        insert: &'a Insert<FaultyFiles<Arc<MemoryFiles>>>,
        size: u32,
        from: Option<&Checkpoint>,
    ) -> Result<Self> {
        let mut job = Self {
            insert,
            readers: (0..size).map(|i| reader_of("/t", i, size)).collect(),
            writers: (0..size).map(|i| insert.writer(i, size)).collect(),
            ended: vec![false; size as usize],
        };
        if let Some((readers, writers)) = from {
            job.readers.iter_mut().try_for_each(|reader| reader.restore(readers))?;
            job.writers.iter_mut().try_for_each(|w| insert.with(|c| w.restore(writers, c)))?;
        }
        Ok(job)
    }

    fn step(&mut self, pair: usize) -> Result<()> {
        if self.ended[pair] {
            return Ok(());
        }
        let files: &dyn Files = &*self.insert.files;
        let mut context = SourceContext { now: LabTime(0), max_rows: 2, files };
        let writer = &mut self.writers[pair];
        match self.readers[pair].poll(&mut context)? {
            Poll::Batch(batch) => self.insert.with(|c| writer.write(&batch, c)),
            _ => {
                self.ended[pair] = true;
                self.insert.with(|c| writer.finish(c))
            }
        }
    }

    fn checkpoint(&mut self) -> Result<Checkpoint> {
        let readers = self.readers.iter_mut().map(|r| r.snapshot()).collect::<Result<_>>()?;
        let snapshot = |w: &mut Box<dyn SinkWriter>| self.insert.with(|c| w.snapshot(c));
        Ok((readers, self.writers.iter_mut().map(snapshot).collect::<Result<_>>()?))
    }

    /// Tells the writers; one that has ended hears nothing.
    fn completed(&mut self) -> Result<()> {
        let running = self.writers.iter_mut().zip(&self.ended).filter(|(_, ended)| !**ended);
        let mut running = running.map(|(writer, _)| writer);
        running.try_for_each(|w| self.insert.with(|c| w.checkpoint_completed(CheckpointId(1), c)))
    }
}

/// Runs until the end over all faults; how often each visible row is there.
fn run(seed: u64, one_in: usize, options: &[(&str, &str)]) -> BTreeMap<String, usize> {
    let files = Arc::new(parts());
    let insert = Insert::over(FaultyFiles::new(files.clone(), seed, one_in), false, options);
    let mut random = SeededRandom::new(seed ^ 0x5eed);
    let mut last: Option<Checkpoint> = None;
    let size = 2;
    'attempt: for _ in 0..10_000 {
        let Ok(mut job) = Job::start(&insert, size, last.as_ref()) else { continue };
        while job.ended.iter().any(|ended| !ended) {
            let done = match random.below(12) {
                0 => continue 'attempt,
                1..=3 => job.checkpoint().and_then(|checkpoint| {
                    last = Some(checkpoint);
                    job.completed()
                }),
                pair => job.step(pair % size as usize),
            };
            visible(&files)
                .keys()
                .for_each(|row| assert!(row.ends_with('\n'), "half a row: {row}"));
            if done.is_err() {
                continue 'attempt;
            }
        }
        return visible(&files);
    }
    panic!("no attempt of seed {seed} came to its end");
}

fn visible(files: &MemoryFiles) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    for (path, text) in files.contents() {
        let name = path.rsplit('/').next().unwrap_or_default();
        if path.starts_with("/out/") && !name.starts_with(['.', '_']) {
            let folder = path["/out".len()..path.len() - name.len()].to_owned();
            for line in text.split_inclusive('\n') {
                *rows.entry(format!("{folder}{line}")).or_default() += 1;
            }
        }
    }
    rows
}

#[test]
fn no_row_is_lost_or_repeated_under_500_seeds() {
    hold_under_seeds(500, &[("path", "/out"), ("sink.rolling-policy.file-size", "8b")]);
}

#[test]
fn no_row_is_lost_or_repeated_by_compaction() {
    let small = ("sink.rolling-policy.file-size", "4b");
    for size in ["9b", "1kb"] {
        let compaction = [("auto-compaction", "true"), ("compaction.file-size", size)];
        hold_under_seeds(200, &[("path", "/out"), small, compaction[0], compaction[1]]);
    }
}

fn hold_under_seeds(seeds: u64, options: &[(&str, &str)]) {
    let undisturbed = run(0, usize::MAX, options);
    assert_eq!(undisturbed.len(), 6);
    assert!(undisturbed.values().all(|count| *count == 1));
    for seed in 1..=seeds {
        assert_eq!(run(seed, 25, options), undisturbed, "seed {seed}");
    }
}
