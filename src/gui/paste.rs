//! A table out of the clipboard: text in, a look at what it becomes, a file in the workspace and a CREATE
//! TABLE in the editor.

use std::path::Path;

use egui::{Context, Frame, Id, Margin, Modal, ScrollArea, TextEdit, Ui};

use super::theme::{Theme, Type};
use super::view::{Action, Actions};
use super::widgets::{Button, label};
use super::workspace;
use crate::base::{Error, Result};
use crate::i18n::{self, Language};
use crate::runtime::editor::{Pasted, pasted_table};

/// What the page keeps between two frames.
pub struct PasteState {
    text: String,
    name: String,
    /// What the text becomes; absent until there is one.
    table: Option<Result<Pasted>>,
    fresh: bool,
}

impl PasteState {
    /// A page for a new table. The clipboard is asked for, and comes as if it were pasted.
    pub fn new(ctx: &Context, language: Language) -> Self {
        ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste);
        let name = i18n::tr(language, "paste-name-given");
        Self { text: String::new(), name, table: None, fresh: true }
    }

    fn path(&self) -> String {
        let word = |c: char| if c.is_alphanumeric() { c } else { '_' };
        format!("/{}.csv", self.name.trim().chars().map(word).collect::<String>())
    }

    fn read(&mut self) {
        let text = Some(&self.text).filter(|text| !text.trim().is_empty());
        self.table = text.map(|text| pasted_table(text, self.name.trim(), &self.path()));
    }
}

/// Draws the page over the window; closed, the state is gone.
pub fn ui(
    ctx: &Context,
    language: Language,
    workspace: Option<&Path>,
    state: &mut Option<PasteState>,
    actions: &mut Actions,
) {
    let Some(paste) = state else { return };
    let theme = Theme::get(ctx.theme() == egui::Theme::Dark);
    let frame = Frame::new()
        .fill(theme.palette.surface.overlay)
        .stroke(theme.outline())
        .corner_radius(theme.radius.panel)
        .shadow(theme.palette.shadow.shadow())
        .inner_margin(Margin::same(24));
    let response = Modal::new(Id::unique("paste")).frame(frame).show(ctx, |ui| {
        ui.set_width(560.0);
        label(ui, Type::Title, i18n::tr(language, "paste-title"), theme.palette.text.primary);
        ui.add_space(8.0);
        text_ui(ui, language, theme, paste);
        ui.add_space(8.0);
        outcome_ui(ui, language, theme, workspace, paste, actions)
    });
    if response.inner || response.should_close() {
        *state = None;
    }
}

fn text_ui(ui: &mut Ui, language: Language, theme: &Theme, paste: &mut PasteState) {
    let ink = theme.palette.text.secondary;
    let words = label(ui, Type::Body, i18n::tr(language, "paste-text"), ink);
    let area = ScrollArea::vertical().id_salt("pasted").max_height(160.0);
    let edit = TextEdit::multiline(&mut paste.text).desired_width(f32::INFINITY).desired_rows(7);
    let edit = edit.font(Type::Code.font());
    let mut changed = area.show(ui, |ui| {
        let response = ui.add(edit).labelled_by(words.id);
        if std::mem::take(&mut paste.fresh) {
            response.request_focus();
        }
        response.changed()
    });
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let words = label(ui, Type::Body, i18n::tr(language, "paste-name"), ink);
        let edit = TextEdit::singleline(&mut paste.name).desired_width(200.0);
        changed.inner |= ui.add(edit.font(Type::Code.font())).labelled_by(words.id).changed();
    });
    if changed.inner {
        paste.read();
    }
}

/// What the text becomes, and the button; true when it was made.
fn outcome_ui(
    ui: &mut Ui,
    language: Language,
    theme: &Theme,
    workspace: Option<&Path>,
    paste: &PasteState,
    actions: &mut Actions,
) -> bool {
    let Some(folder) = workspace else {
        label(ui, Type::Body, i18n::tr(language, "files-none"), theme.palette.status.danger);
        return false;
    };
    let table = match &paste.table {
        None => return false,
        Some(Err(error)) => {
            let words = i18n::error_text(language, error);
            label(ui, Type::Body, words, theme.palette.status.danger);
            return false;
        }
        Some(Ok(table)) => table,
    };
    let rows = i18n::tr_args(language, "paste-rows", &[("count", table.rows.into())]);
    label(ui, Type::Label, rows, theme.palette.text.muted);
    let area = ScrollArea::vertical().id_salt("statement").max_height(200.0);
    area.show(ui, |ui| {
        label(ui, Type::Code, &table.statement, theme.palette.text.primary);
    });
    ui.add_space(8.0);
    let words = i18n::tr(language, "paste-make");
    if !ui.add(Button::primary(&words)).clicked() {
        return false;
    }
    match workspace::add_file(folder, &paste.path(), &table.file) {
        Ok(()) => {
            actions.push(Action::AddToEditor(table.statement.clone()));
            true
        }
        Err(error) => {
            let error = Error::new("file-not-saved").arg("path", paste.path()).arg("reason", error);
            actions.push(Action::Notice(error));
            false
        }
    }
}
