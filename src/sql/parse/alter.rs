//! ALTER.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::word::{
    at_word, expect, if_exists, name, names, options, path, take_word, take_words, text,
};
use super::{Parsed, Reader, create, insert, table, word};
use crate::sql::statement::{Alter, AlterTable, KeyDef, PartitionSpec, Stmt, TableElement};

pub(super) fn alter(reader: &mut Reader) -> Parsed<Stmt> {
    let lifetime = create::lifetime(reader);
    if take_word(&mut reader.parser, "TABLE") {
        return alter_table(reader);
    }
    if take_word(&mut reader.parser, "VIEW") {
        return alter_view(reader);
    }
    if take_word(&mut reader.parser, "DATABASE") {
        let path = path(&mut reader.parser)?;
        reader.parser.expect_keyword_is(Keyword::SET)?;
        return Ok(Stmt::Alter(Alter::Database(path, options(&mut reader.parser)?)));
    }
    if take_word(&mut reader.parser, "FUNCTION") {
        let if_exists = if_exists(&mut reader.parser);
        let path = path(&mut reader.parser)?;
        let (class, language) = create::class(reader)?;
        return Ok(Stmt::Alter(Alter::Function { path, lifetime, if_exists, class, language }));
    }
    word::unsupported(&reader.parser, "ALTER")
}

fn alter_view(reader: &mut Reader) -> Parsed<Stmt> {
    let view = path(&mut reader.parser)?;
    if take_word(&mut reader.parser, "RENAME") {
        reader.parser.expect_keyword_is(Keyword::TO)?;
        return Ok(Stmt::Alter(Alter::RenameView(view, path(&mut reader.parser)?)));
    }
    reader.parser.expect_keyword_is(Keyword::AS)?;
    Ok(Stmt::Alter(Alter::View(view, reader.query()?)))
}

fn alter_table(reader: &mut Reader) -> Parsed<Stmt> {
    let if_exists = if_exists(&mut reader.parser);
    let path = path(&mut reader.parser)?;
    let action = action(reader)?;
    Ok(Stmt::Alter(Alter::Table { path, if_exists, action }))
}

fn action(reader: &mut Reader) -> Parsed<AlterTable> {
    if take_word(&mut reader.parser, "RENAME") {
        return rename(reader);
    }
    if take_word(&mut reader.parser, "ADD") {
        if let Some((if_not_exists, partitions)) =
            partitions(&mut reader.parser, &["IF", "NOT", "EXISTS"])?
        {
            return Ok(AlterTable::AddPartitions { if_not_exists, partitions });
        }
        return elements(reader).map(AlterTable::Add);
    }
    if take_word(&mut reader.parser, "MODIFY") {
        return elements(reader).map(AlterTable::Modify);
    }
    if take_word(&mut reader.parser, "DROP") {
        return drop(reader);
    }
    if take_word(&mut reader.parser, "SET") {
        return options(&mut reader.parser).map(AlterTable::SetOptions);
    }
    if take_word(&mut reader.parser, "RESET") {
        reader.parser.expect_token(&Token::LParen)?;
        let keys = reader.parser.parse_comma_separated(text)?;
        reader.parser.expect_token(&Token::RParen)?;
        return Ok(AlterTable::ResetOptions(keys.into_iter().map(|k| k.value).collect()));
    }
    word::unsupported(&reader.parser, "ALTER TABLE")
}

fn rename(reader: &mut Reader) -> Parsed<AlterTable> {
    let parser = &mut reader.parser;
    if parser.parse_keyword(Keyword::TO) {
        return path(parser).map(AlterTable::Rename);
    }
    let from = name(parser)?;
    parser.expect_keyword_is(Keyword::TO)?;
    Ok(AlterTable::RenameColumn(from, name(parser)?))
}

/// One element, or several in parentheses.
fn elements(reader: &mut Reader) -> Parsed<Vec<TableElement>> {
    let several = reader.parser.consume_token(&Token::LParen);
    let mut elements = Vec::new();
    let mut key: Option<KeyDef> = None;
    loop {
        elements.push(table::element(reader, &mut key)?);
        elements.extend(key.take().map(TableElement::PrimaryKey));
        if !several || !reader.parser.consume_token(&Token::Comma) {
            break;
        }
    }
    if several {
        reader.parser.expect_token(&Token::RParen)?;
    }
    Ok(elements)
}

/// `PARTITION (..)`, several of them apart by nothing or by commas, perhaps behind these words; nothing if
/// something else stands there.
fn partitions(parser: &mut Parser, words: &[&str]) -> Parsed<Option<(bool, Vec<PartitionSpec>)>> {
    let said = take_words(parser, words);
    if !said && !at_word(parser, "PARTITION") {
        return Ok(None);
    }
    let mut partitions = Vec::new();
    loop {
        expect(parser, "PARTITION")?;
        partitions.push(insert::partition(parser)?);
        if take_word(parser, "WITH") {
            // What is said of a partition beside its values is nowhere looked at.
            options(parser)?;
        }
        if !parser.consume_token(&Token::Comma) && !at_word(parser, "PARTITION") {
            return Ok(Some((said, partitions)));
        }
    }
}

fn drop(reader: &mut Reader) -> Parsed<AlterTable> {
    let parser = &mut reader.parser;
    if let Some((if_exists, partitions)) = partitions(parser, &["IF", "EXISTS"])? {
        return Ok(AlterTable::DropPartitions { if_exists, partitions });
    }
    if take_word(parser, "WATERMARK") {
        return Ok(AlterTable::DropWatermark);
    }
    if take_word(parser, "PRIMARY") {
        expect(parser, "KEY")?;
        return Ok(AlterTable::DropPrimaryKey);
    }
    if take_word(parser, "CONSTRAINT") {
        return name(parser).map(AlterTable::DropConstraint);
    }
    match parser.peek_token_ref().token {
        Token::LParen => names(parser).map(AlterTable::DropColumns),
        _ => Ok(AlterTable::DropColumns(vec![name(parser)?])),
    }
}
