//! What there is to name in a statement: tables and views with their columns, and settings.

use egui::{CollapsingHeader, Frame, Margin, ScrollArea, Ui};

use crate::gui::link::Link;
use crate::gui::settings::Settings;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, label};
use crate::runtime::api::TableSummary;

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, link: &Link, actions: &mut Actions) {
    let catalog = &link.catalog;
    let palette = &view.theme.palette;
    ScrollArea::vertical().id_salt("catalog").auto_shrink([false, false]).show(ui, |ui| {
        Frame::new().inner_margin(Margin::same(12)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            let (name, database) = &catalog.current;
            label(ui, Type::Label, view.tr("catalog-current"), palette.text.muted);
            label(ui, Type::CodeStrong, format!("{name}.{database}"), palette.text.primary);
            if catalog.tables.is_empty() {
                label(ui, Type::Body, view.tr("catalog-empty"), palette.text.muted);
            }
            for table in &catalog.tables {
                table_ui(ui, view, table, actions);
            }
            keep_ui(ui, view, actions);
            if !catalog.settings.is_empty() {
                ui.add_space(8.0);
                label(ui, Type::Label, view.tr("catalog-settings"), palette.text.muted);
                for (key, value) in &catalog.settings {
                    let text = format!("'{key}' = '{value}'");
                    label(ui, Type::Code, text, palette.text.secondary);
                }
            }
        });
    });
}

/// Flink's in-memory catalog ends with its session; whoever wants finds it again here.
fn keep_ui(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    ui.add_space(8.0);
    let mut kept = view.settings.catalog.is_some();
    if ui.checkbox(&mut kept, view.tr("catalog-keep")).changed() {
        let catalog = kept.then(Vec::new);
        let settings = Settings { catalog, ..view.settings.clone() };
        actions.push(Action::Settings(Box::new(settings)));
    }
    label(ui, Type::Label, view.tr("catalog-keep-note"), view.theme.palette.text.muted);
}

fn table_ui(ui: &mut Ui, view: &View<'_>, table: &TableSummary, actions: &mut Actions) {
    let palette = &view.theme.palette;
    let (catalog, database, name) = &table.path;
    let kind = if table.view { "VIEW" } else { table.connector.as_deref().unwrap_or("TABLE") };
    let title = Type::Strong.text(format!("{name}  ·  {kind}"), palette.text.primary);
    CollapsingHeader::new(title).id_salt(&table.path).show(ui, |ui| {
        for (column, data_type) in &table.columns {
            ui.horizontal(|ui| {
                label(ui, Type::Code, column, palette.text.primary);
                label(ui, Type::Code, data_type, palette.text.muted);
            });
        }
        let select = view.tr("catalog-select");
        if ui.add(Button::secondary(&select).small()).clicked() {
            let text = format!("SELECT * FROM `{catalog}`.`{database}`.`{name}`;\n");
            actions.push(Action::SetEditorText(text));
        }
    });
}
