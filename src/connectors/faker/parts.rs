//! Part files of people that come into a folder from outside of the cluster: what the tutorial's
//! `generate.py` does. Whoever watches the folder reads them as they come.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Faker;
use crate::base::{Error, LabDuration, LabTime, Result};
use crate::connectors::descriptor::{Connector, SourceRequest};
use crate::connectors::files::path::plain;
use crate::connectors::format::{self, FileWriterFactory};
use crate::connectors::{Files, Options, Poll, SourceContext, SourceReader};
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};

/// Which files come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartsOptions {
    /// The folder, as a table's `path` names it.
    pub directory: String,
    /// Rows of a file.
    pub rows: u32,
    /// From one file to the next.
    pub every: LabDuration,
    /// How many files.
    pub files: u32,
    /// The language of names and jobs: `en`, `pt-BR`.
    pub locale: String,
}

impl PartsOptions {
    /// The tutorial's: three people every ten seconds, fifteen times.
    pub fn tutorial(directory: &str, locale: &str) -> Self {
        let every = LabDuration::seconds(10);
        let (directory, locale) = (directory.to_owned(), locale.to_owned());
        Self { directory, rows: 3, every, files: 15, locale }
    }
}

/// The columns and what is in them; salaries are 29 to 210 thousand.
const COLUMNS: [(&str, LogicalType, &str); 5] = [
    ("id", LogicalType::Int, "#{Number.sequence}"),
    ("name", LogicalType::STRING, "#{Name.fullName}"),
    ("job", LogicalType::STRING, "#{Job.title}"),
    ("salary", LogicalType::BigInt, "#{Number.numberBetween '29','211'}000"),
    (
        "ts_field",
        LogicalType::Timestamp { precision: 3, attribute: TimeAttribute::None },
        "#{Date.past '0','SECONDS'}",
    ),
];

/// The table that reads the files, and goes on to read those that come.
pub fn table_of(directory: &str) -> String {
    let column = |(name, logical, _): &(&str, LogicalType, &str)| format!("  {name} {logical},\n");
    let columns: String = COLUMNS.iter().map(column).collect();
    format!(
        "CREATE TABLE people (\n{columns}  WATERMARK FOR ts_field AS ts_field - INTERVAL '1' SECOND\n) WITH (\n  \
         'connector' = 'filesystem',\n  'path' = '{}',\n  'format' = 'csv',\n  \
         'source.monitor-interval' = '1 s'\n);\n",
        directory.replace('\'', "''")
    )
}

/// How files that come stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartsStatus {
    /// The folder, as it was asked for.
    pub directory: String,
    /// How many came.
    pub written: u32,
    /// How many there will be.
    pub files: u32,
    /// Whether none comes any more.
    pub over: bool,
    /// Why it ended too soon.
    pub cause: Option<Error>,
}

/// Files that come.
pub struct Parts {
    directory: String,
    reader: Box<dyn SourceReader>,
    writer: Arc<dyn FileWriterFactory>,
    rows: u32,
    status: PartsStatus,
    /// When to look again; `None` after the last.
    next: Option<LabTime>,
    /// What names before these were taken.
    number: u32,
}

impl Parts {
    /// The first file comes at once.
    ///
    /// Errors: `option-out-of-range`, `option-value`.
    pub fn new(options: &PartsOptions, seed: u64, now: LabTime) -> Result<Self> {
        let rows = u64::from(options.rows) * u64::from(options.files);
        let own = [
            ("connector", "faker".to_owned()),
            ("number-of-rows", rows.to_string()),
            ("round.rows", options.rows.to_string()),
            ("round.interval", format!("{} us", options.every.0)),
            ("locale", options.locale.clone()),
        ];
        let expression = |(name, _, text): &(&str, LogicalType, &str)| {
            (format!("fields.{name}.expression"), (*text).to_owned())
        };
        let own = own.map(|(key, value)| (key.to_owned(), value));
        let source: Options = own.into_iter().chain(COLUMNS.iter().map(expression)).collect();
        let field = |(name, logical, _): &(&str, LogicalType, &str)| {
            Field::new(*name, DataType::nullable(logical.clone()))
        };
        let schema = Schema::new(COLUMNS.iter().map(field).collect());
        let csv = Options::from_iter([("format", "csv")]);
        let writer = format::find(&csv)?.writer(&csv, &schema)?;
        let projection: Vec<usize> = (0..schema.len()).collect();
        let request = SourceRequest {
            table: "people",
            schema: &schema,
            partitions: &[],
            metadata: &[],
            projection: &projection,
            keeps: None,
            limit: None,
        };
        Ok(Self {
            directory: plain(&options.directory),
            reader: Faker.source(&source, request)?.create(0, 1, seed)?,
            writer,
            rows: options.rows,
            status: PartsStatus {
                directory: options.directory.clone(),
                written: 0,
                files: options.files,
                over: false,
                cause: None,
            },
            next: Some(now),
            number: 0,
        })
    }

