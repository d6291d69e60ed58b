//! The line of an error, under the line of the statement where it ends, with a button that repairs
//! it where the lab knows how.

use std::ops::Range;

use egui::text_edit::TextEditOutput;
use egui::{Context, Rect, Ui, UiBuilder, pos2, vec2};

use super::language::{self, Repair, RepairKind};
use super::{EditorState, code, text};
use crate::base::Error;
use crate::gui::view::View;
use crate::gui::widgets::{Button, ErrorCard};
use crate::i18n::error_text;

/// Between an error and the code below it.
const GAP: f32 = 6.0;

/// An error as it stands in the editor.
pub struct ErrorLine {
    card: ErrorCard,
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
    let line = |error: &Error| {
        let repair = language::repair(text, error).map(|repair| {
            let name = repair_name(view, repair.kind);
            (repair, name)
        });
        let beside = repair.as_ref().map(|(_, name)| button(name).width(ui.painter()) + 8.0);
        let words = error_text(view.language, error);
        let card = ErrorCard::new(ui, words, width, beside.unwrap_or_default());
        let least = if repair.is_some() { view.theme.size.button_small + 4.0 } else { 0.0 };
        let height = card.height().max(least) + GAP;
        ErrorLine { card, repair, height }
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
    state: &mut EditorState,
    output: &TextEditOutput,
    (lines, left, width): (&[ErrorLine], f32, f32),
) {
    let (mut repair, mut newest) = (None, None);
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
        if line_ui(ui, rect, line) {
            repair = line.repair.as_ref().map(|(repair, _)| repair);
        }
        newest = Some(rect);
    }
    if let Some(rect) = newest.filter(|_| std::mem::take(&mut state.reveal_error)) {
        ui.scroll_to_rect(rect.expand(GAP), None);
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

fn line_ui(ui: &mut Ui, rect: Rect, line: &ErrorLine) -> bool {
    let inner = line.card.ui(ui, rect);
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
