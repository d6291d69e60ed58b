//! A lab without a thread or a clock: a test says how far it goes.
//!
//! Programs run on the real engine. Statements get answers that are written down here, so that a
//! picture does not change when the planner does; `tests/conformance.rs` holds the real answers.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use riacho::base::{Error, JobId, LabDuration, LabTime, Location, RecordId, Span};
use riacho::cluster::JobSettings;
use riacho::connectors::files::MemoryFiles;
use riacho::data::RowKind;
use riacho::datastream::programs::{scoreboard, wordcount};
use riacho::graph::{JobGraph, RuntimeMode};
use riacho::gui::link::LabPort;
use riacho::runtime::api::{
    Command, LabOptions, Outcome, Program, QueryInfo, ResultColumn, ResultRow, Update,
};
use riacho::runtime::engine::{Budget, Engine};

/// The lab as both ends share it.
#[derive(Clone)]
pub struct SteppedLab(Rc<RefCell<Inner>>);

struct Inner {
    engine: Engine,
    updates: VecDeque<Update>,
    playing: bool,
}

impl SteppedLab {
    /// Two TaskManagers of two slots, at the beginning of time.
    pub fn new() -> Self {
        let options = LabOptions { start: Some(LabTime(0)), ..LabOptions::lesson() };
        let engine = Engine::new(options, Arc::new(MemoryFiles::default())).unwrap();
        let mut inner = Inner { engine, updates: VecDeque::new(), playing: true };
        inner.tell();
        Self(Rc::new(RefCell::new(inner)))
    }

    /// Lets lab time go on, if it is not paused.
    pub fn go(&self, by: LabDuration) {
        let mut inner = self.0.borrow_mut();
        if inner.playing {
            let until = inner.engine.now() + by;
            inner.engine.pump(Budget { until, steps: 100_000, ..Budget::FULL_SPEED });
        }
        inner.tell();
    }

    /// Whether time goes on.
    pub fn playing(&self) -> bool {
        self.0.borrow().playing
    }
}

impl Inner {
    fn tell(&mut self) {
        let mut events = Vec::new();
        self.engine.drain_events(&mut events);
        self.updates.push_back(Update::Events(events));
        let (now, playing) = (self.engine.now(), self.playing);
        self.updates.push_back(Update::Clock { now, playing });
    }

    fn run(&mut self, id: u64, program: &Program, parallelism: u32) {
        let graph = match program {
            Program::Scoreboard { answers, exam_ends_at, open } => {
                scoreboard::program(answers.as_deref(), *exam_ends_at, *open, parallelism)
            }
            Program::WordCount => wordcount::program(parallelism),
        };
        let graph = JobGraph::from_stream_graph(graph).unwrap();
        let job = self.engine.submit(graph, JobSettings::default());
        self.updates.push_back(Update::Statement { id, outcome: Ok(Outcome::Insert { job }) });
        self.tell();
    }

    fn answer(&mut self, id: u64, text: &str, at: Location) {
        let outcome = match text.find("salry") {
            Some(byte) => Err(unknown_column(text, byte, at)),
            None if text.contains("SELECT") => Ok(Outcome::Query(people())),
            None => Ok(Outcome::Done { warnings: Vec::new() }),
        };
        let query = matches!(outcome, Ok(Outcome::Query(_)));
        self.updates.push_back(Update::Statement { id, outcome });
        if query {
            self.updates.push_back(Update::Rows { job: people().job, first: 0, rows: changes() });
        }
    }
}

impl LabPort for SteppedLab {
    fn send(&mut self, command: Command) {
        let mut inner = self.0.borrow_mut();
        match command {
            Command::Execute { id, text, at } => inner.answer(id, &text, at),
            Command::RunProgram { id, program, parallelism } => inner.run(id, &program, parallelism),
            Command::Cancel(job) => inner.engine.cancel(job).unwrap(),
            Command::Feed { job, rows } => inner.engine.feed(job, &rows).unwrap(),
            Command::Play => inner.playing = true,
            Command::Pause => inner.playing = false,
            Command::StepRecord => {
                inner.playing = false;
                inner.engine.step_record();
            }
            Command::KillTaskManager(id) => inner.engine.kill_task_manager(id),
            Command::StartTaskManager(id) => inner.engine.start_task_manager(id).unwrap(),
            _ => {}
        }
        inner.tell();
    }

    fn next(&mut self) -> Option<Update> {
        self.0.borrow_mut().updates.pop_front()
    }
}

fn unknown_column(text: &str, byte: usize, at: Location) -> Error {
    let line = text[..byte].matches('\n').count() as u32;
    let start = text[..byte].rfind('\n').map_or(0, |end| end + 1);
    let first = if line == 0 { at.column } else { 1 };
    let column = first + text[start..byte].chars().count() as u32;
    let place = |column| Location { line: at.line + line, column };
    Error::new("unknown-column")
        .arg("name", "salry")
        .arg("nearest", "salary")
        .at(Span::new(place(column), place(column + 5)))
}

fn people() -> QueryInfo {
    let column = |name: &str, data_type: &str, numeric| ResultColumn {
        name: name.into(),
        data_type: data_type.into(),
        display_width: 20,
        numeric,
    };
    QueryInfo {
        job: JobId(0x2075_0000_0000_0000_0000_0000_0000_81f5),
        columns: vec![
            column("job", "STRING", false),
            column("avg_salary", "INT", true),
            column("nr", "BIGINT NOT NULL", true),
        ],
        mode: RuntimeMode::Streaming,
        key_columns: vec![0],
    }
}

fn changes() -> Vec<ResultRow> {
    use RowKind::{Delete, Insert, UpdateAfter, UpdateBefore};
    [
        (Insert, "Data Engineer", "90000", "1"),
        (Insert, "DevOps Engineer", "201000", "1"),
        (Insert, "UX Designer", "<NULL>", "1"),
        (UpdateBefore, "UX Designer", "<NULL>", "1"),
        (UpdateAfter, "UX Designer", "57000", "2"),
        (UpdateBefore, "Data Engineer", "90000", "1"),
        (UpdateAfter, "Data Engineer", "104500", "2"),
        (Delete, "UX Designer", "57000", "2"),
    ]
    .into_iter()
    .map(|(kind, job, salary, count)| ResultRow {
        kind,
        cells: Arc::new([job, salary, count].map(str::to_owned)),
        record: RecordId::default(),
    })
    .collect()
}
