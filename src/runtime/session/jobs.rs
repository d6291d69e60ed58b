//! From a plan or a program to a running job: the settings that a job takes from the session.

use super::Session;
use crate::base::{JobId, LabDuration, Result, RuntimeMode};
use crate::cluster::{JobSettings, RestartStrategy};
use crate::data::zone::Zone;
use crate::graph::translate::{JobOptions, translate};
use crate::graph::{JobGraph, StreamGraph};
use crate::plan::PhysicalPlan;
use crate::sql::config::{self, Config};

/// What a job is called if `pipeline.name` does not say it.
pub(super) enum Names {
    /// A query.
    Query,
    /// INSERTs into these tables.
    Inserts(Vec<String>),
}

impl Names {
    /// As Flink's SQL client calls them.
    fn job_name(&self) -> String {
        match self {
            Self::Query => "collect".to_owned(),
            Self::Inserts(sinks) => format!("insert-into_{}", sinks.join(",")),
        }
    }
}

/// A job that was handed to the cluster.
pub(super) struct Submitted {
    pub(super) job: JobId,
    /// The columns that carry the key of its last operator's rows.
    pub(super) key_columns: Vec<usize>,
    /// Whether it ends by itself.
    pub(super) bounded: bool,
}

impl Session {
    /// Runs a plan with the settings in force.
    pub(super) fn submit_plan(&mut self, plan: &PhysicalPlan, names: &Names) -> Result<Submitted> {
        if plan.keeps_state() {
            self.environment.config.check("table.exec.state.ttl")?;
        }
        let options = self.job_options(names)?;
        let graph = translate(plan, &options)?;
        let key_columns = graph.nodes.last().map(|n| n.key_columns.clone()).unwrap_or_default();
        let bounded = graph.bounded();
        Ok(Submitted { job: self.submit(graph)?, key_columns, bounded })
    }

    /// The settings in force, as a job takes them.
    pub(super) fn job_options(&self, names: &Names) -> Result<JobOptions> {
        let config = &self.environment.config;
        Ok(JobOptions {
            name: config.job_name().map_or_else(|| names.job_name(), str::to_owned),
            parallelism: config.parallelism(),
            max_parallelism: config.max_parallelism(),
            chaining: config.chaining(),
            auto_watermark_interval_millis: config.auto_watermark_interval().0 / MICROS,
            state_ttl_millis: config.state_ttl().0 / MICROS,
            mini_batch: config
                .mini_batch()?
                .filter(|_| config.mode() == RuntimeMode::Streaming)
                .map(|m| m.size),
            zone: self.zone()?,
            drops_null_violations: config.drops_null_violations(),
            now: self.engine.now(),
        })
    }

    /// Chains, and hands the job to the cluster.
    pub(super) fn submit(&mut self, graph: StreamGraph) -> Result<JobId> {
        let graph = JobGraph::from_stream_graph(graph)?;
        Ok(self.engine.submit(graph, job_settings(&self.environment.config)))
    }

    /// `table.local-time-zone`; the machine's own is UTC here, so that results do not depend on it.
    pub(super) fn zone(&self) -> Result<Zone> {
        match self.environment.config.time_zone() {
            "default" => Ok(Zone::default()),
            name => name.parse(),
        }
    }
}

/// Microseconds in a millisecond.
const MICROS: i64 = LabDuration::millis(1).0;

fn job_settings(config: &Config) -> JobSettings {
    let keys = ["restart-strategy.type", "restart-strategy"];
    let named = keys.into_iter().any(|key| config.get(key).is_some());
    let restart = match config.restart_strategy() {
        config::RestartStrategy::FixedDelay { attempts, delay } => {
            Some(RestartStrategy::FixedDelay { attempts, delay })
        }
        // Nobody asked for it: a checkpoint taken by hand is reason enough to start again from it.
        config::RestartStrategy::None if !named => None,
        config::RestartStrategy::None => Some(RestartStrategy::None),
    };
    JobSettings { checkpoint_interval: config.checkpoint_interval(), restart }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_called_as_in_flink() {
        assert_eq!(Names::Query.job_name(), "collect");
        let sinks = ["a.b.c", "a.b.d"].map(str::to_owned).to_vec();
        assert_eq!(Names::Inserts(sinks).job_name(), "insert-into_a.b.c,a.b.d");
    }

    #[test]
    fn a_job_takes_its_settings_from_the_session() {
        let mut config = Config::default();
        config.set("execution.checkpointing.interval", "3 s").unwrap();
        config.set("restart-strategy.type", "none").unwrap();
        let expected = JobSettings {
            checkpoint_interval: Some(LabDuration::seconds(3)),
            restart: Some(RestartStrategy::None),
        };
        assert_eq!(job_settings(&config), expected);
        assert_eq!(job_settings(&Config::default()), JobSettings::default());
    }
}
