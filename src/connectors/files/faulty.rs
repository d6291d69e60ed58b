//! Files that fail now and then: by a seed, so that a failing run can be repeated.

use std::sync::{Mutex, PoisonError};

use super::{FileStatus, Files};
use crate::base::{Error, Result, SeededRandom};

/// Wraps files; one call in `one_in` fails with `file-io` and does nothing.
pub struct FaultyFiles<F> {
    files: F,
    one_in: usize,
    random: Mutex<SeededRandom>,
}

impl<F: Files> FaultyFiles<F> {
    /// Faults chosen by `seed`; `one_in` is at least 1 (every call fails).
    pub fn new(files: F, seed: u64, one_in: usize) -> Self {
        Self { files, one_in: one_in.max(1), random: Mutex::new(SeededRandom::new(seed)) }
    }

    /// The files behind.
    pub fn inner(&self) -> &F {
        &self.files
    }

    fn chance(&self, path: &str) -> Result<()> {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        match random.below(self.one_in) {
            0 => Err(Error::new("file-io").arg("path", path).arg("reason", "injected fault")),
            _ => Ok(()),
        }
    }
}

impl<F: Files> Files for FaultyFiles<F> {
    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        self.chance(path)?;
        self.files.status(path)
    }

    fn list(&self, path: &str) -> Result<Vec<FileStatus>> {
        self.chance(path)?;
        self.files.list(path)
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        self.chance(path)?;
        self.files.read(path, offset, length)
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.chance(path)?;
        self.files.append(path, bytes)
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.chance(from)?;
        self.files.rename(from, to)
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.chance(path)?;
        self.files.remove(path)
    }
}
