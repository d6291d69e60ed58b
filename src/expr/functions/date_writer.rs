//! Writing moments that follow each other: most are of the same day, or minute, as the one before.

use super::pattern::DatePattern;

/// Writes moments by one pattern, and keeps what it wrote last.
pub(super) struct DateWriter<'p> {
    pattern: &'p DatePattern,
    /// How many milliseconds are written alike.
    unit: Option<u64>,
    /// The first of those that are written as `text`.
    from: i64,
    text: Option<String>,
}

impl<'p> DateWriter<'p> {
    pub(super) fn new(pattern: &'p DatePattern) -> Self {
        Self { pattern, unit: pattern.unit(), from: 0, text: None }
    }

    /// The text of a moment.
    pub(super) fn write(&mut self, millis: i64, nanos_of_milli: i32) -> &str {
        let kept = self.text.take().filter(|_| self.is_alike(millis));
        if let (None, Some(unit)) = (&kept, self.unit) {
            self.from = millis.saturating_sub(millis.rem_euclid(unit as i64));
        }
        self.text.insert(kept.unwrap_or_else(|| self.pattern.format(millis, nanos_of_milli)))
    }

    fn is_alike(&self, millis: i64) -> bool {
        self.unit.is_some_and(|unit| (millis.wrapping_sub(self.from) as u64) < unit)
    }
}
