//! The JSON functions, whose arguments have clauses of their own.
//!
//! RETURNING keeps its place in the tree. `.. ON EMPTY|ERROR`, wrappers and `ON NULL` become named
//! arguments (`ON EMPTY`, `ON ERROR`, `WRAPPER`, `ON NULL`), `KEY k VALUE v` a named pair.

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArgOperator, FunctionArgumentClause,
    FunctionArguments, Ident, JsonReturningClause, WindowType,
};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::prefix::{call, type_text, word};

const FUNCTIONS: &[&str] = &[
    "JSON_VALUE",
    "JSON_QUERY",
    "JSON_EXISTS",
    "JSON_OBJECT",
    "JSON_ARRAY",
    "JSON_OBJECTAGG",
    "JSON_ARRAYAGG",
];

/// Whether a word names one of them.
pub fn is_function(name: &str) -> bool {
    FUNCTIONS.iter().any(|f| name.eq_ignore_ascii_case(f))
}

/// Parses a call from its name on.
pub fn parse(parser: &mut Parser) -> Result<Expr, ParserError> {
    let mut function = call(word(parser), Vec::new());
    parser.expect_token(&Token::LParen)?;
    let mut args = Vec::new();
    let mut clauses = Vec::new();
    while parser.peek_token_ref().token != Token::RParen {
        if parser.parse_keyword(Keyword::RETURNING) {
            let data_type = type_text(parser)?;
            clauses.push(FunctionArgumentClause::JsonReturningClause(JsonReturningClause {
                data_type,
            }));
        } else if let Some(behaviour) = behaviour(parser)? {
            args.push(behaviour);
        } else {
            args.push(argument(parser)?);
            let _ = parser.consume_token(&Token::Comma);
        }
    }
    parser.expect_token(&Token::RParen)?;
    if let FunctionArguments::List(list) = &mut function.args {
        list.args = args;
        list.clauses = clauses;
    }
    function.filter = filter(parser)?;
    function.over = over(parser)?;
    Ok(Expr::Function(function))
}

fn argument(parser: &mut Parser) -> Result<FunctionArg, ParserError> {
    let keyed = parser.parse_keyword(Keyword::KEY);
    let name = parser.parse_expr()?;
    if !parser.parse_keyword(Keyword::VALUE) && !parser.consume_token(&Token::Colon) {
        return match keyed {
            true => parser.expected_ref("VALUE", parser.peek_token_ref()),
            false => Ok(FunctionArg::Unnamed(FunctionArgExpr::Expr(name))),
        };
    }
    let arg = FunctionArgExpr::Expr(parser.parse_expr()?);
    Ok(FunctionArg::ExprNamed { name, arg, operator: FunctionArgOperator::Value })
}

/// `NULL|ERROR|DEFAULT e|TRUE|.. ON EMPTY|ERROR|NULL`, `[WITH|WITHOUT .. ARRAY] WRAPPER`.
fn behaviour(parser: &mut Parser) -> Result<Option<FunctionArg>, ParserError> {
    let start = parser.peek_token_ref().span;
    if parser.peek_keyword(Keyword::WITH) || parser.peek_keyword(Keyword::WITHOUT) {
        let mut text = String::new();
        loop {
            let next = word(parser);
            text.push_str(&next.value.to_ascii_uppercase());
            if next.value.eq_ignore_ascii_case("WRAPPER") {
                break;
            }
            if next.value == Token::EOF.to_string() {
                return parser.expected_ref("WRAPPER", parser.peek_token_ref());
            }
            text.push(' ');
        }
        return Ok(Some(named(Ident::with_span(start, "WRAPPER"), keyword_value(text))));
    }
    if parser.parse_keyword(Keyword::DEFAULT) {
        let value = parser.parse_expr()?;
        return Ok(Some(named(on_what(parser)?, value)));
    }
    let words = ["NULL", "ABSENT", "ERROR", "TRUE", "FALSE", "UNKNOWN", "EMPTY"];
    let Token::Word(first) = &parser.peek_token_ref().token else { return Ok(None) };
    if !words.iter().any(|w| first.value.eq_ignore_ascii_case(w)) {
        return Ok(None);
    }
    let mut text = first.value.to_ascii_uppercase();
    let mut length = 1;
    if text == "EMPTY" {
        let Token::Word(second) = &parser.peek_nth_token_ref(1).token else { return Ok(None) };
        text = format!("EMPTY {}", second.value.to_ascii_uppercase());
        length = 2;
    }
    let on = matches!(&parser.peek_nth_token_ref(length).token,
        Token::Word(word) if word.keyword == Keyword::ON);
    if !on {
        return Ok(None);
    }
    for _ in 0..length {
        parser.advance_token();
    }
    Ok(Some(named(on_what(parser)?, keyword_value(text))))
}

fn on_what(parser: &mut Parser) -> Result<Ident, ParserError> {
    let start = parser.peek_token_ref().span;
    parser.expect_keyword_is(Keyword::ON)?;
    let what = word(parser);
    Ok(Ident::with_span(start.union(&what.span), format!("ON {}", what.value.to_uppercase())))
}

fn keyword_value(text: String) -> Expr {
    Expr::Identifier(Ident::new(text))
}

fn named(name: Ident, value: Expr) -> FunctionArg {
    FunctionArg::Named {
        name,
        arg: FunctionArgExpr::Expr(value),
        operator: FunctionArgOperator::RightArrow,
    }
}

fn filter(parser: &mut Parser) -> Result<Option<Box<Expr>>, ParserError> {
    if !parser.parse_keyword(Keyword::FILTER) {
        return Ok(None);
    }
    parser.expect_token(&Token::LParen)?;
    parser.expect_keyword_is(Keyword::WHERE)?;
    let filter = parser.parse_expr()?;
    parser.expect_token(&Token::RParen)?;
    Ok(Some(Box::new(filter)))
}

fn over(parser: &mut Parser) -> Result<Option<WindowType>, ParserError> {
    if !parser.parse_keyword(Keyword::OVER) {
        return Ok(None);
    }
    if parser.consume_token(&Token::LParen) {
        return Ok(Some(WindowType::WindowSpec(parser.parse_window_spec()?)));
    }
    Ok(Some(WindowType::NamedWindow(parser.parse_identifier()?)))
}
