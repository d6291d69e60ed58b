//! MD5 and the SHA family, as hexadecimal text.

use std::fmt::Write;

use arrow::array::StringArray;
use arrow::datatypes::Int32Type;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::string::typed;
use super::{Inferred, as_given, fits};
use crate::base::{Error, Result};
use crate::data::LogicalType;
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch};
use crate::expr::tree::Expr;
use crate::expr::types::{is_binary, is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("MD5", "MD5(text)", infer::<32>, |c| each(c, hex::<Md5>)),
    Function::strict("SHA1", "SHA1(text)", infer::<40>, |c| each(c, hex::<Sha1>)),
    Function::strict("SHA224", "SHA224(text)", infer::<56>, |c| each(c, hex::<Sha224>)),
    Function::strict("SHA256", "SHA256(text)", infer::<64>, |c| each(c, hex::<Sha256>)),
    Function::strict("SHA384", "SHA384(text)", infer::<96>, |c| each(c, hex::<Sha384>)),
    Function::strict("SHA512", "SHA512(text)", infer::<128>, |c| each(c, hex::<Sha512>)),
    Function::strict("SHA2", "SHA2(text, bits)", infer_sha2, sha2),
];

fn infer<const DIGITS: u32>(operands: &[Expr]) -> Inferred {
    match operands {
        [text] if fits(text, |t| is_text(t) || is_binary(t)) => {
            Ok(as_given(operands, LogicalType::Char(DIGITS)))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_sha2(operands: &[Expr]) -> Inferred {
    match operands {
        [data, bits] if fits(data, is_binary) && fits(bits, is_integer) => {
            let given = [data.data_type.logical.clone(), LogicalType::Int].to_vec();
            Ok(super::resolved(operands, given, LogicalType::Varchar(128)))
        }
        _ => typed(operands, &[is_text, is_integer], LogicalType::Varchar(128)),
    }
}

fn hex<D: Digest>(bytes: &[u8]) -> String {
    D::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn each(call: &Call<'_>, hash: fn(&[u8]) -> String) -> Result<Columnar> {
    let data = call.data(0)?;
    Ok(call.collect::<_, StringArray>(|row| data.get(row).map(hash)))
}

fn sha2(call: &Call<'_>) -> Result<Columnar> {
    let (data, bits) = (call.data(0)?, call.numbers::<Int32Type>(1)?);
    let one = |row| match (data.get(row), bits.get(row)) {
        (Some(bytes), Some(bits)) => by_bits(bytes, bits).map(Some),
        _ => Ok(None),
    };
    Ok(Columnar::Array(std::sync::Arc::new(
        (0..call.rows).map(one).collect::<Result<StringArray>>()?,
    )))
}

fn by_bits(bytes: &[u8], bits: i32) -> Result<String> {
    Ok(match bits {
        224 => hex::<Sha224>(bytes),
        256 => hex::<Sha256>(bytes),
        384 => hex::<Sha384>(bytes),
        512 => hex::<Sha512>(bytes),
        _ => return Err(Error::new("hash-bits").arg("found", bits)),
    })
}
