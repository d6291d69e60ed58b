//! A session's catalogs and settings, and the statements that they carry out by themselves.
//!
//! Not here: jobs. Queries and INSERTs are bound ([`Environment::bind_query`]) and run elsewhere.

mod alter;
mod alter_schema;
mod create;
mod describe;
mod modules;
mod partitions;
mod script;
mod show;
mod show_create;
mod view;

use crate::base::{Error, Result};
use crate::sql::catalog::{CatalogSummary, Catalogs, FunctionDef};
use crate::sql::config::Config;
use crate::sql::statement::{
    Alter, Create, CreateTable, Drop, InsertStmt, Jar, OptionList, QueryStmt, Set, Stmt, Use,
};
use crate::sql::{bind, bound};
use modules::Modules;

/// What a session knows of names and settings.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Its catalogs.
    pub catalogs: Catalogs,
    /// Its settings.
    pub config: Config,
    jars: Vec<String>,
    modules: Modules,
    /// Whether its tables are those of a summary, which have columns and nothing behind them.
    only_names: bool,
}

/// What a statement came to that needed no job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is done.
    Done {
        /// Things worth saying although it worked.
        warnings: Vec<Error>,
    },
    /// A table of text; `None` prints as blank.
    Listing {
        /// Column names.
        columns: Vec<String>,
        /// Rows of cells.
        rows: Vec<Vec<Option<String>>>,
    },
    /// The settings, by key.
    Settings(OptionList),
}

impl Reply {
    /// Done, with nothing to say.
    pub const DONE: Self = Self::Done { warnings: Vec::new() };

    /// A listing of one column.
    fn column(name: &str, cells: impl IntoIterator<Item = String>) -> Self {
        let rows = cells.into_iter().map(|cell| vec![Some(cell)]).collect();
        Self::Listing { columns: vec![name.to_owned()], rows }
    }
}

impl Environment {
    /// Carries out a statement that needs no job: DDL, USE, SHOW, DESCRIBE, SET, modules, jars.
    ///
    /// # Errors
    /// What the statement refuses; `statement-needs-job` for one that has to be run.
    pub fn execute(&mut self, statement: &Stmt) -> Result<Reply> {
        match statement {
            Stmt::Create(create) => self.create(create).map(|()| Reply::DONE),
            Stmt::Alter(alter) => self.alter(alter).map(|()| Reply::DONE),
            Stmt::Drop(drop) => self.drop(drop).map(|()| Reply::DONE),
            Stmt::Use(target) => self.use_(target).map(|()| Reply::DONE),
            Stmt::Show(show) => self.show(show),
            Stmt::Describe(path) => self.describe(path),
            Stmt::Set(set) => self.set(set),
            Stmt::Module(module) => self.modules.change(module).map(|()| Reply::DONE),
            Stmt::Jar(jar) => self.jar(jar),
            Stmt::Modify(modify) => {
                let (path, _) = self.catalogs.resolve(&modify.path)?;
                let error = Error::new("modify-unsupported").arg("statement", modify.statement);
                Err(error.arg("table", path).at(modify.path.span()))
            }
            Stmt::Query(_)
            | Stmt::Insert(_)
            | Stmt::StatementSet(_)
            | Stmt::BeginStatementSet
            | Stmt::EndStatementSet
            | Stmt::Explain(_)
            | Stmt::CreateTableAs(..)
            | Stmt::ShowJobs
            | Stmt::StopJob(_) => Err(Error::new("statement-needs-job")),
        }
    }

    /// Resolves the names and types of a query.
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub fn bind_query(&self, query: &QueryStmt) -> Result<bound::Query> {
        bind::query(self, query).map_err(|error| error.at(query.span))
    }

    /// Resolves an INSERT.
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub fn bind_insert(&self, insert: &InsertStmt) -> Result<bound::Insert> {
        bind::insert(self, insert).map_err(|error| error.at(insert.query.span))
    }

    /// CREATE TABLE .. AS: creates the table and gives the INSERT that fills it. With IF NOT EXISTS a
    /// table that is there already gets the rows.
    ///
    /// # Errors
    /// Those of both parts.
    pub fn create_table_as(
        &mut self,
        table: &CreateTable,
        query: &QueryStmt,
    ) -> Result<bound::Insert> {
        self.create_as(table, query)
    }

