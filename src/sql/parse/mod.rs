//! From the text of one statement to a [`Stmt`].
//!
//! One file a kind of statement; queries and expressions go through sqlparser with our dialect.

mod alter;
mod create;
mod drop;
pub(in crate::sql) mod error;
mod explain;
mod insert;
mod set;
mod show;
mod table;
mod word;

use std::sync::Arc;

use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

pub(in crate::sql) use self::word::is_word;
use self::word::{at_word, take_word, take_words};
use super::dialect::Flink;
use super::names::NONE;
use super::place;
use super::statement::{ExprText, Jar, Modify, Module, QueryStmt, Source, Stmt, StopJob, Use};
use super::tokens::tokenize;
use crate::base::{Error, Location, Result, Span};

type Parsed<T> = std::result::Result<T, ParserError>;

/// How deep parentheses may nest. The tree is walked recursively, in the stack of one thread.
const MOST_NESTED: usize = 200;

/// A parser over tokens, with our dialect and limits.
pub(in crate::sql) fn parser(tokens: Vec<TokenWithSpan>) -> Parser<'static> {
    Parser::new(&Flink).with_recursion_limit(MOST_NESTED).with_tokens_with_locations(tokens)
}

/// Reads one statement whose text begins at `at` in its script.
///
/// # Errors
/// `syntax-*`, `reserved-word`, `unclosed-*`, `operator-unknown`, `unknown-type`,
/// `nested-too-deep`, `unknown-statement`; each with its place.
pub fn parse(text: &str, at: Location) -> Result<Stmt> {
    let tokens = tokenize(text, at)?;
    let source = Arc::new(Source {
        text: text.to_owned(),
        at,
        tokens: tokens.tokens.clone(),
        hints: tokens.hints,
    });
    let end = place::end_of(text.trim_end(), at);
    let mut reader = Reader { source: Arc::clone(&source), parser: parser(tokens.tokens) };
    let statement = statement(&mut reader).and_then(|s| reader.finish().map(|()| s));
    statement.map_err(|found| {
        let error = error::from_parser(&found, &source.tokens, end);
        blame_inside(&source.tokens, end, error)
    })
}

/// A parser and the text it reads.
pub(super) struct Reader {
    source: Arc<Source>,
    parser: Parser<'static>,
}

impl Reader {
    /// The place from token `start` (a span's beginning) to the token that was read last.
    fn span_from(&self, start: Location) -> Span {
        let last = place::span(self.parser.get_current_token().span);
        Span::new(start, last.map_or(start, |s| s.end))
    }

    fn here(&self) -> Location {
        place::span(self.parser.peek_token_ref().span).map_or(self.source.at, |s| s.start)
    }

    fn query(&mut self) -> Parsed<QueryStmt> {
        let start = self.here();
        let ast = Arc::from(self.parser.parse_query()?);
        Ok(QueryStmt { source: Arc::clone(&self.source), span: self.span_from(start), ast })
    }

    fn expr(&mut self) -> Parsed<ExprText> {
        let start = self.here();
        let ast = Arc::new(self.parser.parse_expr()?);
        Ok(ExprText { source: Arc::clone(&self.source), span: self.span_from(start), ast })
    }

    /// Nothing but a `;` may follow a statement.
    fn finish(&mut self) -> Parsed<()> {
        while self.parser.consume_token(&Token::SemiColon) {}
        match self.parser.peek_token_ref() {
            token if token.token == Token::EOF => Ok(()),
            token => self.parser.expected_ref("end of the statement", token),
        }
    }
}

type Rule = fn(&mut Reader) -> Parsed<Stmt>;

/// The words that begin a statement, and what reads it from there on (the word is taken).
const RULES: &[(&str, Rule)] = &[
    ("CREATE", create::create),
    ("REPLACE", create::replace),
    ("ALTER", alter::alter),
    ("DROP", drop::drop),
    ("USE", use_),
    ("SHOW", show::show),
    ("DESCRIBE", show::describe),
    ("DESC", show::describe),
    ("EXPLAIN", explain::explain),
    ("INSERT", insert::insert),
    ("EXECUTE", insert::execute),
    ("BEGIN", insert::begin),
    ("END", insert::end),
    ("SET", set::set),
    ("RESET", set::reset),
    ("LOAD", load),
    ("UNLOAD", unload),
    ("ADD", add_jar),
    ("REMOVE", remove_jar),
    ("STOP", stop_job),
    ("DELETE", delete),
    ("UPDATE", update),
    ("TRUNCATE", truncate),
];

/// The words that begin a query.
const QUERIES: &[&str] = &["SELECT", "WITH", "VALUES", "TABLE"];

/// The words with which statements begin, for completion.
pub(in crate::sql) fn first_words() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(word, _)| *word).chain(QUERIES.iter().copied())
}

