//! The frame function under load: 500 moving records among 40 subtasks on a stage of 1440x900, the
//! inspector and the timeline beside it. Building the shapes and turning them into triangles counts;
//! filling pixels does not.
//!
//! Prints the median and the 99th percentile of a frame in milliseconds. The goal is 4 ms at p99.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench reports and may give up")]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock on the wall")]

use std::sync::Arc;
use std::time::Instant;

use egui::{Context, Pos2, RawInput, Rect, pos2, vec2};

use riacho::base::{
    ChannelId, JobId, LabTime, OperatorId, RecordId, SlotId, SubtaskId, TaskManagerId, VertexId,
};
use riacho::data::{DataType, Field, LogicalType, Row, Schema, rows_to_batch};
use riacho::gui::inspector::{self, InspectorState};
use riacho::gui::settings::Settings;
use riacho::gui::stage::{self, StageState};
use riacho::gui::theme::{Theme, style};
use riacho::gui::timeline::{self, TimelineState};
use riacho::gui::view::{Clock, Selection, View};
use riacho::gui::widgets::panel;
use riacho::i18n::Language;
use riacho::model::Recording;
use riacho::trace::event::{EdgeShape, GraphShape, OperatorShape, PartitionerShape, VertexShape};
use riacho::trace::{Causes, Event, EventKind, ExecutionState, JobState};

const SIDE: u32 = 20;
const RECORDS: u64 = 500;
const WARM_UP: usize = 60;
const FRAMES: usize = 600;
/// Records that are taken, and sent anew, in a frame.
const MOVES: u64 = 12;

fn main() {
    let context = Context::default();
    style::install(&context);
    let mut lab = Lab::new();
    let mut panels = (StageState::default(), InspectorState::default(), TimelineState::default());
    let mut millis = Vec::with_capacity(FRAMES);
    for frame in 0..WARM_UP + FRAMES {
        lab.advance();
        let begin = Instant::now();
        let triangles = lab.frame(&context, &mut panels, frame as f64 / 60.0);
        let spent = begin.elapsed().as_secs_f64() * 1e3;
        assert!(triangles > 0, "nothing was drawn");
        if frame >= WARM_UP {
            millis.push(spent);
        }
    }
    millis.sort_by(f64::total_cmp);
    let share = |part: f64| millis[((millis.len() - 1) as f64 * part) as usize];
    println!(
        "frame: p50 {:.2} ms, p99 {:.2} ms ({RECORDS} records, {} subtasks)",
        share(0.5),
        share(0.99),
        2 * SIDE
    );
}

/// A run that never ends: every frame some records arrive and others set out.
struct Lab {
    recording: Recording,
    settings: Settings,
    sequence: u64,
    now: i64,
    oldest: u64,
    newest: u64,
}

const JOB: JobId = JobId(7);

impl Lab {
    fn new() -> Self {
        let settings = Settings::default();
        let mut lab = Self {
            recording: Recording::default(),
            settings,
            sequence: 0,
            now: 0,
            oldest: 1,
            newest: 0,
        };
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
        lab
    }

    fn push(&mut self, kind: EventKind) {
        self.recording.push(Event { sequence: self.sequence, at: LabTime(self.now), kind });
        self.sequence += 1;
    }

    fn advance(&mut self) {
        self.now += 16_667;
        for _ in 0..MOVES {
            self.take();
            self.send();
        }
    }

    fn send(&mut self) {
        self.newest += 1;
        let number = self.newest;
        let field = |name: &str, logical| Field::new(name, DataType::nullable(logical));
        let schema =
            Schema::new(vec![field("k", LogicalType::STRING), field("v", LogicalType::Int)]);
        let key = ["a", "b", "c", "d", "e"][number as usize % 5];
        let value = riacho::data::Value::Int((number % 100) as i32);
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

    fn frame(
        &self,
        context: &Context,
        (stage, inspector, timeline): &mut (StageState, InspectorState, TimelineState),
        time: f64,
    ) -> usize {
        let model = self.recording.live();
        let (theme, now) = (Theme::get(true), model.now);
        let clock = Clock {
            shown: now,
            start: model.start.unwrap_or_default(),
            live: now,
            playing: true,
            at_live: true,
            speed: 1.0,
        };
        let view = View {
            model,
            recording: &self.recording,
            theme,
            language: Language::PtBr,
            clock,
            selection: Selection::default(),
            job: Some(JOB),
            compact: false,
            reduced_motion: false,
            settings: &self.settings,
        };
        let window = Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0));
        let input = RawInput { screen_rect: Some(window), time: Some(time), ..RawInput::default() };
        let mut actions = Vec::new();
        let mut output = context.run_ui(input, |ui| {
            let place =
                |x: f32, y: f32, to: f32, down: f32| Rect::from_min_max(pos2(x, y), pos2(to, down));
            panel(ui, place(8.0, 48.0, 1112.0, 800.0), "stage", |ui| {
                stage::ui(ui, &view, stage, &mut actions);
            });
            panel(ui, place(1120.0, 48.0, 1432.0, 800.0), "inspector", |ui| {
                inspector::ui(ui, &view, inspector, &mut actions);
            });
            panel(ui, place(8.0, 808.0, 1432.0, 892.0), "transport", |ui| {
                timeline::ui(ui, &view, timeline, &mut actions);
            });
        });
        output.textures_delta.clear();
        context.tessellate(output.shapes, output.pixels_per_point).len()
    }
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
