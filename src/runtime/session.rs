//! The session: runs statements and programs on an engine of its own. What the doors talk to.
//!
//! ```text
//! text --parse--> Stmt --+-- SET, DDL, SHOW: the environment answers at once
//!                        +-- query, INSERT: bind, plan, graph, submit --> a job of the engine
//! ```
//!
//! It is synchronous and never blocks, [`Session::follow`] apart. Not here: words, screens.

mod follow;
mod jobs;
mod programs;
mod results;
mod statements;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::results::ResultShape;
use super::Engine;
use super::api::{CatalogSummary, LabOptions, Outcome};
use crate::base::stack::with_room;
use crate::base::{JobId, Location, Result, Span};
use crate::connectors::Files;
use crate::connectors::files::RealFiles;
use crate::sql;
use crate::sql::bound::Insert;
use crate::sql::environment::Environment;

pub use self::follow::{Bounds, Ending, News, Watch};

/// Statements, their names and settings, and the cluster that they run on.
pub struct Session {
    engine: Engine,
    environment: Environment,
    /// How to print the rows of each query.
    queries: BTreeMap<JobId, ResultShape>,
    /// INSERTs between BEGIN STATEMENT SET and END.
    collected: Option<Vec<Insert>>,
    /// Lines of stdout that a follower was told.
    lines_told: u64,
    /// Files that were given, in the place of those that the options name.
    files: Option<Arc<dyn Files>>,
}

impl Session {
    /// A session with an empty catalog and a cluster as the options say.
    ///
    /// # Errors
    /// `thread-not-started`.
    pub fn new(options: LabOptions) -> Result<Self> {
        Self::over(options, None)
    }

    /// A session over files of its own: in memory, or such that fail now and then.
    ///
    /// # Errors
    /// `thread-not-started`.
    pub fn over(options: LabOptions, given: Option<Arc<dyn Files>>) -> Result<Self> {
        let engine = Engine::new(options.clone(), files(&options, given.as_ref()))?;
        Ok(Self {
            engine,
            environment: Environment::default(),
            queries: BTreeMap::new(),
            collected: None,
            lines_told: 0,
            files: given,
        })
    }

    /// Runs one statement; `at` is where it begins in its script, so that places are the script's.
    ///
    /// # Errors
    /// Whatever refuses the statement: syntax, names, types, options, a plan that cannot be. Without a place
    /// of its own, its place is the statement.
    pub fn execute(&mut self, text: &str, at: Location) -> Result<Outcome> {
        let done = with_room(|| {
            let statement = sql::parse(text, at)?;
            self.perform(&statement)
        });
        done.map_err(|error| error.at(Span::new(at, sql::place::end_of(text, at))))
    }

    /// Throws the cluster away and makes a new one; catalog and settings stay.
    ///
    /// # Errors
    /// `thread-not-started`.
    pub fn reset(&mut self, options: LabOptions) -> Result<()> {
        self.engine = Engine::new(options.clone(), files(&options, self.files.as_ref()))?;
        self.queries.clear();
        self.lines_told = 0;
        Ok(())
    }

    /// The engine, to let time go on, to cancel, to look.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The engine, to act upon.
    pub fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// What there is to name in a statement.
    pub fn summary(&self) -> CatalogSummary {
        self.environment.summary()
    }

    /// `table.display.max-column-width`: the most columns of the screen that a cell gets.
    pub fn max_column_width(&self) -> usize {
        self.environment.config.max_column_width()
    }

    /// Throws away what was kept of a job that nobody looks at any more.
    fn forget(&mut self, job: JobId) {
        self.queries.remove(&job);
        self.engine.forget_results(job);
    }
}

fn files(options: &LabOptions, given: Option<&Arc<dyn Files>>) -> Arc<dyn Files> {
    match (given, &options.root) {
        (Some(files), _) => files.clone(),
        (None, Some(root)) => Arc::new(RealFiles::below(root.clone())),
        (None, None) => Arc::new(RealFiles::new()),
    }
}
