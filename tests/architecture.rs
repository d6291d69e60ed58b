//! The table of who may import whom, and the other rules of the house that a scan can hold.
//!
//! It reads the sources as text: `crate::x`, also inside `use crate::{..}`, is an import of folder `x`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A folder of `src/` and the folders it may name. The way of a record is the way of the table.
const ALLOWED: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("data", &["base"]),
    ("trace", &["base", "data"]),
    ("state", &["base", "data"]),
    ("connectors", &["base", "data"]),
    ("expr", &["base", "data"]),
    ("operators", &["base", "data", "expr", "state", "connectors", "trace"]),
    ("sql", &["base", "data", "expr", "connectors"]),
    ("plan", &["base", "data", "expr", "connectors", "sql"]),
    (
        "graph",
        &["base", "data", "expr", "state", "connectors", "operators", "trace", "sql", "plan"],
    ),
    ("datastream", &["base", "data", "state", "operators", "connectors", "trace", "graph"]),
    (
        "cluster",
        &[
            "base",
            "data",
            "expr",
            "state",
            "connectors",
            "operators",
            "trace",
            "sql",
            "plan",
            "graph",
            "datastream",
        ],
    ),
    (
        "runtime",
        &[
            "base",
            "data",
            "expr",
            "state",
            "connectors",
            "operators",
            "trace",
            "sql",
            "plan",
            "graph",
            "datastream",
            "cluster",
        ],
    ),
    ("model", &["base", "data", "trace", "graph", "runtime"]),
    ("lessons", &["base", "data", "trace", "model", "i18n", "runtime"]),
    ("i18n", &["base"]),
    ("cli", &["base", "data", "model", "lessons", "i18n", "runtime"]),
    ("gui", &["base", "data", "trace", "graph", "model", "lessons", "i18n", "runtime"]),
];

/// Folders that may name only one part of another: plain data, not what is behind it.
const ONLY_PARTS: &[(&str, &str, &[&str])] = &[
    ("model", "runtime", &["api"]),
    ("lessons", "runtime", &["api"]),
    ("sql", "connectors", &["options", "registry"]),
];

/// Crates with one home each.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlparser", &["sql"]),
    ("egui", &["gui"]),
    ("eframe", &["gui"]),
    ("egui_plot", &["gui"]),
    ("egui_extras", &["gui"]),
    ("fluent_templates", &["i18n"]),
    ("clap", &["cli"]),
    ("rustyline", &["cli"]),
];

/// Arrow arrays end where people begin.
const NO_ARROW: &[&str] = &["gui", "cli", "lessons", "i18n"];

#[test]
fn folders_import_only_what_the_table_allows() {
    let table: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(allowed) = table.get(file.folder.as_str()) else {
            wrong.push(format!("{}: the folder is not in the table", file.name()));
            continue;
        };
        for path in file.crate_paths() {
            let target = path.split("::").next().unwrap_or_default();
            let inside = target == file.folder;
            let known = table.contains_key(target);
            if known && !inside && !allowed.contains(&target) {
                wrong.push(format!("{} imports {target}", file.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn some_folders_see_only_the_plain_data_of_another() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (folder, target, parts) in ONLY_PARTS.iter().filter(|(f, ..)| *f == file.folder) {
            let prefix = format!("{target}::");
            for path in file.crate_paths().iter().filter(|p| p.starts_with(&prefix)) {
                let rest = &path[prefix.len()..];
                let part = rest.split("::").next().unwrap_or_default();
                if !(parts.contains(&part) || starts_with_type(rest)) {
                    wrong.push(format!("{} ({folder}) imports {path}", file.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn some_crates_have_one_home() {
    let mut wrong = Vec::new();
    for file in sources() {
        let banned = NO_ARROW.contains(&file.folder.as_str()).then_some(("arrow", &[] as &[&str]));
        for (name, homes) in HOMES.iter().copied().chain(banned) {
            let at_home = homes.contains(&file.folder.as_str());
            if !at_home && file.names_crate(name) {
                wrong.push(format!("{} uses {name}", file.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<_> =
        sources().into_iter().filter(|f| !f.text.starts_with("//!")).map(|f| f.name()).collect();
    assert!(silent.is_empty(), "no `//!` at the top of {silent:?}");
}

#[test]
fn clocks_and_threads_live_in_the_runtime() {
    let words =
        ["Instant::now", "SystemTime::now", "thread::sleep", "thread::spawn", "thread::Builder"];
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|f| !["runtime", "cli", "gui"].contains(&f.folder.as_str()))
    {
        wrong.extend(
            words
                .iter()
                .filter(|w| file.code.contains(**w))
                .map(|w| format!("{}: {w}", file.name())),
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_scan_sees_nested_imports() {
    let paths =
        crate_paths("use crate::{base::{Error, Span}, data::Row};\nlet x = crate::sql::bind();");
    assert_eq!(paths, ["base::{Error, Span}", "data::Row", "sql::bind"].map(String::from).into());
}

/// One file of `src/` below a folder.
struct Source {
    path: PathBuf,
    folder: String,
    text: String,
    /// The text without comments and without what follows `#[cfg(test)]`.
    code: String,
}

impl Source {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn crate_paths(&self) -> BTreeSet<String> {
        crate_paths(&self.code)
    }

    fn names_crate(&self, name: &str) -> bool {
        [format!("{name}::"), format!("use {name};")].iter().any(|needle| {
            self.code.match_indices(needle.as_str()).any(|(at, _)| {
                let before = self.code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            })
        })
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut sources: Vec<_> = files.iter().filter_map(|path| source(&root, path)).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// `lib.rs` and `main.rs` belong to no folder.
fn source(root: &Path, path: &Path) -> Option<Source> {
    let path = path.strip_prefix(root).unwrap();
    let folder = path.parent()?.components().next()?.as_os_str().to_string_lossy().into_owned();
    let text = fs::read_to_string(root.join(path)).unwrap();
    let lines = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"));
    let code: Vec<_> = lines.filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    Some(Source { path: path.to_owned(), folder, code, text })
}

/// What follows each `crate::`, with `use crate::{a::b, c}` taken apart at its first level.
fn crate_paths(code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (at, needle) in code.match_indices("crate::") {
        let rest = &code[at + needle.len()..];
        match rest.strip_prefix('{') {
            Some(list) => paths.extend(first_level(list)),
            None => paths.extend(first_level(rest).into_iter().next()),
        }
    }
    paths
}

/// The comma-separated paths up to the closing brace, `;` or another end.
fn first_level(text: &str) -> Vec<String> {
    let (mut depth, mut path, mut paths) = (0_u32, String::new(), Vec::new());
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                paths.push(std::mem::take(&mut path));
                continue;
            }
            _ if depth == 0 && !(c.is_alphanumeric() || "_:\n ".contains(c)) => break,
            _ => {}
        }
        path.push(c);
    }
    paths.push(path);
    paths.iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn starts_with_type(path: &str) -> bool {
    path.starts_with(char::is_uppercase) || path.starts_with('{')
}
