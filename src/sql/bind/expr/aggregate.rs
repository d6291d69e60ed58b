//! Aggregate calls: collected while the SELECT list is bound, and put below it afterwards.

use sqlparser::ast::{Expr as Ast, Function};

use super::super::foreign::{refuse_yet, unsupported};
use super::call::Arguments;
use super::json::JsonCall;
use super::{Aggregates, Cx, Placeholder, without_rowtime};
use crate::base::{Error, Result, RuntimeMode, Span};
use crate::data::DataType;
use crate::expr::{Expr, aggregate, call};

impl Cx<'_> {
    /// # Errors
    /// `aggregate-misplaced` (in WHERE, GROUP BY..), `aggregate-nested`, `function-arguments`.
    pub(super) fn aggregate(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        filter: Option<&Ast>,
        place: Option<Span>,
    ) -> Result<Expr> {
        let global = match self.aggregates {
            Aggregates::Allowed { global } => global,
            Aggregates::Inside => {
                return Err(Error::new("aggregate-nested").arg("name", name).at(place));
            }
            Aggregates::Never => {
                let error = Error::new("aggregate-misplaced").arg("name", name);
                return Err(error.arg("clause", self.clause).at(place));
            }
        };
        if arguments.star != arguments.exprs.is_empty() || (arguments.star && !is_count(name)) {
            let error = Error::new("function-arguments").arg("name", name.to_uppercase());
            let usage = aggregate::lookup(name).map_or("", |f| f.usage);
            return Err(error.arg("types", "").arg("usage", usage).at(place));
        }
        if self.in_pattern && arguments.distinct {
            return Err(unsupported("DISTINCT", place));
        }
        let mut inside = Cx::new(self.binder, self.scope, self.clause, Aggregates::Inside);
        let mut bound = inside.all(&arguments.exprs)?;
        for argument in &bound {
            super::null::check_value(argument).map_err(|error| error.at(place))?;
        }
        if is_count(name) && !arguments.distinct {
            // What is never NULL need not be looked at; of what may be, Flink counts one column alone.
            let nullable = bound.iter().filter(|argument| argument.data_type.nullable).count();
            if nullable > 1 {
                return Err(unsupported("COUNT(a, b)", place));
            }
            bound.retain(|argument| nullable == 0 || argument.data_type.nullable);
        }
        if name.starts_with("JSON_")
            && let Some(value) = bound.pop()
        {
            bound.push(match super::json::is_json(&value) {
                true => value,
                false => inside.call("JSON_STRING", vec![value], place)?,
            });
        }
        let filter = filter.map(|f| inside.condition(f, "FILTER").and_then(is_true)).transpose()?;
        if name.eq_ignore_ascii_case("APPROX_COUNT_DISTINCT")
            && self.binder.mode == RuntimeMode::Streaming
        {
            return Err(Error::new("only-in-batch").arg("name", name.to_uppercase()).at(place));
        }
        let call = aggregate::aggregate(name, bound, arguments.distinct, filter, global);
        let mut call = call.map_err(|error| error.at(place))?;
        call.data_type.logical = without_rowtime(call.data_type.logical);
        call.place = self.binder.place(place);
        let data_type = call.data_type.clone();
        let known = self.placeholders.iter().position(|p| match p {
            Placeholder::Call(other) => *other == call,
            _ => false,
        });
        match known {
            Some(index) => Ok(Expr::column(self.scope.len() + index, data_type)),
            None => Ok(self.placeholder(Placeholder::Call(call), data_type)),
        }
    }

    /// JSON_OBJECTAGG and JSON_ARRAYAGG; what ON NULL says is in the name of the function.
    pub(super) fn json_aggregate(
        &mut self,
        name: &str,
        function: &Function,
        place: Option<Span>,
    ) -> Result<Expr> {
        let Function { filter, over, .. } = function;
        refuse_yet(over.is_some(), "OVER", place)?;
        let call = JsonCall::of(function, place)?;
        let default = if name == "JSON_OBJECTAGG" { "NULL" } else { "ABSENT" };
        let name = format!("{name}_{}_ON_NULL", call.word("ON NULL", default));
        let arguments = Arguments { exprs: call.arguments, star: false, distinct: false };
        self.aggregate(&name, &arguments, filter.as_deref(), place)
    }

    /// A column behind those of the input.
    pub(super) fn placeholder(&mut self, placeholder: Placeholder, data_type: DataType) -> Expr {
        self.placeholders.push(placeholder);
        Expr::column(self.scope.len() + self.placeholders.len() - 1, data_type)
    }
}

fn is_count(name: &str) -> bool {
    name.eq_ignore_ascii_case("COUNT")
}

/// A condition that may be NULL counts rows for which it is true.
fn is_true(condition: Expr) -> Result<Expr> {
    match condition.data_type.nullable {
        true => call("IS TRUE", vec![condition]),
        false => Ok(condition),
    }
}
