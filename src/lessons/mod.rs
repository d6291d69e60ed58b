//! Lessons: what a folder of `lessons/` says, whether a student has done it, how far they are.
//!
//! A lesson is data (`lesson.toml`, `pt-BR.md`, `en.md`): an instructor writes one without a
//! compiler. Its checks read the model, never what the student typed. Not here: how a lesson looks.

pub mod check;
pub mod format;
pub mod load;
pub mod progress;

pub use check::{Check, Facts};
pub use format::{Action, Lesson, Phase, Prediction, ProgramName, Start, Step, Words};
pub use load::{embedded, last_saved, open_folder};
pub use progress::{LessonProgress, Progress};
