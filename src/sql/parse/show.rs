//! SHOW and DESCRIBE.

use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;

use super::word::{path, take_word, take_words, text};
use super::{Parsed, Reader, insert, word};
use crate::sql::statement::{Filter, Show, Stmt};

pub(super) fn show(reader: &mut Reader) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    if take_word(parser, "JOBS") {
        return Ok(Stmt::ShowJobs);
    }
    if take_word(parser, "CREATE") {
        return show_create(parser);
    }
    if let Some((_, show)) = SIMPLE.iter().find(|(words, _)| take_words(parser, words)) {
        return Ok(Stmt::Show(show.clone()));
    }
    if take_word(parser, "TABLES") {
        return Ok(Stmt::Show(Show::Tables(filter(parser)?)));
    }
    if take_word(parser, "COLUMNS") {
        return show_columns(parser);
    }
    if take_word(parser, "PARTITIONS") {
        let table = path(parser)?;
        let spec = match take_word(parser, "PARTITION") {
            true => insert::partition(parser)?,
            false => Vec::new(),
        };
        return Ok(Stmt::Show(Show::Partitions(table, spec)));
    }
    let user = take_word(parser, "USER");
    if take_word(parser, "FUNCTIONS") {
        return Ok(Stmt::Show(Show::Functions { user, filter: filter(parser)? }));
    }
    word::unsupported(parser, "SHOW")
}

const SIMPLE: &[(&[&str], Show)] = &[
    (&["CATALOGS"], Show::Catalogs),
    (&["CURRENT", "CATALOG"], Show::CurrentCatalog),
    (&["DATABASES"], Show::Databases),
    (&["CURRENT", "DATABASE"], Show::CurrentDatabase),
    (&["VIEWS"], Show::Views),
    (&["MODULES"], Show::Modules { full: false }),
    (&["FULL", "MODULES"], Show::Modules { full: true }),
    (&["JARS"], Show::Jars),
];

fn show_create(parser: &mut Parser) -> Parsed<Stmt> {
    let view = take_word(parser, "VIEW");
    if !view {
        parser.expect_keyword_is(Keyword::TABLE)?;
    }
    Ok(Stmt::Show(Show::Create { path: path(parser)?, view }))
}

fn show_columns(parser: &mut Parser) -> Parsed<Stmt> {
    if !from(parser) {
        return parser.expected_ref("FROM", parser.peek_token_ref());
    }
    let table = path(parser)?;
    Ok(Stmt::Show(Show::Columns(table, filter(parser)?)))
}

fn from(parser: &mut Parser) -> bool {
    parser.parse_one_of_keywords(&[Keyword::FROM, Keyword::IN]).is_some()
}

fn filter(parser: &mut Parser) -> Parsed<Filter> {
    let mut filter = Filter::default();
    if from(parser) {
        filter.database = Some(path(parser)?);
    }
    filter.negated = parser.parse_keyword(Keyword::NOT);
    filter.ignore_case = take_word(parser, "ILIKE");
    if filter.ignore_case || take_word(parser, "LIKE") {
        filter.pattern = Some(text(parser)?.value);
    } else if filter.negated {
        return parser.expected_ref("LIKE", parser.peek_token_ref());
    }
    Ok(filter)
}

pub(super) fn describe(reader: &mut Reader) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    take_word(parser, "EXTENDED");
    Ok(Stmt::Describe(path(parser)?))
}
