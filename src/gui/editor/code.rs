//! The SQL text field: colours, line numbers, errors under their lines, completion.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, CharIndex, LayoutJob, TextFormat};
use egui::text_edit::{TextEditOutput, TextEditState};
use egui::{
    Align, Align2, Color32, Context, FontId, Galley, Margin, Rect, ScrollArea, Stroke, TextBuffer,
    TextEdit, Ui, pos2, vec2,
};

use super::error_line::{self, ErrorLine};
use super::{EditorState, complete, hints, language, text};
use crate::base::Error;
use crate::gui::link::Link;
use crate::gui::theme::{Theme, Type};
use crate::gui::view::View;
use crate::gui::widgets::panel_ground;
use crate::runtime::api::TokenClass;

const GUTTER: f32 = 44.0;
const MARGIN: Margin = Margin { left: GUTTER as i8 + 8, right: 16, top: 8, bottom: 8 };

/// Draws the text field.
pub fn ui(ui: &mut Ui, view: &View<'_>, link: &Link, state: &mut EditorState) {
    let rect = ui.available_rect_before_wrap();
    panel_ground(ui, rect, view.theme.palette.surface.editor);
    ScrollArea::both().id_salt("code").auto_shrink([false, false]).show(ui, |ui| {
        let keys = complete::keys(ui.ctx(), &mut state.completion);
        let before = state.text.len();
        let (left, width) = (rect.left() + GUTTER + 8.0, rect.width() - GUTTER - 20.0);
        let lines = error_line::lines(ui, view, (&state.text, &state.errors), width.max(160.0));
        let output = field(ui, view, state, (rect, &lines));
        remember_selection(state, &output);
        if std::mem::take(&mut state.reveal) {
            reveal(ui, state, &output);
        }
        if output.response.response.changed() {
            state.changed = true;
            state.next = None;
            state.hints.touch(ui.input(|input| input.time));
            forget_touched_errors(state, before);
            complete::open(state, &link.catalog);
        }
        hints::look(ui.ctx(), state, link);
        line_numbers(ui, view.theme, state, &output);
        error_line::ui(ui, state, &output, (&lines, left, width.max(160.0)));
        complete::ui(ui, view, state, &output, keys);
    });
    hints::ui(ui, view, state, rect);
}

fn field(
    ui: &mut Ui,
    view: &View<'_>,
    state: &mut EditorState,
    (rect, lines): (Rect, &[ErrorLine]),
) -> TextEditOutput {
    let EditorState { text, reading, errors, hints, .. } = state;
    let places = |errors: &[Error]| {
        errors.iter().filter_map(Error::span).map(|span| text::range(text, span)).collect()
    };
    let marked = errors.iter().zip(lines).filter_map(|(error, line)| {
        let mark = text::range(text, error.span()?);
        Some((error_line::room_in(text, &mark)?, line.height))
    });
    let tall = marked.collect();
    let marks = Marks { wrong: places(errors), seems: places(hints.found()), tall };
    let theme = view.theme;
    let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, _wrap: f32| -> Arc<Galley> {
        let job = layout(theme, buffer.as_str(), reading.tokens(buffer.as_str()), &marks);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let output = TextEdit::multiline(text)
        .id(field_id())
        .frame(egui::Frame::NONE.inner_margin(MARGIN))
        .font(Type::Code.font())
        .desired_width(f32::INFINITY)
        .min_size(vec2(0.0, rect.height() - 2.0))
        .lock_focus(true)
        .layouter(&mut layouter)
        .show(ui);
    let name = view.tr("editor-sql-field");
    output.response.response.clone().accessible_name(name);
    output
}

/// The id of the text field.
pub fn field_id() -> egui::Id {
    egui::Id::unique("sql-editor")
}

/// Selects a stretch of bytes, and gives the field the keyboard.
pub fn select(ctx: &Context, state: &mut EditorState, bytes: Range<usize>) {
    let id = field_id();
    let cursor = |byte| CCursor::new(CharIndex(text::char_of_byte(&state.text, byte)));
    if let Some(mut field) = TextEditState::load(ctx, id) {
        let range = CCursorRange::two(cursor(bytes.start), cursor(bytes.end));
        field.cursor.set_char_range(Some(range));
        field.store(ctx, id);
    }
    state.selection = (bytes.end, bytes.start);
    state.reveal = true;
    ctx.memory_mut(|memory| memory.request_focus(id));
}

/// Places that are underlined.
#[derive(Default)]
struct Marks {
    /// What was refused.
    wrong: Vec<Range<usize>>,
    /// What seems wrong and was not run.
    seems: Vec<Range<usize>>,
    /// The spaces that make room for errors, and how much.
    tall: Vec<(Range<usize>, f32)>,
}

impl Marks {
    fn color(&self, theme: &Theme, range: &Range<usize>) -> Option<Color32> {
        let within = |marks: &[Range<usize>]| {
            marks.iter().any(|mark| mark.start <= range.start && range.end <= mark.end)
        };
        match (within(&self.wrong), within(&self.seems)) {
            (true, _) => Some(theme.palette.status.danger),
            (_, true) => Some(theme.palette.status.warn),
            _ => None,
        }
    }

    fn room(&self, range: &Range<usize>) -> f32 {
        let here = |space: &Range<usize>| space.start <= range.start && range.end <= space.end;
        let rooms = self.tall.iter().filter(|(space, _)| here(space)).map(|(_, room)| *room);
        rooms.fold(0.0, f32::max)
    }
}

/// SQL with its colours, to be read.
pub fn colored(theme: &Theme, text: &str) -> LayoutJob {
    layout(theme, text, &language::highlight(text), &Marks::default())
}

/// The text with its colours. A space makes the line on which an error ends as high as itself and
/// the error: a letter would move down with its own height.
fn layout(
    theme: &Theme,
    text: &str,
    tokens: &[(Range<usize>, TokenClass)],
    marks: &Marks,
) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: true, ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    let all = marks.wrong.iter().chain(&marks.seems).chain(marks.tall.iter().map(|(at, _)| at));
    let mut cuts: Vec<usize> = all.flat_map(|m| [m.start, m.end]).collect();
    cuts.sort_unstable();
    let mut append = |range: Range<usize>, class: TokenClass| {
        let mark = marks.color(theme, &range);
        let room = marks.room(&range);
        job.append(&text[range], 0.0, format(theme, class, mark, room));
    };
    let mut done = 0;
    let mut pieces = |range: Range<usize>, class: TokenClass| {
        let mut start = range.start;
        for &cut in cuts.iter().filter(|cut| range.start < **cut && **cut < range.end) {
            if start < cut {
                append(start..cut, class);
                start = cut;
            }
        }
        if start < range.end {
            append(start..range.end, class);
        }
    };
    for (range, class) in tokens {
        if done < range.start {
            pieces(done..range.start, TokenClass::Plain);
        }
        pieces(range.start.max(done)..range.end.min(text.len()), *class);
        done = done.max(range.end);
    }
    if done < text.len() {
        pieces(done..text.len(), TokenClass::Plain);
    }
    if text.is_empty() {
        job.append("", 0.0, format(theme, TokenClass::Plain, None, 0.0));
    }
    job
}

