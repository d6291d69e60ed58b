//! Which files a table has.
//!
//! Names that begin with `.` or `_` are hidden, folders and all: a part file in progress, `_SUCCESS`.

use fancy_regex::Regex;

use super::partition::Partitions;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::descriptor::PartitionFilter;
use crate::connectors::files::{FileStatus, path};

/// How the files of a table are found.
pub(super) struct Listing {
    root: String,
    partitions: Partitions,
    /// What the path of a file has to look like, all of it.
    pattern: Option<Regex>,
    keeps: Option<PartitionFilter>,
}

impl Listing {
    /// Errors: `option-value` for a pattern that is none.
    pub(super) fn new(
        root: String,
        partitions: Partitions,
        pattern: Option<(&str, &str)>,
        keeps: Option<PartitionFilter>,
    ) -> Result<Self> {
        let pattern = pattern.map(|(key, pattern)| {
            Regex::new(&format!("^(?:{pattern})$")).map_err(|e| {
                let error = Error::new("option-value").arg("name", key).arg("value", pattern);
                error.arg("expected", e)
            })
        });
        Ok(Self { root, partitions, pattern: pattern.transpose()?, keeps })
    }

    /// The path of the table.
    pub(super) fn root(&self) -> &str {
        &self.root
    }

    /// The file at the path, or the files in and below it, by name; of a partitioned table those in
    /// the folders of partitions.
    ///
    /// Errors: `file-not-found`, and what the files say.
    pub(super) fn files(&self, files: &dyn Files) -> Result<Vec<String>> {
        let Some(status) = files.status(&self.root)? else {
            return match self.partitions.fields.is_empty() {
                true => Err(Error::new("file-not-found").arg("path", &self.root)),
                // A table without partitions yet has no rows.
                false => Ok(Vec::new()),
            };
        };
        let mut found = Vec::new();
        let mut open: Vec<FileStatus> = Some(status).filter(|s| !hidden(s)).into_iter().collect();
        while let Some(status) = open.pop() {
            if status.directory {
                let entries = files.list(&status.path)?;
                open.extend(entries.into_iter().rev().filter(|s| !hidden(s)));
            } else if self.keeps(&status.path)? {
                found.push(status.path);
            }
        }
        Ok(found)
    }

    fn keeps(&self, path: &str) -> Result<bool> {
        let named = self.pattern.as_ref().is_none_or(|p| p.is_match(path).unwrap_or(false));
        if !named || self.partitions.fields.is_empty() {
            return Ok(named);
        }
        let below = path.strip_prefix(&self.root).unwrap_or_default();
        match (self.partitions.values(below), &self.keeps) {
            (None, _) => Ok(false),
            (Some(values), Some(keeps)) => keeps(&self.partitions.batch(&values)?),
            (Some(_), None) => Ok(true),
        }
    }
}

fn hidden(status: &FileStatus) -> bool {
    path::name(&status.path).starts_with(['.', '_'])
}
