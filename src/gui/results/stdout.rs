//! The stdout of each TaskManager, as its log page shows it in Flink.

use egui::{ScrollArea, Ui};

use crate::base::TaskManagerId;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, Segment, segmented};
use crate::model::StdoutLine;

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, shown: &mut Option<TaskManagerId>, actions: &mut Actions) {
    let managers: Vec<_> = view.model.cluster.keys().copied().collect();
    let printed = |id: &TaskManagerId| view.model.stdout.get(id).is_some_and(|log| !log.is_empty());
    let first = managers.iter().copied().find(printed).or(managers.first().copied());
    let Some(mut chosen) = shown.or(first) else {
        super::empty_ui(ui, view, "results-none");
        return;
    };
    let log = view.model.stdout.get(&chosen);
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        let segments: Vec<_> =
            managers.iter().map(|id| Segment::new(*id, format!("TaskManager {id}"))).collect();
        if segmented(ui, &mut chosen, &segments) {
            *shown = Some(chosen);
        }
        if let Some(log) = log.filter(|log| !log.is_empty()) {
            let copy = view.tr("results-copy");
            if ui.add(Button::ghost(&copy).icon(Icon::Copy).small()).clicked() {
                let lines: Vec<&str> = log.iter().map(|line| &*line.line).collect();
                actions.push(Action::Copy(lines.join("\n")));
            }
        }
    });
    ui.add_space(4.0);
    let Some(log) = log.filter(|log| !log.is_empty()) else {
        super::empty_ui(ui, view, "stdout-none");
        return;
    };
    let height = Type::Code.style().line_height;
    let area = ScrollArea::both().id_salt("stdout").auto_shrink([false, false]);
    area.stick_to_bottom(true).show_rows(ui, height, log.len(), |ui, rows| {
        for row in rows {
            if let Some(line) = log.get(log.dropped() + row) {
                line_ui(ui, view, line, height);
            }
        }
    });
}

fn line_ui(ui: &mut Ui, view: &View<'_>, line: &StdoutLine, height: f32) {
    ui.horizontal(|ui| {
        ui.set_height(height);
        ui.add_space(16.0);
        let words = Type::Code.text(&*line.line, view.theme.palette.text.primary);
        ui.add(egui::Label::new(words).extend().selectable(true));
    });
}