fn format(theme: &Theme, class: TokenClass, mark: Option<Color32>, room: f32) -> TextFormat {
    let syntax = &theme.palette.syntax;
    let color = match class {
        TokenClass::Keyword => syntax.keyword,
        TokenClass::Function => syntax.function,
        TokenClass::String => syntax.string,
        TokenClass::Number => syntax.number,
        TokenClass::Comment => syntax.comment,
        TokenClass::Identifier | TokenClass::Plain => theme.palette.text.primary,
    };
    let step = if class == TokenClass::Keyword { Type::CodeStrong } else { Type::Code };
    let line = step.style().line_height;
    TextFormat {
        font_id: step.font(),
        color,
        line_height: Some(line + room),
        underline: mark.map_or(Stroke::NONE, |color| Stroke::new(1.5, color)),
        valign: Align::TOP,
        ..TextFormat::default()
    }
}

/// Brings the caret into view, where something else than a key has moved it.
fn reveal(ui: &Ui, state: &EditorState, output: &TextEditOutput) {
    let cursor = CCursor::new(CharIndex(text::char_of_byte(&state.text, state.selection.0)));
    let caret = output.galley.pos_from_cursor(cursor).translate(output.galley_pos.to_vec2());
    ui.scroll_to_rect(caret.expand2(vec2(0.0, 2.0 * Type::Code.style().line_height)), None);
}

fn remember_selection(state: &mut EditorState, output: &TextEditOutput) {
    if let Some(range) = output.cursor_range {
        let byte = |at: egui::text::CCursor| text::byte_of_char(&state.text, at.index.0);
        state.selection = (byte(range.primary), byte(range.secondary));
    }
}

/// An edit before or inside an error takes it away: its place is not known any more.
fn forget_touched_errors(state: &mut EditorState, length_before: usize) {
    let grown = state.text.len().abs_diff(length_before);
    let from = state.selection.0.saturating_sub(grown);
    let EditorState { errors, text, .. } = state;
    errors.retain(|error| error.span().is_some_and(|span| text::range(text, span).end <= from));
}

/// The numbers of the lines, a mark beside those with an error, and a bar along the statement that
/// would run.
fn line_numbers(ui: &Ui, theme: &Theme, state: &mut EditorState, output: &TextEditOutput) {
    let here = lines_that_run(state);
    let caret_line =
        state.text[..text::floor(&state.text, state.selection.0)].matches('\n').count();
    let wrong: Vec<usize> =
        state.errors.iter().filter_map(Error::span).map(|span| span.start.line as usize).collect();
    let font = FontId::new(12.0, Type::Code.font().family);
    let mut line = 1;
    let left = output.galley_pos.x - 8.0;
    let focused = output.response.response.has_focus();
    for row in &output.galley.rows {
        let top = output.galley_pos.y + row.pos.y;
        let number = line;
        if row.ends_with_newline {
            line += 1;
        }
        let across = egui::Rangef::new(top, top + row.height());
        if !across.intersects(ui.clip_rect().y_range()) {
            continue;
        }
        let middle = top + Type::Code.style().line_height / 2.0;
        if here.as_ref().is_some_and(|lines| lines.contains(&number)) {
            let bar = Rect::from_x_y_ranges(left - 4.0..=left - 2.0, across);
            ui.painter().rect_filled(bar, 0, theme.palette.accent.text);
        }
        let color = if focused && number == caret_line + 1 {
            theme.palette.text.primary
        } else {
            theme.palette.text.muted
        };
        ui.painter().text(
            pos2(left - 12.0, middle),
            Align2::RIGHT_CENTER,
            number,
            font.clone(),
            color,
        );
        if wrong.contains(&number) {
            let at = pos2(left - GUTTER + 8.0, middle);
            ui.painter().circle_filled(at, 3.0, theme.palette.status.danger);
        }
    }
}

/// The lines of the statement at the caret, unless it is the only one, or something is selected.
fn lines_that_run(state: &mut EditorState) -> Option<RangeInclusive<usize>> {
    let (caret, other) = state.selection;
    if caret != other || state.reading.statements(&state.text).len() < 2 {
        return None;
    }
    let (statement, _) = state.reading.at_caret(&state.text, caret)?;
    Some(statement.span.start.line as usize..=statement.span.end.line as usize)
}
