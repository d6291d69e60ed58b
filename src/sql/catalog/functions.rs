//! Functions that somebody created. Their names are kept in lower case, as Flink keeps them.

use super::{Catalogs, FunctionDef, ObjectPath};
use crate::base::{Error, Result};
use crate::sql::names::nearest;
use crate::sql::statement::{CreateFunction, Lifetime, Path};

impl Catalogs {
    /// CREATE FUNCTION. A temporary one is made at once, and so its class must be there, which it
    /// never is; a permanent one waits for its first call.
    ///
    /// # Errors
    /// `function-exists`, `function-class-missing`.
    pub fn create_function(&mut self, function: &CreateFunction) -> Result<()> {
        if function.lifetime != Lifetime::Permanent {
            return Err(
                class_missing(function.path.last(), &function.class).at(function.path.span())
            );
        }
        let path = self.function_path(&function.path);
        let functions = &mut self.database_mut(&path.catalog, &path.database)?.functions;
        if functions.contains_key(&path.name) {
            let error = Error::new("function-exists").arg("name", &path.name).arg("path", &path);
            return match function.if_not_exists {
                true => Ok(()),
                false => Err(error.at(function.path.span())),
            };
        }
        let (class, language) = (function.class.clone(), function.language.clone());
        functions.insert(path.name, FunctionDef { class, language });
        Ok(())
    }

    /// ALTER FUNCTION.
    ///
    /// # Errors
    /// `function-missing`.
    pub fn alter_function(
        &mut self,
        written: &Path,
        if_exists: bool,
        definition: FunctionDef,
    ) -> Result<()> {
        let path = self.function_path(written);
        match self.database_mut(&path.catalog, &path.database)?.functions.get_mut(&path.name) {
            Some(function) => {
                *function = definition;
                Ok(())
            }
            None if if_exists => Ok(()),
            None => Err(self.function_missing(written, &path)),
        }
    }

    /// DROP FUNCTION.
    ///
    /// # Errors
    /// `function-missing`.
    pub fn drop_function(
        &mut self,
        written: &Path,
        lifetime: Lifetime,
        if_exists: bool,
    ) -> Result<()> {
        let path = self.function_path(written);
        let functions = &mut self.database_mut(&path.catalog, &path.database)?.functions;
        let found = lifetime == Lifetime::Permanent && functions.remove(&path.name).is_some();
        match found || if_exists {
            true => Ok(()),
            false => Err(self.function_missing(written, &path)),
        }
    }

    /// The functions of a database, sorted; of the current one if none is named.
    pub fn function_names(&self, database: Option<&Path>) -> Vec<String> {
        let (catalog, database) = match database.map(|path| path.0.as_slice()) {
            None | Some([]) => (&self.current_catalog, &self.current_database),
            Some([database]) => (&self.current_catalog, &database.value),
            Some([catalog, database, ..]) => (&catalog.value, &database.value),
        };
        let database = self.catalogs.get(catalog).and_then(|c| c.databases.get(database));
        database.map(|d| d.functions.keys().cloned().collect()).unwrap_or_default()
    }

    /// The function that a call names, if somebody created one.
    pub fn function(&self, written: &Path) -> Option<&FunctionDef> {
        let path = self.function_path(written);
        let database = self.catalogs.get(&path.catalog)?.databases.get(&path.database)?;
        database.functions.get(&path.name)
    }

    fn function_path(&self, written: &Path) -> ObjectPath {
        let path = self.qualify(written);
        ObjectPath { name: path.name.to_lowercase(), ..path }
    }

    fn function_missing(&self, written: &Path, path: &ObjectPath) -> Error {
        let names = self.function_names(None);
        let error = Error::new("function-missing")
            .arg("name", &path.name)
            .arg("path", path)
            .arg("nearest", nearest(&path.name, names.iter().map(String::as_str)));
        error.at(written.span())
    }
}

/// The refusal of a function whose class cannot be loaded.
pub(in crate::sql) fn class_missing(name: &str, class: &str) -> Error {
    Error::new("function-class-missing").arg("name", name).arg("class", class)
}
