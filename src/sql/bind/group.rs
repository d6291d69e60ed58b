//! GROUP BY: the keys, the sets of keys (GROUPING SETS, CUBE, ROLLUP), and the window.

use sqlparser::ast::{
    Expr as Ast, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr,
};

use super::Binder;
use super::expr::{Cx, Placeholder, place_of};
use super::foreign::{refuse, unsupported};
use super::order::column_of;
use super::scope::Scope;
use super::select::distinct_of;
use super::table::with_attribute;
use super::window::{self, Window};
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{Node, Rel, WindowColumns};

/// The most sets that CUBE may make: Flink's own plans give up long before.
const MOST_SETS: usize = 1 << 12;

/// What a SELECT is grouped by.
#[derive(Default)]
pub(super) struct Grouping {
    /// Whether there is a GROUP BY.
    pub present: bool,
    /// Its expressions, but for the window, each once.
    pub keys: Vec<Expr>,
    /// The sets of keys, as positions; `None` for the plain set of all.
    pub sets: Option<Vec<Vec<usize>>>,
    /// Its window.
    pub window: Option<Window>,
}

/// The sets that one item of GROUP BY stands for.
type Sets = Vec<Vec<usize>>;

impl Binder<'_> {
    pub(super) fn grouping(&self, group_by: &GroupByExpr, scope: &Scope) -> Result<Grouping> {
        let mut grouping = Grouping::default();
        let GroupByExpr::Expressions(exprs, modifiers) = group_by else {
            return Err(unsupported("GROUP BY ALL", None));
        };
        refuse(!modifiers.is_empty(), "WITH ROLLUP", None)?;
        grouping.present = !exprs.is_empty();
        let mut sets: Sets = vec![Vec::new()];
        for expr in exprs {
            let of_item = self.group_item(expr, scope, &mut grouping)?;
            sets = product(&sets, &of_item);
            if sets.len() > MOST_SETS {
                let error = Error::new("grouping-sets-many").arg("most", MOST_SETS);
                return Err(error.at(place_of(expr)));
            }
        }
        let all: Vec<usize> = (0..grouping.keys.len()).collect();
        sets.iter_mut().for_each(|set| set.sort_unstable());
        sets.sort_by_key(|set| in_order(set));
        grouping.sets = (sets != [all]).then_some(sets);
        if grouping.sets.is_some() && grouping.window.is_some() {
            let place = exprs.first().and_then(place_of);
            return Err(Error::new("window-grouping-sets").at(place));
        }
        Ok(grouping)
    }

    fn group_item(&self, expr: &Ast, scope: &Scope, grouping: &mut Grouping) -> Result<Sets> {
        match expr {
            Ast::GroupingSets(items) => {
                let mut sets = Vec::new();
                for item in items {
                    sets.extend(self.element(item, scope, grouping)?);
                }
                Ok(sets)
            }
            Ast::Rollup(items) => Ok(rollup(&self.elements(items, scope, grouping)?)),
            Ast::Cube(items) => cube(&self.elements(items, scope, grouping)?, expr),
            Ast::Tuple(items) => {
                let mut sets = vec![Vec::new()];
                for item in items {
                    sets = product(&sets, &self.group_item(item, scope, grouping)?);
                }
                Ok(sets)
            }
            Ast::Function(function) if nested_sets(function).is_some() => {
                let (is_cube, items) = nested_sets(function).unwrap_or_default();
                let items: Vec<Vec<Ast>> = items.into_iter().map(|item| vec![item]).collect();
                let elements = self.elements(&items, scope, grouping)?;
                if is_cube { cube(&elements, expr) } else { Ok(rollup(&elements)) }
            }
            Ast::Function(function) if window::is_window(function) => {
                refuse(grouping.window.is_some(), "TUMBLE, TUMBLE", place_of(expr))?;
                grouping.window = Some(self.window(function, scope)?);
                Ok(vec![Vec::new()])
            }
            _ => {
                let key = self.scalar(expr, scope, "GROUP BY")?;
                Ok(vec![vec![column_of(&mut grouping.keys, key)]])
            }
        }
    }

    /// One element of GROUPING SETS: keys together, or sets of its own.
    fn element(&self, items: &[Ast], scope: &Scope, grouping: &mut Grouping) -> Result<Sets> {
        let mut sets = vec![Vec::new()];
        for item in items {
            sets = product(&sets, &self.group_item(item, scope, grouping)?);
        }
        Ok(sets)
    }

    /// The elements of CUBE and ROLLUP, each a set of keys that come and go together.
    fn elements(&self, items: &[Vec<Ast>], scope: &Scope, grouping: &mut Grouping) -> Result<Sets> {
        let element = |item: &Vec<Ast>| Ok(self.element(item, scope, grouping)?.concat());
        items.iter().map(element).collect()
    }
}

