//! A table out of text from the clipboard: CSV or TSV with a line of names, as a spreadsheet copies it.
//!
//! The types are the narrowest that all values of a column have, as the csv format will read them.

use super::files::MemoryFiles;
use super::format::column::scalar;
use super::format::{self, Position, text};
use super::options::Options;
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Row, Schema, TimeAttribute, Value};

/// What a text becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// CREATE TABLE.
    pub statement: String,
    /// The file behind it: the text without its line of names.
    pub file: String,
    /// How many rows it has.
    pub rows: usize,
}

/// Marks that part the fields of a line.
const DELIMITERS: [char; 4] = ['\t', ';', ',', '|'];

/// The table of a text, in a file at `path`.
///
/// Errors: `pasted-empty` without a line of names and a row, and what the csv format says of a line.
pub fn table(pasted: &str, name: &str, path: &str) -> Result<Pasted> {
    let pasted = pasted.trim_start_matches('\u{feff}').trim_matches(['\r', '\n']);
    let empty = || Error::new("pasted-empty");
    let (first, file) = pasted.split_once('\n').ok_or_else(empty)?;
    let header = first.trim_end_matches('\r');
    let count = |mark: &char| header.matches(*mark).count();
    let delimiter = DELIMITERS.into_iter().rev().max_by_key(|mark| count(mark)).unwrap_or(',');
    let names = names(header, delimiter);
    let mut options = vec![("format", "csv".to_owned())];
    match delimiter {
        ',' => {}
        '\t' => options.push(("csv.field-delimiter", "\\t".to_owned())),
        other => options.push(("csv.field-delimiter", other.to_string())),
    }
    let rows = rows(pasted, first.len(), &names, &options.iter().cloned().collect(), path)?;
    let columns: Vec<Column> = (0..names.len()).map(|column| Column::of(&rows, column)).collect();
    if columns.iter().any(|c| c.has_gaps && c.logical != LogicalType::STRING) {
        options.push(("csv.null-literal", String::new()));
    }
    let lines = names.iter().zip(&columns).map(|(n, c)| format!("  {} {}", quoted(n), c.logical));
    let fixed = [("connector", "filesystem".to_owned()), ("path", path.to_owned())];
    let with = fixed.into_iter().chain(options);
    let with = with.map(|(key, value)| format!("  '{key}' = '{}'", value.replace('\'', "''")));
    let statement = format!(
        "CREATE TABLE {} (\n{}\n) WITH (\n{}\n);\n",
        quoted(name),
        lines.collect::<Vec<_>>().join(",\n"),
        with.collect::<Vec<_>>().join(",\n"),
    );
    Ok(Pasted { statement, file: format!("{file}\n"), rows: rows.len() })
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The names in the first line; what has none is called by its place, what is there twice by its count.
fn names(header: &str, delimiter: char) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(u8::try_from(delimiter).unwrap_or(b',')).has_headers(false);
    let line = reader.from_reader(header.as_bytes()).records().next();
    let line = line.and_then(std::result::Result::ok).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for (place, field) in line.iter().enumerate() {
        let field = field.trim();
        let name = if field.is_empty() { format!("c{}", place + 1) } else { field.to_owned() };
        let twice = (2..).map(|n| format!("{name}_{n}"));
        let mut free = std::iter::once(name.clone()).chain(twice).filter(|n| !names.contains(n));
        let free = free.next().unwrap_or(name.clone());
        names.push(free);
    }
    names
}

/// All fields of all lines behind the names, as the csv format reads them.
fn rows(
    pasted: &str,
    first: usize,
    names: &[String],
    options: &Options,
    path: &str,
) -> Result<Vec<Row>> {
    let string = || DataType::nullable(LogicalType::STRING);
    let schema = Schema::new(names.iter().map(|name| Field::new(name, string())).collect());
    let projection: Vec<usize> = (0..schema.len()).collect();
    let factory = format::find(options)?.reader(options, &schema, &projection)?;
    let files = MemoryFiles::new([(path, pasted)]);
    let mut reader =
        factory.open(path, Position { offset: first as u64 + 1, line: 1, inside: 0 })?;
    let mut rows = Vec::new();
    while let Some(batch) = reader.read(&files, 4_096)? {
        rows.extend(batch.rows(&schema));
    }
    if rows.is_empty() { Err(Error::new("pasted-empty")) } else { Ok(rows) }
}

