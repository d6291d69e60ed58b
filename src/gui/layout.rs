//! Where the panels lie: arithmetic on rectangles, without drawing.

use egui::{Rect, pos2};
use serde::{Deserialize, Serialize};

use super::theme::Theme;

/// Space between panels, and around them.
pub const GAP: f32 = 8.0;
/// Below this width or height the compact layout is used.
const COMPACT_BELOW: (f32, f32) = (1200.0, 700.0);
/// Below this width the lesson folds away as well.
const FOLD_LESSON_BELOW: f32 = 900.0;
/// The width of a folded lesson.
const LESSON_RAIL: f32 = 44.0;

/// What a person can move: sizes that the settings keep.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proportions {
    /// Width of the lesson, in points.
    pub lesson: f32,
    /// Width of the inspector, in points.
    pub inspector: f32,
    /// The stage's share of the height of the middle.
    pub stage: f32,
    /// The editor's share of the width of the middle.
    pub editor: f32,
    /// Whether the lesson is unfolded.
    pub lesson_open: bool,
}

impl Default for Proportions {
    fn default() -> Self {
        Self { lesson: 312.0, inspector: 312.0, stage: 0.6, editor: 0.49, lesson_open: true }
    }
}

/// The rectangles of one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Whether the window is small.
    pub compact: bool,
    /// The bar at the top.
    pub top: Rect,
    /// The lesson, or its rail.
    pub lesson: Rect,
    /// Whether the lesson is shown rather than its rail.
    pub lesson_open: bool,
    /// The stage.
    pub stage: Rect,
    /// The editor; in the compact layout the one tabbed panel of editor and results.
    pub editor: Rect,
    /// The results; absent in the compact layout.
    pub results: Option<Rect>,
    /// The inspector, or its rail in the compact layout.
    pub inspector: Rect,
    /// The bar of time.
    pub transport: Rect,
}

impl Layout {
    /// Divides a window.
    pub fn new(window: Rect, proportions: &Proportions, theme: &Theme) -> Self {
        let size = &theme.size;
        let compact = window.width() < COMPACT_BELOW.0 || window.height() < COMPACT_BELOW.1;
        let pick = |wide: f32, narrow: f32| if compact { narrow } else { wide };
        let top = pick(size.top_bar, size.top_bar_compact);
        let bar = pick(size.transport, size.transport_compact);
        let (left, right) = (window.left() + GAP, window.right() - GAP);
        let foot = window.bottom() - GAP - bar;
        let (upper, lower) = (window.top() + top, foot - GAP);
        let column = |from: f32, to: f32, up: f32, down: f32| {
            Rect::from_min_max(pos2(from, up), pos2(to.max(from), down.max(up)))
        };

        let lesson_open = proportions.lesson_open && window.width() >= FOLD_LESSON_BELOW;
        let lesson_width = match (lesson_open, compact) {
            (false, _) => LESSON_RAIL,
            (true, true) => size.lesson_pane_compact,
            (true, false) => proportions.lesson.clamp(240.0, 0.34 * window.width()),
        };
        let inspector_width = if compact {
            size.inspector_rail
        } else {
            proportions.inspector.clamp(260.0, 0.34 * window.width())
        };
        let (from, to) = (left + lesson_width + GAP, right - inspector_width - GAP);
        let height = lower - upper - GAP;
        let cut = upper + (height * proportions.stage).clamp(140.0, (height - 140.0).max(140.0));
        let width = to - from - GAP;
        let split = from + (width * proportions.editor).clamp(220.0, (width - 260.0).max(220.0));
        Self {
            compact,
            top: column(window.left(), window.right(), window.top(), upper),
            lesson: column(left, left + lesson_width, upper, lower),
            lesson_open,
            stage: column(from, to, upper, cut),
            editor: column(from, if compact { to } else { split }, cut + GAP, lower),
            results: (!compact).then(|| column(split + GAP, to, cut + GAP, lower)),
            inspector: column(right - inspector_width, right, upper, lower),
            transport: column(left, right, foot, window.bottom() - GAP),
        }
    }

    /// The gaps that can be dragged: their rectangle, and which proportion each moves.
    pub fn handles(&self) -> Vec<(Handle, Rect)> {
        let mut handles = vec![(Handle::Stage, self.gap(Handle::Stage))];
        if self.lesson_open && !self.compact {
            handles.push((Handle::Lesson, self.gap(Handle::Lesson)));
        }
        if self.results.is_some() {
            handles.push((Handle::Editor, self.gap(Handle::Editor)));
            handles.push((Handle::Inspector, self.gap(Handle::Inspector)));
        }
        handles
    }

    /// What of a window no panel covers: the bar at the top, and the gaps.
    pub fn ground(&self, window: Rect) -> impl Iterator<Item = Rect> {
        let (top, foot) = (self.top.bottom(), self.transport.top());
        let row = |from: f32, to: f32| Rect::from_x_y_ranges(window.x_range(), from..=to);
        let left = Rect::from_x_y_ranges(window.left()..=self.lesson.left(), top..=foot);
        let right = Rect::from_x_y_ranges(self.inspector.right()..=window.right(), top..=foot);
        let sides = |rect: Rect| {
            let of = self.transport.y_range();
            [
                Rect::from_x_y_ranges(window.left()..=rect.left(), of),
                Rect::from_x_y_ranges(rect.right()..=window.right(), of),
            ]
        };
        let lower =
            Rect::from_x_y_ranges(self.lesson.left()..=right.left(), self.lesson.bottom()..=foot);
        let gaps = [Handle::Stage, Handle::Lesson, Handle::Editor, Handle::Inspector];
        [row(window.top(), top), row(self.transport.bottom(), window.bottom()), left, right, lower]
            .into_iter()
            .chain(sides(self.transport))
            .chain(gaps.map(|handle| self.gap(handle)))
            .filter(Rect::is_positive)
    }

