//! The page of functions and operators: by family, or what is sought among them. A press puts one into
//! the editor.

use egui::{CollapsingHeader, Role, Sense, TextEdit, Ui, WidgetInfo};

use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{focus_ring, label};
use crate::runtime::editor::reference::{Entry, FAMILIES};

/// Draws the page; `sought` is what was typed into its field.
pub fn ui(ui: &mut Ui, view: &View<'_>, sought: &mut String, actions: &mut Actions) {
    let name = view.tr("functions-search");
    let field = TextEdit::singleline(sought).hint_text(&name).desired_width(f32::INFINITY);
    ui.add(field).accessible_name(name);
    let wanted = folded(sought.trim());
    if wanted.is_empty() {
        for family in FAMILIES {
            let title = Type::Strong.text(view.tr(family.title), view.theme.palette.text.primary);
            CollapsingHeader::new(title).id_salt(family.title).show(ui, |ui| {
                for entry in family.entries {
                    entry_ui(ui, view, entry, actions);
                }
            });
        }
        return;
    }
    let all = FAMILIES.iter().flat_map(|family| family.entries);
    let mut found = all.filter(|entry| fits(view, entry, &wanted)).peekable();
    if found.peek().is_none() {
        let words = view.tr_args("functions-none", &[("sought", sought.trim().into())]);
        label(ui, Type::Body, words, view.theme.palette.text.muted);
    }
    for entry in found {
        entry_ui(ui, view, entry, actions);
    }
}

fn fits(view: &View<'_>, entry: &Entry, wanted: &str) -> bool {
    folded(entry.usage()).contains(wanted)
        || folded(entry.name).contains(wanted)
        || folded(&view.tr(entry.help)).contains(wanted)
}

/// A text as people type it in a hurry: small, and without accents.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

fn entry_ui(ui: &mut Ui, view: &View<'_>, entry: &'static Entry, actions: &mut Actions) {
    let palette = &view.theme.palette;
    let ground = ui.painter().add(egui::Shape::Noop);
    let inner = ui.vertical(|ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        label(ui, Type::Code, entry.usage(), palette.text.primary);
        label(ui, Type::Label, view.tr(entry.help), palette.text.secondary);
    });
    let id = ui.scope_id().with(("function", entry.name));
    let response = ui.interact(inner.response.rect, id, Sense::click());
    let name = view.tr_args("functions-insert", &[("name", entry.name.into())]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.hovered() {
        let lit = inner.response.rect.expand2(egui::vec2(4.0, 2.0));
        let shape = egui::Shape::rect_filled(lit, view.theme.radius.small, palette.surface.raised);
        ui.painter().set(ground, shape);
    }
    focus_ring(ui, &response, view.theme.radius.small);
    if response.on_hover_text(&name).clicked() {
        let opened = entry.arguments().is_some_and(|arguments| arguments.starts_with('('));
        let text = if opened { format!("{}(", entry.name) } else { entry.name.to_owned() };
        actions.push(Action::InsertIntoEditor(text));
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(folded("MÉDIA, às Três"), "media, as tres");
    }
}
