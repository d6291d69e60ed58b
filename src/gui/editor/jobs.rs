//! The list of running and completed jobs, with a button that cancels.

use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, vec2};

use crate::gui::link::{Answer, Link};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, chip, label, lit_row};
use crate::model::Job;
use crate::runtime::api::Command;
use crate::trace::JobState;

const ROW: f32 = 48.0;
/// Characters of a statement that are shown at most.
const STATEMENT: usize = 200;

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, link: &Link, actions: &mut Actions) {
    let jobs = &view.model.jobs;
    if jobs.is_empty() {
        super::empty_ui(ui, view, "jobs-none");
        return;
    }
    ScrollArea::vertical().id_salt("jobs").auto_shrink([false, false]).show_rows(
        ui,
        ROW,
        jobs.len(),
        |ui, shown| {
            // The newest first.
            for position in shown {
                if let Some(job) = jobs.len().checked_sub(position + 1).and_then(|at| jobs.get(at))
                {
                    row(ui, view, job, &statement(link, job), actions);
                }
            }
        },
    );
}

/// Whether nothing more comes from a job.
fn ended(job: &Job) -> bool {
    matches!(job.state, JobState::Finished | JobState::Canceled | JobState::Failed)
}

/// The statement that a job runs, in one line; empty for a program.
fn statement(link: &Link, job: &Job) -> String {
    let of_job = |answer: &&Answer| Link::job_of(answer) == Some(job.id);
    let text = link.answers.iter().rev().find(of_job).map(|answer| answer.text.as_str());
    let beginning: String = text.unwrap_or_default().chars().take(STATEMENT).collect();
    beginning.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(ui: &mut Ui, view: &View<'_>, job: &Job, statement: &str, actions: &mut Actions) {
    let palette = &view.theme.palette;
    let size = vec2(ui.available_width(), ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = ui.scope_id().with(("job", job.id.0));
    let response = ui.interact(rect.with_max_x(rect.right() - 100.0), id, Sense::click());
    let name = view.tr_args("jobs-show", &[("name", (*job.name).into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    if view.job == Some(job.id) {
        lit_row(ui, rect);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, view.theme.hairline());
    crate::gui::widgets::focus_ring(ui, &response, view.theme.radius.small);
    if response.clicked() {
        actions.push(Action::ShowJob(job.id));
    }
    let inner: Rect = rect.shrink2(vec2(12.0, 0.0));
    let mut line =
        ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    line.spacing_mut().item_spacing.x = 10.0;
    let (tone, icon) = words::job_look(job.state);
    chip(&mut line, tone, Some(icon), words::job_state(job.state));
    line.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let cancel = view.tr("jobs-cancel");
        if !ended(job) {
            if ui.add(Button::secondary(&cancel).small()).clicked() {
                actions.push(Action::Engine(Command::Cancel(job.id)));
            }
        } else {
            ui.add_space(84.0);
        }
        let until = job.ended.unwrap_or(view.clock.shown);
        let text = words::duration(view, until - job.submitted);
        label(ui, Type::Code, text, palette.text.secondary);
        let lines = if statement.is_empty() { 20.0 } else { 40.0 };
        let size = vec2(ui.available_width(), lines);
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
            let name = egui::Label::new(Type::Strong.text(&*job.name, palette.text.primary));
            ui.add(name.show_tooltip_when_elided(false))
                .on_hover_text(format!("{}\n{}", job.name, job.id));
            if !statement.is_empty() {
                label(ui, Type::Label, statement, palette.text.muted);
            }
        });
    });
}
