//! The page of keyed state: a table by key, the last write, where keys live, what is on its way.

use std::borrow::Cow;
use std::sync::Arc;

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::parts;
use super::record::link;
use crate::base::{OperatorId, VertexId};
use crate::gui::stage::key_strip::{self, KeyStrip};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::text;
use crate::gui::widgets::{card, label, lit_row, paint_key_chip};
use crate::model::{ItemKind, Job, StateEntry, Subtask};

/// Keys that the table shows; more are counted.
const MAX_ROWS: usize = 60;
/// With more subtasks than this one strip stands for all.
const MAX_STRIPS: usize = 4;
/// Records on their way that are listed.
const MAX_IN_TRANSIT: usize = 8;

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: &Job, actions: &mut Actions) {
    let Some((vertex, subtasks)) = keyed_vertex(view, job) else {
        parts::nothing(ui, view, "inspector-no-keyed-state");
        return;
    };
    let names = state_names(subtasks);
    let shape = job.vertex(vertex).and_then(|v| v.operators.iter().find(|op| op.keyed_state));
    let title = shape.map_or("", |operator| &operator.name);
    let declared: Vec<_> = names.iter().map(|(_, name)| name.to_string()).collect();
    let args = [("states", declared.join(", ").into())];
    let under = match declared.is_empty() {
        true => view.tr("inspector-state-by-key"),
        false => view.tr_args("inspector-state-under", &args),
    };
    parts::title(ui, view, title, &under);
    if names.is_empty() {
        parts::nothing(ui, view, "stage-no-state");
    }
    for name in &names {
        table(ui, view, subtasks, name, actions);
    }
    last_write(ui, view, job, actions);
    strips(ui, view, job, subtasks);
    in_transit(ui, view, job, vertex, actions);
}

/// The vertex of the selected subtask if it keeps state, else the first that does.
fn keyed_vertex<'a>(view: &View<'_>, job: &'a Job) -> Option<(VertexId, &'a [Subtask])> {
    let selected =
        view.selection.subtask.map(|id| id.vertex).filter(|vertex| job.is_keyed(*vertex));
    let first =
        || (0..job.vertices.len() as u32).map(VertexId).find(|vertex| job.is_keyed(*vertex));
    let vertex = selected.or_else(first)?;
    Some((vertex, job.vertices.get(vertex.0 as usize)?))
}

fn state_names(subtasks: &[Subtask]) -> Vec<(OperatorId, Arc<str>)> {
    let mut names: Vec<_> = subtasks.iter().flat_map(|s| s.states.keys().cloned()).collect();
    names.sort();
    names.dedup();
    names
}

fn table(
    ui: &mut Ui,
    view: &View<'_>,
    subtasks: &[Subtask],
    name: &(OperatorId, Arc<str>),
    actions: &mut Actions,
) {
    let tables: Vec<_> = subtasks.iter().filter_map(|subtask| subtask.states.get(name)).collect();
    let mut entries: Vec<&StateEntry> =
        tables.iter().flat_map(|table| table.entries.values()).map(|entry| &**entry).collect();
    entries.sort_by(|a, b| (&a.window, &a.key.text).cmp(&(&b.window, &b.key.text)));
    let newest = entries.iter().map(|entry| entry.sequence).max();
    // Where rows have places, one key may hold fewer than another.
    let Some(fullest) = entries.iter().max_by_key(|entry| entry.values.len()) else { return };
    let fields: Vec<Arc<str>> = fullest.values.iter().map(|field| field.name.clone()).collect();
    let shown = &entries[..entries.len().min(MAX_ROWS)];
    let columns = Columns::of(shown, fields, ui.available_width());
    heads(ui, view, &columns);
    for entry in shown {
        entry_row(ui, view, &columns, entry, newest == Some(entry.sequence), actions);
    }
    let more =
        entries.len().saturating_sub(MAX_ROWS) as u64 + tables.iter().map(|t| t.more).sum::<u64>();
    if more > 0 {
        let words = view.tr_args("inspector-more-keys", &[("count", more.into())]);
        label(ui, Type::Label, words, view.theme.palette.text.muted);
    }
}

