//! The name-mark: two flowing lines, and a third broken by one stone.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

use crate::gui::theme::Theme;

type Point = (f32, f32);

const UPPER: [[Point; 4]; 2] = [
    [(2.0, 7.5), (6.0, 3.2), (9.0, 3.2), (12.5, 6.6)],
    // The second control point of an SVG `S` mirrors the one before it.
    [(12.5, 6.6), (16.0, 10.0), (19.0, 9.6), (22.0, 6.2)],
];
const LOWER_LEFT: [Point; 4] = [(2.0, 18.9), (5.0, 15.7), (7.4, 15.0), (10.0, 16.6)];
const LOWER_RIGHT: [Point; 4] = [(17.4, 19.6), (19.0, 19.6), (20.6, 18.9), (22.0, 17.6)];
const STONE: (Point, f32) = ((13.7, 18.7), 2.15);
const DOWN: f32 = 5.7;
const STROKE: f32 = 2.1;

/// Paints the mark into a square, water in the accent, the stone in the first key's colour.
pub fn paint(painter: &Painter, rect: Rect, theme: &Theme) {
    let scale = rect.width() / 24.0;
    let at = |(x, y): Point, down: f32| -> Pos2 {
        pos2(rect.left() + x * scale, rect.top() + (y + down) * scale)
    };
    let stroke = Stroke::new(STROKE * scale, theme.palette.accent.text);
    let curve = |points: [Point; 4], down: f32| {
        let points = points.map(|point| at(point, down));
        Shape::from(CubicBezierShape::from_points_stroke(
            points,
            false,
            Color32::TRANSPARENT,
            stroke,
        ))
    };
    for part in UPPER {
        painter.add(curve(part, 0.0));
        painter.add(curve(part, DOWN));
    }
    painter.add(curve(LOWER_LEFT, 0.0));
    painter.add(curve(LOWER_RIGHT, 0.0));
    painter.circle_filled(at(STONE.0, 0.0), STONE.1 * scale, theme.key_colors(0).0);
}