fn statement(reader: &mut Reader) -> Parsed<Stmt> {
    if let Some((_, rule)) = RULES.iter().find(|(word, _)| at_word(&reader.parser, word)) {
        reader.parser.advance_token();
        return rule(reader);
    }
    let query = reader.parser.peek_token_ref().token == Token::LParen
        || QUERIES.iter().any(|word| at_word(&reader.parser, word));
    if query {
        return reader.query().map(Stmt::Query);
    }
    reader.parser.expected_ref("a statement", reader.parser.peek_token_ref())
}

fn use_(reader: &mut Reader) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    if take_word(parser, "CATALOG") {
        return Ok(Stmt::Use(Use::Catalog(word::name(parser)?)));
    }
    if take_word(parser, "MODULES") {
        let names = parser.parse_comma_separated(word::name)?;
        return Ok(Stmt::Module(Module::Use(names)));
    }
    Ok(Stmt::Use(Use::Database(word::path(parser)?)))
}

fn load(reader: &mut Reader) -> Parsed<Stmt> {
    word::expect(&mut reader.parser, "MODULE")?;
    let name = word::name(&mut reader.parser)?;
    if reader.parser.parse_keyword(Keyword::WITH) {
        word::options(&mut reader.parser)?;
    }
    Ok(Stmt::Module(Module::Load(name)))
}

fn unload(reader: &mut Reader) -> Parsed<Stmt> {
    word::expect(&mut reader.parser, "MODULE")?;
    Ok(Stmt::Module(Module::Unload(word::name(&mut reader.parser)?)))
}

fn add_jar(reader: &mut Reader) -> Parsed<Stmt> {
    word::expect(&mut reader.parser, "JAR")?;
    Ok(Stmt::Jar(Jar::Add(word::text(&mut reader.parser)?)))
}

fn remove_jar(reader: &mut Reader) -> Parsed<Stmt> {
    word::expect(&mut reader.parser, "JAR")?;
    Ok(Stmt::Jar(Jar::Remove(word::text(&mut reader.parser)?)))
}

fn stop_job(reader: &mut Reader) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    word::expect(parser, "JOB")?;
    let id = word::text(parser)?;
    let savepoint = take_words(parser, &["WITH", "SAVEPOINT"]);
    let drain = take_words(parser, &["WITH", "DRAIN"]);
    Ok(Stmt::StopJob(StopJob { id, savepoint, drain }))
}

fn delete(reader: &mut Reader) -> Parsed<Stmt> {
    reader.parser.expect_keyword_is(Keyword::FROM)?;
    let path = word::path(&mut reader.parser)?;
    if reader.parser.parse_keyword(Keyword::WHERE) {
        reader.parser.parse_expr()?;
    }
    Ok(Stmt::Modify(Modify { statement: "DELETE", path }))
}

fn update(reader: &mut Reader) -> Parsed<Stmt> {
    let path = word::path(&mut reader.parser)?;
    reader.parser.expect_keyword_is(Keyword::SET)?;
    reader.parser.parse_comma_separated(Parser::parse_expr)?;
    if reader.parser.parse_keyword(Keyword::WHERE) {
        reader.parser.parse_expr()?;
    }
    Ok(Stmt::Modify(Modify { statement: "UPDATE", path }))
}

fn truncate(reader: &mut Reader) -> Parsed<Stmt> {
    reader.parser.expect_keyword_is(Keyword::TABLE)?;
    Ok(Stmt::Modify(Modify { statement: "TRUNCATE", path: word::path(&mut reader.parser)? }))
}

/// An error inside `FROM (SELECT ..` is blamed on the word after the parenthesis: the query in it,
/// read alone, says what is really wrong.
fn blame_inside(tokens: &[TokenWithSpan], end: Location, error: Error) -> Error {
    let inner = || {
        let at = place::to_parser(error.span()?.start);
        let index = tokens.iter().position(|t| t.span.start == at && t.span.end > at)?;
        let is_query = QUERIES.iter().any(|word| is_word(&tokens[index].token, word));
        let before =
            tokens[..index].iter().rev().find(|t| !matches!(t.token, Token::Whitespace(_)));
        if !is_query || before?.token != Token::LParen {
            return None;
        }
        let inside = tokens[index..].to_vec();
        let found = parser(inside.clone()).parse_query().err()?;
        let deeper = error::from_parser(&found, &inside, end);
        (deeper.span() != error.span()).then(|| blame_inside(&inside, end, deeper))
    };
    inner().unwrap_or(error)
}

/// Reads a query that was kept as text (a view's).
pub(in crate::sql) fn parse_query(text: &str) -> Result<QueryStmt> {
    match parse(text, place::START)? {
        Stmt::Query(query) => Ok(query),
        _ => Err(Error::new("syntax-unexpected").arg("found", text).arg("nearest", NONE)),
    }
}

/// The name of a field of a ROW, which may be no reserved word.
pub(in crate::sql) fn field_name(parser: &mut Parser) -> Parsed<String> {
    word::name(parser).map(|name| name.value)
}

/// Reads `('key' = 'value', ..)` that stands alone.
pub(in crate::sql) fn read_options(
    tokens: Vec<TokenWithSpan>,
) -> Option<super::statement::OptionList> {
    word::options(&mut parser(tokens)).ok()
}
