//! Catalogs, databases and what is in them; the names of a session and what they resolve to.
//!
//! All catalogs are in memory (`generic_in_memory`). Nothing here reads SQL text or touches files.

mod databases;
mod definitions;
mod functions;
mod object;
mod path;
mod summary;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Error, Result};
use crate::sql::names::{NONE, nearest};
use crate::sql::statement::Path;

pub(in crate::sql) use functions::class_missing;
pub use object::{
    Column, ColumnKind, Formula, FunctionDef, Object, PrimaryKey, Table, View, Watermark,
};
pub use path::{ObjectPath, literal, quote};
pub use summary::{CatalogSummary, TableSummary};

/// The catalog and database that every session begins with.
const DEFAULT_CATALOG: &str = "default_catalog";
const DEFAULT_DATABASE: &str = "default_database";

/// All catalogs of a session, what is current, and what is temporary.
#[derive(Clone, Debug)]
pub struct Catalogs {
    catalogs: BTreeMap<String, Catalog>,
    current_catalog: String,
    current_database: String,
    temporary: BTreeMap<ObjectPath, Arc<Object>>,
}

/// A catalog.
#[derive(Clone, Debug)]
struct Catalog {
    databases: BTreeMap<String, Database>,
    default_database: String,
}

/// A database.
#[derive(Clone, Debug, Default)]
struct Database {
    comment: Option<String>,
    options: BTreeMap<String, String>,
    objects: BTreeMap<String, Arc<Object>>,
    functions: BTreeMap<String, FunctionDef>,
}

impl Catalog {
    fn with_database(name: &str) -> Self {
        let databases = BTreeMap::from([(name.to_owned(), Database::default())]);
        Self { databases, default_database: name.to_owned() }
    }
}

impl Default for Catalogs {
    fn default() -> Self {
        let catalog = Catalog::with_database(DEFAULT_DATABASE);
        Self {
            catalogs: BTreeMap::from([(DEFAULT_CATALOG.to_owned(), catalog)]),
            current_catalog: DEFAULT_CATALOG.to_owned(),
            current_database: DEFAULT_DATABASE.to_owned(),
            temporary: BTreeMap::new(),
        }
    }
}

impl Catalogs {
    /// The full name that a written one stands for.
    pub fn qualify(&self, path: &Path) -> ObjectPath {
        let part = |n: usize| path.0[n].value.clone();
        match path.0.len() {
            0 => ObjectPath::default(),
            1 => ObjectPath::new(
                self.current_catalog.clone(),
                self.current_database.clone(),
                part(0),
            ),
            2 => ObjectPath::new(self.current_catalog.clone(), part(0), part(1)),
            _ => ObjectPath::new(part(0), part(1), part(2)),
        }
    }

    /// What is there under a full name; what is temporary comes first.
    pub fn get(&self, path: &ObjectPath) -> Option<Arc<Object>> {
        self.temporary.get(path).or_else(|| self.permanent(path)).cloned()
    }

    /// Whether what is there under a name is temporary.
    pub fn is_temporary(&self, path: &ObjectPath) -> bool {
        self.temporary.contains_key(path)
    }

    fn permanent(&self, path: &ObjectPath) -> Option<&Arc<Object>> {
        self.catalogs.get(&path.catalog)?.databases.get(&path.database)?.objects.get(&path.name)
    }

    /// What a written name stands for.
    ///
    /// # Errors
    /// `unknown-table` (`name`, `nearest`), `unknown-database`, `unknown-catalog`.
    pub fn resolve(&self, path: &Path) -> Result<(ObjectPath, Arc<Object>)> {
        let full = self.qualify(path);
        match self.get(&full) {
            Some(object) => Ok((full, object)),
            None => Err(self.not_found(path, &full).at(path.span())),
        }
    }

    fn not_found(&self, path: &Path, full: &ObjectPath) -> Error {
        let Some(catalog) = self.catalogs.get(&full.catalog) else {
            return self.unknown_catalog(&full.catalog);
        };
        if !catalog.databases.contains_key(&full.database) {
            return self.unknown_database(&full.catalog, &full.database);
        }
        let names = self.names(&full.catalog, &full.database, |_| true);
        Error::new("unknown-table")
            .arg("name", path.last())
            .arg("path", full)
            .arg("nearest", nearest(path.last(), names.iter().map(String::as_str)))
    }

    fn unknown_catalog(&self, name: &str) -> Error {
        let names = self.catalogs.keys().map(String::as_str);
        Error::new("unknown-catalog").arg("name", name).arg("nearest", nearest(name, names))
    }

    fn unknown_database(&self, catalog: &str, name: &str) -> Error {
        let names = self.catalogs.get(catalog).map(|c| c.databases.keys().map(String::as_str));
        Error::new("unknown-database")
            .arg("name", name)
            .arg("catalog", catalog)
            .arg("nearest", nearest(name, names.into_iter().flatten()))
    }

