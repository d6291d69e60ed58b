//! Predicates, CASE, and functions with a syntax of their own.

use sqlparser::ast::{
    AccessExpr, Array, CaseWhen, CeilFloorKind, DateTimeField, Expr as Ast, Ident, InTarget,
    Subscript, TrimWhereField,
};

use super::super::foreign::{refuse, unsupported};
use super::operator::are_written_rows;
use super::{Cx, place_of};
use crate::base::Result;
use crate::data::{LogicalType, Value};
use crate::expr::{Expr, chained};

impl Cx<'_> {
    pub(super) fn predicate(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::IsNull(e) => self.unary_call("IS NULL", e),
            Ast::IsNotNull(e) => self.unary_call("IS NOT NULL", e),
            Ast::IsTrue(e) => self.unary_call("IS TRUE", e),
            Ast::IsNotTrue(e) => self.unary_call("IS NOT TRUE", e),
            Ast::IsFalse(e) => self.unary_call("IS FALSE", e),
            Ast::IsNotFalse(e) => self.unary_call("IS NOT FALSE", e),
            Ast::IsUnknown(e) => self.unary_call("IS UNKNOWN", e),
            Ast::IsNotUnknown(e) => self.unary_call("IS NOT UNKNOWN", e),
            Ast::IsDistinctFrom(a, b) => self.special("IS DISTINCT FROM", &[a, b], ast),
            Ast::IsNotDistinctFrom(a, b) => self.special("IS NOT DISTINCT FROM", &[a, b], ast),
            Ast::In { target: InTarget::Subquery(_), .. } => self.subquery(ast),
            Ast::In { expr, target, negated, global } => {
                refuse(*global, "GLOBAL IN", place_of(expr))?;
                let found = self.is_in(expr, target)?;
                self.negated(found, *negated)
            }
            Ast::Between { expr, negated, low, high } => {
                let found = self.between(expr, low, high)?;
                self.negated(found, *negated)
            }
            Ast::Like { negated, any, expr, pattern, escape_char } => {
                refuse(*any, "LIKE ANY", place_of(expr))?;
                let found = self.like("LIKE", expr, pattern, escape_char.as_deref())?;
                self.negated(found, *negated)
            }
            Ast::SimilarTo { negated, expr, pattern, escape_char } => {
                let found = self.like("SIMILAR TO", expr, pattern, escape_char.as_deref())?;
                self.negated(found, *negated)
            }
            Ast::IsJson { .. } => self.json_test(ast),
            _ => self.syntax(ast),
        }
    }

    /// Functions that are called with words between their arguments.
    fn syntax(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::Extract { field, expr, .. } => self.with_word("EXTRACT", field, expr, true),
            Ast::Floor { expr, field } => self.rounded("FLOOR", expr, field),
            Ast::Ceil { expr, field } => self.rounded("CEIL", expr, field),
            Ast::Position { expr, r#in } => self.special("POSITION", &[expr, r#in], ast),
            Ast::Substring { expr, substring_from, substring_for, .. } => {
                let rest = substring_from.iter().chain(substring_for).map(|e| &**e);
                let arguments: Vec<&Ast> = std::iter::once(&**expr).chain(rest).collect();
                self.special("SUBSTRING", &arguments, ast)
            }
            Ast::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                let mut arguments: Vec<&Ast> = vec![expr, overlay_what, overlay_from];
                arguments.extend(overlay_for.as_deref());
                self.special("OVERLAY", &arguments, ast)
            }
            Ast::Trim { expr, trim_where, trim_what, trim_characters } => {
                refuse(trim_characters.is_some(), "TRIM(a, b)", place_of(expr))?;
                self.trim(expr, *trim_where, trim_what.as_deref())
            }
            Ast::Array(Array { elem, named }) => {
                refuse(!named, "[..]", elem.first().and_then(place_of))?;
                let elements: Vec<&Ast> = elem.iter().collect();
                self.special("ARRAY", &elements, ast)
            }
            Ast::Tuple(items) => {
                let items: Vec<&Ast> = items.iter().collect();
                self.special("ROW", &items, ast)
            }
            Ast::CompoundFieldAccess { root, access_chain } => self.access(root, access_chain),
            Ast::Subquery(_) | Ast::Exists { .. } => self.subquery(ast),
            Ast::AnyOp { .. } | Ast::AllOp { .. } => self.quantified(ast),
            _ => Err(unsupported(&ast.to_string(), place_of(ast))),
        }
    }

    fn json_test(&mut self, ast: &Ast) -> Result<Expr> {
        let Ast::IsJson { expr, kind, unique_keys, negated } = ast else {
            return Err(unsupported(&ast.to_string(), place_of(ast)));
        };
        refuse(unique_keys.is_some(), "UNIQUE KEYS", place_of(expr))?;
        let kind = kind.as_ref().map_or(String::new(), |kind| format!(" {kind}"));
        let found = self.unary_call(&format!("IS JSON{kind}"), expr)?;
        self.negated(found, *negated)
    }

    fn special(&mut self, name: &str, arguments: &[&Ast], ast: &Ast) -> Result<Expr> {
        let arguments = self.all(arguments)?;
        self.call(name, arguments, place_of(ast))
    }

    fn unary_call(&mut self, name: &str, operand: &Ast) -> Result<Expr> {
        let bound = self.expr(operand)?;
        self.call(name, vec![bound], place_of(operand))
    }

    fn negated(&self, expr: Expr, negated: bool) -> Result<Expr> {
        match negated {
            true => self.call("NOT", vec![expr], None),
            false => Ok(expr),
        }
    }

    fn is_in(&mut self, expr: &Ast, target: &InTarget) -> Result<Expr> {
        let InTarget::List(list) = target else {
            return Err(unsupported("IN UNNEST", place_of(expr)));
        };
        let arguments: Vec<&Ast> = std::iter::once(expr).chain(list).collect();
        let arguments = self.all(&arguments)?;
        if let [value, list @ ..] = arguments.as_slice()
            && list.iter().all(|row| are_written_rows(value, row))
        {
            let equal = list.iter().map(|row| self.equal_fields(value, row));
            return Ok(chained("OR", equal)?.unwrap_or_else(|| value.clone()));
        }
        self.call("IN", arguments, place_of(expr))
    }

    /// `BETWEEN SYMMETRIC` takes its bounds in either order.
    fn between(&mut self, expr: &Ast, low: &Ast, high: &Ast) -> Result<Expr> {
        let place = place_of(expr);
        let (low, symmetric) = match low {
            Ast::Prefixed { value, .. } => (&**value, true),
            low => (low, false),
        };
        let (value, low, high) = (self.expr(expr)?, self.expr(low)?, self.expr(high)?);
        let rising = vec![value.clone(), low.clone(), high.clone()];
        let rising = self.call("BETWEEN", rising, place)?;
        if !symmetric {
            return Ok(rising);
        }
        let falling = self.call("BETWEEN", vec![value, high, low], place)?;
        self.call("OR", vec![rising, falling], place)
    }

    fn like(
        &mut self,
        name: &str,
        expr: &Ast,
        pattern: &Ast,
        escape: Option<&Ast>,
    ) -> Result<Expr> {
        let mut arguments = vec![expr, pattern];
        arguments.extend(escape);
        self.special(name, &arguments, expr)
    }

    /// A function whose word is a text argument, before or after the value.
    fn with_word(
        &mut self,
        name: &str,
        field: &DateTimeField,
        expr: &Ast,
        first: bool,
    ) -> Result<Expr> {
        let word = Expr::constant(Value::from(field.to_string().to_uppercase().as_str()));
        let value = self.expr(expr)?;
        let arguments = if first { vec![word, value] } else { vec![value, word] };
        self.call(name, arguments, place_of(expr))
    }

    fn rounded(&mut self, name: &str, expr: &Ast, field: &CeilFloorKind) -> Result<Expr> {
        match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => self.unary_call(name, expr),
            CeilFloorKind::DateTimeField(field) => self.with_word(name, field, expr, false),
            CeilFloorKind::Scale(_) => Err(unsupported(&format!("{name}(a, b)"), place_of(expr))),
        }
    }

    fn trim(
        &mut self,
        expr: &Ast,
        side: Option<TrimWhereField>,
        what: Option<&Ast>,
    ) -> Result<Expr> {
        let side = match side {
            None | Some(TrimWhereField::Both) => "BOTH",
            Some(TrimWhereField::Leading) => "LEADING",
            Some(TrimWhereField::Trailing) => "TRAILING",
        };
        let what = match what {
            Some(what) => self.expr(what)?,
            None => Expr::constant(Value::from(" ")),
        };
        let text = self.expr(expr)?;
        let arguments = vec![Expr::constant(Value::from(side)), what, text];
        self.call("TRIM", arguments, place_of(expr))
    }

    /// The names that an access begins with, as one column, and what follows them.
    fn access_path<'c>(
        &mut self,
        first: &Ident,
        chain: &'c [AccessExpr],
    ) -> Result<(Expr, &'c [AccessExpr])> {
        let names = chain.iter().map_while(|access| match access {
            AccessExpr::Dot(Ast::Identifier(name)) => Some(name.clone()),
            _ => None,
        });
        let path: Vec<Ident> = std::iter::once(first.clone()).chain(names).collect();
        let rest = &chain[path.len() - 1..];
        let value = match path.as_slice() {
            [column] => self.column(column)?,
            path => self.qualified(path)?,
        };
        Ok((value, rest))
    }

    /// `a[1]`, `m['key']`, `r.field`.
    fn access(&mut self, root: &Ast, chain: &[AccessExpr]) -> Result<Expr> {
        let (mut value, chain) = match root {
            Ast::Identifier(first) => self.access_path(first, chain)?,
            root => (self.expr(root)?, chain),
        };
        for access in chain {
            value = match access {
                AccessExpr::Subscript(Subscript::Index { index }) => {
                    let index = self.expr(index)?;
                    match place_in_row(&value, &index) {
                        Some(field) => {
                            let field = Expr::constant(Value::Int(field as i32));
                            self.call(".", vec![value, field], place_of(root))?
                        }
                        None => self.call("ITEM", vec![value, index], place_of(root))?,
                    }
                }
                AccessExpr::Dot(Ast::Identifier(name)) => self.field(value, name)?,
                access => return Err(unsupported(&format!("{access}"), place_of(root))),
            };
        }
        Ok(value)
    }

    /// CASE with an operand compares it with each WHEN.
    pub(super) fn case(
        &mut self,
        operand: Option<&Ast>,
        conditions: &[CaseWhen],
        otherwise: Option<&Ast>,
    ) -> Result<Expr> {
        let operand = operand.map(|o| self.expr(o)).transpose()?;
        let mut branches = Vec::with_capacity(conditions.len());
        for CaseWhen { condition, result } in conditions {
            let when = match &operand {
                None => self.condition(condition, "WHEN")?,
                Some(operand) => {
                    let value = self.expr(condition)?;
                    self.call("=", vec![operand.clone(), value], place_of(condition))?
                }
            };
            branches.push((when, self.expr(result)?));
        }
        let otherwise = otherwise.map(|e| self.expr(e)).transpose()?;
        let place = conditions.first().and_then(|c| place_of(&c.result));
        super::null::check_branches(&branches, otherwise.as_ref())
            .map_err(|error| error.at(place))?;
        Expr::case(branches, otherwise).map_err(|error| error.at(place))
    }
}

/// Which field of a row is meant by `row['name']`, or by `row[1]`.
fn place_in_row(row: &Expr, index: &Expr) -> Option<usize> {
    let LogicalType::Row(schema) = &row.data_type.logical else { return None };
    match index.as_literal()? {
        Value::Int(n) => {
            usize::try_from(*n).ok()?.checked_sub(1).filter(|field| *field < schema.len())
        }
        Value::String(name) => schema.fields().iter().position(|field| *field.name == **name),
        _ => None,
    }
}
