//! Parentheses that mean nothing, which the planner does not write: `1 + (2 * 3)`, `NOT (a = b)`.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::words::{is_row, is_word};

/// How tightly operators bind, as in Calcite.
const OPERATORS: &[(&str, u8)] = &[
    ("OR", 22),
    ("AND", 24),
    ("NOT", 26),
    ("IS", 28),
    ("IN", 32),
    ("BETWEEN", 32),
    ("LIKE", 32),
    ("SIMILAR", 32),
];
/// How tightly what has no operator is bound.
const OPERAND: u8 = u8::MAX;

/// Words after which an expression comes.
const BEFORE: &[&str] = &[
    "SELECT", "DISTINCT", "WHERE", "HAVING", "ON", "BY", "WHEN", "THEN", "ELSE", "CASE", "AND",
    "OR", "NOT", "BETWEEN", "LIKE",
];
/// Words whose parentheses hold lists, or patterns, in which others mean something.
const LISTS: &[&str] = &["SETS", "ROLLUP", "CUBE", "PATTERN"];

/// The tokens without them.
pub(super) fn without<'t>(tokens: &[&'t TokenWithSpan]) -> Vec<&'t TokenWithSpan> {
    let mut dropped = vec![false; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen => open.push(at),
            Token::RParen => {
                let Some(start) = open.pop() else { continue };
                let listed = open.iter().any(|outer| follows(tokens, *outer, LISTS));
                if !listed && means_nothing(tokens, start, at) {
                    (dropped[start], dropped[at]) = (true, true);
                }
            }
            _ => {}
        }
    }
    let kept = tokens.iter().zip(dropped).filter(|(_, dropped)| !dropped);
    kept.map(|(token, _)| *token).collect()
}

fn follows(tokens: &[&TokenWithSpan], at: usize, words: &[&str]) -> bool {
    let before = at.checked_sub(1).and_then(|b| tokens.get(b));
    words.iter().any(|word| is_word(before, word))
}

fn means_nothing(tokens: &[&TokenWithSpan], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map(|b| tokens[b]);
    let grouping = match before.map(|b| &b.token) {
        None | Some(Token::LParen | Token::Comma) => !is_row(tokens, start),
        Some(Token::Word(_)) => follows(tokens, start, BEFORE),
        Some(_) => before.is_some_and(|b| binding(b) != OPERAND),
    };
    let after = tokens.get(end + 1);
    let of_value = after.is_some_and(|t| {
        let unit = matches!(&t.token, Token::Word(w) if w.quote_style.is_none()
            && UNITS.iter().any(|unit| w.value.eq_ignore_ascii_case(unit)));
        unit || matches!(t.token, Token::Period | Token::LBracket)
    });
    let query = ["SELECT", "WITH", "VALUES", "TABLE"];
    let inside = &tokens[start + 1..end];
    if !grouping || of_value || query.iter().any(|word| is_word(inside.first(), word)) {
        return false;
    }
    // What is rounded to a unit keeps its parentheses, if it is no name.
    if is_word(after, "TO") && inside.iter().any(|token| token.token == Token::LParen) {
        return false;
    }
    let Some(weakest) = weakest(inside) else { return false };
    let left = before.map(binding).filter(|b| *b != OPERAND).unwrap_or(0);
    let right = after.map(|t| binding(t)).filter(|b| *b != OPERAND).unwrap_or(0);
    weakest > left && weakest >= right
}

/// Units that follow the parentheses of an interval.
const UNITS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];

/// The weakest operator between parentheses; `None` for a list, or for nothing.
fn weakest(inside: &[&TokenWithSpan]) -> Option<u8> {
    let (mut depth, mut between, mut weakest) = (0_u32, false, None);
    for token in inside {
        let opens = is_word(Some(token), "CASE");
        let closes = is_word(Some(token), "END");
        match token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth = depth.saturating_sub(1),
            Token::Comma if depth == 0 => return None,
            _ if opens => depth += 1,
            _ if closes => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            // The AND of a BETWEEN is no conjunction.
            _ if between && is_word(Some(token), "AND") => between = false,
            _ => {
                between |= is_word(Some(token), "BETWEEN");
                weakest = Some(weakest.unwrap_or(OPERAND).min(binding(token)));
            }
        }
        weakest = weakest.or(Some(OPERAND));
    }
    weakest
}

fn binding(token: &TokenWithSpan) -> u8 {
    match &token.token {
        Token::Word(word) if word.quote_style.is_none() => OPERATORS
            .iter()
            .find(|(name, _)| word.value.eq_ignore_ascii_case(name))
            .map_or(OPERAND, |(_, binding)| *binding),
        Token::Eq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq => 30,
        Token::Plus | Token::Minus => 40,
        Token::Mul | Token::Div | Token::Mod | Token::StringConcat => 60,
        _ => OPERAND,
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::place::START;
    use crate::sql::tokens::tokenize;

    #[test]
    fn only_what_means_something_stays() {
        for (written, shown) in [
            ("SELECT (1 + 2) * 3, ((4)), 1 + (2 * 3)", "SELECT ( 1 + 2 ) * 3 , 4 , 1 + 2 * 3"),
            ("SELECT a - (b - c), (a - b) - c", "SELECT a - ( b - c ) , a - b - c"),
            ("WHERE (a > 0 AND b < 5) OR NOT (a = 3)", "WHERE a > 0 AND b < 5 OR NOT a = 3"),
            ("WHERE (a OR b) AND c", "WHERE ( a OR b ) AND c"),
            (
                "WHERE x IN (1) AND f((x)) = (SELECT 1)",
                "WHERE x IN ( 1 ) AND f ( x ) = ( SELECT 1 )",
            ),
            ("GROUP BY GROUPING SETS ((a), (b))", "GROUP BY GROUPING SETS ( ( a ) , ( b ) )"),
            ("VALUES (1), (2)", "VALUES ( 1 ) , ( 2 )"),
            ("SELECT (a - b) DAY, (r).f", "SELECT ( a - b ) DAY , ( r ) . f"),
            ("SELECT -(1 + 2)", "SELECT - ( 1 + 2 )"),
        ] {
            let all = tokenize(written, START).expect("tokens").tokens;
            let solid: Vec<_> =
                all.iter().filter(|t| !t.token.to_string().trim().is_empty()).collect();
            let kept: Vec<_> = super::without(&solid).iter().map(|t| t.token.to_string()).collect();
            assert_eq!(kept.join(" ").trim_end_matches(" EOF"), shown, "{written}");
        }
    }
}
