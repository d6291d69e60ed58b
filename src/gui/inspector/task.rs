//! The page of a subtask: where it runs, what it did, how it is.

use egui::{Align2, Ui};

use super::{pace, parts};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::text;
use crate::gui::widgets::{LoadShares, label, load_bar};
use crate::i18n::error_text;
use crate::model::{Job, Subtask};

/// Draws the page: the selected subtask, or all to choose from.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: &Job, actions: &mut Actions) {
    match view.selection.subtask.and_then(|id| job.subtask(id)) {
        Some(subtask) => one(ui, view, job, subtask),
        None => parts::title(ui, view, &job.name, &view.tr("inspector-task-none")),
    }
    all(ui, view, job, actions);
}

fn one(ui: &mut Ui, view: &View<'_>, job: &Job, subtask: &Subtask) {
    let palette = &view.theme.palette;
    let name = words::subtask(view, job, subtask.id);
    let chain = job.vertex(subtask.id.vertex).map(|vertex| match vertex.operators.as_slice() {
        // Its name stands above already.
        [only] => only.kind.clone(),
        _ => words::chain(vertex, 0),
    });
    parts::title(ui, view, &name, &chain.unwrap_or_default());
    load(ui, view, subtask);
    let slot = match subtask.slot {
        Some(slot) => {
            let args =
                [("id", slot.task_manager.to_string().into()), ("slot", (slot.index + 1).into())];
            view.tr_args("inspector-slot", &args)
        }
        None => view.tr("inspector-no-slot"),
    };
    let state = words::execution_state(subtask.state);
    parts::fact(ui, view, &view.tr("inspector-task-state"), state);
    parts::fact(ui, view, &view.tr("inspector-task-place"), &slot);
    parts::fact(ui, view, &view.tr("inspector-task-attempt"), &subtask.attempt.to_string());
    parts::fact(ui, view, &view.tr("inspector-task-in"), &rows(view, subtask.taken()));
    parts::fact(ui, view, &view.tr("inspector-task-out"), &rows(view, subtask.given()));
    parts::fact(ui, view, &view.tr("inspector-task-bytes-in"), &bytes(subtask.metrics.bytes_in));
    parts::fact(ui, view, &view.tr("inspector-task-bytes-out"), &bytes(subtask.metrics.bytes_out));
    let watermark = words::watermark(view, subtask.watermark);
    let told = subtask.watermark.is_some();
    let color = if told { palette.accent.text } else { palette.text.muted };
    parts::fact_in(ui, view, "watermark", &watermark, color);
    if job.is_keyed(subtask.id.vertex) {
        let (first, last) = subtask.key_groups;
        parts::fact(ui, view, &view.tr("inspector-task-groups"), &format!("{first}–{last}"));
    }
    if subtask.late > 0 {
        let late = rows(view, subtask.late);
        parts::fact_in(ui, view, &view.tr("inspector-task-late"), &late, palette.status.danger);
    }
    pace::ui(ui, view, subtask);
    part_files(ui, view, subtask);
    if let Some(cause) = &subtask.cause {
        ui.add_space(8.0);
        label(ui, Type::Body, error_text(view.language, cause), palette.status.danger);
    }
}

/// The files that it writes, newest first.
fn part_files(ui: &mut Ui, view: &View<'_>, subtask: &Subtask) {
    if subtask.parts.is_empty() {
        return;
    }
    let finished = [("files", subtask.parts.finished().into())];
    let finished = view.tr_args("inspector-parts-finished", &finished);
    parts::section(ui, view, &view.tr("inspector-parts"), &finished);
    for file in subtask.parts.iter().rev() {
        let (icon, color) = words::part_look(view, file.step);
        let step = words::part_step(view, file.step);
        let value = match file.rows {
            Some(count) => format!("{step} · {}", rows(view, count)),
            None => step,
        };
        parts::icon_fact(ui, view, (icon, color), &words::part_name(&file.name), &value);
    }
}

fn load(ui: &mut Ui, view: &View<'_>, subtask: &Subtask) {
    let palette = &view.theme.palette;
    parts::row(ui, 10.0, |ui, rect| {
        let shares =
            LoadShares { busy: subtask.load.busy, back_pressured: subtask.load.back_pressured };
        load_bar(ui.painter(), rect.shrink2(egui::vec2(0.0, 1.0)), view.theme, shares);
    });
    parts::row(ui, 20.0, |ui, rect| {
        let third = rect.width() / 3.0;
        let line = |id, share, color, at, align, room| {
            let words = view.tr_args(id, &[("share", words::percent(share).into())]);
            let color = if share < 0.005 { palette.text.muted } else { color };
            text::line(ui.painter(), at, align, (Type::Label, color), &words, room)
        };
        let (load, colors) = (subtask.load, &palette.load);
        let (left, right) = (rect.left_center(), rect.right_center());
        let busy = line("stage-busy", load.busy, colors.busy, left, Align2::LEFT_CENTER, third);
        let muted = palette.text.muted;
        let idle = line("stage-idle", load.idle, muted, right, Align2::RIGHT_CENTER, third);
        // The longest word of the three has all that the others leave.
        let between = rect.with_min_x(busy.right() + 8.0).with_max_x(idle.left() - 8.0);
        let (at, room) = (between.center(), between.width());
        let pressed = load.back_pressured;
        line("inspector-pressed", pressed, colors.pressure, at, Align2::CENTER_CENTER, room);
    });
    ui.add_space(4.0);
}

fn all(ui: &mut Ui, view: &View<'_>, job: &Job, actions: &mut Actions) {
    let count = job.subtasks().count().to_string();
    parts::section(ui, view, &view.tr("inspector-tasks"), &count);
    for subtask in job.subtasks() {
        let name = words::subtask(view, job, subtask.id);
        let state = words::execution_state(subtask.state);
        let selected = view.selection.subtask == Some(subtask.id);
        let pressed =
            parts::press_row(ui, view, &format!("{name} {state}"), selected, |ui, rect| {
                let palette = &view.theme.palette;
                let color = crate::gui::stage::state_color(view.theme, subtask.state);
                let word = text::line(
                    ui.painter(),
                    rect.right_center(),
                    Align2::RIGHT_CENTER,
                    (Type::Label, color),
                    state,
                    110.0,
                );
                let look = (Type::Body, palette.text.primary);
                let room = word.left() - rect.left() - 8.0;
                text::line(
                    ui.painter(),
                    rect.left_center(),
                    Align2::LEFT_CENTER,
                    look,
                    &name,
                    room,
                );
            });
        if pressed {
            let subtask = (!selected).then_some(subtask.id);
            actions.push(Action::Select(Selection { subtask, ..Selection::default() }));
        }
    }
}

fn rows(view: &View<'_>, rows: u64) -> String {
    view.tr_args("stage-rows", &[("rows", rows.into())])
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}
