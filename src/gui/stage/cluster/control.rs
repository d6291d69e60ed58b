//! The row on top: who sent the job, who runs it, and what it would come back from.

use egui::{Align2, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

use crate::gui::stage::graph::dashed;
use crate::gui::stage::key_strip::{self, KeyStrip};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::text;
use crate::gui::widgets::{Button, Icon, chip, paint_icon};
use crate::i18n::error_text;
use crate::model::{Checkpoint, CheckpointStatus, Job};
use crate::runtime::api::Command;
use crate::trace::{ExecutionState, JobState};

const HEIGHT: f32 = 96.0;
const GAP: f32 = 40.0;

/// Draws the row.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: Option<&Job>, actions: &mut Actions) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let client = row.with_max_x(row.left() + row.width() * 0.2);
    let manager =
        Rect::from_x_y_ranges(client.right() + GAP..=row.left() + row.width() * 0.7, row.y_range());
    let store = row.with_min_x(manager.right() + GAP * 0.6);
    client_ui(ui, view, client, job);
    arrow(ui, view, client.right() + 4.0, manager.left() - 4.0, row.center().y);
    manager_ui(ui, view, manager, job);
    checkpoint_ui(ui, view, store, job, actions);
}

fn card(ui: &Ui, view: &View<'_>, rect: Rect, title: &str) -> Rect {
    let theme = view.theme;
    let fill = theme.palette.surface.panel;
    ui.painter().rect(rect, theme.radius.panel, fill, theme.outline(), StrokeKind::Inside);
    write_title(ui, view, rect, title)
}

fn write_title(ui: &Ui, view: &View<'_>, rect: Rect, title: &str) -> Rect {
    let inner = rect.shrink2(vec2(14.0, 11.0));
    let look = (Type::LessonStrong, view.theme.palette.text.primary);
    text::line(ui.painter(), inner.left_top(), Align2::LEFT_TOP, look, title, inner.width());
    inner
}

fn line(ui: &Ui, view: &View<'_>, inner: Rect, row: usize, step: Type, words: &str) {
    let palette = &view.theme.palette;
    let strong = step == Type::LabelStrong;
    let ink = if strong { palette.text.primary } else { palette.text.secondary };
    let at = inner.left_top() + vec2(0.0, 26.0 + 21.0 * row as f32);
    text::line(ui.painter(), at, Align2::LEFT_TOP, (step, ink), words, inner.width());
}

fn client_ui(ui: &Ui, view: &View<'_>, rect: Rect, job: Option<&Job>) {
    let inner = card(ui, view, rect, "Client");
    match job {
        Some(job) => {
            line(ui, view, inner, 0, Type::Label, &view.tr("stage-client-sent"));
            line(ui, view, inner, 1, Type::Code, &job.name);
        }
        None => line(ui, view, inner, 0, Type::Label, &view.tr("stage-client-idle")),
    }
}

fn arrow(ui: &Ui, view: &View<'_>, from: f32, to: f32, y: f32) {
    let stroke = Stroke::new(1.2, view.theme.palette.line.strong);
    ui.painter().hline(from..=to, y, stroke);
    for side in [-5.0, 5.0] {
        ui.painter().line_segment([pos2(to, y), pos2(to - 8.0, y + side)], stroke);
    }
}

fn manager_ui(ui: &mut Ui, view: &View<'_>, rect: Rect, job: Option<&Job>) {
    let inner = card(ui, view, rect, "JobManager");
    let Some(job) = job else {
        line(ui, view, inner, 0, Type::Label, &view.tr("stage-manager-idle"));
        return;
    };
    let place = Rect::from_min_max(
        inner.left_top() - vec2(0.0, 4.0),
        pos2(inner.right(), inner.top() + 20.0),
    );
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt("job-state"));
    let (tone, icon) = words::job_look(job.state);
    chip(&mut child, tone, Some(icon), words::job_state(job.state));
    let hurt = matches!(job.state, JobState::Restarting | JobState::Failing | JobState::Failed);
    let first = match job.cause.as_deref().filter(|_| hurt) {
        Some(cause) => error_text(view.language, cause),
        None => {
            let running = job.subtasks().filter(|s| s.state == ExecutionState::Running).count();
            let args = [("running", running.into()), ("all", job.subtasks().count().into())];
            view.tr_args("stage-manager-running", &args)
        }
    };
    line(ui, view, inner, 0, Type::Label, &first);
    line(ui, view, inner, 1, Type::LabelStrong, &plan(view, job));
}

