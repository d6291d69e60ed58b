//! The same promises of every kind of file.

use super::{FaultyFiles, Files, MemoryFiles, RealFiles};

fn promises(files: &dyn Files, folder: &str) {
    let at = |name: &str| format!("{folder}/{name}");
    let names = |dir: &str| -> Vec<String> {
        files.list(dir).unwrap().into_iter().map(|s| s.path[folder.len()..].into()).collect()
    };
    assert_eq!(files.status(&at("a/x")).unwrap(), None);
    assert_eq!(files.read(&at("a/x"), 0, 9).unwrap_err().code(), "file-not-found");
    files.append(&at("a/x"), b"hello ").unwrap();
    files.append(&at("a/x"), b"you").unwrap();
    files.append(&at("b"), b"!").unwrap();
    assert_eq!(files.read(&at("a/x"), 6, 2).unwrap(), b"yo");
    assert_eq!(files.read(&at("a/x"), 99, 2).unwrap(), b"");
    assert_eq!(
        files.status(&at("a/x")).unwrap().map(|s| (s.length, s.directory)),
        Some((9, false))
    );
    assert!(files.status(&at("a")).unwrap().is_some_and(|s| s.directory));
    assert_eq!(names(folder), ["/a", "/b"]);
    files.rename(&at("b"), &at("a/c")).unwrap();
    assert_eq!(names(&at("a")), ["/a/c", "/a/x"]);
    files.remove(&at("a/c")).unwrap();
    files.remove(&at("a/c")).unwrap();
    assert_eq!(names(&at("a")), ["/a/x"]);
    assert_eq!(files.list(&at("nowhere")).unwrap_err().get("path"), Some(&*at("nowhere")));
}

#[test]
fn in_memory() {
    promises(&MemoryFiles::default(), "/t");
}

#[test]
fn on_disk() {
    let folder = tempfile::tempdir().unwrap();
    promises(&RealFiles::new(), folder.path().to_str().unwrap());
}

#[test]
fn below_a_root() {
    let folder = tempfile::tempdir().unwrap();
    let files = RealFiles::below(folder.path());
    promises(&files, "/t");
    assert!(folder.path().join("t/a/x").exists());
    for escape in ["/../x", "/t/../../x", "../x"] {
        assert_eq!(files.append(escape, b"x").unwrap_err().code(), "file-outside", "{escape}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_root() {
    let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), inside.path().join("door")).unwrap();
    let files = RealFiles::below(inside.path());
    assert_eq!(files.append("/door/x", b"x").unwrap_err().code(), "file-outside");
}

#[test]
fn faults_strike_by_the_seed() {
    let run = |seed| {
        let files = FaultyFiles::new(MemoryFiles::default(), seed, 3);
        (0..50).map(|_| files.append("/x", b".").is_ok()).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    let failed = run(1).iter().filter(|ok| !**ok).count();
    assert!((5..30).contains(&failed), "{failed}");
}
