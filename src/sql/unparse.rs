//! Prints parts of a statement again as Flink does: names in backticks, words of the language in
//! upper case, single blanks.
//!
//! It works on tokens, so it never changes what was written, only how it looks.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::catalog::quote;
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
        if before.is_some_and(|before| blank_between(before, token)) {
            text.push(' ');
        }
        text.push_str(&piece(token, before, next));
    }
    text
}

fn blank_between(before: &Token, token: &Token) -> bool {
    let glued_after = matches!(before, Token::LParen | Token::Period | Token::LBracket | Token::Lt);
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
    ["AND", "OR", "NOT", "IN", "AS", "THEN", "ELSE", "WHEN", "BETWEEN", "VALUES", "FROM", "OVER"]
        .iter()
        .any(|w| word.eq_ignore_ascii_case(w))
}

fn piece(token: &Token, before: Option<&Token>, next: Option<&Token>) -> String {
    let Token::Word(word) = token else { return token.to_string() };
    let qualified = before == Some(&Token::Period) || next == Some(&Token::Period);
    let call = next == Some(&Token::LParen);
    let of_language = words::is_reserved(&word.value) || call;
    match word.quote_style.is_none() && of_language && !qualified {
        true => word.value.to_uppercase(),
        false => quote(&word.value),
    }
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
            ("price*qty", "`price` * `qty`"),
            ("date_format(order_time,'HH:mm')", "DATE_FORMAT(`order_time`, 'HH:mm')"),
            ("proctime()", "PROCTIME()"),
            ("t.a in (1, 2)", "`t`.`a` IN (1, 2)"),
        ] {
            let query = parse_query(&format!("SELECT {written}")).expect("parses");
            let mut span = query.span;
            span.start.column += 7;
            assert_eq!(super::print(&query.source, span), printed);
        }
    }
}
