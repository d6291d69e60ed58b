//! From sqlparser's errors, which are English sentences with a place at their end, to ours.

use sqlparser::parser::ParserError;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::base::{Error, Location, Span};
use crate::sql::{names, place, words};

/// Marks an error of ours that travels through sqlparser's parser.
const OURS: char = '\u{1}';

/// An error of ours about `token`, in the clothes of sqlparser's.
pub fn refuse(code: &str, args: &[&str], token: &TokenWithSpan) -> ParserError {
    let mut text = format!("{OURS}{code}");
    for arg in args {
        text.push(OURS);
        text.push_str(arg);
    }
    let start = token.span.start;
    ParserError::ParserError(format!("{text} at Line: {}, Column: {}", start.line, start.column))
}

/// The error behind sqlparser's, with the place of the offending word among `tokens`; `end` is where
/// the statement ends.
///
/// Codes: `syntax-unexpected`, `syntax-expected`, `syntax-end`, `syntax-end-expected`,
/// `reserved-word`, `nested-too-deep`, and those of [`refuse`].
pub fn from_parser(error: &ParserError, tokens: &[TokenWithSpan], end: Location) -> Error {
    let text = match error {
        ParserError::RecursionLimitExceeded => return Error::new("nested-too-deep"),
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
    };
    let (message, found) = split_place(text);
    let span = found.and_then(|at| span_at(tokens, at)).or(found.map(|at| Span::new(at, at)));
    if let Some(ours) = message.strip_prefix(OURS) {
        return decode(ours).at(span);
    }
    let expected = message
        .strip_prefix("Expected: ")
        .and_then(|m| m.split_once(", found: "))
        .map_or("", |(expected, _)| expected);
    match span.and_then(|s| token_at(tokens, s.start)) {
        Some(token) if token.token != Token::EOF => {
            unexpected(expected, token, word_before(tokens, token)).at(span)
        }
        _ => at_end(expected).at(Span::new(end, end)),
    }
}

/// `.. at Line: 3, Column: 7`
pub(super) fn split_place(text: &str) -> (&str, Option<Location>) {
    let parse = || {
        let (message, rest) = text.rsplit_once(" at Line: ")?;
        let (line, column) = rest.split_once(", Column: ")?;
        let at = Location { line: line.parse().ok()?, column: column.trim().parse().ok()? };
        Some((message, Some(at)))
    };
    parse().unwrap_or((text, None))
}

fn decode(ours: &str) -> Error {
    let mut parts = ours.split(OURS);
    let code = parts.next().unwrap_or_default();
    let mut next = || parts.next().unwrap_or_default();
    match code {
        "unknown-type" => Error::new("unknown-type").arg("name", next()).arg("nearest", next()),
        "type-out-of-range" => Error::new("type-out-of-range").arg("name", next()),
        "constraint-enforced" => Error::new("constraint-enforced"),
        "watermark-twice" => Error::new("watermark-twice"),
        "key-exists" => Error::new("key-exists"),
        _ => Error::new("unsupported-statement").arg("name", next()),
    }
}

pub(super) fn token_at(tokens: &[TokenWithSpan], at: Location) -> Option<&TokenWithSpan> {
    let at = place::to_parser(at);
    tokens.iter().find(|t| t.span.start == at && t.span.end > at)
}

fn span_at(tokens: &[TokenWithSpan], at: Location) -> Option<Span> {
    token_at(tokens, at).and_then(|t| place::span(t.span))
}

/// The unquoted word before a token.
fn word_before<'a>(tokens: &'a [TokenWithSpan], token: &TokenWithSpan) -> Option<&'a str> {
    let before = tokens.iter().take_while(|t| t.span.start < token.span.start);
    let before = before.filter(|t| !matches!(t.token, Token::Whitespace(_))).last()?;
    match &before.token {
        Token::Word(word) if word.quote_style.is_none() => Some(&word.value),
        _ => None,
    }
}

fn unexpected(expected: &str, token: &TokenWithSpan, before: Option<&str>) -> Error {
    let found = token.token.to_string();
    if let Token::Word(word) = &token.token {
        let wants_name = expected.contains("identifier");
        let wants_operand = expected.starts_with("an expression");
        let reserved = word.quote_style.is_none() && words::is_reserved(&word.value);
        if reserved && (wants_name || (wants_operand && !is_clause(&word.value))) {
            return Error::new("reserved-word").arg("word", found);
        }
    }
    let mut nearest = match &token.token {
        Token::Word(word) if word.quote_style.is_none() && !words::is_keyword(&word.value) => {
            names::nearest_of_language(&word.value)
        }
        _ => names::NONE.to_owned(),
    };
    if nearest == names::NONE
        && let Some(before) = before
    {
        nearest = names::nearest_of_clauses(before);
    }
    match symbol(expected) {
        Some(symbol) => Error::new("syntax-expected").arg("found", found).arg("expected", symbol),
        None => Error::new("syntax-unexpected").arg("found", found),
    }
    .arg("nearest", nearest)
}

fn at_end(expected: &str) -> Error {
    match symbol(expected) {
        Some(symbol) => Error::new("syntax-end-expected").arg("expected", symbol),
        None => Error::new("syntax-end"),
    }
}

/// What sqlparser expected, if it is a word or a sign of the language and not a sentence.
fn symbol(expected: &str) -> Option<&str> {
    let sign =
        !expected.is_empty() && expected.chars().all(|c| !c.is_lowercase() && !c.is_control());
    (sign && !expected.starts_with("EOF")).then_some(expected)
}

fn is_clause(word: &str) -> bool {
    let clauses = [
        "FROM",
        "WHERE",
        "GROUP",
        "HAVING",
        "ORDER",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "LIMIT",
        "AND",
        "OR",
        "ON",
        "AS",
        "THEN",
        "ELSE",
        "END",
        "WHEN",
        "IN",
        "IS",
        "LIKE",
        "BETWEEN",
        "JOIN",
        "WINDOW",
        "FETCH",
        "OFFSET",
        "BY",
    ];
    clauses.iter().any(|c| word.eq_ignore_ascii_case(c))
}
