//! The head of the stage: which picture, which job and its state, and what the shapes mean.

use egui::{Align, Layout, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::{Picture, words};
use crate::base::JobId;
use crate::data::RowKind;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{
    Icon, RecordLook, Segment, chip, head, key_chip, label, paint_record, segmented,
};
use crate::model::Job;

/// Jobs that can be chosen here; all are in the list of jobs.
const MAX_JOBS: usize = 3;
/// From this width on the head has room for more words.
const WIDE_FROM: f32 = 640.0;
/// Room for the shape and the sign of a row kind.
const KIND: f32 = 52.0;
/// Room for the colours of keys.
const KEYS: f32 = 180.0;

/// Draws the head.
pub fn ui(ui: &mut Ui, view: &View<'_>, picture: &mut Picture, actions: &mut Actions) {
    let (height, pad) = (view.theme.size.panel_head, if view.compact { 10.0 } else { 14.0 });
    let job = view.job.and_then(|id| view.model.job(id));
    let wide = ui.available_width() >= WIDE_FROM;
    head(ui, height, pad, |ui| {
        let pictures = [
            Segment::new(Picture::Graph, view.tr("stage-graph")).icon(Icon::Graph),
            Segment::new(Picture::Cluster, view.tr("stage-cluster")).icon(Icon::Cluster),
        ];
        segmented(ui, picture, &pictures);
        if let Some(job) = job {
            jobs(ui, view, job, actions);
            let (tone, icon) = words::job_look(job.state);
            chip(ui, tone, Some(icon), words::job_state(job.state));
            if wide && view.model.jobs.len() < 2 {
                let id = short_id(job.id);
                label(ui, Type::Code, id, view.theme.palette.text.muted);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                keys(ui, view, job, wide);
                if *picture == Picture::Graph {
                    kinds(ui, view, job);
                }
            });
        }
    });
}

fn short_id(id: JobId) -> String {
    let text = id.to_string();
    let (first, last) = (text.get(..4).unwrap_or_default(), text.get(28..).unwrap_or_default());
    format!("job {first}…{last}")
}

/// The last jobs, to choose from.
fn jobs(ui: &mut Ui, view: &View<'_>, shown: &Job, actions: &mut Actions) {
    let all = &view.model.jobs;
    if all.len() < 2 {
        return;
    }
    let first = all.len().saturating_sub(MAX_JOBS);
    let numbered = all.iter().enumerate().skip(first);
    let segments: Vec<_> = numbered
        .map(|(position, job)| Segment::new(job.id, format!("job {}", position + 1)))
        .collect();
    let mut chosen = shown.id;
    if segmented(ui, &mut chosen, &segments) {
        actions.push(Action::ShowJob(chosen));
    }
}

/// The colours of the job's keys, from right to left, if there is room for them.
fn keys(ui: &mut Ui, view: &View<'_>, job: &Job, wide: bool) {
    let keys: Vec<_> = job.palette.keys().take(if wide { 4 } else { 2 }).collect();
    if ui.available_width() < KEYS {
        return;
    }
    for key in keys.iter().rev() {
        key_chip(ui, usize::from(key.color), &key.text);
    }
    if !keys.is_empty() {
        let id = if wide { "stage-legend-color" } else { "stage-legend-key" };
        label(ui, Type::Label, view.tr(id), view.theme.palette.text.secondary);
    }
}

/// The shapes of the row kinds that the job can show, from right to left.
fn kinds(ui: &mut Ui, view: &View<'_>, job: &Job) {
    let theme = view.theme;
    let has = |kind: &str| {
        job.graph.vertices.iter().flat_map(|v| &v.operators).any(|op| op.kind.contains(kind))
    };
    let changes = has("Aggregate") || has("Rank") || has("Join") || has("Reduce");
    let shown: &[RowKind] = if changes {
        &[RowKind::Delete, RowKind::UpdateBefore, RowKind::UpdateAfter, RowKind::Insert]
    } else {
        &[RowKind::Insert]
    };
    if ui.available_width() < shown.len() as f32 * KIND {
        return;
    }
    ui.add_space(6.0);
    for kind in shown {
        label(ui, Type::Label, kind.symbol().replace('-', "−"), theme.palette.text.secondary);
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(12.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, kind.symbol()));
        let (fill, ground) = (theme.palette.text.secondary, theme.palette.surface.panel);
        let look = RecordLook { kind: *kind, fill, ink: ground, ground, radius: 5.5, value: "" };
        paint_record(ui.painter(), rect.center() + vec2(0.0, 0.5), theme, &look);
        ui.add_space(4.0);
    }
}
