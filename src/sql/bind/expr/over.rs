//! Calls with OVER: functions that look at the rows around a row.
//!
//! They are collected while the SELECT list is bound, as aggregate calls are, and computed above them.

use sqlparser::ast::{
    Expr as Ast, NamedWindowDefinition, NamedWindowExpr, WindowFrame, WindowFrameBound,
    WindowFrameUnits, WindowSpec, WindowType,
};

use super::super::foreign::{refuse, unsupported};
use super::super::order::{Key, key_of};
use super::super::scope;
use super::call::Arguments;
use super::{Aggregates, Cx, Placeholder, place_of};
use crate::base::{Error, Result, RuntimeMode, Span};
use crate::data::{DataType, LogicalType, Value};
use crate::expr::types::is_numeric;
use crate::expr::{Expr, aggregate};
use crate::sql::bound::{Bound, Frame};

/// A call with OVER, over the columns of the SELECT's input and the placeholders before it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sql::bind) struct OverPlaceholder {
    /// What it computes.
    pub function: Function,
    /// PARTITION BY.
    pub partition: Vec<Expr>,
    /// ORDER BY: what, whether descending, whether NULL comes first.
    pub order: Vec<(Expr, bool, bool)>,
    /// Which rows count.
    pub frame: Frame,
    /// The type of the result.
    pub data_type: DataType,
    /// Where it was written.
    pub place: Option<Span>,
}

impl OverPlaceholder {
    /// All its expressions.
    pub(in crate::sql::bind) fn exprs_mut(&mut self) -> Vec<&mut Expr> {
        let keys = self.order.iter_mut().map(|(expr, ..)| expr);
        let arguments: Vec<&mut Expr> = match &mut self.function {
            Function::Aggregate(call) => call.arguments.iter_mut().collect(),
            Function::Lag { value, default, .. } => {
                std::iter::once(value).chain(default.as_mut()).collect()
            }
            Function::Ranking(_) | Function::Ntile(_) => Vec::new(),
        };
        self.partition.iter_mut().chain(keys).chain(arguments).collect()
    }
}

/// What is computed, with expressions where the bound form has columns.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sql::bind) enum Function {
    /// An aggregate.
    Aggregate(aggregate::AggregateCall),
    /// ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST.
    Ranking(Ranking),
    /// NTILE.
    Ntile(i64),
    /// LAG and LEAD.
    Lag {
        /// The value.
        value: Expr,
        /// How many rows back.
        back: i64,
        /// The default.
        default: Option<Expr>,
        /// Whether it is written how many rows back.
        explicit: bool,
    },
}

/// Functions that number rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sql::bind) enum Ranking {
    /// ROW_NUMBER.
    RowNumber,
    /// RANK.
    Rank,
    /// DENSE_RANK.
    DenseRank,
    /// PERCENT_RANK.
    PercentRank,
    /// CUME_DIST.
    CumeDist,
}

const RANKINGS: [(&str, Ranking); 5] = [
    ("ROW_NUMBER", Ranking::RowNumber),
    ("RANK", Ranking::Rank),
    ("DENSE_RANK", Ranking::DenseRank),
    ("PERCENT_RANK", Ranking::PercentRank),
    ("CUME_DIST", Ranking::CumeDist),
];

/// Whether a function makes sense with OVER alone.
pub(super) fn needs_over(name: &str) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    RANKINGS.iter().any(|(n, _)| is(n)) || ["NTILE", "LAG", "LEAD"].into_iter().any(is)
}

