//! Reading a CSV file in bounded pieces, straight into columns.

use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::Dialect;
use super::column::builder;
use super::split::Span;
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::format::column::ColumnBuilder;
use crate::connectors::format::input::{Input, LONGEST_LINE};
use crate::connectors::format::{FileReader, FileReaderFactory, Position};
use crate::data::{Batch, Field, Schema};

/// Opens the CSV files of one table.
pub(super) struct Factory {
    dialect: Arc<Dialect>,
    /// The names of all columns of the table.
    names: Arc<[String]>,
    /// The columns that are read, with their positions in the table.
    columns: Arc<[(usize, Field)]>,
}

impl Factory {
    pub(super) fn new(
        dialect: Arc<Dialect>,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Self> {
        let columns = projection.iter().filter_map(|&i| Some((i, schema.fields().get(i)?.clone())));
        let columns: Arc<[_]> = columns.collect();
        for (_, field) in columns.iter() {
            builder(&field.name, &field.data_type, &dialect)?;
        }
        let names = schema.fields().iter().map(|f| f.name.clone()).collect();
        Ok(Self { dialect, names, columns })
    }
}

impl FileReaderFactory for Factory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let builders =
            self.columns.iter().map(|(_, f)| builder(&f.name, &f.data_type, &self.dialect));
        Ok(Box::new(CsvReader {
            machine: machine(&self.dialect),
            rows: Rows {
                path: path.into(),
                dialect: self.dialect.clone(),
                names: self.names.clone(),
                columns: self.columns.clone(),
                builders: builders.collect::<Result<_>>()?,
                len: 0,
            },
            input: Input::default(),
            position,
            spans: Vec::with_capacity(self.names.len() + 1),
            fields: vec![0; 1024],
            ends: vec![0; self.names.len() + 1],
        }))
    }
}

fn machine(dialect: &Dialect) -> Reader {
    let mut machine = ReaderBuilder::new();
    machine.delimiter(dialect.delimiter).escape(dialect.escape);
    match dialect.quote {
        Some(quote) => machine.quote(quote),
        None => machine.quoting(false),
    };
    machine.build()
}

struct CsvReader {
    machine: Reader,
    rows: Rows,
    input: Input,
    /// Where the next record begins.
    position: Position,
    /// The fields of the current record, where they can stay where they are.
    spans: Vec<Span>,
    /// The fields of the current record, end to end, and where each ends.
    fields: Vec<u8>,
    ends: Vec<usize>,
}

/// What stands at the beginning of a line.
enum Line {
    Record,
    Comment,
    Empty,
    EndOfFile,
}

impl FileReader for CsvReader {
    fn read(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Batch>> {
        while self.rows.len < max_rows {
            match self.line(files)? {
                Line::EndOfFile => break,
                Line::Comment => self.skip_line(files)?,
                Line::Empty => {
                    self.rows.add(&[], &[(0, 0)], self.position.line + 1)?;
                    self.skip_line(files)?;
                }
                Line::Record if self.plain_record()? => {}
                Line::Record => self.record(files)?,
            }
        }
        self.rows.finish()
    }

    fn position(&self) -> Position {
        self.position
    }
}

impl CsvReader {
    fn line(&mut self, files: &dyn Files) -> Result<Line> {
        if self.input.rest().len() < 2 && !self.input.ended() {
            self.input.fetch(files, &self.rows.path, self.position.offset)?;
        }
        Ok(match self.input.rest() {
            [] => Line::EndOfFile,
            [b'#', ..] if self.rows.dialect.comments => Line::Comment,
            [b'\n', ..] | [b'\r', ..] => Line::Empty,
            _ => Line::Record,
        })
    }

    fn advance(&mut self, bytes: usize) {
        self.input.advance(bytes);
        self.position.offset += bytes as u64;
    }

    fn skip_line(&mut self, files: &dyn Files) -> Result<()> {
        loop {
            let rest = self.input.rest();
            if let Some(end) = rest.iter().position(|b| matches!(b, b'\n' | b'\r')) {
                self.advance(end + 1);
                return self.end_line(files, self.input.before());
            }
            self.advance(rest.len());
            if self.input.ended() {
                self.position.line += 1;
                return Ok(());
            }
            self.input.fetch(files, &self.rows.path, self.position.offset)?;
        }
    }

    /// Takes the second half of `\r\n` and counts the line.
    fn end_line(&mut self, files: &dyn Files, terminator: u8) -> Result<()> {
        self.position.line += 1;
        if terminator != b'\r' {
            return Ok(());
        }
        if self.input.rest().is_empty() && !self.input.ended() {
            self.input.fetch(files, &self.rows.path, self.position.offset)?;
        }
        if self.input.rest().first() == Some(&b'\n') {
            self.advance(1);
        }
        Ok(())
    }

