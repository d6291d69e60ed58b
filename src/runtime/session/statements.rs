//! One small function for each kind of statement.

use super::Session;
use super::jobs::{Names, Submitted};
use super::results::{ResultShape, columns};
use crate::base::{Error, JobId, Result, RuntimeMode};
use crate::connectors::files;
use crate::data::Schema;
use crate::graph::translate::execution_plan;
use crate::plan::{self, PhysicalPlan, Sources};
use crate::runtime::api::{Outcome, QueryInfo};
use crate::sql::bound::Insert;
use crate::sql::environment::Reply;
use crate::sql::statement::{
    CreateTable, ExplainDetail, ExplainStmt, ExplainTarget, InsertStmt, Jar, QueryStmt, Stmt,
    StopJob, Word,
};
use crate::trace::JobState;

impl Session {
    pub(super) fn perform(&mut self, statement: &Stmt) -> Result<Outcome> {
        if self.collected.is_some() && !matches!(statement, Stmt::Insert(_) | Stmt::EndStatementSet)
        {
            return Err(Error::new("statement-set-open"));
        }
        if !matches!(statement, Stmt::Set(_)) {
            self.environment.config.check_dialect()?;
        }
        match statement {
            Stmt::Jar(Jar::Add(path)) => self.add_jar(path, statement),
            Stmt::Query(query) => self.query(query),
            Stmt::Insert(insert) => self.insert(insert),
            Stmt::StatementSet(inserts) => self.run_inserts(inserts),
            Stmt::BeginStatementSet => self.begin_set(),
            Stmt::EndStatementSet => self.end_set(),
            Stmt::Explain(explain) => self.explain(explain),
            Stmt::CreateTableAs(table, query) => self.create_as(table, query),
            Stmt::ShowJobs => Ok(self.show_jobs()),
            Stmt::StopJob(stop) => self.stop_job(stop),
            Stmt::Create(_)
            | Stmt::Alter(_)
            | Stmt::Drop(_)
            | Stmt::Use(_)
            | Stmt::Show(_)
            | Stmt::Describe(_)
            | Stmt::Set(_)
            | Stmt::Module(_)
            | Stmt::Jar(_)
            | Stmt::Modify(_) => self.environment.execute(statement).map(Outcome::from),
        }
    }

    /// A jar is a file that is there.
    fn add_jar(&mut self, path: &Word, statement: &Stmt) -> Result<Outcome> {
        let files = self.engine.files();
        let there = files.status(&files::path::plain(&path.value))?;
        if there.is_none_or(|status| status.directory) {
            let root = files.root().map_or("none".into(), |root| root.to_string_lossy());
            let error = Error::new("jar-missing").arg("name", &path.value).arg("root", root);
            return Err(error.at(path.span));
        }
        self.environment.execute(statement).map(Outcome::from)
    }

    fn query(&mut self, statement: &QueryStmt) -> Result<Outcome> {
        let query = self.environment.bind_query(statement)?;
        let plan = plan::plan_query(&query, &self.sources()?)?;
        let schema = query.root.schema.clone();
        let Submitted { job, key_columns, .. } = self.submit_plan(&plan, &Names::Query)?;
        self.show_result(job, &schema)?;
        let max_width = self.max_column_width();
        let columns = columns(&schema, max_width);
        Ok(Outcome::Query(QueryInfo { job, columns, mode: query.mode, key_columns }))
    }

    /// From now on the rows of the job can be read.
    fn show_result(&mut self, job: JobId, schema: &Schema) -> Result<()> {
        let shape = ResultShape { schema: schema.clone(), zone: self.zone()? };
        self.queries.insert(job, shape);
        Ok(())
    }

    /// In an open statement set it is bound, so that its errors come now, and waits for END.
    fn insert(&mut self, statement: &InsertStmt) -> Result<Outcome> {
        let insert = self.environment.bind_insert(statement)?;
        match &mut self.collected {
            Some(collected) => {
                collected.push(insert);
                Ok(Outcome::Done { warnings: Vec::new() })
            }
            None => self.submit_inserts(&[insert]),
        }
    }

    fn run_inserts(&mut self, statements: &[InsertStmt]) -> Result<Outcome> {
        self.submit_inserts(&self.bind_inserts(statements)?)
    }

    fn bind_inserts(&self, statements: &[InsertStmt]) -> Result<Vec<Insert>> {
        statements.iter().map(|insert| self.environment.bind_insert(insert)).collect()
    }

