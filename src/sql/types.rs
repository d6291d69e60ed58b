//! Reads Flink's types: `ROW<a INT NOT NULL, b MAP<STRING, INT>>`, `TIMESTAMP(3) WITH LOCAL TIME
//! ZONE`. How they print is `data`'s.
//!
//! Source: "Data Types" in Flink's documentation, 1.18.

use std::sync::Arc;

use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::parse::error::refuse;
use super::tokens::tokenize;
use super::words;
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};

type Parsed<T> = std::result::Result<T, ParserError>;

/// The names of types that stand alone, for diagnostics and completion.
pub const NAMES: &[&str] = &[
    "ARRAY",
    "BIGINT",
    "BINARY",
    "BOOLEAN",
    "BYTES",
    "CHAR",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INT",
    "INTEGER",
    "INTERVAL",
    "MAP",
    "MULTISET",
    "NUMERIC",
    "ROW",
    "SMALLINT",
    "STRING",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMP_LTZ",
    "TINYINT",
    "VARBINARY",
    "VARCHAR",
];

const MAX_PRECISION: u8 = 38;
const MAX_FRACTION: u8 = 9;

/// The text that [`from_text`] reads back.
pub fn to_text(data_type: &DataType) -> String {
    data_type.to_string()
}

/// Reads a type from its text.
pub fn from_text(text: &str) -> Result<DataType> {
    let tokens = tokenize(text, super::place::START)?.tokens;
    let mut parser = super::parse::parser(tokens.clone());
    written(&mut parser)
        .map_err(|e| super::parse::error::from_parser(&e, &tokens, super::place::START))
}

/// Refuses a type that no value can have. CREATE TABLE takes it, as in Flink; using it does not.
///
/// # Errors
/// `type-out-of-range`.
pub fn check(data_type: &DataType) -> Result<()> {
    refuse_unless(data_type, |logical| match logical {
        LogicalType::Char(length) | LogicalType::Varchar(length) => *length > 0,
        other => has_digits(other),
    })
}

/// Refuses a type that no cast can have. A text of no characters is one that it can.
///
/// # Errors
/// `type-out-of-range`.
pub fn check_cast(data_type: &DataType) -> Result<()> {
    refuse_unless(data_type, has_digits)
}

fn has_digits(logical: &LogicalType) -> bool {
    match logical {
        LogicalType::Decimal { precision, scale } => {
            *precision <= MAX_PRECISION && scale <= precision
        }
        LogicalType::Timestamp { precision, .. } | LogicalType::TimestampLtz { precision, .. } => {
            *precision <= MAX_FRACTION
        }
        _ => true,
    }
}

fn refuse_unless(data_type: &DataType, fine: fn(&LogicalType) -> bool) -> Result<()> {
    let inside = |data_type: &DataType| refuse_unless(data_type, fine);
    match &data_type.logical {
        LogicalType::Array(element) | LogicalType::Multiset(element) => inside(element),
        LogicalType::Map(key, value) => inside(key).and_then(|()| inside(value)),
        LogicalType::Row(schema) => schema.fields().iter().try_for_each(|f| inside(&f.data_type)),
        logical if fine(logical) => Ok(()),
        logical => Err(Error::new("type-out-of-range").arg("name", logical)),
    }
}

/// A type that a cast names, as Flink takes it: a DECIMAL of more digits than there are has all of them,
/// and so has a fraction of a second.
pub fn within_bounds(data_type: DataType) -> DataType {
    let logical = match data_type.logical {
        LogicalType::Decimal { precision, scale } => {
            LogicalType::Decimal { precision: precision.min(MAX_PRECISION), scale }
        }
        LogicalType::Timestamp { precision, attribute } => {
            LogicalType::Timestamp { precision: precision.min(MAX_FRACTION), attribute }
        }
        LogicalType::TimestampLtz { precision, attribute } => {
            LogicalType::TimestampLtz { precision: precision.min(MAX_FRACTION), attribute }
        }
        other => other,
    };
    DataType { logical, ..data_type }
}

/// A type as a statement names it: the fields of a row that may be NULL may be NULL as well.
pub fn parse(parser: &mut Parser) -> Parsed<DataType> {
    written(parser).map(|data_type| with_nullable_fields(&data_type))
}

