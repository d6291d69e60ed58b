//! Expressions as Calcite and Flink write them: `+($1, 1)` in the syntax tree, `+(b, 1)` in the physical
//! plan, `(b + 1)` in the execution plan.
//!
//! Source: `RexNode.toString` of Calcite 1.32, `FlinkRexUtil.getExpressionString` of Flink 1.18.

use std::borrow::Cow;

use super::literal::{self, TypeText};
use super::moments;
use super::search::{self, Part};
use crate::data::{LogicalType, Schema, TimeAttribute, Value};
use crate::expr::{Expr, Node, call};

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// In the syntax tree: operators first, constants with their types.
    Syntax,
    /// In the condition of a WHERE, which the syntax tree keeps as it was written.
    Where,
    /// In the physical plan of a stream: operators first, constants with their types, columns by name.
    Physical,
    /// In the physical plan of a batch: operators first, constants without types.
    PhysicalBatch,
    /// In the execution plan: operators between their operands.
    Execution,
}

impl Style {
    /// Whether constants tell their types.
    pub fn is_typed(self) -> bool {
        matches!(self, Self::Syntax | Self::Where | Self::Physical)
    }

    pub fn is_syntax(self) -> bool {
        matches!(self, Self::Syntax | Self::Where)
    }

    /// Whether a search of this value is shown as one.
    pub fn searches(self, value: &Expr) -> bool {
        match self {
            Self::Syntax => true,
            Self::Where => false,
            _ => value.as_column().is_some(),
        }
    }
}

/// A piece of text still to be written.
pub(super) enum Piece<'a> {
    Expr(&'a Expr, TypeText<'a>),
    Text(Cow<'static, str>),
}

/// An expression over named columns.
pub(super) fn of_schema(expr: &Expr, schema: &Schema, style: Style) -> String {
    let name = |index: usize| schema.fields().get(index).map(|f| f.name.clone());
    write(expr, style, &|index| name(index).unwrap_or_else(|| format!("${index}")))
}

/// As [`of_schema`]; what is computed of a time attribute is computed of its plain value.
pub(super) fn computed(expr: &Expr, schema: &Schema, style: Style) -> String {
    let plain = |index: usize| schema.fields().get(index).map(|f| f.name.clone());
    if expr.as_column().is_some() {
        return of_schema(expr, schema, style);
    }
    let name = |index: usize| {
        let attribute = schema.fields().get(index).map(|f| &f.data_type.logical);
        let name = plain(index).unwrap_or_else(|| format!("${index}"));
        match attribute.map(|logical| (logical.time_attribute(), logical)) {
            Some((TimeAttribute::Rowtime, logical)) => {
                format!("CAST({name} AS {})", literal::type_name(logical, style))
            }
            Some((TimeAttribute::Proctime, _)) => format!("PROCTIME_MATERIALIZE({name})"),
            _ => name,
        }
    };
    write(expr, style, &name)
}

/// What AND joins in an expression over named columns, one by one.
pub(super) fn conjunction(expr: &Expr, schema: &Schema, style: Style) -> Vec<String> {
    let name = |index: usize| schema.fields().get(index).map_or("", |f| &f.name).to_owned();
    let one = |part: Part<'_>| {
        let part = match part {
            Part::Search(search) => return vec![search.text(style, &name)],
            Part::As(part) => part,
        };
        match (part.is_call("BETWEEN"), part.operands()) {
            (true, [value, low, high]) if search::of(part, style).is_none() => {
                [(">=", low), ("<=", high)]
                    .into_iter()
                    .filter_map(|(name, bound)| call(name, vec![value.clone(), bound.clone()]).ok())
                    .map(|part| of_schema(&part, schema, style))
                    .collect()
            }
            _ => vec![of_schema(part, schema, style)],
        }
    };
    search::merged(flat(expr, "AND"), true, style).into_iter().flat_map(one).collect()
}

/// An expression whose columns are written as `name` says. However deep it is, nothing recurses.
pub(super) fn write(expr: &Expr, style: Style, name: &dyn Fn(usize) -> String) -> String {
    let mut writer = Writer { style, text: String::new(), pending: Vec::new() };
    writer.pending.push(Piece::Expr(expr, TypeText::Optional));
    while let Some(piece) = writer.pending.pop() {
        match piece {
            Piece::Text(piece) => writer.text.push_str(&piece),
            Piece::Expr(expr, types) => writer.expr(expr, types, name),
        }
    }
    writer.text
}

struct Writer<'a> {
    style: Style,
    text: String,
    /// Last piece first.
    pending: Vec<Piece<'a>>,
}

