//! Full names of catalog objects.

use std::fmt;

/// Where an object is. Ordered as listings are.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPath {
    /// Its catalog.
    pub catalog: String,
    /// Its database.
    pub database: String,
    /// Its name.
    pub name: String,
}

impl ObjectPath {
    /// A full name.
    pub fn new(
        catalog: impl Into<String>,
        database: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        Self { catalog: catalog.into(), database: database.into(), name: name.into() }
    }

    /// With every part in backticks, as SHOW CREATE prints it.
    pub fn quoted(&self) -> String {
        format!("{}.{}.{}", quote(&self.catalog), quote(&self.database), quote(&self.name))
    }
}

impl fmt::Display for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.catalog, self.database, self.name)
    }
}

/// A name in backticks.
pub fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A text as a literal of SQL.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