fn with_nullable_fields(data_type: &DataType) -> DataType {
    let inside = |inner: &DataType| Arc::new(with_nullable_fields(inner));
    let logical = match &data_type.logical {
        LogicalType::Array(element) => LogicalType::Array(inside(element)),
        LogicalType::Multiset(element) => LogicalType::Multiset(inside(element)),
        LogicalType::Map(key, value) => LogicalType::Map(inside(key), inside(value)),
        LogicalType::Row(schema) => {
            let fields = schema.fields().iter().map(|field| {
                let nullable = field.data_type.nullable || data_type.nullable;
                let field_type = DataType { nullable, ..field.data_type.clone() };
                Field { data_type: with_nullable_fields(&field_type), ..field.clone() }
            });
            LogicalType::Row(Schema::new(fields.collect()))
        }
        other => other.clone(),
    };
    DataType { logical, ..data_type.clone() }
}

/// A type with its `[NOT] NULL` and any MULTISET or ARRAY behind it, as it was written.
fn written(parser: &mut Parser) -> Parsed<DataType> {
    let logical = name(parser)?;
    let mut data_type = nullability(parser, DataType::nullable(logical))?;
    loop {
        let inner = Arc::new(data_type.clone());
        let logical = if parser.parse_keyword(Keyword::MULTISET) {
            LogicalType::Multiset(inner)
        } else if parser.parse_keyword(Keyword::ARRAY) {
            LogicalType::Array(inner)
        } else {
            return Ok(data_type);
        };
        data_type = nullability(parser, DataType::nullable(logical))?;
    }
}

fn nullability(parser: &mut Parser, mut data_type: DataType) -> Parsed<DataType> {
    if parser.parse_keywords(&[Keyword::NOT, Keyword::NULL]) {
        data_type.nullable = false;
    } else if !precedes(parser, Keyword::ON) {
        // `RETURNING INT NULL ON EMPTY`: that NULL is another clause's.
        let _ = parser.parse_keyword(Keyword::NULL);
    }
    Ok(data_type)
}

/// Whether the word after the next one is this.
fn precedes(parser: &Parser, keyword: Keyword) -> bool {
    matches!(&parser.peek_nth_token_ref(1).token, Token::Word(word) if word.keyword == keyword)
}

fn name(parser: &mut Parser) -> Parsed<LogicalType> {
    let token = parser.next_token();
    let Token::Word(word) = &token.token else {
        return parser.expected("a data type", token);
    };
    match word.value.to_ascii_uppercase().as_str() {
        "CHAR" | "CHARACTER" => characters(parser, &token),
        "VARCHAR" => Ok(LogicalType::Varchar(length(parser, &token, LogicalType::MAX_LENGTH)?)),
        "STRING" => Ok(LogicalType::STRING),
        "BOOLEAN" => Ok(LogicalType::Boolean),
        "BINARY" => Ok(LogicalType::Binary(length(parser, &token, 1)?)),
        "VARBINARY" => Ok(LogicalType::Varbinary(length(parser, &token, LogicalType::MAX_LENGTH)?)),
        "BYTES" => Ok(LogicalType::Varbinary(LogicalType::MAX_LENGTH)),
        "DECIMAL" | "DEC" | "NUMERIC" => decimal(parser, &token),
        "TINYINT" => Ok(LogicalType::TinyInt),
        "SMALLINT" => Ok(LogicalType::SmallInt),
        "INT" | "INTEGER" => Ok(LogicalType::Int),
        "BIGINT" => Ok(LogicalType::BigInt),
        "FLOAT" => Ok(LogicalType::Float),
        "DOUBLE" => {
            let _ = parser.parse_keyword(Keyword::PRECISION);
            Ok(LogicalType::Double)
        }
        "DATE" => Ok(LogicalType::Date),
        "TIME" => time(parser),
        "TIMESTAMP" => timestamp(parser),
        "TIMESTAMP_LTZ" => Ok(ltz(fraction(parser, 6)?)),
        "INTERVAL" => interval(parser),
        "ARRAY" => array(parser),
        "MAP" => map(parser),
        "MULTISET" => multiset(parser),
        "ROW" => row(parser),
        "NULL" => Ok(LogicalType::Null),
        _ => unknown(parser, &token, &word.value),
    }
}

