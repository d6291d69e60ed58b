//! RAND, RAND_INTEGER and UUID.
//!
//! A seed gives the sequence of Java's generator, one draw a row; it is entered at the place of the row,
//! so that the sequence does not depend on how rows come in batches. Without a seed the operator's own
//! generator draws.

use arrow::array::{Float64Array, Int32Array, StringArray};
use arrow::datatypes::Int32Type;
use rand::RngExt;

use super::{Inferred, fits, resolved};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::is_integer;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::volatile("RAND", "RAND([seed])", infer_rand, rand),
    Function::volatile("RAND_INTEGER", "RAND_INTEGER([seed, ]bound)", infer_integer, rand_integer),
    Function::volatile("UUID", "UUID()", infer_uuid, uuid),
];

fn infer_rand(operands: &[Expr]) -> Inferred {
    let fine = operands.len() <= 1 && operands.iter().all(|o| fits(o, is_integer));
    if !fine {
        return Err(Mismatch::Types);
    }
    Ok(resolved(operands, vec![LogicalType::Int; operands.len()], LogicalType::Double))
}

fn infer_integer(operands: &[Expr]) -> Inferred {
    let fine = matches!(operands.len(), 1 | 2) && operands.iter().all(|o| fits(o, is_integer));
    if !fine {
        return Err(Mismatch::Types);
    }
    Ok(resolved(operands, vec![LogicalType::Int; operands.len()], LogicalType::Int))
}

fn infer_uuid(operands: &[Expr]) -> Inferred {
    let result = DataType::not_null(LogicalType::Char(36));
    match operands {
        [] => Ok(Resolved { arguments: Vec::new(), result }),
        _ => Err(Mismatch::Types),
    }
}

fn rand(call: &Call<'_>) -> Result<Columnar> {
    if call.arguments.is_empty() {
        let mut chance = call.context.chance.borrow_mut();
        let draw = |_| Some(chance.rng().random::<f64>());
        return Ok(call.collect::<_, Float64Array>(draw));
    }
    let seed = call.numbers::<Int32Type>(0)?;
    let row = |row| Some(JavaRandom::at(seed.get(row)?, 2 * call.place(row)).next_double());
    Ok(call.collect::<_, Float64Array>(row))
}

fn rand_integer(call: &Call<'_>) -> Result<Columnar> {
    let last = call.arguments.len() - 1;
    let (seed, bound) = (call.numbers::<Int32Type>(0)?, call.numbers::<Int32Type>(last)?);
    let mut chance = call.context.chance.borrow_mut();
    let mut draw = |row| match (seed.get(row), bound.get(row)) {
        (Some(_), Some(bound)) if bound <= 0 => Err(Error::new("random-bound").arg("found", bound)),
        (Some(seed), Some(bound)) if last > 0 => {
            Ok(Some(JavaRandom::at(seed, call.place(row)).next_int(bound)))
        }
        (Some(_), Some(bound)) => Ok(Some(chance.rng().random_range(0..bound))),
        _ => Ok(None),
    };
    let draws = (0..call.rows).map(&mut draw).collect::<Result<Int32Array>>()?;
    Ok(Columnar::Array(std::sync::Arc::new(draws)))
}

/// Version 4: random but for the version and the variant.
fn uuid(call: &Call<'_>) -> Result<Columnar> {
    const VERSION: u128 = 0x4000;
    const VARIANT: u128 = 0x8000;
    let mut chance = call.context.chance.borrow_mut();
    let mut draw = || {
        let bits = chance.rng().random::<u128>();
        let (head, tail) = (bits >> 96, bits & 0xffff_ffff_ffff);
        let (low, version) = (bits >> 80 & 0xffff, bits >> 64 & 0xfff | VERSION);
        let variant = bits >> 48 & 0x3fff | VARIANT;
        format!("{head:08x}-{low:04x}-{version:04x}-{variant:04x}-{tail:012x}")
    };
    Ok(call.collect::<_, StringArray>(|_| Some(draw())))
}

/// `java.util.Random`: a linear congruential generator of 48 bits.
struct JavaRandom(u64);

const MASK: u64 = (1 << 48) - 1;
const MULTIPLIER: u64 = 0x5_deec_e66d;
const INCREMENT: u64 = 0xb;

impl JavaRandom {
    /// The generator of a seed after so many steps.
    fn at(seed: i32, steps: u64) -> Self {
        let state = (i64::from(seed) as u64 ^ MULTIPLIER) & MASK;
        // The step `x -> a x + c`, joined with itself along the bits of the number of steps.
        let (mut multiplier, mut increment) = (MULTIPLIER, INCREMENT);
        let (mut all_multiplier, mut all_increment) = (1_u64, 0_u64);
        let mut left = steps;
        while left > 0 {
            if left & 1 == 1 {
                all_multiplier = all_multiplier.wrapping_mul(multiplier);
                all_increment = all_increment.wrapping_mul(multiplier).wrapping_add(increment);
            }
            increment = increment.wrapping_mul(multiplier.wrapping_add(1));
            multiplier = multiplier.wrapping_mul(multiplier);
            left >>= 1;
        }
        Self(all_multiplier.wrapping_mul(state).wrapping_add(all_increment) & MASK)
    }

    fn next(&mut self, bits: u32) -> i32 {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT) & MASK;
        (self.0 >> (48 - bits)) as i32
    }

    fn next_double(&mut self) -> f64 {
        let (high, low) = (self.next(26) as i64, self.next(27) as i64);
        ((high << 27) + low) as f64 / (1_u64 << 53) as f64
    }

    fn next_int(&mut self, bound: i32) -> i32 {
        if bound & (bound - 1) == 0 {
            return ((i64::from(bound) * i64::from(self.next(31))) >> 31) as i32;
        }
        loop {
            let bits = self.next(31);
            let value = bits % bound;
            if bits.wrapping_sub(value).wrapping_add(bound - 1) >= 0 {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::JavaRandom;

    #[test]
    fn draws_are_javas() {
        let doubles = [0.730_878_190_703_290_9, 0.410_080_811_492_201_66, 0.207_714_841_309_717_07];
        let integers = [5, 8, 7];
        for (row, (double, integer)) in doubles.into_iter().zip(integers).enumerate() {
            assert_eq!(JavaRandom::at(1, 2 * row as u64).next_double(), double);
            assert_eq!(JavaRandom::at(1, row as u64).next_int(10), integer);
        }
        assert_eq!(JavaRandom::at(1, 0).next_int(100), 85);
    }
}
