//! The marks over the track.

use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::scale::Scale;
use crate::gui::stage::bed::{flag, flat_wave};
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::text;
use crate::gui::widgets::{Icon, paint_icon};
use crate::model::{Mark, MarkKind};

/// Marks of one kind that are closer than this lie over each other: the later is left out.
const SPACING: f32 = 20.0;

/// Paints the marks of the whole recording; those after the shown moment are faded.
pub fn paint(painter: &Painter, view: &View<'_>, track: Rect, scale: &Scale) {
    let mut last = [f32::NEG_INFINITY; 3];
    for mark in view.recording.live().timeline.iter() {
        let x = scale.x(mark.at);
        let row = row(mark);
        if x - last[row] < SPACING && row != 2 {
            continue;
        }
        last[row] = x;
        let faded = mark.at > view.clock.shown;
        one(painter, view, pos2(x, track.top()), mark, faded);
    }
}

/// Marks that must not cover each other share a row of the decimation.
fn row(mark: &Mark) -> usize {
    match mark.kind {
        MarkKind::Checkpoint(..) | MarkKind::CheckpointAborted(..) => 0,
        MarkKind::Watermark(..) => 1,
        _ => 2,
    }
}

fn one(painter: &Painter, view: &View<'_>, at: Pos2, mark: &Mark, faded: bool) {
    let palette = &view.theme.palette;
    let fade = |color: Color32| if faded { color.gamma_multiply(0.6) } else { color };
    let top = at - vec2(0.0, if view.compact { 14.0 } else { 17.0 });
    match mark.kind {
        MarkKind::Checkpoint(_, id) => {
            let ink = fade(palette.stream.barrier);
            painter.vline(at.x, top.y..=at.y, Stroke::new(1.6, ink));
            flag(painter, view.theme, top, id.0, ink);
        }
        MarkKind::CheckpointAborted(..) => {
            let ink = fade(palette.text.muted);
            painter.vline(at.x, top.y..=at.y, Stroke::new(1.6, ink));
            icon(painter, top, Icon::Cross, ink);
        }
        MarkKind::Watermark(..) => {
            painter.vline(
                at.x,
                at.y - 8.0..=at.y,
                Stroke::new(1.0, fade(palette.stream.watermark)),
            );
            flat_wave(painter, view.theme, top + vec2(0.0, 3.0), 8.0);
        }
        MarkKind::TaskManagerLost(id) => {
            let ink = fade(palette.status.danger);
            danger(painter, view, at, top, ink);
            let words = view.tr_args("timeline-lost", &[("id", id.to_string().into())]);
            let look = (Type::LabelStrong, ink);
            let place = top + vec2(12.0, 0.0);
            text::line(painter, place, Align2::LEFT_CENTER, look, &words, 110.0);
        }
        MarkKind::Failed(_) => danger(painter, view, at, top, fade(palette.status.danger)),
        MarkKind::Ended(_) => {
            let ink = fade(palette.status.ok);
            painter.vline(at.x, at.y - 6.0..=at.y, Stroke::new(1.4, ink));
            icon(painter, top + vec2(16.0, 0.0), Icon::Flag, ink);
        }
        MarkKind::Submitted(_) => {
            painter.vline(at.x, at.y - 6.0..=at.y, Stroke::new(1.4, fade(palette.text.secondary)));
        }
        MarkKind::Stalled(_) => {
            let ink = fade(palette.status.warn);
            painter.vline(at.x, at.y - 8.0..=at.y, Stroke::new(1.4, ink));
            icon(painter, top, Icon::Question, ink);
        }
        MarkKind::Gap(_) => {
            let line = [pos2(at.x, at.y - 4.0), pos2(at.x, at.y + 10.0)];
            painter.extend(Shape::dashed_line(
                &line,
                Stroke::new(1.5, fade(palette.status.warn)),
                3.0,
                2.0,
            ));
        }
    }
}

fn danger(painter: &Painter, view: &View<'_>, at: Pos2, top: Pos2, ink: Color32) {
    painter.vline(at.x, top.y + 8.0..=at.y, Stroke::new(1.4, ink));
    let reach = 9.0;
    let points = [vec2(0.0, -reach), vec2(reach, 0.0), vec2(0.0, reach), vec2(-reach, 0.0)];
    let points = points.map(|offset| top + offset).to_vec();
    painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
    icon(painter, top, Icon::Cross, view.theme.palette.surface.panel);
}

fn icon(painter: &Painter, center: Pos2, icon: Icon, color: Color32) {
    let rect = Rect::from_center_size(center, vec2(14.0, 14.0));
    paint_icon(painter, rect, icon, color, 1.6);
}
