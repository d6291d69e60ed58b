//! The line of an error, under the line of the statement where it ends, with a button that repairs
//! it where the lab knows how.

use std::ops::Range;

use egui::text_edit::TextEditOutput;
use egui::{Context, Rect, StrokeKind, Ui, UiBuilder, pos2, vec2};

use super::language::{self, Repair, RepairKind};
use super::{EditorState, code, text};
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::{Button, Icon, icon_mark};
use crate::i18n::error_text;

/// How much higher the line of an error is.
pub const HEIGHT: f32 = 34.0;

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

/// Draws the errors; a press on a repair changes the text.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &mut EditorState, output: &TextEditOutput) {
    let mut repair = None;
    for (index, error) in state.errors.iter().enumerate() {
        let mark = error.span().map(|span| text::range(&state.text, span));
        let top = match mark.as_ref().filter(|mark| room_in(&state.text, mark).is_some()) {
            Some(mark) => row_bottom(state, output, mark) - HEIGHT + 2.0,
            None => output.galley_pos.y + output.galley.size().y + 4.0 + index as f32 * HEIGHT,
        };
        let left = output.galley_pos.x;
        let width = (ui.clip_rect().right() - left - 8.0).max(200.0);
        let rect = Rect::from_min_size(pos2(left, top), vec2(width, HEIGHT - 6.0));
        let offer = language::repair(&state.text, error);
        let name = offer.as_ref().map(|offer| repair_name(view, offer.kind));
        if line_ui(ui, view, rect, &error_text(view.language, error), name.as_deref()) {
            repair = offer;
        }
    }
    if let Some(repair) = repair {
        apply(ui.ctx(), state, &repair);
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

fn line_ui(ui: &mut Ui, view: &View<'_>, rect: Rect, words: &str, repair: Option<&str>) -> bool {
    let palette = &view.theme.palette;
    let edge = egui::Stroke::new(1.0, palette.status.danger.gamma_multiply(0.35));
    let ground = palette.status.danger_soft;
    ui.painter().rect(rect, view.theme.radius.control, ground, edge, StrokeKind::Inside);
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let inner = rect.shrink2(vec2(10.0, 0.0));
    let mut row = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    row.spacing_mut().item_spacing.x = 8.0;
    icon_mark(&mut row, Icon::Cross, palette.status.danger, 14.0, "");
    let first = words.lines().next().unwrap_or_default();
    let mut pressed = false;
    row.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if let Some(name) = repair {
            pressed = ui.add(Button::secondary(name).small()).clicked();
        }
        ui.with_layout(layout, |ui| {
            // All of it stands in one tooltip, not the cut line in another.
            let line = egui::Label::new(Type::Label.text(first, palette.text.primary));
            ui.add(line.truncate().show_tooltip_when_elided(false)).on_hover_text(words);
        });
    });
    pressed
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