    /// The names of a database's tables and views, sorted, temporary ones among them.
    fn names(&self, catalog: &str, database: &str, keep: impl Fn(&Object) -> bool) -> Vec<String> {
        let here = self.catalogs.get(catalog).and_then(|c| c.databases.get(database));
        let permanent = here.into_iter().flat_map(|d| d.objects.iter());
        let temporary = self.temporary.iter();
        let temporary = temporary.filter(|(p, _)| p.catalog == catalog && p.database == database);
        let mut names: Vec<String> = permanent
            .filter(|(_, object)| keep(object))
            .map(|(name, _)| name.clone())
            .chain(temporary.filter(|(_, o)| keep(o)).map(|(p, _)| p.name.clone()))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Puts a table or view in its place.
    ///
    /// # Errors
    /// `table-exists`, `unknown-database`, `unknown-catalog`.
    pub fn create(
        &mut self,
        path: ObjectPath,
        object: Object,
        temporary: bool,
        if_not_exists: bool,
    ) -> Result<()> {
        if temporary {
            if self.temporary.contains_key(&path) {
                return exists(if_not_exists, &path);
            }
            self.temporary.insert(path, Arc::new(object));
            return Ok(());
        }
        let objects = &mut self.database_mut(&path.catalog, &path.database)?.objects;
        if objects.contains_key(&path.name) {
            return exists(if_not_exists, &path);
        }
        objects.insert(path.name, Arc::new(object));
        Ok(())
    }

    /// Whether CREATE under this name would find something there already.
    pub fn is_taken(&self, path: &ObjectPath, temporary: bool) -> bool {
        match temporary {
            true => self.temporary.contains_key(path),
            false => self.permanent(path).is_some(),
        }
    }

    /// Takes a table or view away.
    ///
    /// # Errors
    /// `unknown-table`, `unknown-view`, `table-temporary-first`.
    pub fn drop_object(
        &mut self,
        path: &ObjectPath,
        view: bool,
        temporary: bool,
        if_exists: bool,
    ) -> Result<()> {
        let is_such = |object: &Arc<Object>| object.is_view() == view;
        if temporary {
            let found = self.temporary.get(path).is_some_and(is_such);
            if found {
                self.temporary.remove(path);
            }
            return missing(found || if_exists, view, path);
        }
        if self.temporary.get(path).is_some_and(is_such) {
            return Err(Error::new("table-temporary-first").arg("name", path));
        }
        let found = self.permanent(path).is_some_and(is_such);
        if found {
            self.database_mut(&path.catalog, &path.database)?.objects.remove(&path.name);
        }
        missing(found || if_exists, view, path)
    }

    /// Puts another object in the place of the one under this name.
    pub fn replace(&mut self, path: &ObjectPath, object: Object) -> Result<()> {
        if let Some(place) = self.temporary.get_mut(path) {
            *place = Arc::new(object);
            return Ok(());
        }
        let objects = &mut self.database_mut(&path.catalog, &path.database)?.objects;
        objects.insert(path.name.clone(), Arc::new(object));
        Ok(())
    }

    /// Gives an object another name in its database.
    ///
    /// # Errors
    /// `unknown-table`, `table-exists`.
    pub fn rename(&mut self, from: &ObjectPath, to: &str) -> Result<()> {
        let target = ObjectPath { name: to.to_owned(), ..from.clone() };
        if let Some(object) = self.temporary.remove(from) {
            self.temporary.insert(target, object);
            return Ok(());
        }
        let objects = &mut self.database_mut(&from.catalog, &from.database)?.objects;
        if objects.contains_key(to) {
            return exists(false, &target);
        }
        match objects.remove(&from.name) {
            Some(object) => {
                objects.insert(to.to_owned(), object);
                Ok(())
            }
            None => missing(false, false, from),
        }
    }

    fn database_mut(&mut self, catalog: &str, database: &str) -> Result<&mut Database> {
        if !self.catalogs.contains_key(catalog) {
            return Err(self.unknown_catalog(catalog));
        }
        if !self.catalogs[catalog].databases.contains_key(database) {
            return Err(self.unknown_database(catalog, database));
        }
        self.catalogs
            .get_mut(catalog)
            .and_then(|c| c.databases.get_mut(database))
            .ok_or_else(|| Error::new("unknown-database").arg("name", database))
    }
}

fn exists(tolerated: bool, path: &ObjectPath) -> Result<()> {
    match tolerated {
        true => Ok(()),
        false => Err(Error::new("table-exists").arg("name", &path.name).arg("path", path)),
    }
}

fn missing(fine: bool, view: bool, path: &ObjectPath) -> Result<()> {
    if fine {
        return Ok(());
    }
    let error = if view { Error::new("unknown-view") } else { Error::new("unknown-table") };
    Err(error.arg("name", &path.name).arg("path", path).arg("nearest", NONE))
}
