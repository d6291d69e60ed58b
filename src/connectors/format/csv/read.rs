//! Reading a CSV file in bounded pieces, straight into columns.

use std::sync::Arc;

use super::column::builder;
use super::record::Fault;
use super::split::Span;
use super::{Dialect, estimate};
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
            fields: Vec::new(),
        }))
    }

    fn estimated_rows(&self, paths: &[String], files: &dyn Files) -> Result<Option<u64>> {
        estimate::rows(paths, files)
    }
}

struct CsvReader {
    rows: Rows,
    input: Input,
    /// Where the next record begins.
    position: Position,
    /// Where the fields of the current record are.
    spans: Vec<Span>,
    /// The fields of the current record, end to end, if they cannot stay where they are.
    fields: Vec<u8>,
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
    /// With comments, blanks at the beginning of a line are none, and neither is a line without more.
    fn line(&mut self, files: &dyn Files) -> Result<Line> {
        let comments = self.rows.dialect.comments;
        loop {
            if self.input.rest().len() < 3 && !self.input.ended() {
                self.input.fetch(files, &self.rows.path, self.position.offset)?;
            }
            return Ok(match self.input.rest() {
                [] => Line::EndOfFile,
                // The mark that may begin a file of UTF-8.
                [0xef, 0xbb, 0xbf, ..] if self.position.offset == 0 => {
                    self.advance(3);
                    continue;
                }
                [b' ', ..] if comments => {
                    self.advance(1);
                    continue;
                }
                [b'#' | b'\n' | b'\r', ..] if comments => Line::Comment,
                [b'\n' | b'\r', ..] => Line::Empty,
                _ => Line::Record,
            });
        }
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
    /// none, or not all of it is here.
    fn plain_record(&mut self) -> Result<bool> {
        let rest = self.input.rest();
        let Some(length) = self.rows.dialect.split(rest, &mut self.spans) else {
            return Ok(false);
        };
        self.rows.add(rest, &self.spans, self.position.line + 1)?;
        self.position.line += 1;
        self.advance(length);
        Ok(true)
    }

    /// Takes a record whose fields have to be put together.
    fn record(&mut self, files: &dyn Files) -> Result<()> {
        let dialect = self.rows.dialect.clone();
        let line = self.position.line + 1;
        loop {
            let (rest, whole) = (self.input.rest(), self.input.ended());
            match dialect.record(rest, whole, &mut self.fields, &mut self.spans) {
                Ok(Some(length)) => {
                    let inside = rest[..length].iter().rev().skip(1).filter(|b| **b == b'\n');
                    self.position.line += 1 + inside.count() as u64;
                    self.rows.add(&self.fields, &self.spans, line)?;
                    self.advance(length);
                    return Ok(());
                }
                Ok(None) if rest.len() > LONGEST_LINE => {
                    return Err(self.rows.at_line(Error::new("line-too-long"), line));
                }
                Ok(None) => self.input.fetch(files, &self.rows.path, self.position.offset)?,
                Err(fault) => return self.fault(fault, files),
            }
        }
    }

    /// What is wrong with a record; or the way around it: of an open quote, there is none.
    fn fault(&mut self, fault: Fault, files: &dyn Files) -> Result<()> {
        if self.rows.dialect.ignore_errors {
            return match fault {
                Fault::BehindQuote(_) => self.skip_line(files),
                Fault::OpenQuote(_) => {
                    self.advance(self.input.rest().len());
                    Ok(())
                }
            };
        }
        let (code, field) = match fault {
            Fault::OpenQuote(field) => ("csv-open-quote", field),
            Fault::BehindQuote(field) => ("csv-behind-quote", field),
        };
        let column = self.rows.names.get(field).map_or("?", String::as_str);
        Err(self.rows.at_line(Error::new(code).arg("column", column), self.position.line + 1))
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
        let fields = match fields {
            // One more is none if there is nothing in it.
            [all @ .., (start, end)]
                if all.len() == self.names.len()
                    && bytes[*start..*end].iter().all(|b| *b <= b' ') =>
            {
                all
            }
            all => all,
        };
        if fields.len() > self.names.len() {
            return match self.dialect.ignore_errors {
                true => Ok(()),
                false => Err(self.of_length("csv-too-many-fields", fields, self.names.len(), line)),
            };
        }
        // As in Flink, those that are asked for count, and not which they are.
        if fields.len() < self.columns.len() && !self.dialect.ignore_errors {
            return Err(self.of_length("csv-too-few-fields", fields, self.columns.len(), line));
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
        let code = match std::str::from_utf8(bytes) {
            Ok(text) if builder.text(text) => return Ok(()),
            Ok(_) => "csv-field",
            Err(_) => "csv-encoding",
        };
        if self.dialect.ignore_errors {
            builder.null();
            return Ok(());
        }
        let field = &self.columns[column].1;
        Err(self
            .at_line(Error::new(code), line)
            .arg("column", &field.name)
            .arg("value", String::from_utf8_lossy(bytes))
            .arg("type", &field.data_type.logical))
    }

    fn of_length(&self, code: &'static str, fields: &[Span], expected: usize, line: u64) -> Error {
        let error = self.at_line(Error::new(code), line).arg("found", fields.len());
        error.arg("expected", expected)
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
