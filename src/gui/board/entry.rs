//! The line below the chart: open an exam, type answers into it, close the board.

use egui::{Key, Rect, TextEdit, Ui, UiBuilder};

use super::leave;
use crate::base::JobId;
use crate::data::{Row, Value};
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, label};
use crate::model::Job;
use crate::runtime::api::{Command, Program};
use crate::trace::JobState;

/// What the board keeps between two frames.
#[derive(Clone, Debug)]
pub struct BoardState {
    /// Answers in total after which an exam ends.
    pub limit: u32,
    student: String,
    points: String,
    /// Whether the points could not be read.
    wrong: bool,
}

impl Default for BoardState {
    fn default() -> Self {
        Self { limit: 10, student: String::new(), points: String::new(), wrong: false }
    }
}

pub(super) fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    rect: Rect,
    state: &mut BoardState,
    job: Option<&Job>,
    actions: &mut Actions,
) {
    let mut line = ui.new_child(UiBuilder::new().max_rect(rect));
    line.horizontal_centered(|ui| {
        match job.filter(|job| job.state == JobState::Running) {
            Some(job) => answer(ui, view, state, job.id, actions),
            None => open(ui, view, state, actions),
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            leave(ui, view, actions);
        });
    });
}

fn open(ui: &mut Ui, view: &View<'_>, state: &mut BoardState, actions: &mut Actions) {
    let words = view.tr("board-start");
    if ui.add(Button::primary(&words).icon(Icon::Play)).clicked() {
        let program = Program::Scoreboard {
            answers: Some(Vec::new()),
            exam_ends_at: state.limit,
            open: true,
        };
        actions.push(Action::RunProgram(program));
    }
    let ink = view.theme.palette.text.secondary;
    let name = label(ui, Type::Body, view.tr("board-limit"), ink);
    let limit = egui::DragValue::new(&mut state.limit).range(1..=1_000);
    ui.add(limit).labelled_by(name.id);
}

fn answer(ui: &mut Ui, view: &View<'_>, state: &mut BoardState, job: JobId, actions: &mut Actions) {
    let ink = view.theme.palette.text.secondary;
    let name = label(ui, Type::Body, view.tr("board-who"), ink);
    let student = field(ui, &mut state.student, 140.0, name.id);
    let name = label(ui, Type::Body, view.tr("board-points"), ink);
    let points = field(ui, &mut state.points, 60.0, name.id);
    let enter = ui.input(|input| input.key_pressed(Key::Enter));
    let entered = enter && (student.lost_focus() || points.lost_focus());
    let words = view.tr("board-give");
    if ui.add(Button::primary(&words)).clicked() || entered {
        give(state, job, actions);
        student.request_focus();
    }
    if state.wrong {
        label(ui, Type::Body, view.tr("board-wrong"), view.theme.palette.status.danger);
    }
}

fn field(ui: &mut Ui, text: &mut String, width: f32, name: egui::Id) -> egui::Response {
    let edit = TextEdit::singleline(text).desired_width(width).font(Type::Code.font());
    ui.add(edit).labelled_by(name)
}

/// Sends the answer to the running exam, if student and points can be read.
fn give(state: &mut BoardState, job: JobId, actions: &mut Actions) {
    let student = state.student.trim();
    match state.points.trim().parse::<i32>() {
        Ok(points) if !student.is_empty() => {
            let rows = vec![Row::insert(vec![Value::from(student), Value::Int(points)])];
            actions.push(Action::Engine(Command::Feed { job, rows }));
            state.points.clear();
            state.wrong = false;
        }
        _ => state.wrong = true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_becomes_a_row_and_a_bad_one_is_said() {
        let mut state =
            BoardState { student: " c ".into(), points: "3".into(), ..BoardState::default() };
        let mut actions = Actions::new();
        give(&mut state, JobId(1), &mut actions);
        let row = Row::insert(vec!["c".into(), Value::Int(3)]);
        let feed = Command::Feed { job: JobId(1), rows: vec![row] };
        assert_eq!((actions, state.wrong), (vec![Action::Engine(feed)], false));

        let mut actions = Actions::new();
        state.points = "three".into();
        give(&mut state, JobId(1), &mut actions);
        assert_eq!((actions.len(), state.wrong), (0, true));
    }
}
