//! CREATE TABLE: from what was written to what a catalog keeps.

use std::sync::Arc;

use super::Environment;
use crate::base::{Error, Result, RuntimeMode};
use crate::connectors::options::Options;
use crate::connectors::registry;
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};
use crate::sql::catalog::{
    Column, ColumnKind, Formula, Object, ObjectPath, PrimaryKey, Table, Watermark,
};
use crate::sql::names::nearest;
use crate::sql::statement::{
    ColumnDef, ColumnDefKind, CreateTable, ExprText, InsertStmt, KeyDef, Like, Path, QueryStmt,
    Replace, WatermarkDef, Word,
};
use crate::sql::unparse_query::{self, Functions};
use crate::sql::{bind, bound};

/// Fraction digits that event time may have.
const EVENT_TIME_PRECISION: u8 = 3;

impl Environment {
    pub(super) fn create_table(&mut self, statement: &CreateTable) -> Result<()> {
        let path = self.catalogs.qualify(&statement.path);
        if statement.if_not_exists && self.catalogs.is_taken(&path, statement.temporary) {
            return Ok(());
        }
        let table = self.table(statement)?;
        self.keep_table(statement, path, table)
    }

    fn keep_table(&mut self, s: &CreateTable, path: ObjectPath, table: Table) -> Result<()> {
        registry::identifier(&table.options)
            .map_err(|error| error.arg("table", &path).at(s.path.span()))?;
        let object = Object::Table(table);
        let created = self.catalogs.create(path, object, s.temporary, s.if_not_exists);
        created.map_err(|error| error.at(s.path.span()))
    }

    pub(super) fn create_as(
        &mut self,
        statement: &CreateTable,
        query: &QueryStmt,
    ) -> Result<bound::Insert> {
        let path = self.catalogs.qualify(&statement.path);
        refuse_beside_query(statement)?;
        if statement.if_not_exists && self.catalogs.is_taken(&path, statement.temporary) {
            return self.bind_insert(&InsertStmt::whole(&statement.path, query));
        }
        let bound = self.bind_query(query)?;
        self.make_room(statement, &path)?;
        let mut table = self.table(statement)?;
        table.columns.extend(bound.root.schema.fields().iter().map(|f| physical(f.clone())));
        let sink = bind::table(&path, &table, &[])?;
        self.keep_table(statement, path, table)?;
        Ok(bound::Insert {
            sink,
            overwrite: false,
            partition: Vec::new(),
            columns: Vec::new(),
            query: bound,
        })
    }

    /// Takes away the table that another one replaces. What it stood for stays where it is.
    fn make_room(&mut self, statement: &CreateTable, path: &ObjectPath) -> Result<()> {
        let required = match statement.replace {
            Replace::No => return Ok(()),
            Replace::IfThere => false,
            Replace::Required => true,
        };
        let dropped = self.catalogs.drop_object(path, false, false, !required);
        dropped.map_err(|error| error.at(statement.path.span()))
    }

    /// The table that a statement describes.
    fn table(&self, statement: &CreateTable) -> Result<Table> {
        let mut table = Table {
            columns: Vec::new(),
            watermark: None,
            primary_key: None,
            partitioned_by: statement.partitioned_by.iter().map(|w| w.value.clone()).collect(),
            options: Options::default(),
            comment: statement.comment.clone(),
            partitions: Vec::new(),
            created_in: self.config.mode(),
        };
        if let Some(like) = &statement.like {
            self.copy_like(&mut table, like)?;
        }
        let own = statement.options.iter().flatten().map(|(k, v)| (k.as_str(), v.as_str()));
        let like = statement.like.as_ref();
        if like.is_some_and(|like| like.includes("OPTIONS")) {
            let twice = own.clone().find(|(key, _)| table.options.get(key).is_some());
            twice.map_or(Ok(()), |(key, _)| Err(Error::new("option-exists").arg("name", key)))?;
        }
        table.options = Options::from_iter(table.options.iter().chain(own));
        store_columns(&mut table, &statement.columns, &|kind| {
            like.is_some_and(|like| like.overwrites(kind))
        })?;
        // Before the formulas: a key's columns are NOT NULL in them.
        if let Some(key) = &statement.primary_key {
            set_primary_key(&mut table, key)?;
        }
        let columns: Vec<&ColumnDef> = statement.columns.iter().collect();
        self.compute_columns(&mut table, &columns, Functions::Found)?;
        if let Some(watermark) = &statement.watermark {
            if table.watermark.is_some() && !like.is_some_and(|like| like.overwrites("WATERMARKS"))
            {
                return Err(Error::new("watermark-exists").at(watermark.expr.span));
            }
            self.set_watermark(&mut table, watermark, Functions::Found)?;
        }
        for word in &statement.partitioned_by {
            if !is_physical(find(&table, word)?) {
                let error = Error::new("partition-not-physical").arg("name", &word.value);
                return Err(error.at(word.span));
            }
        }
        Ok(table)
    }

