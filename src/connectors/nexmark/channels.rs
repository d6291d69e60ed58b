//! The channels that bids come through, each with its address.

use std::io::Write;

use super::random::Random;

/// How many channels there are besides the hot ones.
const COUNT: usize = 10_000;

/// One in so many bids does not come through a hot channel.
const HOT_RATIO: u64 = 2;

/// The channels that most bids come through; their addresses are those of the first of the others,
/// without a number.
const HOT: [&str; 4] = ["Google", "Facebook", "Baidu", "Apple"];

/// Names and addresses.
pub(super) struct Channels {
    hot: Vec<(Vec<u8>, Vec<u8>)>,
    all: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Channels {
    /// All channels; always the same.
    pub(super) fn new() -> Self {
        let hot = HOT.iter().enumerate();
        Self {
            hot: hot.map(|(n, name)| (name.as_bytes().to_vec(), address(n))).collect(),
            all: (0..COUNT).map(channel).collect(),
        }
    }

    /// The name and the address of a channel.
    pub(super) fn choose(&self, random: &mut Random) -> (&[u8], &[u8]) {
        let (name, address) = match random.below(HOT_RATIO) {
            0 => random.choose(&self.all),
            _ => &self.hot[random.below(self.hot.len() as u64) as usize],
        };
        (name, address)
    }
}

/// Nine of ten channels have a number in their address: their own with its bits reversed.
fn channel(n: usize) -> (Vec<u8>, Vec<u8>) {
    let mut address = address(n);
    if Random::seeded(n as u64).index(10) > 0 {
        let number = i64::from((n as i32).reverse_bits()).abs();
        // Writing to memory does not fail.
        let _ = write!(address, "&channel_id={number}");
    }
    (format!("channel-{n}").into_bytes(), address)
}

fn address(n: usize) -> Vec<u8> {
    let random = &mut Random::seeded(n as u64);
    let mut text = b"https://www.nexmark.com/".to_vec();
    for _ in 0..3 {
        folder(random, &mut text);
        text.push(b'/');
    }
    text.extend(b"item.htm?query=1");
    text
}

/// Three or four letters, now and then a line between them.
fn folder(random: &mut Random, text: &mut Vec<u8>) {
    let length = 3 + random.below(2);
    for _ in 0..length {
        let sign = if random.index(13) == 0 { b'_' } else { random.letter() };
        text.push(sign);
    }
}
