//! Paths as options write them: plain, or `file://` URIs.

/// The plain path behind a `path` option: `file:///a/b`, `file:/a/b` and `/a/b` are `/a/b`; a slash at
/// the end goes away. Percent signs stay as they are, as Flink leaves them.
pub fn plain(path: &str) -> String {
    let path = path.strip_prefix("file:").map_or(path, |rest| match rest.strip_prefix("//") {
        // An authority (`file://host/a`) is not looked at: files are this machine's.
        Some(rest) => rest.find('/').map_or(rest, |slash| &rest[slash..]),
        None => rest,
    });
    match path.trim_end_matches('/') {
        "" => "/".into(),
        trimmed => trimmed.into(),
    }
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path without its last part; empty if it has one part.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_and_paths_mean_the_same() {
        for (written, expected) in [
            ("/a/b.csv", "/a/b.csv"),
            ("file:///a/b.csv", "/a/b.csv"),
            ("file:/a/b/", "/a/b"),
            ("file://host/a", "/a"),
            ("rel/x", "rel/x"),
            ("/", "/"),
            ("file:///a b%20c", "/a b%20c"),
        ] {
            assert_eq!(plain(written), expected);
        }
    }
}
