//! The model over the trace of a real run: what it shows, and that it can go back to any moment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, LazyLock};

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

use riacho::base::{LabDuration, LabTime, TaskManagerId};
use riacho::cluster::JobSettings;
use riacho::connectors::files::MemoryFiles;
use riacho::datastream::programs::scoreboard;
use riacho::graph::JobGraph;
use riacho::model::{
    Hasher, KeyPath, MarkKind, Model, Place, Record, Recording, Subtask, Verdict, why,
};
use riacho::runtime::api::LabOptions;
use riacho::runtime::engine::{Budget, Engine};
use riacho::trace::{Event, JobState};

/// The scoreboard on the step driver with every record visible, until it has ended.
fn run(disturb: impl FnOnce(&mut Engine)) -> Vec<Event> {
    let options = LabOptions { start: Some(LabTime(0)), ..LabOptions::lesson() };
    let mut engine = Engine::new(options, Arc::new(MemoryFiles::default())).unwrap();
    let graph = JobGraph::from_stream_graph(scoreboard::program(None, 10, false, 2)).unwrap();
    let interval = Some(LabDuration::seconds(1));
    let settings = JobSettings { checkpoint_interval: interval, ..JobSettings::default() };
    let job = engine.submit(graph, settings);
    disturb(&mut engine);
    engine.run_job(job, LabDuration::seconds(600));
    let mut events = Vec::new();
    engine.drain_events(&mut events);
    events
}

static TRACE: LazyLock<Vec<Event>> = LazyLock::new(|| run(|_| ()));

static DISTURBED: LazyLock<Vec<Event>> = LazyLock::new(|| {
    run(|engine| {
        let until = engine.now() + LabDuration::millis(3_500);
        engine.pump(Budget { until, ..Budget::FULL_SPEED });
        engine.kill_task_manager(TaskManagerId(2));
        engine.start_task_manager(TaskManagerId(2)).unwrap();
    })
});

fn fold(events: &[Event]) -> Model {
    let mut model = Model::default();
    events.iter().for_each(|event| model.apply(event));
    model
}

