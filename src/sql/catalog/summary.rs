//! The names that a statement can use, as plain data: for completion and the catalog panel.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Catalog, Catalogs, Column, ColumnKind, Formula, Object, ObjectPath, Table, Watermark, quote,
};
use crate::base::RuntimeMode;
use crate::connectors::options::Options;
use crate::data::{DataType, LogicalType, TimeAttribute};
use crate::sql::statement::ExprText;
use crate::sql::types;

/// What there is to name in a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogSummary {
    /// The current catalog and database.
    pub current: (String, String),
    /// All objects.
    pub tables: Vec<TableSummary>,
    /// User functions.
    pub functions: Vec<String>,
    /// Options that SET gave a value.
    pub settings: Vec<(String, String)>,
    /// The statements that make all of it again but what is temporary.
    pub script: Vec<String>,
}

/// A table or view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSummary {
    /// Catalog, database, name.
    pub path: (String, String, String),
    /// `TABLE` or `VIEW`.
    pub view: bool,
    /// Its connector, for a table.
    pub connector: Option<String>,
    /// Column names and types.
    pub columns: Vec<(String, String)>,
}

impl Catalogs {
    /// Catalogs with the tables of a summary, as far as a summary knows them: names and types.
    pub fn from_summary(summary: &CatalogSummary, mode: RuntimeMode) -> Self {
        let mut catalogs = Self::default();
        let (current_catalog, current_database) = summary.current.clone();
        catalogs.add_database(&current_catalog, &current_database);
        for table in &summary.tables {
            let (catalog, database, name) = table.path.clone();
            let objects = catalogs.add_database(&catalog, &database);
            objects.insert(name, Arc::new(Object::Table(table_of(table, mode))));
        }
        if !current_catalog.is_empty() {
            (catalogs.current_catalog, catalogs.current_database) =
                (current_catalog, current_database);
        }
        catalogs
    }

    fn add_database(
        &mut self,
        catalog: &str,
        database: &str,
    ) -> &mut BTreeMap<String, Arc<Object>> {
        let catalog = self
            .catalogs
            .entry(catalog.to_owned())
            .or_insert_with(|| Catalog::with_database(database));
        &mut catalog.databases.entry(database.to_owned()).or_default().objects
    }

    /// All names, with the settings that are in force and the script that makes them again.
    pub fn summary(&self, settings: Vec<(String, String)>, script: Vec<String>) -> CatalogSummary {
        let (catalog, database) = self.current();
        let permanent = self.objects();
        let temporary = self.temporary.iter().map(|(path, object)| (path.clone(), &**object));
        let all: BTreeMap<_, _> = permanent.chain(temporary).collect();
        CatalogSummary {
            current: (catalog.to_owned(), database.to_owned()),
            tables: all.into_iter().map(|(path, object)| table_summary(path, object)).collect(),
            functions: self.function_names(None),
            settings,
            script,
        }
    }
}

/// A table of which only names and types are known. A type that cannot be read counts as STRING.
fn table_of(summary: &TableSummary, created_in: RuntimeMode) -> Table {
    let column = |(name, text): &(String, String)| {
        let (text, attribute) = match text.split_once(" *") {
            Some((plain, "ROWTIME*")) => (plain, TimeAttribute::Rowtime),
            Some((plain, _)) => (plain, TimeAttribute::Proctime),
            None => (text.as_str(), TimeAttribute::None),
        };
        let read = types::from_text(text).unwrap_or(DataType::nullable(LogicalType::STRING));
        let logical = match read.logical {
            LogicalType::Timestamp { precision, .. } => {
                LogicalType::Timestamp { precision, attribute }
            }
            LogicalType::TimestampLtz { precision, .. } => {
                LogicalType::TimestampLtz { precision, attribute }
            }
            other => other,
        };
        let data_type = DataType { logical, nullable: read.nullable };
        Column { name: name.clone(), data_type, kind: ColumnKind::Physical, comment: None }
    };
    let columns: Vec<Column> = summary.columns.iter().map(column).collect();
    let rowtime = |c: &&Column| c.data_type.logical.time_attribute() == TimeAttribute::Rowtime;
    let watermark = columns.iter().find(rowtime).map(|c| Watermark {
        column: c.name.clone(),
        formula: Formula { expr: ExprText::column(&c.name), text: quote(&c.name) },
    });
    Table {
        columns,
        watermark,
        primary_key: None,
        partitioned_by: Vec::new(),
        options: Options::from_iter(summary.connector.iter().map(|c| ("connector", c.as_str()))),
        comment: None,
        partitions: Vec::new(),
        created_in,
    }
}

fn table_summary(path: ObjectPath, object: &Object) -> TableSummary {
    let schema = object.schema();
    let columns = schema.fields().iter().map(|f| (f.name.clone(), f.data_type.to_string()));
    let connector = match object {
        Object::Table(table) => table.options.get("connector").map(str::to_owned),
        Object::View(_) => None,
    };
    TableSummary {
        path: (path.catalog, path.database, path.name),
        view: object.is_view(),
        connector,
        columns: columns.collect(),
    }
}
