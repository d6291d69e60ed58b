//! The keys that SET knows.

use crate::connectors::options::OptionType::{self, Boolean, Choice, Duration, Integer, Text};

/// A key and what its values look like.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The key.
    pub key: &'static str,
    /// What values look like.
    pub kind: OptionType,
    /// The value in force when none was set.
    pub default: Option<&'static str>,
}

/// Who reads a setting first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// SET itself.
    Set,
    /// Whatever runs.
    Job,
    /// What needs it: the state of an operator, the phases of an aggregate, the parser, nobody.
    Other,
}

impl Setting {
    const fn new(key: &'static str, kind: OptionType) -> Self {
        Self { key, kind, default: None }
    }

    const fn with(key: &'static str, kind: OptionType, default: &'static str) -> Self {
        Self { key, kind, default: Some(default) }
    }

    /// Who reads it first, and so meets a value that it does not take.
    pub(super) fn read_by(&self) -> Reader {
        match self.key {
            "execution.runtime-mode" | "table.dml-sync" => Reader::Set,
            "table.exec.state.ttl" | "table.optimizer.agg-phase-strategy" | "table.sql-dialect" => {
                Reader::Other
            }
            key if key.starts_with("sql-client.") => Reader::Other,
            _ => Reader::Job,
        }
    }

    /// The setting of that key.
    pub fn find(key: &str) -> Option<&'static Setting> {
        KEYS.iter().find(|s| s.key == key)
    }
}

/// All of them, sorted by key.
pub const KEYS: &[Setting] = &[
    Setting::new("execution.checkpointing.interval", Duration),
    Setting::with(
        "execution.checkpointing.mode",
        Choice(&["EXACTLY_ONCE", "AT_LEAST_ONCE"]),
        "EXACTLY_ONCE",
    ),
    Setting::with(
        "execution.runtime-mode",
        Choice(&["streaming", "batch", "automatic"]),
        "streaming",
    ),
    Setting::with("parallelism.default", Integer, "1"),
    Setting::with("pipeline.auto-watermark-interval", Duration, "200 ms"),
    Setting::new("pipeline.max-parallelism", Integer),
    Setting::new("pipeline.name", Text),
    Setting::with("pipeline.object-reuse", Boolean, "false"),
    Setting::with("pipeline.operator-chaining", Boolean, "true"),
    Setting::new(
        "restart-strategy",
        Choice(&[
            "none",
            "off",
            "disable",
            "fixed-delay",
            "fixeddelay",
            "exponential-delay",
            "failure-rate",
        ]),
    ),
    Setting::new("restart-strategy.fixed-delay.attempts", Integer),
    Setting::with("restart-strategy.fixed-delay.delay", Duration, "1 s"),
    Setting::new(
        "restart-strategy.type",
        Choice(&[
            "none",
            "off",
            "disable",
            "fixed-delay",
            "fixeddelay",
            "exponential-delay",
            "failure-rate",
        ]),
    ),
    Setting::with("sql-client.display.max-column-width", Integer, "30"),
    Setting::with("sql-client.execution.max-table-result.rows", Integer, "1000000"),
    Setting::with(
        "sql-client.execution.result-mode",
        Choice(&["table", "changelog", "tableau"]),
        "table",
    ),
    Setting::with("sql-client.verbose", Boolean, "false"),
    Setting::with("table.display.max-column-width", Integer, "30"),
    Setting::with("table.dml-sync", Boolean, "false"),
    Setting::new("table.dynamic-table-options.enabled", Boolean),
    Setting::new("table.exec.emit.allow-lateness", Duration),
    Setting::new("table.exec.emit.early-fire.delay", Duration),
    Setting::with("table.exec.emit.early-fire.enabled", Boolean, "false"),
    Setting::new("table.exec.emit.late-fire.delay", Duration),
    Setting::with("table.exec.emit.late-fire.enabled", Boolean, "false"),
    Setting::with("table.exec.mini-batch.allow-latency", Duration, "0 ms"),
    Setting::with("table.exec.mini-batch.enabled", Boolean, "false"),
    Setting::with("table.exec.mini-batch.size", Integer, "-1"),
    Setting::with("table.exec.sink.not-null-enforcer", Choice(&["ERROR", "DROP"]), "ERROR"),
    // An INSERT casts to the lengths of its sink in any case, as in Flink.
    Setting::with(
        "table.exec.sink.type-length-enforcer",
        Choice(&["IGNORE", "TRIM_PAD"]),
        "IGNORE",
    ),
    Setting::with("table.exec.sink.upsert-materialize", Choice(&["NONE", "AUTO", "FORCE"]), "AUTO"),
    Setting::with("table.exec.source.idle-timeout", Duration, "0 ms"),
    Setting::new("table.exec.spill-compression.block-size", Text),
    Setting::with("table.exec.spill-compression.enabled", Boolean, "true"),
    Setting::with("table.exec.state.ttl", Duration, "0 ms"),
    Setting::with("table.local-time-zone", Text, "default"),
    Setting::with(
        "table.optimizer.agg-phase-strategy",
        Choice(&["AUTO", "TWO_PHASE", "ONE_PHASE"]),
        "AUTO",
    ),
    Setting::with("table.optimizer.distinct-agg.split.bucket-num", Integer, "1024"),
    Setting::with("table.optimizer.distinct-agg.split.enabled", Boolean, "false"),
    Setting::with("table.optimizer.incremental-agg-enabled", Boolean, "true"),
    Setting::with("table.optimizer.join-reorder-enabled", Boolean, "false"),
    Setting::with("table.optimizer.multiple-input-enabled", Boolean, "true"),
    Setting::with("table.optimizer.reuse-source-enabled", Boolean, "true"),
    Setting::with("table.optimizer.reuse-sub-plan-enabled", Boolean, "true"),
    Setting::with("table.sql-dialect", Choice(&["default"]), "default"),
];

#[cfg(test)]
mod tests {
    use super::KEYS;

    #[test]
    fn keys_are_sorted() {
        assert!(KEYS.is_sorted_by_key(|s| s.key));
    }
}
