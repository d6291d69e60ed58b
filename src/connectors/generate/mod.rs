//! What sources that make their rows themselves have in common: columns filled whole, each from chance
//! of its own, dealt to subtasks and given out at a pace.
//!
//! | File | What it is |
//! |---|---|
//! | `column` | a column of one subtask: its generator, its NULLs, its state of chance |
//! | `shape` | rows and collections put together from the columns of what is inside |
//! | `share` | which rows belong to which subtask |
//! | `pace` | how many rows at which moment |
//! | `reader` | one parallel reader |

pub(super) mod column;
mod pace;
mod reader;
pub(super) mod shape;
pub(super) mod share;

use std::sync::Arc;

use super::options::nearest;
use super::{Options, SourceFactory, SourceReader, SourceRequest};
use crate::base::{Error, Result, SeededRandom};
use crate::data::{Field, Schema};
use column::Column;
pub(super) use pace::Pace;
use reader::Reader;

/// What a column is in every subtask.
pub(super) trait ColumnMaker: Clone + Send + Sync {
    /// What the options of a table say of a column at this place.
    fn read(options: &Options, field: &Field, position: usize) -> Result<Self>;

    /// The keys of the options that it can have.
    fn options(&self, out: &mut Vec<String>);

    /// The column in one of them.
    fn column(&self, seed: u64, index: u32) -> Result<Column>;
}

/// What the whole source makes.
struct Plan<C> {
    columns: Vec<C>,
    /// How many rows all subtasks make at a time, and how often.
    pace: Pace,
    /// Rows of all subtasks in all; `None`: without end.
    rows: Option<u64>,
}

/// Makes the readers of one table.
pub(super) struct Factory<C> {
    plan: Plan<C>,
    /// Two tables in one job see different rows, also where their columns are called alike.
    salt: u64,
    output: Schema,
}

impl<C: ColumnMaker + 'static> Factory<C> {
    /// The source of a table with these columns, of which it makes those that are read.
    pub(super) fn source(
        request: &SourceRequest<'_>,
        all: &[C],
        pace: Pace,
        rows: Option<u64>,
    ) -> Arc<dyn SourceFactory> {
        let fields = request.schema.fields();
        let read = request.projection.iter().filter_map(|&i| Some((all.get(i)?, fields.get(i)?)));
        let (columns, output): (Vec<_>, Vec<_>) = read.map(|(c, f)| (c.clone(), f.clone())).unzip();
        let plan = Plan { columns, pace, rows };
        let salt = SeededRandom::salt(request.table);
        Arc::new(Self { plan, salt, output: Schema::new(output) })
    }
}

impl<C: ColumnMaker> SourceFactory for Factory<C> {
    fn create(&self, index: u32, parallelism: u32, seed: u64) -> Result<Box<dyn SourceReader>> {
        Ok(Box::new(Reader::new(&self.plan, index, parallelism, seed ^ self.salt)?))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn bounded(&self) -> bool {
        self.plan.rows.is_some()
    }
}

/// A count that must not be negative.
///
/// Errors: `option-value`, `option-out-of-range`.
pub(super) fn count(options: &Options, key: &str) -> Result<Option<u64>> {
    let value = options.integer(key)?;
    value.map(|v| u64::try_from(v).map_err(|_| out_of_range(key, v))).transpose()
}

/// `fields.#.null-rate`; as in Flink, one below 0 is 0 and one above 1 is 1.
///
/// Errors: `option-value`.
pub(super) fn null_rate(options: &Options, key: &str) -> Result<f64> {
    let rate = options.number(key)?.unwrap_or(0.0);
    Ok(if rate > 0.0 { rate.min(1.0) } else { 0.0 })
}

pub(super) fn out_of_range(key: &str, value: impl std::fmt::Display) -> Error {
    Error::new("option-out-of-range").arg("name", key).arg("value", value)
}

/// What the options of a table say of its columns.
///
/// Errors: `datagen-column`, `option-unknown`, and what is wrong with a column.
pub(super) fn columns<C: ColumnMaker>(
    connector: &str,
    options: &Options,
    schema: &Schema,
) -> Result<Vec<C>> {
    check_columns(options, schema)?;
    let fields = schema.fields().iter().enumerate();
    let columns = fields.map(|(position, field)| C::read(options, field, position));
    let columns = columns.collect::<Result<Vec<_>>>()?;
    let mut known = Vec::new();
    columns.iter().for_each(|column| column.options(&mut known));
    check_options(connector, options, &known)?;
    Ok(columns)
}

/// Every `fields.#` option must speak of a column that exists.
fn check_columns(options: &Options, schema: &Schema) -> Result<()> {
    let fields = schema.fields();
    for (key, _) in options.iter() {
        let Some(rest) = key.strip_prefix("fields.") else { continue };
        let inside = |name: &str| rest.strip_prefix(name).is_some_and(|r| r.starts_with('.'));
        if fields.iter().any(|f| inside(&f.name)) {
            continue;
        }
        let column = rest.rsplit_once('.').map_or(rest, |(column, _)| column);
        let names = || fields.iter().map(|f| f.name.as_str());
        return Err(Error::new("datagen-column")
            .arg("name", key)
            .arg("column", column)
            .arg("nearest", nearest(column, names()))
            .arg("available", names().collect::<Vec<_>>().join(", ")));
    }
    Ok(())
}

/// Every `fields.#` option must be one of `known`: those that the column's type and kind have.
fn check_options(connector: &str, options: &Options, known: &[String]) -> Result<()> {
    let foreign = |key: &&str| key.starts_with("fields.") && !known.iter().any(|k| k == key);
    match options.iter().map(|(key, _)| key).find(foreign) {
        None => Ok(()),
        Some(key) => Err(Error::new("option-unknown")
            .arg("name", key)
            .arg("connector", connector)
            .arg("nearest", nearest(key, known.iter().map(String::as_str)))
            .arg("supported", known.join(", "))),
    }
}
