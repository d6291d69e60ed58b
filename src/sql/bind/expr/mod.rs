//! Scalar expressions: one function a kind of expression; chains are walked by loops.

mod aggregate;
mod call;
mod context;
mod interval;
mod json;
mod literal;
mod navigation;
mod null;
mod operator;
mod over;
mod special;

use sqlparser::ast::{
    BinaryOperator, CastKind, DataType as AstType, DateTimeField, Expr as Ast, Ident, Interval,
    ObjectNamePart, Spanned,
};

use self::context::Aggregates;
pub(super) use self::context::{Cx, Placeholder};
pub(in crate::sql::bind) use over::{Function as OverFunction, OverPlaceholder, Ranking};

pub(in crate::sql::bind) use null::check_value;

use super::Binder;
use super::foreign::{not_yet, unsupported};
use super::scope::{self, Scope};
use super::subquery::Joined;
use crate::base::{Error, Result, Span};
use crate::data::{DataType, LogicalType, TimeAttribute, Value};
use crate::expr::types::is_integer;
use crate::expr::{self, Expr};
use crate::sql::bound::{LEVEL, OUTER};
use crate::sql::names::{NONE, nearest};
use crate::sql::{builtins, place, types};

impl<'b> Binder<'b> {
    /// An expression that does not aggregate.
    pub(super) fn scalar(&self, ast: &Ast, scope: &Scope, clause: &'static str) -> Result<Expr> {
        let mut cx = Cx::new(self, scope, clause, Aggregates::Never);
        let expr = cx.expr(ast)?;
        cx.without_subqueries(expr, ast)
    }

    /// A condition that does not aggregate, and the subqueries that it reads.
    pub(super) fn condition_joined(
        &self,
        ast: &Ast,
        scope: &Scope,
        clause: &'static str,
    ) -> Result<(Expr, Vec<Joined>)> {
        let mut cx = Cx::new(self, scope, clause, Aggregates::Never);
        let condition = cx.condition(ast, clause)?;
        Ok((condition, cx.subqueries))
    }

    /// A condition that does not aggregate.
    pub(super) fn condition(&self, ast: &Ast, scope: &Scope, clause: &'static str) -> Result<Expr> {
        let mut cx = Cx::new(self, scope, clause, Aggregates::Never);
        let condition = cx.condition(ast, clause)?;
        cx.without_subqueries(condition, ast)
    }
}

