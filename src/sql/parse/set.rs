//! SET and RESET. Keys and values may stand without quotes, as in Flink's SQL client.

use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::{Parsed, Reader, word};
use crate::sql::place;
use crate::sql::statement::{Set, Stmt, Word};

pub(super) fn set(reader: &mut Reader) -> Parsed<Stmt> {
    if at_end(&reader.parser) {
        return Ok(Stmt::Set(Set::List));
    }
    let key = text_or_raw(reader, |token| *token != Token::Eq)?;
    reader.parser.expect_token(&Token::Eq)?;
    let value = text_or_raw(reader, |_| true)?;
    Ok(Stmt::Set(Set::Key { key, value }))
}

pub(super) fn reset(reader: &mut Reader) -> Parsed<Stmt> {
    if at_end(&reader.parser) {
        return Ok(Stmt::Set(Set::ResetAll));
    }
    Ok(Stmt::Set(Set::Reset(text_or_raw(reader, |_| true)?)))
}

fn at_end(parser: &Parser) -> bool {
    matches!(parser.peek_token_ref().token, Token::EOF | Token::SemiColon)
}

/// A string, or the text as it stands up to where `goes_on` says no.
fn text_or_raw(reader: &mut Reader, goes_on: impl Fn(&Token) -> bool) -> Parsed<Word> {
    if matches!(reader.parser.peek_token_ref().token, Token::SingleQuotedString(_)) {
        return word::text(&mut reader.parser);
    }
    if at_end(&reader.parser) || !goes_on(&reader.parser.peek_token_ref().token) {
        return reader.parser.expected_ref("identifier", reader.parser.peek_token_ref());
    }
    let start = reader.here();
    while !at_end(&reader.parser) && goes_on(&reader.parser.peek_token_ref().token) {
        reader.parser.advance_token();
    }
    let span = reader.span_from(start);
    let value = place::slice(&reader.source.text, reader.source.at, span).to_owned();
    Ok(Word { value, span: Some(span) })
}
