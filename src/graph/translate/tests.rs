//! Job graphs of statements.

use super::*;
use crate::graph::JobGraph;
use crate::plan::tests::plan;

fn options(parallelism: u32) -> JobOptions {
    JobOptions {
        state_ttl_millis: 0,
        mini_batch: None,
        name: "job".to_owned(),
        parallelism,
        max_parallelism: 128,
        chaining: true,
        auto_watermark_interval_millis: 200,
        drops_null_violations: false,
        zone: Zone::default(),
        now: LabTime(0),
    }
}

/// The job graph of a statement, without its channels.
fn graph(mode: &str, parallelism: u32, statement: &str) -> Result<String> {
    let graph = translate(&plan(mode, statement)?, &options(parallelism))?;
    let text = JobGraph::from_stream_graph(graph)?.to_string();
    Ok(text.lines().filter(|l| !l.starts_with(' ')).collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_keyed_job_has_two_tasks() -> Result<()> {
    let statement = "INSERT INTO printed SELECT k, COUNT(*) FROM clicks GROUP BY k";
    insta::assert_snapshot!(graph("streaming", 2, statement)?, @r#"
    job: streaming, 128 key groups
    v0 Source: clicks[1] -> WatermarkAssigner[2] -> Calc[3] x2
    v1 GroupAggregate[5] -> Sink: printed[6] x2
    v0 -> v1 HASH(k)
    "#);
    Ok(())
}

#[test]
fn what_needs_all_rows_runs_once() -> Result<()> {
    insta::assert_snapshot!(graph("streaming", 2, "SELECT COUNT(*) FROM endless")?, @r#"
    job: streaming, 128 key groups
    v0 Source: endless[1] -> Calc[2] x2
    v1 GroupAggregate[4] -> Sink: Collect table sink x1
    v0 -> v1 GLOBAL
    "#);
    insta::assert_snapshot!(graph("batch", 2, "SELECT k FROM clicks ORDER BY v")?, @r#"
    job: batch, 128 key groups
    v0 Source: clicks[1] x2
    v1 Sort[3] -> Calc[4] -> Sink: Collect table sink x1
    v0 -> v1 GLOBAL
    "#);
    insta::assert_snapshot!(graph("streaming", 1, "SELECT x + 1 FROM (VALUES (1), (2)) AS t(x) WHERE x > 1")?, @r#"
    job: streaming, 128 key groups
    v0 Source: Values[1] -> Calc[2] -> Sink: Collect table sink x1
    "#);
    Ok(())
}

#[test]
fn a_union_is_edges() -> Result<()> {
    let statement = "SELECT k FROM endless UNION ALL SELECT v FROM endless";
    insta::assert_snapshot!(graph("streaming", 1, statement)?, @r#"
    job: streaming, 128 key groups
    v0 Source: endless[1] -> (Calc[2], Calc[3]) x1
    v1 Sink: Collect table sink x1
    v0 -> v1 FORWARD
    v0 -> v1 FORWARD
    "#);
    Ok(())
}

#[test]
fn the_key_colours_records_from_source_to_sink() -> Result<()> {
    let statement = "SELECT k, SUM(v) FROM endless WHERE v > 0 GROUP BY k";
    let graph = translate(&plan("streaming", statement)?, &options(2))?;
    let keys: Vec<_> = graph.nodes.iter().map(|n| (n.name.as_str(), &*n.key_columns)).collect();
    insta::assert_debug_snapshot!(keys, @r#"
    [
        (
            "endless[1]",
            [
                0,
            ],
        ),
        (
            "Calc[2]",
            [
                0,
            ],
        ),
        (
            "GroupAggregate[4]",
            [
                0,
            ],
        ),
        (
            "Collect table sink",
            [
                0,
            ],
        ),
    ]
    "#);
    Ok(())
}