/// Operators that the execution plan writes between their operands.
const BETWEEN: [&str; 10] = ["+", "-", "*", "/", "=", "<>", "<", "<=", ">", ">="];
const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];
/// Tests that the execution plan writes behind what they test.
const BEHIND: [&str; 8] = [
    "IS NULL",
    "IS NOT NULL",
    "IS TRUE",
    "IS NOT TRUE",
    "IS FALSE",
    "IS NOT FALSE",
    "IS UNKNOWN",
    "IS NOT UNKNOWN",
];
/// Functions that have no parentheses.
const BARE: [&str; 6] = [
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "CURRENT_ROW_TIMESTAMP",
];

impl<'a> Writer<'a> {
    fn expr(&mut self, expr: &'a Expr, types: TypeText<'a>, name: &dyn Fn(usize) -> String) {
        if let Some((row, field)) = expr.as_field() {
            if let LogicalType::Row(schema) = &row.data_type.logical
                && let Some(field) = schema.fields().get(field)
            {
                self.pending.push(Piece::Text(format!(".{}", field.name).into()));
            }
            return self.pending.push(Piece::Expr(row, TypeText::Optional));
        }
        match &expr.node {
            Node::Column(index) => self.text.push_str(&name(*index)),
            Node::Literal(value) => {
                let logical = &expr.data_type.logical;
                let text = literal::constant(value, logical, types, self.style);
                let cast = expr.data_type.nullable && *value != Value::Null;
                self.text.push_str(&match cast && !self.style.is_syntax() {
                    true => format!("CAST({text} AS {})", literal::type_name(logical, self.style)),
                    false => text,
                });
            }
            Node::Cast { safe, .. } => self.cast(expr, *safe),
            Node::Case => self.case(expr),
            Node::Call(function) => self.function(function.name, expr, name),
        }
    }

    fn function(&mut self, function: &'static str, expr: &'a Expr, name: &dyn Fn(usize) -> String) {
        if let Some(search) = search::of(expr, self.style) {
            return self.text.push_str(&search.text(self.style, name));
        }
        let operands = expr.operands();
        if let Some(pieces) = self.of_moments(function, expr) {
            return self.pending.extend(pieces.into_iter().rev());
        }
        match (function, operands) {
            ("AND" | "OR", _) => self.all(function, flat(expr, function), name),
            ("BETWEEN", [value, low, high]) => {
                let between = Self::comparison(self.style, ">=", value, low);
                let below = Self::comparison(self.style, "<=", value, high);
                self.joined("AND", vec![between, below]);
            }
            ("IN", [value, list @ ..]) => {
                let one = |item| Self::comparison(self.style, "=", value, item);
                self.joined("OR", list.iter().map(one).collect());
            }
            (name, [a, b]) if BETWEEN.contains(&name) => {
                let piece = Self::comparison(self.style, name, a, b);
                self.pending.extend(piece.into_iter().rev());
            }
            (name, [operand]) if BEHIND.contains(&name) && self.style == Style::Execution => {
                self.pending.push(Piece::Text(format!(" {name}").into()));
                self.pending.push(Piece::Expr(shown(operand), TypeText::Optional));
            }
            (name, []) if BARE.contains(&name) && self.style.is_syntax() => {
                self.text.push_str(name);
            }
            ("NULLIF", [value, other]) => self.null_if(expr, value, other),
            ("NEGATE", _) => self.call("-", operands, false),
            ("%", _) => self.call("MOD", operands, false),
            ("WRITTEN ITEM", _) => self.call("ITEM", operands, false),
            ("COALESCE", _) => self.call("COALESCE", operands, true),
            ("TRIM" | "EXTRACT", [flag, rest @ ..]) if flag.as_text().is_some() => {
                let flag = self.flag(flag);
                self.listed(function, Some(flag), rest, None);
            }
            ("FLOOR" | "CEIL", [value, flag]) if flag.as_text().is_some() => {
                let flag = self.flag(flag);
                self.listed(function, None, std::slice::from_ref(value), Some(flag));
            }
            (
                part @ ("YEAR" | "QUARTER" | "MONTH" | "WEEK" | "DAYOFYEAR" | "DAYOFMONTH"
                | "DAYOFWEEK" | "HOUR" | "MINUTE" | "SECOND"),
                [_],
            ) => {
                let part = match part {
                    "DAYOFYEAR" => "DOY",
                    "DAYOFMONTH" => "DAY",
                    "DAYOFWEEK" => "DOW",
                    other => other,
                };
                let flag = self.flag_text(part);
                self.listed("EXTRACT", Some(flag), operands, None);
            }
            _ => self.call(function, operands, false),
        }
    }

