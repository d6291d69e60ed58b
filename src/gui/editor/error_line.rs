//! The line of an error, under the line of the statement where it ends, with a button that repairs
//! it where the lab knows how.

use std::ops::Range;
use std::sync::Arc;

use egui::text_edit::TextEditOutput;
use egui::{Context, Galley, Rect, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::language::{self, Repair, RepairKind};
use super::{EditorState, code, text};
use crate::base::Error;
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::text::paragraph;
use crate::gui::widgets::{Button, Icon, paint_icon};
use crate::i18n::error_text;

/// Lines of words that an error may take.
const ROWS: usize = 3;
/// Above and below the words; what is left of the room stands between it and the code.
const PAD: f32 = 6.0;
const GAP: f32 = 6.0;
const SIDE: f32 = 10.0;
const ICON: f32 = 14.0;

/// An error as it stands in the editor.
pub struct ErrorLine {
    words: String,
    galley: Arc<Galley>,
    repair: Option<(Repair, String)>,
    /// The room that it takes under its line.
    pub height: f32,
}

/// The errors of a text, in lines of a width.
pub fn lines(
    ui: &Ui,
    view: &View<'_>,
    (text, errors): (&str, &[Error]),
    width: f32,
) -> Vec<ErrorLine> {
    let ink = view.theme.palette.text.primary;
    let line = |error: &Error| {
        let repair = language::repair(text, error).map(|repair| {
            let name = repair_name(view, repair.kind);
            (repair, name)
        });
        let button =
            repair.as_ref().map_or(0.0, |(_, name)| button(name).width(ui.painter()) + 8.0);
        let words = error_text(view.language, error);
        let room = width - 2.0 * SIDE - ICON - 8.0 - button;
        let galley = paragraph(ui.painter(), (Type::Label, ink), &words, room, ROWS);
        let inner = galley.size().y.max(view.theme.size.button_small - 2.0 * PAD + 4.0);
        ErrorLine { words, galley, repair, height: (inner + 2.0 * PAD + GAP).ceil() }
    };
    errors.iter().map(line).collect()
}

fn button(name: &str) -> Button<'_> {
    Button::secondary(name).small()
}

/// The line on which a mark ends, without its line break.
pub fn line_of(text: &str, mark: &Range<usize>) -> Range<usize> {
    let last = text::floor(text, mark.end.saturating_sub(1).max(mark.start));
    let start = text[..last].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    start..end
}

/// The space in the line of a mark that makes room for the error under it, if the line has one.
pub fn room_in(text: &str, mark: &Range<usize>) -> Option<Range<usize>> {
    let line = line_of(text, mark);
    let space = line.start + text[line].find(' ')?;
    Some(space..space + 1)
}

/// Draws the errors, `left` and `width` in the window; a press on a repair changes the text.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    state: &mut EditorState,
    output: &TextEditOutput,
    (lines, left, width): (&[ErrorLine], f32, f32),
) {
    let mut repair = None;
    let mut below = output.galley_pos.y + output.galley.size().y + 4.0;
    for (error, line) in state.errors.iter().zip(lines) {
        let mark = error.span().map(|span| text::range(&state.text, span));
        let top = match mark.as_ref().filter(|mark| room_in(&state.text, mark).is_some()) {
            Some(mark) => row_bottom(state, output, mark) - line.height + 2.0,
            None => {
                below += line.height;
                below - line.height
            }
        };
        let rect = Rect::from_min_size(pos2(left, top), vec2(width, line.height - GAP));
        if line_ui(ui, view, rect, line) {
            repair = line.repair.as_ref().map(|(repair, _)| repair);
        }
    }
    if let Some(repair) = repair {
        apply(ui.ctx(), state, repair);
    }
}

fn repair_name(view: &View<'_>, kind: RepairKind) -> String {
    match kind {
        RepairKind::Nearest => view.tr("editor-repair"),
        RepairKind::Mode(mode) => {
            view.tr_args("editor-repair-mode", &[("mode", mode.to_string().into())])
        }
    }
}

/// Changes the text. What was put before a statement is selected with it, so that one press runs
/// both.
fn apply(ctx: &Context, state: &mut EditorState, repair: &Repair) {
    let place = |at| text::byte_at(&state.text, at);
    let (start, end) = (place(repair.span.start), place(repair.span.end));
    state.text.replace_range(start..end, &repair.text);
    state.errors.clear();
    state.changed = true;
    let behind = start + repair.text.len();
    let after = state.reading.at_caret(&state.text, behind);
    let selected = match after.filter(|_| start == end) {
        Some((statement, _)) => start..text::range(&state.text, statement.span).end,
        None => behind..behind,
    };
    code::select(ctx, state, selected);
}

fn row_bottom(state: &EditorState, output: &TextEditOutput, mark: &Range<usize>) -> f32 {
    let line = state.text[..line_of(&state.text, mark).start].matches('\n').count();
    let ends = output.galley.rows.iter().scan(0, |number, row| {
        let own = *number;
        *number += usize::from(row.ends_with_newline);
        Some((own, row))
    });
    let row = ends.filter(|(number, _)| *number == line).last();
    output.galley_pos.y + row.map_or(0.0, |(_, row)| row.pos.y + row.size.y)
}

fn line_ui(ui: &mut Ui, view: &View<'_>, rect: Rect, line: &ErrorLine) -> bool {
    let palette = &view.theme.palette;
    let edge = egui::Stroke::new(1.0, palette.status.danger.gamma_multiply(0.35));
    let ground = palette.status.danger_soft;
    ui.painter().rect(rect, view.theme.radius.control, ground, edge, StrokeKind::Inside);
    let inner = rect.shrink2(vec2(SIDE, 0.0));
    let size = line.galley.size();
    let words =
        Rect::from_min_size(pos2(inner.left() + ICON + 8.0, rect.center().y - size.y / 2.0), size);
    let first = line.galley.rows.first().map_or(size.y, |row| row.height());
    let middle = pos2(inner.left() + ICON / 2.0, words.top() + first / 2.0);
    let icon = Rect::from_center_size(middle, egui::Vec2::splat(ICON));
    let (danger, width) = (palette.status.danger, view.theme.stroke.icon);
    paint_icon(ui.painter(), icon, Icon::Cross, danger, width);
    ui.painter().galley(words.min, line.galley.clone(), palette.text.primary);
    let id = ui.scope_id().with(("error", &line.words));
    let response = ui.interact(words, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line.words));
    if line.galley.elided {
        response.on_hover_text(&line.words);
    }
    let Some((_, name)) = &line.repair else { return false };
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut row = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    row.add(button(name)).clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_under_the_line_on_which_it_ends() {
        let text = "SELECT a\nFROM b\nWHERE c";
        assert_eq!(&text[line_of(text, &(7..8))], "SELECT a");
        assert_eq!(&text[line_of(text, &(0..15))], "FROM b");
        assert_eq!(&text[line_of(text, &(text.len()..text.len()))], "WHERE c");
        assert_eq!(line_of("", &(0..0)), 0..0);
        assert_eq!((room_in(text, &(7..8)), room_in("SELECT", &(0..6))), (Some(6..7), None));
    }
}
