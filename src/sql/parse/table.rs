//! The inside of a table: columns, watermark, key, options, LIKE, AS.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::error::refuse;
use super::word::{
    at_word, comment, if_not_exists, name, names, path, take_word, take_words, text, with,
};
use super::{Parsed, Reader, word};
use crate::sql::statement::{
    ColumnDef, ColumnDefKind, ColumnPosition, Create, CreateTable, KeyDef, Like, Replace, Stmt,
    TableElement, WatermarkDef,
};
use crate::sql::types;

pub(super) fn create_table(reader: &mut Reader, temporary: bool, replace: Replace) -> Parsed<Stmt> {
    let if_not_exists = if_not_exists(&mut reader.parser);
    let path = path(&mut reader.parser)?;
    let mut table = CreateTable {
        path,
        temporary,
        if_not_exists,
        replace,
        columns: Vec::new(),
        watermark: None,
        primary_key: None,
        comment: None,
        partitioned_by: Vec::new(),
        options: None,
        like: None,
    };
    if reader.parser.peek_token_ref().token == Token::LParen {
        elements(reader, &mut table)?;
    }
    let parser = &mut reader.parser;
    table.comment = comment(parser)?;
    if take_words(parser, &["PARTITIONED", "BY"]) {
        table.partitioned_by = names(parser)?;
    }
    table.options = with(parser)?;
    if take_word(parser, "LIKE") {
        table.like = Some(like(parser)?);
    }
    if reader.parser.parse_keyword(Keyword::AS) {
        return Ok(Stmt::CreateTableAs(Box::new(table), reader.query()?));
    }
    if replace == Replace::Required {
        return reader.parser.expected_ref("AS", reader.parser.peek_token_ref());
    }
    Ok(Stmt::Create(Create::Table(Box::new(table))))
}

fn elements(reader: &mut Reader, table: &mut CreateTable) -> Parsed<()> {
    reader.parser.expect_token(&Token::LParen)?;
    loop {
        let token = reader.parser.peek_token_ref().clone();
        match element(reader, &mut table.primary_key)? {
            TableElement::Column(column, _) => table.columns.push(column),
            TableElement::Watermark(_) if table.watermark.is_some() => {
                return Err(refuse("watermark-twice", &[], &token));
            }
            TableElement::Watermark(watermark) => table.watermark = Some(watermark),
            TableElement::PrimaryKey(_) if table.primary_key.is_some() => {
                return Err(refuse("key-exists", &[], &token));
            }
            TableElement::PrimaryKey(key) => table.primary_key = Some(key),
        }
        if !reader.parser.consume_token(&Token::Comma) {
            break;
        }
    }
    reader.parser.expect_token(&Token::RParen)?;
    Ok(())
}

/// An element; a key that stands behind its column goes to `key`.
pub(super) fn element(reader: &mut Reader, key: &mut Option<KeyDef>) -> Parsed<TableElement> {
    if take_words(&mut reader.parser, &["WATERMARK", "FOR"]) {
        return watermark(reader).map(TableElement::Watermark);
    }
    let constraint = match reader.parser.parse_keyword(Keyword::CONSTRAINT) {
        true => Some(name(&mut reader.parser)?.value),
        false => None,
    };
    if constraint.is_some() || word::at_word(&reader.parser, "PRIMARY") {
        return primary_key(&mut reader.parser, constraint).map(TableElement::PrimaryKey);
    }
    let column = column(reader, key)?;
    let position = position(&mut reader.parser)?;
    Ok(TableElement::Column(column, position))
}

fn watermark(reader: &mut Reader) -> Parsed<WatermarkDef> {
    let column = path(&mut reader.parser)?;
    reader.parser.expect_keyword_is(Keyword::AS)?;
    Ok(WatermarkDef { column, expr: reader.expr()? })
}

