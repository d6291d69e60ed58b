//! The strip of key groups: a tick for each, the owner's range strong, keys in their colour.

use egui::{Align2, Painter, Rect, Stroke, pos2, vec2};

use crate::gui::theme::{Theme, Type};
use crate::gui::widgets::text;

/// What a strip shows.
#[derive(Clone, Debug, Default)]
pub struct KeyStrip {
    /// How many groups there are.
    pub groups: u16,
    /// The first and the last group that the strip shows.
    pub range: (u16, u16),
    /// Groups with a key: group and colour of the key.
    pub marks: Vec<(u16, u8)>,
    /// Whether the groups are named under their ticks.
    pub named: bool,
}

/// Names of groups that are written; more would lie over each other.
const MAX_NAMES: usize = 6;

/// Paints a strip; with names it needs 14 points under `rect`.
pub fn paint(painter: &Painter, theme: &Theme, rect: Rect, strip: &KeyStrip) {
    let (first, last) = strip.range;
    let count = f32::from(last.saturating_sub(first)) + 1.0;
    let step = rect.width() / count;
    // Ticks that lie closer than this swim before the eyes: one then stands for several groups.
    let each = (4.0 / step.max(f32::EPSILON)).ceil().max(1.0);
    let width = (step * each * 0.6).clamp(0.6, 3.0);
    let x = |group: u16| rect.left() + (f32::from(group.saturating_sub(first)) + 0.5) * step;
    let stroke = Stroke::new(width, theme.palette.channel.edge);
    for tick in 0..(count / each).round() as u16 {
        let at = rect.left() + (f32::from(tick) + 0.5) * step * each;
        painter.vline(at, rect.y_range(), stroke);
    }
    let mut marks: Vec<_> =
        strip.marks.iter().filter(|(group, _)| (first..=last).contains(group)).collect();
    marks.sort_unstable();
    let mut free_from = rect.left() - 40.0;
    for (position, (group, color)) in marks.into_iter().enumerate() {
        let (fill, _) = theme.key_colors(usize::from(*color));
        let at = x(*group);
        let reach = rect.top() - 1.0..=rect.bottom() + if strip.named { 8.0 } else { 1.0 };
        painter.vline(at, reach, Stroke::new(width.max(2.5), fill));
        let name = group.to_string();
        let wide = text::width(painter, Type::LabelStrong, &name) + 5.0;
        // Beside its tick; near the end of the strip on the other side of it.
        let (left, align, place) = match at + wide <= rect.right() {
            true => (at, Align2::LEFT_CENTER, at + 5.0),
            false => (at - wide, Align2::RIGHT_CENTER, at - 5.0),
        };
        if strip.named && position < MAX_NAMES && left > free_from {
            let look = (Type::LabelStrong, theme.palette.text.primary);
            let place = pos2(place, rect.bottom() + 8.0);
            text::line(painter, place, align, look, &name, 40.0);
            free_from = left + wide + 2.0;
        }
    }
}

/// Paints the arithmetic's last step: the groups shared out among subtasks, and one group in them.
pub fn shares(
    painter: &Painter,
    theme: &Theme,
    rect: Rect,
    shares: &[(String, (u16, u16))],
    mark: (u16, u8),
) {
    let groups = shares.last().map_or(1.0, |(_, (_, last))| f32::from(*last) + 1.0);
    let x = |group: f32| rect.left() + rect.width() * group / groups;
    let look = (Type::Label, theme.palette.text.secondary);
    for (name, (first, last)) in shares {
        let part = Rect::from_x_y_ranges(
            x(f32::from(*first)) + 0.5..=x(f32::from(*last) + 1.0) - 0.5,
            rect.y_range(),
        );
        painter.rect_filled(part, theme.radius.small, theme.palette.channel.edge);
        text::line(painter, part.center(), Align2::CENTER_CENTER, look, name, part.width() - 4.0);
    }
    let (fill, _) = theme.key_colors(usize::from(mark.1));
    let at = x(f32::from(mark.0) + 0.5);
    let tick = Rect::from_center_size(pos2(at, rect.center().y), vec2(4.0, rect.height() + 8.0));
    painter.rect_filled(tick, 1, fill);
    let (look, name) = ((Type::LabelStrong, theme.palette.text.primary), mark.0.to_string());
    let half = text::width(painter, look.0, &name) / 2.0;
    let middle = at.clamp(rect.left() + half, (rect.right() - half).max(rect.left() + half));
    let place = pos2(middle, rect.bottom() + 6.0);
    text::line(painter, place, Align2::CENTER_TOP, look, &name, 40.0);
}
