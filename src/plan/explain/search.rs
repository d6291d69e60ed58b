//! Conditions on one column as the planner puts them together: `SEARCH(a, Sarg[1, (5..10)])`.
//!
//! Source: `RexSimplify` and `Sarg` of Calcite 1.32, for numbers, text, dates and moments.

use std::cmp::Ordering;

use super::expression::{Style, flat, shown, write};
use super::literal::{self, type_name};
use crate::data::{LogicalType, Value};
use crate::expr::Expr;
use crate::expr::types::is_numeric;

/// How deep conditions on one column are looked into.
const DEEPEST: u8 = 8;

/// A constant: its place among others, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    Number(i64),
    Moment(i64, String),
    Text(String),
}

/// Where a range ends, and whether that belongs to it.
#[derive(Clone, Debug, PartialEq)]
struct Edge {
    at: Point,
    included: bool,
}

/// Without an edge it goes on for ever.
#[derive(Clone, Debug, PartialEq)]
struct Range {
    from: Option<Edge>,
    to: Option<Edge>,
}

/// Whose type the constants have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Typed {
    Own,
    /// Of a list: the value's if they are numbers, else the longest text's.
    OfList,
    /// Compared for being equal: the value's.
    OfValue,
}

/// What a value is to be among.
#[derive(Clone, Debug)]
pub(super) struct Search<'a> {
    value: &'a Expr,
    /// In order, apart from each other.
    ranges: Vec<Range>,
    /// Whether NULL will do.
    or_null: bool,
    /// Whether it is asked not to be NULL besides.
    not_null: bool,
    typed: Typed,
}

/// A part of an AND or OR.
pub(super) enum Part<'a> {
    As(&'a Expr),
    Search(Search<'a>),
}

/// The search that a condition is, if it is shown as one.
pub(super) fn of(expr: &Expr, style: Style) -> Option<Search<'_>> {
    // What AND and OR join is put together by `merged`.
    let joins = expr.is_call("AND") || expr.is_call("OR");
    let found = if joins { None } else { search(expr, DEEPEST) };
    found.filter(|found| found.is_search() && style.searches(found.value))
}

/// Whether a condition comes to a search.
pub(super) fn is_search(expr: &Expr) -> bool {
    search(expr, DEEPEST).is_some_and(|found| found.is_search())
}

/// The parts of an AND (or of an OR), those on one column put together.
pub(super) fn merged<'a>(parts: Vec<&'a Expr>, all: bool, style: Style) -> Vec<Part<'a>> {
    let mut groups: Vec<Vec<(usize, Search<'a>)>> = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let found = search(part, DEEPEST).filter(|found| style.searches(found.value));
        let Some(found) = found else { continue };
        match groups.iter_mut().find(|group| group[0].1.value == found.value) {
            Some(group) => group.push((place, found)),
            None => groups.push(vec![(place, found)]),
        }
    }
    let mut out: Vec<Option<Part<'a>>> = parts.iter().map(|part| Some(Part::As(part))).collect();
    for group in groups.into_iter().filter(|group| group.len() > 1) {
        let (places, searches): (Vec<usize>, Vec<Search<'a>>) = group.into_iter().unzip();
        let Some(joined) = joined(&searches, all) else { continue };
        let same = searches.iter().position(|one| one.is_same(&joined));
        let put = match same {
            _ if joined.is_search() => Part::Search(joined),
            Some(same) => Part::As(parts[places[same]]),
            None => continue,
        };
        places.iter().for_each(|place| out[*place] = None);
        out[places[0]] = Some(put);
    }
    out.into_iter().flatten().collect()
}

