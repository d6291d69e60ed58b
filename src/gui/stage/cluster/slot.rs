//! A slot and the subtasks in it; in a dead TaskManager, what died there.

use egui::{Align2, Color32, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::base::SubtaskId;
use crate::gui::stage::graph::{dashed, state_color};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::paint_key_chip;
use crate::gui::widgets::text;
use crate::model::{Job, Slot, StateTables};
use crate::trace::ExecutionState;

const CARD: f32 = 70.0;
const HEAD: f32 = 26.0;
const PAD: f32 = 10.0;
/// From this width of a slot on, its cards stand side by side.
const TWO_FROM: f32 = 270.0;

/// How high the slots of a row are.
pub fn row_height(slots: &[Slot], width: f32) -> f32 {
    let most = slots.iter().map(|slot| slot.subtasks.len() + slot.ghosts.len()).max().unwrap_or(0);
    let rows = most.div_ceil(columns(width)).max(1) as f32;
    HEAD + rows * (CARD + 8.0) + 2.0
}

fn columns(width: f32) -> usize {
    if width >= TWO_FROM { 2 } else { 1 }
}

/// A card's content: whose it is and how it looks.
struct Card<'a> {
    job: &'a Job,
    id: SubtaskId,
    attempt: u32,
    states: &'a StateTables,
    dead: bool,
}

/// Draws a slot; it is counted from 1, as people count.
pub fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    rect: Rect,
    (number, slot): (usize, &Slot),
    dead: bool,
    actions: &mut Actions,
) {
    let theme = view.theme;
    let palette = &theme.palette;
    let fill = palette.surface.inset;
    ui.painter().rect(rect, theme.radius.card, fill, theme.hairline(), StrokeKind::Inside);
    let y = rect.top() + HEAD / 2.0 + 1.0;
    let name = view.tr_args("stage-slot", &[("number", number.into())]);
    let look = (Type::Label, palette.text.muted);
    text::line(ui.painter(), pos2(rect.left() + PAD, y), Align2::LEFT_CENTER, look, &name, 90.0);
    let empty = slot.subtasks.is_empty() && slot.ghosts.is_empty();
    if empty {
        let words = view.tr(if dead { "stage-slot-gone" } else { "stage-slot-free" });
        text::line(
            ui.painter(),
            rect.center(),
            Align2::CENTER_CENTER,
            look,
            &words,
            rect.width() - 20.0,
        );
        return;
    }
    let alive = slot.subtasks.iter().filter_map(|id| {
        let job = view.model.job(id.job)?;
        let subtask = job.subtask(*id)?;
        let (attempt, states) = (subtask.attempt, &subtask.states);
        Some(Card { job, id: *id, attempt, states, dead: false })
    });
    let gone = slot.ghosts.iter().filter_map(|ghost| {
        let job = view.model.job(ghost.subtask.job)?;
        let (id, attempt) = (ghost.subtask, ghost.attempt);
        Some(Card { job, id, attempt, states: &ghost.states, dead: true })
    });
    let cards: Vec<_> = alive.chain(gone).collect();
    let columns = columns(rect.width()).min(cards.len());
    let width = (rect.width() - 2.0 * PAD - 8.0 * (columns - 1) as f32) / columns as f32;
    for (position, card) in cards.iter().enumerate() {
        let (row, column) = (position / columns, position % columns);
        let min = pos2(
            rect.left() + PAD + column as f32 * (width + 8.0),
            rect.top() + HEAD + row as f32 * (CARD + 8.0),
        );
        subtask_ui(ui, view, Rect::from_min_size(min, vec2(width, CARD)), card, actions);
    }
}

