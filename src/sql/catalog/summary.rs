//! The names that a statement can use, as plain data: for completion and the catalog panel.

use std::collections::BTreeMap;

use super::{Catalogs, Object, ObjectPath};

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
    /// All names, with the settings that are in force.
    pub fn summary(&self, settings: Vec<(String, String)>) -> CatalogSummary {
        let (catalog, database) = self.current();
        let permanent = self.catalogs.iter().flat_map(|(c, catalog)| {
            catalog.databases.iter().flat_map(move |(d, database)| {
                let objects = database.objects.iter();
                objects.map(move |(name, o)| (ObjectPath::new(c, d, name), o))
            })
        });
        let temporary = self.temporary.iter().map(|(path, object)| (path.clone(), object));
        let all: BTreeMap<_, _> = permanent.chain(temporary).collect();
        CatalogSummary {
            current: (catalog.to_owned(), database.to_owned()),
            tables: all.into_iter().map(|(path, object)| table_summary(path, object)).collect(),
            functions: self.function_names(),
            settings,
        }
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
