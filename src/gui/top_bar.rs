//! The bar at the top: whose window it is, which lesson, how large the cluster, and how it looks.

use egui::{Align, Layout, Rect, Sense, Stroke, Ui, UiBuilder, Vec2, vec2};

use super::lesson_pane::LessonState;
use super::settings::Ground;
use super::theme::Type;
use super::view::{Action, Actions, View};
use super::widgets::{Icon, IconButton, Segment, Tone, chip, label, logo, segmented};
use crate::i18n::Language;

/// Draws the bar.
pub fn ui(ui: &mut Ui, rect: Rect, view: &View<'_>, lesson: &LessonState, actions: &mut Actions) {
    let inner = rect.shrink2(vec2(if view.compact { 8.0 } else { 16.0 }, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut bar = ui.new_child(UiBuilder::new().id_salt("top").max_rect(inner).layout(layout));
    bar.spacing_mut().item_spacing = vec2(8.0, 0.0);
    name(&mut bar, view);
    super::lesson_pane::menu::ui(&mut bar, view, lesson, actions);
    bar.with_layout(Layout::right_to_left(Align::Center), |ui| right(ui, view, actions));
}

fn name(ui: &mut Ui, view: &View<'_>) {
    let (mark, _) = ui.allocate_exact_size(Vec2::splat(26.0), Sense::hover());
    logo::paint(ui.painter(), mark, view.theme);
    label(ui, Type::Section, "Riacho", view.theme.palette.text.primary);
    ui.add_space(4.0);
    let (line, _) = ui.allocate_exact_size(vec2(1.0, 20.0), Sense::hover());
    let stroke = Stroke::new(1.0, view.theme.palette.line.strong);
    ui.painter().vline(line.center().x, line.y_range(), stroke);
    ui.add_space(4.0);
}

fn right(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    let (help, full) = (view.tr("top-help"), view.tr("top-full-screen"));
    if ui.add(IconButton::new(Icon::Book, &help)).clicked() {
        actions.push(Action::ToggleHelp);
    }
    if !view.compact && ui.add(IconButton::new(Icon::FullScreen, &full)).clicked() {
        actions.push(Action::ToggleFullScreen);
    }
    let (icon, theme) = match view.settings.ground {
        Ground::Dark => (Icon::Sun, view.tr("top-light")),
        Ground::Light => (Icon::Moon, view.tr("top-dark")),
    };
    if ui.add(IconButton::new(icon, &theme)).clicked() {
        actions.push(Action::ToggleTheme);
    }
    let board = view.tr("top-board");
    if ui.add(IconButton::new(Icon::Score, &board)).clicked() {
        actions.push(Action::ToggleBoard);
    }
    ui.add_space(6.0);
    let mut language = view.language;
    let segments = [Segment::new(Language::PtBr, "pt"), Segment::new(Language::En, "en")];
    if segmented(ui, &mut language, &segments) {
        actions.push(Action::SetLanguage(language));
    }
    ui.add_space(6.0);
    cluster(ui, view);
}

fn cluster(ui: &mut Ui, view: &View<'_>) {
    let managers = &view.model.cluster;
    let slots = managers.values().map(|manager| manager.slots.len()).max().unwrap_or(0);
    let alive = managers.values().filter(|manager| manager.lost.is_none()).count();
    let text = view.tr_args(
        if alive == managers.len() { "top-cluster" } else { "top-cluster-lost" },
        &[("alive", alive.into()), ("all", managers.len().into()), ("slots", slots.into())],
    );
    chip(ui, Tone::Plain, Some(Icon::Cluster), &text);
}