/// ROLLUP: the elements, then one less from the end each time.
fn rollup(elements: &Sets) -> Sets {
    (0..=elements.len()).rev().map(|n| elements[..n].concat()).collect()
}

/// CUBE: every choice of elements.
fn cube(elements: &Sets, expr: &Ast) -> Result<Sets> {
    if elements.len() >= MOST_SETS.ilog2() as usize {
        let error = Error::new("grouping-sets-many").arg("most", MOST_SETS);
        return Err(error.at(place_of(expr)));
    }
    let chosen = |bits: usize| {
        let of = elements.iter().enumerate().filter(|(n, _)| bits & (1 << n) != 0);
        of.flat_map(|(_, element)| element.clone()).collect()
    };
    Ok((0..1 << elements.len()).map(chosen).collect())
}

/// ROLLUP and CUBE inside GROUPING SETS, which the parser takes for calls: whether it is CUBE, and
/// the arguments.
fn nested_sets(function: &Function) -> Option<(bool, Vec<Ast>)> {
    let is_cube = match function.name.to_string().to_uppercase().as_str() {
        "CUBE" => true,
        "ROLLUP" => false,
        _ => return None,
    };
    let FunctionArguments::List(list) = &function.args else { return None };
    let argument = |argument: &FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
        _ => None,
    };
    Some((is_cube, list.args.iter().map(argument).collect::<Option<_>>()?))
}

/// Every set of the one with every set of the other.
fn product(left: &Sets, right: &Sets) -> Sets {
    let both = |l: &Vec<usize>| {
        let l = l.clone();
        right.iter().map(move |r| {
            let mut set = l.clone();
            set.extend(r);
            set.sort_unstable();
            set.dedup();
            set
        })
    };
    left.iter().flat_map(both).collect()
}

/// Calcite's order of sets: by the first key that one has and the other has not.
fn in_order(set: &[usize]) -> Vec<usize> {
    set.iter().copied().chain([usize::MAX]).collect()
}

impl Grouping {
    /// Whether all rows are one group.
    pub fn is_global(&self) -> bool {
        !self.present
    }

    /// Whether there is anything to aggregate.
    pub fn applies(&self, cx: &Cx<'_>, having: bool) -> bool {
        let aggregates = |p: &Placeholder| !matches!(p, Placeholder::Over(_));
        self.present || having || cx.placeholders().iter().any(aggregates)
    }

    /// The id of a set, as GROUPING_ID of all keys gives it; sets that are there twice differ.
    pub fn id_of(&self, set: usize) -> i64 {
        let Some(sets) = &self.sets else { return 0 };
        let twice = sets[..set].iter().filter(|other| **other == sets[set]).count();
        missing(&(0..self.keys.len()).collect::<Vec<_>>(), &sets[set])
            + ((twice as i64) << self.keys.len())
    }
}

/// A bit for each key, the last one the lowest: whether the set lacks it.
pub(super) fn missing(keys: &[usize], set: &[usize]) -> i64 {
    keys.iter().fold(0, |bits, key| 2 * bits + i64::from(!set.contains(key)))
}

/// A time attribute that groups is a plain timestamp from there on, unless it is that of the window.
pub(super) fn group_type(data_type: &DataType, is_window_time: bool) -> DataType {
    if is_window_time {
        return data_type.clone();
    }
    DataType {
        logical: with_attribute(data_type.logical.clone(), TimeAttribute::None),
        nullable: data_type.nullable,
    }
}

/// Of keys that are columns of a relation, those that are its window's time in a group of windows.
pub(super) fn window_times(keys: &[Expr], windows: Option<&WindowColumns>) -> Vec<bool> {
    let columns: Vec<usize> = keys.iter().filter_map(Expr::as_column).collect();
    let windows = windows.filter(|w| w.are_in(&columns));
    let is_time = |key: &Expr| match (windows, key.as_column()) {
        (Some(windows), Some(column)) => windows.times.contains(&column),
        _ => false,
    };
    keys.iter().map(is_time).collect()
}

/// SELECT DISTINCT: groups of all columns.
pub(super) fn distinct(input: Rel) -> Rel {
    let fields = input.schema.fields().iter();
    let fields = fields.map(|f| Field::new(f.name.clone(), group_type(&f.data_type, false)));
    let schema = Schema::new(fields.collect());
    Rel { node: Node::Aggregate(distinct_of(input)), schema }
}

/// Whether a type can be the time of a window.
pub(super) fn is_time(logical: &LogicalType) -> bool {
    matches!(logical, LogicalType::Timestamp { .. } | LogicalType::TimestampLtz { .. })
}
