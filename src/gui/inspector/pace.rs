//! The pace of a subtask: its rows in each of the last seconds of lab time, as a plot.

use egui::{Role, Ui, WidgetInfo, vec2};
use egui_plot::{GridMark, Line, PlotBounds, PlotPoints};

use super::parts;
use crate::gui::theme::Type;
use crate::gui::view::View;
use crate::gui::widgets::still_plot;
use crate::i18n::number;
use crate::model::{Pace, Subtask};

const HEIGHT: f32 = 110.0;
/// How many seconds the axis shows, and the seconds between two names on it: a young job has the
/// shorter ones.
const SPANS: [(i64, i64); 3] = [(12, 5), (30, 10), (Pace::SECONDS as i64, 20)];

/// Draws the plot, once a second is over.
pub fn ui(ui: &mut Ui, view: &View<'_>, subtask: &Subtask) {
    let seconds = subtask.pace.until(view.model.now);
    let Some((last, rows)) = seconds.last().copied() else { return };
    let words = view.tr_args("stage-rate", &[("rows", rows.into())]);
    parts::section(ui, view, &view.tr("inspector-pace"), &words);
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            view.tr_args("inspector-pace-now", &[("rows", rows.into())]),
        )
    });
    let theme = view.theme;
    let size = Type::Label.style().size;
    let (plot, mut child) = still_plot(ui, "pace", rect, size, theme.palette.text.muted);

    let most = round_up(seconds.iter().map(|(_, rows)| *rows).max().unwrap_or_default());
    let (span, named) = span(seconds.len());
    let first = last + 1 - span;
    let language = view.language;
    let plot = plot
        .x_grid_spacer(move |_| {
            let mark = |back: i64| (last + 1 - back * named) as f64;
            [2, 1].map(|back| GridMark { value: mark(back), step_size: named as f64 }).into()
        })
        .y_grid_spacer(move |_| {
            let half = most as f64 / 2.0;
            [0.0, half, most as f64].map(|value| GridMark { value, step_size: half }).into()
        })
        .x_axis_formatter(move |mark, _| {
            let back = mark.value.round() as i64 - last - 1;
            format!("{back} s")
        })
        .y_axis_formatter(move |mark, _| number(language, mark.value, 0));
    let bounds =
        PlotBounds::from_min_max([first as f64, 0.0], [last as f64 + 1.0, most as f64 * 1.05]);
    plot.show(&mut child, |plot| {
        // The plot remembers the bounds of the second before.
        plot.set_plot_bounds(bounds);
        let color = theme.palette.accent.text;
        let points = PlotPoints::from(staircase(&seconds));
        plot.line(Line::new("pace", points).color(color).width(2.0).fill(0.0).fill_alpha(0.18));
    });
}

fn span(seconds: usize) -> (i64, i64) {
    let fits = |(span, _): &(i64, i64)| seconds as i64 <= *span;
    SPANS.into_iter().find(fits).unwrap_or(SPANS[SPANS.len() - 1])
}

/// Each second as a step as wide as itself.
fn staircase(seconds: &[(i64, u64)]) -> Vec<[f64; 2]> {
    let step = |&(second, rows): &(i64, u64)| {
        [[second as f64, rows as f64], [second as f64 + 1.0, rows as f64]]
    };
    seconds.iter().flat_map(step).collect()
}

/// The next even number of two digits at most and zeros: what half of it and all of it can be written
/// beside.
fn round_up(most: u64) -> u64 {
    let mut unit = 1;
    while most / unit > 100 {
        unit *= 10;
    }
    let steps = most.div_ceil(2 * unit).max(1);
    steps * 2 * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_an_even_number_above_all() {
        let rounded: Vec<_> = [0, 1, 2, 3, 50, 99, 101, 998, 123_456].map(round_up).into();
        assert_eq!(rounded, [2, 2, 2, 4, 50, 100, 120, 1_000, 140_000]);
    }

    #[test]
    fn the_axis_of_time_grows_with_the_job() {
        let spans: Vec<_> = [1, 12, 13, 30, 31, 60].map(|seconds| span(seconds).0).into();
        assert_eq!(spans, [12, 12, 30, 30, 60, 60]);
    }

    #[test]
    fn a_second_is_a_step_as_wide_as_itself() {
        assert_eq!(staircase(&[(4, 2), (5, 0)]), [[4.0, 2.0], [5.0, 2.0], [5.0, 0.0], [6.0, 0.0]]);
    }
}
