//! Catalogs as the statements that make them; all their permanent objects, for who writes those.

use super::{Catalogs, DEFAULT_CATALOG, DEFAULT_DATABASE, Object, ObjectPath, literal, quote};

impl Catalogs {
    /// CREATE CATALOG, CREATE DATABASE and CREATE FUNCTION for what a new session does not have.
    pub fn definitions(&self) -> Vec<String> {
        let mut statements = Vec::new();
        for (name, catalog) in &self.catalogs {
            if name != DEFAULT_CATALOG {
                statements.push(format!(
                    "CREATE CATALOG {} WITH ('type' = 'generic_in_memory', 'default-database' = {})",
                    quote(name),
                    literal(&catalog.default_database)
                ));
            }
            for (database, content) in &catalog.databases {
                let path = format!("{}.{}", quote(name), quote(database));
                let given = *database == catalog.default_database || database == DEFAULT_DATABASE;
                if !given {
                    let comment =
                        content.comment.as_ref().map(|c| format!(" COMMENT {}", literal(c)));
                    statements
                        .push(format!("CREATE DATABASE {path}{}", comment.unwrap_or_default()));
                }
                if !content.options.is_empty() {
                    let options = content.options.iter();
                    let options = options.map(|(k, v)| format!("{} = {}", literal(k), literal(v)));
                    let options = options.collect::<Vec<_>>().join(", ");
                    statements.push(format!("ALTER DATABASE {path} SET ({options})"));
                }
                statements.extend(content.functions.iter().map(|(function, definition)| {
                    let (class, language) = (literal(&definition.class), &definition.language);
                    format!(
                        "CREATE FUNCTION {path}.{} AS {class} LANGUAGE {language}",
                        quote(function)
                    )
                }));
            }
        }
        statements
    }

    /// All permanent tables and views.
    pub fn objects(&self) -> impl Iterator<Item = (ObjectPath, &Object)> {
        self.catalogs.iter().flat_map(|(catalog, content)| {
            content.databases.iter().flat_map(move |(database, content)| {
                let objects = content.objects.iter();
                objects.map(move |(name, o)| (ObjectPath::new(catalog, database, name), &**o))
            })
        })
    }
}
