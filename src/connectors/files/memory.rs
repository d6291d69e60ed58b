//! Files in memory: for tests, and for whatever must leave no trace on a disk.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{FileStatus, Files};
use crate::base::{Error, Result};

/// Files in memory. Directories are there as long as something is in them.
#[derive(Debug, Default)]
pub struct MemoryFiles(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryFiles {
    /// These files.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into()));
        Self(Mutex::new(files.collect()))
    }

    /// All files with their contents, by path.
    pub fn contents(&self) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.files().iter().map(|(path, bytes)| (path.clone(), text(bytes))).collect()
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same files once more, apart from these.
impl Clone for MemoryFiles {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.files().clone()))
    }
}

fn status(path: &str, length: u64, directory: bool) -> FileStatus {
    FileStatus { path: path.into(), length, directory, modified_millis: 0 }
}

fn missing(path: &str) -> Error {
    Error::new("file-not-found").arg("path", path)
}

impl Files for MemoryFiles {
    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        let files = self.files();
        if let Some(bytes) = files.get(path) {
            return Ok(Some(status(path, bytes.len() as u64, false)));
        }
        let inside = format!("{}/", path.trim_end_matches('/'));
        let directory =
            files.range(inside.clone()..).next().is_some_and(|(p, _)| p.starts_with(&inside));
        Ok(directory.then(|| status(path, 0, true)))
    }

    fn list(&self, path: &str) -> Result<Vec<FileStatus>> {
        let inside = format!("{}/", path.trim_end_matches('/'));
        let mut entries: Vec<FileStatus> = Vec::new();
        for (path, bytes) in self.files().range(inside.clone()..) {
            let Some(rest) = path.strip_prefix(&inside) else { break };
            let entry = match rest.split_once('/') {
                None => status(path, bytes.len() as u64, false),
                Some((directory, _)) => status(&format!("{inside}{directory}"), 0, true),
            };
            if entries.last() != Some(&entry) {
                entries.push(entry);
            }
        }
        entries.sort();
        if entries.is_empty() { Err(missing(path)) } else { Ok(entries) }
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        let files = self.files();
        let bytes = files.get(path).ok_or_else(|| missing(path))?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let end = start.saturating_add(length).min(bytes.len());
        Ok(bytes[start..end].to_vec())
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.files().entry(path.into()).or_default().extend_from_slice(bytes);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        let mut files = self.files();
        let bytes = files.remove(from).ok_or_else(|| missing(from))?;
        files.insert(to.into(), bytes);
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.files().remove(path);
        Ok(())
    }
}
