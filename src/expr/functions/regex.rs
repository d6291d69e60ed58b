//! Patterns: REGEXP and its like with Java's syntax, SIMILAR TO with SQL's.
//!
//! A pattern that cannot be read matches nothing (REGEXP) or gives NULL, as in Flink; only SIMILAR TO
//! fails.

use std::borrow::Cow;

use arrow::array::{BooleanArray, StringArray};
use arrow::datatypes::Int32Type;
use fancy_regex::{NoExpand, Regex};

use super::string::typed;
use super::{Inferred, Values};
use crate::base::{Error, Result};
use crate::data::{DataType, LogicalType};
use crate::expr::columnar::Columnar;
use crate::expr::function::{Call, Function, Resolved};
use crate::expr::tree::Expr;
use crate::expr::types::{is_integer, is_text};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::strict("REGEXP", "REGEXP(text, pattern)", infer_test, regexp),
    Function::strict(
        "REGEXP_EXTRACT",
        "REGEXP_EXTRACT(text, pattern[, group])",
        infer_extract,
        extract,
    ),
    Function::strict(
        "REGEXP_REPLACE",
        "REGEXP_REPLACE(text, pattern, replacement)",
        infer_replace,
        replace,
    ),
    Function::strict(
        "SIMILAR TO",
        "text SIMILAR TO pattern [ESCAPE character]",
        infer_similar,
        similar,
    ),
];

fn infer_test(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_text], LogicalType::Boolean)
}

fn infer_extract(operands: &[Expr]) -> Inferred {
    let types = match operands.len() {
        2 => typed(operands, &[is_text, is_text], LogicalType::STRING),
        _ => typed(operands, &[is_text, is_text, is_integer], LogicalType::STRING),
    }?;
    Ok(Resolved { result: DataType::nullable(LogicalType::STRING), ..types })
}

fn infer_replace(operands: &[Expr]) -> Inferred {
    typed(operands, &[is_text, is_text, is_text], LogicalType::STRING)
}

fn infer_similar(operands: &[Expr]) -> Inferred {
    match operands.len() {
        2 => infer_test(operands),
        _ => typed(operands, &[is_text, is_text, is_text], LogicalType::Boolean),
    }
}

/// A pattern argument, read once if it is a constant.
enum Patterns<'a> {
    Once(Option<Regex>),
    Each(Values<'a, StringArray>),
}

impl<'a> Patterns<'a> {
    fn argument(call: &Call<'a>, index: usize) -> Result<Self> {
        let texts = call.texts(index)?;
        match texts.scalar {
            true => Ok(Self::Once(texts.get(0).and_then(java_regex))),
            false => Ok(Self::Each(texts)),
        }
    }

    /// The pattern of a row; `None` if it cannot be read.
    fn get(&self, row: usize) -> Option<Cow<'_, Regex>> {
        match self {
            Self::Once(pattern) => pattern.as_ref().map(Cow::Borrowed),
            Self::Each(texts) => java_regex(texts.get(row)?).map(Cow::Owned),
        }
    }
}

/// An empty pattern matches nothing.
fn regexp(call: &Call<'_>) -> Result<Columnar> {
    let (text, pattern) = (call.texts(0)?, call.texts(1)?);
    let patterns = Patterns::argument(call, 1)?;
    let row = |row| {
        let (text, written) = (text.get(row)?, pattern.get(row)?);
        let found = patterns.get(row).is_some_and(|p| p.is_match(text).unwrap_or(false));
        Some(found && !written.is_empty())
    };
    Ok(call.collect::<_, BooleanArray>(row))
}

fn extract(call: &Call<'_>) -> Result<Columnar> {
    let (text, patterns) = (call.texts(0)?, Patterns::argument(call, 1)?);
    let groups = (call.arguments.len() > 2).then(|| call.numbers::<Int32Type>(2)).transpose()?;
    let row = |row| {
        let group = groups.as_ref().map_or(Some(0), |groups| groups.get(row))?;
        let captures = patterns.get(row)?.captures(text.get(row)?).ok()??;
        Some(captures.get(usize::try_from(group).ok()?)?.as_str())
    };
    Ok(call.collect::<_, StringArray>(row))
}

/// The replacement stands as it is: `$1` is no group.
fn replace(call: &Call<'_>) -> Result<Columnar> {
    let (text, patterns, by) = (call.texts(0)?, Patterns::argument(call, 1)?, call.texts(2)?);
    let row = |row| {
        let (text, by) = (text.get(row)?, by.get(row)?);
        let replaced = patterns.get(row)?.try_replacen(text, 0, NoExpand(by)).ok()?;
        Some(replaced.into_owned())
    };
    Ok(call.collect::<_, StringArray>(row))
}