    /// What the planner makes of functions of moments.
    fn of_moments(&self, function: &str, expr: &'a Expr) -> Option<Vec<Piece<'a>>> {
        let [unit, a, b] = expr.operands() else { return None };
        match function {
            "TIMESTAMPADD" => moments::add(self.style, unit.as_text()?, a, b),
            "TIMESTAMPDIFF" => {
                moments::difference(self.style, unit.as_text()?, a, b, expr.data_type.nullable)
            }
            _ => None,
        }
    }

    /// `CASE(=(a, b), null:INTEGER, a)`.
    fn null_if(&mut self, expr: &'a Expr, value: &'a Expr, other: &'a Expr) {
        let null = format!(", null:{}, ", literal::type_name(&expr.data_type.logical, self.style));
        self.text.push_str("CASE(");
        self.pending.push(Piece::Text(")".into()));
        self.pending.push(Piece::Expr(shown(value), TypeText::Optional));
        self.pending.push(Piece::Text(null.into()));
        let equal = Self::comparison(self.style, "=", value, other);
        self.pending.extend(equal.into_iter().rev());
    }

    /// `a = b` or `=(a, b)`. A text that is compared has the type of what it is compared with.
    fn comparison(style: Style, name: &'static str, a: &'a Expr, b: &'a Expr) -> Vec<Piece<'a>> {
        let (a, b) = match name {
            "=" | "<>" => (shown_as_equal(a), shown_as_equal(b)),
            _ => (shown(a), shown(b)),
        };
        let compares = COMPARISONS.contains(&name);
        let is_equal = matches!(name, "=" | "<>");
        let typed = |of: &'a Expr, other: &'a Expr| match compares {
            true if is_equal && of.data_type.logical != other.data_type.logical => {
                TypeText::Equal(&other.data_type.logical)
            }
            true => TypeText::Like(
                &other.data_type.logical,
                of.data_type.logical == other.data_type.logical,
            ),
            false => TypeText::Optional,
        };
        let (left, right) = (Piece::Expr(a, typed(a, b)), Piece::Expr(b, typed(b, a)));
        let text = |text: String| Piece::Text(text.into());
        match style {
            Style::Execution => {
                vec![text("(".into()), left, text(format!(" {name} ")), right, text(")".into())]
            }
            _ => vec![text(format!("{name}(")), left, text(", ".into()), right, text(")".into())],
        }
    }

    fn all(
        &mut self,
        function: &'static str,
        parts: Vec<&'a Expr>,
        name: &dyn Fn(usize) -> String,
    ) {
        let mut pieces = Vec::new();
        for part in search::merged(parts, function == "AND", self.style) {
            let part = match part {
                Part::As(part) => part,
                Part::Search(search) => {
                    let text = search.text(self.style, name);
                    pieces.push(vec![Piece::Text(text.into())]);
                    continue;
                }
            };
            match part.operands() {
                _ if search::of(part, self.style).is_some() => {
                    pieces.push(vec![Piece::Expr(part, TypeText::Optional)]);
                }
                [value, low, high] if function == "AND" && part.is_call("BETWEEN") => {
                    pieces.push(Self::comparison(self.style, ">=", value, low));
                    pieces.push(Self::comparison(self.style, "<=", value, high));
                }
                [value, list @ ..] if function == "OR" && part.is_call("IN") => {
                    let one = |item| Self::comparison(self.style, "=", value, item);
                    pieces.extend(list.iter().map(one));
                }
                _ => pieces.push(vec![Piece::Expr(part, TypeText::Optional)]),
            }
        }
        self.joined(function, pieces);
    }

    /// `AND(a, b, c)` or `(a AND b AND c)`; one alone stands for itself.
    fn joined(&mut self, name: &'static str, mut parts: Vec<Vec<Piece<'a>>>) {
        if let [only] = parts.as_mut_slice() {
            return self.pending.extend(only.drain(..).rev());
        }
        let (open, between) = match self.style {
            Style::Execution => ("(".to_owned(), format!(" {name} ")),
            _ => (format!("{name}("), ", ".to_owned()),
        };
        self.text.push_str(&open);
        self.pending.push(Piece::Text(")".into()));
        for (index, part) in parts.into_iter().enumerate().rev() {
            self.pending.extend(part.into_iter().rev());
            if index > 0 {
                self.pending.push(Piece::Text(between.clone().into()));
            }
        }
    }

    fn call(&mut self, name: &'static str, operands: &'a [Expr], casts: bool) {
        let shown = |o| if casts { o } else { shown(o) };
        self.text.push_str(name);
        self.text.push('(');
        self.pending.push(Piece::Text(")".into()));
        for (index, operand) in operands.iter().enumerate().rev() {
            self.pending.push(Piece::Expr(shown(operand), TypeText::Optional));
            if index > 0 {
                self.pending.push(Piece::Text(", ".into()));
            }
        }
    }

    /// Conditions and values in turn; a text among the values has the type of all.
    fn case(&mut self, case: &'a Expr) {
        let operands = case.operands();
        self.text.push_str("CASE(");
        self.pending.push(Piece::Text(")".into()));
        for (index, operand) in operands.iter().enumerate().rev() {
            let is_value = index % 2 == 1 || index + 1 == operands.len();
            let types = match is_value {
                true => TypeText::As(&case.data_type.logical),
                false => TypeText::Optional,
            };
            self.pending.push(Piece::Expr(operand, types));
            if index > 0 {
                self.pending.push(Piece::Text(", ".into()));
            }
        }
    }

    /// A call with a word of the syntax as its first or last argument.
    fn listed(
        &mut self,
        name: &str,
        first: Option<String>,
        operands: &'a [Expr],
        last: Option<String>,
    ) {
        let first = first.map(|flag| Piece::Text(flag.into()));
        let last = last.map(|flag| Piece::Text(flag.into()));
        let operands = operands.iter().map(|o| Piece::Expr(shown(o), TypeText::Optional));
        let arguments: Vec<Piece<'a>> = first.into_iter().chain(operands).chain(last).collect();
        self.text.push_str(name);
        self.text.push('(');
        self.pending.push(Piece::Text(")".into()));
        for (index, argument) in arguments.into_iter().enumerate().rev() {
            self.pending.push(argument);
            if index > 0 {
                self.pending.push(Piece::Text(", ".into()));
            }
        }
    }

    fn flag(&self, word: &Expr) -> String {
        self.flag_text(word.as_text().unwrap_or_default())
    }

    fn flag_text(&self, word: &str) -> String {
        match self.style.is_typed() {
            true => format!("FLAG({word})"),
            false => word.to_owned(),
        }
    }

    fn cast(&mut self, expr: &'a Expr, safe: bool) {
        let [operand] = expr.operands() else { return };
        let is_clock = operand.data_type.logical.time_attribute() == TimeAttribute::Proctime;
        if is_clock && matches!(expr.data_type.logical, LogicalType::TimestampLtz { .. }) {
            // A column is written so already.
            return match operand.as_column() {
                Some(_) => self.pending.push(Piece::Expr(operand, TypeText::Optional)),
                None => self.call("PROCTIME_MATERIALIZE", expr.operands(), true),
            };
        }
        let to = &expr.data_type;
        if !safe
            && self.style.is_syntax()
            && let Some(text) = literal::cast_constant(operand, &to.logical)
        {
            return self.text.push_str(&text);
        }
        let name = if safe { "TRY_CAST(" } else { "CAST(" };
        let type_name = literal::type_name(&to.logical, self.style);
        let end = match (self.style, safe) {
            (Style::Syntax | Style::Where, true) => ")".to_owned(),
            (Style::Syntax | Style::Where, false) if to.nullable => format!("):{type_name}"),
            (Style::Syntax | Style::Where, false) => format!("):{type_name} NOT NULL"),
            _ => format!(" AS {type_name})"),
        };
        self.text.push_str(name);
        self.pending.push(Piece::Text(end.into()));
        self.pending.push(Piece::Expr(operand, TypeText::Optional));
    }
}

/// The operand without what the types alone put around it, and a constant as it was written.
pub(super) fn shown(operand: &Expr) -> &Expr {
    match (&operand.node, operand.operands()) {
        (Node::Cast { implied: true, .. }, [inner]) if literal::is_quiet(inner, operand) => inner,
        _ => operand.as_written(),
    }
}

/// As [`shown`]; but what is compared for being equal has one type.
fn shown_as_equal(operand: &Expr) -> &Expr {
    match shown(operand).as_literal() {
        Some(_) => shown(operand),
        None => operand,
    }
}

/// The operands of AND or OR, those of the same inside among them.
pub(super) fn flat<'a>(expr: &'a Expr, name: &str) -> Vec<&'a Expr> {
    let mut parts = Vec::new();
    let mut pending = vec![expr];
    while let Some(next) = pending.pop() {
        match next.is_call(name) {
            true => pending.extend(next.operands().iter().rev()),
            false => parts.push(next),
        }
    }
    parts
}
