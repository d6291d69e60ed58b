//! INSERT: the columns of the query, in the order and with the types of the sink.

use super::query::{project, projection};
use super::{Binder, Purpose};
use crate::base::{Error, Result, RuntimeMode, Span};
use crate::connectors::registry;
use crate::data::{DataType, Field, LogicalType};
use crate::expr::types::{is_integer, is_numeric};
use crate::expr::{self, Expr};
use crate::sql::bound::{self, Node, Rel};
use crate::sql::catalog::Object;
use crate::sql::environment::Environment;
use crate::sql::names::nearest;
use crate::sql::statement::{InsertStmt, Word};

/// Binds an INSERT.
pub(in crate::sql) fn insert(
    environment: &Environment,
    statement: &InsertStmt,
) -> Result<bound::Insert> {
    let InsertStmt { target, hints, overwrite, partition, columns, query } = statement;
    let (path, object) = environment.catalogs.resolve(target)?;
    let Object::Table(table) = &*object else {
        return Err(Error::new("insert-into-view").arg("name", &path).at(target.span()));
    };
    let sink = super::table::table(&path, table, hints)?;
    writable(&sink, environment.config.mode(), *overwrite)
        .map_err(|error| error.at(target.span()))?;
    let mut binder = Binder::new(environment, &query.source, Purpose::Run);
    let written = binder.root(query)?;
    let fields = sink_fields(&sink);
    let places = places(&fields, columns, partition)?;
    in_partition(&sink, partition)?;
    let query_span = query.span;
    let named_columns = !columns.is_empty() || !partition.is_empty();
    if named_columns && query.ast.with.is_some() {
        return Err(Error::new("insert-columns-with").at(query_span));
    }
    let rel = fit(written, &sink, &fields, &places, !columns.is_empty(), query_span)?;
    let query = bound::Query { root: rel, mode: binder.mode, settings: binder.settings()? };
    let named = partition.iter().map(|(w, value)| (w.value.clone(), value.clone())).collect();
    let named_columns = columns.iter();
    let place = |w: &Word| fields.iter().position(|f| f.name == w.value);
    let columns = named_columns.filter_map(place).collect();
    Ok(bound::Insert { sink, overwrite: *overwrite, partition: named, columns, query })
}

fn writable(sink: &bound::Table, mode: RuntimeMode, overwrite: bool) -> Result<()> {
    let connector = registry::find(sink.options.clone())?;
    let name = sink.path.to_string();
    if connector.descriptor().sink.is_none() {
        let identifier = connector.descriptor().identifier;
        let error = Error::new("connector-not-sink").arg("connector", identifier);
        return Err(error.arg("table", name));
    }
    if let Some(column) = sink.metadata.iter().find(|m| !m.is_virtual) {
        let error = Error::new("metadata-not-written").arg("column", &column.field.name);
        return Err(error.arg("table", name));
    }
    if overwrite && mode == RuntimeMode::Streaming {
        return Err(Error::new("overwrite-streaming").arg("table", name));
    }
    if overwrite && !connector.descriptor().overwrites {
        let identifier = connector.descriptor().identifier;
        let error = Error::new("overwrite-not-supported").arg("connector", identifier);
        return Err(error.arg("table", name));
    }
    Ok(())
}

/// Only columns of PARTITIONED BY have a value in PARTITION.
fn in_partition(sink: &bound::Table, partition: &[(Word, String)]) -> Result<()> {
    let foreign = partition.iter().find(|(w, _)| !sink.partitioned_by.contains(&w.value));
    foreign.map_or(Ok(()), |(word, _)| {
        let error = Error::new("partition-column").arg("name", &word.value);
        let error = error.arg("table", &sink.path);
        Err(error.arg("available", sink.partitioned_by.join(", ")).at(word.span))
    })
}

/// The columns that are written: all but the virtual ones.
fn sink_fields(sink: &bound::Table) -> Vec<Field> {
    let metadata = sink.metadata.iter().filter(|m| !m.is_virtual).map(|m| &m.field);
    sink.physical.fields().iter().chain(metadata).cloned().collect()
}

/// Where the value of a sink's column comes from.
enum Place {
    Column(usize),
    Constant(String),
    Null,
}

fn places(fields: &[Field], columns: &[Word], partition: &[(Word, String)]) -> Result<Vec<Place>> {
    let known = |word: &Word| match fields.iter().any(|f| f.name == word.value) {
        true => Ok(()),
        false => {
            let nearest = nearest(&word.value, fields.iter().map(|f| f.name.as_str()));
            let error = Error::new("unknown-column").arg("name", &word.value);
            Err(error.arg("nearest", nearest).at(word.span))
        }
    };
    columns.iter().chain(partition.iter().map(|(w, _)| w)).try_for_each(known)?;
    if let Some((_, word)) =
        columns.iter().enumerate().find(|(n, w)| columns[..*n].iter().any(|c| c.value == w.value))
    {
        return Err(Error::new("column-twice").arg("name", &word.value).at(word.span));
    }
    let mut next = 0;
    let place = |field: &Field| {
        let constant = partition.iter().find(|(w, _)| w.value == field.name);
        if let Some((_, value)) = constant {
            return Place::Constant(value.clone());
        }
        if columns.is_empty() {
            next += 1;
            return Place::Column(next - 1);
        }
        columns.iter().position(|w| w.value == field.name).map_or(Place::Null, Place::Column)
    };
    Ok(fields.iter().map(place).collect())
}

