//! What the words of a query are: clauses, functions of the standard, names.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::sql::words;

/// Words that begin a line.
pub(super) const CLAUSES: &[&str] = &[
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "WINDOW",
    "OFFSET",
    "LIMIT",
    "FETCH",
];
/// Words that are not reserved and yet are no alias.
pub(super) const NO_ALIASES: &[&str] = &[
    "ASC",
    "DESC",
    "NULLS",
    "FIRST",
    "LAST",
    "DAYS",
    "HOURS",
    "MINUTES",
    "SECONDS",
    "MONTHS",
    "YEARS",
    "KEY",
    "PLACING",
    "ROWS",
    "RANGE",
    "ONLY",
    "PRECEDING",
    "FOLLOWING",
    "UNBOUNDED",
    "QUARTER",
    "WEEK",
    "DECADE",
    "CENTURY",
    "EPOCH",
    "JSON",
    "RETURNING",
    "ABSENT",
    "ERROR",
    "OBJECT",
    "SCALAR",
    "WRAPPER",
    "UNCONDITIONAL",
    "CONDITIONAL",
];
/// Functions of the standard (Calcite's `SqlStdOperatorTable`) whose names are not reserved.
pub(super) const STANDARD: &[&str] = &[
    "ACOS",
    "ASCII",
    "ASIN",
    "ATAN",
    "ATAN2",
    "CBRT",
    "COS",
    "COT",
    "DAYOFMONTH",
    "DAYOFWEEK",
    "DAYOFYEAR",
    "DEGREES",
    "DESCRIPTOR",
    "INITCAP",
    "LOG10",
    "PI",
    "QUARTER",
    "RADIANS",
    "RAND",
    "RAND_INTEGER",
    "REPLACE",
    "ROUND",
    "SIGN",
    "SIN",
    "TAN",
    "TIMESTAMPADD",
    "TIMESTAMPDIFF",
    "TRY_CAST",
    "TUMBLE",
    "TUMBLE_START",
    "TUMBLE_END",
    "TUMBLE_ROWTIME",
    "TUMBLE_PROCTIME",
    "HOP",
    "HOP_START",
    "HOP_END",
    "HOP_ROWTIME",
    "HOP_PROCTIME",
    "SESSION",
    "SESSION_START",
    "SESSION_END",
    "SESSION_ROWTIME",
    "SESSION_PROCTIME",
    "CUMULATE",
    "JSON_ARRAY",
    "JSON_ARRAYAGG",
    "JSON_EXISTS",
    "JSON_OBJECT",
    "JSON_OBJECTAGG",
    "JSON_QUERY",
    "JSON_VALUE",
    "LISTAGG",
    "WEEK",
    "STDDEV",
    "VARIANCE",
    "GROUPING_ID",
    "GROUP_ID",
    "SETS",
    "APPROX_COUNT_DISTINCT",
    "OVERLAPS",
];
/// Reserved words that are functions of Flink's own all the same.
pub(super) const NOT_STANDARD: &[&str] = &["LEFT", "RIGHT", "IF", "NOW", "MAP_KEYS"];
/// Words before JOIN that say which.
pub(super) const JOINS: &[&str] = &["INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL"];

pub(super) fn is_word(token: Option<&&TokenWithSpan>, word: &str) -> bool {
    token.is_some_and(|t| {
        matches!(&t.token, Token::Word(w) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
    })
}

/// Whether a function is one of the SQL standard, or a word of the language before a parenthesis. The
/// names of all others are written as names are.
pub(super) fn is_standard(upper: &str) -> bool {
    words::is_reserved(upper) && !NOT_STANDARD.contains(&upper) || STANDARD.contains(&upper)
}

/// Whether a word that is not reserved belongs to the language where it stands.
pub(super) fn is_plain(upper: &str, before: Option<&Token>, next: Option<&Token>) -> bool {
    let of_interval = matches!(before, Some(Token::SingleQuotedString(_))) && upper.ends_with('S');
    let collection = next == Some(&Token::LBracket) && ["MAP", "ARRAY"].contains(&upper);
    collection || NO_ALIASES.contains(&upper) && !of_interval
}

pub(super) fn may_be_alias(word: &str) -> bool {
    !words::is_reserved(word) && !NO_ALIASES.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// Whether an operand comes next: a sign here is the number's own.
pub(super) fn is_operand_place(before: Option<&Token>) -> bool {
    match before {
        None => true,
        Some(Token::Word(word)) => word.quote_style.is_none() && words::is_reserved(&word.value),
        Some(token) => !matches!(
            token,
            Token::RParen | Token::RBracket | Token::Number(..) | Token::SingleQuotedString(_)
        ),
    }
}

/// Whether a parenthesis is a row of VALUES: it follows that word, or another row of it.
pub(super) fn is_row(tokens: &[&TokenWithSpan], at: usize) -> bool {
    let mut depth = 0;
    for token in tokens[..at].iter().rev() {
        match &token.token {
            Token::RParen => depth += 1,
            Token::LParen if depth > 0 => depth -= 1,
            Token::Comma => {}
            _ if depth > 0 => {}
            _ => return is_word(Some(token), "VALUES"),
        }
    }
    false
}
