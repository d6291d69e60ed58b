//! What seems wrong while somebody types: underlined once the typing rests, and said in a line at the
//! foot of the editor when the caret stands in that statement. Nothing has been run then.

use egui::{Context, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{EditorState, language};
use crate::base::Error;
use crate::gui::link::Link;
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::i18n::error_text;

/// Seconds without a key after which a script is looked at.
const REST: f64 = 0.4;
/// Longer scripts are looked at only when they run: a look must never be felt.
const LONGEST: usize = 20_000;
/// Lines of words at the foot.
const ROWS: usize = 3;

/// What was found, and whether it is still to be looked for.
#[derive(Default)]
pub struct Hints {
    found: Vec<Error>,
    typed_at: Option<f64>,
}

impl Hints {
    /// The text was changed: what was found may be wrong now.
    pub fn touch(&mut self, now: f64) {
        self.found.clear();
        self.typed_at = Some(now);
    }

    /// What seems wrong.
    pub fn found(&self) -> &[Error] {
        &self.found
    }
}

/// Looks at the script once the typing rests.
pub fn look(ctx: &Context, state: &mut EditorState, link: &Link) {
    // A word that is still being chosen is not wrong yet.
    let Some(typed_at) = state.hints.typed_at.filter(|_| !state.completion.is_open()) else {
        return;
    };
    let left = REST - (ctx.input(|input| input.time) - typed_at);
    if left > 0.0 {
        ctx.request_repaint_after(std::time::Duration::from_secs_f64(left));
        return;
    }
    state.hints.typed_at = None;
    if state.text.len() <= LONGEST && state.errors.is_empty() {
        state.hints.found = language::diagnose(&state.text, &link.catalog);
    }
}

/// Says what seems wrong with the statement at the caret.
pub fn ui(ui: &Ui, view: &View<'_>, state: &mut EditorState, editor: Rect) {
    if state.hints.found.is_empty() {
        return;
    }
    let caret = state.selection.0;
    let Some((statement, _)) = state.reading.at_caret(&state.text, caret) else { return };
    let span = statement.span;
    let here = |error: &&Error| {
        let inside = |at| span.start <= at && at <= span.end;
        error.span().is_some_and(|span| inside(span.start))
    };
    let Some(error) = state.hints.found.iter().find(here) else { return };
    let words = error_text(view.language, error);
    let palette = &view.theme.palette;
    let width = editor.width() - 16.0;
    let look = (Type::Label, palette.text.primary);
    let galley = text::paragraph(ui.painter(), look, &words, width - 20.0, ROWS);
    let height = galley.size().y + 10.0;
    let foot = pos2(editor.left() + 8.0, editor.bottom() - height - 6.0);
    let rect = Rect::from_min_size(foot, vec2(width, height));
    ui.painter().rect_filled(rect, view.theme.radius.control, palette.status.warn_soft);
    let elided = galley.elided;
    ui.painter().galley(rect.min + vec2(10.0, 5.0), galley, palette.text.primary);
    let response = ui.interact(rect, ui.scope_id().with("hint"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &words));
    if elided {
        response.on_hover_text(&words);
    }
}
