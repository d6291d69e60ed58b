//! Windows of fixed lengths, and the slices that they are made of.
//!
//! Windows that overlap share slices: a row is accumulated once, in its slice, and a window is the
//! merge of its slices. All lengths are milliseconds; a slice or window is named by its end.

/// How windows lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowKind {
    /// One after the other.
    Tumble {
        /// How long each is.
        size: i64,
    },
    /// A new one begins every `slide`.
    Hop {
        /// From the start of one to that of the next.
        slide: i64,
        /// How long each is.
        size: i64,
    },
    /// Those with the same start grow by `step` until they are `size` long.
    Cumulate {
        /// By how much they grow.
        step: i64,
        /// How long the last one is.
        size: i64,
    },
}

/// Windows of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// How they lie; lengths are more than 0.
    pub kind: WindowKind,
    /// By how much their starts are off those that count from the epoch.
    pub offset: i64,
}

impl Windows {
    /// The last aligned moment that is not after `at`.
    fn floor(self, at: i64, unit: i64) -> i64 {
        at.saturating_sub(at.saturating_sub(self.offset).rem_euclid(unit))
    }

    /// The first aligned moment that is not before `at`.
    fn ceil(self, at: i64, unit: i64) -> i64 {
        let floor = self.floor(at, unit);
        if floor == at { at } else { floor.saturating_add(unit) }
    }

    /// How long a slice is.
    pub fn slice(self) -> i64 {
        match self.kind {
            WindowKind::Tumble { size } => size,
            WindowKind::Hop { slide, size } => greatest_common_divisor(slide, size),
            WindowKind::Cumulate { step, .. } => step,
        }
    }

    /// The slice that holds a moment.
    pub fn slice_end(self, at: i64) -> i64 {
        self.floor(at, self.slice()).saturating_add(self.slice())
    }

    /// Whether a window may be made of several slices, or a slice be in several windows.
    pub fn share(self) -> bool {
        !matches!(self.kind, WindowKind::Tumble { .. })
    }

    /// Of the windows that hold a slice, the first that ends after a moment.
    pub fn next_end(self, slice_end: i64, after: i64) -> Option<i64> {
        let from = if after < slice_end { slice_end } else { after.checked_add(1)? };
        match self.kind {
            WindowKind::Tumble { .. } => (from == slice_end).then_some(slice_end),
            WindowKind::Hop { slide, size } => {
                let start = self.ceil(from.saturating_sub(size), slide);
                let last_start = self.floor(slice_end.saturating_sub(self.slice()), slide);
                (start <= last_start).then(|| start.saturating_add(size))
            }
            WindowKind::Cumulate { step, size } => {
                let end = self.ceil(from, step);
                let last = self.floor(slice_end - 1, size).saturating_add(size);
                (end <= last).then_some(end)
            }
        }
    }

    /// The end of the window behind the one with this end, if they share slices.
    pub fn after(self, end: i64) -> Option<i64> {
        match self.kind {
            WindowKind::Tumble { .. } => None,
            WindowKind::Hop { slide, .. } => Some(end.saturating_add(slide)),
            WindowKind::Cumulate { step, size } => {
                let next = end.saturating_add(step);
                (next <= self.start(end).saturating_add(size)).then_some(next)
            }
        }
    }

    /// The start of the window with this end.
    pub fn start(self, end: i64) -> i64 {
        match self.kind {
            WindowKind::Tumble { size } | WindowKind::Hop { size, .. } => end.saturating_sub(size),
            WindowKind::Cumulate { size, .. } => self.floor(end.saturating_sub(1), size),
        }
    }

    /// The windows that hold a moment, in the order in which Flink assigns them: hopping ones from the
    /// last, cumulating ones from the shortest.
    pub fn of(self, at: i64) -> impl Iterator<Item = i64> {
        let slice_end = self.slice_end(at);
        let first = self.next_end(slice_end, i64::MIN);
        let next = move |end: &i64| self.next_end(slice_end, *end);
        let mut ends: Vec<i64> = std::iter::successors(first, next).collect();
        if let WindowKind::Hop { .. } = self.kind {
            ends.reverse();
        }
        ends.into_iter()
    }
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(kind: WindowKind, offset: i64, at: i64) -> String {
        let windows = Windows { kind, offset };
        let text = windows.of(at).map(|end| format!("{}-{end}", windows.start(end)));
        text.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn windows_of_a_moment_are_flinks() {
        let tumble = WindowKind::Tumble { size: 10 };
        let hop = WindowKind::Hop { slide: 5, size: 10 };
        let gaps = WindowKind::Hop { slide: 10, size: 5 };
        let uneven = WindowKind::Hop { slide: 5, size: 8 };
        let cumulate = WindowKind::Cumulate { step: 5, size: 15 };
        let cases = [
            (tumble, 0, 9, "0-10"),
            (tumble, 0, 10, "10-20"),
            (tumble, 0, -1, "-10-0"),
            (tumble, 1, 0, "-9-1"),
            (tumble, -1, 9, "9-19"),
            (hop, 0, 7, "5-15 0-10"),
            (hop, 1, 7, "6-16 1-11"),
            (gaps, 0, 3, "0-5"),
            (gaps, 0, 7, ""),
            (uneven, 0, 6, "5-13 0-8"),
            (uneven, 0, 9, "5-13"),
            (cumulate, 0, 0, "0-5 0-10 0-15"),
            (cumulate, 0, 7, "0-10 0-15"),
            (cumulate, 0, 14, "0-15"),
        ];
        for (kind, offset, at, expected) in cases {
            assert_eq!(windows(kind, offset, at), expected, "{kind:?} {offset} {at}");
        }
    }
}
