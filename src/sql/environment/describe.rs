//! DESCRIBE and SHOW COLUMNS.

use super::{Environment, Reply};
use crate::base::Result;
use crate::data::Field;
use crate::sql::catalog::{Column, ColumnKind, Object, Table, quote};
use crate::sql::statement::Path;

const COLUMNS: [&str; 6] = ["name", "type", "null", "key", "extras", "watermark"];

impl Environment {
    pub(super) fn describe(&self, path: &Path) -> Result<Reply> {
        self.describe_columns(path, |_| true)
    }

    /// The columns whose names are wanted.
    pub(super) fn describe_columns(
        &self,
        path: &Path,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Reply> {
        let (_, object) = self.catalogs.resolve(path)?;
        let mut columns: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
        let rows = match &*object {
            Object::Table(table) => {
                let commented = table.columns.iter().any(|c| c.comment.is_some());
                if commented {
                    columns.push("comment".to_owned());
                }
                let shown = table.columns.iter().filter(|c| wanted(&c.name));
                shown.map(|c| table_row(table, c, commented)).collect()
            }
            Object::View(view) => {
                let shown = view.schema.fields().iter().filter(|f| wanted(&f.name));
                shown.map(|f| row(f, None, None, None)).collect()
            }
        };
        Ok(Reply::Listing { columns, rows })
    }
}

fn table_row(table: &Table, column: &Column, commented: bool) -> Vec<Option<String>> {
    let key = table.primary_key.as_ref().filter(|k| k.columns.contains(&column.name));
    let key = key.map(|k| format!("PRI({})", k.columns.join(", ")));
    let watermark = table.watermark.as_ref().filter(|w| w.column == column.name);
    let watermark = watermark.map(|w| w.formula.text.clone());
    let mut cells = row(&column.field(), key, extras(column), watermark);
    if commented {
        cells.push(column.comment.clone());
    }
    cells
}

fn row(
    field: &Field,
    key: Option<String>,
    extras: Option<String>,
    watermark: Option<String>,
) -> Vec<Option<String>> {
    let nullable = if field.data_type.nullable { "TRUE" } else { "FALSE" };
    let data_type = field.data_type.logical.to_string();
    vec![
        Some(field.name.clone()),
        Some(data_type),
        Some(nullable.to_owned()),
        key,
        extras,
        watermark,
    ]
}

/// How the values of a column come about, if not from the rows: as DDL says it.
pub(super) fn extras(column: &Column) -> Option<String> {
    match &column.kind {
        ColumnKind::Physical => None,
        ColumnKind::Computed(formula) => Some(format!("AS {}", formula.text)),
        ColumnKind::Metadata { key, is_virtual } => {
            let from = key.as_ref().map(|k| format!(" FROM '{k}'")).unwrap_or_default();
            let suffix = if *is_virtual { " VIRTUAL" } else { "" };
            Some(format!("METADATA{from}{suffix}"))
        }
    }
}

/// Names in backticks with commas between.
pub(super) fn name_list(names: &[String]) -> String {
    names.iter().map(|n| quote(n)).collect::<Vec<_>>().join(", ")
}
