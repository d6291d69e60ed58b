//! The stage: one job as a graph in which records travel, or the cluster that runs it.

mod cluster;
mod graph;
mod head;
pub mod key_strip;
pub mod words;

pub use graph::{bed, state_color};

use egui::{Align2, Ui};

use crate::gui::theme::Type;
use crate::gui::view::{Actions, View};
use crate::gui::widgets::text;

/// Which of its pictures the stage shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    /// The job graph.
    #[default]
    Graph,
    /// The cluster.
    Cluster,
}

/// What the stage keeps between two frames.
#[derive(Default)]
pub struct StageState {
    /// The picture that is shown.
    pub picture: Picture,
    graph: graph::GraphState,
}

/// Draws the stage into what is left of `ui`: a head, and the picture under it.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &mut StageState, actions: &mut Actions) {
    head::ui(ui, view, &mut state.picture, actions);
    let rect = ui.available_rect_before_wrap();
    let radius = egui::CornerRadius {
        nw: 0,
        ne: 0,
        sw: view.theme.radius.panel,
        se: view.theme.radius.panel,
    };
    ui.painter().rect_filled(rect, radius, view.theme.palette.surface.inset);
    let job = view.job.and_then(|id| view.model.job(id));
    match (state.picture, job) {
        (Picture::Graph, Some(job)) => graph::ui(ui, view, job, &mut state.graph, actions),
        (Picture::Graph, None) => empty(ui, view),
        (Picture::Cluster, job) => cluster::ui(ui, view, job, actions),
    }
}

fn empty(ui: &Ui, view: &View<'_>) {
    let rect = ui.available_rect_before_wrap();
    let look = (Type::Body, view.theme.palette.text.muted);
    let words = view.tr("stage-empty");
    text::line(
        ui.painter(),
        rect.center(),
        Align2::CENTER_CENTER,
        look,
        &words,
        rect.width() - 32.0,
    );
}
