//! MATCH_RECOGNIZE, as far as Flink has it: variables one after the other with quantifiers, one row a
//! match.
//!
//! In its expressions `A.price` is the price of the last row that is A; a bare `price` that of the last
//! row of the match. Each variable is a table of the scope, so that names resolve as elsewhere; what is
//! asked of earlier rows (FIRST, LAST) and aggregates are placeholders behind.

use sqlparser::ast::{
    AfterMatchSkip, Expr as Ast, Ident, MatchRecognizePattern, MatchRecognizeSymbol, Measure,
    OrderByExpr, RepetitionQuantifier, RowsPerMatch, SymbolDefinition, TableAlias, TableFactor,
};

use super::Binder;
use super::expr::{Cx, Placeholder, place_of};
use super::foreign::{refuse, unsupported};
use super::from::{Named, aliased};
use super::order::{Key, key_of, sort_key};
use super::scope::{self, Scope};
use crate::base::{Error, LabDuration, Result, RuntimeMode};
use crate::data::{Field, Schema, TimeAttribute, Value};
use crate::expr::Expr;
use crate::expr::aggregate::AggregateCall;
use crate::sql::bound::{
    MatchExpr, MatchRecognize, MatchSkip, MatchSlot, Node, Pattern, PatternItem, Rel, SortKey,
};
use crate::sql::within;

/// FIRST or LAST of a column of the pattern's scope.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Navigation {
    /// The column.
    pub column: usize,
    /// Counted from the first row, or from the last one.
    pub first: bool,
    /// How many rows further.
    pub offset: usize,
}

/// The clauses of a MATCH_RECOGNIZE.
struct Written<'a> {
    partition_by: &'a [Ast],
    order_by: &'a [OrderByExpr],
    measures: &'a [Measure],
    after: &'a Option<AfterMatchSkip>,
    pattern: &'a MatchRecognizePattern,
    symbols: &'a [SymbolDefinition],
}

