//! Prints parts of a statement again as Flink does: names in backticks, words of the language in
//! upper case, single blanks.
//!
//! It works on tokens, so it never changes what was written, only how it looks.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::catalog::{literal, quote};
use super::place;
use super::statement::Source;
use super::words;
use crate::base::Span;

/// The text under a span, printed again.
pub(super) fn print(source: &Source, span: Span) -> String {
    let (start, end) = (place::to_parser(span.start), place::to_parser(span.end));
    let inside = |t: &&TokenWithSpan| {
        t.span.start >= start && t.span.end <= end && !matches!(t.token, Token::Whitespace(_))
    };
    let tokens: Vec<&Token> = source
        .tokens
        .iter()
        .filter(inside)
        .map(|t| &t.token)
        .filter(|t| **t != Token::EOF)
        .collect();
    let mut text = String::new();
    for (n, token) in tokens.iter().enumerate() {
        let before = n.checked_sub(1).map(|b| tokens[b]);
        let next = tokens.get(n + 1).copied();
        let opener = n.checked_sub(2).map(|b| tokens[b]);
        if before.is_some_and(|before| blank_between(opener, before, token)) {
            text.push(' ');
        }
        text.push_str(&piece(token, before, next));
    }
    text
}

/// Whether a blank stands between two tokens. `opener`: the token before them, which tells the bracket of
/// a type from a comparison.
pub(super) fn blank_between(opener: Option<&Token>, before: &Token, token: &Token) -> bool {
    let of_type = matches!(opener, Some(Token::Word(w)) if w.quote_style.is_none()
        && ["ARRAY", "MAP", "MULTISET", "ROW"].iter().any(|t| w.value.eq_ignore_ascii_case(t)));
    let glued_after = matches!(before, Token::LParen | Token::Period | Token::LBracket)
        || (of_type && *before == Token::Lt);
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
        Token::SingleQuotedString(text) => return literal(text),
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

#[cfg(test)]
mod tests {
    use crate::sql::parse::parse_query;

    #[test]
    fn parts_print_as_flink_prints_them() {
        for (written, printed) in [
            ("ts_field  - interval '1' second", "`ts_field` - INTERVAL '1' SECOND"),
            ("ts - interval '5' minutes", "`ts` - INTERVAL '5' MINUTE"),
            ("price*qty", "`price` * `qty`"),
            ("date_format(order_time,'HH:mm')", "DATE_FORMAT(`order_time`, 'HH:mm')"),
            ("proctime()", "PROCTIME()"),
            ("t.a in (1, 2)", "`t`.`a` IN (1, 2)"),
            ("name = 'it''s'", "`name` = 'it''s'"),
            ("cast(x as int) * 1e3", "CAST(`x` AS INTEGER) * 1E3"),
        ] {
            let query = parse_query(&format!("SELECT {written}")).expect("parses");
            let mut span = query.span;
            span.start.column += 7;
            assert_eq!(super::print(&query.source, span), printed);
        }
    }
}
