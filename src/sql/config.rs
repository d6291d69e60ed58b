//! Settings: what SET and RESET change, read by type.
//!
//! Keys that nobody reads are kept and warned about, with the nearest key that exists; values of
//! known keys are checked when they are set. Source: "Configuration" in Flink's documentation, 1.18.

mod keys;

use std::collections::BTreeMap;

use super::bound::{AggregatePhases, Materialize, MiniBatch, Reuse};
use crate::base::{Error, LabDuration, Result, RuntimeMode};
use crate::connectors::options::{OptionType, Options};
use crate::sql::names::nearest;
use crate::sql::statement::OptionList;

use keys::Reader;
pub use keys::{KEYS, Setting};

/// The settings of a session. Keys without a value have their default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    values: BTreeMap<String, String>,
}

/// What a failed job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartStrategy {
    /// It stays failed.
    None,
    /// It restarts after a delay, so many times.
    FixedDelay {
        /// How many times.
        attempts: u32,
        /// How long it waits.
        delay: LabDuration,
    },
}

impl Config {
    /// SET. Gives a warning for a key that does nothing here, and for a value that the key does not take:
    /// as in Flink, what reads it will fail.
    ///
    /// # Errors
    /// `option-value`, if the value is not of the kind of a key that SET itself reads.
    pub fn set(&mut self, key: &str, value: &str) -> Result<Option<Error>> {
        let known = Setting::find(key);
        let fault = known.and_then(|setting| check(setting, value).err());
        if let (Some(setting), Some(fault)) = (known, &fault)
            && setting.read_by() == Reader::Set
        {
            return Err(fault.clone());
        }
        self.values.insert(key.to_owned(), value.to_owned());
        let keys = KEYS.iter().map(|s| s.key);
        let warning =
            || Error::new("setting-unknown").arg("name", key).arg("nearest", nearest(key, keys));
        Ok(fault.or_else(|| known.is_none().then(warning)))
    }

    /// Whether what was set lets jobs run.
    ///
    /// # Errors
    /// `option-value` for the first value that does not.
    pub fn check_job(&self) -> Result<()> {
        let read = KEYS.iter().filter(|setting| setting.read_by() == Reader::Job);
        read.map(|setting| setting.key).try_for_each(|key| self.check(key))
    }

    /// Whether the value of a key is one that it takes.
    ///
    /// # Errors
    /// `option-value`.
    pub fn check(&self, key: &str) -> Result<()> {
        match (Setting::find(key), self.values.get(key)) {
            (Some(setting), Some(value)) => check(setting, value),
            _ => Ok(()),
        }
    }

    /// RESET of one key.
    pub fn reset(&mut self, key: &str) {
        self.values.remove(key);
    }

    /// RESET of all.
    pub fn reset_all(&mut self) {
        self.values.clear();
    }

    /// What was set, by key, and the mode in any case, as in Flink.
    pub fn list(&self) -> OptionList {
        const MODE: (&str, &str) = ("execution.runtime-mode", "STREAMING");
        let mut all = BTreeMap::from([(MODE.0.to_owned(), MODE.1.to_owned())]);
        all.extend(self.values.clone());
        all.into_iter().collect()
    }

    /// The value in force: what was set, or the default; `None` if there is neither.
    pub fn get(&self, key: &str) -> Option<&str> {
        let set = self.values.get(key).map(String::as_str);
        set.or_else(|| Setting::find(key).and_then(|s| s.default))
    }

    /// `execution.runtime-mode`.
    pub fn mode(&self) -> RuntimeMode {
        match self.get("execution.runtime-mode") {
            Some(mode) if mode.eq_ignore_ascii_case("batch") => RuntimeMode::Batch,
            _ => RuntimeMode::Streaming,
        }
    }

    /// `parallelism.default`.
    pub fn parallelism(&self) -> u32 {
        self.number("parallelism.default").unwrap_or(1).max(1)
    }

