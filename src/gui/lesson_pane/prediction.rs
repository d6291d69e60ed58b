//! The cards of predictions: choose, commit, and see whether it came so.

use std::collections::BTreeMap;

use egui::{
    Align, Color32, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
    pos2, vec2,
};

use super::markdown;
use crate::gui::theme::{Palette, Type};
use crate::gui::view::View;
use crate::gui::widgets::{Button, Icon, card, focus_ring, icon_mark, label, paint_icon};
use crate::lessons::{Lesson, LessonProgress, Prediction};

const OPTION: f32 = 32.0;

/// Where an option stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Open,
    Marked,
    Right,
    Wrong,
    Passed,
}

/// Draws the predictions of the phase.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    lesson: &Lesson,
    progress: &mut LessonProgress,
    marked: &mut BTreeMap<String, usize>,
) {
    let all: Vec<&Prediction> = lesson.predictions_of(progress.phase).collect();
    for (number, prediction) in (1_usize..).zip(&all) {
        ui.add_space(4.0);
        card(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            title(ui, view, number, all.len());
            let question = prediction.question.get(view.language);
            let color = view.theme.palette.text.primary;
            markdown::line_ui(ui, view, question, Type::Strong, color);
            ui.add_space(2.0);
            options(ui, view, prediction, progress, marked);
        });
    }
}

fn title(ui: &mut Ui, view: &View<'_>, number: usize, count: usize) {
    let palette = &view.theme.palette;
    ui.horizontal(|ui| {
        icon_mark(ui, Icon::Eye, palette.accent.text, 16.0, "");
        label(ui, Type::LabelStrong, view.tr("lesson-prediction"), palette.accent.text);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let args = [("number", number.into()), ("count", count.into())];
            label(ui, Type::Label, view.tr_args("lesson-one-of", &args), palette.text.muted);
        });
    });
}

fn options(
    ui: &mut Ui,
    view: &View<'_>,
    prediction: &Prediction,
    progress: &mut LessonProgress,
    marked: &mut BTreeMap<String, usize>,
) {
    let answer = progress.answers.get(&prediction.id).copied();
    let chosen = marked.get(&prediction.id).copied();
    for (index, option) in prediction.options.iter().enumerate() {
        let mark = match answer {
            Some(_) if index == prediction.right => Mark::Right,
            Some(given) if given == index => Mark::Wrong,
            Some(_) => Mark::Passed,
            None if chosen == Some(index) => Mark::Marked,
            None => Mark::Open,
        };
        let shown = Shown {
            id: (prediction.id.as_str(), index),
            words: option.get(view.language).replace(['`', '*'], ""),
            mark,
            own: answer == Some(index),
        };
        if shown.ui(ui, view) && answer.is_none() {
            marked.insert(prediction.id.clone(), index);
        }
    }
    if answer.is_some() {
        ui.add_space(2.0);
        let because = prediction.because.get(view.language);
        markdown::line_ui(ui, view, because, Type::Label, view.theme.palette.text.secondary);
    } else if let Some(option) = commit(ui, view, chosen) {
        progress.answer(&prediction.id, option);
    }
}

/// The button that makes the marked option the answer.
fn commit(ui: &mut Ui, view: &View<'_>, chosen: Option<usize>) -> Option<usize> {
    let row = vec2(ui.available_width(), 30.0);
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(row, layout, |ui| {
        let predict = view.tr("lesson-predict");
        let button = Button::primary(&predict).enabled(chosen.is_some()).small();
        let pressed = ui.add(button).clicked();
        if chosen.is_none() {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
                let muted = view.theme.palette.text.muted;
                label(ui, Type::Label, view.tr("lesson-choose"), muted);
            });
        }
        chosen.filter(|_| pressed)
    })
    .inner
}

/// One option as it is shown.
struct Shown<'a> {
    id: (&'a str, usize),
    words: String,
    mark: Mark,
    /// Whether it is the answer that was given.
    own: bool,
}

impl Shown<'_> {
    fn ui(&self, ui: &mut Ui, view: &View<'_>) -> bool {
        let width = ui.available_width();
        let (fill, edge, ink) = self.colors(&view.theme.palette);
        let strong = matches!(self.mark, Mark::Right | Mark::Marked);
        let font = if strong { Type::Strong } else { Type::Body }.font();
        let room = width - 46.0 - if self.aside().is_some() { 84.0 } else { 8.0 };
        let galley = ui.painter().layout(self.words.clone(), font, ink, room);
        let height = OPTION.max(galley.size().y + 12.0);
        let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let response = ui.interact(rect, ui.scope_id().with(self.id), Sense::click());
        let on = self.mark == Mark::Marked || self.own;
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, &self.words));
        let stroke = Stroke::new(1.0, edge);
        let radius = view.theme.radius.control;
        ui.painter().rect(rect, radius, fill, stroke, StrokeKind::Inside);
        self.bullet(ui, view, pos2(rect.left() + 18.0, rect.center().y), edge);
        let at = pos2(rect.left() + 36.0, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, ink);
        if let Some(aside) = self.aside() {
            let layout = Layout::right_to_left(Align::Center);
            let inner = rect.shrink2(vec2(10.0, 0.0));
            let mut child = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
            label(&mut child, Type::LabelStrong, view.tr(aside), edge);
        }
        focus_ring(ui, &response, radius);
        response.clicked()
    }

    fn aside(&self) -> Option<&'static str> {
        match (self.mark, self.own) {
            (Mark::Right, true) => Some("lesson-right"),
            (Mark::Right, false) => Some("lesson-what-happened"),
            (Mark::Wrong, _) => Some("lesson-your-choice"),
            _ => None,
        }
    }

    /// Ground, outline, ink.
    fn colors(&self, palette: &Palette) -> (Color32, Color32, Color32) {
        let (status, text) = (&palette.status, &palette.text);
        match self.mark {
            Mark::Open => (palette.surface.panel, palette.line.hairline, text.secondary),
            Mark::Passed => (Color32::TRANSPARENT, palette.line.hairline, text.muted),
            Mark::Marked => (palette.accent.soft, palette.accent.text, text.primary),
            Mark::Right => (status.ok_soft, status.ok, text.primary),
            Mark::Wrong => (status.danger_soft, status.danger, text.primary),
        }
    }

    fn bullet(&self, ui: &Ui, view: &View<'_>, center: egui::Pos2, edge: Color32) {
        let icon = match self.mark {
            Mark::Right => Icon::Check,
            Mark::Wrong => Icon::Cross,
            Mark::Marked => {
                ui.painter().circle_stroke(center, 7.0, Stroke::new(1.5, edge));
                ui.painter().circle_filled(center, 3.5, edge);
                return;
            }
            Mark::Open | Mark::Passed => {
                let ring = Stroke::new(1.5, view.theme.palette.line.strong);
                ui.painter().circle_stroke(center, 7.0, ring);
                return;
            }
        };
        let at = Rect::from_center_size(center, Vec2::splat(18.0));
        paint_icon(ui.painter(), at, icon, edge, view.theme.stroke.icon);
    }
}
