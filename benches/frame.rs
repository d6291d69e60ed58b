//! The frame function under load: the whole window of 1440x900 with 500 moving records among 40
//! subtasks on the stage and a result of 10,000 rows. Taking the updates of the frame, building the
//! shapes and turning them into triangles count; filling pixels does not.
//!
//! Prints the median and the 99th percentile of a frame in milliseconds. The goal is 4 ms at p99.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench reports and may give up")]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock on the wall")]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use eframe::{App, Frame};
use egui::{Context, Pos2, RawInput, Rect, vec2};

use riacho::base::{
    ChannelId, JobId, LabTime, OperatorId, RecordId, SlotId, SubtaskId, TaskManagerId, VertexId,
};
use riacho::data::{DataType, Field, LogicalType, Row, RowKind, Schema, Value, rows_to_batch};
use riacho::graph::RuntimeMode;
use riacho::gui::app::LabApp;
use riacho::gui::link::LabPort;
use riacho::gui::settings::{Settings, Store};
use riacho::runtime::api::{Command, Outcome, QueryInfo, ResultColumn, ResultRow, Update};
use riacho::trace::event::{EdgeShape, GraphShape, OperatorShape, PartitionerShape, VertexShape};
use riacho::trace::{Causes, Event, EventKind, ExecutionState, JobState};

const SIDE: u32 = 20;
const RECORDS: u64 = 500;
const ROWS: u64 = 10_000;
const WARM_UP: usize = 60;
const FRAMES: usize = 600;
/// Records that are taken, and sent anew, in a frame.
const MOVES: u64 = 12;

fn main() {
    let context = Context::default();
    let updates = Rc::new(RefCell::new(VecDeque::new()));
    let port = Box::new(Port(updates.clone()));
    let mut app = LabApp::new(&context, port, Store::in_memory(), Settings::default());
    let mut lab = Lab::new(updates);
    let mut millis = Vec::with_capacity(FRAMES);
    for frame in 0..WARM_UP + FRAMES {
        lab.advance();
        let begin = Instant::now();
        let triangles = draw(&context, &mut app, frame as f64 / 60.0);
        let spent = begin.elapsed().as_secs_f64() * 1e3;
        assert!(triangles > 0, "nothing was drawn");
        if frame >= WARM_UP {
            millis.push(spent);
        }
    }
    let job = app.link().model().latest_job().expect("the job of the bench");
    let moving: usize = job.channels.iter().map(|channel| channel.items.len()).sum();
    assert_eq!(moving as u64, RECORDS, "records on their way");
    millis.sort_by(f64::total_cmp);
    let share = |part: f64| millis[((millis.len() - 1) as f64 * part) as usize];
    let (median, high) = (share(0.5), share(0.99));
    println!("frame: p50 {median:.2} ms, p99 {high:.2} ms");
}

/// One frame: updates taken, shapes built, triangles made.
fn draw(context: &Context, app: &mut LabApp, time: f64) -> usize {
    let window = Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0));
    let input = RawInput { screen_rect: Some(window), time: Some(time), ..RawInput::default() };
    let mut frame = Frame::_new_kittest();
    let mut output = context.run_ui(input, |ui| {
        app.logic(&ui.ctx().clone(), &mut frame);
        app.ui(ui, &mut frame);
    });
    output.textures_delta.clear();
    context.tessellate(output.shapes, output.pixels_per_point).len()
}

/// The window's end of a lab that only tells.
struct Port(Rc<RefCell<VecDeque<Update>>>);

impl LabPort for Port {
    fn send(&mut self, _: Command) {}

    fn next(&mut self) -> Option<Update> {
        self.0.borrow_mut().pop_front()
    }
}

/// A run that never ends: every frame some records arrive and others set out.
struct Lab {
    updates: Rc<RefCell<VecDeque<Update>>>,
    events: Vec<Event>,
    sequence: u64,
    now: i64,
    oldest: u64,
    newest: u64,
}

const JOB: JobId = JobId(7);

impl Lab {
    fn new(updates: Rc<RefCell<VecDeque<Update>>>) -> Self {
        let mut lab =
            Self { updates, events: Vec::new(), sequence: 0, now: 0, oldest: 1, newest: 0 };
        let graph = Arc::new(graph());
        lab.push(EventKind::TaskManagerRegistered { task_manager: TaskManagerId(1), slots: SIDE });
        lab.push(EventKind::JobSubmitted { job: JOB, name: "bench".into(), graph });
        for (vertex, index) in (0..2).flat_map(|vertex| (0..SIDE).map(move |index| (vertex, index)))
        {
            let subtask = subtask(vertex, index);
            let slot = SlotId { task_manager: TaskManagerId(1), index };
            lab.push(EventKind::SlotAllocated { subtask, slot, attempt: 1 });
            let state = ExecutionState::Running;
            lab.push(EventKind::TaskStateChanged { subtask, state, cause: None });
        }
        lab.push(EventKind::JobStateChanged { job: JOB, state: JobState::Running, cause: None });
        for _ in 0..RECORDS {
            lab.send();
        }
        lab.tell(Update::Statement { id: 0, outcome: Ok(Outcome::Query(query())) });
        lab.tell(Update::Rows { job: JOB, first: 0, rows: (0..ROWS).map(result_row).collect() });
        lab
    }

