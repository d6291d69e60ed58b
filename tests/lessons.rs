//! Every lesson can be passed, is not passed by opening it, and goes the same way twice.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use tempfile::TempDir;

use riacho::base::{JobId, LabDuration, LabTime, Location, TaskManagerId};
use riacho::cluster::JobSettings;
use riacho::data::{Row, Value};
use riacho::datastream::programs::{scoreboard, wordcount};
use riacho::graph::JobGraph;
use riacho::lessons::{Action, Check, Facts, Lesson, LessonProgress, ProgramName, embedded};
use riacho::model::Model;
use riacho::runtime::api::{LabOptions, Outcome, PartsOptions};
use riacho::runtime::editor::split;
use riacho::runtime::engine::{Budget, Pumped};
use riacho::runtime::session::Session;

/// A student who does what the proof of a lesson says.
struct Student<'a> {
    lesson: &'a Lesson,
    session: Session,
    /// The student's files.
    _folder: TempDir,
    model: Model,
    progress: LessonProgress,
    playing: bool,
    job: Option<JobId>,
    /// Every event, as text.
    trace: Vec<String>,
}

impl<'a> Student<'a> {
    fn opens(lesson: &'a Lesson) -> Self {
        let folder = TempDir::new().unwrap();
        let options = LabOptions {
            root: Some(folder.path().to_owned()),
            task_managers: lesson.start.task_managers,
            slots: lesson.start.slots,
            start: Some(LabTime(0)),
            ..LabOptions::lesson()
        };
        let mut student = Self {
            lesson,
            session: Session::new(options).unwrap(),
            _folder: folder,
            model: Model::default(),
            progress: LessonProgress::default(),
            playing: false,
            job: None,
            trace: Vec::new(),
        };
        student.looks();
        student
    }

    /// Folds what happened and marks the steps that are done.
    fn looks(&mut self) {
        let mut events = Vec::new();
        self.session.engine_mut().drain_events(&mut events);
        for event in &events {
            self.model.apply(event);
            self.trace.push(format!("{event:?}"));
        }
        self.progress.look(self.lesson, &self.model, self.playing);
    }

    fn does(&mut self, action: &Action) {
        match action {
            Action::Predict { id, option } => self.progress.answer(id, *option),
            Action::Run { parallelism, open } => self.runs(*parallelism, *open),
            Action::PauseAfter(rows) => {
                self.steps_until(&Check { read: Some(*rows), ..Check::default() });
            }
            Action::StepUntilState { key, field, value } => {
                let values = [(field.clone(), value.clone())].into();
                let keyed = [(key.clone(), values)].into();
                self.steps_until(&Check { keyed, ..Check::default() });
            }
            Action::Play {} => self.plays(LabDuration::seconds(600)),
            Action::Cancel { job } => {
                let running = self
                    .model
                    .jobs
                    .iter()
                    .rev()
                    .find(|j| j.ended.is_none() && j.name.contains(&**job));
                let id = running.expect("a running job").id;
                self.session.engine_mut().cancel(id).unwrap();
                self.plays(LabDuration::seconds(2));
            }
            Action::Checkpoint {} => {
                let job = self.job.expect("a job");
                self.session.engine_mut().trigger_checkpoint(job).unwrap();
                self.plays(LabDuration::seconds(5));
            }
            Action::Script { seconds } => {
                for statement in split(&self.lesson.start.sql) {
                    self.says(&statement.text, *seconds);
                }
            }
            Action::Generate { seconds } => {
                let people = PartsOptions::tutorial("/home/admin123/people", "pt-BR");
                self.session.engine_mut().bring_parts(&people).unwrap();
                self.plays(LabDuration::seconds(i64::from(*seconds)));
            }
            Action::Answer { student, points } => {
                let row = Row::insert(vec![student.as_str().into(), Value::Int(*points)]);
                self.session.engine_mut().feed(self.job.expect("a job"), &[row]).unwrap();
            }
            Action::Kill { task_manager } => {
                self.session.engine_mut().kill_task_manager(TaskManagerId(*task_manager));
            }
            Action::Sql { text, seconds } => self.says(text, *seconds),
        }
        self.looks();
    }

