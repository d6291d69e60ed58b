//! The tutorial's scoreboard: two students answer the same thirty questions of different worth on two
//! computers; the exam ends when ten answers have been given between them.
//!
//! The score of a student is state of the student's key. The end of the exam is not: "ten answers in
//! total" is a question to the stream as a whole, so the source, which is one, counts them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::Result;
use crate::connectors::collection::Collection;
use crate::data::{Row, Value};
use crate::datastream::function::{KeyedProcessFunction, ValueState};
use crate::datastream::record::Record;
use crate::datastream::{DataStream, StreamExecutionEnvironment, python};
use crate::graph::StreamGraph;
use crate::state::StateValue;

/// The tutorial's answers, `(student, points)`, in order: both end at 14 points.
pub const ANSWERS: [(&str, i32); 10] = [
    ("a", 3),
    ("b", 2),
    ("b", 2),
    ("a", 4),
    ("b", 3),
    ("a", 4),
    ("b", 3),
    ("a", 3),
    ("b", 2),
    ("b", 2),
];

/// What is remembered of a student. The names are those of the tutorial's Score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Score {
    sum: i32,
    count: i32,
}

impl StateValue for Score {
    fn parts(&self) -> Vec<(Arc<str>, Value)> {
        vec![("Sum".into(), Value::Int(self.sum)), ("Cnt".into(), Value::Int(self.count))]
    }
}

/// Student, answers so far, points of this answer, total, mean.
type Standing = (String, i32, i32, i32, f64);

struct AddToScore;

impl KeyedProcessFunction<(String, i32), Standing> for AddToScore {
    type State = Score;

    fn process(
        &mut self,
        (student, points): (String, i32),
        state: &mut ValueState<Score>,
        out: &mut Vec<Standing>,
    ) -> Result<()> {
        let before = state.value().cloned().unwrap_or_default();
        let score =
            Score { sum: before.sum.wrapping_add(points), count: before.count.wrapping_add(1) };
        let mean = python::round(f64::from(score.sum) / f64::from(score.count), 2);
        out.push((student, score.count, points, score.sum, mean));
        state.update(score);
        Ok(())
    }
}

/// The scoreboard as a job. `answers` in order; without them the tutorial's own. After
/// `exam_ends_at` answers in total the exam ends. An `open` exam waits for further answers from
/// outside: rows of a student (STRING) and points (INT).
pub fn program(
    answers: Option<&[(String, i32)]>,
    exam_ends_at: u32,
    open: bool,
    parallelism: u32,
) -> StreamGraph {
    let env = StreamExecutionEnvironment::new();
    env.set_parallelism(parallelism);
    let line = |(student, count, points, total, mean): Standing| {
        let label = str::to_owned;
        (
            label("Aluno:"),
            student,
            label("Questões Respondidas:"),
            count,
            label("Ponto:"),
            points,
            label("Total:"),
            total,
            label("Média:"),
            mean,
        )
    };
    let _ = answers_of(&env, answers, exam_ends_at, open)
        .key_by(|(student, _)| student.clone())
        .process("Score", || AddToScore)
        .name("Score")
        .columns(&["aluno", "respondidas", "ponto", "total", "media"])
        .key_column(0)
        .map(line)
        .name("Placar")
        .key_column(1)
        .print_as(python::tuple);
    env.execute("Placar")
}

fn answers_of(
    env: &StreamExecutionEnvironment,
    answers: Option<&[(String, i32)]>,
    exam_ends_at: u32,
    open: bool,
) -> DataStream<(String, i32)> {
    let row = |student: &str, points: i32| Row::insert(vec![student.into(), Value::Int(points)]);
    let rows = match answers {
        Some(answers) => answers.iter().map(|(student, points)| row(student, *points)).collect(),
        None => ANSWERS.iter().map(|(student, points)| row(student, *points)).collect(),
    };
    let schema = <(String, i32)>::schema(&["aluno", "ponto"]);
    let exam = Collection::new(schema, rows).ends_after(exam_ends_at.into());
    let source = if open { exam.open() } else { exam };
    env.from_source("Respostas", Arc::new(source)).key_column(0)
}
