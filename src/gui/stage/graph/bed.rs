//! Brook beds and what lies in them: records, watermarks, barriers.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

use super::layout::VertexPlace;
use super::path::Path;
use crate::data::RowKind;
use crate::gui::theme::{Theme, Type};
use crate::gui::widgets::{RecordLook, paint_record, text};
use crate::model::Record;

/// Paints all beds: first every edge, then every fill, so that beds that meet become one water.
pub fn beds(painter: &Painter, theme: &Theme, paths: &[Path], width: f32) {
    let channel = &theme.palette.channel;
    for (color, width) in [(channel.edge, width + 2.0), (channel.fill, width)] {
        for path in paths {
            painter.add(Shape::line(path.points().to_vec(), Stroke::new(width, color)));
        }
    }
}

/// A port: where a channel leaves or enters a subtask.
pub fn port(painter: &Painter, theme: &Theme, at: Pos2, radius: f32) {
    painter.circle(
        at,
        radius,
        theme.palette.surface.panel,
        Stroke::new(1.2, theme.palette.line.strong),
    );
}

/// A record in its channel.
pub fn record(painter: &Painter, theme: &Theme, at: Pos2, radius: f32, record: Option<&Record>) {
    let (fill, ink) = match record.and_then(|record| record.key.as_ref()) {
        Some(key) => theme.key_colors(usize::from(key.color)),
        None => (theme.palette.text.secondary, theme.palette.surface.window),
    };
    let look = RecordLook {
        kind: record.map_or(RowKind::Insert, |record| record.kind),
        fill,
        ink,
        ground: theme.palette.channel.fill,
        radius,
        value: record.map_or("", Record::mark),
    };
    paint_record(painter, at, theme, &look);
}

/// How many rows travel together, where it is more than one: above their bed or below it, `clear` away
/// from its middle, where it covers no other record.
pub fn count(
    painter: &Painter,
    theme: &Theme,
    (at, clear): (Pos2, f32),
    rows: usize,
    covers: impl Fn(Rect) -> bool,
) {
    let ink = theme.palette.text.primary;
    let galley = painter.layout_no_wrap(rows.to_string(), Type::LabelStrong.font(), ink);
    let size = galley.size() + vec2(8.0, 0.0);
    let away = clear + size.y / 2.0 - 1.0;
    let beside = [-away, away].map(|y| Rect::from_center_size(at + vec2(0.0, y), size));
    let Some(rect) = beside.into_iter().find(|rect| !covers(*rect)) else { return };
    painter.rect_filled(rect, theme.radius.control, theme.palette.surface.overlay);
    painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
}

/// A watermark: a small wave across the channel.
pub fn watermark(painter: &Painter, theme: &Theme, at: Pos2, along: Vec2, width: f32) {
    let across = along.rot90();
    let reach = width * 0.62;
    let point = |step: i32| {
        let t = step as f32 / 8.0;
        at + across * (t * reach) + along * ((t * std::f32::consts::PI * 1.5).sin() * reach * 0.28)
    };
    let stroke = Stroke::new(theme.stroke.watermark, theme.palette.stream.watermark);
    painter.add(Shape::line((-8..=8).map(point).collect(), stroke));
}

/// A barrier: two bars of ink across the channel, and a flag with the checkpoint's number.
pub fn barrier(painter: &Painter, theme: &Theme, at: Pos2, along: Vec2, width: f32, number: u64) {
    let across = along.rot90();
    let ink = theme.palette.stream.barrier;
    let stroke = Stroke::new(theme.stroke.barrier, ink);
    for side in [-2.6, 2.6] {
        let (middle, reach) = (at + along * side, across * (width * 0.72));
        painter.line_segment([middle - reach, middle + reach], stroke);
    }
    let up = if across.y < 0.0 { across } else { -across };
    flag(painter, theme, at + up * (width * 0.72 + 9.0), number, ink);
}

/// The buffers of a channel: a square each in its bed, up to eight; without a free one they are pink.
pub fn buffers(painter: &Painter, theme: &Theme, path: &Path, used: u32, capacity: u32) {
    /// The share of the channel behind which they lie, and how far from each other.
    const FROM: f32 = 0.72;
    const STEP: f32 = 9.0;
    let shown = capacity.clamp(1, 8);
    let full = used >= capacity;
    let color = if full { theme.palette.load.pressure } else { theme.palette.accent.text };
    let filled = (u64::from(used) * u64::from(shown)).div_ceil(u64::from(capacity.max(1))) as u32;
    // The nearest to the receiver first.
    let first = (FROM * path.length() + shown as f32 * STEP).min(path.length() - STEP);
    for square in 0..shown {
        let (at, _) = path.at(first - square as f32 * STEP);
        let rect = Rect::from_center_size(at, vec2(7.0, 7.0));
        if square < filled {
            painter.rect_filled(rect, 2, color);
        } else {
            painter.rect_stroke(rect, 2, theme.outline(), egui::StrokeKind::Inside);
        }
    }
}

