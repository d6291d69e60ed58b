//! Files on this machine's disk, perhaps confined below a folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{FileStatus, Files, path};
use crate::base::{Error, Result};

/// Real files.
#[derive(Clone, Debug, Default)]
pub struct RealFiles {
    root: Option<PathBuf>,
}

impl RealFiles {
    /// All files that the user may touch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only what lies below `root`: every path is read as if `root` were `/`, and `..` or a link that
    /// leads out is `file-outside`.
    pub fn below(root: impl Into<PathBuf>) -> Self {
        Self { root: Some(root.into()) }
    }

    fn resolve(&self, path: &str) -> Result<PathBuf> {
        let Some(root) = &self.root else { return Ok(PathBuf::from(path)) };
        let asked = Path::new(path);
        if asked.components().any(|c| matches!(c, Component::ParentDir)) {
            return Err(outside(path));
        }
        let parts = asked.components().filter(|c| matches!(c, Component::Normal(_)));
        let resolved: PathBuf = root.components().chain(parts).collect();
        self.within(root, &resolved, path)?;
        Ok(resolved)
    }

    /// Follows links of the part of a path that exists.
    fn within(&self, root: &Path, resolved: &Path, asked: &str) -> Result<()> {
        let root = root.canonicalize().map_err(|e| failure(asked, &e))?;
        let existing = resolved.ancestors().find_map(|a| a.canonicalize().ok());
        match existing.is_some_and(|e| e.starts_with(&root)) {
            true => Ok(()),
            false => Err(outside(asked)),
        }
    }
}

fn outside(path: &str) -> Error {
    Error::new("file-outside").arg("path", path)
}

fn failure(path: &str, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => Error::new("file-not-found").arg("path", path),
        ErrorKind::PermissionDenied => {
            Error::new("file-denied").arg("path", path).arg("reason", error)
        }
        _ => Error::new("file-io").arg("path", path).arg("reason", error),
    }
}

fn status_of(path: &str, metadata: &fs::Metadata) -> FileStatus {
    let modified = metadata.modified().ok().and_then(|m| m.duration_since(UNIX_EPOCH).ok());
    FileStatus {
        path: path.into(),
        length: metadata.len(),
        directory: metadata.is_dir(),
        modified_millis: modified.map_or(0, |m| m.as_millis() as i64),
    }
}

fn read_at(path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    // No more than there is: what is asked for may be far more than the file has.
    let left = file.metadata()?.len().saturating_sub(offset).min(length as u64);
    let mut bytes = Vec::with_capacity(left as usize);
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn append_to(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new().create(true).append(true).open(path)?.write_all(bytes)
}

fn remove_any(path: &Path) -> io::Result<()> {
    let result = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

impl Files for RealFiles {
    fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        match fs::metadata(self.resolve(path)?) {
            Ok(metadata) => Ok(Some(status_of(path, &metadata))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failure(path, &error)),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<FileStatus>> {
        let failed = |error: io::Error| failure(directory, &error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.resolve(directory)?).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let path = format!("{}/{}", directory.trim_end_matches('/'), name.to_string_lossy());
            match fs::metadata(entry.path()) {
                Ok(metadata) => entries.push(status_of(&path, &metadata)),
                // Gone between the listing and the look: a part file that got its final name.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(failure(&path, &error)),
            }
        }
        entries.sort_by(|a, b| path::name(&a.path).cmp(path::name(&b.path)));
        Ok(entries)
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        read_at(&self.resolve(path)?, offset, length).map_err(|e| failure(path, &e))
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        append_to(&self.resolve(path)?, bytes).map_err(|e| failure(path, &e))
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        fs::rename(self.resolve(from)?, self.resolve(to)?).map_err(|e| failure(from, &e))
    }

    fn remove(&self, path: &str) -> Result<()> {
        remove_any(&self.resolve(path)?).map_err(|e| failure(path, &e))
    }
}
