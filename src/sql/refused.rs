//! What sqlparser reads and Flink does not, where the tokens alone tell.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::parse::is_word;
use super::{names, place};
use crate::base::{Error, Location, Result};

/// Refuses the operators and clauses of other dialects in a statement that begins at `at`.
///
/// # Errors
/// `operator-unknown`, `syntax-unexpected`, `syntax-expected`, `syntax-end-expected`.
pub fn refuse(tokens: &[TokenWithSpan], text: &str, at: Location) -> Result<()> {
    operators(tokens, text, at)?;
    let solid: Vec<_> =
        tokens.iter().filter(|t| !matches!(t.token, Token::Whitespace(_))).collect();
    (0..solid.len()).try_for_each(|start| clause(&solid[start..]))
}

/// `!=`, `==`, `::`, `<=>` and double quotes are not Flink's.
fn operators(tokens: &[TokenWithSpan], text: &str, at: Location) -> Result<()> {
    for token in tokens {
        let instead = match &token.token {
            Token::Neq if !is_less_greater(token, text, at) => "<>",
            Token::DoubleEq => "=",
            Token::DoubleColon => "CAST",
            Token::Spaceship => "IS NOT DISTINCT FROM",
            Token::DoubleQuotedString(_) => "'..' / `..`",
            _ => continue,
        };
        let found = place::span(token.span).map_or("", |s| place::slice(text, at, s));
        let error = Error::new("operator-unknown").arg("found", found).arg("nearest", instead);
        return Err(at_token(error, token));
    }
    Ok(())
}

/// `<>` and `!=` are the same token: only the text tells.
fn is_less_greater(token: &TokenWithSpan, text: &str, at: Location) -> bool {
    place::span(token.span).is_none_or(|s| place::slice(text, at, s) == "<>")
}

/// `FETCH FIRST n ROWS` ends with ONLY, and LIMIT comes before OFFSET.
fn clause(tokens: &[&TokenWithSpan]) -> Result<()> {
    let word = |n: usize, any: &[&str]| {
        tokens.get(n).is_some_and(|token| any.iter().any(|word| is_word(&token.token, word)))
    };
    let number = |n: usize| matches!(tokens.get(n).map(|t| &t.token), Some(Token::Number(..)));
    if word(0, &["FETCH"]) && word(1, &["FIRST", "NEXT"]) {
        let rows = 2 + usize::from(number(2));
        if word(rows, &["ROW", "ROWS"]) && !word(rows + 1, &["ONLY", "WITH"]) {
            return Err(match tokens.get(rows + 1).filter(|next| next.token != Token::EOF) {
                Some(next) => {
                    let error = Error::new("syntax-expected").arg("found", &next.token);
                    at_token(error.arg("expected", "ONLY").arg("nearest", names::NONE), next)
                }
                None => {
                    let error = Error::new("syntax-end-expected").arg("expected", "ONLY");
                    at_token(error, tokens[rows])
                }
            });
        }
    }
    if word(0, &["OFFSET"]) && number(1) {
        let next = 2 + usize::from(word(2, &["ROW", "ROWS"]));
        if word(next, &["LIMIT"]) {
            let error = Error::new("syntax-unexpected").arg("found", &tokens[next].token);
            return Err(at_token(error.arg("nearest", names::NONE), tokens[next]));
        }
    }
    Ok(())
}

fn at_token(error: Error, token: &TokenWithSpan) -> Error {
    error.at(place::span(token.span))
}
