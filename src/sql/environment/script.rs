//! The catalog as a script: statements that make it again, in another session.
//!
//! Flink's in-memory catalog is lost with its session; a lab may keep it. What is temporary is not kept.

use super::show_create;
use crate::base::RuntimeMode;
use crate::sql::catalog::{Catalogs, Object, ObjectPath, View, quote};

/// The statements, in an order in which each finds what it names.
pub(super) fn statements(catalogs: &Catalogs) -> Vec<String> {
    let mut statements = catalogs.definitions();
    let mut current = None;
    let mut enter = |mode: RuntimeMode, statements: &mut Vec<String>| {
        if current.replace(mode) != Some(mode) {
            statements.push(format!("SET 'execution.runtime-mode' = '{mode}'"));
        }
    };
    let objects: Vec<_> = catalogs.objects().collect();
    for (path, object) in &objects {
        if let Object::Table(table) = object {
            // Event time has the type that it got in the mode of its CREATE.
            if table.watermark.is_some() {
                enter(table.created_in, &mut statements);
            }
            statements.push(show_create::table(path, table, false));
            statements.extend(super::partitions::added(&path.quoted(), table));
        }
    }
    let views = objects.iter().filter_map(|(path, object)| match object {
        Object::View(view) => Some((path, view)),
        Object::Table(_) => None,
    });
    for (path, view) in in_order(views.collect()) {
        // Its tables could be read in the mode of its CREATE.
        enter(view.created_in, &mut statements);
        statements.push(show_create::view(path, view, false));
    }
    let (catalog, database) = catalogs.current();
    statements.push(format!("USE {}.{}", quote(catalog), quote(database)));
    statements
}

/// Views, each behind those that it reads.
fn in_order<'a>(mut views: Vec<(&'a ObjectPath, &'a View)>) -> Vec<(&'a ObjectPath, &'a View)> {
    let mut ordered = Vec::new();
    while !views.is_empty() {
        let waits = |(path, view): &(&ObjectPath, &View)| {
            let mut others = views.iter().filter(|(other, _)| other != path);
            others.any(|(other, _)| view.expanded.contains(&other.quoted()))
        };
        let (later, now): (Vec<_>, Vec<_>) = views.iter().copied().partition(waits);
        if now.is_empty() {
            // A view cannot read itself; if it seems so, the order does not matter.
            ordered.extend(later);
            break;
        }
        ordered.extend(now);
        views = later;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use crate::sql::Environment;
    use crate::sql::place::START;

    fn run(environment: &mut Environment, statements: &[String]) {
        for statement in statements {
            let parsed = crate::sql::parse(statement, START).expect(statement);
            environment.execute(&parsed).expect(statement);
        }
    }

    #[test]
    fn a_catalog_comes_back_from_its_script() {
        let mut first = Environment::default();
        let script = [
            "CREATE CATALOG lab WITH ('type' = 'generic_in_memory', 'default-database' = 'main')",
            "CREATE DATABASE lab.other COMMENT 'it''s here'",
            "USE lab.other",
            "CREATE TABLE t (id INT, `from` STRING COMMENT 'who', ts TIMESTAMP(3), twice AS id * 2,
                WATERMARK FOR ts AS ts - INTERVAL '1' SECOND, PRIMARY KEY (id) NOT ENFORCED)
                WITH ('connector' = 'datagen', 'number-of-rows' = '3')",
            "SET 'execution.runtime-mode' = 'batch'",
            "CREATE TABLE lab.main.u (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'print')",
            "CREATE VIEW b AS SELECT id FROM t",
            "CREATE VIEW a AS SELECT id + 1 AS n FROM b",
            "CREATE FUNCTION f AS 'org.example.F' LANGUAGE JAVA",
            "CREATE TEMPORARY TABLE gone (x INT) WITH ('connector' = 'print')",
        ];
        run(&mut first, &script.map(str::to_owned));
        let kept = first.script();
        let mut second = Environment::default();
        run(&mut second, &kept);
        assert_eq!(second.script(), kept);
        let tables = |of: &Environment| {
            let tables = of.summary().tables.into_iter();
            tables.filter(|t| t.path.2 != "gone").collect::<Vec<_>>()
        };
        assert_eq!(tables(&second), tables(&first));
        assert_eq!(second.summary().functions, ["f"]);
        assert_eq!(second.summary().current, ("lab".to_owned(), "other".to_owned()));
    }
}
