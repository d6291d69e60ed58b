//! The popup of completion: what fits at the caret, with one sentence of help.

use std::ops::Range;

use egui::text::{CCursor, CharIndex, LayoutJob, TextFormat, TextWrapping};
use egui::text_edit::TextEditOutput;
use egui::{
    Area, Context, Frame, Id, Key, Margin, Modifiers, Order, Role, Sense, Ui, WidgetInfo, pos2,
    vec2,
};

use super::{EditorState, code, language, text};
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::label;
use crate::runtime::api::{CatalogSummary, Completion, CompletionClass};

const MOST: usize = 8;
const WIDTH: f32 = 340.0;

/// What is offered.
#[derive(Default)]
pub struct CompletionState {
    word: Range<usize>,
    candidates: Vec<Completion>,
    chosen: usize,
}

impl CompletionState {
    /// Takes the popup away.
    /// Whether candidates are offered.
    pub fn is_open(&self) -> bool {
        !self.candidates.is_empty()
    }

    pub fn close(&mut self) {
        self.candidates.clear();
    }
}

/// What the keys of this frame ask of the popup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Nothing.
    None,
    /// The chosen candidate.
    Accept,
}

/// Takes the popup's keys before the text field sees them.
pub fn keys(ctx: &Context, state: &mut CompletionState) -> Keys {
    if state.candidates.is_empty() {
        return Keys::None;
    }
    let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let count = state.candidates.len();
    if pressed(Key::Escape) {
        state.close();
    } else if pressed(Key::ArrowDown) {
        state.chosen = (state.chosen + 1) % count;
    } else if pressed(Key::ArrowUp) {
        state.chosen = (state.chosen + count - 1) % count;
    } else if pressed(Key::Tab) {
        return Keys::Accept;
    }
    Keys::None
}

/// Looks for candidates at the caret.
pub fn open(state: &mut EditorState, catalog: &CatalogSummary) {
    let caret = text::floor(&state.text, state.selection.0);
    let (word, mut candidates) = language::complete(&state.text, caret, catalog);
    candidates.truncate(MOST);
    let whole = |c: &Completion| state.text[word.clone()].eq_ignore_ascii_case(&c.insert);
    if word.is_empty() || candidates.iter().all(whole) {
        candidates.clear();
    }
    state.completion = CompletionState { word, candidates, chosen: 0 };
}

/// Draws the popup, and puts what was accepted into the text.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    state: &mut EditorState,
    output: &TextEditOutput,
    keys: Keys,
) {
    if state.completion.candidates.is_empty() {
        return;
    }
    let start = text::char_of_byte(&state.text, state.completion.word.start);
    let caret = output.galley.pos_from_cursor(CCursor::new(CharIndex(start)));
    let at = output.galley_pos + vec2(caret.left() - 8.0, caret.top() + 22.0);
    let mut accepted = (keys == Keys::Accept).then_some(state.completion.chosen);
    let area =
        Area::new(Id::unique("completion")).order(Order::Foreground).fixed_pos(pos2(at.x, at.y));
    area.constrain_to(ui.ctx().content_rect()).show(ui.ctx(), |ui| {
        let theme = view.theme;
        let frame = Frame::new()
            .fill(theme.palette.surface.overlay)
            .stroke(theme.outline())
            .corner_radius(theme.radius.card)
            .shadow(theme.palette.shadow.shadow())
            .inner_margin(Margin::symmetric(0, 4));
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 0.0;
            for index in 0..state.completion.candidates.len() {
                if row(ui, view, &state.completion, index) {
                    accepted = Some(index);
                }
            }
            foot(ui, view, &state.completion);
        });
    });
    if let Some(index) = accepted {
        accept(ui.ctx(), state, index);
    }
}

fn row(ui: &mut Ui, view: &View<'_>, state: &CompletionState, index: usize) -> bool {
    let Some(candidate) = state.candidates.get(index) else { return false };
    let palette = &view.theme.palette;
    let (rect, response) = ui
        .allocate_exact_size(vec2(ui.available_width(), view.theme.size.table_row), Sense::click());
    let on = index == state.chosen;
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &candidate.insert));
    if on || response.hovered() {
        ui.painter().rect_filled(rect, 0, palette.accent.soft);
    }
    let class = view.tr(class_words(candidate.class));
    let font = Type::Label.font();
    let class = ui.painter().layout_no_wrap(class, font, palette.text.secondary);
    let room = rect.width() - class.size().x - 36.0;
    let words = ui.painter().layout_job(words(view, candidate, state.word.len(), room));
    let middle = |height: f32| rect.center().y - height / 2.0;
    let at = pos2(rect.left() + 12.0, middle(words.size().y));
    ui.painter().galley(at, words, palette.text.primary);
    let at = pos2(rect.right() - 12.0 - class.size().x, middle(class.size().y));
    ui.painter().galley(at, class, palette.text.secondary);
    response.clicked()
}

/// A candidate in one line: what was typed of it in the accent, the rest, its arguments.
fn words(view: &View<'_>, candidate: &Completion, typed: usize, room: f32) -> LayoutJob {
    let palette = &view.theme.palette;
    let (head, rest) = candidate.insert.split_at_checked(typed).unwrap_or(("", &candidate.insert));
    let format = |step: Type, color| TextFormat::simple(step.font(), color);
    let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(room), ..LayoutJob::default() };
    job.append(head, 0.0, format(Type::CodeStrong, palette.accent.text));
    job.append(rest, 0.0, format(Type::Code, palette.text.primary));
    job.append(&candidate.detail, 8.0, format(Type::Code, palette.text.muted));
    job
}

fn class_words(class: CompletionClass) -> &'static str {
    match class {
        CompletionClass::Keyword => "complete-keyword",
        CompletionClass::Function => "complete-function",
        CompletionClass::Table => "complete-table",
        CompletionClass::View => "complete-view",
        CompletionClass::Column => "complete-column",
        CompletionClass::Option => "complete-option",
    }
}

fn foot(ui: &mut Ui, view: &View<'_>, state: &CompletionState) {
    let palette = &view.theme.palette;
    let chosen = state.candidates.get(state.chosen);
    ui.separator();
    Frame::new().inner_margin(Margin::symmetric(12, 4)).show(ui, |ui| {
        if let Some(help) = chosen.and_then(|candidate| candidate.help) {
            label(ui, Type::Label, view.tr(help), palette.text.secondary);
        }
        label(ui, Type::Label, view.tr("complete-keys"), palette.text.muted);
    });
}

fn accept(ctx: &Context, state: &mut EditorState, index: usize) {
    let Some(candidate) = state.completion.candidates.get(index).cloned() else { return };
    let word = state.completion.word.clone();
    state.text.replace_range(word.clone(), &candidate.insert);
    let caret = word.start + candidate.insert.len();
    state.changed = true;
    state.completion.close();
    code::select(ctx, state, caret..caret);
}