    fn says(&mut self, text: &str, seconds: u32) {
        match self.session.execute(text, Location { line: 1, column: 1 }) {
            Ok(Outcome::Query(info)) => self.job = Some(info.job),
            Ok(Outcome::Insert { job, .. }) => self.job = Some(job),
            Ok(_) => return,
            Err(error) => panic!("{}: {text}: {error}", self.lesson.folder),
        }
        self.plays(LabDuration::seconds(i64::from(seconds)));
    }

    fn runs(&mut self, parallelism: u32, open: bool) {
        let graph = match self.lesson.start.program.expect("a program") {
            // An open exam begins with nothing answered, as on the live board.
            ProgramName::Scoreboard => {
                scoreboard::program(open.then_some(&[]), 10, open, parallelism)
            }
            ProgramName::WordCount => wordcount::program(parallelism),
        };
        let graph = JobGraph::from_stream_graph(graph).unwrap();
        self.job = Some(self.session.engine_mut().submit(graph, JobSettings::default()));
    }

    /// Moves one record at a time until the newest job meets the check, and stands still.
    fn steps_until(&mut self, check: &Check) {
        self.playing = false;
        for _ in 0..10_000 {
            let newest = Model {
                jobs: self.model.jobs.last().cloned().into_iter().collect(),
                ..self.model.clone()
            };
            if check.passes(&Facts { model: &newest, playing: false }) {
                return;
            }
            self.session.engine_mut().step_record();
            self.looks();
        }
        panic!("{}: never came to {check:?}", self.lesson.folder);
    }

    /// Lets time go on until nothing moves, or for so long.
    fn plays(&mut self, long: LabDuration) {
        self.playing = true;
        let until = LabTime(self.session.engine().now().0 + long.0);
        while self.session.engine_mut().pump(Budget { until, ..Budget::FULL_SPEED }) == Pumped::More
        {
            self.looks();
        }
        self.looks();
        self.playing = false;
    }

    fn proves(mut self) -> Self {
        for action in &self.lesson.proof {
            self.does(action);
        }
        self
    }
}

#[test]
fn a_lesson_is_passed_by_its_proof_and_not_by_opening_it() {
    for lesson in embedded().unwrap() {
        let opened = Student::opens(&lesson);
        assert!(opened.progress.done.is_empty(), "{}: done by itself", lesson.folder);
        let student = opened.proves();
        let missing: Vec<&str> = lesson
            .steps
            .iter()
            .map(|step| step.id.as_str())
            .filter(|id| !student.progress.done.contains(*id))
            .collect();
        assert!(missing.is_empty(), "{}: not done: {missing:?}", lesson.folder);
        assert!(student.progress.passed(&lesson), "{}: not passed", lesson.folder);
        for prediction in &lesson.predictions {
            let given = student.progress.answers.get(&prediction.id);
            assert_eq!(given, Some(&prediction.right), "{}: {}", lesson.folder, prediction.id);
        }
    }
}

#[test]
fn no_step_is_done_before_something_is_done_for_it() {
    for lesson in embedded().unwrap() {
        let mut student = Student::opens(&lesson);
        let mut before = 0;
        for action in &lesson.proof {
            let idle = matches!(action, Action::Predict { .. });
            student.does(action);
            let done = student.progress.done.len();
            assert!(!idle || done == before, "{}: a prediction does a step", lesson.folder);
            before = done;
        }
    }
}

#[test]
fn a_lesson_goes_the_same_way_twice() {
    for lesson in embedded().unwrap() {
        let (first, second) = (Student::opens(&lesson).proves(), Student::opens(&lesson).proves());
        assert!(first.trace.len() > 100, "{}: a trace", lesson.folder);
        for (number, (one, other)) in first.trace.iter().zip(&second.trace).enumerate() {
            assert_eq!(one, other, "{}: event {number}", lesson.folder);
        }
        assert_eq!(first.trace.len(), second.trace.len(), "{}", lesson.folder);
        assert_eq!(first.model, second.model, "{}", lesson.folder);
    }
}