fn unknown<T>(parser: &Parser, token: &TokenWithSpan, name: &str) -> Parsed<T> {
    if words::is_reserved(name) {
        return parser.expected_ref("a data type", token);
    }
    Err(refuse("unknown-type", &[name, super::names::nearest_keyword(name, NAMES)], token))
}

fn characters(parser: &mut Parser, token: &TokenWithSpan) -> Parsed<LogicalType> {
    if parser.parse_keyword(Keyword::VARYING) {
        return Ok(LogicalType::Varchar(length(parser, token, LogicalType::MAX_LENGTH)?));
    }
    Ok(LogicalType::Char(length(parser, token, 1)?))
}

/// `(n)`, or the default. Flink takes any length from 0 here and only minds it in a cast.
fn length(parser: &mut Parser, token: &TokenWithSpan, default: u32) -> Parsed<u32> {
    let Some(length) = parenthesized(parser)? else { return Ok(default) };
    u32::try_from(length)
        .ok()
        .filter(|n| *n <= LogicalType::MAX_LENGTH)
        .ok_or_else(|| refuse("type-out-of-range", &[&length.to_string()], token))
}

fn decimal(parser: &mut Parser, token: &TokenWithSpan) -> Parsed<LogicalType> {
    let (mut precision, mut scale) = (10, 0);
    if parser.consume_token(&Token::LParen) {
        precision = parser.parse_literal_uint()?;
        if parser.consume_token(&Token::Comma) {
            scale = parser.parse_literal_uint()?;
        }
        parser.expect_token(&Token::RParen)?;
    }
    match (u8::try_from(precision), u8::try_from(scale)) {
        (Ok(precision), Ok(scale)) if precision > 0 && scale <= precision => {
            Ok(LogicalType::Decimal { precision, scale })
        }
        _ => {
            let written = format!("DECIMAL({precision}, {scale})");
            Err(refuse("type-out-of-range", &[&written], token))
        }
    }
}

/// Flink takes a precision and keeps whole seconds.
fn time(parser: &mut Parser) -> Parsed<LogicalType> {
    fraction(parser, 0)?;
    if parser.parse_keyword(Keyword::WITHOUT) {
        parser.expect_keywords(&[Keyword::TIME, Keyword::ZONE])?;
    }
    Ok(LogicalType::Time(0))
}

fn timestamp(parser: &mut Parser) -> Parsed<LogicalType> {
    let precision = fraction(parser, 6)?;
    if parser.parse_keyword(Keyword::WITHOUT) {
        parser.expect_keywords(&[Keyword::TIME, Keyword::ZONE])?;
    } else if parser.parse_keyword(Keyword::WITH) {
        parser.expect_keywords(&[Keyword::LOCAL, Keyword::TIME, Keyword::ZONE])?;
        return Ok(ltz(precision));
    }
    Ok(LogicalType::timestamp(precision))
}

fn ltz(precision: u8) -> LogicalType {
    LogicalType::TimestampLtz { precision, attribute: TimeAttribute::None }
}

/// `(p)`, or the default. Flink takes any here and only minds it where the type is used.
fn fraction(parser: &mut Parser, default: u8) -> Parsed<u8> {
    let token = parser.get_current_token().clone();
    let Some(digits) = parenthesized(parser)? else { return Ok(default) };
    u8::try_from(digits)
        .map_err(|_| refuse("type-out-of-range", &[&format!("{}({digits})", token.token)], &token))
}

fn parenthesized(parser: &mut Parser) -> Parsed<Option<u64>> {
    if !parser.consume_token(&Token::LParen) {
        return Ok(None);
    }
    let number = parser.parse_literal_uint()?;
    parser.expect_token(&Token::RParen)?;
    Ok(Some(number))
}

/// `YEAR [(p)] [TO MONTH]` counts months, everything from DAY to SECOND milliseconds.
fn interval(parser: &mut Parser) -> Parsed<LogicalType> {
    let months = [Keyword::YEAR, Keyword::MONTH];
    let fields = [
        Keyword::YEAR,
        Keyword::MONTH,
        Keyword::DAY,
        Keyword::HOUR,
        Keyword::MINUTE,
        Keyword::SECOND,
    ];
    let first = parser.expect_one_of_keywords(&fields)?;
    parenthesized(parser)?;
    if parser.parse_keyword(Keyword::TO) {
        parser.expect_one_of_keywords(&fields)?;
        parenthesized(parser)?;
    }
    Ok(if months.contains(&first) {
        LogicalType::IntervalYearMonth
    } else {
        LogicalType::IntervalDayTime
    })
}