/// Which attempt, and what it starts from.
fn plan(view: &View<'_>, job: &Job) -> String {
    let attempt = ("attempt", job.attempt.max(1).into());
    let restored = job.subtasks().find_map(|subtask| subtask.restored);
    match (restored, job.state, job.last_checkpoint()) {
        (Some(id), ..) => {
            view.tr_args("stage-plan-restored", &[attempt, ("checkpoint", id.to_string().into())])
        }
        (None, JobState::Restarting, Some(last)) => {
            let next = ("attempt", (job.attempt + 1).into());
            view.tr_args("stage-plan-restored", &[next, ("checkpoint", last.id.to_string().into())])
        }
        _ => view.tr_args("stage-plan", &[attempt]),
    }
}

fn checkpoint_ui(
    ui: &mut Ui,
    view: &View<'_>,
    rect: Rect,
    job: Option<&Job>,
    actions: &mut Actions,
) {
    let theme = view.theme;
    let last = job.and_then(Job::last_checkpoint);
    let running = job.and_then(|job| job.checkpoints.back());
    let running = running.filter(|checkpoint| checkpoint.status == CheckpointStatus::Running);
    let fill = theme.palette.surface.panel;
    ui.painter().rect_filled(rect, theme.radius.panel, fill);
    let inner = match last {
        Some(last) => {
            let stroke = Stroke::new(theme.stroke.state, theme.palette.status.ok);
            ui.painter().rect_stroke(rect, theme.radius.panel, stroke, StrokeKind::Inside);
            let inner = write_title(ui, view, rect, &format!("Checkpoint {}", last.id));
            let at = Rect::from_min_size(inner.right_top() - vec2(16.0, 0.0), vec2(16.0, 16.0));
            paint_icon(ui.painter(), at, Icon::Check, theme.palette.status.ok, theme.stroke.icon);
            inner
        }
        None => {
            dashed(ui.painter(), rect, theme.outline());
            write_title(ui, view, rect, "Checkpoint")
        }
    };
    let first = match (running, last, job) {
        (Some(running), _, Some(job)) => {
            let args = [
                ("checkpoint", running.id.to_string().into()),
                ("done", running.parts.len().into()),
                ("all", job.subtasks().count().into()),
            ];
            view.tr_args("stage-checkpoint-running", &args)
        }
        (_, Some(last), Some(job)) => {
            view.tr_args("stage-checkpoint-position", &[("rows", position(job, last).into())])
        }
        _ => view.tr("stage-checkpoint-none"),
    };
    line(ui, view, inner, 0, Type::Label, &first);
    match (last, job) {
        (Some(last), Some(job)) => strip(ui, view, inner, job, last),
        (None, Some(job)) if job.state == JobState::Running && running.is_none() => {
            take_button(ui, view, inner, job, actions);
        }
        _ => {}
    }
}

fn position(job: &Job, checkpoint: &Checkpoint) -> u64 {
    let sources = checkpoint.parts.iter().filter(|(id, _)| job.is_source(id.vertex));
    sources.map(|(_, part)| part.read).sum()
}

fn strip(ui: &Ui, view: &View<'_>, inner: Rect, job: &Job, last: &Checkpoint) {
    let tables = last.parts.values().flat_map(|part| part.states.values());
    let marks =
        tables.flat_map(|t| t.entries.values()).map(|e| (e.key_group, e.key.color)).collect();
    let groups = job.graph.key_groups;
    let range = (0, groups.saturating_sub(1));
    let rect = Rect::from_min_size(inner.left_top() + vec2(0.0, 50.0), vec2(inner.width(), 12.0));
    key_strip::paint(
        ui.painter(),
        view.theme,
        rect,
        &KeyStrip { groups, range, marks, named: false },
    );
}

fn take_button(ui: &mut Ui, view: &View<'_>, inner: Rect, job: &Job, actions: &mut Actions) {
    let place = Rect::from_min_max(inner.left_top() + vec2(0.0, 46.0), inner.max + vec2(0.0, 6.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt("take-checkpoint"));
    let label = view.tr("stage-take-checkpoint");
    if child.add(Button::secondary(&label).small().enabled(view.clock.at_live)).clicked() {
        actions.push(Action::Engine(Command::TriggerCheckpoint(job.id)));
    }
}