impl Cx<'_> {
    /// The expression, where nothing can be joined.
    fn without_subqueries(&self, expr: Expr, ast: &Ast) -> Result<Expr> {
        match self.subqueries.is_empty() {
            true => Ok(expr),
            false => Err(not_yet("(SELECT ..)", place_of(ast))),
        }
    }

    /// A BOOLEAN.
    ///
    /// # Errors
    /// `condition-type` with the clause.
    pub(super) fn condition(&mut self, ast: &Ast, clause: &'static str) -> Result<Expr> {
        let expr = self.expr(ast)?;
        match expr.data_type.logical {
            LogicalType::Boolean => Ok(expr),
            LogicalType::Null => expr.coerce(LogicalType::Boolean),
            ref other => {
                let error = Error::new("condition-type").arg("clause", clause).arg("type", other);
                Err(error.at(place_of(ast)))
            }
        }
    }

    /// Any expression.
    pub(super) fn expr(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::Identifier(ident) => self.column(ident),
            Ast::CompoundIdentifier(parts) => self.qualified(parts),
            Ast::Nested(inner) => self.expr(inner),
            Ast::Value(value) => literal::value(value),
            Ast::TypedString(typed) => literal::typed(typed),
            Ast::Prefixed { prefix, value } if literal::is_charset(prefix) => self.expr(value),
            Ast::Interval(interval) => self.interval(interval),
            Ast::BinaryOp { .. } => self.binary(ast),
            Ast::UnaryOp { op, expr } => self.unary(*op, expr, ast),
            Ast::Cast { kind, expr, data_type, format } => {
                super::foreign::refuse(format.is_some(), "FORMAT", place_of(expr))?;
                self.cast(kind, expr, data_type)
            }
            Ast::Function(function) => self.function(function),
            Ast::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            _ => self.predicate(ast),
        }
    }

    fn interval(&mut self, interval: &Interval) -> Result<Expr> {
        let Some((later, earlier, months)) = difference(interval) else {
            let Some(unit) = interval::unit_counted(interval) else {
                return interval::interval(interval);
            };
            let (count, place) = (self.expr(&interval.value)?, place_of(&interval.value));
            return match is_integer(&count.data_type.logical) {
                true => self.call("*", vec![count, unit], place),
                false => Err(unsupported("INTERVAL (..)", place)),
            };
        };
        let name = if months { "MONTHS MINUS" } else { "DATETIME_MINUS" };
        let operands = self.all(&[later, earlier])?;
        self.call(name, operands, place_of(later))
    }

    fn column(&mut self, ident: &Ident) -> Result<Expr> {
        if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("UNKNOWN") {
            return Ok(Expr::null(LogicalType::Boolean));
        }
        if let Some((_, expr)) = self.aliases.iter().find(|(name, _)| *name == ident.value) {
            return Ok(expr.clone());
        }
        let column = match self.scope.resolve(ident) {
            Ok(column) => column,
            Err(error) => {
                let outer = self.outer(&error, |scope| scope.resolve(ident));
                let constant = || self.constant_function(ident).unwrap_or(Err(error));
                return outer.map_or_else(constant, Ok);
            }
        };
        let place = scope::span(ident);
        let table = self.scope.column(column).and_then(|c| c.table.clone());
        if let (Some(span), Some(table)) = (place, table) {
            self.binder.qualifiers.borrow_mut().push((span, table));
        }
        Ok(self.input(column, place))
    }

    /// CURRENT_DATE and its like are called without parentheses, and PI can be.
    fn constant_function(&self, ident: &Ident) -> Option<Result<Expr>> {
        let constant = ident.quote_style.is_none()
            && (crate::sql::words::is_reserved(&ident.value)
                || ident.value.eq_ignore_ascii_case("PI"))
            && expr::lookup(&ident.value).is_some();
        constant.then(|| {
            expr::call(&ident.value, Vec::new()).map_err(|error| error.at(scope::span(ident)))
        })
    }

    /// `table.column`, and behind it fields of a row: `table.column.field`, or `column.field`.
    fn qualified(&mut self, parts: &[Ident]) -> Result<Expr> {
        let Some((name, table)) = parts.split_last() else {
            return Err(Error::new("unknown-column").arg("name", "").arg("nearest", NONE));
        };
        let place = parts.iter().filter_map(scope::span).reduce(Span::union);
        let refused = match self.scope.resolve_in(table, name) {
            Ok(column) => return Ok(self.input(column, place)),
            Err(error) => error,
        };
        if let Some(column) = self.outer(&refused, |scope| scope.resolve_in(table, name)) {
            return Ok(column);
        }
        for known in (1..parts.len()).rev() {
            let (column, fields) = parts.split_at(known);
            let found = match column {
                [column] => self.scope.resolve(column),
                [table @ .., column] => self.scope.resolve_in(table, column),
                [] => continue,
            };
            if let Ok(column) = found {
                let column = self.input(column, place);
                return fields.iter().try_fold(column, |row, field| self.field(row, field));
            }
        }
        Err(refused)
    }

    /// A field of a row, by its name.
    ///
    /// # Errors
    /// `unknown-column` with the nearest field.
    pub(in crate::sql::bind) fn field(&self, row: Expr, name: &Ident) -> Result<Expr> {
        let fields = match &row.data_type.logical {
            LogicalType::Row(schema) => schema.fields(),
            _ => &[],
        };
        match fields.iter().position(|field| field.name == name.value) {
            Some(index) => {
                let index = Expr::constant(Value::Int(index as i32));
                self.call(".", vec![row, index], scope::span(name))
            }
            None => {
                let nearest = nearest(&name.value, fields.iter().map(|f| f.name.as_str()));
                let error = Error::new("unknown-column").arg("name", &name.value);
                Err(scope::at(name, error.arg("nearest", nearest)))
            }
        }
    }

    /// The column of a query around, if this one has none of that name.
    fn outer(&self, refused: &Error, find: impl Fn(&Scope) -> Result<usize>) -> Option<Expr> {
        if !matches!(refused.code(), "unknown-column" | "unknown-qualifier") {
            return None;
        }
        self.binder.outer.iter().enumerate().find_map(|(level, scope)| {
            let column = find(scope).ok()?;
            let data_type = scope.column(column)?.data_type.clone();
            Some(Expr::column(OUTER + level * LEVEL + column, data_type))
        })
    }

    fn input(&mut self, column: usize, place: Option<Span>) -> Expr {
        self.saw(column, place);
        let data_type = self.scope.column(column).map(|c| c.data_type.clone());
        Expr::column(column, data_type.unwrap_or(DataType::nullable(LogicalType::Null)))
    }

    fn cast(&mut self, kind: &CastKind, expr: &Ast, data_type: &AstType) -> Result<Expr> {
        let (to, place) = written_type(data_type)?;
        let ast = expr;
        let mut expr = self.expr(ast)?.with_digits_for(&to.logical);
        if let Ast::Interval(interval) = ast
            && is_integer(&to.logical)
        {
            let count = interval::count_of(interval, &expr).ok_or_else(|| {
                let error = Error::new("cast-unsupported").arg("from", &expr.data_type.logical);
                error.arg("to", &to.logical).at(place)
            })?;
            expr = Expr::constant(Value::BigInt(count));
        }
        if is_integer(&expr.data_type.logical) && interval::has_parts(data_type) {
            let error = Error::new("cast-unsupported").arg("from", &expr.data_type.logical);
            return Err(error.arg("to", data_type).at(place));
        }
        // A constant counts units; any other number, what the interval is made of.
        let counts = *kind == CastKind::Cast && matches!(expr.as_literal(), Some(Value::Int(_)));
        if let Some(unit) = interval::unit_of(data_type).filter(|_| counts) {
            return self.call("*", vec![expr, unit], place);
        }
        if let (LogicalType::Time(_), Some(Value::String(text))) = (&to.logical, expr.as_literal())
            && !expr::cast::parse_time(text).is_none_or(is_of_day)
        {
            // Rows may count hours on; the planner takes a constant only if the day has it.
            let error = Error::new("literal-invalid").arg("found", text);
            return Err(error.arg("type", &to.logical).at(place));
        }
        let cast = match kind {
            CastKind::Cast => expr.cast(to.logical),
            CastKind::TryCast => expr.try_cast(to.logical),
            CastKind::SafeCast | CastKind::DoubleColon => Err(unsupported("SAFE_CAST", place)),
        };
        cast.map_err(|error| error.at(place))
    }

    /// Several expressions.
    fn all(&mut self, asts: &[&Ast]) -> Result<Vec<Expr>> {
        asts.iter().map(|ast| self.expr(ast)).collect()
    }

    /// A call of a function by name, blamed on a place.
    fn call(&self, name: &str, arguments: Vec<Expr>, place: Option<Span>) -> Result<Expr> {
        if expr::lookup(name).is_none() && builtins::is_flinks(name) {
            return Err(not_yet(name, place));
        }
        null::check(name, &arguments).map_err(|error| error.at(place))?;
        operator::check_remainder(name, &arguments).map_err(|error| error.at(place))?;
        operator::check_type_of(name, &arguments).map_err(|error| error.at(place))?;
        let mut called = expr::call(name, arguments).map_err(|error| error.at(place))?;
        called.data_type.logical = without_rowtime(called.data_type.logical);
        Ok(called)
    }
}

