//! SHOW CREATE: a table or view as the statement that makes it.

use super::describe::{extras, name_list};
use crate::data::{DataType, LogicalType};
use crate::sql::catalog::{Column, ColumnKind, ObjectPath, Table, View, literal, quote};

/// The statement that makes a table. Options come in the order of their keys.
pub(super) fn table(path: &ObjectPath, table: &Table, temporary: bool) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(column).collect();
    if let Some(watermark) = &table.watermark {
        let name = quote(&watermark.column);
        lines.push(format!("WATERMARK FOR {name} AS {}", watermark.formula.text));
    }
    if let Some(key) = &table.primary_key {
        let (name, columns) = (quote(&key.name), name_list(&key.columns));
        lines.push(format!("CONSTRAINT {name} PRIMARY KEY ({columns}) NOT ENFORCED"));
    }
    let temporary = if temporary { "TEMPORARY " } else { "" };
    let mut text =
        format!("CREATE {temporary}TABLE {} (\n  {}\n)", path.quoted(), lines.join(",\n  "));
    match comment_of(&table.comment) {
        Some(comment) => text.push_str(&format!(" {comment}\n")),
        None => text.push(' '),
    }
    if !table.partitioned_by.is_empty() {
        text.push_str(&format!("PARTITIONED BY ({})\n", name_list(&table.partitioned_by)));
    }
    let options = table.options.iter().map(|(k, v)| format!("  {} = {}", literal(k), literal(v)));
    let options = options.collect::<Vec<_>>().join(",\n");
    text.push_str(&format!("WITH (\n{options}\n)\n"));
    text
}

/// The statement that makes a view.
pub(super) fn view(path: &ObjectPath, view: &View, temporary: bool) -> String {
    let temporary = if temporary { "TEMPORARY " } else { "" };
    let names: Vec<String> = view.schema.fields().iter().map(|f| f.name.clone()).collect();
    let columns = name_list(&names);
    let comment = comment_of(&view.comment).map(|c| format!(" {c}\n")).unwrap_or_default();
    format!("CREATE {temporary}VIEW {}({columns}) as\n{}{comment}", path.quoted(), view.shown)
}

/// An empty comment is none.
fn comment_of(comment: &Option<String>) -> Option<String> {
    comment.as_ref().filter(|c| !c.is_empty()).map(|c| format!("COMMENT {}", literal(c)))
}

fn column(column: &Column) -> String {
    let name = quote(&column.name);
    let comment = comment_of(&column.comment).map(|c| format!(" {c}")).unwrap_or_default();
    let what = match (&column.kind, extras(column)) {
        (ColumnKind::Computed(_), Some(formula)) => formula,
        (_, Some(metadata)) => format!("{} {metadata}", serializable(&column.data_type)),
        (_, None) => serializable(&column.data_type),
    };
    format!("{name} {what}{comment}")
}

/// Types as SHOW CREATE writes them: STRING and BYTES by their lengths, no time attributes.
fn serializable(data_type: &DataType) -> String {
    let not_null = if data_type.nullable { "" } else { " NOT NULL" };
    let name = match &data_type.logical {
        LogicalType::Varchar(length) => format!("VARCHAR({length})"),
        LogicalType::Varbinary(length) => format!("VARBINARY({length})"),
        LogicalType::Timestamp { precision, .. } => format!("TIMESTAMP({precision})"),
        LogicalType::TimestampLtz { precision, .. } => {
            format!("TIMESTAMP({precision}) WITH LOCAL TIME ZONE")
        }
        LogicalType::Array(element) => format!("ARRAY<{}>", serializable(element)),
        LogicalType::Multiset(element) => format!("MULTISET<{}>", serializable(element)),
        LogicalType::Map(key, value) => {
            format!("MAP<{}, {}>", serializable(key), serializable(value))
        }
        LogicalType::Row(schema) => {
            let fields = schema.fields().iter();
            let fields =
                fields.map(|f| format!("{} {}", quote(&f.name), serializable(&f.data_type)));
            format!("ROW<{}>", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    };
    format!("{name}{not_null}")
}
