//! The chart of totals: a staircase for each student, a disc with the points at each answer.
//!
//! Where two lines coincide they run side by side, so that neither hides the other.

use egui::{Align2, FontId, Rect, Ui, Vec2};
use egui_plot::{GridMark, Line, PlotBounds, PlotPoint, PlotPoints};

use super::key_color;
use crate::gui::theme::{Type, fonts};
use crate::gui::view::View;
use crate::gui::widgets::still_plot;
use crate::model::Key;
use crate::model::scoreboard::{Answer, Scoreboard};

/// Points of one rounded step of the staircase.
const SMOOTH: usize = 12;
/// How far before its answer a step begins to rise, in answers.
const RISE: f64 = 0.45;

/// Draws the totals over the answers, in points of `scale` to the sheet's unit.
pub(super) fn ui(
    ui: &mut Ui,
    view: &View<'_>,
    rect: Rect,
    scale: f32,
    board: &Scoreboard,
    limit: u32,
) {
    let theme = view.theme;
    let inset = theme.palette.surface.inset;
    ui.painter().rect(rect, 10.0 * scale, inset, theme.hairline(), egui::StrokeKind::Inside);
    let inner = rect.shrink2(Vec2::new(28.0, 16.0) * scale);
    let size = Type::PresenterAxis.style().size * scale;
    let (plot, mut child) =
        still_plot(ui, "board-chart", inner, size, theme.palette.text.secondary);

    let highest = board.standings().map(|s| s.total).max().unwrap_or(0).max(2) as f64;
    let last = (limit as usize).max(board.answers().len()) as f64;
    let half = (highest / 2.0).round();
    let plot = plot
        .x_grid_spacer(move |_| marks(1..=last as i64, 1.0))
        .y_grid_spacer(move |_| {
            [0.0, half, highest].map(|value| GridMark { value, step_size: half }).into()
        })
        .x_axis_formatter(|mark, _| format!("{}", mark.value))
        .y_axis_formatter(|mark, _| format!("{}", mark.value));
    let students: Vec<Key> = board.standings().map(|s| s.student.clone()).collect();
    let bounds = PlotBounds::from_min_max([0.0, -highest * 0.06], [last + 0.6, highest * 1.12]);
    let drawn = plot.show(&mut child, |plot| {
        // The plot remembers the bounds of the exam before; each frame has its own.
        plot.set_plot_bounds(bounds);
        for (lane, student) in students.iter().enumerate() {
            let points = staircase(board.answers(), student, last + 0.4);
            let apart = (lane as f64 - (students.len() - 1) as f64 / 2.0) * highest * 0.02;
            let points: Vec<[f64; 2]> = points.iter().map(|[x, y]| [*x, y - apart]).collect();
            plot.line(
                Line::new(student.text.to_string(), PlotPoints::from(points))
                    .color(key_color(theme, student))
                    .width(8.0 * scale),
            );
        }
    });
    for (position, answer) in board.answers().iter().enumerate() {
        let at = PlotPoint::new(position as f64 + 1.0, answer.total as f64);
        disc(&child, view, drawn.transform.position_from_point(&at), scale, answer);
    }
}

fn disc(ui: &Ui, view: &View<'_>, center: egui::Pos2, scale: f32, answer: &Answer) {
    let (fill, ink) = view.theme.key_colors(answer.student.color.into());
    ui.painter().circle_filled(center, 23.0 * scale, view.theme.palette.surface.inset);
    ui.painter().circle_filled(center, 20.0 * scale, fill);
    let font = FontId::new(Type::PresenterAxis.style().size * scale, fonts::family(false, true));
    ui.painter().text(center, Align2::CENTER_CENTER, answer.points.to_string(), font, ink);
}

fn marks(range: std::ops::RangeInclusive<i64>, step_size: f64) -> Vec<GridMark> {
    range.map(|value| GridMark { value: value as f64, step_size }).collect()
}

/// A student's total over the answers of all, as rounded steps from 0 to `end`.
fn staircase(answers: &[Answer], student: &Key, end: f64) -> Vec<[f64; 2]> {
    let mut points = vec![[0.0, 0.0]];
    let mut total = 0.0;
    for (position, answer) in answers.iter().enumerate().filter(|(_, a)| a.student == *student) {
        let (x, next) = (position as f64 + 1.0, answer.total as f64);
        for step in 0..=SMOOTH {
            let part = step as f64 / SMOOTH as f64;
            let eased = part * part * (3.0 - 2.0 * part);
            points.push([x - RISE * (1.0 - part), total + (next - total) * eased]);
        }
        total = next;
    }
    points.push([end, total]);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staircase_reaches_each_total_at_its_answer_and_stays() {
        let key = |text: &str| Key { text: text.into(), color: 0 };
        let answer = |who: &str, points, total| Answer { student: key(who), points, total };
        let answers = [answer("a", 3, 3), answer("b", 2, 2), answer("a", 4, 7)];
        let stairs = staircase(&answers, &key("a"), 4.0);
        assert_eq!(stairs.first(), Some(&[0.0, 0.0]));
        assert!(stairs.contains(&[1.0, 3.0]) && stairs.contains(&[3.0, 7.0]));
        assert_eq!(stairs.last(), Some(&[4.0, 7.0]));
        assert!(stairs.windows(2).all(|w| w[0][0] <= w[1][0] && w[0][1] <= w[1][1]));
    }
}
