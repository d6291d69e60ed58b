//! When a partition is complete, and what tells so: `sink.partition-commit.*`.
//!
//! Source: "Partition Commit", Flink 1.18. Each writer commits what it wrote itself, once nobody hides rows
//! of the partition any more and the event time of all writers has come.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::partition::Partitions;
use crate::base::{Error, LabDuration, LabTime, Result, Watermark};
use crate::connectors::Files;
use crate::connectors::format::text;
use crate::connectors::options::{OptionSpec, OptionType, Options};

const TRIGGER: &str = "sink.partition-commit.trigger";
const DELAY: &str = "sink.partition-commit.delay";
const POLICY: &str = "sink.partition-commit.policy.kind";
const SUCCESS_NAME: &str = "sink.partition-commit.success-file.name";
const ZONE: &str = "sink.partition-commit.watermark-time-zone";
const PATTERN: &str = "partition.time-extractor.timestamp-pattern";
const EXTRACTOR: &str = "partition.time-extractor.kind";

/// The options of this file.
pub(super) const OPTIONS: [OptionSpec; 7] = [
    OptionSpec::with_default(
        TRIGGER,
        OptionType::Choice(&["process-time", "partition-time"]),
        "process-time",
    ),
    OptionSpec::with_default(DELAY, OptionType::Duration, "0 s"),
    OptionSpec::optional(POLICY, OptionType::Text),
    OptionSpec::with_default(SUCCESS_NAME, OptionType::Text, "_SUCCESS"),
    OptionSpec::with_default(ZONE, OptionType::Text, "UTC"),
    OptionSpec::optional(PATTERN, OptionType::Text),
    OptionSpec::with_default(EXTRACTOR, OptionType::Text, "default"),
];

/// What the options say; `None` as a whole if nothing is to be done.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    success_file: String,
    delay: LabDuration,
    /// The pattern of a partition's time; `None`: the clock counts.
    event_time: Option<Option<String>>,
}

impl Rules {
    /// Errors: `option-value`, `not-supported-yet` for policies and extractors that need a class or a
    /// metastore.
    pub(super) fn new(options: &Options) -> Result<Option<Self>> {
        let Some(kinds) = options.get(POLICY) else { return Ok(None) };
        for kind in kinds.split(',').map(str::trim) {
            match kind {
                "success-file" => {}
                "metastore" | "custom" => return Err(not_yet(POLICY, kind)),
                _ => {
                    let error = Error::new("option-value").arg("name", POLICY).arg("value", kind);
                    return Err(error.arg("expected", "success-file"));
                }
            }
        }
        for (key, only) in [(EXTRACTOR, "default"), (ZONE, "UTC")] {
            if let Some(other) = options.get(key).filter(|v| *v != only) {
                return Err(not_yet(key, other));
            }
        }
        let event_time = options.get(TRIGGER) == Some("partition-time");
        Ok(Some(Self {
            success_file: options.get(SUCCESS_NAME).unwrap_or("_SUCCESS").into(),
            delay: options.duration(DELAY)?.unwrap_or(LabDuration::ZERO),
            event_time: event_time.then(|| options.get(PATTERN).map(str::to_owned)),
        }))
    }
}

fn not_yet(key: &str, value: &str) -> Error {
    Error::new("not-supported-yet").arg("what", format!("'{key}' = '{value}'"))
}

/// The partitions that a writer has not committed yet, with the moment of their first row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Open(BTreeMap<String, LabTime>);

impl Open {
    /// Rows went into this partition.
    pub(super) fn add(&mut self, folder: &str, now: LabTime) {
        if !folder.is_empty() && !self.0.contains_key(folder) {
            self.0.insert(folder.to_owned(), now);
        }
    }

    /// Also has these partitions.
    pub(super) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Commits the partitions that are complete and of which no row is hidden; all of them at the end
    /// (`watermark` is the last).
    pub(super) fn commit(
        &mut self,
        rules: &Rules,
        place: &Place<'_>,
        (now, watermark): (LabTime, Watermark),
        hidden: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let mut kept = BTreeMap::new();
        for (folder, since) in std::mem::take(&mut self.0) {
            let complete = rules.complete(&folder, since, place.partitions, now, watermark)?;
            if complete && !hidden(&folder) {
                let directory = format!("{}/{folder}", place.directory);
                place.files.append(&format!("{directory}/{}", rules.success_file), &[])?;
            } else {
                kept.insert(folder, since);
            }
        }
        self.0 = kept;
        Ok(())
    }
}

