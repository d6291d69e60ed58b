//! Flink's uses of MurmurHash3: over the words of a binary row, over a text, and to spread a hash code.

/// Flink's seed for rows.
const SEED: u32 = 42;

fn mix_k1(k1: u32) -> u32 {
    k1.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}

fn mix_h1(h1: u32, k1: u32) -> u32 {
    (h1 ^ k1).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
}

fn finish(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// The hash of bytes whose number is a multiple of four (`MurmurHashUtil.hashBytesByWords`).
pub fn hash_words(bytes: &[u8]) -> i32 {
    let (words, _) = bytes.as_chunks::<4>();
    let h1 = words.iter().fold(SEED, |h1, word| mix_h1(h1, mix_k1(u32::from_le_bytes(*word))));
    finish(h1 ^ bytes.len() as u32) as i32
}

/// The hash of bytes of any number (`MurmurHashUtil.hashUnsafeBytes`): those behind the last word are words
/// of their own, with their sign.
pub fn hash_bytes(bytes: &[u8]) -> i32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let words = words.iter().map(|word| u32::from_le_bytes(*word));
    let rest = rest.iter().map(|byte| i32::from(byte.cast_signed()).cast_unsigned());
    let h1 = words.chain(rest).fold(SEED, |h1, word| mix_h1(h1, mix_k1(word)));
    finish(h1 ^ bytes.len() as u32) as i32
}

/// The hash of a binary row of one field of at most eight bytes that is not NULL: an empty header,
/// then the field.
pub fn hash_one_word(field: i64) -> i32 {
    const HEADER_BYTES: usize = 8;
    let mut h1 = mix_h1(mix_h1(SEED, 0), 0);
    h1 = mix_h1(h1, mix_k1(field as u32));
    h1 = mix_h1(h1, mix_k1((field >> 32) as u32));
    finish(h1 ^ (HEADER_BYTES + size_of::<i64>()) as u32) as i32
}

/// Spreads a hash code over the non-negative numbers (`MathUtils.murmurHash`).
pub fn spread(code: i32) -> i32 {
    let mixed = mix_k1(code as u32).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    let spread = finish(mixed ^ 4) as i32;
    spread.checked_abs().unwrap_or(0)
}