fn is_of_day(millis: i32) -> bool {
    const MILLIS_PER_DAY: i32 = 86_400_000;
    (0..MILLIS_PER_DAY).contains(&millis)
}

/// What a query gives out for an expression: an element that is not there shows as Flink writes it.
pub(super) fn written(expr: Expr) -> Expr {
    match expr.is_call("ITEM") {
        true => expr::call("WRITTEN ITEM", expr.operands().to_vec()).unwrap_or(expr),
        false => expr,
    }
}

/// What is computed of event time is event time no more.
fn without_rowtime(logical: LogicalType) -> LogicalType {
    match logical.time_attribute() {
        TimeAttribute::Rowtime => super::table::with_attribute(logical, TimeAttribute::None),
        _ => logical,
    }
}

/// The operands of `(later - earlier) UNIT`, and whether the unit is made of months.
fn difference(interval: &Interval) -> Option<(&Ast, &Ast, bool)> {
    let Ast::Nested(inner) = &*interval.value else { return None };
    let Ast::BinaryOp { left, op: BinaryOperator::Minus, right } = &**inner else { return None };
    let months = matches!(
        interval.leading_field,
        Some(DateTimeField::Year | DateTimeField::Month | DateTimeField::Quarter)
    );
    Some((left, right, months))
}

/// A type as the parser left it: its text, and its place.
fn written_type(data_type: &AstType) -> Result<(DataType, Option<Span>)> {
    let AstType::Custom(name, _) = data_type else {
        return Err(unsupported(&data_type.to_string(), None));
    };
    let Some(ObjectNamePart::Identifier(text)) = name.0.first() else {
        return Err(unsupported(&data_type.to_string(), None));
    };
    let span = place::span(text.span);
    let read = types::within_bounds(types::from_text(&text.value)?);
    types::check_cast(&read).map_err(|error| error.at(span))?;
    Ok((read, span))
}

/// An error gets a place if it has none.
/// The place of an expression; of a call, that of its name.
pub(super) fn place_of(ast: &Ast) -> Option<Span> {
    match ast {
        Ast::Function(function) => super::table::place_of(&function.name),
        other => place::span(other.span()),
    }
}
