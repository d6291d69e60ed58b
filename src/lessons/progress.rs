//! How far a student is: what they predicted, which steps they did, which hints they opened.
//!
//! A step once done stays done: a student who goes back in time does not lose it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::check::Facts;
use super::format::{Lesson, Phase};
use crate::model::Model;

/// Progress in all lessons, by the lesson's folder. Saved with the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress(BTreeMap<String, LessonProgress>);

/// Progress in one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// The phase that the student looks at.
    pub phase: Phase,
    /// Predictions answered: id and position of the option. The first answer counts.
    pub answers: BTreeMap<String, usize>,
    /// Steps done, by id.
    pub done: BTreeSet<String>,
    /// How many hints were opened.
    pub hints: usize,
}

impl Progress {
    /// Progress in a lesson.
    pub fn of(&mut self, lesson: &Lesson) -> &mut LessonProgress {
        self.0.entry(lesson.folder.clone()).or_default()
    }

    /// Progress in a lesson, if it was ever opened.
    pub fn get(&self, lesson: &Lesson) -> Option<&LessonProgress> {
        self.0.get(&lesson.folder)
    }
}

impl LessonProgress {
    /// Answers a prediction. The first answer stays.
    pub fn answer(&mut self, prediction: &str, option: usize) {
        self.answers.entry(prediction.to_owned()).or_insert(option);
    }

    /// Looks at the model and marks the steps that are done now. Returns whether any was new.
    pub fn look(&mut self, lesson: &Lesson, model: &Model, playing: bool) -> bool {
        let before = self.done.len();
        let facts = Facts { model, playing };
        for step in &lesson.steps {
            if !self.done.contains(&step.id) && step.check.passes(&facts) {
                self.done.insert(step.id.clone());
            }
        }
        self.done.len() > before
    }

    /// Whether everything in a phase is answered and done.
    pub fn phase_done(&self, lesson: &Lesson, phase: Phase) -> bool {
        lesson.predictions_of(phase).all(|p| self.answers.contains_key(&p.id))
            && lesson.steps_of(phase).all(|s| self.done.contains(&s.id))
    }

    /// Whether the lesson is passed: everything in all phases.
    pub fn passed(&self, lesson: &Lesson) -> bool {
        Phase::ALL.iter().all(|phase| self.phase_done(lesson, *phase))
    }

    /// Whether anything was tried, so that the solution may open.
    pub fn attempted(&self) -> bool {
        !self.done.is_empty() || !self.answers.is_empty() || self.hints > 0
    }
}