fn joined<'a>(searches: &[Search<'a>], all: bool) -> Option<Search<'a>> {
    let first = searches.first()?;
    if searches.iter().any(|one| one.value != first.value) {
        return None;
    }
    let typed = searches.iter().map(|one| one.typed).max()?;
    let (ranges, or_null) = match all {
        true => {
            let outside = searches.iter().flat_map(|one| others(&one.ranges)).collect();
            let ranges = others(&in_order(outside));
            (ranges, searches.iter().all(|one| one.or_null))
        }
        false => {
            let ranges = searches.iter().flat_map(|one| one.ranges.iter().cloned()).collect();
            (in_order(ranges), searches.iter().any(|one| one.or_null))
        }
    };
    let not_null = all && searches.iter().any(|one| one.not_null);
    if !all && searches.iter().any(|one| one.not_null) {
        return None;
    }
    Some(Search { value: first.value, ranges, or_null, not_null, typed })
}

fn search(expr: &Expr, depth: u8) -> Option<Search<'_>> {
    let depth = depth.checked_sub(1)?;
    match (expr.as_call()?.name, expr.operands()) {
        (name @ ("AND" | "OR"), _) => {
            let parts = flat(expr, name).into_iter().map(|part| search(part, depth));
            joined(&parts.collect::<Option<Vec<_>>>()?, name == "AND")
        }
        ("NOT", [inner]) => {
            let inner = search(inner, depth).filter(|inner| !inner.or_null && !inner.not_null)?;
            Some(Search { ranges: others(&inner.ranges), ..inner })
        }
        ("IS NULL", [operand]) => {
            let nothing = Search::among(shown(operand), Vec::new(), Typed::Own);
            Some(Search { or_null: true, ..nothing })
        }
        ("IS NOT NULL", [operand]) => {
            let everything = Search::among(shown(operand), others(&[]), Typed::Own);
            Some(Search { not_null: true, ..everything })
        }
        ("IN", [value, list @ ..]) => {
            let value = equal_value(value)?;
            let point = |item| point(value, item).map(Range::point);
            let ranges = in_order(list.iter().map(point).collect::<Option<_>>()?);
            Some(Search::among(value, ranges, Typed::OfList))
        }
        ("BETWEEN", [value, low, high]) => {
            let value = shown(value);
            let edge = |at| Some(Edge { at, included: true });
            let range = Range { from: edge(point(value, low)?), to: edge(point(value, high)?) };
            let ranges = range.meet(&range).into_iter().collect();
            Some(Search::among(value, ranges, Typed::Own))
        }
        (name, [a, b]) => compared(name, a, b),
        _ => None,
    }
}

fn compared<'a>(name: &str, a: &'a Expr, b: &'a Expr) -> Option<Search<'a>> {
    let (value, constant, turned) = match shown(a).as_literal() {
        None => (a, b, false),
        Some(_) => (b, a, true),
    };
    let by_equal = matches!(name, "=" | "<>");
    let value = if by_equal { equal_value(value)? } else { shown(value) };
    if value.as_literal().is_some() {
        return None;
    }
    let at = point(value, constant)?;
    let below = |included| Range { from: None, to: Some(Edge { at: at.clone(), included }) };
    let above = |included| Range { from: Some(Edge { at: at.clone(), included }), to: None };
    let ranges = match (name, turned) {
        ("=", _) => vec![Range::point(at)],
        ("<>", _) => vec![below(false), above(false)],
        ("<", false) | (">", true) => vec![below(false)],
        ("<=", false) | (">=", true) => vec![below(true)],
        (">", false) | ("<", true) => vec![above(false)],
        (">=", false) | ("<=", true) => vec![above(true)],
        _ => return None,
    };
    let typed = if by_equal { Typed::OfValue } else { Typed::Own };
    Some(Search::among(value, ranges, typed))
}

/// A value that is compared for being equal, unless that takes a cast.
fn equal_value(value: &Expr) -> Option<&Expr> {
    Some(shown(value)).filter(|shown| *shown == value && value.as_literal().is_none())
}