    /// LIKE: everything is included unless said otherwise; own options win.
    fn copy_like(&self, table: &mut Table, like: &Like) -> Result<()> {
        let (path, object) = self.catalogs.resolve(&like.source)?;
        let Object::Table(source) = &*object else {
            return Err(Error::new("not-a-table").arg("name", path).at(like.source.span()));
        };
        let includes = |what: &str| like.says(what) != Some("EXCLUDING");
        let keep = |column: &&Column| match column.kind {
            ColumnKind::Physical => true,
            ColumnKind::Computed(_) => includes("GENERATED"),
            ColumnKind::Metadata { .. } => includes("METADATA"),
        };
        table.columns = source.columns.iter().filter(keep).cloned().collect();
        if includes("OPTIONS") {
            table.options = source.options.clone();
        }
        if includes("CONSTRAINTS") {
            table.primary_key = source.primary_key.clone();
        }
        // EXCLUDING PARTITIONS allows others, and no more: as in Flink, none is not possible.
        if table.partitioned_by.is_empty() {
            table.partitioned_by = source.partitioned_by.clone();
        } else if includes("PARTITIONS") && !source.partitioned_by.is_empty() {
            return Err(Error::new("partitions-exist").at(like.source.span()));
        }
        if includes("WATERMARKS") {
            table.watermark = source.watermark.clone();
        }
        mark_event_time(table);
        Ok(())
    }

    /// Gives the computed ones of stored columns their formulas and types.
    pub(super) fn compute_columns(
        &self,
        table: &mut Table,
        columns: &[&ColumnDef],
        functions: Functions,
    ) -> Result<()> {
        for column in columns {
            if let ColumnDefKind::Computed(expr) = &column.kind {
                let data_type = self.type_of(table, expr, is_stored)?;
                let place = table.columns.iter_mut().find(|c| c.name == column.name.value);
                if let Some(place) = place {
                    place.data_type = data_type;
                    place.kind = ColumnKind::Computed(formula(expr, functions));
                }
            }
        }
        Ok(())
    }

    /// Gives computed columns their types, after a column changed that a formula may name.
    pub(super) fn compute_again(&self, table: &mut Table) -> Result<()> {
        for n in 0..table.columns.len() {
            let column = &table.columns[n];
            if let ColumnKind::Computed(formula) = &column.kind {
                let data_type = self.type_of(table, &formula.expr, is_stored).map_err(|cause| {
                    Error::new("column-broken").arg("name", &column.name).caused_by(cause)
                })?;
                table.columns[n].data_type = data_type;
            }
        }
        Ok(())
    }

    /// The type of an expression over columns of a table.
    fn type_of(
        &self,
        table: &Table,
        expr: &ExprText,
        over: fn(&Column) -> bool,
    ) -> Result<DataType> {
        let columns = table.columns.iter().filter(|c| over(c)).map(Column::field);
        let bound = bind::formula(self, &Schema::new(columns.collect()), expr)?;
        Ok(bound.data_type.clone())
    }

