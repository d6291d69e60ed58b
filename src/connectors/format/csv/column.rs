//! Fields of a CSV file into columns: scalars, and lists and rows inside one field.

use arrow::array::ArrayRef;
use arrow::error::ArrowError;

use super::Dialect;
use crate::base::{Error, Result};
use crate::connectors::format::column::{ColumnBuilder, Lists, Rows, scalar};
use crate::connectors::format::text;
use crate::data::{DataType, LogicalType, Schema};

/// A builder for a column.
///
/// Errors: `csv-type` for a type that CSV does not hold.
pub(super) fn builder(
    name: &str,
    data_type: &DataType,
    dialect: &Dialect,
) -> Result<Box<dyn ColumnBuilder>> {
    let logical = &data_type.logical;
    let inner = |data_type: &DataType| simple(name, data_type, dialect);
    match logical {
        LogicalType::Array(element) => {
            let lists = Lists::new(logical).ok_or_else(|| unsupported(name, logical))?;
            let delimiter = dialect.element_delimiter.clone();
            Ok(Box::new(List { element: inner(element)?, lists, delimiter }))
        }
        LogicalType::Row(schema) => {
            let columns = schema.fields().iter().map(|f| inner(&f.data_type));
            Ok(Box::new(Struct {
                columns: columns.collect::<Result<_>>()?,
                rows: Rows::new(schema),
                delimiter: dialect.element_delimiter.clone(),
                lenient: dialect.ignore_errors,
            }))
        }
        _ => Ok(Box::new(inner(data_type)?)),
    }
}

/// Refuses what CSV cannot hold: a type without a text, and lists and rows below the first level.
pub(super) fn check(name: &str, data_type: &DataType) -> Result<()> {
    let inner = |data_type: &DataType| match scalar(&data_type.logical, text::CSV) {
        Some(_) => Ok(()),
        None => Err(unsupported(name, &data_type.logical)),
    };
    match &data_type.logical {
        LogicalType::Array(element) => inner(element),
        LogicalType::Row(Schema(fields)) => fields.iter().try_for_each(|f| inner(&f.data_type)),
        _ => inner(data_type),
    }
}

fn unsupported(name: &str, logical: &LogicalType) -> Error {
    Error::new("csv-type").arg("column", name).arg("type", logical)
}

/// The builder of a column, an element of a list or a field of a row.
fn simple(name: &str, data_type: &DataType, dialect: &Dialect) -> Result<Part> {
    let logical = &data_type.logical;
    Ok(Part {
        column: scalar(logical, text::CSV).ok_or_else(|| unsupported(name, logical))?,
        null_literal: dialect.null_literal.clone(),
        lenient: dialect.ignore_errors,
    })
}

/// A value that is not made of others. The NULL literal means it, and not the list around it.
struct Part {
    column: Box<dyn ColumnBuilder>,
    null_literal: Option<String>,
    lenient: bool,
}

impl ColumnBuilder for Part {
    /// What is not of the type becomes NULL if errors are ignored.
    fn text(&mut self, text: &str) -> bool {
        if self.null_literal.as_deref() == Some(text) {
            self.column.null();
            return true;
        }
        let added = self.column.text(text);
        if !added && self.lenient {
            self.column.null();
        }
        added || self.lenient
    }

    fn null(&mut self) {
        self.column.null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        self.column.finish()
    }
}

/// Elements in one field, cut at a delimiter of their own.
struct List {
    element: Part,
    lists: Lists,
    delimiter: String,
}

impl ColumnBuilder for List {
    fn text(&mut self, text: &str) -> bool {
        let mut length = 0;
        for part in text.split(self.delimiter.as_str()).filter(|_| !text.is_empty()) {
            if !self.element.text(part) {
                return false;
            }
            length += 1;
        }
        self.lists.push(length);
        true
    }

    fn null(&mut self) {
        self.lists.null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let elements = self.element.finish()?;
        self.lists.finish(elements)
    }
}

/// The fields of a ROW in one field of the file.
struct Struct {
    columns: Vec<Part>,
    rows: Rows,
    delimiter: String,
    /// Whether fields that are not there are NULL.
    lenient: bool,
}

impl ColumnBuilder for Struct {
    fn text(&mut self, text: &str) -> bool {
        // As in Flink, more parts than fields are not looked at.
        let mut parts = text.split(self.delimiter.as_str());
        for column in &mut self.columns {
            match parts.next() {
                Some(part) if column.text(part) => {}
                None if self.lenient => column.null(),
                _ => return false,
            }
        }
        self.rows.push(true);
        true
    }

    fn null(&mut self) {
        self.columns.iter_mut().for_each(ColumnBuilder::null);
        self.rows.push(false);
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let columns = self.columns.iter_mut().map(ColumnBuilder::finish);
        let columns = columns.collect::<Result<_, _>>()?;
        self.rows.finish(columns)
    }
}