/// Where the columns end: key from the left, group, then the fields, all lined up on the right.
struct Columns {
    fields: Vec<Arc<str>>,
    /// The width of a field.
    step: f32,
}

/// Room between two columns.
const GAP: f32 = 10.0;
/// The width of a field of one or two digits, and of a letter of longer ones.
const FIELD: f32 = 84.0;
const LETTER: f32 = 8.0;
/// Where what stands beside a key's chip begins, the width of its letters, and of the group behind it.
const AFTER_CHIP: f32 = 24.0;
const KEY_LETTER: f32 = 6.6;
const GROUP: f32 = 40.0;

impl Columns {
    /// As wide as what stands in them, if there is room beside key and group.
    fn of(entries: &[&StateEntry], fields: Vec<Arc<str>>, width: f32) -> Self {
        let texts = entries.iter().flat_map(|entry| &entry.values).map(|f| f.text.chars().count());
        let widest = texts.max().unwrap_or_default() as f32 * LETTER + GAP;
        let count = (fields.len() as f32).max(1.0);
        let keys = entries.iter().filter_map(|entry| beside_chip(entry));
        let key = keys.map(|words| words.chars().count()).max().unwrap_or_default();
        let left = width - AFTER_CHIP - key as f32 * KEY_LETTER - GROUP;
        // Long keys give way to the values, as long as these have room for two digits.
        let most = (width * 0.62 / count).min((left / count).max(widest.min(FIELD / 2.0)));
        Self { fields, step: widest.max(FIELD).min(most) }
    }

    fn right(&self, rect: Rect, column: usize) -> f32 {
        rect.right() - self.step * (self.fields.len() - 1 - column) as f32
    }

    fn group(&self, rect: Rect) -> f32 {
        rect.right() - self.step * self.fields.len() as f32
    }

    /// The room of a field's text.
    fn room(&self) -> f32 {
        self.step - GAP
    }
}

fn heads(ui: &mut Ui, view: &View<'_>, columns: &Columns) {
    let palette = &view.theme.palette;
    parts::row(ui, view.theme.size.table_head, |ui, rect| {
        let painter = ui.painter();
        let look = (Type::Label, palette.text.muted);
        let y = rect.center().y;
        let key = view.tr("inspector-key");
        text::line(painter, rect.left_center(), Align2::LEFT_CENTER, look, &key, 90.0);
        let group = pos2(columns.group(rect), y);
        text::line(painter, group, Align2::RIGHT_CENTER, look, &view.tr("inspector-group"), 60.0);
        for (column, name) in columns.fields.iter().enumerate() {
            let at = pos2(columns.right(rect, column), y);
            text::line(painter, at, Align2::RIGHT_CENTER, look, name, columns.room());
        }
        painter.hline(rect.x_range(), rect.bottom(), view.theme.hairline());
    });
}

