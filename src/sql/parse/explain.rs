//! EXPLAIN of a query, an INSERT or a statement set.

use super::insert;
use super::word::{at_word, take_word, take_words};
use super::{Parsed, Reader};
use crate::sql::statement::{ExplainDetail, ExplainStmt, ExplainTarget, Stmt};

const DETAILS: &[(&str, ExplainDetail)] = &[
    ("ESTIMATED_COST", ExplainDetail::EstimatedCost),
    ("CHANGELOG_MODE", ExplainDetail::ChangelogMode),
    ("JSON_EXECUTION_PLAN", ExplainDetail::JsonExecutionPlan),
    ("PLAN_ADVICE", ExplainDetail::PlanAdvice),
];

pub(super) fn explain(reader: &mut Reader) -> Parsed<Stmt> {
    let parser = &mut reader.parser;
    let mut details = Vec::new();
    if !take_words(parser, &["PLAN", "FOR"]) {
        while let Some((_, detail)) = DETAILS.iter().find(|(word, _)| take_word(parser, word)) {
            details.push(*detail);
            let _ = parser.consume_token(&sqlparser::tokenizer::Token::Comma);
        }
    }
    let target = if take_words(parser, &["STATEMENT", "SET"]) {
        ExplainTarget::Inserts(insert::block(reader)?)
    } else if at_word(parser, "INSERT") {
        parser.advance_token();
        ExplainTarget::Inserts(vec![insert::insert_into(reader)?])
    } else {
        ExplainTarget::Query(reader.query()?)
    };
    Ok(Stmt::Explain(ExplainStmt { details, target }))
}