    /// `pipeline.max-parallelism`: how many key groups there are.
    pub fn max_parallelism(&self) -> u16 {
        const KEY_GROUPS: u16 = 128;
        self.number("pipeline.max-parallelism").filter(|n| *n > 0).unwrap_or(KEY_GROUPS)
    }

    /// `pipeline.name`, if it was set.
    pub fn job_name(&self) -> Option<&str> {
        self.get("pipeline.name")
    }

    /// `pipeline.operator-chaining`.
    pub fn chaining(&self) -> bool {
        self.flag("pipeline.operator-chaining")
    }

    /// `pipeline.auto-watermark-interval`.
    pub fn auto_watermark_interval(&self) -> LabDuration {
        self.duration("pipeline.auto-watermark-interval").unwrap_or(LabDuration::ZERO)
    }

    /// Whether `table.sql-dialect` is Flink's own.
    ///
    /// # Errors
    /// `option-value`: no other dialect is read here.
    pub fn check_dialect(&self) -> Result<()> {
        self.check("table.sql-dialect")
    }

    /// `table.exec.state.ttl`; zero keeps state for ever.
    pub fn state_ttl(&self) -> LabDuration {
        self.duration("table.exec.state.ttl").unwrap_or(LabDuration::ZERO)
    }

    /// `table.exec.mini-batch.enabled` with its latency and size.
    ///
    /// # Errors
    /// `mini-batch-latency`, `mini-batch-size`: enabled, but one of them is not set.
    pub fn mini_batch(&self) -> Result<Option<MiniBatch>> {
        if !self.flag("table.exec.mini-batch.enabled") {
            return Ok(None);
        }
        let latency = self.duration("table.exec.mini-batch.allow-latency");
        let latency =
            latency.filter(|d| d.0 > 0).ok_or_else(|| Error::new("mini-batch-latency"))?;
        let size = self.number("table.exec.mini-batch.size").filter(|n: &usize| *n > 0);
        let size = size.ok_or_else(|| Error::new("mini-batch-size"))?;
        Ok(Some(MiniBatch { latency, size }))
    }

    /// `table.optimizer.agg-phase-strategy`.
    pub fn phases(&self) -> AggregatePhases {
        match self.get("table.optimizer.agg-phase-strategy").map(str::trim) {
            Some(strategy) if strategy.eq_ignore_ascii_case("ONE_PHASE") => AggregatePhases::One,
            Some(strategy) if strategy.eq_ignore_ascii_case("TWO_PHASE") => AggregatePhases::Two,
            _ => AggregatePhases::Auto,
        }
    }

    /// `table.exec.sink.upsert-materialize`.
    pub fn materialize(&self) -> Materialize {
        match self.get("table.exec.sink.upsert-materialize").map(str::trim) {
            Some(when) if when.eq_ignore_ascii_case("NONE") => Materialize::Never,
            Some(when) if when.eq_ignore_ascii_case("FORCE") => Materialize::Always,
            _ => Materialize::Auto,
        }
    }

    /// `table.optimizer.distinct-agg.split.bucket-num`, if `..split.enabled`.
    pub fn split_distinct(&self) -> Option<i32> {
        let is_split = self.flag("table.optimizer.distinct-agg.split.enabled");
        let buckets = self.number("table.optimizer.distinct-agg.split.bucket-num");
        buckets.filter(|buckets| is_split && *buckets != 0)
    }

    /// `table.optimizer.incremental-agg-enabled`.
    pub fn incremental(&self) -> bool {
        self.flag("table.optimizer.incremental-agg-enabled")
    }

    /// `table.optimizer.multiple-input-enabled`.
    pub fn multiple_input(&self) -> bool {
        self.flag("table.optimizer.multiple-input-enabled")
    }

    /// Which equal parts of a plan become one.
    pub fn reuse(&self) -> Reuse {
        let [parts, sources] = ["sub-plan", "source"]
            .map(|what| self.flag(&format!("table.optimizer.reuse-{what}-enabled")));
        match (parts, sources) {
            (false, _) => Reuse::Nothing,
            (true, false) => Reuse::NoSources,
            (true, true) => Reuse::Everything,
        }
    }