fn similar(call: &Call<'_>) -> Result<Columnar> {
    let (text, pattern) = (call.texts(0)?, call.texts(1)?);
    let escapes = (call.arguments.len() > 2).then(|| call.texts(2)).transpose()?;
    let read = |row: usize| -> Result<Option<Regex>> {
        let escape = match &escapes {
            None => None,
            Some(escapes) => match escapes.get(row) {
                Some(escape) => escape.chars().next(),
                None => return Ok(None),
            },
        };
        pattern.get(row).map(|pattern| similar_pattern(pattern, escape)).transpose()
    };
    let once = pattern.scalar.then(|| read(0)).transpose()?;
    let test = |row| {
        let own = if once.is_none() { read(row)? } else { None };
        let regex = once.as_ref().unwrap_or(&own).as_ref();
        let found = regex.zip(text.get(row)).map(|(regex, text)| regex.is_match(text));
        Ok(found.map(|found| found.unwrap_or(false)))
    };
    Ok((0..call.rows).map(test).collect::<Result<BooleanArray>>()?.into())
}

/// A pattern in Java's syntax; `None` if it is none.
pub(super) fn java_regex(pattern: &str) -> Option<Regex> {
    Regex::new(&translated(pattern)).ok()
}

/// Classes that mean ASCII in Java, where the library means all of Unicode.
const ASCII_CLASSES: [(char, &str); 6] = [
    ('d', "0-9"),
    ('w', "a-zA-Z_0-9"),
    ('s', r" \t\n\x0B\f\r"),
    ('D', r"\x00-/:-\x{10FFFF}"),
    ('W', r"\x00-/:-@\[-\^`\{-\x{10FFFF}"),
    ('S', r"\x00-\x08\x0E-\x1F!-\x{10FFFF}"),
];

/// Java's pattern as the library reads it.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut depth = 0_usize;
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => rest = escape(&mut out, rest, depth > 0),
            '[' => {
                depth += 1;
                out.push('[');
                // `[:alpha:]` is a class of these characters in Java.
                if depth > 1 && rest.starts_with(':') {
                    out.push('\\');
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(']');
            }
            other => out.push(other),
        }
    }
    out
}

/// Writes what a backslash begins, and gives what follows it.
fn escape<'p>(out: &mut String, rest: &'p str, in_class: bool) -> &'p str {
    let Some(next) = rest.chars().next() else {
        out.push('\\');
        return rest;
    };
    let after = &rest[next.len_utf8()..];
    if let Some((_, class)) = ASCII_CLASSES.iter().find(|(letter, _)| *letter == next) {
        out.push_str(&if in_class { (*class).to_owned() } else { format!("[{class}]") });
        return after;
    }
    if next == 'Q' {
        let (literal, after) = after.split_once("\\E").unwrap_or((after, ""));
        out.push_str(&fancy_regex::escape(literal));
        return after;
    }
    out.push('\\');
    out.push(next);
    after
}

/// Classes of characters inside brackets, with Java's names for them.
const CLASSES: [(&str, &str); 14] = [
    ("[:ALPHA:]", r"\p{Alphabetic}"),
    ("[:alpha:]", r"\p{Alphabetic}"),
    ("[:UPPER:]", r"\p{Uppercase}"),
    ("[:upper:]", r"\p{Uppercase}"),
    ("[:LOWER:]", r"\p{Lowercase}"),
    ("[:lower:]", r"\p{Lowercase}"),
    ("[:DIGIT:]", r"\d"),
    ("[:digit:]", r"\d"),
    ("[:SPACE:]", " "),
    ("[:space:]", " "),
    ("[:WHITESPACE:]", r"\s"),
    ("[:whitespace:]", r"\s"),
    ("[:ALNUM:]", r"\p{Alphabetic}\d"),
    ("[:alnum:]", r"\p{Alphabetic}\d"),
];

/// SQL's pattern as a regular expression of the whole text: `%` is any text, `_` any character.
fn similar_pattern(pattern: &str, escape: Option<char>) -> Result<Regex> {
    let refused = || Error::new("pattern-invalid").arg("pattern", pattern);
    let mut regex = String::from(r"\A(?:");
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let mut after = &rest[character.len_utf8()..];
        match character {
            c if Some(c) == escape => {
                let literal = after.chars().next().ok_or_else(refused)?;
                regex += &fancy_regex::escape(literal.encode_utf8(&mut [0; 4]));
                after = &after[literal.len_utf8()..];
            }
            '\\' => regex += r"\\",
            '%' => regex += "(?s:.*)",
            '_' => regex += "(?s:.)",
            '[' => {
                let end = enumeration_end(after).ok_or_else(refused)?;
                let (inside, behind) = after.split_at(end);
                let named = CLASSES
                    .iter()
                    .fold(inside.to_owned(), |text, (name, class)| text.replace(name, class));
                regex += &format!("[{}", named.replace('[', r"\["));
                after = behind;
            }
            other => regex.push(other),
        }
        rest = after;
    }
    Regex::new(&(regex + r")\z")).map_err(|_| refused())
}

/// Where the bracket that was opened before a text closes; the names of classes have their own.
fn enumeration_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, character)| {
        match character {
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
        None
    })
}
