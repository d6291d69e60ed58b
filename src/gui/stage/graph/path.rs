//! The middle line of a channel: a curve as points, with the way along it measured.

use egui::{Pos2, Vec2, pos2};

/// A curve that can be walked.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    points: Vec<Pos2>,
    reach: Vec<f32>,
}

const STEPS: usize = 24;

impl Path {
    /// Leaves one port and enters another flat, as a brook does.
    pub fn between(from: Pos2, to: Pos2) -> Self {
        Self::new(curve(from, to))
    }

    /// Through a place that many channels share.
    pub fn through(from: Pos2, hub: Pos2, to: Pos2) -> Self {
        let mut points = curve(from, hub);
        points.extend(curve(hub, to).into_iter().skip(1));
        Self::new(points)
    }

    fn new(points: Vec<Pos2>) -> Self {
        let mut way = 0.0;
        let mut reach = Vec::with_capacity(points.len());
        for (at, point) in points.iter().enumerate() {
            way += at.checked_sub(1).map_or(0.0, |before| points[before].distance(*point));
            reach.push(way);
        }
        Self { points, reach }
    }

    /// Its points.
    pub fn points(&self) -> &[Pos2] {
        &self.points
    }

    /// How long it is.
    pub fn length(&self) -> f32 {
        self.reach.last().copied().unwrap_or_default()
    }

    /// The place after some way, and the direction there.
    pub fn at(&self, way: f32) -> (Pos2, Vec2) {
        let last = self.points.len().saturating_sub(1);
        let after = self.reach.partition_point(|reach| *reach < way).clamp(1, last.max(1));
        let (Some(a), Some(b)) = (self.points.get(after - 1), self.points.get(after)) else {
            return (self.points.first().copied().unwrap_or_default(), Vec2::X);
        };
        let span = (self.reach[after] - self.reach[after - 1]).max(f32::EPSILON);
        let part = ((way - self.reach[after - 1]) / span).clamp(0.0, 1.0);
        (a.lerp(*b, part), (*b - *a).normalized())
    }

    /// Its middle.
    pub fn middle(&self) -> Pos2 {
        self.at(self.length() / 2.0).0
    }
}

fn curve(from: Pos2, to: Pos2) -> Vec<Pos2> {
    let bend = ((to.x - from.x) * 0.5).max(12.0);
    let (a, b) = (pos2(from.x + bend, from.y), pos2(to.x - bend, to.y));
    let point = |step: usize| {
        let t = step as f32 / STEPS as f32;
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let sum = |axis: fn(Pos2) -> f32| {
            let all = [from, a, b, to].map(axis);
            all.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f32>()
        };
        pos2(sum(|p| p.x), sum(|p| p.y))
    };
    (0..=STEPS).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_begins_and_ends_at_the_ports() {
        let path = Path::between(pos2(0.0, 0.0), pos2(100.0, 40.0));
        assert_eq!(path.at(0.0).0, pos2(0.0, 0.0));
        assert!(path.at(path.length()).0.distance(pos2(100.0, 40.0)) < 0.01);
        assert!(path.length() > 107.0);
        assert!(path.middle().distance(pos2(50.0, 20.0)) < 1.0);
    }
}