    /// Whether windows are to answer before or after their end: `table.exec.emit.early-fire.enabled` and
    /// `table.exec.emit.late-fire.enabled`.
    pub fn fires_early_or_late(&self) -> bool {
        self.fires("early") || self.fires("late")
    }

    /// Whether windows answer `early` or `late`.
    pub fn fires(&self, when: &str) -> bool {
        self.flag(&format!("table.exec.emit.{when}-fire.enabled"))
    }

    /// How far apart the answers are that are `early` or `late`, if there are any.
    ///
    /// # Errors
    /// `window-emit-delay`: they are asked for, but not how far apart.
    pub fn fire_delay(&self, when: &str) -> Result<Option<LabDuration>> {
        if !self.fires(when) {
            return Ok(None);
        }
        let key = format!("table.exec.emit.{when}-fire.delay");
        let missing = || Error::new("window-emit-delay").arg("key", &key).arg("when", when);
        self.duration(&key).map(Some).ok_or_else(missing)
    }

    /// `table.exec.emit.allow-lateness`; counts where windows answer late.
    pub fn allowed_lateness(&self) -> LabDuration {
        match self.fires("late") {
            true => self.duration("table.exec.emit.allow-lateness").unwrap_or(LabDuration::ZERO),
            false => LabDuration::ZERO,
        }
    }

    /// `table.exec.source.idle-timeout`; zero: no source is ever idle.
    pub fn idle_timeout(&self) -> LabDuration {
        self.duration("table.exec.source.idle-timeout").unwrap_or(LabDuration::ZERO)
    }

    /// `execution.checkpointing.interval`; `None`: no checkpoints.
    pub fn checkpoint_interval(&self) -> Option<LabDuration> {
        self.duration("execution.checkpointing.interval").filter(|d| d.0 > 0)
    }

    /// `restart-strategy.type` and its settings. Without checkpoints the default is none; with them
    /// it is a fixed delay without end, as in Flink.
    pub fn restart_strategy(&self) -> RestartStrategy {
        let strategy = self.get("restart-strategy.type").or_else(|| self.get("restart-strategy"));
        let delay = self.duration("restart-strategy.fixed-delay.delay");
        let delay = delay.unwrap_or(LabDuration::seconds(1));
        let set = self.values.contains_key("restart-strategy.fixed-delay.attempts");
        let attempts = self.number("restart-strategy.fixed-delay.attempts");
        match strategy.map(str::to_ascii_lowercase).as_deref() {
            Some("none" | "off" | "disable") => RestartStrategy::None,
            None if self.checkpoint_interval().is_none() => RestartStrategy::None,
            None if !set => RestartStrategy::FixedDelay { attempts: u32::MAX, delay },
            _ => RestartStrategy::FixedDelay { attempts: attempts.unwrap_or(1), delay },
        }
    }

    /// `sql-client.execution.result-mode`, in lower case: `table`, `changelog` or `tableau`.
    pub fn result_mode(&self) -> String {
        self.get("sql-client.execution.result-mode").unwrap_or("table").to_ascii_lowercase()
    }

    /// `sql-client.execution.max-table-result.rows`.
    pub fn max_result_rows(&self) -> usize {
        const MOST: usize = 1_000_000;
        self.number("sql-client.execution.max-table-result.rows").unwrap_or(MOST)
    }

    /// `table.display.max-column-width` (or the older `sql-client.display.max-column-width`).
    pub fn max_column_width(&self) -> usize {
        const WIDTH: usize = 30;
        let new = self.values.get("table.display.max-column-width");
        let old = self.values.get("sql-client.display.max-column-width");
        new.or(old).and_then(|v| v.trim().parse().ok()).unwrap_or(WIDTH)
    }

    /// `table.dml-sync`: whether an INSERT waits for its job to end.
    pub fn dml_sync(&self) -> bool {
        self.flag("table.dml-sync")
    }

