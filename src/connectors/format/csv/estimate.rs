//! How many rows CSV files have, by the length of the first lines.
//!
//! Source: `CsvFormatStatisticsReportUtil` of Flink 1.18.

use crate::base::Result;
use crate::connectors::Files;
use crate::connectors::format::Position;
use crate::connectors::format::input::Lines;

/// How many lines are looked at.
const SAMPLED: u64 = 100;

/// The lines of all files, as long as the first ones on average; `None` of empty files.
pub(super) fn rows(paths: &[String], files: &dyn Files) -> Result<Option<u64>> {
    let (mut bytes, mut lines, mut bytes_of_lines) = (0, 0, 0);
    for path in paths {
        bytes += files.status(path)?.map_or(0, |status| status.length);
        let mut reader = Lines::new(path, Position::default());
        while lines < SAMPLED && reader.next(files)?.is_some() {
            lines += 1;
        }
        bytes_of_lines += reader.position().offset;
    }
    if lines < SAMPLED {
        bytes_of_lines = bytes;
    }
    Ok((bytes * lines).checked_div(bytes_of_lines))
}
