//! What there is to name in a statement: tables and views with their columns, functions, settings.

use egui::{CollapsingHeader, Frame, Margin, ScrollArea, Ui};

use super::functions;
use crate::gui::link::Link;
use crate::gui::settings::Settings;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Segment, label, segmented};
use crate::runtime::api::TableSummary;

/// What the page keeps between two frames.
#[derive(Default)]
pub struct CatalogState {
    shelf: Shelf,
    /// What is sought among the functions.
    sought: String,
}

/// What the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shelf {
    #[default]
    Tables,
    Functions,
}

/// Draws the page.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    link: &Link,
    state: &mut CatalogState,
    actions: &mut Actions,
) {
    let shelf = state.shelf;
    ScrollArea::vertical().id_salt(("catalog", shelf as u8)).auto_shrink([false, false]).show(
        ui,
        |ui| {
            Frame::new().inner_margin(Margin::same(12)).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                let shelves = [
                    Segment::new(Shelf::Tables, view.tr("catalog-tables")),
                    Segment::new(Shelf::Functions, view.tr("catalog-functions")),
                ];
                segmented(ui, &mut state.shelf, &shelves);
                ui.add_space(2.0);
                match shelf {
                    Shelf::Tables => tables(ui, view, link, actions),
                    Shelf::Functions => functions::ui(ui, view, &mut state.sought, actions),
                }
            });
        },
    );
}

fn tables(ui: &mut Ui, view: &View<'_>, link: &Link, actions: &mut Actions) {
    let catalog = &link.catalog;
    let palette = &view.theme.palette;
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
            label(ui, Type::Code, format!("'{key}' = '{value}'"), palette.text.secondary);
        }
    }
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