impl Binder<'_> {
    /// # Errors
    /// `match-order`, `match-pattern`, `match-greedy-last`, `match-variable-twice`,
    /// `match-variable-unknown`, and what is wrong with an expression.
    pub(super) fn match_recognize(&mut self, factor: &TableFactor) -> Result<Named> {
        let TableFactor::MatchRecognize {
            table,
            partition_by,
            order_by,
            measures,
            rows_per_match,
            after_match_skip,
            pattern,
            symbols,
            alias,
        } = factor
        else {
            return Err(unsupported(&factor.to_string(), None));
        };
        let all_rows = matches!(rows_per_match, Some(RowsPerMatch::AllRows(_)));
        refuse(all_rows, "ALL ROWS PER MATCH", partition_by.first().and_then(place_of))?;
        let (input, scope) = self.table_factor(table)?;
        let after = after_match_skip;
        let written = Written { partition_by, order_by, measures, after, pattern, symbols };
        let rel = self.pattern(input, &scope, &written)?;
        let alias: Option<&TableAlias> = alias.as_ref();
        aliased(rel, alias)
    }

    fn pattern(&self, input: Rel, scope: &Scope, written: &Written<'_>) -> Result<Rel> {
        let partition = written.partition_by.iter().map(|e| {
            let bound = self.scalar(e, scope, "PARTITION BY")?;
            bound.as_column().ok_or_else(|| unsupported("PARTITION BY f(..)", place_of(e)))
        });
        let partition = partition.collect::<Result<Vec<_>>>()?;
        let order = self.pattern_order(&input, scope, written.order_by)?;
        let items = items(written.pattern)?;
        let names: Vec<String> = items.iter().map(|i| i.name.clone()).collect();
        let seen = Scope::of_pattern(&input.schema, &names);
        let (mut defines, mut within) = (vec![None; items.len()], None);
        for SymbolDefinition { symbol, definition } in written.symbols {
            if symbol.value == within::VARIABLE {
                within = Some(self.within(definition)?);
                continue;
            }
            // What is defined but not in the pattern is of no use, and of no harm.
            if let Some(item) = names.iter().position(|n| *n == symbol.value) {
                let bound = self.match_expr(definition, &seen, &input.schema, true)?;
                defines[item] = Some(bound);
            }
        }
        let skip = skip(written.after.as_ref(), &names)?;
        let mut fields: Vec<Field> =
            partition.iter().map(|c| input.schema.fields()[*c].clone()).collect();
        let mut measures = Vec::with_capacity(written.measures.len());
        for Measure { expr, alias } in written.measures {
            let measure = self.match_expr(expr, &seen, &input.schema, false)?;
            fields.push(Field::new(alias.value.clone(), measure.expr.data_type.clone()));
            measures.push(measure);
        }
        let pattern = Pattern { partition, order, items, defines, measures, skip, within };
        let node = MatchRecognize { input: Box::new(input), pattern };
        Ok(Rel { node: Node::Match(node), schema: Schema::new(fields) })
    }

    /// The order begins with rising time.
    fn pattern_order(
        &self,
        input: &Rel,
        scope: &Scope,
        written: &[OrderByExpr],
    ) -> Result<Vec<SortKey>> {
        let mut keys = Vec::with_capacity(written.len());
        for written in written {
            let key: Key<'_> = key_of(written)?;
            let bound = self.scalar(key.expr, scope, "ORDER BY")?;
            let place = place_of(key.expr);
            let column = bound.as_column();
            let column = column.ok_or_else(|| unsupported("ORDER BY f(..)", place))?;
            keys.push(sort_key(&key, column));
            let logical = &input.schema.fields()[column].data_type.logical;
            let is_time = match self.mode {
                RuntimeMode::Streaming => logical.time_attribute() != TimeAttribute::None,
                RuntimeMode::Batch => super::group::is_time(logical),
            };
            if keys.len() == 1 && (!is_time || key.descending) {
                return Err(Error::new("match-order").at(place));
            }
        }
        match keys.is_empty() {
            true => Err(Error::new("match-order")),
            false => Ok(keys),
        }
    }

    fn within(&self, length: &Ast) -> Result<LabDuration> {
        let bound = self.scalar(length, &Scope::default(), "WITHIN")?;
        match bound.as_literal() {
            Some(Value::IntervalDayTime(millis)) => Ok(LabDuration::millis(*millis)),
            _ => Err(Error::new("window-months").at(place_of(length))),
        }
    }

    fn match_expr(
        &self,
        ast: &Ast,
        scope: &Scope,
        schema: &Schema,
        is_condition: bool,
    ) -> Result<MatchExpr> {
        let mut cx = Cx::matching(self, scope);
        let expr = match is_condition {
            true => cx.condition(ast, "DEFINE")?,
            false => cx.expr(ast)?,
        };
        let foreign =
            |p: &Placeholder| !matches!(p, Placeholder::Navigation(_) | Placeholder::Call(_));
        refuse(cx.placeholders().iter().any(foreign), "OVER", place_of(ast))?;
        let columns = expr.columns();
        let slot = |column: &usize| match column.checked_sub(scope.len()) {
            None => last_row(*column, schema),
            Some(placeholder) => match cx.placeholders().get(placeholder) {
                Some(Placeholder::Navigation(to)) => navigated(to, schema),
                Some(Placeholder::Call(call)) => aggregate_slot(call, schema),
                _ => last_row(0, schema),
            },
        };
        let slots = columns.iter().map(slot).collect();
        let place = |column: usize| columns.binary_search(&column).unwrap_or_default();
        Ok(MatchExpr { expr: expr.map_columns(&place), slots })
    }
}

/// The item and the column of the input that a column of the pattern's scope is.
fn origin(column: usize, schema: &Schema) -> (Option<usize>, usize) {
    let width = schema.len().max(1);
    ((column / width).checked_sub(1), column % width)
}

