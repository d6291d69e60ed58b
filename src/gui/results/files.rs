//! The files of the workspace: part files as they appear, and what is in them.

use std::path::PathBuf;
use std::time::Duration;

use egui::{Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::people::{self, PeopleState};
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, focus_ring, label, paint_icon};
use crate::gui::workspace::{self, Entry};
use crate::runtime::api::PartsStatus;

/// Seconds between two looks at the folder while the page is open.
const LOOK_EVERY: f64 = 1.0;
const ROW: f32 = 24.0;
/// Points that a folder's content stands further in.
const INDENT: f32 = 16.0;

/// What the page keeps between two frames.
#[derive(Default)]
pub struct FilesState {
    entries: Vec<Entry>,
    more: usize,
    look_again: f64,
    open: Option<PathBuf>,
    people: PeopleState,
    /// The lines of the open file.
    content: Vec<String>,
}

impl FilesState {
    fn look(&mut self, ui: &Ui, view: &View<'_>) {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(LOOK_EVERY));
        let now = ui.input(|input| input.time);
        let Some(folder) = view.workspace.filter(|_| self.look_again <= now) else { return };
        self.look_again = now + LOOK_EVERY;
        (self.entries, self.more) = workspace::list(folder);
        self.read(view);
    }

    fn read(&mut self, view: &View<'_>) {
        let (Some(folder), Some(file)) = (view.workspace, &self.open) else { return };
        match workspace::beginning(folder, file) {
            Ok(text) => self.content = text.lines().map(str::to_owned).collect(),
            // It was renamed when it became ready, or deleted.
            Err(_) => self.open = None,
        }
    }
}

/// Draws the page.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    parts: Option<&PartsStatus>,
    state: &mut FilesState,
    actions: &mut Actions,
) {
    let Some(folder) = view.workspace else { return super::empty_ui(ui, view, "files-none") };
    state.look(ui, view);
    let palette = &view.theme.palette;
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        let words = view.tr_args("files-folder", &[("path", folder.display().to_string().into())]);
        let right = egui::Layout::right_to_left(egui::Align::Center);
        ui.with_layout(right, |ui| {
            ui.add_space(16.0);
            let paste = view.tr("paste-open");
            if ui.add(Button::ghost(&paste).icon(Icon::Table).small()).clicked() {
                actions.push(Action::PasteTable);
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(egui::Label::new(Type::Label.text(words, palette.text.muted)).truncate());
            });
        });
    });
    people::ui(ui, view, parts, &mut state.people, actions);
    if state.entries.is_empty() {
        return super::empty_ui(ui, view, "files-empty");
    }
    let height = if state.open.is_some() { ui.available_height() * 0.5 } else { f32::INFINITY };
    let mut pressed = None;
    let area = ScrollArea::vertical().id_salt("files").auto_shrink([false, false]);
    area.max_height(height).show(ui, |ui| {
        for entry in &state.entries {
            let open = state.open.as_deref() == Some(&*entry.path);
            if entry_ui(ui, view, entry, open) && entry.bytes.is_some() {
                pressed = Some((!open).then(|| entry.path.clone()));
            }
        }
        if state.more > 0 {
            let words = view.tr_args("files-more", &[("count", state.more.into())]);
            label(ui, Type::Label, words, palette.text.muted);
        }
    });
    if let Some(open) = pressed {
        state.open = open;
        state.read(view);
    }
    if state.open.is_some() {
        content_ui(ui, view, &state.content);
    }
}

fn entry_ui(ui: &mut Ui, view: &View<'_>, entry: &Entry, open: bool) -> bool {
    let palette = &view.theme.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let (name, bytes) = (entry.name(), entry.bytes);
    let state = if entry.in_progress() { view.tr("files-in-progress") } else { String::new() };
    response
        .widget_info(|| WidgetInfo::selected(Role::Button, true, open, format!("{name} {state}")));
    if open || response.hovered() {
        let fill = if open { palette.accent.soft } else { palette.surface.raised };
        ui.painter().rect_filled(rect.shrink2(vec2(8.0, 0.0)), view.theme.radius.control, fill);
    }
    let left = rect.left() + 16.0 + entry.depth as f32 * INDENT;
    let icon =
        egui::Rect::from_center_size(egui::pos2(left + 8.0, rect.center().y), vec2(16.0, 16.0));
    let (kind, ink) = match (bytes.is_some(), entry.in_progress()) {
        (false, _) => (Icon::Folder, palette.text.secondary),
        (true, true) => (Icon::History, palette.text.muted),
        (true, false) => (Icon::Save, palette.accent.text),
    };
    paint_icon(ui.painter(), icon, kind, ink, view.theme.stroke.icon);
    let right = match bytes {
        Some(bytes) => {
            let size = view.tr_args("files-bytes", &[("bytes", bytes.into())]);
            if state.is_empty() { size } else { format!("{state} · {size}") }
        }
        None => String::new(),
    };
    let at = egui::pos2(rect.right() - 16.0, rect.center().y);
    let look = (Type::Label, palette.text.muted);
    let told = line(ui, at, egui::Align2::RIGHT_CENTER, look, &right, rect.width() * 0.5);
    let at = egui::pos2(left + 24.0, rect.center().y);
    let look =
        (Type::Code, if entry.in_progress() { palette.text.muted } else { palette.text.primary });
    line(ui, at, egui::Align2::LEFT_CENTER, look, &name, told.left() - at.x - 8.0);
    focus_ring(ui, &response, view.theme.radius.control);
    response.clicked()
}

fn line(
    ui: &Ui,
    at: egui::Pos2,
    align: egui::Align2,
    look: (Type, egui::Color32),
    text: &str,
    width: f32,
) -> egui::Rect {
    crate::gui::widgets::text::line(ui.painter(), at, align, look, text, width)
}

fn content_ui(ui: &mut Ui, view: &View<'_>, lines: &[String]) {
    let top = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), top, view.theme.hairline());
    let height = Type::Code.style().line_height;
    let area = ScrollArea::both().id_salt("file").auto_shrink([false, false]);
    area.show_rows(ui, height, lines.len(), |ui, rows| {
        for line in &lines[rows.start..rows.end.min(lines.len())] {
            ui.horizontal(|ui| {
                ui.set_height(height);
                ui.add_space(16.0);
                let words = Type::Code.text(line, view.theme.palette.text.primary);
                ui.add(egui::Label::new(words).extend().selectable(true));
            });
        }
    });
}