fn entry_row(
    ui: &mut Ui,
    view: &View<'_>,
    columns: &Columns,
    entry: &StateEntry,
    lit: bool,
    actions: &mut Actions,
) {
    let palette = &view.theme.palette;
    let values: Vec<_> = entry.values.iter().map(|f| format!("{} {}", f.name, f.text)).collect();
    let window = entry.window.iter().map(|window| format!("{window}, "));
    let name = format!("{}{}: {}", window.collect::<String>(), entry.key.text, values.join(", "));
    let pressed = parts::press_row(ui, view, &name, false, |ui, rect| {
        if lit {
            lit_row(ui, rect.expand2(vec2(24.0, 0.0)));
        }
        let painter = ui.painter();
        let (color, key) = (usize::from(entry.key.color), &entry.key.text);
        paint_key_chip(painter, rect.left_center() + vec2(9.0, 0.0), 8.5, view.theme, color, key);
        let y = rect.center().y;
        let group = columns.group(rect);
        if let Some(words) = beside_chip(entry) {
            let at = pos2(rect.left() + AFTER_CHIP, y);
            let look = (Type::Label, palette.text.primary);
            text::line(painter, at, Align2::LEFT_CENTER, look, &words, group - 34.0 - at.x);
        }
        let look = (Type::Code, palette.text.secondary);
        text::line(
            painter,
            pos2(group, y),
            Align2::RIGHT_CENTER,
            look,
            &entry.key_group.to_string(),
            60.0,
        );
        for field in &entry.values {
            let Some(column) = columns.fields.iter().position(|name| *name == field.name) else {
                continue;
            };
            let before = entry.before.iter().find(|before| before.name == field.name);
            let changed = before.is_none_or(|before| before.text != field.text);
            let step = if lit && changed { Type::CodeStrong } else { Type::Code };
            let at = pos2(columns.right(rect, column), y);
            let value = words::value(view, &field.text);
            text::line(
                painter,
                at,
                Align2::RIGHT_CENTER,
                (step, palette.text.primary),
                &value,
                columns.room(),
            );
        }
        painter.hline(rect.x_range(), rect.bottom(), view.theme.hairline());
    });
    if pressed && let Some(record) = entry.cause {
        actions.push(Action::Select(Selection { record: Some(record), ..Selection::default() }));
    }
}

/// What a key's chip has no room for: a longer key, and its window.
fn beside_chip(entry: &StateEntry) -> Option<Cow<'_, str>> {
    let key = Some(&*entry.key.text).filter(|key| key.chars().count() > 2);
    match (entry.window.as_deref().map(short_time), key) {
        (Some(window), Some(key)) => Some(format!("{window} {key}").into()),
        (Some(window), None) => Some(window.into()),
        (None, key) => key.map(Into::into),
    }
}

/// The end of a window in few letters: its time of day, or its day if it ends at midnight.
fn short_time(window: &str) -> &str {
    match window.split_once(' ') {
        Some((day, "00:00:00.000" | "00:00:00")) => day,
        Some((_, time)) => time.strip_suffix(".000").unwrap_or(time),
        None => window,
    }
}

/// What the last write did, and the record that caused it.
fn last_write(ui: &mut Ui, view: &View<'_>, job: &Job, actions: &mut Actions) {
    let writes = job.subtasks().filter_map(Subtask::last_write);
    let Some(entry) = writes.max_by_key(|entry| entry.sequence) else { return };
    let palette = &view.theme.palette;
    ui.add_space(10.0);
    card(ui, |ui| {
        ui.set_width(ui.available_width());
        parts::row(ui, 16.0, |ui, rect| {
            let look = (Type::Label, palette.text.secondary);
            let words = view.tr("inspector-last-write");
            text::line(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, look, &words, 140.0);
            let moment = format!("#{} · {}", entry.sequence, words::lab_time(view, entry.at));
            let look = (Type::Code, palette.text.muted);
            text::line(
                ui.painter(),
                rect.right_center(),
                Align2::RIGHT_CENTER,
                look,
                &moment,
                160.0,
            );
        });
        ui.add_space(4.0);
        ui.horizontal_top(|ui| {
            let (chip, _) = ui.allocate_exact_size(vec2(20.0, 17.0), egui::Sense::hover());
            let (color, key) = (usize::from(entry.key.color), &entry.key.text);
            let center = chip.left_center() + vec2(9.0, 0.0);
            paint_key_chip(ui.painter(), center, 8.5, view.theme, color, key);
            let words = Type::Code.text(write_words(view, entry), palette.text.primary);
            ui.add(egui::Label::new(words).wrap());
        });
        ui.add_space(4.0);
        let cause = entry.cause.and_then(|id| view.model.records.get(id));
        if let Some(record) = cause {
            let args = [("number", record.id.sequence().into()), ("row", record.text().into())];
            let words = view.tr_args("inspector-because", &args);
            let text = Type::Label.text(words, palette.text.secondary);
            if ui.add(egui::Label::new(text).sense(egui::Sense::click())).clicked() {
                let record = Some(record.id);
                actions.push(Action::Select(Selection { record, ..Selection::default() }));
            }
        }
    });
}

