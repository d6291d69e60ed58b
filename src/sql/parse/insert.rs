//! INSERT, EXECUTE, and statement sets.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::word::{at_word, expect, name, path, take_word, take_words};
use super::{Parsed, Reader, word};
use crate::sql::hints;
use crate::sql::statement::{InsertStmt, PartitionSpec, Stmt, Word};

pub(super) fn insert(reader: &mut Reader) -> Parsed<Stmt> {
    insert_into(reader).map(Stmt::Insert)
}

/// From the word INSERT on, which is taken.
pub(super) fn insert_into(reader: &mut Reader) -> Parsed<InsertStmt> {
    let parser = &mut reader.parser;
    let overwrite = take_word(parser, "OVERWRITE");
    if !overwrite {
        parser.expect_keyword_is(Keyword::INTO)?;
    }
    let _ = parser.parse_keyword(Keyword::TABLE);
    let target = path(parser)?;
    let after = parser.get_current_token().span.end;
    let hints = hints::options_after(&reader.source, after);
    let parser = &mut reader.parser;
    let partition = match take_word(parser, "PARTITION") {
        true => partition(parser)?,
        false => Vec::new(),
    };
    let columns = columns(parser)?;
    let query = reader.query()?;
    Ok(InsertStmt { target, hints, overwrite, partition, columns, query })
}

/// `(column = value, ..)`, after the word PARTITION.
pub(super) fn partition(parser: &mut Parser) -> Parsed<PartitionSpec> {
    parser.expect_token(&Token::LParen)?;
    let pairs = parser.parse_comma_separated(|p| {
        let column = name(p)?;
        p.expect_token(&Token::Eq)?;
        let value = match p.next_token().token {
            Token::SingleQuotedString(text) | Token::Number(text, _) => text,
            _ => return p.expected_ref("a literal", p.get_current_token()),
        };
        Ok((column, value))
    })?;
    parser.expect_token(&Token::RParen)?;
    Ok(pairs)
}

/// `(a, b)`, unless the parenthesis begins a query.
fn columns(parser: &mut Parser) -> Parsed<Vec<Word>> {
    let query = ["SELECT", "WITH", "VALUES"];
    let next = &parser.peek_nth_token_ref(1).token;
    let is_query = *next == Token::LParen || query.iter().any(|w| word::is_word(next, w));
    match parser.peek_token_ref().token {
        Token::LParen if !is_query => word::names(parser),
        _ => Ok(Vec::new()),
    }
}

/// EXECUTE STATEMENT SET, EXECUTE INSERT, EXECUTE query.
pub(super) fn execute(reader: &mut Reader) -> Parsed<Stmt> {
    if take_words(&mut reader.parser, &["STATEMENT", "SET"]) {
        return block(reader).map(Stmt::StatementSet);
    }
    if take_word(&mut reader.parser, "INSERT") {
        return insert(reader);
    }
    reader.query().map(Stmt::Query)
}

/// `BEGIN insert; insert; END`.
pub(super) fn block(reader: &mut Reader) -> Parsed<Vec<InsertStmt>> {
    expect(&mut reader.parser, "BEGIN")?;
    let mut inserts = Vec::new();
    while !at_word(&reader.parser, "END") {
        expect(&mut reader.parser, "INSERT")?;
        inserts.push(insert_into(reader)?);
        reader.parser.expect_token(&Token::SemiColon)?;
    }
    expect(&mut reader.parser, "END")?;
    Ok(inserts)
}

pub(super) fn begin(reader: &mut Reader) -> Parsed<Stmt> {
    expect(&mut reader.parser, "STATEMENT")?;
    expect(&mut reader.parser, "SET")?;
    Ok(Stmt::BeginStatementSet)
}

#[allow(clippy::unnecessary_wraps, reason = "one of the rules")]
pub(super) fn end(_reader: &mut Reader) -> Parsed<Stmt> {
    Ok(Stmt::EndStatementSet)
}