    /// All names and settings, for completion, and what makes them again.
    pub fn summary(&self) -> CatalogSummary {
        self.catalogs.summary(self.config.list(), self.script())
    }

    /// The statements that make the catalog again in another session, what is temporary left out.
    pub fn script(&self) -> Vec<String> {
        script::statements(&self.catalogs)
    }

    /// An environment that has the names of a summary: for checks, not for running.
    pub fn from_summary(summary: &CatalogSummary) -> Self {
        let mut config = Config::default();
        for (key, value) in &summary.settings {
            // What is in a summary was accepted once; what is not now changes no name.
            let _ = config.set(key, value);
        }
        let catalogs = Catalogs::from_summary(summary, config.mode());
        Self { catalogs, config, only_names: true, ..Self::default() }
    }

    fn create(&mut self, create: &Create) -> Result<()> {
        match create {
            Create::Catalog { name, options } => self.catalogs.create_catalog(name, options),
            Create::Database { path, if_not_exists, comment, options } => {
                self.catalogs.create_database(path, *if_not_exists, comment.clone(), options)
            }
            Create::Table(table) => self.create_table(table),
            Create::View(view) => self.create_view(view),
            Create::Function(function) => self.catalogs.create_function(function),
        }
    }

    fn alter(&mut self, alter: &Alter) -> Result<()> {
        match alter {
            Alter::Database(path, options) => self.catalogs.alter_database(path, options),
            Alter::Table { path, if_exists, action } => self.alter_table(path, *if_exists, action),
            Alter::RenameView(from, to) => self.rename_view(from, to),
            Alter::View(path, query) => self.alter_view(path, query),
            Alter::Function { path, if_exists, class, language, .. } => {
                let definition = FunctionDef { class: class.clone(), language: language.clone() };
                self.catalogs.alter_function(path, *if_exists, definition)
            }
        }
    }

    fn drop(&mut self, drop: &Drop) -> Result<()> {
        match drop {
            Drop::Catalog { name, if_exists } => self.catalogs.drop_catalog(name, *if_exists),
            Drop::Database { path, if_exists, cascade } => {
                self.catalogs.drop_database(path, *if_exists, *cascade)
            }
            Drop::Table { path, view, temporary, if_exists } => {
                let full = self.catalogs.qualify(path);
                let dropped = self.catalogs.drop_object(&full, *view, *temporary, *if_exists);
                dropped.map_err(|error| error.at(path.span()))
            }
            Drop::Function { path, lifetime, if_exists } => {
                self.catalogs.drop_function(path, *lifetime, *if_exists)
            }
        }
    }

    fn use_(&mut self, target: &Use) -> Result<()> {
        match target {
            Use::Catalog(name) => self.catalogs.use_catalog(name),
            Use::Database(path) => self.catalogs.use_database(path),
        }
    }

    fn set(&mut self, set: &Set) -> Result<Reply> {
        match set {
            Set::List => Ok(Reply::Settings(self.config.list())),
            Set::Key { key, value } => {
                let warning = self
                    .config
                    .set(&key.value, &value.value)
                    .map_err(|error| error.at(value.span))?;
                let warnings = warning.into_iter().map(|w| w.at(key.span)).collect();
                Ok(Reply::Done { warnings })
            }
            Set::Reset(key) => {
                self.config.reset(&key.value);
                Ok(Reply::DONE)
            }
            Set::ResetAll => {
                self.config.reset_all();
                Ok(Reply::DONE)
            }
        }
    }

    /// Jars are written down, and nothing is loaded from them: there is no JVM here.
    fn jar(&mut self, jar: &Jar) -> Result<Reply> {
        match jar {
            Jar::Add(path) => {
                self.jars.push(path.value.clone());
                let warning = Error::new("jar-unsupported").arg("name", &path.value);
                Ok(Reply::Done { warnings: vec![warning] })
            }
            Jar::Remove(path) => match self.jars.iter().position(|jar| *jar == path.value) {
                Some(known) => {
                    self.jars.remove(known);
                    Ok(Reply::DONE)
                }
                None => {
                    let error = Error::new("jar-not-added").arg("name", &path.value);
                    Err(error.at(path.span))
                }
            },
        }
    }
}
