//! The lesson: its phases, its text, its predictions, its steps, its hints.

mod foot;
mod markdown;
pub mod menu;
mod prediction;
mod shelf;
mod steps;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use egui::{
    Align, Context, Frame, Layout, Margin, Rect, ScrollArea, TextWrapMode, Ui, UiBuilder, pos2,
    vec2,
};

use super::settings::Settings;
use super::theme::Type;
use super::view::{Action, Actions, View};
use super::widgets::{Button, Icon, IconButton, card, label, phase_bar, text};
use crate::base::Error;
use crate::lessons::{Lesson, LessonProgress, Phase};
use crate::model::Model;
use shelf::Shelf;

/// Room for the number of the lesson among all.
const COUNT: f32 = 64.0;

/// What the pane keeps between two frames.
#[derive(Default)]
pub struct LessonState {
    shelf: Shelf,
    open: usize,
    hints_shown: bool,
    solution_shown: bool,
    /// The option that is marked but not yet given as the answer, by prediction.
    marked: BTreeMap<String, usize>,
}

impl LessonState {
    /// The open lesson.
    pub fn lesson(&self) -> Option<&Lesson> {
        self.shelf.lessons().get(self.open)
    }

    /// Takes the lessons that the settings name, and looks whether an instructor's folder has changed.
    ///
    /// # Errors
    /// What is wrong with the folder. A folder that cannot be opened is named no longer.
    pub fn follow(&mut self, ctx: &Context, settings: &mut Settings) -> Result<(), Error> {
        let wanted = settings.lessons_folder.as_deref();
        let here = !self.shelf.lessons().is_empty() && self.shelf.folder() == wanted;
        if !here && let Err(error) = self.shelf.open(wanted) {
            settings.lessons_folder = self.shelf.folder().map(Path::to_owned);
            return Err(error);
        }
        let same = |lesson: &Lesson| lesson.folder == settings.lesson;
        let open = self.shelf.lessons().iter().position(same).unwrap_or(0);
        if open != self.open {
            *self = Self { shelf: std::mem::take(&mut self.shelf), open, ..Self::default() };
        }
        if self.shelf.folder().is_some() {
            ctx.request_repaint_after(Duration::from_secs_f64(shelf::LOOK_EVERY));
            self.shelf.watch(ctx.input(|input| input.time))?;
        }
        Ok(())
    }

    /// Looks at the model with the eyes of the open lesson's checks; true when a step was passed.
    pub fn look(&self, settings: &mut Settings, model: &Model, playing: bool) -> bool {
        let Some(lesson) = self.lesson() else { return false };
        settings.lessons.of(lesson).look(lesson, model, playing)
    }
}

/// Draws the folded pane.
pub fn rail(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    ui.add_space(8.0);
    ui.vertical_centered(|ui| {
        if ui.add(IconButton::new(Icon::Book, &view.tr("lesson-unfold"))).clicked() {
            actions.push(Action::ToggleLesson);
        }
    });
}

/// Draws the pane.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &mut LessonState, actions: &mut Actions) {
    let Some(lesson) = state.lesson().cloned() else { return };
    let mut lessons = view.settings.lessons.clone();
    let mut progress = lessons.of(&lesson).clone();
    let before = progress.clone();
    let pad = if view.compact { 14.0 } else { 16.0 };
    let whole = ui.max_rect();
    let cut = whole.bottom() - if view.compact { 42.0 } else { 48.0 };
    head(ui, view, &lesson, &progress, pad, actions);
    let top = ui.cursor().top();
    let body = Rect::from_min_max(pos2(whole.left(), top), pos2(whole.right(), cut));
    let mut inner = ui.new_child(UiBuilder::new().id_salt("lesson-body").max_rect(body));
    inner.set_clip_rect(body.intersect(ui.clip_rect()));
    let area = ScrollArea::vertical().id_salt(("lesson", progress.phase));
    area.auto_shrink([false, false]).show(&mut inner, |ui| {
        Frame::new().inner_margin(Margin::symmetric(pad as i8, 12)).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            ui.spacing_mut().interact_size.y = 16.0;
            let text = lesson.prose.get(view.language);
            markdown::ui(ui, view, &text.phases[progress.phase.position()], actions);
            script(ui, view, &lesson, &progress, actions);
            prediction::ui(ui, view, &lesson, &mut progress, &mut state.marked);
            steps::ui(ui, view, &lesson, &progress);
            help(ui, view, state, &lesson, &progress, actions);
        });
    });
    let rect = Rect::from_min_max(pos2(whole.left(), cut), whole.max);
    foot::ui(ui, view, state, rect.shrink2(vec2(pad, 0.0)), &lesson, &mut progress);
    if progress != before {
        *lessons.of(&lesson) = progress;
        let settings = Settings { lessons, ..view.settings.clone() };
        actions.push(Action::Settings(Box::new(settings)));
    }
}