    /// Takes a record whose fields stand in the file as they are meant; false if the next one is
    /// none, or not all of it is here. (The machine takes the mark off that may begin a file.)
    fn plain_record(&mut self) -> Result<bool> {
        if self.position.offset == 0 {
            return Ok(false);
        }
        let rest = self.input.rest();
        let Some(length) = self.rows.dialect.split(rest, &mut self.spans) else {
            return Ok(false);
        };
        self.rows.add(rest, &self.spans, self.position.line + 1)?;
        self.position.line += 1;
        self.advance(length);
        Ok(true)
    }

    fn record(&mut self, files: &dyn Files) -> Result<()> {
        let (mut taken, mut written, mut count) = (0, 0, 0);
        loop {
            let rest = &self.input.rest()[taken..];
            // The end of the file closes a record as the end of a line does, but no quote.
            let at_end = rest.is_empty() && self.input.ended();
            let input = if at_end { b"\n" } else { rest };
            let (result, read, wrote, ended) = self.machine.read_record(
                input,
                &mut self.fields[written..],
                &mut self.ends[count..],
            );
            taken += if at_end { 0 } else { read };
            written += wrote;
            count += ended;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(()),
                ReadRecordResult::OutputFull => self.fields.resize(2 * self.fields.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::InputEmpty if at_end => return self.open_quote(taken, count),
                ReadRecordResult::InputEmpty => {
                    self.input.fetch(files, &self.rows.path, self.position.offset)?;
                }
            }
            if taken > LONGEST_LINE {
                let error = Error::new("line-too-long");
                return Err(self.rows.at_line(error, self.position.line + 1));
            }
        }
        let fields = &self.fields[..written];
        let lines_inside = fields.iter().filter(|b| **b == b'\n').count() as u64;
        let mut start = 0;
        self.spans.clear();
        for &end in &self.ends[..count] {
            self.spans.push((std::mem::replace(&mut start, end), end));
        }
        self.rows.add(fields, &self.spans, self.position.line + 1)?;
        self.position.line += lines_inside;
        self.advance(taken);
        self.end_line(files, self.input.before())
    }

    /// The file ended inside a quoted field, the one behind so many.
    fn open_quote(&mut self, taken: usize, fields: usize) -> Result<()> {
        if !self.rows.dialect.ignore_errors {
            let column = self.rows.names.get(fields).map_or("?", String::as_str);
            let error = Error::new("csv-open-quote").arg("column", column);
            return Err(self.rows.at_line(error, self.position.line + 1));
        }
        self.advance(taken);
        self.machine.reset();
        Ok(())
    }
}

/// The rows of a batch under construction.
struct Rows {
    path: String,
    dialect: Arc<Dialect>,
    names: Arc<[String]>,
    columns: Arc<[(usize, Field)]>,
    builders: Vec<Box<dyn ColumnBuilder>>,
    len: usize,
}

impl Rows {
    /// Adds a record: its fields in their bytes, the line on which it begins.
    fn add(&mut self, bytes: &[u8], fields: &[Span], line: u64) -> Result<()> {
        if self.names.is_empty() {
            // All columns of the table are in the names of its folders: Flink then has no rows.
            return Ok(());
        }
        if fields.len() > self.names.len() {
            return match self.dialect.ignore_errors {
                true => Ok(()),
                false => Err(self
                    .at_line(Error::new("csv-too-many-fields"), line)
                    .arg("found", fields.len())
                    .arg("expected", self.names.len())),
            };
        }
        for column in 0..self.columns.len() {
            match fields.get(self.columns[column].0) {
                None => self.builders[column].null(),
                Some(&(start, end)) => self.field(column, &bytes[start..end], line)?,
            }
        }
        self.len += 1;
        Ok(())
    }

    fn field(&mut self, column: usize, bytes: &[u8], line: u64) -> Result<()> {
        let builder = &mut self.builders[column];
        if std::str::from_utf8(bytes).is_ok_and(|text| builder.text(text)) {
            return Ok(());
        }
        if self.dialect.ignore_errors {
            builder.null();
            return Ok(());
        }
        let field = &self.columns[column].1;
        Err(self
            .at_line(Error::new("csv-field"), line)
            .arg("column", &field.name)
            .arg("value", String::from_utf8_lossy(bytes))
            .arg("type", &field.data_type.logical))
    }

    fn finish(&mut self) -> Result<Option<Batch>> {
        let len = std::mem::take(&mut self.len);
        if len == 0 {
            return Ok(None);
        }
        let columns = self.builders.iter_mut().map(|b| b.finish());
        let columns = columns
            .collect::<Result<_, _>>()
            .map_err(|e| Error::new("file-io").arg("path", &self.path).arg("reason", e))?;
        Ok(Some(Batch::new(columns, len)))
    }

    fn at_line(&self, error: Error, line: u64) -> Error {
        error.arg("file", &self.path).arg("line", line)
    }
}
