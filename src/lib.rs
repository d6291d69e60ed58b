//! Riacho, a lab for Apache Flink®: see one record travel.
//!
//! # The way of a record
//!
//! ```text
//! text --sql--> statement --bind--> logical plan --plan--> physical plan --graph--> job graph
//!      --graph--> execution graph --cluster--> subtasks in slots --operators--> connectors
//!                                          |                        |
//!                                          +--trace--> model        +--collect--> result store
//!                                                        \              /
//!                                                     gui, cli, lessons
//! ```
//!
//! One way only. What travels backwards is a command (run, cancel, pause, step, kill a TaskManager),
//! through one channel.
//!
//! # The house
//!
//! | Folder | What lives there |
//! |---|---|
//! | [`base`] | ids, time, seeded randomness, spans, errors |
//! | [`data`] | Flink types and Arrow columns, rows, batches, keys and key groups, printing |
//! | [`expr`] | typed expressions, functions, aggregates |
//! | [`state`] | keyed state by key group, timers, snapshots |
//! | [`trace`] | the typed events of a run |
//! | [`connectors`] | sources, sinks, formats, files |
//! | [`operators`] | one operator a file, and their test harness |
//! | [`sql`] | Flink's dialect: statements, catalog, binder, diagnostics, completion |
//! | [`plan`] | logical plan, rules, changelog modes, physical plan, EXPLAIN |
//! | [`graph`] | stream graph, chaining, job graph, execution graph |
//! | [`datastream`] | the DataStream API and the built-in programs |
//! | [`cluster`] | JobManager, TaskManagers, slots, channels, tasks, checkpoints, failover |
//! | [`runtime`] | clocks, drivers, time control, the session |
//! | [`model`] | what a person looks at: a fold over the trace |
//! | [`lessons`] | lessons: load, check, progress |
//! | [`i18n`] | the words, in pt-BR and English |
//! | [`cli`], `gui` | the doors |
//!
//! # Rules
//!
//! 1. The engine (`base` to `runtime`) knows nothing of `model`, `lessons`, `i18n`, `cli`, `gui`.
//! 2. Wall clocks, sleeps and threads live in `runtime` alone; chance comes from [`base::random`].
//! 3. A step never blocks. Data channels are bounded; commands never queue behind data.
//! 4. On the step driver, same job, seed, commands and inputs give the same trace, event by event.
//! 5. Results do not depend on the schedule, the batch size or the driver.
//! 6. `model` is a fold: a prefix and then the rest gives what the whole gives.
//! 7. `sqlparser` types stay in `sql`; Arrow arrays do not enter `gui`.
//! 8. An operator that fails or panics fails its job, never the program.

/// For everything that is built on the library: binary, tests and benches measure the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod base;
pub mod cli;
pub mod cluster;
pub mod connectors;
pub mod data;
pub mod datastream;
pub mod expr;
pub mod graph;
#[cfg(feature = "gui")]
pub mod gui;
pub mod i18n;
pub mod lessons;
pub mod model;
pub mod operators;
pub mod plan;
pub mod runtime;
pub mod sql;
pub mod state;
pub mod trace;
