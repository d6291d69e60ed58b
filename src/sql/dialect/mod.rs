//! Flink's dialect for sqlparser: its flags, and hooks for what no flag gives.
//!
//! Only expressions and queries go through it; other statements have a parser of their own
//! ([`mod@super::parse`]). Many things that Flink lacks still get through here; the binder refuses them.

mod case;
mod infix;
mod json;
mod prefix;

use std::any::TypeId;

use sqlparser::ast::Expr;
use sqlparser::dialect::{Dialect, GenericDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::words;

/// Whether a name is that of a JSON function, whose arguments have clauses of their own.
pub fn is_json(name: &str) -> bool {
    json::is_function(name)
}

/// The dialect.
#[derive(Debug)]
pub struct Flink;

/// LIKE, IN and BETWEEN bind tighter than `=` in Calcite.
const LIKE_PRECEDENCE: u8 = 21;

impl Dialect for Flink {
    /// Some of sqlparser (UNNEST among it) asks for the generic dialect by its type.
    fn dialect(&self) -> TypeId {
        TypeId::of::<GenericDialect>()
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_' || ch == '$'
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '`'
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_match_recognize(&self) -> bool {
        true
    }

    fn supports_left_associative_joins_without_parens(&self) -> bool {
        true
    }

    fn supports_table_versioning(&self) -> bool {
        true
    }

    fn supports_parens_around_table_factor(&self) -> bool {
        true
    }

    fn supports_unicode_string_literal(&self) -> bool {
        true
    }

    fn supports_comment_optimizer_hint(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
    }

    fn supports_named_fn_args_with_rarrow_operator(&self) -> bool {
        true
    }

    /// Without it `INTERVAL '1' DIA` is an interval with an alias.
    fn require_interval_qualifier(&self) -> bool {
        true
    }

    fn supports_string_literal_concatenation_with_newline(&self) -> bool {
        true
    }

    fn supports_string_literal_column_alias(&self, _explicit: bool) -> bool {
        false
    }

    fn supports_string_literal_table_alias(&self, _explicit: bool) -> bool {
        false
    }

    /// Otherwise a bad CASE is tried again as a column called `case`, which hides the real error.
    fn is_reserved_for_identifier(&self, kw: Keyword) -> bool {
        matches!(
            kw,
            Keyword::CASE
                | Keyword::CAST
                | Keyword::TRY_CAST
                | Keyword::EXTRACT
                | Keyword::INTERVAL
                | Keyword::NOT
                | Keyword::EXISTS
                | Keyword::TRIM
                | Keyword::SUBSTRING
                | Keyword::POSITION
                | Keyword::OVERLAY
        )
    }

    fn is_select_item_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        !current_is_reserved(parser) && (explicit || self.is_column_alias(kw, parser))
    }

    fn is_table_factor(&self, kw: &Keyword, parser: &mut Parser) -> bool {
        let starts = matches!(kw, Keyword::UNNEST | Keyword::LATERAL | Keyword::TABLE);
        starts || !current_is_reserved(parser)
    }

    fn is_table_factor_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        !current_is_reserved(parser) && (explicit || self.is_table_alias(kw, parser))
    }

    fn prec_value(&self, prec: Precedence) -> u8 {
        match prec {
            Precedence::Like | Precedence::Between => LIKE_PRECEDENCE,
            other => GenericDialect.prec_value(other),
        }
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        prefix::parse(parser)
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        _precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        infix::parse(parser, expr)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        infix::next_precedence(parser)
    }
}

fn current_is_reserved(parser: &Parser) -> bool {
    matches!(&parser.get_current_token().token,
        Token::Word(word) if word.quote_style.is_none() && words::is_reserved(&word.value))
}