fn write_words(view: &View<'_>, entry: &StateEntry) -> String {
    let before = |name: &str| entry.before.iter().find(|field| &*field.name == name);
    let field = |field: &crate::model::StateField| {
        let after = words::value(view, &field.text);
        match before(&field.name) {
            Some(old) if old.text != field.text => {
                let old = words::value(view, &old.text);
                format!("{}\u{a0}{old}\u{a0}→\u{a0}{after}", field.name)
            }
            _ => format!("{}\u{a0}{after}", field.name),
        }
    };
    // A name and its values stay on one line.
    entry.values.iter().map(field).collect::<Vec<_>>().join("  ")
}

/// Where keys live: a strip of key groups for each subtask.
fn strips(ui: &mut Ui, view: &View<'_>, job: &Job, subtasks: &[Subtask]) {
    let groups = job.graph.key_groups;
    let args = [("count", groups.to_string().into())];
    parts::section(
        ui,
        view,
        &view.tr("inspector-where-keys-live"),
        &view.tr_args("inspector-groups", &args),
    );
    if subtasks.len() > MAX_STRIPS {
        let args = [("count", subtasks.len().to_string().into())];
        let name = view.tr_args("inspector-all-subtasks", &args);
        let range = (0, groups.saturating_sub(1));
        strip(ui, view, &name, groups, range, marks(subtasks));
        return;
    }
    for subtask in subtasks {
        let args = [("index", subtask.id.index.to_string().into())];
        let name = view.tr_args("stage-subtask", &args);
        let own = marks(std::slice::from_ref(subtask));
        strip(ui, view, &name, groups, subtask.key_groups, own);
    }
}

fn marks(subtasks: &[Subtask]) -> Vec<(u16, u8)> {
    let tables = subtasks.iter().flat_map(|subtask| subtask.states.values());
    let entries = tables.flat_map(|table| table.entries.values());
    let mut marks: Vec<_> = entries.map(|entry| (entry.key_group, entry.key.color)).collect();
    marks.sort();
    marks
}

fn strip(
    ui: &mut Ui,
    view: &View<'_>,
    name: &str,
    groups: u16,
    range: (u16, u16),
    marks: Vec<(u16, u8)>,
) {
    let look = (Type::Label, view.theme.palette.text.secondary);
    parts::row(ui, 18.0, |ui, rect| {
        text::line(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, look, name, 140.0);
        let range = format!("{}–{}", range.0, range.1);
        text::line(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, look, &range, 80.0);
    });
    parts::row(ui, 28.0, |ui, rect| {
        let bar = rect.with_max_y(rect.top() + 12.0);
        let strip = KeyStrip { groups, range, marks, named: true };
        key_strip::paint(ui.painter(), view.theme, bar, &strip);
    });
}

/// The records on their way to the vertex.
fn in_transit(ui: &mut Ui, view: &View<'_>, job: &Job, vertex: VertexId, actions: &mut Actions) {
    let channels = job.channels.iter().filter(|channel| channel.to.vertex == vertex);
    let ids: Vec<_> = channels
        .flat_map(|channel| &channel.items)
        .filter_map(|item| match &item.kind {
            ItemKind::Records(ids) => Some(ids.iter().copied()),
            _ => None,
        })
        .flatten()
        .collect();
    let count = view.tr_args("inspector-records", &[("count", ids.len().into())]);
    parts::section(ui, view, &view.tr("inspector-in-transit"), &count);
    for id in ids.into_iter().take(MAX_IN_TRANSIT) {
        link(ui, view, id, actions);
    }
}

#[cfg(test)]
mod tests {
    use super::short_time;

    #[test]
    fn a_window_is_named_by_what_tells_it_from_others() {
        assert_eq!(short_time("2026-11-26 19:49:25.000"), "19:49:25");
        assert_eq!(short_time("2026-11-26 19:49:25.500"), "19:49:25.500");
        assert_eq!(short_time("2026-11-27 00:00:00.000"), "2026-11-27");
    }
}
