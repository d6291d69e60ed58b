//! Prints parts of a statement again as Flink does: names in backticks, words of the language in
//! upper case, single blanks.
//!
//! It works on tokens, so it never changes what was written, only how it looks.

use sqlparser::tokenizer::Token;

use super::catalog::{literal, quote};
use super::statement::Source;
use super::words;
use crate::base::Span;

/// Whether a blank stands between two tokens: `ARRAY< INTEGER >` has one on the inner side.
pub(super) fn blank_between(before: &Token, token: &Token) -> bool {
    let of_type = matches!(before, Token::Word(w) if w.quote_style.is_none()
        && ["ARRAY", "MAP", "MULTISET", "ROW"].iter().any(|t| w.value.eq_ignore_ascii_case(t)));
    let glued_after = matches!(before, Token::LParen | Token::Period | Token::LBracket)
        || (of_type && *token == Token::Lt);
    let glued_before = matches!(
        token,
        Token::RParen | Token::Comma | Token::Period | Token::LBracket | Token::RBracket
    );
    let call = *token == Token::LParen
        && matches!(before, Token::Word(w) if w.quote_style.is_none() && !is_infix(&w.value));
    !(glued_after || glued_before || call)
}

/// Words before a parenthesis that is no argument list.
fn is_infix(word: &str) -> bool {
    [
        "AND", "OR", "NOT", "IN", "AS", "THEN", "ELSE", "WHEN", "BETWEEN", "VALUES", "FROM",
        "OVER", "EXISTS", "BY", "ON", "USING", "WHERE", "HAVING", "SELECT", "JOIN", "UNION", "ALL",
        "LATERAL", "DISTINCT", "FILTER",
    ]
    .iter()
    .any(|w| word.eq_ignore_ascii_case(w))
}

pub(super) fn piece(token: &Token, before: Option<&Token>, next: Option<&Token>) -> String {
    let word = match token {
        Token::Word(word) => word,
        Token::SingleQuotedString(text) | Token::UnicodeStringLiteral(text) => {
            return literal(text);
        }
        Token::Number(..) | Token::HexStringLiteral(_) => return token.to_string().to_uppercase(),
        other => return other.to_string(),
    };
    if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("INT") {
        return "INTEGER".to_owned();
    }
    if let Some(unit) = unit_of_interval(before, &word.value) {
        return unit;
    }
    let qualified = before == Some(&Token::Period) || next == Some(&Token::Period);
    let call = next == Some(&Token::LParen);
    let of_language = words::is_reserved(&word.value) || call;
    match word.quote_style.is_none() && of_language && !qualified {
        true => word.value.to_uppercase(),
        false => quote(&word.value),
    }
}

/// The unit behind the text of an interval, which Flink writes in the singular.
fn unit_of_interval(before: Option<&Token>, word: &str) -> Option<String> {
    let behind_text = matches!(before, Some(Token::SingleQuotedString(_)));
    let upper = word.to_uppercase();
    let unit = upper.strip_suffix('S').unwrap_or(&upper);
    let units = ["SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"];
    (behind_text && units.contains(&unit)).then(|| unit.to_owned())
}

/// The text with the stretches under some spans replaced.
pub(super) fn replace(source: &Source, span: Span, mut changes: Vec<(Span, String)>) -> String {
    changes.sort_by_key(|(span, _)| span.start);
    let mut text = String::new();
    let mut at = span.start;
    for (place, new) in changes {
        if place.start < at || place.end > span.end {
            continue;
        }
        text.push_str(source.slice(Span::new(at, place.start)));
        text.push_str(&new);
        at = place.end;
    }
    text.push_str(source.slice(Span::new(at, span.end)));
    text
}
