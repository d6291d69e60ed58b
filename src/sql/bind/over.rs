//! Puts what OVER computes between a SELECT's input and its list.

use super::expr::{OverFunction, OverPlaceholder, Ranking};
use super::order::column_of;
use super::query::project;
use super::select::Output;
use crate::data::{Field, Schema};
use crate::expr::Expr;
use crate::expr::aggregate::AggregateCall;
use crate::sql::bound::{self, Node, OverCall, OverWindow, Rel, SortKey};

/// Computes calls over the input and lets the output, which has them behind the input's columns, read
/// them.
pub(super) fn over(input: Rel, calls: Vec<OverPlaceholder>, output: &mut Output) -> Rel {
    if calls.is_empty() {
        return input;
    }
    let width = input.schema.len();
    let fields = input.schema.fields().iter().enumerate();
    let mut exprs: Vec<Expr> = fields.map(|(n, f)| Expr::column(n, f.data_type.clone())).collect();
    let mut windows: Vec<OverWindow> = Vec::new();
    let places: Vec<(usize, usize)> =
        calls.into_iter().map(|call| place(call, &mut exprs, &mut windows)).collect();
    let names = exprs.iter().enumerate().map(|(n, e)| match e.as_column() {
        Some(column) => input.schema.fields()[column].name.clone(),
        None => format!("$f{n}"),
    });
    let names = names.collect();
    let below = project(input, exprs, names);
    let mut fields = below.schema.fields().to_vec();
    let mut first = Vec::new();
    for (number, window) in windows.iter().enumerate() {
        first.push(fields.len());
        let calls = window.calls.iter().enumerate();
        fields.extend(
            calls.map(|(n, call)| Field::new(format!("w{number}$o{n}"), call.data_type.clone())),
        );
    }
    let at = |column: usize| match column.checked_sub(width).and_then(|c| places.get(c)) {
        Some((window, call)) => first[*window] + call,
        None => column,
    };
    output.exprs.iter_mut().for_each(|expr| *expr = expr.map_columns(&at));
    let over = bound::Over { input: Box::new(below), windows };
    Rel { node: Node::Over(over), schema: Schema::new(fields) }
}

/// Puts a call into its window; the window and the call's position in it.
fn place(
    call: OverPlaceholder,
    exprs: &mut Vec<Expr>,
    windows: &mut Vec<OverWindow>,
) -> (usize, usize) {
    let OverPlaceholder { function, partition, order, frame, data_type, place } = call;
    let mut column = |expr: Expr| column_of(exprs, expr);
    let partition = partition.into_iter().map(&mut column).collect::<Vec<_>>();
    let order = order.into_iter().map(|(expr, descending, nulls_first)| SortKey {
        column: column(expr),
        descending,
        nulls_first,
    });
    let order = order.collect::<Vec<_>>();
    let function = bound_function(function, &mut column);
    let same = |w: &OverWindow| w.partition == partition && w.order == order && w.frame == frame;
    let window = windows.iter().position(same).unwrap_or_else(|| {
        windows.push(OverWindow { partition, order, frame, calls: Vec::new(), place });
        windows.len() - 1
    });
    windows[window].calls.push(OverCall { function, data_type });
    (window, windows[window].calls.len() - 1)
}

fn bound_function(
    function: OverFunction,
    column: &mut impl FnMut(Expr) -> usize,
) -> bound::OverFunction {
    match function {
        OverFunction::Aggregate(call) => {
            let argument = |e: Expr| {
                let data_type = e.data_type.clone();
                Expr::column(column(e), data_type)
            };
            let arguments = call.arguments.into_iter().map(argument).collect();
            bound::OverFunction::Aggregate(AggregateCall { arguments, ..call })
        }
        OverFunction::Ranking(ranking) => match ranking {
            Ranking::RowNumber => bound::OverFunction::RowNumber,
            Ranking::Rank => bound::OverFunction::Rank,
            Ranking::DenseRank => bound::OverFunction::DenseRank,
            Ranking::PercentRank => bound::OverFunction::PercentRank,
            Ranking::CumeDist => bound::OverFunction::CumeDist,
        },
        OverFunction::Ntile(buckets) => bound::OverFunction::Ntile(buckets),
        OverFunction::Lag { value, back, default, explicit } => {
            let value = column(value);
            bound::OverFunction::Lag { value, back, default: default.map(column), explicit }
        }
    }
}
