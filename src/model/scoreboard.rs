//! The board: the totals of the students and how they came about, folded from writes to state.
//!
//! Any keyed state with an integer `Sum` and `Cnt` counts as one, whoever wrote it.

use std::{collections::BTreeMap, sync::Arc};

use super::palette::Key;
use crate::data::Value;
use crate::trace::event::StateChange;

/// Totals by student and the answers in the order in which they counted. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scoreboard {
    standings: Arc<BTreeMap<Arc<str>, Standing>>,
    answers: Arc<Vec<Answer>>,
}

/// Where a student stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The student, with letter and colour.
    pub student: Key,
    /// Points in all.
    pub total: i64,
    /// Answers given.
    pub answers: i64,
}

/// One answer that counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Who gave it.
    pub student: Key,
    /// Its points.
    pub points: i64,
    /// The student's total with it.
    pub total: i64,
}

/// How it stands between the students.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Nobody has answered yet.
    Open,
    /// One is ahead by so many points.
    Ahead {
        /// Who.
        leader: Key,
        /// By how much.
        by: i64,
    },
    /// The best are even.
    Tie,
}

impl Scoreboard {
    /// Answers kept for the chart; an exam in a classroom stays far below it.
    pub const MAX_ANSWERS: usize = 1_000;

    /// Whether any answer counted.
    pub fn is_empty(&self) -> bool {
        self.standings.is_empty()
    }

    /// Everybody's standing, by name.
    pub fn standings(&self) -> impl Iterator<Item = &Standing> {
        self.standings.values()
    }

    /// The answers that counted, in order.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Who is ahead.
    pub fn verdict(&self) -> Verdict {
        let mut best: Vec<&Standing> = self.standings.values().collect();
        best.sort_by_key(|standing| std::cmp::Reverse(standing.total));
        match best[..] {
            [] => Verdict::Open,
            [only] => Verdict::Ahead { leader: only.student.clone(), by: only.total },
            [first, second, ..] if first.total == second.total => Verdict::Tie,
            [first, second, ..] => {
                Verdict::Ahead { leader: first.student.clone(), by: first.total - second.total }
            }
        }
    }

    pub(super) fn write(&mut self, change: &StateChange, student: &Key) {
        let after = |name| integer(&change.after, name);
        let (Some(total), Some(count)) = (after("Sum"), after("Cnt")) else { return };
        let points = total - integer(&change.before, "Sum").unwrap_or(0);
        let standing = Standing { student: student.clone(), total, answers: count };
        Arc::make_mut(&mut self.standings).insert(student.text.clone(), standing);
        if self.answers.len() < Self::MAX_ANSWERS {
            let answer = Answer { student: student.clone(), points, total };
            Arc::make_mut(&mut self.answers).push(answer);
        }
    }
}

impl Standing {
    /// Points per answer.
    pub fn mean(&self) -> f64 {
        if self.answers == 0 { 0.0 } else { self.total as f64 / self.answers as f64 }
    }
}

fn integer(values: &[(Arc<str>, Value)], name: &str) -> Option<i64> {
    match values.iter().find(|(n, _)| &**n == name)?.1 {
        Value::Int(value) => Some(i64::from(value)),
        Value::BigInt(value) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{OperatorId, SubtaskId};

    fn write(board: &mut Scoreboard, student: &str, before: (i32, i32), points: i32) {
        let fields = |(sum, count): (i32, i32)| {
            vec![("Sum".into(), Value::Int(sum)), ("Cnt".into(), Value::Int(count))]
        };
        let change = StateChange {
            subtask: SubtaskId::default(),
            operator: OperatorId(0),
            state: "Score".into(),
            key: Arc::new([student.into()]),
            window: None,
            key_group: 0,
            before: if before.1 == 0 { Vec::new() } else { fields(before) },
            after: fields((before.0 + points, before.1 + 1)),
            cause: None,
        };
        board.write(&change, &Key { text: student.into(), color: 0 });
    }

    #[test]
    fn totals_answers_and_verdict_follow_the_writes() {
        let mut board = Scoreboard::default();
        assert_eq!(board.verdict(), Verdict::Open);
        write(&mut board, "a", (0, 0), 3);
        write(&mut board, "b", (0, 0), 2);
        assert!(
            matches!(board.verdict(), Verdict::Ahead { leader, by: 1 } if &*leader.text == "a")
        );
        write(&mut board, "b", (2, 1), 1);
        assert_eq!(board.verdict(), Verdict::Tie);
        let points: Vec<_> = board.answers().iter().map(|a| (a.points, a.total)).collect();
        assert_eq!(points, [(3, 3), (2, 2), (1, 3)]);
        assert_eq!(board.standings().map(Standing::mean).collect::<Vec<_>>(), [3.0, 1.5]);
    }
}
