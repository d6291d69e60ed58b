//! The small pieces of statements: words that may be no keyword of sqlparser, names, strings, options.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::Parsed;
use super::error::refuse;
use crate::sql::statement::{OptionList, Path, Word};
use crate::sql::{place, words};

/// Whether a token is this word, unquoted, in any case.
pub(in crate::sql) fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(w) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
}

/// Whether this word comes next.
pub fn at_word(parser: &Parser, word: &str) -> bool {
    is_word(&parser.peek_token_ref().token, word)
}

/// Takes this word if it comes next.
pub fn take_word(parser: &mut Parser, word: &str) -> bool {
    let found = at_word(parser, word);
    if found {
        parser.advance_token();
    }
    found
}

/// Takes these words if they come next, all or none.
pub fn take_words(parser: &mut Parser, words: &[&str]) -> bool {
    let found =
        words.iter().enumerate().all(|(n, w)| is_word(&parser.peek_nth_token_ref(n).token, w));
    if found {
        words.iter().for_each(|_| parser.advance_token());
    }
    found
}

/// Takes this word, which must come next.
pub fn expect(parser: &mut Parser, word: &str) -> Parsed<()> {
    match take_word(parser, word) {
        true => Ok(()),
        false => parser.expected_ref(word, parser.peek_token_ref()),
    }
}

/// A name: a quoted word, or one that is not reserved.
pub fn name(parser: &mut Parser) -> Parsed<Word> {
    let token = parser.peek_token_ref();
    match &token.token {
        Token::Word(w) if w.quote_style.is_some() || !words::is_reserved(&w.value) => {
            let name = Word { value: w.value.clone(), span: place::span(token.span) };
            parser.advance_token();
            Ok(name)
        }
        _ => parser.expected_ref("identifier", token),
    }
}

/// Up to three names with dots between.
pub fn path(parser: &mut Parser) -> Parsed<Path> {
    let mut parts = vec![name(parser)?];
    while parts.len() < 3 && parser.consume_token(&Token::Period) {
        parts.push(name(parser)?);
    }
    Ok(Path(parts))
}

/// `(a, b)`.
pub fn names(parser: &mut Parser) -> Parsed<Vec<Word>> {
    parser.expect_token(&Token::LParen)?;
    let names = parser.parse_comma_separated(name)?;
    parser.expect_token(&Token::RParen)?;
    Ok(names)
}

/// A string.
pub fn text(parser: &mut Parser) -> Parsed<Word> {
    let token = parser.peek_token_ref();
    let span = place::span(token.span);
    match &token.token {
        Token::SingleQuotedString(_) | Token::UnicodeStringLiteral(_) => {
            Ok(Word { value: parser.parse_literal_string()?, span })
        }
        _ => parser.expected_ref("a string", token),
    }
}

/// `COMMENT 'text'`, if it comes next.
pub fn comment(parser: &mut Parser) -> Parsed<Option<String>> {
    match take_word(parser, "COMMENT") {
        true => text(parser).map(|t| Some(t.value)),
        false => Ok(None),
    }
}

/// `('key' = 'value', ..)`.
pub fn options(parser: &mut Parser) -> Parsed<OptionList> {
    parser.expect_token(&Token::LParen)?;
    let pairs = parser.parse_comma_separated0(pair, Token::RParen)?;
    parser.expect_token(&Token::RParen)?;
    Ok(pairs)
}

fn pair(parser: &mut Parser) -> Parsed<(String, String)> {
    let key = text(parser)?;
    parser.expect_token(&Token::Eq)?;
    Ok((key.value, text(parser)?.value))
}

/// `WITH (..)`, if it comes next.
pub fn with(parser: &mut Parser) -> Parsed<Option<OptionList>> {
    match parser.parse_keyword(Keyword::WITH) {
        true => options(parser).map(Some),
        false => Ok(None),
    }
}

/// `IF NOT EXISTS`.
pub fn if_not_exists(parser: &mut Parser) -> bool {
    take_words(parser, &["IF", "NOT", "EXISTS"])
}

/// `IF EXISTS`.
pub fn if_exists(parser: &mut Parser) -> bool {
    take_words(parser, &["IF", "EXISTS"])
}

/// Refuses a statement by the word that comes next.
pub fn unsupported<T>(parser: &Parser, statement: &str) -> Parsed<T> {
    let token = parser.peek_token_ref();
    let name = format!("{statement} {}", token.token);
    Err(refuse("unsupported-statement", &[name.trim()], token))
}
