//! The student's folder: every path of a table lies below it, and nothing outside is touched.
//!
//! What is read here is for looking at only: names, sizes, and the beginning of a file.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files that are listed at most; the rest is told by a number.
const MOST_FILES: usize = 400;
/// Folders inside each other that are looked into.
const DEEPEST: usize = 8;
/// Bytes of a file that are shown.
const SHOWN_BYTES: u64 = 64 * 1024;

/// A file or folder of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path below the workspace.
    pub path: PathBuf,
    /// Folders that it lies in.
    pub depth: usize,
    /// Its length in bytes; nothing for a folder.
    pub bytes: Option<u64>,
}

impl Entry {
    /// Its own name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether readers do not see it: a part file that is still being written.
    pub fn in_progress(&self) -> bool {
        let name = self.name();
        name.starts_with('.') || name.starts_with('_')
    }
}

/// Where the workspace is when nobody says so: `Riacho` among the person's documents.
pub fn of_user() -> Option<PathBuf> {
    let user = directories::UserDirs::new()?;
    let documents = user.document_dir().unwrap_or(user.home_dir());
    Some(documents.join("Riacho"))
}

/// All entries, each folder before what is in it, by name; and how many more there are.
pub fn list(workspace: &Path) -> (Vec<Entry>, usize) {
    let (mut entries, mut more) = (Vec::new(), 0);
    add(workspace, Path::new(""), 0, &mut entries, &mut more);
    (entries, more)
}

fn add(workspace: &Path, folder: &Path, depth: usize, entries: &mut Vec<Entry>, more: &mut usize) {
    let found = fs::read_dir(workspace.join(folder)).into_iter().flatten().flatten();
    let mut names: Vec<_> = found.map(|entry| (entry.file_name(), entry.metadata().ok())).collect();
    names.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, metadata) in names {
        if entries.len() >= MOST_FILES {
            *more += 1;
            continue;
        }
        let Some(metadata) = metadata else { continue };
        let path = folder.join(name);
        let bytes = metadata.is_file().then_some(metadata.len());
        entries.push(Entry { path: path.clone(), depth, bytes });
        if metadata.is_dir() && depth < DEEPEST {
            add(workspace, &path, depth + 1, entries, more);
        }
    }
}

/// The beginning of a file as text; what is no text shows as `�`.
pub fn beginning(workspace: &Path, file: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(workspace.join(file))?.take(SHOWN_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A new file with this text, in the place of none that is there.
pub fn add_file(workspace: &Path, path: &str, text: &str) -> std::io::Result<()> {
    let file = workspace.join(path.trim_start_matches('/'));
    if file.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    super::settings::replace(&file, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_before_what_is_in_them() {
        let workspace = tempfile::tempdir().expect("a folder");
        let folder = workspace.path().join("people");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("part-0-0"), "1,Bob\n").expect("a file");
        fs::write(folder.join(".part-0-1.inprogress"), "2").expect("a file");
        fs::write(workspace.path().join("a.csv"), "").expect("a file");
        let (entries, more) = list(workspace.path());
        let shown: Vec<_> =
            entries.iter().map(|e| (e.name(), e.depth, e.bytes, e.in_progress())).collect();
        assert_eq!(
            shown,
            [
                ("a.csv".to_owned(), 0, Some(0), false),
                ("people".to_owned(), 0, None, false),
                (".part-0-1.inprogress".to_owned(), 1, Some(1), true),
                ("part-0-0".to_owned(), 1, Some(6), false),
            ]
        );
        assert_eq!(more, 0);
        let text = beginning(workspace.path(), Path::new("people/part-0-0")).expect("text");
        assert_eq!(text, "1,Bob\n");
    }
}
