//! Files as the engine sees them: real, in memory, or faulty (for the simulation).
//!
//! No handle crosses this trait, so that a task can be copied and a fault can strike at any call.

mod faulty;
mod memory;
pub mod path;
mod real;

pub use faulty::FaultyFiles;
pub use memory::MemoryFiles;
pub use real::RealFiles;

use std::path::Path;

use crate::base::Result;

/// What a listing says of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileStatus {
    /// The whole path, with `/` between parts.
    pub path: String,
    /// Its length in bytes.
    pub length: u64,
    /// Whether it is a directory.
    pub directory: bool,
    /// When it was last written: milliseconds since the Unix epoch.
    pub modified_millis: i64,
}

/// The file operations that the engine uses. Paths are plain (`/a/b`, no scheme).
/// Errors: `file-not-found` and `file-outside` with `path`; `file-denied` and `file-io` with `path`
/// and `reason`.
pub trait Files: Send + Sync {
    /// The folder that is `/` for them, if they are confined to one.
    fn root(&self) -> Option<&Path> {
        None
    }

    /// What is at `path`; `None` if nothing is.
    fn status(&self, path: &str) -> Result<Option<FileStatus>>;

    /// The entries of a directory, by name; the directory must exist.
    fn list(&self, path: &str) -> Result<Vec<FileStatus>>;

    /// Up to `length` bytes from `offset`; fewer at the end of the file, none past it.
    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>>;

    /// Appends to a file, making it and its directories if they are missing.
    fn append(&self, path: &str, bytes: &[u8]) -> Result<()>;

    /// Gives a file another name in one move, replacing what is there.
    fn rename(&self, from: &str, to: &str) -> Result<()>;

    /// Removes a file or an empty directory; nothing there is no error.
    fn remove(&self, path: &str) -> Result<()>;
}

impl<F: Files + ?Sized> Files for std::sync::Arc<F> {
    fn root(&self) -> Option<&Path> {
        (**self).root()
    }

    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        (**self).status(path)
    }

    fn list(&self, path: &str) -> Result<Vec<FileStatus>> {
        (**self).list(path)
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        (**self).read(path, offset, length)
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        (**self).append(path, bytes)
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        (**self).rename(from, to)
    }

    fn remove(&self, path: &str) -> Result<()> {
        (**self).remove(path)
    }
}

#[cfg(test)]
mod tests;