    pub(super) fn set_watermark(
        &self,
        table: &mut Table,
        written: &WatermarkDef,
        functions: Functions,
    ) -> Result<()> {
        self.check_watermark(table, &written.column, &written.expr)?;
        let column = written.column.last().to_owned();
        table.watermark = Some(Watermark { column, formula: formula(&written.expr, functions) });
        mark_event_time(table);
        Ok(())
    }

    /// Whether a table can have a watermark.
    pub(super) fn check_watermark(
        &self,
        table: &Table,
        path: &Path,
        expr: &ExprText,
    ) -> Result<()> {
        let name = path.last();
        let Some(column) = table.column(name) else {
            let names = table.columns.iter().map(|c| c.name.as_str());
            let error = Error::new("watermark-column").arg("name", name);
            return Err(error.arg("nearest", nearest(name, names)).at(path.span()));
        };
        if !is_event_time(&column.data_type.logical) {
            let error = Error::new("watermark-type").arg("name", name);
            return Err(error.arg("type", &column.data_type).at(path.span()));
        }
        let data_type = self.type_of(table, expr, |_| true)?;
        if !is_event_time(&data_type.logical) {
            let text = formula(expr, Functions::Found).text;
            let error = Error::new("watermark-type").arg("name", text);
            return Err(error.arg("type", &data_type).at(expr.span));
        }
        Ok(())
    }
}

/// An expression, with its printed form.
fn formula(expr: &ExprText, functions: Functions) -> Formula {
    let text = unparse_query::print_expression(&expr.source, expr.span, functions);
    Formula { expr: expr.clone(), text }
}

/// CREATE TABLE .. AS has its columns from the query, and says nothing of them.
fn refuse_beside_query(statement: &CreateTable) -> Result<()> {
    let said = [
        (!statement.columns.is_empty(), "(column type)"),
        (statement.primary_key.is_some(), "PRIMARY KEY"),
        (statement.watermark.is_some(), "WATERMARK"),
        (!statement.partitioned_by.is_empty(), "PARTITIONED BY"),
        (statement.temporary, "TEMPORARY"),
        (statement.if_not_exists && statement.replace != Replace::No, "IF NOT EXISTS"),
    ];
    match said.into_iter().find(|(is_said, _)| *is_said) {
        Some((_, what)) => {
            let error = Error::new("create-as-only").arg("name", what);
            Err(error.at(statement.path.span()))
        }
        None => Ok(()),
    }
}

fn physical(field: Field) -> Column {
    let data_type = plain(field.data_type);
    Column { name: field.name, data_type, kind: ColumnKind::Physical, comment: None }
}

/// The type without a time attribute.
fn plain(mut data_type: DataType) -> DataType {
    if let LogicalType::Timestamp { attribute, .. } | LogicalType::TimestampLtz { attribute, .. } =
        &mut data_type.logical
    {
        *attribute = TimeAttribute::None;
    }
    data_type
}

/// The column as far as it is known without its formula.
pub(super) fn store_column(column: &ColumnDef) -> Column {
    let (data_type, kind) = match &column.kind {
        ColumnDefKind::Physical(data_type) => (data_type.clone(), ColumnKind::Physical),
        ColumnDefKind::Metadata { data_type, key, is_virtual } => {
            let kind = ColumnKind::Metadata { key: key.clone(), is_virtual: *is_virtual };
            (data_type.clone(), kind)
        }
        ColumnDefKind::Computed(_) => (DataType::nullable(LogicalType::Null), ColumnKind::Physical),
    };
    Column { name: column.name.value.clone(), data_type, kind, comment: column.comment.clone() }
}

/// Whether the type of a column waits for its formula.
fn is_unresolved(column: &Column) -> bool {
    column.data_type.logical == LogicalType::Null
}

/// Whether formulas may name a column: computed ones do not stand on each other.
fn is_stored(column: &Column) -> bool {
    !is_unresolved(column) && !matches!(column.kind, ColumnKind::Computed(_))
}