/// `a: Sum 14 Cnt 4` for every key of every subtask.
fn states(model: &Model) -> Vec<String> {
    let job = model.latest_job().unwrap();
    let entries = job.subtasks().flat_map(|s| s.states.values()).flat_map(|t| t.entries.values());
    let mut lines: Vec<_> = entries
        .map(|entry| {
            let values: Vec<_> =
                entry.values.iter().map(|f| format!("{} {}", f.name, f.text)).collect();
            format!("{}: {}", entry.key.text, values.join(" "))
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn the_scoreboard_ends_in_a_tie() {
    let model = fold(&TRACE);
    let job = model.latest_job().unwrap();
    assert_eq!(job.state, JobState::Finished);
    assert_eq!(states(&model), ["a: Sum 14 Cnt 4", "b: Sum 14 Cnt 6"]);
    assert_eq!(model.stdout.values().map(|lines| lines.len()).sum::<usize>(), 10);
    assert_eq!(job.channels.iter().map(|channel| channel.records).sum::<u64>(), 10);
    assert!(job.channels.iter().all(|channel| channel.items.is_empty()));
    let works = |subtask: &Subtask| subtask.metrics.busy > 0 && subtask.load.busy > 0.0;
    assert!(!job.vertices.iter().flatten().any(works), "what is over works no more");
    assert_eq!(why(&model, job.id).map(|why| why.verdict), Some(Verdict::Ended(10)));
}

#[test]
fn a_killed_task_manager_takes_its_state_along_and_a_checkpoint_brings_it_back() {
    let model = fold(&DISTURBED);
    let job = model.latest_job().unwrap();
    assert_eq!(job.state, JobState::Finished);
    assert!(job.attempt > 1, "the job was restarted");
    assert_eq!(states(&model), ["a: Sum 14 Cnt 4", "b: Sum 14 Cnt 6"]);
    let lost = |kind: &MarkKind| matches!(kind, MarkKind::TaskManagerLost(TaskManagerId(2)));
    assert!(model.timeline.iter().any(|mark| lost(&mark.kind)));
}

#[test]
fn a_record_has_a_passport_from_the_source_to_the_sink() {
    let model = fold(&TRACE);
    let job = model.latest_job().unwrap();
    let source = &job.vertices[0][0];
    let first = model.records.get(*source.recent.front().unwrap()).unwrap();
    assert_eq!(first.text(), "('a', 3)");
    let passport = model.passport(first.id).unwrap();
    let places: Vec<_> = passport.stamps.iter().map(|stamp| name(&stamp.hop.place)).collect();
    assert_eq!(passport.source_position, Some(0));
    for expected in ["emitted", "enqueued", "state", "output"] {
        assert!(places.contains(&expected), "{expected} in {places:?}");
    }
    let last = passport.stamps.last().unwrap().record;
    assert_eq!(model.passport(last).unwrap().origins, [first.id]);
}

fn name(place: &Place) -> &'static str {
    match place {
        Place::Emitted { .. } => "emitted",
        Place::Enqueued { .. } => "enqueued",
        Place::Taken { .. } => "taken",
        Place::State { .. } => "state",
        Place::Asked { .. } => "asked",
        Place::Output { .. } => "output",
        Place::Late { .. } => "late",
        Place::Lost { .. } => "lost",
    }
}

#[test]
fn the_arithmetic_of_a_key_is_javas() {
    let model = fold(&TRACE);
    let job = model.latest_job().unwrap();
    let owner = job.subtasks().find(|s| s.states.values().any(|t| t.entries.contains_key("a")));
    let owner = owner.unwrap();
    let entry = owner.states.values().find_map(|table| table.entries.get("a")).unwrap();
    let path = KeyPath::new(job, owner.id.vertex, &entry.key_values, entry.key_group).unwrap();
    assert_eq!((path.hasher, path.hash, path.mixed), (Hasher::Java, 97, 1_455_541_201));
    assert_eq!((path.key_group, path.subtask), (81, owner.id.index));
}

#[test]
fn the_mark_of_a_record_is_its_number_and_its_colour_its_key() {
    let model = fold(&TRACE);
    let source = &model.latest_job().unwrap().vertices[0][0];
    let look = |record: &Record| {
        let key = record.key.as_ref().map(|key| key.color);
        (record.mark().to_owned(), key)
    };
    let looks: Vec<_> =
        source.recent.iter().filter_map(|id| model.records.get(*id)).map(look).take(3).collect();
    assert_eq!(looks, [("3".into(), Some(0)), ("2".into(), Some(1)), ("2".into(), Some(1))]);
}

fn recording(events: &[Event]) -> Recording {
    let mut recording = Recording::default();
    events.iter().for_each(|event| recording.push(event.clone()));
    recording
}

static RECORDING: LazyLock<Recording> = LazyLock::new(|| recording(&DISTURBED));

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Rule 6: a prefix and then the rest gives what the whole gives; and going back gives the prefix.
    #[test]
    fn a_prefix_and_then_the_rest_is_the_whole(cut in 0_usize..=100_000) {
        let events = &*DISTURBED;
        let cut = cut % (events.len() + 1);
        let prefix = fold(&events[..cut]);
        let mut model = RECORDING.seek(cut as u64);
        prop_assert_eq!(&model, &prefix);
        prop_assert_eq!(RECORDING.advance(&mut model, events.len() as u64), true);
        prop_assert_eq!(&model, RECORDING.live());
    }

    /// A moment in time is the model after the last event that is not later.
    #[test]
    fn a_moment_is_after_the_last_event_that_is_not_later(at in 0_i64..20_000_000) {
        let events = &*DISTURBED;
        let cut = events.partition_point(|event| event.at <= LabTime(at));
        prop_assert_eq!(RECORDING.sequence_at(LabTime(at)), cut as u64);
    }
}
