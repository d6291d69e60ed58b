//! What goes wrong outside: a full disk, a folder that vanishes, a file that grows, a link out of the
//! workspace. Always a clear error or whole rows, never half of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::tests::{Insert, poll, reader, reader_of};
use crate::base::{CheckpointId, Error, Result};
use crate::connectors::files::{FileStatus, Files, MemoryFiles, RealFiles};

/// Files on a disk with room for so many bytes: what does not fit is cut off.
struct SmallDisk {
    files: Arc<MemoryFiles>,
    room: AtomicUsize,
}

impl Files for SmallDisk {
    fn status(&self, path: &str) -> Result<Option<FileStatus>> {
        self.files.status(path)
    }

    fn list(&self, path: &str) -> Result<Vec<FileStatus>> {
        self.files.list(path)
    }

    fn read(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>> {
        self.files.read(path, offset, length)
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let room = self.room.load(Ordering::Relaxed);
        let fits = bytes.len().min(room);
        self.room.store(room - fits, Ordering::Relaxed);
        self.files.append(path, &bytes[..fits])?;
        if fits == bytes.len() {
            return Ok(());
        }
        Err(Error::new("file-io").arg("path", path).arg("reason", "no space left on device"))
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.files.rename(from, to)
    }

    fn remove(&self, path: &str) -> Result<()> {
        self.files.remove(path)
    }
}

#[test]
fn a_full_disk_leaves_no_half_row() {
    for room in 0..20 {
        let files = Arc::new(MemoryFiles::default());
        let disk = SmallDisk { files: files.clone(), room: AtomicUsize::new(room) };
        let options = [("path", "/t"), ("sink.rolling-policy.file-size", "8b")];
        let insert = Insert::over(disk, false, &options);
        let mut writer = insert.writer(0, 1);
        let mut refused = None;
        for id in 1..=4 {
            let written = insert.try_write(&mut *writer, id).and_then(|()| {
                insert.with(|c| writer.snapshot(c))?;
                insert.with(|c| writer.checkpoint_completed(CheckpointId(1), c))
            });
            if let Err(error) = written {
                refused = Some(error);
                break;
            }
        }
        let visible = files.contents().into_iter().filter(|(path, _)| !path.contains("/."));
        let visible: String = visible.map(|(_, text)| text).collect();
        assert_eq!(visible.len(), room.min(16) / 4 * 4, "{visible:?} of {room} bytes");
        assert_eq!(refused.is_some(), room < 16);
        let said = refused.map_or(String::new(), |error| error.to_string());
        assert!(room >= 16 || said.contains("no space left"), "{said}");
    }
}

#[test]
fn a_folder_that_vanishes_is_named() {
    let files = MemoryFiles::new([("/t/a.csv", "1,a\n"), ("/t/b.csv", "2,b\n")]);
    let mut reader = reader_of("/t", 0, 1);
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "+I[1, a]");
    files.remove("/t/a.csv").unwrap();
    files.remove("/t/b.csv").unwrap();
    let error = poll(&mut *reader, &files, 0).unwrap_err().to_string();
    assert_eq!(error, r#"file-not-found path="/t/b.csv""#);
}

#[test]
fn a_watched_folder_that_vanishes_is_named() {
    let files = MemoryFiles::new([("/t/a.csv", "1,a\n")]);
    let mut reader = reader(&[("path", "/t"), ("source.monitor-interval", "1 s")], 0, 1);
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "+I[1, a]");
    files.remove("/t/a.csv").unwrap();
    assert_eq!(poll(&mut *reader, &files, 1).unwrap(), "wait until 1000");
    let error = poll(&mut *reader, &files, 1_000).unwrap_err().to_string();
    assert_eq!(error, r#"file-not-found path="/t""#);
}

#[test]
fn a_file_that_grows_is_read_to_the_end_that_it_has_then() {
    let files = MemoryFiles::new([("/t/a.csv", "1,a\n2,b\n3,c\n")]);
    let mut reader = reader(&[("path", "/t"), ("source.monitor-interval", "1 s")], 0, 1);
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "+I[1, a] +I[2, b]");
    files.append("/t/a.csv", b"4,d\n").unwrap();
    let mut rows = vec![poll(&mut *reader, &files, 0).unwrap()];
    while !rows.last().unwrap().starts_with("wait") {
        rows.push(poll(&mut *reader, &files, 0).unwrap());
    }
    assert!(rows.concat().starts_with("+I[3, c]"), "{rows:?}");
    files.append("/t/a.csv", b"5,e\n").unwrap();
    assert_eq!(poll(&mut *reader, &files, 1_000).unwrap(), "wait until 2000", "it has been read");
}

/// Half a line is a row as soon as the file has no more: nobody can tell that there will be. What comes
/// before that is a part of it.
#[test]
fn half_a_line_is_neither_lost_nor_read_twice() {
    let files = MemoryFiles::new([("/t/a.csv", "1,a\n2,b\n3,")]);
    let mut reader = reader(&[("path", "/t"), ("source.monitor-interval", "1 s")], 0, 1);
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "+I[1, a] +I[2, b]");
    let snapshot = reader.snapshot().unwrap();
    files.append("/t/a.csv", b"c\n4,").unwrap();
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "+I[3, c] +I[4, ]");
    files.append("/t/a.csv", b"d\n").unwrap();
    assert_eq!(poll(&mut *reader, &files, 0).unwrap(), "wait until 1000");
    let mut restored = self::reader(&[("path", "/t"), ("source.monitor-interval", "1 s")], 0, 1);
    restored.restore(&[snapshot]).unwrap();
    assert_eq!(poll(&mut *restored, &files, 0).unwrap(), "+I[3, c] +I[4, d]");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_workspace_is_refused() {
    let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(outside.path().join("secret.csv"), "9,secret\n").unwrap();
    std::fs::create_dir(inside.path().join("t")).unwrap();
    std::os::unix::fs::symlink(outside.path(), inside.path().join("t/door")).unwrap();
    let files = RealFiles::below(inside.path());
    let error = poll(&mut *reader_of("/t", 0, 1), &files, 0).unwrap_err();
    assert_eq!((error.code(), error.get("path")), ("file-outside", Some("/t/door")));
}
