//! JSON values into Arrow columns of the types that the table declares.
//!
//! Source: `JsonToRowDataConverters`, Flink 1.18. A value that is not of its type is NULL where errors
//! are ignored, at the innermost place: one bad element does not cost the array.

use arrow::array::ArrayRef;
use arrow::error::ArrowError;

use super::node::{Kind, Node};
use super::read::Rules;
use crate::connectors::format::column::{ColumnBuilder, Lists, Rows, scalar};
use crate::data::key::sort_by_bucket;
use crate::data::{DataType, LogicalType, Schema};

/// What was wrong, from the inside out.
#[derive(Debug, Default)]
pub(in crate::connectors::format) struct Misfit {
    /// The names of the fields that lead there, the innermost first.
    pub(super) path: Vec<String>,
    /// The text found; `None`: the field is missing.
    pub(super) found: Option<String>,
    /// The type expected.
    pub(super) expected: String,
}

impl Misfit {
    fn value(node: Node<'_>, logical: &LogicalType) -> Self {
        Self { found: Some(node.json().to_owned()), expected: logical.to_string(), path: vec![] }
    }

    fn inside(mut self, name: &str) -> Self {
        self.path.push(name.to_owned());
        self
    }
}

/// A column under construction.
pub(super) trait Column: Send {
    /// Adds a value that is not NULL; unless it is of another type, which adds nothing.
    fn value(&mut self, node: Node<'_>) -> Result<(), Misfit>;

    /// Adds NULL.
    fn null(&mut self);

    /// The column so far; the next begins empty.
    fn finish(&mut self) -> Result<ArrayRef, ArrowError>;
}

/// A column and what it does about values that do not fit.
pub(super) struct Nullable {
    column: Box<dyn Column>,
    lenient: bool,
}

impl Nullable {
    /// The column of a type that [`super::check`] let pass; `None` for any other.
    pub(super) fn new(data_type: &DataType, rules: Rules) -> Option<Self> {
        let column = column(&data_type.logical, rules)?;
        Some(Self { column, lenient: rules.lenient })
    }

    /// Adds a value.
    pub(super) fn add(&mut self, node: Node<'_>) -> Result<(), Misfit> {
        if node.kind() == Kind::Null {
            self.column.null();
            return Ok(());
        }
        match self.column.value(node) {
            Err(_) if self.lenient => self.column.null(),
            other => return other,
        }
        Ok(())
    }
}

fn column(logical: &LogicalType, rules: Rules) -> Option<Box<dyn Column>> {
    use LogicalType as L;
    Some(match logical {
        L::Array(element) => Box::new(ArrayColumn {
            element: Nullable::new(element, rules)?,
            lists: Lists::new(logical)?,
            logical: logical.clone(),
        }),
        L::Map(key, value) => map(key, value, logical, rules)?,
        L::Multiset(element) => map(element, &DataType::not_null(L::Int), logical, rules)?,
        L::Row(schema) => Box::new(RowColumn::new(schema, rules)?),
        _ => Box::new(ScalarColumn {
            builder: scalar(logical, rules.forms)?,
            logical: logical.clone(),
        }),
    })
}

fn map(
    key: &DataType,
    value: &DataType,
    logical: &LogicalType,
    rules: Rules,
) -> Option<Box<dyn Column>> {
    Some(Box::new(MapColumn {
        keys: scalar(&key.logical, rules.forms)?,
        values: Nullable::new(value, rules)?,
        lists: Lists::new(logical)?,
        logical: logical.clone(),
    }))
}

struct ScalarColumn {
    builder: Box<dyn ColumnBuilder>,
    logical: LogicalType,
}

impl Column for ScalarColumn {
    fn value(&mut self, node: Node<'_>) -> Result<(), Misfit> {
        use LogicalType as L;
        let container = matches!(node.kind(), Kind::Array | Kind::Object);
        let added = match self.logical {
            L::Char(_) | L::Varchar(_) if container => self.builder.text(&node.compact()),
            L::Binary(_) | L::Varbinary(_) if node.kind() != Kind::Text => false,
            L::Int | L::BigInt if node.kind() == Kind::Number => {
                whole(node.json()).is_some_and(|text| self.builder.text(&text))
            }
            _ => self.builder.text(&node.text()),
        };
        if added { Ok(()) } else { Err(Misfit::value(node, &self.logical)) }
    }

