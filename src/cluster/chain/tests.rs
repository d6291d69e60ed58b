//! Chains of two witnesses that write down what they are told.

use std::sync::{Mutex, PoisonError};

use super::*;
use crate::base::{JobId, SubtaskId, Watermark};
use crate::cluster::output::Outputs;
use crate::connectors::files::MemoryFiles;
use crate::data::{Barrier, Mark};
use crate::operators::SubtaskInfo;
use crate::operators::context::RecordIds;
use crate::trace::{Level, LoadMetrics, Tracer};

type Log = Arc<Mutex<Vec<String>>>;

/// Writes down what it is told, passes rows on, and owes `owes` portions after each batch.
struct Witness {
    name: &'static str,
    log: Log,
    owes: usize,
    owed: usize,
}

impl Witness {
    fn log(&self, what: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(format!("{} {what}", self.name));
    }
}

impl Operator for Witness {
    fn process(&mut self, input: usize, batch: Batch, context: &mut Context<'_>) -> Result<()> {
        self.log(&format!("input {input} rows {}", batch.len()));
        self.owed = self.owes;
        context.emit(batch);
        Ok(())
    }

    fn watermark(&mut self, watermark: Watermark, context: &mut Context<'_>) -> Result<()> {
        self.log(&format!("watermark {watermark}"));
        context.emit_watermark(watermark);
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        if self.owed == 0 {
            return Ok(Drain::Done);
        }
        self.owed -= 1;
        self.log("drain");
        context.emit(Batch::new(Vec::new(), 1));
        Ok(if self.owed == 0 { Drain::Done } else { Drain::More })
    }

    fn end_input(&mut self, input: usize, _: &mut Context<'_>) -> Result<()> {
        self.log(&format!("end {input}"));
        Ok(())
    }

    fn snapshot(&mut self, _: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.log("snapshot");
        Ok(OperatorSnapshot::default())
    }
}

/// Runs a chain of two witnesses, whose first owes `owes` portions, over these elements.
fn run(owes: usize, inputs: usize, elements: Vec<(usize, Element)>) -> (Chain, Vec<String>) {
    run_chain(false, owes, inputs, elements)
}

/// Runs `a -> b`, or `a -> (b -> b2, c)`.
fn run_chain(
    branches: bool,
    owes: usize,
    inputs: usize,
    elements: Vec<(usize, Element)>,
) -> (Chain, Vec<String>) {
    let log = Log::default();
    let witness = |name, owes| -> Box<dyn Operator> {
        Box::new(Witness { name, log: log.clone(), owes, owed: 0 })
    };
    let place =
        |id, operator, after| Place { id: OperatorId(id), operator, after, edges: Vec::new() };
    let mut places = vec![place(0, witness("a", owes), None), place(1, witness("b", 0), Some(0))];
    if branches {
        places.extend([place(2, witness("b2", 0), Some(1)), place(3, witness("c", 0), Some(0))]);
    }
    let mut chain = Chain::new(places, inputs, Vec::new());
    let id = SubtaskId::default();
    let mut s = Surroundings {
        now: LabTime(0),
        subtask: SubtaskInfo { id, parallelism: 1, max_parallelism: 128, seed: 0 },
        tracer: &mut Tracer::new(Level::Off),
        files: &MemoryFiles::default(),
        records: &mut RecordIds::new(1),
        metrics: &mut LoadMetrics::default(),
        external: &mut Vec::new(),
        outputs: &mut Outputs::new(JobId(1), Vec::new()),
        source_snapshot: &mut Vec::new(),
    };
    for (input, element) in elements {
        chain.push(input, element, &mut s).unwrap();
        chain.run(&mut s).unwrap();
        while chain.has_work() {
            chain.drain(&mut s).unwrap();
            chain.run(&mut s).unwrap();
        }
    }
    let log = log.lock().unwrap().clone();
    (chain, log)
}

fn rows(count: usize, marks: &[(usize, i64)]) -> Element {
    let mark = |(after, at): &(usize, i64)| Mark { after: *after, watermark: Watermark(*at) };
    let marks = marks.iter().map(mark).collect();
    Element::Batch(Batch::new(Vec::new(), count).with_marks(marks))
}

#[test]
fn a_batch_is_cut_at_its_marks_and_worked_off_run_by_run() {
    let (_, log) = run(0, 1, vec![(0, rows(5, &[(2, 10), (4, 20)]))]);
    let expected = [
        "a input 0 rows 2",
        "b input 0 rows 2",
        "a watermark 10",
        "b watermark 10",
        "a input 0 rows 2",
        "b input 0 rows 2",
        "a watermark 20",
        "b watermark 20",
        "a input 0 rows 1",
        "b input 0 rows 1",
    ];
    assert_eq!(log, expected);
}

#[test]
fn what_is_owed_comes_before_the_next_element() {
    let barrier = Element::Barrier(Barrier { checkpoint: CheckpointId(1) });
    let (mut chain, log) = run(2, 1, vec![(0, rows(1, &[])), (0, barrier)]);
    let expected = [
        "a input 0 rows 1",
        "a drain",
        "b input 0 rows 1",
        "b input 0 rows 1",
        "a drain",
        "b input 0 rows 1",
        "a snapshot",
        "b snapshot",
    ];
    assert_eq!(log, expected);
    let (checkpoint, snapshots) = chain.take_checkpoint().unwrap();
    assert_eq!((checkpoint, snapshots.len()), (CheckpointId(1), 2));
}

#[test]
fn the_end_passes_on_once_every_input_ended() {
    let ends = vec![(1, Element::End), (0, Element::End)];
    let (chain, log) = run(0, 2, ends);
    assert_eq!(log, ["a end 1", "a end 0", "b end 0"]);
    assert!(chain.has_ended());
}

#[test]
fn branches_are_worked_off_one_after_the_other_and_end_together() {
    let barrier = Element::Barrier(Barrier { checkpoint: CheckpointId(1) });
    let elements = vec![(0, rows(1, &[])), (0, barrier), (0, Element::End)];
    let (mut chain, log) = run_chain(true, 0, 1, elements);
    let of = |what: &str| ["a", "b", "b2", "c"].map(|name| format!("{name} {what}"));
    let expected = ["input 0 rows 1", "snapshot", "end 0"].map(of).concat();
    assert_eq!(log, expected);
    assert!(chain.has_ended());
    let (checkpoint, snapshots) = chain.take_checkpoint().unwrap();
    assert_eq!((checkpoint, snapshots.len()), (CheckpointId(1), 4));
}
