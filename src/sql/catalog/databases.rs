//! Catalogs and databases: what there are, which are current.

use super::{Catalog, Catalogs, Database, Object};
use crate::base::{Error, Result};
use crate::sql::statement::{OptionList, Path, Word};

impl Catalogs {
    /// The current catalog and database.
    pub fn current(&self) -> (&str, &str) {
        (&self.current_catalog, &self.current_database)
    }

    /// All catalogs, sorted.
    pub fn catalog_names(&self) -> Vec<String> {
        self.catalogs.keys().cloned().collect()
    }

    /// The databases of the current catalog, sorted.
    pub fn database_names(&self) -> Vec<String> {
        let catalog = self.catalogs.get(&self.current_catalog);
        catalog.map(|c| c.databases.keys().cloned().collect()).unwrap_or_default()
    }

    /// The tables and views of a database (the current one if `None`), sorted.
    ///
    /// # Errors
    /// `unknown-database`, `unknown-catalog`.
    pub fn table_names(&self, database: Option<&Path>) -> Result<Vec<String>> {
        let (catalog, database) = match database {
            None => {
                let (catalog, database) = (&self.current_catalog, &self.current_database);
                let known = self.catalogs.get(catalog);
                if !known.is_some_and(|known| known.databases.contains_key(database)) {
                    return Err(self.unknown_database(catalog, database));
                }
                (catalog.clone(), database.clone())
            }
            Some(path) => self.database_path(path)?,
        };
        Ok(self.names(&catalog, &database, |_| true))
    }

    /// The views of the current database, sorted.
    pub fn view_names(&self) -> Vec<String> {
        self.names(&self.current_catalog, &self.current_database, Object::is_view)
    }

    /// A database that exists.
    fn database_path(&self, path: &Path) -> Result<(String, String)> {
        let (catalog, database) = self.split(path);
        let Some(found) = self.catalogs.get(&catalog) else {
            return Err(self.unknown_catalog(&catalog).at(path.span()));
        };
        if !found.databases.contains_key(&database) {
            return Err(self.unknown_database(&catalog, &database).at(path.span()));
        }
        Ok((catalog, database))
    }

    fn split(&self, path: &Path) -> (String, String) {
        match path.0.as_slice() {
            [catalog, database] => (catalog.value.clone(), database.value.clone()),
            _ => (self.current_catalog.clone(), path.last().to_owned()),
        }
    }

    /// CREATE CATALOG.
    ///
    /// # Errors
    /// `catalog-exists`, `catalog-type` (only `generic_in_memory` is here), `option-missing`.
    pub fn create_catalog(&mut self, name: &Word, options: &OptionList) -> Result<()> {
        let option = |key: &str| options.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let kind = option("type").ok_or_else(|| {
            Error::new("option-missing").arg("name", "type").arg("connector", &name.value)
        })?;
        if kind != "generic_in_memory" {
            let error = Error::new("catalog-type").arg("name", kind);
            return Err(error.arg("nearest", "generic_in_memory"));
        }
        if self.catalogs.contains_key(&name.value) {
            return Err(Error::new("catalog-exists").arg("name", &name.value).at(name.span));
        }
        let database = option("default-database").unwrap_or("default");
        self.catalogs.insert(name.value.clone(), Catalog::with_database(database));
        Ok(())
    }

    /// DROP CATALOG.
    ///
    /// # Errors
    /// `catalog-in-use`, `unknown-catalog`.
    pub fn drop_catalog(&mut self, name: &Word, if_exists: bool) -> Result<()> {
        if !self.catalogs.contains_key(&name.value) {
            return match if_exists {
                true => Ok(()),
                false => Err(self.unknown_catalog(&name.value).at(name.span)),
            };
        }
        if self.current_catalog == name.value {
            let error = Error::new("catalog-in-use").arg("name", &name.value);
            return Err(error.at(name.span));
        }
        self.catalogs.remove(&name.value);
        Ok(())
    }

    /// USE CATALOG.
    ///
    /// # Errors
    /// `unknown-catalog`.
    pub fn use_catalog(&mut self, name: &Word) -> Result<()> {
        let Some(catalog) = self.catalogs.get(&name.value) else {
            return Err(self.unknown_catalog(&name.value).at(name.span));
        };
        self.current_database = catalog.default_database.clone();
        self.current_catalog = name.value.clone();
        Ok(())
    }

    /// USE.
    ///
    /// # Errors
    /// `unknown-database`, `unknown-catalog`.
    pub fn use_database(&mut self, path: &Path) -> Result<()> {
        (self.current_catalog, self.current_database) = self.database_path(path)?;
        Ok(())
    }

    /// CREATE DATABASE.
    ///
    /// # Errors
    /// `database-exists`, `unknown-catalog`.
    pub fn create_database(
        &mut self,
        path: &Path,
        if_not_exists: bool,
        comment: Option<String>,
        options: &OptionList,
    ) -> Result<()> {
        let (catalog, database) = self.split(path);
        let unknown = self.unknown_catalog(&catalog);
        let Some(found) = self.catalogs.get_mut(&catalog) else {
            return Err(unknown.at(path.span()));
        };
        if found.databases.contains_key(&database) {
            let error =
                Error::new("database-exists").arg("name", &database).arg("catalog", &catalog);
            return if if_not_exists { Ok(()) } else { Err(error.at(path.span())) };
        }
        let options = options.iter().cloned().collect();
        found.databases.insert(database, Database { comment, options, ..Database::default() });
        Ok(())
    }

    /// ALTER DATABASE .. SET.
    ///
    /// # Errors
    /// `unknown-database`, `unknown-catalog`.
    pub fn alter_database(&mut self, path: &Path, options: &OptionList) -> Result<()> {
        let (catalog, database) = self.database_path(path)?;
        self.database_mut(&catalog, &database)?.options.extend(options.iter().cloned());
        Ok(())
    }

    /// DROP DATABASE. The current one may go as well, as in Flink: its name then resolves to nothing.
    ///
    /// # Errors
    /// `database-not-empty`, `unknown-database`, `unknown-catalog`.
    pub fn drop_database(&mut self, path: &Path, if_exists: bool, cascade: bool) -> Result<()> {
        let (catalog, database) = match self.database_path(path) {
            Ok(found) => found,
            Err(_) if if_exists => return Ok(()),
            Err(error) => return Err(error),
        };
        let found = self.database_mut(&catalog, &database)?;
        let empty = found.objects.is_empty() && found.functions.is_empty();
        if !empty && !cascade {
            let error = Error::new("database-not-empty").arg("name", &database);
            return Err(error.arg("catalog", &catalog).at(path.span()));
        }
        if let Some(found) = self.catalogs.get_mut(&catalog) {
            found.databases.remove(&database);
        }
        Ok(())
    }

    /// The comment of a database.
    pub fn database_comment(&self, catalog: &str, database: &str) -> Option<&str> {
        self.catalogs.get(catalog)?.databases.get(database)?.comment.as_deref()
    }
}