/// Whether the rows themselves have a column.
pub(super) fn is_physical(column: &Column) -> bool {
    !is_unresolved(column) && matches!(column.kind, ColumnKind::Physical)
}

fn is_event_time(logical: &LogicalType) -> bool {
    matches!(logical,
        LogicalType::Timestamp { precision, attribute } | LogicalType::TimestampLtz { precision, attribute }
            if *precision <= EVENT_TIME_PRECISION && *attribute != TimeAttribute::Proctime)
}

/// In streaming mode the column of the watermark becomes a time attribute.
pub(super) fn mark_event_time(table: &mut Table) {
    let column = table.watermark.as_ref().map(|w| w.column.clone());
    let streaming = table.created_in == RuntimeMode::Streaming;
    for place in &mut table.columns {
        let marked = streaming && Some(&place.name) == column.as_ref();
        let (LogicalType::Timestamp { attribute, .. }
        | LogicalType::TimestampLtz { attribute, .. }) = &mut place.data_type.logical
        else {
            continue;
        };
        if marked {
            *attribute = TimeAttribute::Rowtime;
        } else if *attribute == TimeAttribute::Rowtime {
            *attribute = TimeAttribute::None;
        }
    }
}

/// Adds columns; the type of a computed one is still open. `overwrites`: whether a column of a kind
/// (`GENERATED`, `METADATA`) may take the place of one of that kind and name.
fn store_columns(
    table: &mut Table,
    columns: &[ColumnDef],
    overwrites: &dyn Fn(&str) -> bool,
) -> Result<()> {
    for column in columns {
        let new = store_column(column);
        let Some(old) = table.columns.iter().position(|c| c.name == new.name) else {
            table.columns.push(new);
            continue;
        };
        let same_kind = match (&table.columns[old].kind, &column.kind) {
            (ColumnKind::Computed(_), ColumnDefKind::Computed(_)) => overwrites("GENERATED"),
            (ColumnKind::Metadata { .. }, ColumnDefKind::Metadata { .. }) => overwrites("METADATA"),
            _ => false,
        };
        if !same_kind {
            let error = Error::new("column-exists").arg("name", &column.name.value);
            return Err(error.at(column.name.span));
        }
        table.columns[old] = new;
    }
    Ok(())
}

/// A primary key makes its columns NOT NULL.
pub(super) fn set_primary_key(table: &mut Table, key: &KeyDef) -> Result<()> {
    if table.primary_key.is_some() {
        return Err(Error::new("key-exists").at(key.columns.first().and_then(|w| w.span)));
    }
    for (n, word) in key.columns.iter().enumerate() {
        let code = if !is_physical(find(table, word)?) {
            "key-column"
        } else if key.columns[..n].iter().any(|before| before.value == word.value) {
            "column-twice"
        } else {
            continue;
        };
        return Err(Error::new(code).arg("name", &word.value).at(word.span));
    }
    let columns: Vec<String> = key.columns.iter().map(|w| w.value.clone()).collect();
    for column in table.columns.iter_mut().filter(|c| columns.contains(&c.name)) {
        column.data_type.nullable = false;
    }
    let name = key.name.clone().unwrap_or_else(|| PrimaryKey::default_name(&columns));
    table.primary_key = Some(PrimaryKey { name, columns });
    Ok(())
}

/// A column that must be there.
pub(super) fn find<'a>(table: &'a Table, word: &Word) -> Result<&'a Column> {
    table.column(&word.value).ok_or_else(|| {
        let names = table.columns.iter().map(|c| c.name.as_str());
        let error = Error::new("unknown-column").arg("name", &word.value);
        error.arg("nearest", nearest(&word.value, names)).at(word.span)
    })
}

/// The table of an object, or an error that says it is a view.
pub(super) fn as_table(object: &Arc<Object>, path: &ObjectPath) -> Result<Table> {
    match &**object {
        Object::Table(table) => Ok(table.clone()),
        Object::View(_) => Err(Error::new("not-a-table").arg("name", path)),
    }
}