    /// When something is to be done; `None`: nothing ever more.
    pub fn next(&self) -> Option<LabTime> {
        self.next
    }

    /// How it stands.
    pub fn status(&self) -> &PartsStatus {
        &self.status
    }

    /// Lets no more of them come.
    pub fn stop(&mut self) {
        self.next = None;
        self.status.over = true;
    }

    /// Lets the files come that are due. After an error no more of them come.
    pub fn go_on(&mut self, now: LabTime, files: &dyn Files) {
        if self.next.is_some_and(|next| next <= now) {
            match self.write_due(now, files) {
                Ok(Some(later)) => self.next = Some(later),
                Ok(None) => self.stop(),
                Err(error) => {
                    self.status.cause = Some(error);
                    self.stop();
                }
            }
        }
    }

    /// When the next is due.
    fn write_due(&mut self, now: LabTime, files: &dyn Files) -> Result<Option<LabTime>> {
        loop {
            let most = self.rows as usize;
            match self.reader.poll(&mut SourceContext { now, max_rows: most, files })? {
                Poll::Batch(batch) => {
                    let mut bytes = Vec::new();
                    self.writer.create().write(&batch, &mut bytes)?;
                    self.write(&bytes, files)?;
                }
                Poll::WaitUntil(later) => return Ok(Some(later)),
                _ => return Ok(None),
            }
        }
    }

    /// A reader of the folder sees the whole file or nothing.
    fn write(&mut self, bytes: &[u8], files: &dyn Files) -> Result<()> {
        let visible = loop {
            self.number += 1;
            let path = format!("{}/people-{:04}.csv", self.directory, self.number);
            if files.status(&path)?.is_none() {
                break path;
            }
        };
        let hidden = format!("{}/.people-{:04}.csv", self.directory, self.number);
        files.remove(&hidden)?;
        files.append(&hidden, bytes)?;
        files.rename(&hidden, &visible)?;
        self.status.written += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectors::files::MemoryFiles;

    #[test]
    fn a_file_comes_at_a_time_and_takes_no_other_ones_name() {
        let files = MemoryFiles::new([("/t/people-0002.csv", "mine")]);
        let options = PartsOptions { files: 3, ..PartsOptions::tutorial("file:///t/", "pt-BR") };
        let mut parts = Parts::new(&options, 7, LabTime(0)).unwrap();
        let mut seen = Vec::new();
        while let Some(next) = parts.next() {
            let too_soon = LabTime(next.0 - 1);
            parts.go_on(too_soon, &files);
            parts.go_on(next, &files);
            seen.push((next.millis() / 1_000, parts.status().written));
        }
        assert_eq!(seen, [(0, 1), (10, 2), (20, 3)]);
        assert!(parts.status().over);
        let contents = files.contents();
        let names: Vec<&str> = contents.iter().map(|(path, _)| &path[10..]).collect();
        assert_eq!(names, ["0001.csv", "0002.csv", "0003.csv", "0004.csv"]);
        assert_eq!(contents[1].1, "mine");
        let ids = |text: &str| {
            let ids = text.lines().map(|line| line.split(',').next().unwrap().to_owned());
            ids.collect::<Vec<_>>().join(" ")
        };
        assert_eq!((&*ids(&contents[0].1), &*ids(&contents[3].1)), ("1 2 3", "7 8 9"));
        let salary = contents[0].1.split(',').nth(3).unwrap().parse::<u64>().unwrap();
        assert!((29_000..=210_000).contains(&salary), "{salary}");
    }
}
