//! CREATE, but for the inside of a table.

use sqlparser::keywords::Keyword;

use super::word::{
    comment, if_not_exists, name, names, options, path, take_word, take_words, text, with,
};
use super::{Parsed, Reader, table, word};
use crate::sql::statement::{Create, CreateFunction, CreateView, Lifetime, Replace, Stmt};

pub(super) fn create(reader: &mut Reader) -> Parsed<Stmt> {
    // Only a table of a query is replaced; anything else that is there already is an error all the same.
    let replace = match take_words(&mut reader.parser, &["OR", "REPLACE"]) {
        true => Replace::IfThere,
        false => Replace::No,
    };
    let lifetime = lifetime(reader);
    let temporary = lifetime == Lifetime::Temporary;
    if take_word(&mut reader.parser, "TABLE") {
        return table::create_table(reader, temporary, replace);
    }
    if take_word(&mut reader.parser, "VIEW") {
        return create_view(reader, temporary);
    }
    if take_word(&mut reader.parser, "FUNCTION") {
        return create_function(reader, lifetime);
    }
    if take_word(&mut reader.parser, "CATALOG") {
        return create_catalog(reader);
    }
    if take_word(&mut reader.parser, "DATABASE") {
        return create_database(reader);
    }
    word::unsupported(&reader.parser, "CREATE")
}

/// `REPLACE TABLE .. AS query`.
pub(super) fn replace(reader: &mut Reader) -> Parsed<Stmt> {
    word::expect(&mut reader.parser, "TABLE")?;
    table::create_table(reader, false, Replace::Required)
}

/// `[TEMPORARY [SYSTEM]]`.
pub(super) fn lifetime(reader: &mut Reader) -> Lifetime {
    if !take_word(&mut reader.parser, "TEMPORARY") {
        Lifetime::Permanent
    } else if take_word(&mut reader.parser, "SYSTEM") {
        Lifetime::TemporarySystem
    } else {
        Lifetime::Temporary
    }
}

fn create_catalog(reader: &mut Reader) -> Parsed<Stmt> {
    let name = name(&mut reader.parser)?;
    reader.parser.expect_keyword_is(Keyword::WITH)?;
    let options = options(&mut reader.parser)?;
    Ok(Stmt::Create(Create::Catalog { name, options }))
}

fn create_database(reader: &mut Reader) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    let if_not_exists = if_not_exists(parser);
    let path = path(parser)?;
    let comment = comment(parser)?;
    let options = with(parser)?.unwrap_or_default();
    Ok(Stmt::Create(Create::Database { path, if_not_exists, comment, options }))
}

fn create_view(reader: &mut Reader, temporary: bool) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    let if_not_exists = if_not_exists(parser);
    let path = path(parser)?;
    let columns = match parser.peek_token_ref().token {
        sqlparser::tokenizer::Token::LParen => names(parser)?,
        _ => Vec::new(),
    };
    let comment = comment(parser)?;
    parser.expect_keyword_is(Keyword::AS)?;
    let query = reader.query()?;
    let view = CreateView { path, temporary, if_not_exists, columns, comment, query };
    Ok(Stmt::Create(Create::View(Box::new(view))))
}

fn create_function(reader: &mut Reader, lifetime: Lifetime) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    let if_not_exists = if_not_exists(parser);
    let path = path(parser)?;
    let (class, language) = class(reader)?;
    let function = CreateFunction { path, lifetime, if_not_exists, class, language };
    Ok(Stmt::Create(Create::Function(function)))
}

/// `AS 'class' [LANGUAGE language] [USING JAR 'path', ..]`.
pub(super) fn class(reader: &mut Reader) -> Parsed<(String, String)> {
    let parser = &mut reader.parser;
    parser.expect_keyword_is(Keyword::AS)?;
    let class = text(parser)?.value;
    let mut language = "JAVA".to_owned();
    if take_word(parser, "LANGUAGE") {
        let languages = ["JAVA", "SCALA", "PYTHON"];
        let Some(known) = languages.iter().find(|known| take_word(parser, known)) else {
            return parser.expected_ref("JAVA, SCALA or PYTHON", parser.peek_token_ref());
        };
        language = (*known).to_owned();
    }
    if take_word(parser, "USING") {
        parser.parse_comma_separated(|p| {
            word::expect(p, "JAR")?;
            text(p)
        })?;
    }
    Ok((class, language))
}