    fn submit_inserts(&mut self, inserts: &[Insert]) -> Result<Outcome> {
        let plan = plan::plan_inserts(inserts, &self.sources()?)?;
        let sinks = inserts.iter().map(|insert| insert.sink.path.to_string()).collect();
        let Submitted { job, bounded, .. } = self.submit_plan(&plan, &Names::Inserts(sinks))?;
        Ok(Outcome::Insert { job, bounded })
    }

    fn begin_set(&mut self) -> Result<Outcome> {
        self.collected = Some(Vec::new());
        Ok(Outcome::Done { warnings: Vec::new() })
    }

    fn end_set(&mut self) -> Result<Outcome> {
        match self.collected.take() {
            None => Err(Error::new("statement-set-not-open")),
            Some(inserts) if inserts.is_empty() => Ok(Outcome::Done { warnings: Vec::new() }),
            Some(inserts) => self.submit_inserts(&inserts),
        }
    }

    fn create_as(&mut self, table: &CreateTable, query: &QueryStmt) -> Result<Outcome> {
        let insert = self.environment.create_table_as(table, query)?;
        self.submit_inserts(&[insert])
    }

    fn explain(&self, statement: &ExplainStmt) -> Result<Outcome> {
        let (trees, plan) = self.plan_of(&statement.target)?;
        let asks = |detail| statement.details.contains(&detail);
        let plan_advice = asks(ExplainDetail::PlanAdvice);
        if plan_advice && plan.mode == RuntimeMode::Batch {
            return Err(Error::new("plan-advice-batch"));
        }
        let changelog_mode = asks(ExplainDetail::ChangelogMode);
        let estimated_cost = asks(ExplainDetail::EstimatedCost);
        let details = plan::explain::ExplainDetails { changelog_mode, plan_advice, estimated_cost };
        let json = match asks(ExplainDetail::JsonExecutionPlan) {
            true => Some(execution_plan(&plan, &self.job_options(&Names::Query)?)?),
            false => None,
        };
        let text = plan::explain::explain(&trees, &plan, details, json.as_deref());
        Ok(Outcome::Listing { columns: vec!["result".into()], rows: vec![vec![Some(text)]] })
    }

    /// The syntax trees and the plan of what is explained.
    fn plan_of(&self, target: &ExplainTarget) -> Result<(Vec<String>, PhysicalPlan)> {
        let sources = self.sources()?;
        match target {
            ExplainTarget::Query(query) => {
                let query = self.environment.bind_query(query)?;
                Ok((vec![plan::explain::of_query(&query)], plan::plan_explained(&query, &sources)?))
            }
            ExplainTarget::Inserts(statements) => {
                let inserts = self.bind_inserts(statements)?;
                let trees = inserts.iter().map(plan::explain::of_insert).collect();
                Ok((trees, plan::plan_inserts(&inserts, &sources)?))
            }
        }
    }

    /// What the planner may ask of sources.
    fn sources(&self) -> Result<Sources<'_>> {
        Ok(Sources { files: self.engine.files(), now: self.engine.now(), zone: self.zone()? })
    }

    fn show_jobs(&self) -> Outcome {
        let row = |job: JobId| {
            let status = self.engine.job(job)?;
            let (id, name) = (job.to_string(), status.name.to_string());
            Some([id, name, state_name(status.state).to_owned()].map(Some).to_vec())
        };
        Outcome::Listing {
            columns: ["job id", "job name", "status"].map(str::to_owned).to_vec(),
            rows: self.engine.jobs().filter_map(row).collect(),
        }
    }

    fn stop_job(&mut self, stop: &StopJob) -> Result<Outcome> {
        let unknown = || Error::new("unknown-job").arg("job", &stop.id.value);
        let job = u128::from_str_radix(&stop.id.value, 16).map(JobId);
        let job = job.ok().filter(|job| self.engine.job(*job).is_some()).ok_or_else(unknown)?;
        self.engine.cancel(job)?;
        Ok(Outcome::Done { warnings: Vec::new() })
    }
}

/// As Flink writes it.
fn state_name(state: JobState) -> &'static str {
    match state {
        JobState::Created => "CREATED",
        JobState::Running => "RUNNING",
        JobState::Failing => "FAILING",
        JobState::Failed => "FAILED",
        JobState::Cancelling => "CANCELLING",
        JobState::Canceled => "CANCELED",
        JobState::Finished => "FINISHED",
        JobState::Restarting => "RESTARTING",
    }
}

impl From<Reply> for Outcome {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Done { warnings } => Self::Done { warnings },
            Reply::Listing { columns, rows } => Self::Listing { columns, rows },
            Reply::Settings(settings) => Self::Settings(settings),
        }
    }
}
