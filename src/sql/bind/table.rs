//! Tables and views by name: from the catalog to a scan with computed columns and watermark.

use std::sync::Arc;

use sqlparser::ast::{self, ObjectName, ObjectNamePart};
use sqlparser::tokenizer::Location;

use super::foreign::unsupported;
use super::query::{project, with_names};
use super::scope::Scope;
use super::size::{self, RELATION};
use super::{Binder, Purpose, Views};
use crate::base::{Error, Result, RuntimeMode, Span};
use crate::connectors::options::Options;
use crate::connectors::registry;
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{self, MetadataColumn, Node, Rel};
use crate::sql::catalog::{ColumnKind, Object, ObjectPath, Table, View, Watermark};
use crate::sql::statement::{OptionList, Path, Word};
use crate::sql::{hints, parse, place};

/// How deep views may stand on views.
const MOST_VIEWS: usize = 50;

impl Binder<'_> {
    /// The relation of a name, and the full name if it is a table or view of a catalog.
    pub(super) fn named_table(&mut self, name: &ObjectName) -> Result<(Rel, Option<ObjectPath>)> {
        let path = path_of(name)?;
        let span = path.span();
        self.grow(RELATION, span)?;
        if let [only] = path.0.as_slice() {
            let with = self.ctes.iter().rev().find(|cte| cte.name == only.value);
            if let Some(cte) = with {
                self.grow(cte.size, span)?;
                return Ok((cte.rel.clone(), None));
            }
        }
        let (full, object) = self.environment.catalogs.resolve(&path)?;
        if let Some(span) = span {
            self.tables.push((span, full.clone()));
        }
        let rel = match &*object {
            Object::View(view) => self.view(&full, view, span)?,
            Object::Table(table) => {
                let end = name.0.last().and_then(ident).map(|i| i.span.end);
                let hints = end.map(|end| self.table_hints(end, span)).transpose()?;
                self.scan(&full, table, &hints.unwrap_or_default(), span)?
            }
        };
        Ok((rel, Some(full)))
    }

    /// The options behind the name of a table.
    fn table_hints(&self, end: Location, span: Option<Span>) -> Result<OptionList> {
        self.refuse_unknown_hint(end)?;
        let options = hints::options_after(self.source, end);
        match options.is_empty() || self.environment.config.takes_option_hints() {
            true => Ok(options),
            false => Err(Error::new("hint-options-disabled").at(span)),
        }
    }

    /// Hints that Flink does not have, behind what ends there.
    pub(super) fn refuse_unknown_hint(&self, end: Location) -> Result<()> {
        match hints::unknown_after(self.source, end) {
            Some((name, place)) => Err(unsupported(&format!("/*+ {name} */"), place)),
            None => Ok(()),
        }
    }

    /// `TABLE name` as a query.
    pub(super) fn table_command(&mut self, table: &ast::Table) -> Result<Rel> {
        let ast::Table { table_name, schema_name } = table;
        let parts = schema_name.iter().chain(table_name);
        let parts = parts.map(|i| ObjectNamePart::Identifier(i.clone())).collect();
        self.named_table(&ObjectName(parts)).map(|(rel, _)| rel)
    }

    /// A view is its query, read anew; places in it mean nothing to who wrote the outer one.
    fn view(&mut self, path: &ObjectPath, view: &View, span: Option<Span>) -> Result<Rel> {
        let broken = |cause: Error| match size::is_refusal(&cause) {
            true => cause,
            false => Error::new("view-broken").arg("name", &path.name).caused_by(cause).at(span),
        };
        if self.views.depth >= MOST_VIEWS {
            return Err(broken(Error::new("nested-too-deep")));
        }
        let query = parse::parse_query(&view.expanded).map_err(broken)?;
        let mut inner = Binder::new(self.environment, &query.source, self.purpose);
        inner.size = self.size.clone();
        inner.views = Views { depth: self.views.depth + 1, named: self.place(span) };
        let rel = inner.query(&query.ast, true).map_err(broken)?;
        self.stale.append(&mut inner.stale);
        if rel.schema.len() != view.schema.len() {
            return Err(broken(
                Error::new("column-count")
                    .arg("expected", view.schema.len())
                    .arg("found", rel.schema.len()),
            ));
        }
        Ok(with_names(rel, view.schema.fields().iter().map(|f| f.name.clone()).collect()))
    }

    fn scan(
        &mut self,
        path: &ObjectPath,
        table: &Table,
        hints: &OptionList,
        span: Option<Span>,
    ) -> Result<Rel> {
        let bound = self::table(path, table, hints)?;
        if self.purpose != Purpose::Look {
            self.readable(&bound).map_err(|error| error.at(span))?;
        }
        let fields = bound.physical.fields().iter().chain(bound.metadata.iter().map(|m| &m.field));
        let schema = Schema::new(fields.cloned().collect());
        let scan = Rel { node: Node::Scan(bound), schema };
        let rel = self.computed(scan, table)?;
        match &table.watermark {
            Some(watermark) => self.watermark(rel, path, table, watermark),
            None => Ok(rel),
        }
    }

    fn readable(&self, table: &bound::Table) -> Result<()> {
        let connector = registry::find(table.options.clone())?;
        let name = table.path.to_string();
        if !connector.descriptor().source {
            let identifier = connector.descriptor().identifier;
            let error = Error::new("connector-not-source").arg("connector", identifier);
            return Err(error.arg("table", name));
        }
        for column in &table.metadata {
            connector.descriptor().metadata(&name, &column.key)?;
        }
        if self.mode == RuntimeMode::Batch && !connector.bounded()? {
            return Err(Error::new("unbounded-in-batch").arg("table", name));
        }
        if self.mode == RuntimeMode::Batch && connector.emits_changes() {
            return Err(Error::new("changes-in-batch").arg("table", name));
        }
        Ok(())
    }

    /// All columns in the order of their declaration, computed ones computed.
    fn computed(&self, scan: Rel, table: &Table) -> Result<Rel> {
        let scope = Scope::of(&scan.schema, None, None);
        let mut exprs = Vec::with_capacity(table.columns.len());
        for column in &table.columns {
            exprs.push(match &column.kind {
                ColumnKind::Computed(formula) => {
                    self.scalar(&formula.expr.ast, &scope, "AS").map_err(|cause| {
                        let broken = Error::new("column-broken").arg("name", &column.name);
                        broken.caused_by(cause)
                    })?
                }
                ColumnKind::Physical | ColumnKind::Metadata { .. } => {
                    let index = scan.schema.index_of(&column.name).unwrap_or_default();
                    Expr::column(index, scan.schema.fields()[index].data_type.clone())
                }
            });
        }
        let names = table.columns.iter().map(|c| c.name.clone()).collect();
        Ok(project(scan, exprs, names))
    }

    /// In streaming mode event time is a time attribute and rows carry watermarks; in batch mode
    /// neither is.
    fn watermark(
        &mut self,
        input: Rel,
        path: &ObjectPath,
        table: &Table,
        watermark: &Watermark,
    ) -> Result<Rel> {
        if table.created_in != self.mode {
            self.stale.push((path.clone(), watermark.column.clone()));
        }
        if self.mode == RuntimeMode::Batch {
            return Ok(input);
        }
        let Some(rowtime) = input.schema.index_of(&watermark.column) else { return Ok(input) };
        let scope = Scope::of(&input.schema, None, None);
        let expr = self.scalar(&watermark.formula.expr.ast, &scope, "WATERMARK")?;
        let mut fields = input.schema.fields().to_vec();
        let logical = &mut fields[rowtime].data_type.logical;
        *logical = with_attribute(logical.clone(), TimeAttribute::Rowtime);
        let node = Node::Watermark { input: Box::new(input), rowtime, watermark: expr };
        Ok(Rel { node, schema: Schema::new(fields) })
    }
}

