//! What may follow an operand: an interval unit after a parenthesis, BETWEEN SYMMETRIC, a comparison with
//! ANY or ALL of a list.

use sqlparser::ast::{BinaryOperator, DateTimeField, Expr, Ident, Interval};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::LIKE_PRECEDENCE;

/// Binds tighter than any operator.
const UNIT_PRECEDENCE: u8 = 45;

/// The marks of a BETWEEN that the syntax tree has no place for, as prefixes of its low bound.
pub const SYMMETRIC: &str = "SYMMETRIC";

/// `(a - b) DAY`: the unit binds to the parenthesis before it.
pub fn next_precedence(parser: &Parser) -> Option<Result<u8, ParserError>> {
    let after_parenthesis = parser.get_current_token().token == Token::RParen;
    (after_parenthesis && unit(parser).is_some()).then_some(Ok(UNIT_PRECEDENCE))
}

/// Parses what the tree of sqlparser has no operator for.
pub fn parse(parser: &mut Parser, expr: &Expr) -> Option<Result<Expr, ParserError>> {
    if matches!(expr, Expr::Nested(_)) && unit(parser).is_some() {
        return Some(interval(parser, expr));
    }
    if let Some(compare_op) = quantified(parser) {
        return Some(of_list(parser, expr, compare_op));
    }
    symmetric(parser).map(|negated| between(parser, expr, negated))
}

/// The operator of a comparison with ANY, SOME or ALL of a list of values, or of VALUES, if it comes next.
fn quantified(parser: &Parser) -> Option<BinaryOperator> {
    let operator = match &parser.peek_token_ref().token {
        Token::Eq => BinaryOperator::Eq,
        Token::Neq => BinaryOperator::NotEq,
        Token::Lt => BinaryOperator::Lt,
        Token::LtEq => BinaryOperator::LtEq,
        Token::Gt => BinaryOperator::Gt,
        Token::GtEq => BinaryOperator::GtEq,
        _ => return None,
    };
    let opens = parser.peek_nth_token_ref(2).token == Token::LParen;
    let of_query = [Keyword::SELECT, Keyword::WITH].contains(&keyword(parser, 3));
    let all = [Keyword::ANY, Keyword::SOME, Keyword::ALL].contains(&keyword(parser, 1));
    (all && opens && !of_query).then_some(operator)
}

fn of_list(
    parser: &mut Parser,
    expr: &Expr,
    compare_op: BinaryOperator,
) -> Result<Expr, ParserError> {
    parser.advance_token();
    let quantifier = parser.expect_one_of_keywords(&[Keyword::ANY, Keyword::SOME, Keyword::ALL])?;
    parser.expect_token(&Token::LParen)?;
    let values = match keyword(parser, 0) {
        Keyword::VALUES => Expr::Subquery(parser.parse_query()?),
        _ => Expr::Tuple(parser.parse_comma_separated(Parser::parse_expr)?),
    };
    parser.expect_token(&Token::RParen)?;
    let (left, right) = (Box::new(expr.clone()), Box::new(values));
    Ok(match quantifier {
        Keyword::ALL => Expr::AllOp { left, compare_op, right },
        quantifier => Expr::AnyOp { left, compare_op, right, is_some: quantifier == Keyword::SOME },
    })
}

fn keyword(parser: &Parser, ahead: usize) -> Keyword {
    match &parser.peek_nth_token_ref(ahead).token {
        Token::Word(word) => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

fn unit(parser: &Parser) -> Option<DateTimeField> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    match word.keyword {
        Keyword::YEAR => Some(DateTimeField::Year),
        Keyword::MONTH => Some(DateTimeField::Month),
        Keyword::DAY => Some(DateTimeField::Day),
        Keyword::HOUR => Some(DateTimeField::Hour),
        Keyword::MINUTE => Some(DateTimeField::Minute),
        Keyword::SECOND => Some(DateTimeField::Second),
        _ => None,
    }
}

fn interval(parser: &mut Parser, expr: &Expr) -> Result<Expr, ParserError> {
    let leading_field = unit(parser);
    parser.advance_token();
    let mut last_field = None;
    if parser.parse_keyword(Keyword::TO) {
        last_field = unit(parser);
        parser.advance_token();
    }
    Ok(Expr::Interval(Interval {
        value: Box::new(expr.clone()),
        leading_field,
        leading_precision: None,
        last_field,
        fractional_seconds_precision: None,
    }))
}

/// Whether `[NOT] BETWEEN SYMMETRIC` comes next, and if so whether it is negated.
fn symmetric(parser: &Parser) -> Option<bool> {
    let negated = keyword(parser, 0) == Keyword::NOT;
    let first = usize::from(negated);
    let found = keyword(parser, first) == Keyword::BETWEEN
        && keyword(parser, first + 1) == Keyword::SYMMETRIC;
    found.then_some(negated)
}

fn between(parser: &mut Parser, expr: &Expr, negated: bool) -> Result<Expr, ParserError> {
    for _ in 0..2 + usize::from(negated) {
        parser.advance_token();
    }
    let mark = Ident::with_span(parser.get_current_token().span, SYMMETRIC);
    let low = parser.parse_subexpr(LIKE_PRECEDENCE)?;
    parser.expect_keyword_is(Keyword::AND)?;
    let high = parser.parse_subexpr(LIKE_PRECEDENCE)?;
    Ok(Expr::Between {
        expr: Box::new(expr.clone()),
        negated,
        low: Box::new(Expr::Prefixed { prefix: mark, value: Box::new(low) }),
        high: Box::new(high),
    })
}
