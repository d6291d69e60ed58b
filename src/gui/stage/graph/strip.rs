//! The strip over a source: the rows that it read, the newest last.

use egui::{Align2, Painter, Rect, Stroke, pos2};

use super::layout::{Detail, GraphLayout};
use crate::base::VertexId;
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{RecordLook, paint_record};
use crate::model::{Job, Record};

const HEIGHT: f32 = 52.0;
const STEP: f32 = 24.0;
const RADIUS: f32 = 9.0;

/// Paints the strip over the first source, if it has one subtask and there is room.
pub fn paint(painter: &Painter, view: &View<'_>, job: &Job, layout: &GraphLayout, area: Rect) {
    let mut vertices = (0..).map(VertexId).zip(&job.vertices).zip(&layout.vertices);
    let Some(((_, subtasks), place)) = vertices.find(|((v, _), _)| job.is_source(*v)) else {
        return;
    };
    let [source] = subtasks.as_slice() else { return };
    let top = area.top().max(place.rect.top() - 1.5 * HEIGHT);
    if source.recent.is_empty()
        || place.rect.top() - top < HEIGHT
        || layout.detail > Detail::Compact
    {
        return;
    }
    let theme = view.theme;
    let left = place.rect.left();
    let read = view.tr_args("stage-rows-read", &[("rows", source.read.into())]);
    let look = (Type::Label, theme.palette.text.secondary);
    let wide = (place.rect.width() * 1.25).min(area.right() - left);
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
