//! CASE, whose WHEN may name several values: `CASE x WHEN 1, 2 THEN ..`.

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{CaseWhen, Expr};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// Parses CASE. Each of several values has a branch of its own in the tree, with the same result.
pub fn parse(parser: &mut Parser) -> Result<Expr, ParserError> {
    parser.expect_keyword_is(Keyword::CASE)?;
    let case_token = AttachedToken(parser.get_current_token().clone());
    let operand = match parser.peek_keyword(Keyword::WHEN) {
        true => None,
        false => Some(Box::new(parser.parse_expr()?)),
    };
    let mut conditions = Vec::new();
    parser.expect_keyword_is(Keyword::WHEN)?;
    loop {
        let mut values = vec![parser.parse_expr()?];
        while operand.is_some() && parser.consume_token(&Token::Comma) {
            values.push(parser.parse_expr()?);
        }
        parser.expect_keyword_is(Keyword::THEN)?;
        let result = parser.parse_expr()?;
        let branch = |condition| CaseWhen { condition, result: result.clone() };
        conditions.extend(values.into_iter().map(branch));
        if !parser.parse_keyword(Keyword::WHEN) {
            break;
        }
    }
    let else_result = match parser.parse_keyword(Keyword::ELSE) {
        true => Some(Box::new(parser.parse_expr()?)),
        false => None,
    };
    let end_token = AttachedToken(parser.expect_keyword(Keyword::END)?);
    Ok(Expr::Case { case_token, end_token, operand, conditions, else_result })
}
