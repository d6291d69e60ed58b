//! How many rows a subtask took in each second of lab time: what a plot of its pace shows.

use std::collections::VecDeque;

use crate::base::LabTime;

/// Rows by second, over the last [`Pace::SECONDS`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    /// The second of the newest count.
    newest: i64,
    /// Counts, the newest last.
    counts: VecDeque<u64>,
    /// Rows counted before.
    total: u64,
}

impl Pace {
    /// Seconds that are remembered.
    pub const SECONDS: usize = 60;

    /// At this moment it had taken so many rows in all. A count that shrinks has begun anew, from 0 or
    /// from a checkpoint: only what comes after it is told.
    pub(super) fn note(&mut self, at: LabTime, total: u64) {
        let second = second(at);
        if self.counts.is_empty() || second - self.newest >= Self::SECONDS as i64 {
            self.counts.clear();
            self.counts.push_back(0);
            self.newest = second;
        }
        while self.newest < second {
            self.newest += 1;
            self.counts.push_back(0);
        }
        while self.counts.len() > Self::SECONDS {
            self.counts.pop_front();
        }
        if let Some(count) = self.counts.back_mut() {
            *count += total.saturating_sub(self.total);
        }
        self.total = total;
    }

    /// Rows of each second that is over, oldest first, with the second's number; seconds without a
    /// row are there too, up to `now`.
    pub fn until(&self, now: LabTime) -> Vec<(i64, u64)> {
        let end = second(now);
        let first = self.newest + 1 - self.counts.len() as i64;
        let begin = first.max(end - Self::SECONDS as i64);
        if self.counts.is_empty() {
            return Vec::new();
        }
        let count = |s: i64| usize::try_from(s - first).ok().and_then(|at| self.counts.get(at));
        (begin..end).map(|s| (s, count(s).copied().unwrap_or_default())).collect()
    }
}

fn second(at: LabTime) -> i64 {
    at.0.div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(notes: &[(i64, u64)]) -> Pace {
        let mut pace = Pace::default();
        notes.iter().for_each(|(millis, total)| pace.note(LabTime::from_millis(*millis), *total));
        pace
    }

    #[test]
    fn rows_fall_into_the_second_of_their_moment_and_quiet_seconds_are_zero() {
        let pace = pace(&[(2_100, 3), (2_900, 5), (5_000, 6)]);
        let at = |millis| pace.until(LabTime::from_millis(millis));
        assert_eq!(at(2_950), [], "no second is over yet");
        assert_eq!(at(6_200), [(2, 5), (3, 0), (4, 0), (5, 1)]);
        assert_eq!(at(7_000).last(), Some(&(6, 0)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let notes: Vec<_> = (0..200).map(|second| (second * 1_000, second as u64)).collect();
        let seen = pace(&notes).until(LabTime::from_millis(200_000));
        assert_eq!(seen.len(), Pace::SECONDS);
        assert_eq!(seen.first(), Some(&(140, 1)));
        let far = pace(&[(0, 5), (i64::MAX / 2_000, 9)]);
        assert_eq!(far.counts.len(), 1, "a jump of the clock makes no list of empty seconds");
    }

    #[test]
    fn a_new_attempt_goes_on_from_its_checkpoint() {
        let pace = pace(&[(1_000, 40), (2_000, 31), (2_500, 36)]);
        assert_eq!(pace.until(LabTime::from_millis(3_000)), [(1, 40), (2, 5)]);
    }
}
