//! The shape of a record: filled adds, hollow takes away; round or square is born or dies, a diamond
//! changes.

use egui::{
    Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2,
    vec2,
};

use crate::data::RowKind;
use crate::gui::theme::{Theme, Type};

/// How a record is drawn.
#[derive(Clone, Copy, Debug)]
pub struct RecordLook<'a> {
    /// Its shape.
    pub kind: RowKind,
    /// The colour of its key, or of its kind.
    pub fill: Color32,
    /// What is legible on the fill.
    pub ink: Color32,
    /// What a hollow shape is filled with, and the ring that keeps a record off its channel.
    pub ground: Color32,
    /// Half its width, in points.
    pub radius: f32,
    /// Shown inside from radius 10 on; smaller hollow shapes show a dash instead.
    pub value: &'a str,
}

const VALUE_FROM: f32 = 10.0;
const RING: f32 = 2.0;

/// Paints a record.
pub fn paint_record(painter: &Painter, center: Pos2, theme: &Theme, look: &RecordLook<'_>) {
    let hollow = !look.kind.adds();
    // A hollow outline lies inside the shape, so that both kinds are equally large.
    let width = theme.stroke.hollow_record.min(look.radius / 2.5);
    let stroke = Stroke::new(if hollow { width } else { 0.0 }, look.fill);
    let fill = if hollow { look.ground } else { look.fill };
    outline(painter, center, look.kind, look.radius + RING, look.ground, Stroke::NONE);
    outline(painter, center, look.kind, look.radius - stroke.width / 2.0, fill, stroke);
    let ink = if hollow { theme.palette.text.primary } else { look.ink };
    if look.radius >= VALUE_FROM && !look.value.is_empty() {
        let font = FontId::new(look.radius * 1.1, Type::Strong.font().family);
        painter.text(center, Align2::CENTER_CENTER, look.value, font, ink);
    } else if hollow {
        let dash = vec2(look.radius * 0.42, 0.0);
        painter
            .line_segment([center - dash, center + dash], Stroke::new(width.max(1.2), look.fill));
    }
}

fn outline(painter: &Painter, at: Pos2, kind: RowKind, radius: f32, fill: Color32, stroke: Stroke) {
    match kind {
        RowKind::Insert => {
            painter.circle(at, radius, fill, stroke);
        }
        RowKind::Delete => {
            let rect = Rect::from_center_size(at, Vec2::splat(radius * 1.8));
            let corner = CornerRadius::same((radius * 0.4) as u8);
            painter.rect(rect, corner, fill, stroke, StrokeKind::Middle);
        }
        RowKind::UpdateBefore | RowKind::UpdateAfter => {
            let reach = radius * 1.12;
            let points = [vec2(0.0, -reach), vec2(reach, 0.0), vec2(0.0, reach), vec2(-reach, 0.0)];
            let points = points.map(|offset| at + offset).to_vec();
            painter.add(Shape::convex_polygon(points, fill, stroke));
        }
    }
}