    fn null(&mut self) {
        self.builder.null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        self.builder.finish()
    }
}

/// The whole number of a number: what is behind the point goes away.
fn whole(json: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !json.contains(['.', 'e', 'E']) {
        return Some(json.into());
    }
    let number: f64 = json.parse().ok()?;
    let in_range = number > i64::MIN as f64 && number < i64::MAX as f64;
    in_range.then(|| (number as i64).to_string().into())
}

struct ArrayColumn {
    element: Nullable,
    lists: Lists,
    logical: LogicalType,
}

impl Column for ArrayColumn {
    fn value(&mut self, node: Node<'_>) -> Result<(), Misfit> {
        if node.kind() != Kind::Array {
            return Err(Misfit::value(node, &self.logical));
        }
        let elements = node.elements();
        elements.iter().try_for_each(|element| self.element.add(*element))?;
        self.lists.push(elements.len());
        Ok(())
    }

    fn null(&mut self) {
        self.lists.null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let elements = self.element.column.finish()?;
        self.lists.finish(elements)
    }
}

/// A MAP or a MULTISET: an object.
struct MapColumn {
    keys: Box<dyn ColumnBuilder>,
    values: Nullable,
    lists: Lists,
    logical: LogicalType,
}

impl Column for MapColumn {
    fn value(&mut self, node: Node<'_>) -> Result<(), Misfit> {
        if node.kind() != Kind::Object {
            return Err(Misfit::value(node, &self.logical));
        }
        let mut entries = node.entries();
        sort_by_bucket(&mut entries, |(key, _)| key);
        for (key, value) in &entries {
            self.keys.text(key);
            self.values.add(*value).map_err(|misfit| misfit.inside(key))?;
        }
        self.lists.push(entries.len());
        Ok(())
    }

    fn null(&mut self) {
        self.lists.null();
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let (keys, values) = (self.keys.finish()?, self.values.column.finish()?);
        self.lists.finish_map(keys, values)
    }
}

/// A ROW, or a whole line: an object with the fields by name.
pub(in crate::connectors::format) struct RowColumn {
    names: Vec<String>,
    columns: Vec<Nullable>,
    rows: Rows,
    schema: Schema,
    fail_on_missing: bool,
}

impl RowColumn {
    /// The column of rows with these fields.
    pub(super) fn new(schema: &Schema, rules: Rules) -> Option<Self> {
        let columns = schema.fields().iter().map(|f| Nullable::new(&f.data_type, rules));
        Some(Self {
            names: schema.fields().iter().map(|f| f.name.clone()).collect(),
            columns: columns.collect::<Option<_>>()?,
            rows: Rows::new(schema),
            schema: schema.clone(),
            fail_on_missing: rules.fail_on_missing,
        })
    }

    /// The columns of the rows so far; the next begin empty.
    pub(super) fn finish_columns(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        self.columns.iter_mut().map(|c| c.column.finish()).collect()
    }

    /// Adds the fields of an object.
    pub(in crate::connectors::format) fn object(&mut self, node: Node<'_>) -> Result<(), Misfit> {
        let fields = self.fields(node)?;
        self.add(fields)
    }

    /// The names of the fields.
    pub(in crate::connectors::format) fn names(&self) -> &[String] {
        &self.names
    }

    /// What an object has of the fields.
    pub(in crate::connectors::format) fn fields<'a>(
        &self,
        node: Node<'a>,
    ) -> Result<Vec<Option<Node<'a>>>, Misfit> {
        if node.kind() != Kind::Object {
            return Err(Misfit::value(node, &LogicalType::Row(self.schema.clone())));
        }
        let place = |name: &str| self.names.iter().position(|known| known == name);
        Ok(node.fields(place, self.columns.len()))
    }

    /// Adds a row of these fields.
    pub(in crate::connectors::format) fn add(
        &mut self,
        fields: Vec<Option<Node<'_>>>,
    ) -> Result<(), Misfit> {
        for ((field, column), name) in fields.into_iter().zip(&mut self.columns).zip(&self.names) {
            match field {
                Some(field) => column.add(field).map_err(|misfit| misfit.inside(name))?,
                None if self.fail_on_missing => return Err(Misfit::default().inside(name)),
                None => column.column.null(),
            }
        }
        Ok(())
    }
}

impl Column for RowColumn {
    fn value(&mut self, node: Node<'_>) -> Result<(), Misfit> {
        self.object(node)?;
        self.rows.push(true);
        Ok(())
    }

    fn null(&mut self) {
        self.columns.iter_mut().for_each(|c| c.column.null());
        self.rows.push(false);
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let columns = self.finish_columns()?;
        self.rows.finish(columns)
    }
}
