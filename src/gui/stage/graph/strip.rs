//! The strip over a source: the rows that it read, the newest last.

use egui::{Align2, Painter, Rect, Stroke, pos2};

use super::layout::{Detail, GraphLayout};
use crate::base::VertexId;
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{RecordLook, paint_record};
use crate::model::{Job, Record, Subtask};

const HEIGHT: f32 = 52.0;
const STEP: f32 = 24.0;
const RADIUS: f32 = 9.0;

/// Paints a strip over each source of one subtask above which there is room.
pub fn paint(painter: &Painter, view: &View<'_>, job: &Job, layout: &GraphLayout, area: Rect) {
    if layout.detail > Detail::Compact {
        return;
    }
    let vertices = (0..).map(VertexId).zip(&job.vertices).zip(&layout.vertices);
    for ((vertex, subtasks), place) in vertices.filter(|((v, _), _)| job.is_source(*v)) {
        let [source] = subtasks.as_slice() else { continue };
        if let Some(room) = room(layout, vertex, place.rect, area)
            && !source.recent.is_empty()
        {
            strip(painter, view, source, room);
        }
    }
}

/// The room above a source, if no other vertex stands there.
fn room(layout: &GraphLayout, vertex: VertexId, source: Rect, area: Rect) -> Option<Rect> {
    let top = area.top().max(source.top() - 1.5 * HEIGHT);
    let wide = (source.width() * 1.25).min(area.right() - source.left());
    let room =
        Rect::from_min_max(pos2(source.left(), top), pos2(source.left() + wide, source.top()));
    let mut others = (0..).map(VertexId).zip(&layout.vertices).filter(|(v, _)| *v != vertex);
    let free = others.all(|(_, other)| !other.rect.intersects(room));
    (free && room.height() >= HEIGHT).then_some(room)
}

fn strip(painter: &Painter, view: &View<'_>, source: &Subtask, room: Rect) {
    let theme = view.theme;
    let (left, top, wide) = (room.left(), room.top(), room.width());
    let read = view.tr_args("stage-rows-read", &[("rows", source.read.into())]);
    let look = (Type::Label, theme.palette.text.secondary);
    text::line(painter, pos2(left, top), Align2::LEFT_TOP, look, &read, wide);
    let fits = ((wide / STEP) as usize).max(1);
    let newest = source.recent.len().saturating_sub(fits);
    let records = source.recent.iter().skip(newest);
    for (position, id) in records.enumerate() {
        let at = pos2(left + RADIUS + position as f32 * STEP, top + 28.0);
        let record = view.model.records.get(*id);
        let key = record.and_then(|record| record.key.as_ref());
        let (fill, ink) = match key {
            Some(key) => theme.key_colors(usize::from(key.color)),
            None => (theme.palette.line.strong, theme.palette.text.primary),
        };
        let last = position + newest + 1 == source.recent.len();
        let value = record.map_or("", Record::mark);
        if last {
            let ground = theme.palette.surface.inset;
            let kind = record.map(|record| record.kind).unwrap_or_default();
            let look = RecordLook { kind, fill, ink, ground, radius: RADIUS, value: "" };
            paint_record(painter, at, theme, &look);
            let font = Type::LabelStrong.font();
            painter.text(at, Align2::CENTER_CENTER, value, font, ink);
        } else {
            painter.circle_stroke(at, RADIUS - 0.75, Stroke::new(1.5, fill));
            let ink = theme.palette.text.primary;
            painter.text(at, Align2::CENTER_CENTER, value, Type::Label.font(), ink);
        }
    }
}