fn head(
    ui: &mut Ui,
    view: &View<'_>,
    lesson: &Lesson,
    progress: &LessonProgress,
    pad: f32,
    actions: &mut Actions,
) {
    let palette = &view.theme.palette;
    let margin = Margin { left: pad as i8, right: pad as i8, top: 10, bottom: 10 };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        ui.spacing_mut().interact_size.y = 16.0;
        let title = &lesson.prose.get(view.language).title;
        ui.horizontal(|ui| {
            let step = if view.compact { Type::Section } else { Type::Title };
            let wide = text::galley(ui.painter(), step, title, palette.text.primary, f32::INFINITY);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let fold = view.tr("lesson-fold-away");
                if ui.add(IconButton::new(Icon::ChevronLeft, &fold).side(28.0)).clicked() {
                    actions.push(Action::ToggleLesson);
                }
                let args = [("number", lesson.number.into())];
                let count = view.tr_args("lesson-of", &args);
                // The top bar has the number too: a long title is worth more here.
                if wide.size().x + COUNT < ui.available_width() {
                    label(ui, Type::Label, count, palette.text.muted);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
                    label(ui, step, title, palette.text.primary);
                });
            });
        });
        let words = view.tr(progress.phase.message());
        phase_bar(ui, Phase::COUNT, progress.phase.position() + 1, &words);
        ui.horizontal(|ui| {
            label(ui, Type::LabelStrong, words, palette.accent.text);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                label(ui, Type::Label, next_words(view, progress.phase), palette.text.muted);
            });
        });
    });
    let bottom = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), bottom, view.theme.hairline());
}

fn next_words(view: &View<'_>, phase: Phase) -> String {
    match phase.next() {
        Some(next) => {
            let name = view.tr(next.message()).to_lowercase();
            view.tr_args("lesson-then", &[("phase", name.into())])
        }
        None => view.tr("lesson-last-phase"),
    }
}

/// The way of the lesson's SQL into the editor, where it is first needed.
fn script(
    ui: &mut Ui,
    view: &View<'_>,
    lesson: &Lesson,
    progress: &LessonProgress,
    actions: &mut Actions,
) {
    if lesson.start.sql.is_empty() || progress.phase > Phase::Run {
        return;
    }
    let words = view.tr("lesson-script");
    if ui.add(Button::secondary(&words).icon(Icon::Keyboard).small().cut()).clicked() {
        actions.push(Action::SetEditorText(lesson.start.sql.trim_start().to_owned()));
    }
}

/// The hints that are open, and the solution.
fn help(
    ui: &mut Ui,
    view: &View<'_>,
    state: &LessonState,
    lesson: &Lesson,
    progress: &LessonProgress,
    actions: &mut Actions,
) {
    let palette = &view.theme.palette;
    if state.hints_shown {
        for (number, hint) in (1_usize..).zip(&lesson.hints).take(progress.hints) {
            ui.add_space(4.0);
            card(ui, |ui| {
                ui.set_width(ui.available_width());
                let title = view.tr_args("lesson-hint-number", &[("number", number.into())]);
                label(ui, Type::LabelStrong, title, palette.status.warn);
                label(ui, Type::Body, hint.get(view.language), palette.text.secondary);
            });
        }
    }
    if state.solution_shown && progress.attempted() {
        ui.add_space(4.0);
        card(ui, |ui| {
            ui.set_width(ui.available_width());
            label(ui, Type::LabelStrong, view.tr("lesson-solution"), palette.accent.text);
            markdown::ui(ui, view, lesson.solution.get(view.language), actions);
        });
    }
}
