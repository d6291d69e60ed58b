//! The axis of the timeline: lab time to points and back, and where it is labelled.

use egui::Rect;

use crate::base::{LabDuration, LabTime};

/// An axis that begins with the run and has room after its newest moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    start: LabTime,
    length: LabDuration,
    step: LabDuration,
    track: Rect,
}

/// Steps between labels, in seconds.
const STEPS: [i64; 12] = [1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 3_600, 21_600];
/// Labels wanted at most.
const MAX_TICKS: i64 = 8;
/// Points that a label needs.
const TICK_WIDTH: f32 = 64.0;

impl Scale {
    /// The axis of a run from `start` until `live`, along the track.
    pub fn new(start: LabTime, live: LabTime, track: Rect) -> Self {
        let seconds = ((live - start).0.max(0) as f64 / 1e6 * 1.12).max(10.0).ceil() as i64;
        let fits = ((track.width() / TICK_WIDTH) as i64).clamp(2, MAX_TICKS);
        let steps = |step: i64| (seconds + step - 1) / step;
        let step = STEPS.into_iter().find(|step| steps(*step) <= fits).unwrap_or(steps(fits));
        let length = LabDuration::seconds(steps(step) * step);
        Self { start, length, step: LabDuration::seconds(step), track }
    }

    /// Where a moment lies.
    pub fn x(&self, at: LabTime) -> f32 {
        let share = (at - self.start).0 as f64 / self.length.0 as f64;
        self.track.left() + self.track.width() * share.clamp(0.0, 1.0) as f32
    }

    /// The moment at a place.
    pub fn time(&self, x: f32) -> LabTime {
        let share = f64::from((x - self.track.left()) / self.track.width()).clamp(0.0, 1.0);
        self.start + LabDuration((share * self.length.0 as f64) as i64)
    }

    /// The labelled moments.
    pub fn ticks(&self) -> impl Iterator<Item = (LabTime, String)> + '_ {
        (0..=self.length.0 / self.step.0).map(|tick| {
            let since = LabDuration(tick * self.step.0);
            (self.start + since, label(since.0 / 1_000_000))
        })
    }
}

fn label(seconds: i64) -> String {
    let (minutes, second) = (seconds / 60, seconds % 60);
    match minutes {
        0..60 => format!("{minutes:02}:{second:02}"),
        _ => format!("{}:{:02}:{second:02}", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    fn scale(live_seconds: i64) -> Scale {
        let track = Rect::from_min_size(pos2(100.0, 0.0), vec2(700.0, 6.0));
        Scale::new(
            LabTime(5_000_000),
            LabTime(5_000_000) + LabDuration::seconds(live_seconds),
            track,
        )
    }

    #[test]
    fn the_axis_has_few_round_labels_and_room_after_the_newest_moment() {
        let labels = |seconds| scale(seconds).ticks().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(0), ["00:00", "00:02", "00:04", "00:06", "00:08", "00:10"]);
        assert_eq!(labels(12).last().map(String::as_str), Some("00:14"));
        assert_eq!(labels(3_900).last().map(String::as_str), Some("1:20:00"));
        assert!(labels(1_000_000).len() <= 10);
    }

    #[test]
    fn a_place_and_its_moment_agree() {
        let scale = scale(12);
        let at = LabTime(9_000_000);
        assert!((scale.time(scale.x(at)).0 - at.0).abs() < 1_000);
    }
}
