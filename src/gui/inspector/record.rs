//! The page of a record: what it is, its passport, and why it went where it went.

use std::sync::Arc;

use egui::{Align2, Sense, Ui, pos2, vec2};

use super::arithmetic;
use super::parts::{self, Stop};
use crate::base::{RecordId, SubtaskId};
use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Moment, Selection, View};
use crate::gui::widgets::text;
use crate::gui::widgets::{Button, Icon, RecordLook, paint_record};
use crate::model::records::FieldChange;
use crate::model::{Hop, Job, Place, Record, Stamp};

/// Records from outside that are listed.
const MAX_ORIGINS: usize = 6;

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, job: &Job, actions: &mut Actions) {
    let selected = view.selection.record.and_then(|id| view.model.records.get(id));
    let Some(record) = selected else {
        let id = if view.selection.record.is_some() {
            "inspector-record-gone"
        } else {
            "inspector-record-none"
        };
        parts::nothing(ui, view, id);
        return;
    };
    head(ui, view, job, record);
    passport(ui, view, job, record);
    arithmetic::ui(ui, view, job, record);
    origins(ui, view, record, actions);
    ui.add_space(12.0);
    ui.horizontal(|ui| {
        let label = view.tr("inspector-replay");
        if ui.add(Button::secondary(&label).icon(Icon::History)).clicked()
            && let Some(first) = record.hops.first()
        {
            actions.push(Action::Look(Moment::After(first.sequence)));
        }
        let label = view.tr("inspector-release");
        if ui.add(Button::ghost(&label).trailing(Icon::Pin)).clicked() {
            actions.push(Action::Select(Selection::default()));
        }
    });
}

fn head(ui: &mut Ui, view: &View<'_>, job: &Job, record: &Record) {
    let theme = view.theme;
    const ROWS: usize = 4;
    const LEFT: f32 = 54.0;
    let room = ui.available_width() - LEFT;
    let ink = theme.palette.text.primary;
    let row = text::paragraph(ui.painter(), (Type::CodeStrong, ink), &record.text(), room, ROWS);
    let height = (row.size().y + 28.0).max(46.0);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    if row.elided {
        response.on_hover_text(record.text());
    }
    let (fill, ink) = match &record.key {
        Some(key) => theme.key_colors(usize::from(key.color)),
        None => (theme.palette.text.secondary, theme.palette.surface.window),
    };
    let ground = theme.palette.surface.panel;
    let look =
        RecordLook { kind: record.kind, fill, ink, ground, radius: 19.0, value: record.mark() };
    paint_record(ui.painter(), rect.left_top() + vec2(21.0, 23.0), theme, &look);
    let left = rect.left() + LEFT;
    let foot = rect.top() + 4.0 + row.size().y;
    ui.painter().galley(pos2(left, rect.top() + 4.0), row, theme.palette.text.primary);
    let from = job.operator(record.operator).map_or("", |(_, operator)| &operator.name);
    let args = [
        ("number", record.id.sequence().into()),
        ("kind", record.kind.symbol().replace('-', "−").into()),
        ("operator", from.to_owned().into()),
    ];
    let under = view.tr_args("inspector-record-under", &args);
    let look = (Type::Label, theme.palette.text.secondary);
    let at = pos2(left, foot + 12.0);
    text::line(ui.painter(), at, Align2::LEFT_CENTER, look, &under, room);
}

fn passport(ui: &mut Ui, view: &View<'_>, job: &Job, record: &Record) {
    let Some(passport) = view.model.passport(record.id) else { return };
    let shown: Vec<_> = passport.stamps.iter().filter(|stamp| is_shown(view, job, stamp)).collect();
    let count = view.tr_args("inspector-stamps", &[("count", shown.len().into())]);
    parts::section(ui, view, &view.tr("inspector-passport"), &count);
    for (position, stamp) in shown.iter().enumerate() {
        let (title, detail) = stamp_words(view, job, stamp, passport.source_position);
        let palette = &view.theme.palette;
        let color = match stamp.hop.place {
            Place::Lost { .. } | Place::Late { .. } => palette.status.danger,
            Place::Output { .. } => palette.status.ok,
            _ => palette.accent.text,
        };
        let aside = words::lab_time(view, stamp.hop.at);
        let goes_on = position + 1 < shown.len();
        parts::stop(
            ui,
            view,
            &Stop { title: &title, aside: &aside, detail: &detail, color, goes_on },
        );
    }
}

/// A chain emits at every operator; only where a record enters or leaves a task is a stop.
fn is_shown(view: &View<'_>, job: &Job, stamp: &Stamp) -> bool {
    match stamp.hop.place {
        Place::Emitted { .. } => {
            let record = view.model.records.get(stamp.record);
            record.is_some_and(|record| {
                record.parents().is_empty() && job.is_source(record.subtask.vertex)
            })
        }
        Place::Taken { subtask, .. } => {
            let record = view.model.records.get(stamp.record);
            let stays = |hop: &Hop| matches!(&hop.place, Place::State { subtask: at, .. } if *at == subtask);
            !record.is_some_and(|record| record.hops.iter().any(stays))
        }
        _ => true,
    }
}

