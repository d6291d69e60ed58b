//! Reading a file of JSON lines.

use std::borrow::Cow;

use super::column::{Misfit, RowColumn};
use super::node::Node;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::format::input::Lines;
use crate::connectors::format::text::Forms;
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::data::{Batch, Schema};

/// The longest piece of a line that an error shows.
const LONGEST_EXCERPT: usize = 200;

/// What the options say of reading.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) lenient: bool,
    pub(super) fail_on_missing: bool,
    pub(super) forms: Forms,
}

/// Opens the JSON files of one table.
pub(super) struct Factory {
    rules: Rules,
    /// The columns that are read.
    schema: Schema,
}

impl Factory {
    pub(super) fn new(rules: Rules, schema: Schema) -> Self {
        Self { rules, schema }
    }
}

impl FileReaderFactory for Factory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let rows = RowColumn::new(&self.schema, self.rules);
        Ok(Box::new(JsonReader {
            lines: Lines::new(path, position),
            rows: rows.ok_or_else(|| Error::new("plan-broken").arg("reason", "json"))?,
            lenient: self.rules.lenient,
        }))
    }
}

struct JsonReader {
    lines: Lines,
    rows: RowColumn,
    lenient: bool,
}

impl FileReader for JsonReader {
    fn read(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Batch>> {
        let mut len = 0;
        while len < max_rows {
            let Some(line) = self.lines.next(files)? else { break };
            match add(&mut self.rows, line) {
                Ok(rows) => len += rows,
                Err(_) if self.lenient => {}
                Err(error) => {
                    let line = self.lines.position().line;
                    return Err(error.arg("file", self.lines.path()).arg("line", line));
                }
            }
        }
        if len == 0 {
            return Ok(None);
        }
        let failed = |e| Error::new("file-io").arg("path", self.lines.path()).arg("reason", e);
        Ok(Some(Batch::new(self.rows.finish_columns().map_err(failed)?, len)))
    }

    fn position(&self) -> Position {
        self.lines.position()
    }
}

/// Adds the row of a line; how many there were (a blank line has none).
fn add(rows: &mut RowColumn, line: &[u8]) -> Result<usize> {
    let excerpt = || excerpt(&String::from_utf8_lossy(line));
    let syntax = |reason: &dyn std::fmt::Display| {
        Error::new("json-syntax").arg("reason", reason).arg("value", excerpt())
    };
    let text = std::str::from_utf8(line).map_err(|e| syntax(&e))?;
    let text = escaped(text);
    let Some(node) = Node::first(&text).map_err(|e| syntax(&e))? else { return Ok(0) };
    rows.object(node).map_err(|misfit| error(misfit, excerpt()))?;
    Ok(1)
}

fn error(misfit: Misfit, line: String) -> Error {
    let path: Vec<String> = misfit.path.into_iter().rev().collect();
    match (misfit.found, path.is_empty()) {
        (None, _) => {
            Error::new("json-missing-field").arg("field", path.join(".")).arg("value", line)
        }
        (Some(_), true) => Error::new("json-no-object").arg("value", line),
        (Some(found), false) => Error::new("json-field")
            .arg("field", path.join("."))
            .arg("value", excerpt(&found))
            .arg("type", misfit.expected),
    }
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Control characters may stand in texts as they are; the parser wants them escaped.
fn escaped(line: &str) -> Cow<'_, str> {
    if !line.bytes().any(|b| b < b' ') {
        return Cow::Borrowed(line);
    }
    let (mut text, mut inside, mut after_backslash) = (String::new(), false, false);
    for character in line.chars() {
        match character {
            '\0'..' ' if inside => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
        inside ^= character == '"' && !after_backslash;
        after_backslash = character == '\\' && !after_backslash;
    }
    Cow::Owned(text)
}
