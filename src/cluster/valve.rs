//! The watermark of a task: the minimum over its input channels, without those that pause.
//!
//! Source: Flink's `StatusWatermarkValve`. Several inputs are one valve over all their channels: the
//! minimum of minimums is the minimum.

use crate::base::Watermark;

/// What a change on one channel means for the whole input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The watermark moved on to here.
    pub watermark: Option<Watermark>,
    /// The input pauses (`true`) or goes on.
    pub idle: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    watermark: Watermark,
    idle: bool,
    /// Whether it counts: one that went on after a pause counts again once it has caught up.
    aligned: bool,
}

/// Combines the watermarks of channels.
#[derive(Clone, Debug)]
pub struct Valve {
    channels: Vec<Channel>,
    output: Watermark,
    idle: bool,
}

impl Valve {
    /// A valve over so many channels.
    pub fn new(channels: usize) -> Self {
        let channel = Channel { watermark: Watermark::MIN, idle: false, aligned: true };
        Self { channels: vec![channel; channels], output: Watermark::MIN, idle: false }
    }

    /// The watermark that was last passed on.
    pub fn output(&self) -> Watermark {
        self.output
    }

    /// A watermark came on a channel. Says how far the whole input is now, if it moved.
    pub fn watermark(&mut self, channel: usize, watermark: Watermark) -> Option<Watermark> {
        let entry = &mut self.channels[channel];
        if entry.idle || watermark <= entry.watermark {
            return None;
        }
        entry.watermark = watermark;
        entry.aligned |= watermark >= self.output;
        self.advance()
    }

    /// A channel pauses or goes on.
    pub fn idle(&mut self, channel: usize, idle: bool) -> Change {
        if self.channels[channel].idle == idle {
            return Change::default();
        }
        self.channels[channel].idle = idle;
        if idle { self.pause(channel) } else { self.resume(channel) }
    }

    fn pause(&mut self, channel: usize) -> Change {
        self.channels[channel].aligned = false;
        if self.channels.iter().all(|c| c.idle) {
            self.idle = true;
            // The last to pause may have held the others back: what they said counts in full.
            let watermark = if self.channels[channel].watermark == self.output {
                let max = self.channels.iter().map(|c| c.watermark).max();
                max.and_then(|w| self.move_to(w))
            } else {
                None
            };
            return Change { watermark, idle: Some(true) };
        }
        Change { watermark: self.advance(), idle: None }
    }

    fn resume(&mut self, channel: usize) -> Change {
        let entry = &mut self.channels[channel];
        entry.aligned = entry.watermark >= self.output;
        let idle = self.idle.then_some(false);
        self.idle = false;
        Change { watermark: None, idle }
    }

    fn advance(&mut self) -> Option<Watermark> {
        let aligned = self.channels.iter().filter(|c| c.aligned);
        aligned.map(|c| c.watermark).min().and_then(|w| self.move_to(w))
    }

    fn move_to(&mut self, watermark: Watermark) -> Option<Watermark> {
        (watermark > self.output).then(|| {
            self.output = watermark;
            watermark
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_passes_when_it_moves() {
        let mut valve = Valve::new(2);
        assert_eq!(valve.watermark(0, Watermark(5)), None);
        assert_eq!(valve.watermark(1, Watermark(3)), Some(Watermark(3)));
        assert_eq!(valve.watermark(1, Watermark(4)), Some(Watermark(4)));
        assert_eq!(valve.watermark(1, Watermark(9)), Some(Watermark(5)));
    }

    #[test]
    fn a_paused_channel_does_not_hold_the_others_back() {
        let mut valve = Valve::new(2);
        assert_eq!(valve.watermark(0, Watermark(5)), None);
        assert_eq!(valve.idle(1, true).watermark, Some(Watermark(5)));
        assert_eq!(valve.idle(1, false), Change::default());
        // Behind the output, it does not count until it has caught up.
        assert_eq!(valve.watermark(0, Watermark(6)), Some(Watermark(6)));
        assert_eq!(valve.watermark(1, Watermark(6)), None);
        assert_eq!(valve.watermark(0, Watermark(8)), None);
        assert_eq!(valve.watermark(1, Watermark(7)), Some(Watermark(7)));
    }

    #[test]
    fn when_all_pause_the_input_pauses_and_the_highest_counts() {
        let mut valve = Valve::new(2);
        valve.watermark(0, Watermark(5));
        valve.watermark(1, Watermark(3));
        assert_eq!(valve.idle(0, true), Change { watermark: None, idle: None });
        let change = Change { watermark: Some(Watermark(5)), idle: Some(true) };
        assert_eq!(valve.idle(1, true), change);
        assert_eq!(valve.idle(0, false).idle, Some(false));
    }
}
