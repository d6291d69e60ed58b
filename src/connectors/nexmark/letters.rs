//! Texts of letters, many at a time: the fillers of events are most of what a generator makes.

use super::random::Random;

/// Texts that are still to be drawn, each into its place among the bytes of a column.
#[derive(Default)]
pub(super) struct Letters(Vec<Text>);

struct Text {
    start: usize,
    count: usize,
    random: Random,
}

impl Text {
    fn place<'b>(&self, bytes: &'b mut [u8]) -> &'b mut [u8] {
        &mut bytes[self.start..self.start + self.count]
    }

    /// One letter after the other.
    fn write(&self, bytes: &mut [u8]) {
        self.random.clone().write_letters(self.place(bytes));
    }
}

impl Letters {
    /// Reserves the place of a text at the end of some bytes.
    pub(super) fn reserve(&mut self, count: usize, random: Random, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.resize(start + count, 0);
        self.0.push(Text { start, count, random });
    }

    /// Draws all texts.
    pub(super) fn write(&mut self, bytes: &mut [u8]) {
        self.0.drain(..).for_each(|text| text.write(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_drawn_late_are_those_drawn_at_once() {
        let (mut letters, mut bytes, mut expected) = (Letters::default(), Vec::new(), Vec::new());
        for seed in 0..45 {
            let (count, random) = (seed as usize * 7 % 31, Random::seeded(seed));
            letters.reserve(count, random.clone(), &mut bytes);
            random.clone().letters(count, &mut expected);
        }
        letters.write(&mut bytes);
        assert_eq!(bytes, expected);
    }
}