/// The type, as this time attribute.
pub(super) fn with_attribute(logical: LogicalType, attribute: TimeAttribute) -> LogicalType {
    match logical {
        LogicalType::Timestamp { precision, .. } => LogicalType::Timestamp { precision, attribute },
        LogicalType::TimestampLtz { precision, .. } => {
            LogicalType::TimestampLtz { precision, attribute }
        }
        other => other,
    }
}

/// A table of a catalog as a query uses it, with the options of its hint.
///
/// # Errors
/// `type-out-of-range` for a DECIMAL with more digits than there are.
pub(in crate::sql) fn table(
    path: &ObjectPath,
    table: &Table,
    hints: &[(String, String)],
) -> Result<bound::Table> {
    let plain = |data_type: &DataType| DataType {
        logical: with_attribute(data_type.logical.clone(), TimeAttribute::None),
        nullable: data_type.nullable,
    };
    let field = |c: &crate::sql::catalog::Column| Field::new(c.name.clone(), plain(&c.data_type));
    let physical: Vec<Field> = table
        .columns
        .iter()
        .filter(|c| matches!(c.kind, ColumnKind::Physical))
        .map(field)
        .collect();
    for column in &physical {
        crate::sql::types::check(&column.data_type)?;
    }
    let metadata = table.columns.iter().filter_map(|column| match &column.kind {
        ColumnKind::Metadata { key, is_virtual } => Some(MetadataColumn {
            key: key.clone().unwrap_or_else(|| column.name.clone()),
            field: field(column),
            is_virtual: *is_virtual,
        }),
        ColumnKind::Physical | ColumnKind::Computed(_) => None,
    });
    let metadata = metadata.collect();
    let hinted = hints.to_vec();
    let hints = hints.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    let key = table.primary_key.iter().flat_map(|k| &k.columns);
    let key = key.filter_map(|name| physical.iter().position(|f| f.name == *name)).collect();
    Ok(bound::Table {
        path: Arc::new(path.clone()),
        options: Options::from_iter(table.options.iter().chain(hints)),
        primary_key: key,
        physical: Schema::new(physical),
        metadata,
        partitioned_by: table.partitioned_by.clone(),
        hinted,
    })
}

fn ident(part: &ObjectNamePart) -> Option<&ast::Ident> {
    match part {
        ObjectNamePart::Identifier(ident) => Some(ident),
        ObjectNamePart::Function(_) => None,
    }
}

/// The words of a name.
pub(super) fn path_of(name: &ObjectName) -> Result<Path> {
    let words = name.0.iter().map(|part| {
        let ident = ident(part)?;
        Some(Word { value: ident.value.clone(), span: place::span(ident.span) })
    });
    let words: Option<Vec<Word>> = words.collect();
    let path = words.filter(|w| w.len() <= 3).map(Path);
    path.ok_or_else(|| unsupported(&name.to_string(), place_of(name)))
}

/// The place of a name.
pub(super) fn place_of(name: &ObjectName) -> Option<Span> {
    let spans = name.0.iter().filter_map(ident).filter_map(|i| place::span(i.span));
    spans.reduce(Span::union)
}

/// The last word of a name.
pub(super) fn last(name: &ObjectName) -> String {
    name.0.last().and_then(ident).map(|i| i.value.clone()).unwrap_or_default()
}