/// A constant that can be searched for in a value of its kind.
fn point(value: &Expr, constant: &Expr) -> Option<Point> {
    use LogicalType as L;
    let constant = shown(constant);
    let to = &value.data_type.logical;
    match (constant.as_literal()?, &constant.data_type.logical) {
        (Value::Int(number), L::Int) if is_numeric(to) => Some(Point::Number((*number).into())),
        (Value::String(text), _) if matches!(to, L::Char(_) | L::Varchar(_)) => {
            Some(Point::Text(text.to_string()))
        }
        (Value::Date(days), L::Date) if *to == L::Date => {
            Some(Point::Moment((*days).into(), literal::untyped(constant)))
        }
        (Value::Time(millis), L::Time(0)) if matches!(to, L::Time(_)) => {
            Some(Point::Moment((*millis).into(), literal::untyped(constant)))
        }
        (Value::Timestamp(millis, 0), L::Timestamp { precision: 0, .. })
            if matches!(to, L::Timestamp { .. }) =>
        {
            Some(Point::Moment(*millis, literal::untyped(constant)))
        }
        _ => None,
    }
}

/// Ranges that meet become one.
fn in_order(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_by(|a, b| later_start(a.from.as_ref(), b.from.as_ref()));
    let mut out: Vec<Range> = Vec::new();
    for range in ranges {
        match out.last_mut().filter(|last| last.touches(&range)) {
            Some(last) if earlier_end(last.to.as_ref(), range.to.as_ref()) == Ordering::Less => {
                last.to = range.to;
            }
            Some(_) => {}
            None => out.push(range),
        }
    }
    out
}

/// What lies between ranges.
fn others(ranges: &[Range]) -> Vec<Range> {
    let flipped = |edge: &Edge| Edge { at: edge.at.clone(), included: !edge.included };
    let mut out = Vec::new();
    let mut from = Some(None);
    for range in ranges {
        if let (Some(from), Some(to)) = (from.take(), &range.from) {
            out.push(Range { from, to: Some(flipped(to)) });
        }
        from = range.to.as_ref().map(|to| Some(flipped(to)));
    }
    out.extend(from.map(|from| Range { from, to: None }));
    out
}