impl Cx<'_> {
    /// # Errors
    /// `over-misplaced`, `over-nested`, `over-not-aggregate`, `over-filter`, and what is wrong with
    /// the window or the arguments.
    pub(super) fn over(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        window: &WindowType,
        place: Option<Span>,
    ) -> Result<Expr> {
        let at = |error: Error| error.at(place);
        if !matches!(self.aggregates, Aggregates::Allowed { .. }) {
            let error = Error::new("over-misplaced").arg("name", name);
            return Err(at(error.arg("clause", self.clause)));
        }
        if std::mem::replace(&mut self.inside_over, true) {
            return Err(at(Error::new("over-nested").arg("name", name)));
        }
        let bound = self.over_call(name, arguments, window, place);
        self.inside_over = false;
        let call = bound?;
        let data_type = call.data_type.clone();
        let known = self.placeholders.iter().position(|p| match p {
            Placeholder::Over(other) => OverPlaceholder { place, ..(**other).clone() } == call,
            _ => false,
        });
        match known {
            Some(index) => Ok(Expr::column(self.scope.len() + index, data_type)),
            None => Ok(self.placeholder(Placeholder::Over(Box::new(call)), data_type)),
        }
    }

    fn over_call(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        window: &WindowType,
        place: Option<Span>,
    ) -> Result<OverPlaceholder> {
        let spec = self.window_spec(window)?;
        let partition =
            spec.partition_by.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>>>()?;
        let mut order = Vec::with_capacity(spec.order_by.len());
        for written in &spec.order_by {
            let Key { expr, descending, nulls_first } = key_of(written)?;
            order.push((self.expr(expr)?, descending, nulls_first));
        }
        let bound = self.all(&arguments.exprs)?;
        let (function, data_type) = self.over_function(name, bound, arguments, place)?;
        let numbers = matches!(function, Function::Ranking(_));
        if numbers && order.iter().all(|(e, ..)| e.is_constant()) {
            return Err(Error::new("over-rank-order").arg("name", name).at(place));
        }
        let mut data_type = data_type;
        let framed = spec.window_frame.is_some();
        if framed && !matches!(function, Function::Aggregate(_)) {
            return Err(Error::new("over-without-frame").arg("name", name).at(place));
        }
        let ordered = !order.is_empty();
        let frame = match &function {
            Function::Ranking(ranking) => Frame::running(*ranking == Ranking::RowNumber),
            Function::Ntile(_) => Frame::running(false),
            Function::Lag { .. } => Frame::running(false),
            Function::Aggregate(_) => self.frame(spec.window_frame.as_ref(), ordered, place)?,
        };
        if let Function::Aggregate(call) = &function
            && !holds_the_row(&frame)
            && call.function.name != "COUNT"
        {
            data_type.nullable = true;
        }
        let place = self.binder.place(place);
        let call = OverPlaceholder { function, partition, order, frame, data_type, place };
        self.check_range(&call)?;
        Ok(call)
    }

    /// The window of OVER, with what it takes over from the one it names: as in Flink 1.18 also its
    /// frame, whatever frame is written beside the name.
    fn window_spec(&self, window: &WindowType) -> Result<WindowSpec> {
        let spec = match window {
            WindowType::NamedWindow(name) => return self.named_window(name),
            WindowType::WindowSpec(spec) => spec.clone(),
        };
        let Some(name) = &spec.window_name else { return Ok(spec) };
        let base = self.named_window(name)?;
        refuse(!spec.partition_by.is_empty(), "PARTITION BY", scope::span(name))?;
        let order_by = if spec.order_by.is_empty() { base.order_by } else { spec.order_by };
        Ok(WindowSpec { window_name: None, order_by, ..base })
    }

    fn named_window(&self, name: &sqlparser::ast::Ident) -> Result<WindowSpec> {
        let named = |d: &&NamedWindowDefinition| d.0.value == name.value;
        let unknown = || scope::at(name, Error::new("unknown-window").arg("name", &name.value));
        let definition = self.windows.iter().find(named).ok_or_else(unknown)?;
        match &definition.1 {
            NamedWindowExpr::WindowSpec(spec) => Ok(spec.clone()),
            NamedWindowExpr::NamedWindow(_) => Err(unsupported("WINDOW a AS b", scope::span(name))),
        }
    }

    fn over_function(
        &self,
        name: &str,
        bound: Vec<Expr>,
        arguments: &Arguments<'_>,
        place: Option<Span>,
    ) -> Result<(Function, DataType)> {
        let at = |error: Error| error.at(place);
        let ranking = RANKINGS.iter().find(|(n, _)| name.eq_ignore_ascii_case(n));
        if let Some((name, ranking)) = ranking {
            if !bound.is_empty() || arguments.star {
                return Err(at(wrong_arguments(name, &bound, &format!("{name}() OVER (..)"))));
            }
            let logical = match ranking {
                Ranking::PercentRank | Ranking::CumeDist => LogicalType::Double,
                _ => LogicalType::BigInt,
            };
            return Ok((Function::Ranking(*ranking), DataType::not_null(logical)));
        }
        match name.to_uppercase().as_str() {
            "NTILE" => ntile(&bound)
                .ok_or_else(|| at(wrong_arguments("NTILE", &bound, "NTILE(4) OVER (ORDER BY x)"))),
            "LAG" => lag(&bound, 1).ok_or_else(|| {
                at(wrong_arguments("LAG", &bound, "LAG(value [, rows [, default]]) OVER (..)"))
            })?,
            "LEAD" => lag(&bound, -1).ok_or_else(|| {
                at(wrong_arguments("LEAD", &bound, "LEAD(value [, rows [, default]]) OVER (..)"))
            })?,
            _ if aggregate::lookup(name).is_some() => {
                if arguments.star != bound.is_empty() {
                    let usage = aggregate::lookup(name).map_or("", |f| f.usage);
                    return Err(at(wrong_arguments(name, &bound, usage)));
                }
                if arguments.distinct && self.binder.mode == RuntimeMode::Batch {
                    return Err(at(Error::new("over-distinct-batch").arg("name", name)));
                }
                let call = aggregate::aggregate(name, bound, arguments.distinct, None, false);
                let mut call = call.map_err(|error| error.at(place))?;
                call.place = self.binder.place(place);
                let data_type = call.data_type.clone();
                Ok((Function::Aggregate(call), data_type))
            }
            _ => Err(at(Error::new("over-not-aggregate").arg("name", name))),
        }
    }

    /// The frame as it is written; without one, up to the row if there is an order, else all rows.
    fn frame(
        &mut self,
        written: Option<&WindowFrame>,
        ordered: bool,
        place: Option<Span>,
    ) -> Result<Frame> {
        let Some(WindowFrame { units, start_bound, end_bound }) = written else {
            return Ok(if ordered { Frame::running(false) } else { Frame::whole() });
        };
        refuse(*units == WindowFrameUnits::Groups, "GROUPS", place)?;
        let rows = *units == WindowFrameUnits::Rows;
        let start = self.bound(start_bound)?;
        let end = match end_bound {
            Some(WindowFrameBound::Preceding(None)) => {
                return Err(Error::new("over-frame").at(place));
            }
            Some(bound) => self.bound(bound)?,
            None => Bound::CurrentRow,
        };
        let backwards = matches!(
            (&start, &end),
            (Bound::UnboundedFollowing, _)
                | (Bound::Following(_), Bound::CurrentRow | Bound::Preceding(_))
                | (Bound::CurrentRow, Bound::Preceding(_))
        );
        if (&start, &end) == (&Bound::UnboundedPreceding, &Bound::UnboundedFollowing) {
            return Ok(Frame::whole());
        }
        match backwards {
            true => Err(Error::new("over-frame").at(place)),
            false => Ok(Frame { rows, start, end }),
        }
    }

    fn bound(&mut self, bound: &WindowFrameBound) -> Result<Bound> {
        Ok(match bound {
            WindowFrameBound::CurrentRow => Bound::CurrentRow,
            WindowFrameBound::Preceding(None) => Bound::UnboundedPreceding,
            WindowFrameBound::Following(None) => Bound::UnboundedFollowing,
            WindowFrameBound::Preceding(Some(by)) => Bound::Preceding(self.distance(by)?),
            WindowFrameBound::Following(Some(by)) => Bound::Following(self.distance(by)?),
        })
    }

    fn distance(&mut self, by: &Ast) -> Result<Value> {
        let bound = self.expr(by)?;
        let wrong = || Error::new("over-distance").at(place_of(by));
        match bound.as_literal() {
            Some(value @ (Value::Int(_) | Value::BigInt(_) | Value::IntervalDayTime(_))) => {
                Ok(value.clone())
            }
            Some(value @ (Value::Decimal(..) | Value::Double(_))) => Ok(value.clone()),
            _ => Err(wrong()),
        }
    }

    /// A distance of RANGE is measured along one number or time; one of ROWS is a number of rows.
    fn check_range(&self, call: &OverPlaceholder) -> Result<()> {
        let distance = |bound: &Bound| match bound {
            Bound::Preceding(value) | Bound::Following(value) => Some(value.clone()),
            _ => None,
        };
        let distances = [distance(&call.frame.start), distance(&call.frame.end)];
        let distances: Vec<Value> = distances.into_iter().flatten().collect();
        if distances.is_empty() {
            return Ok(());
        }
        let interval = |v: &Value| matches!(v, Value::IntervalDayTime(_));
        if call.frame.rows {
            let whole = distances.iter().all(|v| matches!(v, Value::Int(0..) | Value::BigInt(0..)));
            let wrong = || Error::new("over-distance").at(call.place);
            return if whole { Ok(()) } else { Err(wrong()) };
        }
        let time = |t: &LogicalType| {
            matches!(t, LogicalType::Timestamp { .. } | LogicalType::TimestampLtz { .. })
        };
        let fits = match call.order.as_slice() {
            [(key, ..)] if time(&key.data_type.logical) => distances.iter().all(interval),
            [(key, ..)] => is_numeric(&key.data_type.logical) && !distances.iter().any(interval),
            _ => false,
        };
        if !fits {
            let types = call.order.iter().map(|(e, ..)| e.data_type.logical.to_string());
            let types = types.collect::<Vec<_>>().join(", ");
            let error = Error::new("over-range-type").arg("type", types);
            return Err(error.at(call.place));
        }
        let of_time = call.order.iter().any(|(e, ..)| time(&e.data_type.logical));
        match of_time && self.binder.mode == RuntimeMode::Batch {
            true => Err(Error::new("over-range-batch").at(call.place)),
            false => Ok(()),
        }
    }
}

