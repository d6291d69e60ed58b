//! Other forms of the same data: hexadecimal and binary digits, Base64, character sets.

use arrow::array::{BinaryArray, StringArray};
use arrow::datatypes::Int64Type;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::string::typed;
use super::{Inferred, fits, resolved};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Mismatch, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_binary, is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("HEX", "HEX(integer or text)", infer_hex, hex),
    Function::strict("BIN", "BIN(integer)", infer_bin, bin),
    Function::strict("TO_BASE64", "TO_BASE64(text)", infer_text, to_base64),
    Function::strict("FROM_BASE64", "FROM_BASE64(text)", infer_text, from_base64),
    Function::strict("ENCODE", "ENCODE(text, character set)", infer_encode, encode),
    Function::strict("DECODE", "DECODE(bytes, character set)", infer_decode, decode),
];

fn infer_hex(operands: &[Expr]) -> Inferred {
    match operands {
        [number] if is_integer(&number.data_type.logical) => infer_bin(operands),
        _ => infer_text(operands),
    }
}

fn infer_bin(operands: &[Expr]) -> Inferred {
    match operands {
        [number] if fits(number, is_integer) => {
            Ok(resolved(operands, vec![LogicalType::BigInt], LogicalType::STRING))
        }
        _ => Err(Mismatch::Types),
    }
}

fn infer_text(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text], LogicalType::STRING)
}

/// Flink declares the result as BINARY, which is BINARY(1); the value is longer all the same.
fn infer_encode(operands: &[Expr]) -> Inferred {
    let types = typed(operands, &[is_text, is_text], LogicalType::Binary(1))?;
    Ok(Resolved { result: DataType::nullable(LogicalType::Binary(1)), ..types })
}

fn infer_decode(operands: &[Expr]) -> Inferred {
    match operands {
        [bytes, set] if fits(bytes, is_binary) && fits(set, is_text) => {
            let arguments = vec![bytes.data_type.logical.clone(), LogicalType::STRING];
            Ok(Resolved { arguments, result: DataType::nullable(LogicalType::STRING) })
        }
        _ => Err(Mismatch::Types),
    }
}

fn hex(call: &Call<'_>) -> Result<Columnar> {
    if is_text(call.logical(0)) {
        let text = call.texts(0)?;
        let digits = |text: &str| crate::data::print::hex(text.as_bytes()).to_uppercase();
        return Ok(call.collect::<_, StringArray>(|row| text.get(row).map(digits)));
    }
    let number = call.numbers::<Int64Type>(0)?;
    Ok(call.collect::<_, StringArray>(|row| Some(format!("{:X}", number.get(row)?))))
}

fn bin(call: &Call<'_>) -> Result<Columnar> {
    let number = call.numbers::<Int64Type>(0)?;
    Ok(call.collect::<_, StringArray>(|row| Some(format!("{:b}", number.get(row)?))))
}

fn to_base64(call: &Call<'_>) -> Result<Columnar> {
    let text = call.texts(0)?;
    Ok(call.collect::<_, StringArray>(|row| Some(STANDARD.encode(text.get(row)?))))
}

/// With or without padding.
fn from_base64(call: &Call<'_>) -> Result<Columnar> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    let text = call.texts(0)?;
    let read = |text: &str| {
        let bytes = engine.decode(text);
        let bytes = bytes.map_err(|_| Error::new("base64-invalid").arg("value", text))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let rows = (0..call.rows).map(|row| text.get(row).map(read).transpose());
    Ok(Columnar::Array(std::sync::Arc::new(rows.collect::<Result<StringArray>>()?)))
}

/// The character sets of Java that Flink names.
#[derive(Clone, Copy)]
enum Charset {
    Ascii,
    Latin1,
    Utf8,
    Utf16,
    Utf16Be,
    Utf16Le,
}

const UNKNOWN: char = '?';

impl Charset {
    fn of(name: &str) -> Result<Self> {
        Ok(match name.to_ascii_uppercase().as_str() {
            "US-ASCII" | "ASCII" => Self::Ascii,
            "ISO-8859-1" | "LATIN1" => Self::Latin1,
            "UTF-8" | "UTF8" => Self::Utf8,
            "UTF-16" => Self::Utf16,
            "UTF-16BE" => Self::Utf16Be,
            "UTF-16LE" => Self::Utf16Le,
            _ => return Err(Error::new("unknown-charset").arg("name", name)),
        })
    }

    /// What the set has no place for becomes a question mark.
    fn encode(self, text: &str) -> Vec<u8> {
        let bytes = |most: u32| {
            let byte = |c: char| if u32::from(c) > most { UNKNOWN as u8 } else { c as u8 };
            text.chars().map(byte).collect()
        };
        let big = || text.encode_utf16().flat_map(u16::to_be_bytes);
        match self {
            Self::Ascii => bytes(0x7f),
            Self::Latin1 => bytes(0xff),
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16 => [0xfe, 0xff].into_iter().chain(big()).collect(),
            Self::Utf16Be => big().collect(),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        }
    }

    fn decode(self, bytes: &[u8]) -> String {
        let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
            String::from_utf16_lossy(&units)
        };
        match (self, bytes) {
            (Self::Ascii, _) => {
                let read = |b: &u8| if b.is_ascii() { char::from(*b) } else { '\u{fffd}' };
                bytes.iter().map(read).collect()
            }
            (Self::Latin1, _) => bytes.iter().map(|b| char::from(*b)).collect(),
            (Self::Utf8, _) => String::from_utf8_lossy(bytes).into_owned(),
            (Self::Utf16, [0xff, 0xfe, rest @ ..]) | (Self::Utf16Le, rest) => {
                wide(rest, u16::from_le_bytes)
            }
            (Self::Utf16, [0xfe, 0xff, rest @ ..]) | (Self::Utf16 | Self::Utf16Be, rest) => {
                wide(rest, u16::from_be_bytes)
            }
        }
    }
}

fn encode(call: &Call<'_>) -> Result<Columnar> {
    let (text, set) = (call.texts(0)?, call.texts(1)?);
    let one = |row| match (text.get(row), set.get(row)) {
        (Some(text), Some(set)) => Ok(Some(Charset::of(set)?.encode(text))),
        _ => Ok(None),
    };
    let array = (0..call.rows).map(one).collect::<Result<Vec<Option<Vec<u8>>>>>()?;
    Ok(Columnar::Array(std::sync::Arc::new(array.into_iter().collect::<BinaryArray>())))
}

fn decode(call: &Call<'_>) -> Result<Columnar> {
    let (data, set) = (call.data(0)?, call.texts(1)?);
    let one = |row| match (data.get(row), set.get(row)) {
        (Some(bytes), Some(set)) => Ok(Some(Charset::of(set)?.decode(bytes))),
        _ => Ok(None),
    };
    Ok(Columnar::Array(std::sync::Arc::new(
        (0..call.rows).map(one).collect::<Result<StringArray>>()?,
    )))
}
