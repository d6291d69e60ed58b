//! Seeded randomness: the only source of chance in the engine.

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

/// A generator whose sequence depends on its seed alone, on every platform and in every version.
///
/// It is part of a task's state: a snapshot keeps it, so that a restored source goes on where it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeededRandom(Pcg64Mcg);

impl SeededRandom {
    /// A generator from a seed.
    pub fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// A number made of a name (FNV-1a), to tell the users of one seed apart.
    pub fn salt(name: impl AsRef<[u8]>) -> u64 {
        let mix =
            |salt: u64, byte: &u8| (salt ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        name.as_ref().iter().fold(0xcbf2_9ce4_8422_2325, mix)
    }

    /// A generator for one of many users of the same seed (a subtask, a column): another sequence for
    /// each `stream`, and the same for the same.
    pub fn for_stream(seed: u64, stream: u64) -> Self {
        let mixed = seed ^ stream.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self::new(mixed)
    }

    /// The generator itself, for `rand`'s distributions.
    pub fn rng(&mut self) -> &mut impl Rng {
        &mut self.0
    }

    /// A number below `bound`, which must not be zero.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound)
    }
}