/// Whether the row itself is always in the frame; else the frame may be empty.
fn holds_the_row(frame: &Frame) -> bool {
    !matches!(frame.start, Bound::Following(_)) && !matches!(frame.end, Bound::Preceding(_))
}

fn ntile(bound: &[Expr]) -> Option<(Function, DataType)> {
    let buckets = match bound {
        [buckets] => whole(buckets.as_literal()?)?,
        _ => return None,
    };
    (buckets > 0).then(|| (Function::Ntile(buckets), DataType::not_null(LogicalType::BigInt)))
}

/// LAG and LEAD; the default gets the type of the value.
fn lag(bound: &[Expr], sign: i64) -> Option<Result<(Function, DataType)>> {
    let (value, rows, default) = match bound {
        [value] => (value, 1, None),
        [value, rows] => (value, whole(rows.as_literal()?)?, None),
        [value, rows, default] => (value, whole(rows.as_literal()?)?, Some(default)),
        _ => return None,
    };
    let nullable = default.is_none_or(|d| d.data_type.nullable) || value.data_type.nullable;
    let data_type = DataType { logical: value.data_type.logical.clone(), nullable };
    let default = default.cloned().map(|d| d.cast(data_type.logical.clone())).transpose();
    let (value, back, explicit) = (value.clone(), sign * rows, bound.len() > 1);
    let function = default.map(|default| Function::Lag { value, back, default, explicit });
    Some(function.map(|function| (function, data_type)))
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(n) => Some(i64::from(*n)),
        Value::BigInt(n) => Some(*n),
        _ => None,
    }
}

fn wrong_arguments(name: &str, bound: &[Expr], usage: &str) -> Error {
    let types: Vec<String> = bound.iter().map(|e| e.data_type.logical.to_string()).collect();
    let error = Error::new("function-arguments").arg("name", name.to_uppercase());
    error.arg("types", types.join(", ")).arg("usage", usage)
}