fn last_row(column: usize, schema: &Schema) -> MatchSlot {
    let (item, column) = origin(column, schema);
    MatchSlot::Row { item, column, first: false, offset: 0, navigated: false }
}

fn navigated(to: &Navigation, schema: &Schema) -> MatchSlot {
    let (item, column) = origin(to.column, schema);
    MatchSlot::Row { item, column, first: to.first, offset: to.offset, navigated: true }
}

fn aggregate_slot(call: &AggregateCall, schema: &Schema) -> MatchSlot {
    let read = call.arguments.iter().flat_map(Expr::columns).next();
    let item = read.and_then(|column| origin(column, schema).0);
    let mut call = call.clone();
    let place = |column: usize| origin(column, schema).1;
    call.arguments = call.arguments.iter().map(|e| e.map_columns(&place)).collect();
    MatchSlot::Aggregate { item, call }
}

/// The variables of a pattern: one after the other, each with a quantifier.
fn items(pattern: &MatchRecognizePattern) -> Result<Vec<PatternItem>> {
    let parts = match pattern {
        MatchRecognizePattern::Concat(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut items: Vec<PatternItem> = Vec::with_capacity(parts.len());
    for part in parts {
        let item =
            item(part).ok_or_else(|| Error::new("match-pattern").arg("found", part.to_string()))?;
        if items.iter().any(|other| other.name == item.name) {
            return Err(Error::new("match-variable-twice").arg("name", &item.name));
        }
        items.push(item);
    }
    match items.last() {
        Some(last) if last.greedy => Err(Error::new("match-greedy-last").arg("name", &last.name)),
        _ => Ok(items),
    }
}

fn item(pattern: &MatchRecognizePattern) -> Option<PatternItem> {
    use RepetitionQuantifier as Q;
    let named = |pattern: &MatchRecognizePattern| match pattern {
        MatchRecognizePattern::Symbol(MatchRecognizeSymbol::Named(name)) => {
            Some(name.value.clone())
        }
        _ => None,
    };
    let MatchRecognizePattern::Repetition(inner, quantifier) = pattern else {
        let name = named(pattern)?;
        return Some(PatternItem { name, min: 1, max: Some(1), greedy: false });
    };
    let (quantifier, reluctant) = match quantifier {
        Q::Reluctant(inner) => (&**inner, true),
        plain => (plain, false),
    };
    let (min, max) = match quantifier {
        Q::ZeroOrMore => (0, None),
        Q::OneOrMore => (1, None),
        Q::AtMostOne => (0, Some(1)),
        Q::Exactly(n) => (*n, Some(*n)),
        Q::AtLeast(n) => (*n, None),
        Q::AtMost(n) => (0, Some(*n)),
        Q::Range(min, max) => (*min, Some(*max)),
        Q::Reluctant(_) => return None,
    };
    if reluctant && (min, max) == (0, Some(1)) {
        return None;
    }
    let item = PatternItem { name: named(inner)?, min, max, greedy: false };
    Some(PatternItem { greedy: item.varies() && !reluctant, ..item })
}

fn skip(after: Option<&AfterMatchSkip>, names: &[String]) -> Result<MatchSkip> {
    let item = |name: &Ident| {
        let unknown = || Error::new("match-variable-unknown").arg("name", &name.value);
        let found = names.iter().position(|n| *n == name.value);
        found.ok_or_else(|| unknown().at(scope::span(name)))
    };
    Ok(match after {
        None | Some(AfterMatchSkip::ToNextRow) => MatchSkip::ToNextRow,
        Some(AfterMatchSkip::PastLastRow) => MatchSkip::PastLastRow,
        Some(AfterMatchSkip::ToFirst(name)) => MatchSkip::ToFirst(item(name)?),
        Some(AfterMatchSkip::ToLast(name)) => MatchSkip::ToLast(item(name)?),
    })
}