    fn tell(&self, update: Update) {
        self.updates.borrow_mut().push_back(update);
    }

    fn push(&mut self, kind: EventKind) {
        self.events.push(Event { sequence: self.sequence, at: LabTime(self.now), kind });
        self.sequence += 1;
    }

    fn advance(&mut self) {
        self.now += 16_667;
        for _ in 0..MOVES {
            self.take();
            self.send();
        }
        let events = std::mem::take(&mut self.events);
        self.tell(Update::Events(events));
        self.tell(Update::Clock { now: LabTime(self.now), playing: true });
    }

    fn send(&mut self) {
        self.newest += 1;
        let number = self.newest;
        let field = |name: &str, logical| Field::new(name, DataType::nullable(logical));
        let schema =
            Schema::new(vec![field("k", LogicalType::STRING), field("v", LogicalType::Int)]);
        let key = ["a", "b", "c", "d", "e"][number as usize % 5];
        let value = Value::Int((number % 100) as i32);
        let row = Row::insert(vec![key.into(), value]);
        let batch = rows_to_batch(&schema, &[row]).expect("a row of the schema");
        let ids: Arc<[RecordId]> = Arc::new([RecordId::new(1, number)]);
        let batch = batch.with_ids(Some(ids));
        let subtask = subtask(0, (number % u64::from(SIDE)) as u32);
        let causes = Causes::Source { position: number };
        let operator = OperatorId(0);
        self.push(EventKind::RecordsEmitted { subtask, operator, batch: batch.clone(), causes });
        self.push(EventKind::RecordsEnqueued { job: JOB, channel: channel(number), batch });
    }

    fn take(&mut self) {
        let ids: Arc<[RecordId]> = Arc::new([RecordId::new(1, self.oldest)]);
        self.push(EventKind::RecordsTaken { job: JOB, channel: channel(self.oldest), ids });
        self.oldest += 1;
    }
}

fn query() -> QueryInfo {
    let column = |name: &str, numeric| ResultColumn {
        name: name.into(),
        data_type: if numeric { "INT".into() } else { "STRING".into() },
        display_width: 20,
        numeric,
    };
    let columns = vec![column("k", false), column("v", true), column("total", true)];
    QueryInfo { job: JOB, columns, mode: RuntimeMode::Streaming, key_columns: vec![0] }
}

fn result_row(number: u64) -> ResultRow {
    let key = ["a", "b", "c", "d", "e"][number as usize % 5];
    let cells = [key.to_owned(), number.to_string(), (number * 7).to_string()];
    ResultRow { kind: RowKind::Insert, cells: cells.into(), record: RecordId::default() }
}

fn channel(number: u64) -> ChannelId {
    let (sender, receiver) = (number % u64::from(SIDE), number * 7 / 3 % u64::from(SIDE));
    ChannelId((sender * u64::from(SIDE) + receiver) as u32)
}

fn subtask(vertex: u32, index: u32) -> SubtaskId {
    SubtaskId { job: JOB, vertex: VertexId(vertex), index }
}

fn graph() -> GraphShape {
    let operator = |id: u32, kind: &str, keyed_state| OperatorShape {
        id: OperatorId(id),
        after: None,
        kind: kind.into(),
        name: kind.to_lowercase(),
        columns: vec!["k".into(), "v".into()],
        key_columns: vec![0],
        keyed_state,
    };
    let vertex = |operator: OperatorShape| VertexShape {
        name: operator.kind.clone(),
        parallelism: SIDE,
        operators: vec![operator],
    };
    let pairs = (0..SIDE).flat_map(|sender| (0..SIDE).map(move |receiver| (sender, receiver)));
    let channels = (0..).map(ChannelId).zip(pairs).map(|(id, (s, r))| (id, s, r)).collect();
    let partitioner = PartitionerShape::Hash("k".into());
    let edge = EdgeShape { from: 0, to: 1, input: 0, partitioner, capacity: 64, channels };
    let vertices =
        vec![vertex(operator(0, "Source", false)), vertex(operator(1, "GroupAggregate", true))];
    GraphShape { vertices, edges: vec![edge], key_groups: 128 }
}