/// How the writers of a statement stand to its partitions.
#[derive(Default)]
pub(super) struct Standings(BTreeMap<u32, Standing>);

struct Standing {
    /// The folders of part files that a checkpoint covers and nobody sees yet.
    hidden: BTreeSet<String>,
    watermark: Watermark,
}

impl Standings {
    /// A checkpoint covers part files of a writer in these folders.
    pub(super) fn covers(&mut self, writer: u32, folders: BTreeSet<String>) {
        let watermark = self.0.get(&writer).map_or(Watermark::MIN, |standing| standing.watermark);
        self.0.insert(writer, Standing { hidden: folders, watermark });
    }

    /// All that a checkpoint covers of a writer can be seen; its event time is this.
    pub(super) fn shows_all(&mut self, writer: u32, watermark: Watermark) {
        self.0.insert(writer, Standing { hidden: BTreeSet::new(), watermark });
    }

    /// The input of a writer has ended. What it hides is shown when that of all has.
    pub(super) fn ends(&mut self, writer: u32) {
        if let Some(standing) = self.0.get_mut(&writer) {
            standing.watermark = Watermark::MAX;
        }
    }

    /// A writer begins anew.
    pub(super) fn forget(&mut self, writer: u32) {
        self.0.remove(&writer);
    }

    /// Whether somebody hides rows of a partition.
    pub(super) fn hide(&self, folder: &str) -> bool {
        self.0.values().any(|standing| standing.hidden.contains(folder))
    }

    /// The event time of the writer that is behind all others, of so many.
    pub(super) fn watermark(&self, writers: u32) -> Watermark {
        let of = |w| self.0.get(&w).map_or(Watermark::MIN, |standing| standing.watermark);
        // The last watermark is the end of all, which is not for a checkpoint to say.
        let before_the_end = Watermark(Watermark::MAX.0 - 1);
        (0..writers).map(of).min().unwrap_or(Watermark::MIN).min(before_the_end)
    }
}

/// Where partitions are.
pub(super) struct Place<'a> {
    pub(super) directory: &'a str,
    pub(super) partitions: &'a Partitions,
    pub(super) files: &'a dyn Files,
}

impl Rules {
    fn complete(
        &self,
        folder: &str,
        since: LabTime,
        partitions: &Partitions,
        now: LabTime,
        watermark: Watermark,
    ) -> Result<bool> {
        if watermark == Watermark::MAX {
            return Ok(true);
        }
        let Some(pattern) = &self.event_time else { return Ok(now - since >= self.delay) };
        let time = partition_time(folder, partitions, pattern.as_deref())?;
        Ok(watermark.0 >= time.saturating_add(self.delay.0 / 1_000))
    }
}

/// The time of a partition, in milliseconds: its pattern with `$column` filled in, or its first value.
fn partition_time(folder: &str, partitions: &Partitions, pattern: Option<&str>) -> Result<i64> {
    let values = partitions.values(folder).unwrap_or_default();
    let value = |index: usize| values.get(index).cloned().flatten().unwrap_or_default();
    let text = match pattern {
        None => value(0),
        Some(pattern) => {
            // Longer names first: `$hour` is no `$h` with more behind it.
            let mut fields: Vec<_> = partitions.fields.iter().enumerate().collect();
            fields.sort_by_key(|(_, f)| std::cmp::Reverse(f.name.len()));
            fields.into_iter().fold(pattern.to_owned(), |text, (index, field)| {
                text.replace(&format!("${}", field.name), &value(index))
            })
        }
    };
    let padded = if text.len() <= 10 { format!("{text} 00:00:00") } else { text.clone() };
    let moment = (text::CSV.timestamp)(&padded);
    moment.map(|(millis, _)| millis).ok_or_else(|| {
        Error::new("partition-time")
            .arg("partition", folder)
            .arg("value", text)
            .arg("name", PATTERN)
    })
}