    /// The gap that a handle moves; an empty one between editor and results that are one panel.
    fn gap(&self, handle: Handle) -> Rect {
        let column = |from: f32, to: f32, of: Rect| Rect::from_x_y_ranges(from..=to, of.y_range());
        let (stage, editor) = (self.stage, self.editor);
        match handle {
            Handle::Stage => Rect::from_x_y_ranges(stage.x_range(), stage.bottom()..=editor.top()),
            Handle::Lesson => column(self.lesson.right(), stage.left(), self.lesson),
            Handle::Inspector => column(stage.right(), self.inspector.left(), self.inspector),
            Handle::Editor => {
                column(editor.right(), self.results.map_or(editor.right(), |r| r.left()), editor)
            }
        }
    }

    /// What the proportions become when a handle is dragged to a place.
    #[must_use]
    pub fn drag(&self, handle: Handle, to: egui::Pos2, proportions: Proportions) -> Proportions {
        let height = self.editor.bottom() - self.stage.top() - GAP;
        let width = self.stage.width() - GAP;
        match handle {
            Handle::Stage => {
                let stage = ((to.y - GAP / 2.0 - self.stage.top()) / height).clamp(0.15, 0.85);
                Proportions { stage, ..proportions }
            }
            Handle::Editor => {
                let editor = ((to.x - GAP / 2.0 - self.stage.left()) / width).clamp(0.2, 0.8);
                Proportions { editor, ..proportions }
            }
            Handle::Lesson => {
                let lesson = (to.x - GAP / 2.0 - self.lesson.left()).clamp(240.0, 520.0);
                Proportions { lesson, ..proportions }
            }
            Handle::Inspector => {
                let inspector = (self.inspector.right() - to.x - GAP / 2.0).clamp(260.0, 520.0);
                Proportions { inspector, ..proportions }
            }
        }
    }
}

/// A gap that can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    /// Between stage and editor.
    Stage,
    /// Between editor and results.
    Editor,
    /// Between lesson and stage.
    Lesson,
    /// Between stage and inspector.
    Inspector,
}

impl Handle {
    /// Whether the gap lies flat, so that dragging it changes heights.
    pub fn horizontal(self) -> bool {
        self == Self::Stage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(width: f32, height: f32) -> Layout {
        let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(width, height));
        Layout::new(window, &Proportions::default(), Theme::get(true))
    }

    #[test]
    fn a_wide_window_is_divided_as_designed() {
        let layout = layout(1440.0, 900.0);
        assert!(!layout.compact);
        assert_eq!(layout.lesson, Rect::from_min_max(pos2(8.0, 48.0), pos2(320.0, 800.0)));
        assert_eq!(layout.inspector.left(), 1120.0);
        assert_eq!(layout.transport, Rect::from_min_max(pos2(8.0, 808.0), pos2(1432.0, 892.0)));
        assert_eq!((layout.stage.left(), layout.stage.right()), (328.0, 1112.0));
    }

    #[test]
    fn a_small_window_has_a_rail_and_one_panel_below() {
        let layout = layout(1024.0, 600.0);
        assert!(layout.compact && layout.lesson_open);
        assert_eq!(layout.inspector.width(), 44.0);
        assert_eq!(layout.lesson.width(), 256.0);
        assert_eq!(layout.transport.top(), 536.0);
        assert_eq!(layout.results, None);
    }

    #[test]
    fn a_narrow_window_folds_the_lesson() {
        assert!(!layout(880.0, 600.0).lesson_open);
    }

    #[test]
    fn panels_and_ground_cover_each_point_once() {
        for (width, height) in [(1440.0, 900.0), (1024.0, 600.0), (880.0, 600.0)] {
            let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(width, height));
            let layout = Layout::new(window, &Proportions::default(), Theme::get(true));
            let panels = [layout.lesson, layout.stage, layout.editor, layout.inspector];
            let parts: Vec<Rect> = layout
                .ground(window)
                .chain(panels)
                .chain([layout.transport])
                .chain(layout.results)
                .collect();
            let area: f32 = parts.iter().map(|part| part.area()).sum();
            assert!((area - window.area()).abs() < 1.0, "{area} of {}", window.area());
            for (at, a) in parts.iter().enumerate() {
                let met = parts[at + 1..].iter().find(|b| a.intersect(**b).is_positive());
                assert_eq!(met, None, "{a} covers it too");
            }
        }
    }

    #[test]
    fn dragging_a_handle_puts_the_gap_there() {
        let layout = layout(1440.0, 900.0);
        let to = pos2(700.0, 420.0);
        let moved = layout.drag(Handle::Stage, to, Proportions::default());
        let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(1440.0, 900.0));
        let after = Layout::new(window, &moved, Theme::get(true));
        assert!((after.stage.bottom() + GAP / 2.0 - to.y).abs() < 0.5);
    }
}
