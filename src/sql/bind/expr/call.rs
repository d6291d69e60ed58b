//! Calls by name: built-in functions, aggregates, windows, and functions that somebody created.

use sqlparser::ast::{
    Expr as Ast, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments,
};

use super::super::aggregate::GroupingCall;
use super::super::foreign::{not_yet, refuse, refuse_yet, unsupported};
use super::super::table::{last, path_of, place_of as place_of_name};
use super::over::needs_over;
use super::{Aggregates, Cx, Placeholder};
use crate::base::{Error, Result, Span};
use crate::data::{DataType, LogicalType, Value};
use crate::expr::{self, Expr};
use crate::sql::catalog::class_missing;
use crate::sql::dialect;

/// Functions whose first argument is a word: `TIMESTAMPADD(MINUTE, ..)`.
const WITH_UNIT: [&str; 2] = ["TIMESTAMPADD", "TIMESTAMPDIFF"];

/// Functions that are called by their name alone.
const WITHOUT_PARENTHESES: [&str; 5] =
    ["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP"];

/// Functions that tell grouping sets apart.
const GROUPINGS: [&str; 3] = ["GROUPING", "GROUPING_ID", "GROUP_ID"];

/// The arguments of a call, as far as the language lets them differ.
pub(super) struct Arguments<'a> {
    /// The expressions; none for `*`.
    pub exprs: Vec<&'a Ast>,
    /// Whether it is `(*)`.
    pub star: bool,
    /// DISTINCT.
    pub distinct: bool,
}

impl Cx<'_> {
    pub(super) fn function(&mut self, function: &Function) -> Result<Expr> {
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = function;
        let place = place_of_name(name);
        refuse(*uses_odbc_syntax, "{fn ..}", place)?;
        refuse(!matches!(parameters, FunctionArguments::None), "f(..)(..)", place)?;
        refuse(!within_group.is_empty(), "WITHIN GROUP", place)?;
        refuse(null_treatment.is_some(), "IGNORE NULLS", place)?;
        if let Some(definition) = self.binder.environment.catalogs.function(&path_of(name)?) {
            return Err(class_missing(&last(name), &definition.class).at(place));
        }
        let name = last(name);
        let called = !matches!(args, FunctionArguments::None);
        if called && WITHOUT_PARENTHESES.iter().any(|f| name.eq_ignore_ascii_case(f)) {
            let name = name.to_uppercase();
            let error = Error::new("function-arguments").arg("types", "").arg("usage", &name);
            return Err(error.arg("name", name).at(place));
        }
        if dialect::is_json(&name) {
            return self.json(&name.to_ascii_uppercase(), function, place);
        }
        let arguments = arguments(args, place)?;
        if self.in_pattern
            && let Some(navigated) = self.navigation(&name, &arguments, place)?
        {
            return Ok(navigated);
        }
        if let Some(window) = over {
            if filter.is_some() {
                return Err(Error::new("over-filter").arg("name", name).at(place));
            }
            return self.over(&name, &arguments, window, place);
        }
        if needs_over(&name) {
            return Err(Error::new("over-needed").arg("name", name).at(place));
        }
        if GROUPINGS.iter().any(|g| name.eq_ignore_ascii_case(g)) {
            return self.grouping(&name, &arguments, place);
        }
        if expr::aggregate::lookup(&name).is_some() {
            return self.aggregate(&name, &arguments, filter.as_deref(), place);
        }
        refuse(filter.is_some() || arguments.distinct, "FILTER, DISTINCT", place)?;
        if let Some(asked) = self.binder.window_property(function, self.scope)? {
            if !matches!(self.aggregates, Aggregates::Allowed { .. }) {
                return Err(unsupported(&name, place));
            }
            let data_type = asked.data_type();
            return Ok(self.placeholder(Placeholder::Property(asked), data_type));
        }
        if name.eq_ignore_ascii_case("CURRENT_DATABASE") && arguments.exprs.is_empty() {
            return Ok(self.current_database());
        }
        let bound = self.arguments(&name, &arguments)?;
        self.call(&name, bound, place)
    }

    fn current_database(&self) -> Expr {
        let database = Value::from(self.binder.environment.catalogs.current().1);
        Expr::literal(database, DataType::not_null(LogicalType::STRING))
    }

    /// GROUPING, GROUPING_ID, GROUP_ID.
    fn grouping(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        place: Option<Span>,
    ) -> Result<Expr> {
        if !matches!(self.aggregates, Aggregates::Allowed { .. }) {
            let error = Error::new("aggregate-misplaced").arg("name", name);
            return Err(error.arg("clause", self.clause).at(place));
        }
        let bound = self.all(&arguments.exprs)?;
        let data_type = DataType::not_null(LogicalType::BigInt);
        let call = GroupingCall { arguments: bound, place };
        Ok(self.placeholder(Placeholder::Grouping(call), data_type))
    }

    fn arguments(&mut self, name: &str, arguments: &Arguments<'_>) -> Result<Vec<Expr>> {
        let takes_unit = WITH_UNIT.iter().any(|f| name.eq_ignore_ascii_case(f));
        match arguments.exprs.as_slice() {
            [Ast::Identifier(unit), rest @ ..] if takes_unit => {
                let unit = unit.value.to_uppercase();
                let mut all = vec![Expr::constant(Value::from(unit.as_str()))];
                all.extend(self.all(rest)?);
                Ok(all)
            }
            exprs => self.all(exprs),
        }
    }
}

fn arguments(args: &FunctionArguments, place: Option<Span>) -> Result<Arguments<'_>> {
    let list = match args {
        FunctionArguments::None => {
            return Ok(Arguments { exprs: Vec::new(), star: false, distinct: false });
        }
        FunctionArguments::Subquery(_) => return Err(unsupported("f(SELECT ..)", place)),
        FunctionArguments::List(list) => list,
    };
    let FunctionArgumentList { duplicate_treatment, args, clauses } = list;
    refuse_yet(!clauses.is_empty(), "f(.. RETURNING)", place)?;
    let distinct =
        matches!(duplicate_treatment, Some(sqlparser::ast::DuplicateTreatment::Distinct));
    let mut exprs = Vec::with_capacity(args.len());
    let mut star = false;
    for argument in args {
        match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => exprs.push(expr),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) if args.len() == 1 => star = true,
            other => return Err(not_yet(&other.to_string(), place)),
        }
    }
    refuse(star && distinct, "(DISTINCT *)", place)?;
    Ok(Arguments { exprs, star, distinct })
}