/// What a column turns out to be.
struct Column {
    logical: LogicalType,
    /// Whether some rows have nothing in it.
    has_gaps: bool,
}

impl Column {
    fn of(rows: &[Row], column: usize) -> Self {
        let text = |row: &'_ Row| match &row.fields[column] {
            Value::String(text) => text.to_string(),
            _ => String::new(),
        };
        let all: Vec<String> = rows.iter().map(text).collect();
        let values: Vec<&str> = all.iter().map(String::as_str).filter(|v| !v.is_empty()).collect();
        let timestamp = LogicalType::Timestamp { precision: 3, attribute: TimeAttribute::None };
        let candidates = [
            (boolean as fn(&str) -> bool, Some(LogicalType::Boolean)),
            (whole, Some(LogicalType::Int)),
            (whole, Some(LogicalType::BigInt)),
            (fraction, decimal(&values)),
            (|v| v.len() >= 8, Some(LogicalType::Date)),
            (|v| v.len() >= 16, Some(timestamp)),
        ];
        let fits = |(shape, logical): &(fn(&str) -> bool, Option<LogicalType>)| {
            let logical = logical.as_ref().filter(|_| !values.is_empty())?;
            let mut column = scalar(logical, text::CSV)?;
            let good = values.iter().all(|value| shape(value) && column.text(value));
            good.then(|| logical.clone())
        };
        let logical = candidates.iter().find_map(fits).unwrap_or(LogicalType::STRING);
        Self { logical, has_gaps: values.len() < all.len() }
    }
}

fn boolean(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

/// Digits that no zero leads: a code such as 00123 is a text.
fn whole(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'))
}

fn fraction(value: &str) -> bool {
    let (before, after) = value.split_once('.').unwrap_or((value, "0"));
    whole(before) && after.bytes().all(|b| b.is_ascii_digit())
}

/// The DECIMAL that holds all of these; `None` if there is none.
fn decimal(values: &[&str]) -> Option<LogicalType> {
    let parts = values.iter().map(|value| value.split_once('.').unwrap_or((value, "")));
    let (mut before, mut scale) = (1, 0);
    for (whole, after) in parts {
        before = before.max(whole.trim_start_matches('-').len());
        scale = scale.max(after.len());
    }
    let precision = u8::try_from(before + scale).ok().filter(|p| *p <= 38)?;
    Some(LogicalType::Decimal { precision, scale: u8::try_from(scale).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_what_all_values_have() {
        let text = "\u{feff}id\tpreço\tquando\tdia\tcep\tok\tid\t\r\n\
                    1\t2.50\t2024-01-01 10:00:00\t2024-01-01\t01310\ttrue\t9999999999\tx\r\n\
                    \t-13.125\t2024-01-01 10:00:00.5\t2024-12-31\t20040\tFALSE\t1\t\"a\tb\"\r\n";
        let pasted = table(text, "notas", "/colada/notas.csv").unwrap();
        assert_eq!(
            pasted.statement,
            "CREATE TABLE `notas` (\n  `id` INT,\n  `preço` DECIMAL(5, 3),\n  `quando` TIMESTAMP(3),\n  \
             `dia` DATE,\n  `cep` STRING,\n  `ok` BOOLEAN,\n  `id_2` BIGINT,\n  `c8` STRING\n) WITH (\n  \
             'connector' = 'filesystem',\n  'path' = '/colada/notas.csv',\n  'format' = 'csv',\n  \
             'csv.field-delimiter' = '\\t',\n  'csv.null-literal' = ''\n);\n"
        );
        assert_eq!(pasted.rows, 2);
        assert!(pasted.file.starts_with("1\t2.50") && pasted.file.ends_with("b\"\n"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (text, expected) in [
            ("", "pasted-empty"),
            ("a,b", "pasted-empty"),
            ("a,b\n\n", "pasted-empty"),
            (
                "a,b\n1,2\n1,2,3\n",
                r#"csv-too-many-fields file="/p" line="3" found="3" expected="2""#,
            ),
        ] {
            assert_eq!(table(text, "t", "/p").unwrap_err().to_string(), expected, "{text:?}");
        }
    }
}