fn array(parser: &mut Parser) -> Parsed<LogicalType> {
    parser.expect_token(&Token::Lt)?;
    let element = written(parser)?;
    parser.expect_token(&Token::Gt)?;
    Ok(LogicalType::Array(Arc::new(element)))
}

fn map(parser: &mut Parser) -> Parsed<LogicalType> {
    parser.expect_token(&Token::Lt)?;
    let key = written(parser)?;
    parser.expect_token(&Token::Comma)?;
    let value = written(parser)?;
    parser.expect_token(&Token::Gt)?;
    Ok(LogicalType::Map(Arc::new(key), Arc::new(value)))
}

fn multiset(parser: &mut Parser) -> Parsed<LogicalType> {
    parser.expect_token(&Token::Lt)?;
    let element = written(parser)?;
    parser.expect_token(&Token::Gt)?;
    Ok(LogicalType::Multiset(Arc::new(element)))
}

/// `ROW<a INT 'comment', ..>` or `ROW(a INT, ..)`.
fn row(parser: &mut Parser) -> Parsed<LogicalType> {
    let close = if parser.consume_token(&Token::LParen) {
        Token::RParen
    } else if parser.consume_token(&Token::Neq) {
        return Ok(LogicalType::Row(Schema::new(Vec::new())));
    } else {
        parser.expect_token(&Token::Lt)?;
        Token::Gt
    };
    let fields = parser.parse_comma_separated0(field, close.clone())?;
    parser.expect_token(&close)?;
    Ok(LogicalType::Row(Schema::new(fields)))
}

fn field(parser: &mut Parser) -> Parsed<Field> {
    let name = super::parse::field_name(parser)?;
    let data_type = written(parser)?;
    if matches!(parser.peek_token_ref().token, Token::SingleQuotedString(_)) {
        parser.advance_token();
    }
    Ok(Field::new(name, data_type))
}

#[cfg(test)]
mod tests {
    use super::{check, from_text, to_text};

    #[test]
    fn types_are_read_as_flink_reads_them() {
        for (written, read) in [
            ("int", "INT"),
            ("INTEGER NOT NULL", "INT NOT NULL"),
            ("VARCHAR", "STRING"),
            ("VARCHAR(10)", "VARCHAR(10)"),
            ("DECIMAL", "DECIMAL(10, 0)"),
            ("NUMERIC(5)", "DECIMAL(5, 0)"),
            ("TIMESTAMP", "TIMESTAMP(6)"),
            ("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP(3)"),
            ("TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(3)"),
            ("TIME", "TIME(0)"),
            ("DOUBLE PRECISION", "DOUBLE"),
            ("INTERVAL YEAR TO MONTH", "INTERVAL MONTH"),
            ("INTERVAL DAY(2) TO SECOND(3)", "INTERVAL SECOND(3)"),
            ("INT MULTISET", "MULTISET<INT>"),
            ("INT NOT NULL ARRAY", "ARRAY<INT NOT NULL>"),
            (
                "ROW<a INT NOT NULL 'x', m MAP<STRING, ROW<b INT>>>",
                "ROW<`a` INT NOT NULL, `m` MAP<STRING, ROW<`b` INT>>>",
            ),
        ] {
            let got = from_text(written).map(|t| to_text(&t)).map_err(|e| e.to_string());
            assert_eq!(got, Ok(read.to_owned()), "{written}");
            assert_eq!(from_text(read).map(|t| to_text(&t)), Ok(read.to_owned()));
        }
    }

    #[test]
    fn unknown_types_name_the_nearest() {
        let error = from_text("INTEIRO").expect_err("no such type");
        assert_eq!(
            error.to_string(),
            r#"unknown-type name="INTEIRO" nearest="INTEGER" at 1:1-1:8"#
        );
        let wide = from_text("DECIMAL(50, 2)").expect("DDL takes it");
        assert_eq!(check(&wide).expect_err("too wide").code(), "type-out-of-range");
    }
}
