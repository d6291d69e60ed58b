//! The cluster: client, JobManager, last checkpoint, and the TaskManagers with what runs in them.

mod control;
mod slot;

use egui::{Align2, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

use super::graph::dashed;
use super::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::text;
use crate::gui::widgets::{Button, Icon, Tone, chip};
use crate::model::{Job, TaskManager};
use crate::runtime::api::Command;

const GAP: f32 = 12.0;
const HEAD: f32 = 40.0;

/// Draws the cluster, with the job that is on the stage in front.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: Option<&Job>, actions: &mut Actions) {
    let margin = if view.compact { 12.0 } else { 20.0 };
    let area = ui.available_rect_before_wrap().shrink2(vec2(margin, 0.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(area).id_salt("cluster"));
    ScrollArea::vertical().auto_shrink(false).show(&mut child, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, GAP);
        ui.add_space(12.0);
        control::ui(ui, view, job, actions);
        for task_manager in view.model.cluster.values() {
            task_manager_ui(ui, view, task_manager, actions);
        }
        ui.add_space(4.0);
    });
}

fn task_manager_ui(
    ui: &mut Ui,
    view: &View<'_>,
    task_manager: &TaskManager,
    actions: &mut Actions,
) {
    let columns = (task_manager.slots.len()).clamp(1, if view.compact { 2 } else { 3 });
    let inner = ui.available_width() - 2.0 * GAP;
    let width = (inner - GAP * (columns - 1) as f32) / columns as f32;
    let heights: Vec<f32> =
        task_manager.slots.chunks(columns).map(|row| slot::row_height(row, width)).collect();
    let height = HEAD + heights.iter().map(|height| height + 10.0).sum::<f32>() + 4.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ground(ui, view, rect, task_manager);
    title(ui, view, rect, task_manager, actions);
    let mut top = rect.top() + HEAD;
    for (row, (slots, height)) in task_manager.slots.chunks(columns).zip(heights).enumerate() {
        for (column, slot) in slots.iter().enumerate() {
            let left = rect.left() + GAP + column as f32 * (width + GAP);
            let place = Rect::from_min_size(pos2(left, top), vec2(width, height));
            let number = row * columns + column + 1;
            slot::ui(ui, view, place, (number, slot), task_manager.lost.is_some(), actions);
        }
        top += height + 10.0;
    }
}

fn ground(ui: &Ui, view: &View<'_>, rect: Rect, task_manager: &TaskManager) {
    let theme = view.theme;
    let fill = theme.palette.surface.panel;
    if task_manager.lost.is_some() {
        ui.painter().rect_filled(rect, theme.radius.panel, fill);
        dashed(ui.painter(), rect, Stroke::new(theme.stroke.state, theme.palette.status.danger));
    } else {
        ui.painter().rect(rect, theme.radius.panel, fill, theme.outline(), StrokeKind::Inside);
    }
}

fn title(
    ui: &mut Ui,
    view: &View<'_>,
    rect: Rect,
    task_manager: &TaskManager,
    actions: &mut Actions,
) {
    let theme = view.theme;
    let palette = &theme.palette;
    let id = task_manager.id;
    let row = Rect::from_min_size(rect.min + vec2(GAP, 0.0), vec2(rect.width() - 2.0 * GAP, HEAD));
    let ink =
        if task_manager.lost.is_some() { palette.status.danger } else { palette.text.primary };
    let name = format!("TaskManager {id}");
    let look = (Type::Section, ink);
    let end = text::line(ui.painter(), row.left_center(), Align2::LEFT_CENTER, look, &name, 200.0)
        .right();
    let builder = UiBuilder::new()
        .max_rect(row.with_min_x(end + 12.0))
        .layout(egui::Layout::left_to_right(egui::Align::Center))
        .id_salt(("task-manager", id));
    let mut ui = ui.new_child(builder);
    if let Some(lost) = task_manager.lost {
        let at = words::lab_time(view, lost);
        let words = view.tr_args("stage-lost-at", &[("time", at.into())]);
        chip(&mut ui, Tone::Danger, Some(Icon::Cross), &words);
    } else {
        let (slots, used) = (task_manager.slots.len(), task_manager.slots_in_use());
        let args = [("slots", slots.into()), ("used", used.into())];
        let words = view.tr_args("stage-slots", &args);
        crate::gui::widgets::label(&mut ui, Type::Label, words, palette.text.secondary);
    }
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let (words, command, dead) = if task_manager.lost.is_some() {
            ("stage-start-task-manager", Command::StartTaskManager(id), true)
        } else {
            ("stage-kill-task-manager", Command::KillTaskManager(id), false)
        };
        let label = view.tr_args(words, &[("id", id.to_string().into())]);
        let button = if dead {
            Button::secondary(&label).icon(Icon::Again)
        } else {
            Button::danger(&label).icon(Icon::Cross)
        };
        if ui.add(button.small().enabled(view.clock.at_live)).clicked() {
            actions.push(Action::Engine(command));
        }
    });
}