    /// `table.exec.sink.not-null-enforcer`: whether rows with a NULL too many are dropped rather
    /// than fail the job.
    pub fn drops_null_violations(&self) -> bool {
        let value = self.get("table.exec.sink.not-null-enforcer");
        value.is_some_and(|v| v.eq_ignore_ascii_case("drop"))
    }

    /// `table.dynamic-table-options.enabled`: whether a hint may give a table other options.
    pub fn takes_option_hints(&self) -> bool {
        self.get("table.dynamic-table-options.enabled") != Some("false")
    }

    /// `table.local-time-zone`; `default` is that of the machine.
    pub fn time_zone(&self) -> &str {
        self.get("table.local-time-zone").unwrap_or("default")
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|v| v.trim().eq_ignore_ascii_case("true"))
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.trim().parse().ok()
    }

    fn duration(&self, key: &str) -> Option<LabDuration> {
        crate::connectors::options::duration(self.get(key)?)
    }
}

fn check(setting: &Setting, value: &str) -> Result<()> {
    let wrong = || {
        let error = Error::new("option-value").arg("name", setting.key).arg("value", value);
        error.arg("expected", setting.kind.name())
    };
    if let OptionType::Choice(words) = setting.kind {
        let known = words.iter().any(|w| w.eq_ignore_ascii_case(value.trim()));
        return match known {
            true => Ok(()),
            false => Err(wrong()),
        };
    }
    let one = Options::from_iter([(setting.key, value)]);
    match setting.kind {
        // One below zero asks for what the cluster has.
        OptionType::Integer if setting.key == "parallelism.default" => {
            let parallelism = one.integer(setting.key)?;
            let fits = parallelism.is_none_or(|n| n == -1 || n > 0);
            fits.then_some(()).ok_or_else(wrong)
        }
        OptionType::Boolean => one.flag(setting.key).map(|_| ()),
        OptionType::Integer => one.integer(setting.key).map(|_| ()),
        OptionType::Number => one.number(setting.key).map(|_| ()),
        OptionType::Duration => one.duration(setting.key).map(|_| ()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, RestartStrategy};
    use crate::base::{LabDuration, RuntimeMode};

    #[test]
    fn known_keys_are_checked_and_unknown_ones_kept() {
        let mut config = Config::default();
        assert_eq!(config.set("execution.runtime-mode", "BATCH"), Ok(None));
        assert_eq!(config.mode(), RuntimeMode::Batch);
        let refused = config.set("execution.runtime-mode", "turbo").expect_err("no such mode");
        assert_eq!(refused.code(), "option-value");
        assert_eq!(config.mode(), RuntimeMode::Batch, "a refused value changes nothing");
        assert_eq!(
            config.set("table.dml-sync", "talvez").map_err(|e| e.code()),
            Err("option-value")
        );
        let late = config.set("parallelism.default", "0").expect("kept").expect("warned");
        assert_eq!(late.code(), "option-value");
        assert_eq!(config.check_job().map_err(|e| e.code()), Err("option-value"));
        config.reset("parallelism.default");
        assert_eq!(config.check_job(), Ok(()));
        let warning = config.set("paralelism.default", "2").expect("kept").expect("warned");
        assert_eq!(warning.get("nearest"), Some("parallelism.default"));
        assert_eq!(config.get("paralelism.default"), Some("2"));
        config.reset_all();
        assert_eq!(config.mode(), RuntimeMode::Streaming);
    }

    #[test]
    fn checkpoints_change_the_default_restart_strategy() {
        let mut config = Config::default();
        assert_eq!(config.restart_strategy(), RestartStrategy::None);
        config.set("execution.checkpointing.interval", "3 s").expect("set");
        let delay = LabDuration::seconds(1);
        let endless = RestartStrategy::FixedDelay { attempts: u32::MAX, delay };
        assert_eq!(config.restart_strategy(), endless);
        config.set("restart-strategy.type", "fixed-delay").expect("set");
        assert_eq!(config.restart_strategy(), RestartStrategy::FixedDelay { attempts: 1, delay });
    }
}
