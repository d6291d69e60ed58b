//! The panels of the window: what each keeps between two frames, and where each is drawn.

use egui::{CursorIcon, Id, Rect, Sense, Ui};

use super::board::BoardState;
use super::editor::{self, EditorState};
use super::inspector::{self, InspectorState, Page};
use super::layout::{Handle, Layout};
use super::lesson_pane::{self, LessonState};
use super::link::Link;
use super::results::{self, ResultsState};
use super::settings::Settings;
use super::stage::{self, StageState};
use super::timeline::TimelineState;
use super::view::{Action, Actions, View};
use super::widgets::{Icon, IconButton, overlay, panel};
use super::{top_bar, transport};

/// What each panel keeps between two frames.
#[derive(Default)]
pub struct Panels {
    /// The lesson.
    pub lesson: LessonState,
    stage: StageState,
    inspector: InspectorState,
    /// Whether the inspector lies over the stage, where it has no place of its own.
    inspector_over: bool,
    timeline: TimelineState,
    /// The editor.
    pub editor: EditorState,
    /// The results.
    pub results: ResultsState,
    /// The board.
    pub board: BoardState,
}

impl Panels {
    /// Panels as the settings remember them.
    pub fn new(settings: &Settings) -> Self {
        Self { editor: EditorState::new(settings.editor.clone()), ..Self::default() }
    }

    /// Draws all of them, each in its place.
    pub fn draw(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        layout: &Layout,
        link: &Link,
        actions: &mut Actions,
    ) {
        let mut ground = egui::Mesh::default();
        for rect in layout.ground(ui.max_rect()) {
            ground.add_colored_rect(rect, view.theme.palette.surface.window);
        }
        ui.painter().add(ground);
        if let Some(open) = inspector::follow(view, &mut self.inspector) {
            self.inspector_over = open;
        }
        top_bar::ui(ui, layout.top, view, &self.lesson, actions);
        panel(ui, layout.lesson, "lesson", |ui| {
            if layout.lesson_open {
                lesson_pane::ui(ui, view, &mut self.lesson, actions);
            } else {
                lesson_pane::rail(ui, view, actions);
            }
        });
        panel(ui, layout.stage, "stage", |ui| stage::ui(ui, view, &mut self.stage, actions));
        match layout.results {
            Some(rect) => {
                panel(ui, layout.editor, "editor", |ui| {
                    editor::ui(ui, view, link, &mut self.editor, actions);
                });
                panel(ui, rect, "results", |ui| {
                    results::ui(ui, view, link, &mut self.results, actions);
                });
            }
            None => panel(ui, layout.editor, "lower", |ui| {
                self.lower(ui, view, link, actions);
            }),
        }
        if layout.compact {
            self.inspector_rail(ui, view, layout, actions);
        } else {
            panel(ui, layout.inspector, "inspector", |ui| {
                inspector::ui(ui, view, &mut self.inspector, actions);
            });
        }
        panel(ui, layout.transport, "transport", |ui| {
            transport::ui(ui, view, &mut self.timeline, actions);
        });
        drag_handles(ui, view, layout, actions);
    }

    /// Editor and results in one panel of tabs.
    fn lower(&mut self, ui: &mut Ui, view: &View<'_>, link: &Link, actions: &mut Actions) {
        if *self.results.in_front() {
            results::ui(ui, view, link, &mut self.results, actions);
        } else {
            editor::ui(ui, view, link, &mut self.editor, actions);
            let results = self.editor.take_side_press();
            *self.results.in_front() |= results;
        }
    }

    /// The inspector as a rail of icons that opens it over the stage.
    fn inspector_rail(
        &mut self,
        ui: &mut Ui,
        view: &View<'_>,
        layout: &Layout,
        actions: &mut Actions,
    ) {
        panel(ui, layout.inspector, "inspector-rail", |ui| {
            ui.add_space(8.0);
            ui.vertical_centered(|ui| {
                let pages = [
                    (Page::Record, Icon::Pin, "inspector-record"),
                    (Page::State, Icon::Table, "inspector-state"),
                    (Page::Task, Icon::Graph, "inspector-task"),
                    (Page::Why, Icon::Question, "inspector-why"),
                ];
                for (page, icon, name) in pages {
                    let open = self.inspector_over && self.inspector.page == page;
                    let name = view.tr(name);
                    if ui.add(IconButton::new(icon, &name).selected(open)).clicked() {
                        self.inspector_over = !open;
                        self.inspector.page = page;
                    }
                    ui.add_space(6.0);
                }
            });
        });
        if self.inspector_over {
            let right = layout.inspector.left() - 8.0;
            let rect = Rect::from_min_max(
                egui::pos2(right - view.theme.size.inspector, layout.stage.top()),
                egui::pos2(right, layout.inspector.bottom()),
            );
            overlay(ui.ctx(), "inspector-over", rect, |ui| {
                inspector::ui(ui, view, &mut self.inspector, actions);
            });
        }
    }
}

fn drag_handles(ui: &mut Ui, view: &View<'_>, layout: &Layout, actions: &mut Actions) {
    for (handle, rect) in layout.handles() {
        let response = ui.interact(rect, Id::unique(("handle", handle)), Sense::drag());
        let cursor = if handle.horizontal() {
            CursorIcon::ResizeVertical
        } else {
            CursorIcon::ResizeHorizontal
        };
        let response = response.on_hover_and_drag_cursor(cursor);
        if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged()) {
            let mut settings = view.settings.clone();
            settings.layout = layout.drag(handle, at, settings.layout);
            actions.push(Action::Settings(Box::new(settings)));
        }
        if response.hovered() || response.dragged() {
            let line = view.theme.palette.line.strong;
            ui.painter().rect_filled(handle_mark(handle, rect), 1, line);
        }
    }
}

fn handle_mark(handle: Handle, rect: Rect) -> Rect {
    let size = if handle.horizontal() { egui::vec2(32.0, 2.0) } else { egui::vec2(2.0, 32.0) };
    Rect::from_center_size(rect.center(), size)
}
