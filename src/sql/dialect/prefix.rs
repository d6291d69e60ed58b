//! What may begin an operand: CAST with Flink's types, CASE, POSITION, MAP[..], `TABLE t` as an argument,
//! JSON calls; and reserved words, which may not.

use sqlparser::ast::{
    CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, ObjectNamePart,
};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Span, Token};

use super::{LIKE_PRECEDENCE, case, json};
use crate::sql::{types, words};

/// Parses what sqlparser would misread; `None` leaves it to sqlparser.
pub fn parse(parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    if word.quote_style.is_some() {
        return None;
    }
    let next = &parser.peek_nth_token_ref(1).token;
    let unit = *next == Token::Comma && is_unit(word.keyword);
    let may_begin = unit
        || matches!(next, Token::LParen | Token::SingleQuotedString(_))
        || words::starts_expression(&word.value);
    if words::is_reserved(&word.value) && !may_begin {
        return Some(parser.expected_ref("an expression", parser.peek_token_ref()));
    }
    match (word.keyword, next) {
        (Keyword::TABLE, Token::Word(_)) => Some(table_argument(parser)),
        (Keyword::MAP | Keyword::MULTISET, Token::LBracket) => Some(collection(parser)),
        (Keyword::CAST | Keyword::TRY_CAST, Token::LParen) => Some(cast(parser)),
        (Keyword::CASE, _) => Some(case::parse(parser)),
        (Keyword::POSITION, Token::LParen) => Some(position(parser)),
        (_, Token::LParen) if json::is_function(&word.value) => Some(json::parse(parser)),
        _ => None,
    }
}

/// `POSITION(a IN b [FROM n])`: with a place to begin at it is LOCATE.
fn position(parser: &mut Parser) -> Result<Expr, ParserError> {
    let name = word(parser);
    parser.expect_token(&Token::LParen)?;
    let expr = Box::new(parser.parse_subexpr(LIKE_PRECEDENCE)?);
    parser.expect_keyword_is(Keyword::IN)?;
    let within = Box::new(parser.parse_expr()?);
    let first = match parser.parse_keyword(Keyword::FROM) {
        true => Some(parser.parse_expr()?),
        false => None,
    };
    parser.expect_token(&Token::RParen)?;
    let Some(first) = first else { return Ok(Expr::Position { expr, r#in: within }) };
    let args = [*expr, *within, first].map(|e| FunctionArg::Unnamed(FunctionArgExpr::Expr(e)));
    Ok(Expr::Function(call(Ident::with_span(name.span, "LOCATE"), args.into())))
}

/// A unit of time, which is an argument of TIMESTAMPADD and its like.
fn is_unit(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::YEAR
            | Keyword::MONTH
            | Keyword::DAY
            | Keyword::HOUR
            | Keyword::MINUTE
            | Keyword::SECOND
    )
}

/// `TUMBLE(TABLE a.b, ..)`: the name, under a prefix TABLE.
fn table_argument(parser: &mut Parser) -> Result<Expr, ParserError> {
    let prefix = word(parser);
    let mut parts = vec![parser.parse_identifier()?];
    while parser.consume_token(&Token::Period) {
        parts.push(parser.parse_identifier()?);
    }
    Ok(Expr::Prefixed { prefix, value: Box::new(Expr::CompoundIdentifier(parts)) })
}

/// `MAP[k, v, ..]` and `MULTISET[..]` as calls of functions of that name.
fn collection(parser: &mut Parser) -> Result<Expr, ParserError> {
    let name = word(parser);
    parser.expect_token(&Token::LBracket)?;
    let items = parser.parse_comma_separated0(Parser::parse_expr, Token::RBracket)?;
    parser.expect_token(&Token::RBracket)?;
    let args = items.into_iter().map(|e| FunctionArg::Unnamed(FunctionArgExpr::Expr(e))).collect();
    Ok(Expr::Function(call(name, args)))
}

/// CAST and TRY_CAST. sqlparser's types cannot hold Flink's, so the type travels as its text.
fn cast(parser: &mut Parser) -> Result<Expr, ParserError> {
    let kind =
        if parser.parse_keyword(Keyword::TRY_CAST) { CastKind::TryCast } else { CastKind::Cast };
    if kind == CastKind::Cast {
        parser.expect_keyword_is(Keyword::CAST)?;
    }
    parser.expect_token(&Token::LParen)?;
    let expr = Box::new(parser.parse_expr()?);
    parser.expect_keyword_is(Keyword::AS)?;
    let data_type = type_text(parser)?;
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Cast { kind, expr, data_type, format: None })
}

/// A type, as its text: the binder reads it again with [`types::from_text`].
pub fn type_text(parser: &mut Parser) -> Result<DataType, ParserError> {
    let start = parser.peek_token_ref().span.start;
    let unit = interval_unit(parser);
    let data_type = types::parse(parser)?;
    let end = parser.get_current_token().span.end;
    let written = unit.unwrap_or_else(|| types::to_text(&data_type));
    let text = Ident::with_span(Span::new(start, end), written);
    Ok(DataType::Custom(ObjectName(vec![ObjectNamePart::Identifier(text)]), Vec::new()))
}

/// An interval by its units: a number that is cast to it counts the only one.
fn interval_unit(parser: &Parser) -> Option<String> {
    let word = |n: usize| match &parser.peek_nth_token_ref(n).token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_uppercase()),
        _ => None,
    };
    let interval = word(0).filter(|first| first == "INTERVAL")?;
    let first = word(1)?;
    // Digits in parentheses may stand behind a unit.
    let mut at = 2;
    if parser.peek_nth_token_ref(at).token == Token::LParen {
        at += 3;
    }
    let last = word(at).filter(|to| to == "TO").and_then(|_| word(at + 1));
    let last = last.map(|unit| format!(" TO {unit}")).unwrap_or_default();
    Some(format!("{interval} {first}{last}"))
}

/// Takes the word that comes next.
pub fn word(parser: &mut Parser) -> Ident {
    let token = parser.next_token();
    let value = match token.token {
        Token::Word(word) => word.value,
        other => other.to_string(),
    };
    Ident::with_span(token.span, value)
}

/// A plain call.
pub fn call(name: Ident, args: Vec<FunctionArg>) -> Function {
    Function {
        name: ObjectName(vec![ObjectNamePart::Identifier(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        within_group: Vec::new(),
        filter: None,
        null_treatment: None,
        over: None,
    }
}
