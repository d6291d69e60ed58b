//! The chance of Nexmark's events: one short sequence an event, seeded by its number.
//!
//! Events are those of the crate `nexmark`, which draws from `rand` 0.8: xoshiro256++ seeded by PCG32,
//! and that version's way from bits to ranges. Later versions of `rand` draw otherwise, so the
//! sequence is defined here.

/// xoshiro256++.
pub(super) struct Random([u64; 4]);

/// How many letters there are, and the largest low half that keeps them equally likely.
const LETTERS: u64 = 26;
const LETTERS_ZONE: u32 = u32::MAX - (u32::MAX - LETTERS as u32 + 1) % LETTERS as u32;

impl Random {
    /// The sequence of a seed: eight numbers of PCG32 are the state.
    pub(super) fn seeded(seed: u64) -> Self {
        let mut state = seed;
        let mut half = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(11_634_580_027_462_260_723);
            let shifted = (((state >> 18) ^ state) >> 27) as u32;
            u64::from(shifted.rotate_right((state >> 59) as u32))
        };
        let mut word = || half() | half() << 32;
        Self([word(), word(), word(), word()])
    }

    #[inline]
    fn next_u64(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    #[inline]
    fn next_u32(&mut self) -> u32 {
        (self.next_u64() >> 32) as u32
    }

    /// A number below `bound`, which must not be zero, drawn from 64 bits.
    #[inline]
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let zone = (bound << bound.leading_zeros()).wrapping_sub(1);
        loop {
            let wide = u128::from(self.next_u64()) * u128::from(bound);
            if wide as u64 <= zone {
                return (wide >> 64) as u64;
            }
        }
    }

    /// A number below `bound`, which must not be zero, drawn from 32 bits: for choices of a list.
    #[inline]
    pub(super) fn index(&mut self, bound: u32) -> usize {
        let zone = (bound << bound.leading_zeros()).wrapping_sub(1);
        loop {
            let wide = u64::from(self.next_u32()) * u64::from(bound);
            if wide as u32 <= zone {
                return (wide >> 32) as usize;
            }
        }
    }

    /// One of a list that is not empty.
    pub(super) fn choose<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len() as u32)]
    }

    /// A small letter.
    #[inline]
    pub(super) fn letter(&mut self) -> u8 {
        loop {
            let wide = u64::from(self.next_u32()) * LETTERS;
            if wide as u32 <= LETTERS_ZONE {
                return b'a' + (wide >> 32) as u8;
            }
        }
    }

    /// Writes small letters.
    pub(super) fn letters(&mut self, count: usize, text: &mut Vec<u8>) {
        let start = text.len();
        text.resize(start + count, 0);
        for place in &mut text[start..] {
            *place = self.letter();
        }
    }

    /// Writes letters that bring an event of `size` bytes to about the size wished for.
    pub(super) fn filler(&mut self, size: u64, wished: u64, text: &mut Vec<u8>) {
        let Some(missing) = wished.checked_sub(size) else { return };
        let spread = (missing + 2) / 5;
        let more = if spread == 0 { 0 } else { self.below(2 * spread) };
        self.letters((missing - spread + more) as usize, text);
    }

    /// A price in cents, up to a million dollars; small ones are as likely as large ones.
    #[inline]
    pub(super) fn price(&mut self) -> u64 {
        let unit = (self.next_u32() >> 8) as f32 * (1.0 / (1 << 24) as f32);
        round(10.0_f32.powf(unit * 6.0) * 100.0)
    }
}

/// Rounds half up a number that is not negative, without a call.
#[inline]
pub(super) fn round(number: f32) -> u64 {
    let whole = number as u64;
    whole + u64::from(number - whole as f32 >= 0.5)
}