/// The flag of a checkpoint: its number on ink.
pub fn flag(painter: &Painter, theme: &Theme, center: Pos2, number: u64, fill: Color32) {
    let ink = theme.palette.surface.window;
    let galley = painter.layout_no_wrap(number.to_string(), Type::LabelStrong.font(), ink);
    let rect = Rect::from_center_size(center, vec2((galley.size().x + 8.0).max(16.0), 16.0));
    painter.rect_filled(rect, theme.radius.small, fill);
    painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
}

/// The ring around the record that is followed.
pub fn ring(painter: &Painter, theme: &Theme, at: Pos2, radius: f32) {
    let stroke = Stroke::new(theme.stroke.focus_ring, theme.palette.accent.text);
    painter.circle_stroke(at, radius + 7.0, stroke);
}

/// The row of a record, written beside it.
pub struct Tag<'a> {
    /// The row.
    pub text: &'a str,
    /// Whether it stands in a frame: the record is followed or pointed at.
    pub framed: bool,
    /// Whether it stands above the record.
    pub above: bool,
    /// The cards that it keeps off.
    pub cards: &'a [VertexPlace],
}

/// The widest row that is written beside its record, and beside one that is looked at.
const MAX_TAG: f32 = 150.0;
const MAX_FRAMED: f32 = 320.0;

/// Writes the row beside its record, unless another row stands there already.
pub fn row_tag(
    painter: &Painter,
    theme: &Theme,
    (at, radius): (Pos2, f32),
    tag: &Tag<'_>,
    written: &mut Vec<Rect>,
) {
    let palette = &theme.palette;
    let ink = if tag.framed { palette.text.primary } else { palette.text.secondary };
    let room = if tag.framed { MAX_FRAMED } else { MAX_TAG };
    let galley = text::galley(painter, Type::Code, tag.text, ink, room);
    let size = galley.size() + vec2(16.0, 4.0);
    let reach = radius + size.y / 2.0 + if tag.framed { 12.0 } else { 4.0 };
    let offset = if tag.above { -reach } else { reach };
    let rect = Rect::from_center_size(at + vec2(0.0, offset), size);
    let beside = |rect: Rect, card: &VertexPlace| match card.rect {
        card if !card.intersects(rect) => rect,
        card if at.x > card.right() => rect.translate(vec2(card.right() + 2.0 - rect.left(), 0.0)),
        card => rect.translate(vec2((card.left() - 2.0 - rect.right()).min(0.0), 0.0)),
    };
    let rect = if tag.framed { rect } else { tag.cards.iter().fold(rect, beside) };
    let rect = rect.translate(inside(rect, painter.clip_rect()));
    if written.iter().any(|other| other.intersects(rect)) {
        return;
    }
    written.push(rect);
    if tag.framed {
        let stroke = Stroke::new(1.0, palette.accent.text);
        let fill = palette.surface.overlay;
        painter.rect(rect, theme.radius.control, fill, stroke, egui::StrokeKind::Inside);
    }
    painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
}

fn inside(rect: Rect, area: Rect) -> Vec2 {
    let shift =
        |low: f32, high: f32, from: f32, to: f32| (from - low).max(0.0) - (high - to).max(0.0);
    vec2(
        shift(rect.left(), rect.right(), area.left() + 2.0, area.right() - 2.0),
        shift(rect.top(), rect.bottom(), area.top() + 2.0, area.bottom() - 2.0),
    )
}

/// A small wave that lies flat: the mark of a watermark beside its time.
pub fn flat_wave(painter: &Painter, theme: &Theme, center: Pos2, half_width: f32) {
    let point = |step: i32| {
        let t = step as f32 / 8.0;
        let lift = (t * std::f32::consts::PI).sin() * half_width * 0.34;
        pos2(center.x + t * half_width, center.y - lift)
    };
    let stroke = Stroke::new(theme.stroke.watermark * 0.8, theme.palette.stream.watermark);
    painter.add(Shape::line((-8..=8).map(point).collect(), stroke));
}