fn stamp_words(
    view: &View<'_>,
    job: &Job,
    stamp: &Stamp,
    position: Option<u64>,
) -> (String, String) {
    match &stamp.hop.place {
        Place::Emitted { slot } => {
            let subtask = view.model.records.get(stamp.record).map(|record| record.subtask);
            let place = slot.map(|slot| slot_words(view, slot)).unwrap_or_default();
            let detail = match position {
                Some(position) => {
                    let args = [("place", place.into()), ("position", (position + 1).into())];
                    view.tr_args("inspector-at-source", &args)
                }
                None => place,
            };
            (subtask.map(|id| words::subtask(view, job, id)).unwrap_or_default(), detail)
        }
        Place::Enqueued { channel, used, .. } => enqueued_words(view, job, *channel, *used),
        Place::Taken { subtask, slot } => {
            let place = slot.map(|slot| slot_words(view, slot)).unwrap_or_default();
            (words::subtask(view, job, *subtask), place)
        }
        Place::State { subtask, changes, key, .. } => {
            let change = |change: &FieldChange| {
                let after = words::value(view, &change.after);
                match &change.before {
                    Some(before) => {
                        let before = words::value(view, before);
                        format!("{}\u{a0}{before}\u{a0}→\u{a0}{after}", change.name)
                    }
                    None => format!("{}\u{a0}{after}", change.name),
                }
            };
            let changes: Vec<_> = changes.iter().map(change).collect();
            let detail = format!("{key}: {}", changes.join(", "));
            (words::subtask(view, job, *subtask), detail)
        }
        Place::Asked { table, key, count, found, .. } => {
            let title = view.tr_args("inspector-asked", &[("table", table.to_string().into())]);
            let row = found.as_deref().map(|row| named_words(view, row)).unwrap_or_default();
            let key = named_words(view, key).into();
            let args = [("key", key), ("count", (*count).into()), ("row", row.into())];
            let found = view.tr_args("inspector-found", &args);
            let left = view.model.records.get(stamp.record);
            let unused = *count > 0 && left.is_some_and(|record| record.effects.is_empty());
            match unused {
                true => (title, format!("{found}; {}", view.tr("inspector-found-unused"))),
                false => (title, found),
            }
        }
        Place::Output { subtask } => {
            (view.tr("inspector-output"), words::subtask(view, job, *subtask))
        }
        Place::Late { subtask } => (view.tr("inspector-late"), words::subtask(view, job, *subtask)),
        Place::Lost { task_manager: Some(id) } => {
            let args = [("id", id.to_string().into())];
            (view.tr_args("inspector-lost-with", &args), view.tr("inspector-read-again"))
        }
        Place::Lost { task_manager: None } => {
            (view.tr("inspector-lost"), view.tr("inspector-read-again"))
        }
    }
}

/// Columns and their values; a name and its value stay on one line.
fn named_words(view: &View<'_>, named: &[(Arc<str>, Arc<str>)]) -> String {
    let one = |(name, text): &(Arc<str>, Arc<str>)| {
        format!("{name}\u{a0}=\u{a0}{}", words::value(view, text))
    };
    named.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn slot_words(view: &View<'_>, slot: crate::base::SlotId) -> String {
    let args = [("id", slot.task_manager.to_string().into()), ("slot", (slot.index + 1).into())];
    view.tr_args("inspector-slot", &args)
}

fn enqueued_words(
    view: &View<'_>,
    job: &Job,
    id: crate::base::ChannelId,
    used: u32,
) -> (String, String) {
    let Some(channel) = job.channel(id) else { return Default::default() };
    let partitioner = job.edge(channel).map(|edge| words::partitioner(&edge.partitioner));
    let args = [
        ("partitioner", partitioner.unwrap_or_default().into()),
        ("index", channel.to.index.to_string().into()),
    ];
    let title = view.tr_args("inspector-channel", &args);
    let args = [("used", used.into()), ("capacity", channel.capacity.into())];
    let mut detail = view.tr_args("inspector-buffers", &args);
    let host = |id: SubtaskId| job.subtask(id).and_then(|s| s.slot).map(|slot| slot.task_manager);
    if let (Some(from), Some(to)) = (host(channel.from), host(channel.to))
        && from != to
    {
        detail = format!("{detail}, TM {from} → TM {to}");
    }
    (title, detail)
}

/// The records from outside that lie behind this one, if there is more to see than itself.
fn origins(ui: &mut Ui, view: &View<'_>, record: &Record, actions: &mut Actions) {
    let Some(passport) = view.model.passport(record.id) else { return };
    let others: Vec<_> = passport.origins.iter().filter(|id| **id != record.id).collect();
    if others.is_empty() {
        return;
    }
    let count = others.len().to_string();
    parts::section(ui, view, &view.tr("inspector-origins"), &count);
    for id in others.into_iter().take(MAX_ORIGINS) {
        link(ui, view, *id, actions);
    }
}

/// A record in a row that leads to it.
pub fn link(ui: &mut Ui, view: &View<'_>, id: RecordId, actions: &mut Actions) {
    let Some(record) = view.model.records.get(id) else { return };
    let row = record.text();
    let pressed = parts::press_row(ui, view, &row, false, |ui, rect| {
        let theme = view.theme;
        let (fill, ink) = match &record.key {
            Some(key) => theme.key_colors(usize::from(key.color)),
            None => (theme.palette.text.secondary, theme.palette.surface.window),
        };
        let ground = theme.palette.surface.panel;
        let look = RecordLook { kind: record.kind, fill, ink, ground, radius: 7.0, value: "" };
        paint_record(ui.painter(), rect.left_center() + vec2(9.0, 0.0), theme, &look);
        let look = (Type::Code, theme.palette.text.primary);
        let at = rect.left_center() + vec2(26.0, 0.0);
        text::line(ui.painter(), at, Align2::LEFT_CENTER, look, &row, rect.width() - 30.0);
    });
    if pressed {
        actions.push(Action::Select(Selection { record: Some(id), ..Selection::default() }));
    }
}