fn subtask_ui(ui: &mut Ui, view: &View<'_>, rect: Rect, card: &Card<'_>, actions: &mut Actions) {
    let theme = view.theme;
    let palette = &theme.palette;
    let subtask = card.job.subtask(card.id);
    let state = match (card.dead, subtask) {
        (true, _) => ExecutionState::Failed,
        (false, Some(subtask)) => subtask.state,
        (false, None) => ExecutionState::Created,
    };
    let selected = view.selection.subtask == Some(card.id) && !card.dead;
    ground(ui, view, rect, state, card.dead, selected);
    let inner = rect.shrink2(vec2(10.0, 7.0));
    let mut right = inner.right();
    if state != ExecutionState::Running {
        let look = (Type::LabelStrong, state_color(theme, state));
        let word = words::execution_state(state);
        let at = inner.right_top();
        right =
            text::line(ui.painter(), at, Align2::RIGHT_TOP, look, word, inner.width()).left() - 6.0;
    }
    let title = card.job.vertex(card.id.vertex).map_or("", words::vertex_title);
    let args = [("vertex", "".into()), ("index", card.id.index.to_string().into())];
    let mut number = view.tr_args("stage-vertex-subtask", &args);
    if card.attempt > 1 || card.dead {
        let attempt = view.tr_args("stage-attempt", &[("attempt", card.attempt.into())]);
        number = format!("{number} · {attempt}");
    }
    // Where room is short the name is cut, not the number.
    let look = (Type::Label, palette.text.secondary);
    let room = right - inner.left() - text::width(ui.painter(), look.0, &number);
    let at = inner.left_top();
    let title = text::line(ui.painter(), at, Align2::LEFT_TOP, look, title, room);
    let (at, room) = (pos2(title.right(), at.y), right - title.right());
    text::line(ui.painter(), at, Align2::LEFT_TOP, look, &number, room);
    let operators = card.job.vertex(card.id.vertex).map_or(&[][..], |vertex| &vertex.operators);
    let names: Vec<&str> = match operators {
        // Its name stands above already.
        [only] => vec![&only.kind],
        all => all.iter().map(|operator| &*operator.name).collect(),
    };
    let look = (Type::Strong, palette.text.primary);
    let at = inner.left_top() + vec2(0.0, 18.0);
    text::line(ui.painter(), at, Align2::LEFT_TOP, look, &names.join(", "), inner.width());
    facts(ui, view, inner, card);
    respond(ui, view, rect, card, state, actions);
}

fn ground(ui: &Ui, view: &View<'_>, rect: Rect, state: ExecutionState, dead: bool, selected: bool) {
    use ExecutionState as S;
    let theme = view.theme;
    let palette = &theme.palette;
    let strong = |color| Stroke::new(theme.stroke.state, color);
    if dead {
        ui.painter().rect_filled(rect, theme.radius.control, palette.surface.panel);
        dashed(ui.painter(), rect, strong(palette.status.danger));
        return;
    }
    let (fill, stroke): (Color32, Stroke) = match state {
        S::Failed => (palette.status.danger_soft, strong(palette.status.danger)),
        S::Initializing => (palette.surface.raised, strong(palette.accent.text)),
        _ if selected => (palette.surface.raised, strong(palette.accent.text)),
        S::Finished | S::Canceled => (palette.surface.panel, theme.hairline()),
        _ => (palette.surface.raised, theme.outline()),
    };
    ui.painter().rect(rect, theme.radius.control, fill, stroke, StrokeKind::Inside);
}

/// The keys in its state, or how much it read.
fn facts(ui: &Ui, view: &View<'_>, inner: Rect, card: &Card<'_>) {
    let palette = &view.theme.palette;
    let y = inner.bottom() - 9.0;
    let mut x = inner.left();
    let entries: Vec<_> = card.states.values().flat_map(|table| table.entries.values()).collect();
    for entry in &entries {
        let values: Vec<_> = entry
            .values
            .iter()
            .map(|field| format!("{} {}", field.name, words::value(view, &field.text)))
            .collect();
        let values = values.join(", ");
        let look = (Type::Label, palette.text.secondary);
        let room = inner.right() - x - 24.0;
        if room < 24.0 {
            break;
        }
        let (color, key) = (usize::from(entry.key.color), &entry.key.text);
        paint_key_chip(ui.painter(), pos2(x + 8.0, y), 8.0, view.theme, color, key);
        let at = pos2(x + 21.0, y);
        x = text::line(ui.painter(), at, Align2::LEFT_CENTER, look, &values, room).right() + 12.0;
    }
    let Some(subtask) = card.job.subtask(card.id).filter(|_| entries.is_empty() && !card.dead)
    else {
        return;
    };
    let (id, rows) = if card.job.is_source(card.id.vertex) {
        ("stage-rows-read", subtask.read)
    } else {
        ("stage-rows", subtask.read)
    };
    let words = view.tr_args(id, &[("rows", rows.into())]);
    let look = (Type::Label, palette.text.muted);
    text::line(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, look, &words, inner.width());
}

fn respond(
    ui: &mut Ui,
    view: &View<'_>,
    rect: Rect,
    card: &Card<'_>,
    state: ExecutionState,
    actions: &mut Actions,
) {
    let id = ui.scope_id().with(("slot-subtask", card.id, card.dead));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| {
        let name = words::subtask(view, card.job, card.id);
        WidgetInfo::labeled(Role::Button, true, format!("{name} {}", words::execution_state(state)))
    });
    if response.clicked() && !card.dead {
        let selection = Selection { subtask: Some(card.id), ..Selection::default() };
        actions.push(Action::Select(selection));
    }
    crate::gui::widgets::focus_ring(ui, &response, view.theme.radius.control);
}
