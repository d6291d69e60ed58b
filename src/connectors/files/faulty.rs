//! Files that fail now and then: by a seed, so that a failing run can be repeated.

use std::sync::{Mutex, PoisonError};

use super::{FileStatus, Files};
use crate::base::{Error, Result, SeededRandom};

/// Wraps files; one call in `one_in` fails with `file-io`. Before it does anything, after all of it is
/// done, or half-way through what is appended: as a disk that is full or a machine that dies.
pub struct FaultyFiles<F> {
    files: F,
    one_in: usize,
    random: Mutex<SeededRandom>,
}

/// How much of a call is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Nothing,
    Half,
    /// And then it fails.
    Failed,
    Well,
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

    fn chance(&self) -> Done {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        match random.below(self.one_in) {
            0 => [Done::Nothing, Done::Half, Done::Failed][random.below(3)],
            _ => Done::Well,
        }
    }

    /// A call that is done as a whole.
    fn call<T>(&self, path: &str, call: impl FnOnce(&F) -> Result<T>) -> Result<T> {
        match self.chance() {
            Done::Well => call(&self.files),
            Done::Nothing | Done::Half => Err(fault(path)),
            Done::Failed => call(&self.files).and(Err(fault(path))),
        }
    }
}

fn fault(path: &str) -> Error {
    Error::new("file-io").arg("path", path).arg("reason", "injected fault")
}

impl<F: Files> Files for FaultyFiles<F> {
    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        self.call(path, |files| files.status(path))
    }

    fn list(&self, path: &str) -> Result<Vec<FileStatus>> {
        self.call(path, |files| files.list(path))
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        self.call(path, |files| files.read(path, offset, length))
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let (done, well) = match self.chance() {
            Done::Well => (bytes, true),
            Done::Failed => (bytes, false),
            Done::Half => (&bytes[..bytes.len() / 2], false),
            Done::Nothing => return Err(fault(path)),
        };
        self.files.append(path, done)?;
        if well { Ok(()) } else { Err(fault(path)) }
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.call(from, |files| files.rename(from, to))
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.call(path, |files| files.remove(path))
    }
}