fn primary_key(parser: &mut Parser, name: Option<String>) -> Parsed<KeyDef> {
    parser.expect_keywords(&[Keyword::PRIMARY, Keyword::KEY])?;
    let columns = names(parser)?;
    not_enforced(parser)?;
    Ok(KeyDef { name, columns })
}

/// Flink owns no data, so a key cannot be enforced.
fn not_enforced(parser: &mut Parser) -> Parsed<()> {
    if take_words(parser, &["NOT", "ENFORCED"]) {
        return Ok(());
    }
    let token = parser.peek_token_ref();
    Err(refuse("constraint-enforced", &[], token))
}

fn column(reader: &mut Reader, key: &mut Option<KeyDef>) -> Parsed<ColumnDef> {
    let name = name(&mut reader.parser)?;
    let kind = if reader.parser.parse_keyword(Keyword::AS) {
        ColumnDefKind::Computed(reader.expr()?)
    } else {
        stored(&mut reader.parser)?
    };
    let token = reader.parser.peek_token_ref().clone();
    if take_words(&mut reader.parser, &["PRIMARY", "KEY"]) {
        not_enforced(&mut reader.parser)?;
        if key.is_some() {
            return Err(refuse("key-exists", &[], &token));
        }
        *key = Some(KeyDef { name: None, columns: vec![name.clone()] });
    }
    let comment = comment(&mut reader.parser)?;
    Ok(ColumnDef { name, kind, comment })
}

fn stored(parser: &mut Parser) -> Parsed<ColumnDefKind> {
    // An interval has a type, and so has NULL, but no column can have it.
    if at_word(parser, "INTERVAL") || at_word(parser, "NULL") {
        return parser.expected_ref("a data type", parser.peek_token_ref());
    }
    let data_type = types::parse(parser)?;
    if !take_word(parser, "METADATA") {
        return Ok(ColumnDefKind::Physical(data_type));
    }
    let key = match parser.parse_keyword(Keyword::FROM) {
        true => Some(text(parser)?.value),
        false => None,
    };
    let is_virtual = take_word(parser, "VIRTUAL");
    Ok(ColumnDefKind::Metadata { data_type, key, is_virtual })
}

fn position(parser: &mut Parser) -> Parsed<Option<ColumnPosition>> {
    if take_word(parser, "FIRST") {
        return Ok(Some(ColumnPosition::First));
    }
    match take_word(parser, "AFTER") {
        true => name(parser).map(|n| Some(ColumnPosition::After(n))),
        false => Ok(None),
    }
}

/// How LIKE takes over what another table has, and what that can be.
const MERGING: &[&str] = &["INCLUDING", "EXCLUDING", "OVERWRITING"];
const FEATURES: &[&str] =
    &["ALL", "CONSTRAINTS", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS", "WATERMARKS"];
const OVERWRITTEN: &[&str] = &["GENERATED", "METADATA", "OPTIONS", "WATERMARKS"];

fn like(parser: &mut Parser) -> Parsed<Like> {
    let source = path(parser)?;
    let mut options: Vec<(String, String)> = Vec::new();
    if parser.consume_token(&Token::LParen) {
        while !parser.consume_token(&Token::RParen) {
            let how = one_of(parser, MERGING)?;
            let features = if how == "OVERWRITING" { OVERWRITTEN } else { FEATURES };
            let said = |feature: &str| options.iter().any(|(_, what)| what == feature);
            let left: Vec<&str> = features.iter().copied().filter(|f| !said(f)).collect();
            options.push((how, one_of(parser, &left)?));
            let _ = parser.consume_token(&Token::Comma);
        }
    }
    Ok(Like { source, options })
}

fn one_of(parser: &mut Parser, words: &[&str]) -> Parsed<String> {
    let token = parser.next_token();
    let word = token.token.to_string().to_uppercase();
    match words.contains(&word.as_str()) {
        true => Ok(word),
        false => parser.expected(&words.join(", "), token),
    }
}