fn later_start(a: Option<&Edge>, b: Option<&Edge>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.at.cmp(&b.at).then(b.included.cmp(&a.included)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

fn earlier_end(a: Option<&Edge>, b: Option<&Edge>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.at.cmp(&b.at).then(a.included.cmp(&b.included)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

impl Range {
    fn point(at: Point) -> Self {
        let edge = Edge { at, included: true };
        Self { from: Some(edge.clone()), to: Some(edge) }
    }

    fn is_point(&self) -> bool {
        self.from.is_some() && self.from == self.to
    }

    /// What is in both.
    fn meet(&self, other: &Self) -> Option<Self> {
        let from = match later_start(self.from.as_ref(), other.from.as_ref()) {
            Ordering::Less => &other.from,
            _ => &self.from,
        };
        let to = match earlier_end(self.to.as_ref(), other.to.as_ref()) {
            Ordering::Greater => &other.to,
            _ => &self.to,
        };
        let is_there = match (from, to) {
            (Some(from), Some(to)) => {
                from.at < to.at || (from.at == to.at && from.included && to.included)
            }
            _ => true,
        };
        is_there.then(|| Self { from: from.clone(), to: to.clone() })
    }

    /// Whether one that starts later goes on where this ends.
    fn touches(&self, next: &Self) -> bool {
        match (&self.to, &next.from) {
            (Some(to), Some(from)) => {
                from.at < to.at || (from.at == to.at && (from.included || to.included))
            }
            _ => true,
        }
    }

    fn text(&self, point: &dyn Fn(&Point) -> String) -> String {
        if let (true, Some(edge)) = (self.is_point(), &self.from) {
            return point(&edge.at);
        }
        let from = match &self.from {
            None => "(-∞".to_owned(),
            Some(edge) => format!("{}{}", if edge.included { '[' } else { '(' }, point(&edge.at)),
        };
        let to = match &self.to {
            None => "+∞)".to_owned(),
            Some(edge) => format!("{}{}", point(&edge.at), if edge.included { ']' } else { ')' }),
        };
        format!("{from}..{to}")
    }
}

impl<'a> Search<'a> {
    /// A value in ranges, where nothing is said of NULL.
    fn among(value: &'a Expr, ranges: Vec<Range>, typed: Typed) -> Self {
        Self { value, ranges, or_null: false, not_null: false, typed }
    }

    /// Whether it is written as one: nothing simpler says the same.
    fn is_search(&self) -> bool {
        let is_simple = match self.ranges.as_slice() {
            [] => return false,
            [one] if one.from.is_none() && one.to.is_none() => return false,
            [one] => one.is_point() || one.from.is_none() || one.to.is_none(),
            [..] => matches!(others(&self.ranges).as_slice(), [gap] if gap.is_point()),
        };
        let is_told = self.typed == Typed::Own
            || match &self.value.data_type.logical {
                LogicalType::Timestamp { .. } => false,
                logical if is_numeric(logical) => {
                    use LogicalType::{BigInt, Double, Int};
                    matches!(logical, Int | BigInt | Double)
                }
                _ => true,
            };
        is_told && (self.or_null || !is_simple)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.ranges == other.ranges
            && self.or_null == other.or_null
            && self.not_null == other.not_null
    }

    pub fn text(&self, style: Style, name: &dyn Fn(usize) -> String) -> String {
        let (of_each, behind) = self.types(style);
        let is_double = behind == ":DOUBLE";
        let point = |point: &Point| match point {
            Point::Number(number) if is_double => format!("{:E}{of_each}", *number as f64),
            Point::Number(number) => format!("{number}{of_each}"),
            Point::Moment(_, text) => format!("{text}{of_each}"),
            Point::Text(text) => format!("_UTF-16LE'{}'{of_each}", text.replace('\'', "''")),
        };
        let ranges: Vec<String> = self.ranges.iter().map(|range| range.text(&point)).collect();
        let null = match (self.or_null, self.not_null) {
            (true, _) => "; NULL AS TRUE",
            (false, true) => "; NULL AS FALSE",
            (false, false) => "",
        };
        let searched = write(self.value, style, name);
        format!("SEARCH({searched}, Sarg[{}{null}]{behind})", ranges.join(", "))
    }

    /// The type behind each constant, and behind all of them.
    fn types(&self, style: Style) -> (String, String) {
        let edges = self.ranges.iter().flat_map(|range| [&range.from, &range.to]).flatten();
        let lengths: Vec<u32> = edges
            .filter_map(|edge| match &edge.at {
                Point::Text(text) => Some(text.chars().count() as u32),
                _ => None,
            })
            .collect();
        let longest = lengths.iter().max().copied();
        let of_value = self.typed == Typed::OfValue;
        match (&self.value.data_type.logical, longest) {
            _ if !style.is_typed() => (String::new(), String::new()),
            (logical, Some(_)) if of_value => {
                let behind = format!(":{}", type_name(logical, style));
                (behind.clone(), behind)
            }
            // All have the length of the longest, as VARCHAR unless they are equally long.
            (_, Some(longest)) if lengths.iter().all(|length| *length == longest) => {
                (String::new(), format!(":{}", type_name(&LogicalType::Char(longest), style)))
            }
            (_, Some(longest)) => {
                let behind = format!(":{}", type_name(&LogicalType::Varchar(longest), style));
                (behind.clone(), behind)
            }
            (LogicalType::BigInt, _) if self.typed != Typed::Own => {
                ("L:BIGINT".to_owned(), ":BIGINT".to_owned())
            }
            (LogicalType::Double, _) if self.typed != Typed::Own => {
                (":DOUBLE".to_owned(), ":DOUBLE".to_owned())
            }
            _ => (String::new(), String::new()),
        }
    }
}
