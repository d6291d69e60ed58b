//! The JSON functions: their clauses become constant arguments.

use sqlparser::ast::{
    Expr as Ast, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator,
    FunctionArgumentClause, FunctionArguments,
};

use super::super::foreign::unsupported;
use super::{Cx, place_of, written_type};
use crate::base::{Error, Result, Span};
use crate::data::{LogicalType, Value};
use crate::expr::Expr;

/// The words that a clause may have instead of a value.
const BEHAVIOURS: [&str; 8] =
    ["NULL", "ERROR", "EMPTY ARRAY", "EMPTY OBJECT", "TRUE", "FALSE", "UNKNOWN", "ABSENT"];

/// A call of a JSON function, taken apart.
#[derive(Default)]
pub(super) struct JsonCall<'a> {
    /// The arguments; a name and its value are two.
    pub arguments: Vec<&'a Ast>,
    clauses: Vec<(&'a str, &'a Ast)>,
    returning: Option<LogicalType>,
}

/// What a clause says: a word, or DEFAULT with a value.
enum Behaviour<'a> {
    Word(&'a str),
    Default(&'a Ast),
}

impl<'a> JsonCall<'a> {
    /// # Errors
    /// `unsupported-syntax` for a clause that no JSON function has.
    pub fn of(function: &'a Function, place: Option<Span>) -> Result<Self> {
        let FunctionArguments::List(list) = &function.args else { return Ok(Self::default()) };
        let mut call = Self::default();
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => call.arguments.push(expr),
                FunctionArg::Named { name, arg: FunctionArgExpr::Expr(expr), .. } => {
                    call.clauses.push((&name.value, expr));
                }
                FunctionArg::ExprNamed {
                    name,
                    arg: FunctionArgExpr::Expr(value),
                    operator: FunctionArgOperator::Value,
                } => call.arguments.extend([name, value]),
                other => return Err(unsupported(&other.to_string(), place)),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::JsonReturningClause(returning) => {
                    call.returning = Some(written_type(&returning.data_type)?.0.logical);
                }
                other => return Err(unsupported(&other.to_string(), place)),
            }
        }
        Ok(call)
    }

    fn clause(&self, name: &str) -> Option<Behaviour<'a>> {
        let (_, value) = self.clauses.iter().rev().find(|(clause, _)| *clause == name)?;
        Some(match value {
            Ast::Identifier(word) if BEHAVIOURS.contains(&word.value.as_str()) => {
                Behaviour::Word(&word.value)
            }
            Ast::Identifier(word) if name == "WRAPPER" => Behaviour::Word(&word.value),
            value => Behaviour::Default(value),
        })
    }

    /// The word of a clause.
    pub fn word(&self, name: &str, default: &'a str) -> &'a str {
        match self.clause(name) {
            Some(Behaviour::Word(word)) => word,
            Some(Behaviour::Default(_)) => "DEFAULT",
            None => default,
        }
    }
}

fn constant(word: &str) -> Expr {
    Expr::constant(Value::from(word))
}

impl Cx<'_> {
    /// A call of a JSON function.
    pub(super) fn json(
        &mut self,
        name: &str,
        function: &Function,
        place: Option<Span>,
    ) -> Result<Expr> {
        if name.ends_with("AGG") {
            return self.json_aggregate(name, function, place);
        }
        let call = JsonCall::of(function, place)?;
        let null = call.arguments.iter().find(|argument| is_null(argument));
        if let Some(null) = null {
            return Err(Error::new("null-untyped").at(place_of(null).or(place)));
        }
        let mut bound = self.all(&call.arguments)?;
        match name {
            "JSON_OBJECT" | "JSON_ARRAY" => {
                let default = if name == "JSON_OBJECT" { "NULL" } else { "ABSENT" };
                let marks: String =
                    bound.iter().map(|e| if is_json(e) { 'j' } else { '-' }).collect();
                let options = [constant(call.word("ON NULL", default)), constant(&marks)];
                bound.splice(0..0, options);
            }
            "JSON_EXISTS" => bound.push(constant(call.word("ON ERROR", "FALSE"))),
            "JSON_QUERY" => {
                bound.push(constant(wrapper(call.word("WRAPPER", "WITHOUT WRAPPER"))));
                bound.push(constant(call.word("ON EMPTY", "NULL")));
                bound.push(constant(call.word("ON ERROR", "NULL")));
            }
            _ => {
                for clause in ["ON EMPTY", "ON ERROR"] {
                    bound.push(constant(call.word(clause, "NULL")));
                    bound.push(match call.clause(clause) {
                        Some(Behaviour::Default(value)) => self.expr(value)?,
                        _ => Expr::null(LogicalType::Null),
                    });
                }
                bound.push(Expr::null(call.returning.unwrap_or(LogicalType::STRING)));
            }
        }
        crate::expr::call(name, bound).map_err(|error| error.at(place))
    }
}

/// Whether it makes JSON, which stands in other JSON as it is.
pub(super) fn is_json(expr: &Expr) -> bool {
    expr.is_call("JSON_OBJECT") || expr.is_call("JSON_ARRAY")
}

fn is_null(ast: &Ast) -> bool {
    matches!(ast, Ast::Value(value) if value.value == sqlparser::ast::Value::Null)
}

/// `WITH [UNCONDITIONAL] [ARRAY] WRAPPER` and its like by one word.
fn wrapper(written: &str) -> &'static str {
    match written {
        w if w.starts_with("WITHOUT") => "WITHOUT",
        w if w.contains(" CONDITIONAL") => "CONDITIONAL",
        _ => "UNCONDITIONAL",
    }
}
