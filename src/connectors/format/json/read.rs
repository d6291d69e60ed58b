//! Reading a file of JSON lines.

use std::borrow::Cow;
use std::sync::Arc;

use super::column::{Misfit, RowColumn};
use super::node::Node;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::format::input::Lines;
use crate::connectors::format::text::Forms;
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::data::{Batch, Kinds, RowKind, Schema};

/// The longest piece of a line that an error shows.
const LONGEST_EXCERPT: usize = 200;

/// What the options say of reading.
#[derive(Clone, Copy)]
pub(in crate::connectors::format) struct Rules {
    pub(super) lenient: bool,
    pub(super) fail_on_missing: bool,
    pub(super) forms: Forms,
}

/// What the lines of a file mean.
pub(in crate::connectors::format) trait Messages:
    Send + Sync
{
    /// Adds the rows of a line, and the kind of each.
    fn add(
        &self,
        line: &str,
        node: Node<'_>,
        rows: &mut RowColumn,
        kinds: &mut Vec<RowKind>,
    ) -> Result<()>;
}

/// Opens the JSON files of one table.
pub(in crate::connectors::format) struct Factory {
    rules: Rules,
    /// The columns that are read.
    schema: Schema,
    messages: Arc<dyn Messages>,
}

impl Factory {
    pub(in crate::connectors::format) fn new(
        rules: Rules,
        schema: Schema,
        messages: Arc<dyn Messages>,
    ) -> Self {
        Self { rules, schema, messages }
    }
}

impl FileReaderFactory for Factory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let rows = RowColumn::new(&self.schema, self.rules);
        Ok(Box::new(JsonReader {
            lines: Lines::new(path, Position { inside: 0, ..position }),
            rows: rows.ok_or_else(|| Error::new("plan-broken").arg("reason", "json"))?,
            messages: self.messages.clone(),
            lenient: self.rules.lenient,
            kinds: Vec::new(),
            skip: position.inside,
            rest: None,
        }))
    }
}

/// Reads a file line by line.
struct JsonReader {
    lines: Lines,
    rows: RowColumn,
    messages: Arc<dyn Messages>,
    lenient: bool,
    /// The kinds of the rows of the batch under construction.
    kinds: Vec<RowKind>,
    /// So many rows of the first line were read before.
    skip: u64,
    rest: Option<Rest>,
}

/// Rows that wait for their batch.
struct Rest {
    batch: Batch,
    /// The line of the last of them, and how many rows of it are in none of these.
    line: Position,
    /// With which of them the line begins.
    first: usize,
}

impl FileReader for JsonReader {
    fn read(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Batch>> {
        let rest = match self.rest.take() {
            Some(rest) => Some(rest),
            None => self.fill(files, max_rows)?,
        };
        Ok(rest.map(|rest| self.cut(rest, max_rows)))
    }

    fn position(&self) -> Position {
        self.rest.as_ref().map_or_else(|| self.lines.position(), |rest| rest.line)
    }
}

impl JsonReader {
    /// The rows of the next lines, at least as many as asked for if there are so many.
    fn fill(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Rest>> {
        let (mut line, mut first) = (self.lines.position(), 0);
        while self.kinds.len() < max_rows {
            (line, first) = (self.lines.position(), self.kinds.len());
            if !self.line(files)? || self.skip > 0 {
                break;
            }
        }
        let kinds = std::mem::take(&mut self.kinds);
        if kinds.is_empty() {
            return Ok(None);
        }
        let failed = |e| Error::new("file-io").arg("path", self.lines.path()).arg("reason", e);
        let columns = self.rows.finish_columns().map_err(failed)?;
        let batch = Batch::new(columns, kinds.len()).with_kinds(Kinds::of(kinds));
        let inside = std::mem::take(&mut self.skip);
        let skip = batch.len().min(inside as usize);
        let batch = batch.slice(skip, batch.len() - skip);
        Ok(Some(Rest { batch, line: Position { inside, ..line }, first }))
    }

    /// As many of the rows as fit into a batch.
    fn cut(&mut self, rest: Rest, max_rows: usize) -> Batch {
        let Rest { batch, line, first } = rest;
        let Some(left) = batch.len().checked_sub(max_rows).filter(|left| *left > 0) else {
            return batch;
        };
        let line = Position { inside: line.inside + (max_rows - first) as u64, ..line };
        self.rest = Some(Rest { batch: batch.slice(max_rows, left), line, first: 0 });
        batch.slice(0, max_rows)
    }

    /// Adds the rows of the next line; false at the end of the file.
    fn line(&mut self, files: &dyn Files) -> Result<bool> {
        let Some(line) = self.lines.next(files)? else { return Ok(false) };
        match add(&*self.messages, &mut self.rows, &mut self.kinds, line) {
            Err(error) if !self.lenient => {
                let line = self.lines.position().line;
                Err(error.arg("file", self.lines.path()).arg("line", line))
            }
            _ => Ok(true),
        }
    }
}

/// Adds the rows of a line; a blank line has none.
fn add(
    messages: &dyn Messages,
    rows: &mut RowColumn,
    kinds: &mut Vec<RowKind>,
    line: &[u8],
) -> Result<()> {
    let syntax = |reason: &dyn std::fmt::Display| {
        let value = excerpt(&String::from_utf8_lossy(line));
        Error::new("json-syntax").arg("reason", reason).arg("value", value)
    };
    let text = std::str::from_utf8(line).map_err(|_| encoding(line))?;
    let text = escaped(text);
    match Node::first(&text).map_err(|e| syntax(&e))? {
        Some(node) => messages.add(&text, node, rows, kinds),
        None => Ok(()),
    }
}

/// The error of a line with bytes that are no text, in the first field that has some.
fn encoding(line: &[u8]) -> Error {
    let text = String::from_utf8_lossy(line);
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&text).unwrap_or_default();
    let marked = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    let mut fields = fields.iter();
    let field = fields.find(|(name, value)| marked(name) || marked(&value.to_string()));
    let field = field.map_or("?", |(name, _)| name.as_str());
    Error::new("json-encoding").arg("field", field).arg("value", excerpt(&text))
}

impl Misfit {
    /// The error, for a line of a file.
    pub(in crate::connectors::format) fn error(self, line: &str) -> Error {
        let path: Vec<String> = self.path.into_iter().rev().collect();
        match (self.found, path.is_empty()) {
            (None, _) => Error::new("json-missing-field")
                .arg("field", path.join("."))
                .arg("value", excerpt(line)),
            (Some(_), true) => Error::new("json-no-object").arg("value", excerpt(line)),
            (Some(found), false) => Error::new("json-field")
                .arg("field", path.join("."))
                .arg("value", excerpt(&found))
                .arg("type", self.expected),
        }
    }
}

/// A message without something that its kind of change must have.
pub(in crate::connectors::format) fn incomplete(format: &str, field: &str, line: &str) -> Error {
    Error::new("change-incomplete")
        .arg("format", format)
        .arg("field", field)
        .arg("value", excerpt(line))
}

/// A message of a kind that there is not.
pub(in crate::connectors::format) fn unknown(
    format: &str,
    field: &str,
    kind: &str,
    line: &str,
) -> Error {
    Error::new("change-unknown")
        .arg("format", format)
        .arg("field", field)
        .arg("kind", kind)
        .arg("value", excerpt(line))
}

/// The beginning of a text.
pub(in crate::connectors::format) fn excerpt(text: &str) -> String {
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
