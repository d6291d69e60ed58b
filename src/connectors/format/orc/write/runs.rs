//! How ORC packs numbers: runs of one step, and the numbers between them as they are.
//!
//! Source: "Run Length Encoding", ORC specification v1: "Integer Run Length Encoding, version 1", "Byte Run
//! Length Encoding", "Boolean Run Length Encoding", "Base 128 Varint".

/// Values of the longest run, and of the shortest that is worth it.
const LONGEST_RUN: usize = 130;
const SHORTEST_RUN: usize = 3;

/// Values of the longest piece that is no run.
const LONGEST_PIECE: usize = 128;

/// Appends whole numbers; `signed` if one of them can be below zero.
pub(super) fn integers(values: &[i64], signed: bool, out: &mut Vec<u8>) {
    let number = |value: i64, out: &mut Vec<u8>| match signed {
        true => signed_varint(value.into(), out),
        false => varint(value as u128, out),
    };
    let step = |a: &i64, b: &i64| b.checked_sub(*a).and_then(|step| i8::try_from(step).ok());
    split(values, step, |piece, step| match step {
        Some(step) => {
            out.push((piece.len() - SHORTEST_RUN) as u8);
            out.push(step as u8);
            number(piece[0], out);
        }
        None => {
            out.push((piece.len() as u8).wrapping_neg());
            piece.iter().for_each(|value| number(*value, out));
        }
    });
}

/// Appends bytes.
pub(super) fn bytes(values: &[u8], out: &mut Vec<u8>) {
    split(
        values,
        |a, b| (a == b).then_some(0),
        |piece, step| match step {
            Some(_) => out.extend([(piece.len() - SHORTEST_RUN) as u8, piece[0]]),
            None => {
                out.push((piece.len() as u8).wrapping_neg());
                out.extend(piece);
            }
        },
    );
}

/// Appends bits, the first of eight as the highest.
pub(super) fn bits(values: &[bool], out: &mut Vec<u8>) {
    let byte = |bits: &[bool]| {
        let bits = bits.iter().enumerate();
        bits.fold(0, |byte, (place, bit)| byte | u8::from(*bit) << (7 - place))
    };
    let packed: Vec<u8> = values.chunks(8).map(byte).collect();
    bytes(&packed, out);
}

/// Appends a number in groups of seven bits, the lowest first; its sign is the lowest bit.
pub(super) fn signed_varint(value: i128, out: &mut Vec<u8>) {
    varint((value << 1 ^ value >> 127) as u128, out);
}

fn varint(mut value: u128, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Gives `piece` the values, in runs with their step and in what lies between.
fn split<T>(
    values: &[T],
    step: impl Fn(&T, &T) -> Option<i8>,
    mut piece: impl FnMut(&[T], Option<i8>),
) {
    let mut rest = values;
    let mut at = 0;
    while at < rest.len() {
        let (length, step) = run(&rest[at..], &step);
        if length < SHORTEST_RUN {
            at += 1;
            continue;
        }
        rest[..at].chunks(LONGEST_PIECE).for_each(|between| piece(between, None));
        piece(&rest[at..at + length], step);
        rest = &rest[at + length..];
        at = 0;
    }
    rest.chunks(LONGEST_PIECE).for_each(|between| piece(between, None));
}

/// How many values from the first on go on by the same step, and by which.
fn run<T>(values: &[T], step: impl Fn(&T, &T) -> Option<i8>) -> (usize, Option<i8>) {
    let [first, second, ..] = values else { return (values.len(), None) };
    let Some(by) = step(first, second) else { return (1, None) };
    let pairs = values.windows(2).take(LONGEST_RUN - 1);
    let same = pairs.take_while(|pair| step(&pair[0], &pair[1]) == Some(by)).count();
    (same + 1, Some(by))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pack: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        pack(&mut out);
        out
    }

    /// The examples of the specification.
    #[test]
    fn numbers_are_packed_as_the_specification_says() {
        assert_eq!(of(|out| integers(&[7; 100], false, out)), [0x61, 0x00, 0x07]);
        let down: Vec<i64> = (1..=100).rev().collect();
        assert_eq!(of(|out| integers(&down, false, out)), [0x61, 0xff, 0x64]);
        let primes = [2, 3, 6, 7, 11];
        assert_eq!(of(|out| integers(&primes, false, out)), [0xfb, 0x02, 0x03, 0x06, 0x07, 0x0b]);
        assert_eq!(of(|out| bytes(&[0; 100], out)), [0x61, 0x00]);
        assert_eq!(of(|out| bytes(&[0x44, 0x45], out)), [0xfe, 0x44, 0x45]);
        let bit = [true, false, false, false, false, false, false, false];
        assert_eq!(of(|out| bits(&bit, out)), [0xff, 0x80]);
        assert_eq!(of(|out| bits(&[false, true], out)), [0xff, 0x40]);
        for (value, expected) in [(0, 0), (-1, 1), (1, 2), (-2, 3), (2, 4)] {
            assert_eq!(of(|out| signed_varint(value, out)), [expected]);
        }
        assert_eq!(of(|out| integers(&[16_384], false, out)), [0xff, 0x80, 0x80, 0x01]);
    }

    #[test]
    fn long_runs_and_long_pieces_are_cut() {
        assert_eq!(of(|out| integers(&[1; 131], false, out)), [127, 0, 1, 0xff, 1]);
        let apart: Vec<i64> = (0..129).map(|n| n % 2 * 1_000).collect();
        let packed = of(|out| integers(&apart, false, out));
        assert_eq!((packed[0], packed[packed.len() - 2..].to_vec()), (0x80, vec![0xff, 0]));
        assert_eq!(of(|out| integers(&[i64::MAX, i64::MIN], true, out)).len(), 21);
    }
}