/// The query's columns as the sink's. `listed`: the statement names columns; then those of the query
/// beyond them are of no use, and Flink says nothing of that.
///
/// # Errors
/// `sink-schema` with both lists of columns.
fn fit(
    query: Rel,
    sink: &bound::Table,
    fields: &[Field],
    places: &[Place],
    listed: bool,
    span: Span,
) -> Result<Rel> {
    let mismatch = || {
        let wanted = fields.iter().zip(places).filter(|(_, p)| matches!(p, Place::Column(_)));
        Error::new("sink-schema")
            .arg("table", &sink.path)
            .arg("query", columns_text(query.schema.fields().iter()))
            .arg("sink", columns_text(wanted.map(|(f, _)| f)))
            .at(span)
    };
    let wanted = places.iter().filter(|p| matches!(p, Place::Column(_))).count();
    let enough = wanted == query.schema.len() || (listed && wanted < query.schema.len());
    if !enough {
        return Err(mismatch());
    }
    let mut exprs = Vec::with_capacity(fields.len());
    for (field, place) in fields.iter().zip(places) {
        let to = field.data_type.logical.clone();
        exprs.push(match place {
            Place::Null if !field.data_type.nullable => {
                return Err(Error::new("sink-null").arg("name", &field.name).at(span));
            }
            Place::Null => Expr::null(to),
            Place::Constant(text) => {
                Expr::constant(crate::data::Value::from(text.as_str())).cast(to)?
            }
            Place::Column(index) => {
                let from = query.schema.fields()[*index].data_type.clone();
                if !implicit(&from.logical, &to) {
                    return Err(mismatch());
                }
                stored(Expr::column(*index, from), to)?
            }
        });
    }
    Ok(as_stored(query, exprs, fields))
}

/// A projection of a projection is one. Where values are cast the columns have the sink's names, else their
/// own.
fn as_stored(query: Rel, exprs: Vec<Expr>, fields: &[Field]) -> Rel {
    let casts = exprs.iter().any(|e| matches!(e.node, expr::Node::Cast { .. }) && !e.is_constant());
    let own = |(n, e): (usize, &Expr)| match e.as_column() {
        Some(column) => query.schema.fields()[column].name.clone(),
        None => format!("EXPR${n}"),
    };
    let names = match casts {
        true => fields.iter().map(|f| f.name.clone()).collect(),
        false => exprs.iter().enumerate().map(own).collect(),
    };
    let rel = match query.node {
        Node::Project { input, exprs: below } if below.iter().all(Expr::is_deterministic) => {
            let exprs = exprs.iter().map(|e| e.substitute(&below)).collect();
            projection(*input, exprs, names)
        }
        _ => project(query, exprs, names),
    };
    Rel { schema: rel.schema.with_own_names(), ..rel }
}

/// The value as the sink's type: texts and bytes that are too long are cut, and CHAR and BINARY are
/// filled up, whatever `table.exec.sink.type-length-enforcer` says, as Flink's casts do.
fn stored(expr: Expr, to: LogicalType) -> Result<Expr> {
    use LogicalType as L;
    let fits = match (&expr.data_type.logical, &to) {
        (L::Char(from) | L::Varchar(from), L::Varchar(to))
        | (L::Binary(from) | L::Varbinary(from), L::Varbinary(to)) => from <= to,
        (L::Char(from), L::Char(to)) | (L::Binary(from), L::Binary(to)) => from == to,
        _ => return expr.coerce(to),
    };
    if fits { Ok(expr) } else { expr.cast(to) }
}

fn columns_text<'a>(fields: impl Iterator<Item = &'a Field>) -> String {
    let text = |f: &Field| {
        let data_type = DataType { nullable: true, ..f.data_type.clone() };
        format!("{}: {data_type}", f.name)
    };
    format!("[{}]", fields.map(text).collect::<Vec<_>>().join(", "))
}

/// Whether a value goes into a sink's column without being asked: Flink's implicit casts.
fn implicit(from: &LogicalType, to: &LogicalType) -> bool {
    use LogicalType as L;
    if from == to || matches!(from, L::Null) {
        return true;
    }
    match to {
        L::Char(_) => matches!(from, L::Char(_)),
        L::Varchar(_) => matches!(from, L::Char(_) | L::Varchar(_)),
        L::Binary(_) => matches!(from, L::Binary(_)),
        L::Varbinary(_) => matches!(from, L::Binary(_) | L::Varbinary(_)),
        L::Decimal { .. } => is_numeric(from),
        L::SmallInt | L::Int | L::BigInt => is_integer(from) && width(from) <= width(to),
        L::Float => is_integer(from) || matches!(from, L::Decimal { .. }),
        L::Double => is_numeric(from),
        L::Date | L::Time(_) => {
            matches!((from, to), (L::Timestamp { .. }, _) | (L::Time(_), L::Time(_)))
        }
        L::Timestamp { .. } | L::TimestampLtz { .. } => {
            matches!(from, L::Timestamp { .. } | L::TimestampLtz { .. })
        }
        L::Array(to) => matches!(from, L::Array(from) if implicit(&from.logical, &to.logical)),
        L::Multiset(to) => {
            matches!(from, L::Multiset(from) if implicit(&from.logical, &to.logical))
        }
        L::Map(key, value) => matches!(from, L::Map(k, v)
            if implicit(&k.logical, &key.logical) && implicit(&v.logical, &value.logical)),
        L::Row(to) => matches!(from, L::Row(from) if from.len() == to.len()
            && from.fields().iter().zip(to.fields())
                .all(|(f, t)| implicit(&f.data_type.logical, &t.data_type.logical))),
        _ => false,
    }
}

fn width(integer: &LogicalType) -> u8 {
    match integer {
        LogicalType::TinyInt => 1,
        LogicalType::SmallInt => 2,
        LogicalType::Int => 4,
        _ => 8,
    }
}
