//! What is wrong with a script, before any of it is run.
//!
//! Names and types are checked against what the catalog tells and what the script itself creates on
//! the way. Whether tables can be read is not: nothing is opened here.

use crate::base::stack::with_room;
use crate::base::{Error, Result};
use crate::sql::catalog::CatalogSummary;
use crate::sql::environment::Environment;
use crate::sql::split::{ScriptStatement, split};
use crate::sql::statement::{ExplainTarget, Stmt};
use crate::sql::{bind, parse};

/// The errors of a script in order, at most one a statement, with their places.
pub fn diagnose(text: &str, catalog: &CatalogSummary) -> Vec<Error> {
    with_room(|| {
        let mut environment = Environment::from_summary(catalog);
        let statements = split(text);
        statements.iter().filter_map(|s| check(&mut environment, s).err()).collect()
    })
}

fn check(environment: &mut Environment, statement: &ScriptStatement) -> Result<()> {
    let located = |error: Error| error.at(statement.span);
    let statement = parse(&statement.text, statement.span.start).map_err(located)?;
    let queries = match &statement {
        Stmt::Query(query) => vec![query],
        Stmt::Insert(insert) => vec![&insert.query],
        Stmt::StatementSet(inserts) => inserts.iter().map(|i| &i.query).collect(),
        Stmt::Explain(explain) => match &explain.target {
            ExplainTarget::Query(query) => vec![query],
            ExplainTarget::Inserts(inserts) => inserts.iter().map(|i| &i.query).collect(),
        },
        Stmt::CreateTableAs(_, query) => vec![query],
        _ => Vec::new(),
    };
    for query in queries {
        bind::describe(environment, query).map_err(located)?;
    }
    match &statement {
        Stmt::Create(_) | Stmt::Alter(_) | Stmt::Use(_) | Stmt::Set(_) | Stmt::Drop(_) => {
            match environment.execute(&statement) {
                Err(error) if !ran_before(&error) => Err(located(error)),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Whether an error only says that the script, or a part of it, was run already.
fn ran_before(error: &Error) -> bool {
    error.code().ends_with("-exists")
}

#[cfg(test)]
mod tests {
    use super::diagnose;
    use crate::sql::Environment;

    #[test]
    fn a_script_is_checked_as_far_as_it_goes() {
        let script = "CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'datagen');\n\
                      SELECT id, nome FROM t;\nSELEC 1;\nINSERT INTO t SELECT naem, id FROM t";
        let found = diagnose(script, &Environment::default().summary());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                r#"unknown-column name="nome" nearest="name" at 2:12-2:16"#,
                r#"syntax-unexpected found="SELEC" nearest="SELECT" at 3:1-3:6"#,
                r#"unknown-column name="naem" nearest="name" at 4:22-4:26"#,
            ]
        );
    }

    #[test]
    fn what_the_catalog_knows_is_known() {
        let mut environment = Environment::default();
        let create = "CREATE TABLE t (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) \
                      WITH ('connector' = 'datagen')";
        let create = crate::sql::parse(create, crate::sql::place::START).expect("parses");
        environment.execute(&create).expect("created");
        assert_eq!(diagnose("SELECT id FROM t ORDER BY ts", &environment.summary()), []);
    }
}
