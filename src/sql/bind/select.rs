//! SELECT .. FROM .. WHERE .. GROUP BY .. HAVING, with the ORDER BY that belongs to it.

use sqlparser::ast::{
    self, Distinct, Expr as Ast, Function, FunctionArguments, Select, SelectItem,
};
use sqlparser::ast::{SelectItemQualifiedWildcardKind as Wildcard, WildcardAdditionalOptions};

use super::Binder;
use super::aggregate::aggregate;
use super::expr::{Cx, OverPlaceholder, check_value, place_of};
use super::foreign::{refuse, unsupported};
use super::from::Named;
use super::order::{Key, Limits, column_of, keys_of, ordinal, sort_key};
use super::over::over;
use super::query::{project, projection};
use super::scope::{self, Scope};
use super::size::RELATION;
use super::subquery::{Joined, as_written, beside, is_value, narrow, read, written_of};
use super::table::last;
use crate::base::{Error, Result, Span};
use crate::data::{LogicalType, Schema};
use crate::expr::Expr;
use crate::sql::bound::{Aggregate, Node, Rel, SortKey, Subquery};
use crate::sql::{hints, place};

/// What a SELECT gives out, over the relation behind it.
#[derive(Default)]
pub(super) struct Output {
    /// Its columns, and behind them those that only the order needs.
    pub exprs: Vec<Expr>,
    /// The names of its columns.
    pub names: Vec<String>,
    /// HAVING.
    pub having: Option<Expr>,
    /// The order, and its place.
    pub keys: Vec<(SortKey, Option<Span>)>,
    /// Whether it stands over an aggregate, which then gives its columns their names.
    pub aggregates: bool,
    /// What it says of subqueries.
    written: Option<Written>,
}

/// A SELECT list and HAVING with their subqueries, and what they select from.
struct Written {
    input: Rel,
    exprs: Vec<Expr>,
    having: Option<Expr>,
    read: Vec<Subquery>,
}

/// The rows for which HAVING is true. What reads subqueries there is shown as it was written, unless the
/// SELECT list reads some too.
fn having(input: Rel, condition: Expr, written: &mut Option<Written>) -> Rel {
    let rel = filter(input, condition);
    let reads = |expr: &Expr| expr.columns().into_iter().any(is_value);
    match written.take() {
        Some(Written { input, exprs, having: Some(having), read }) => {
            match (exprs.iter().any(reads), reads(&having)) {
                (false, true) => {
                    let width = input.schema.len();
                    as_written(narrow(rel, width), filter(input, having), Some(read))
                }
                (true, false) => {
                    *written =
                        Some(Written { input: filter(input, having), exprs, having: None, read });
                    rel
                }
                _ => rel,
            }
        }
        _ => rel,
    }
}

impl Binder<'_> {
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: Option<&ast::OrderBy>,
        limits: Limits,
    ) -> Result<Rel> {
        refuse_foreign(select)?;
        self.grow(RELATION, place::span(select.select_token.0.span))?;
        self.refuse_unknown_hint(select.select_token.0.span.end)?;
        let (input, scope) = self.hinted_from(select)?;
        refuse_without_from(select)?;
        let plain = scope.without_common();
        let input = match &select.selection {
            Some(condition) => self.filtered(input, &plain, condition)?,
            None => input,
        };
        let distinct = matches!(select.distinct, Some(Distinct::Distinct));
        let grouping = self.grouping(&select.group_by, &scope)?;
        let windows = &select.named_window;
        let mut cx = Cx::aggregating(self, &scope, grouping.is_global(), windows);
        let mut output = Output::default();
        for item in &select.projection {
            self.item(item, &scope, &mut cx, &mut output)?;
        }
        let calls = cx.overs().len();
        output.having = match &select.having {
            Some(condition) => Some(cx.condition(condition, "HAVING")?),
            None => None,
        };
        if let Some(over) = cx.overs().get(calls) {
            let error = Error::new("over-misplaced").arg("name", "OVER").arg("clause", "HAVING");
            return Err(error.at(over.place));
        }
        cx.name_in(&plain);
        cx.name_aliases(&output.names, &output.exprs);
        for key in keys_of(order_by)? {
            order(&key, &mut cx, &mut output)?;
        }
        let width = output.names.len();
        let (input, mut overs) = match grouping.applies(&cx, output.having.is_some()) {
            true => {
                let (rel, overs) = aggregate(&grouping, input, &scope, &cx, &mut output)?;
                self.check_distinct_in_windows(&rel)?;
                self.check_emit(&rel, &select.group_by)?;
                output.aggregates = !asks_of_window(&rel);
                (rel, overs)
            }
            false => (input, cx.overs()),
        };
        let input = with_subqueries(input, cx.take_subqueries(), &mut overs, &mut output)?;
        let input = match output.having.take() {
            Some(condition) => having(input, condition, &mut output.written),
            None => input,
        };
        let input = over(input, overs, &mut output);
        self.finish(input, output, width, distinct, limits)
    }

    /// The relations of FROM, with what LOOKUP hints say of them.
    ///
    /// # Errors
    /// What is wrong with a hint; `hint-lookup-unknown` if it names none of the tables.
    fn hinted_from(&mut self, select: &Select) -> Result<Named> {
        let hints = hints::lookups_after(self.source, select.select_token.0.span.end)?;
        let around = std::mem::replace(&mut self.lookup_hints, hints);
        let from = self.from(&select.from);
        let hints = std::mem::replace(&mut self.lookup_hints, around);
        let named = from?;
        let tables = named.1.tables();
        match hints.into_iter().find(|hint| !tables.contains(&hint.table.as_str())) {
            None => Ok(named),
            Some(hint) => {
                let error = Error::new("hint-lookup-unknown").arg("name", hint.table);
                Err(error.arg("available", tables.join(", ")).at(hint.place))
            }
        }
    }

    /// Projection, DISTINCT, order; then the columns that only the order needed go.
    fn finish(
        &self,
        input: Rel,
        output: Output,
        width: usize,
        distinct: bool,
        limits: Limits,
    ) -> Result<Rel> {
        let Output { exprs, names, keys, aggregates, written, .. } = output;
        if distinct && exprs.len() > width {
            let place = keys.iter().find(|(key, _)| key.column >= width).and_then(|(_, p)| *p);
            return Err(Error::new("order-not-output").at(place));
        }
        let hidden = (width..exprs.len()).map(|n| match exprs[n].as_column() {
            Some(column) => input.schema.fields()[column].name.clone(),
            None => format!("EXPR${n}"),
        });
        let all_names = names.iter().cloned().chain(hidden).collect::<Vec<_>>();
        let listed = |exprs: Vec<Expr>| exprs.into_iter().map(super::expr::written).collect();
        let mut rel = match aggregates {
            true => project(input, listed(exprs), all_names.clone()),
            false => projection(input, listed(exprs), all_names.clone()),
        };
        if let Some(Written { input, exprs, read, .. }) = written {
            rel = as_written(rel, project(input, listed(exprs), all_names), Some(read));
        }
        if distinct {
            rel = super::group::distinct(rel);
        }
        let rel = self.sort(rel, keys, limits)?;
        if rel.schema.len() == width {
            return Ok(rel);
        }
        let kept = rel.schema.fields()[..width].iter().enumerate();
        let kept = kept.map(|(n, f)| Expr::column(n, f.data_type.clone())).collect();
        Ok(project(rel, kept, names))
    }

    fn item(
        &self,
        item: &SelectItem,
        scope: &Scope,
        cx: &mut Cx<'_>,
        output: &mut Output,
    ) -> Result<()> {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let bound = typed(cx.expr(expr)?, expr)?;
                let constant = bound.as_call().is_some() && bound.operands().is_empty();
                let named = bound.as_column().is_some() || bound.is_call(".") || constant;
                let name = name_of(expr).filter(|_| named);
                let name = name.unwrap_or_else(|| format!("EXPR${}", output.names.len()));
                output.push(bound, name);
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                output.push(typed(cx.expr(expr)?, expr)?, alias.value.clone());
            }
            SelectItem::ExprWithAliases { expr, .. } => {
                return Err(unsupported("AS (..)", place_of(expr)));
            }
            SelectItem::Wildcard(options) => {
                let span = plain_wildcard(options)?;
                if scope.len() == 0 {
                    return Err(Error::new("star-without-from").at(span));
                }
                scope
                    .visible()
                    .into_iter()
                    .for_each(|column| output.push_column(column, scope, span, cx));
            }
            SelectItem::QualifiedWildcard(Wildcard::ObjectName(name), options) => {
                let span = plain_wildcard(options)?;
                let idents: Vec<ast::Ident> =
                    name.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
                match scope.of_table(&idents) {
                    Ok(columns) => {
                        columns.iter().for_each(|c| output.push_column(*c, scope, span, cx));
                    }
                    Err(error) => output.push_fields(idents, cx).ok_or(error)?,
                }
            }
            SelectItem::QualifiedWildcard(Wildcard::Expr(expr), _) => {
                return Err(unsupported("(..).*", place_of(expr)));
            }
        }
        Ok(())
    }
}

/// Without FROM there is nothing to choose from or to group, and no such syntax.
fn refuse_without_from(select: &Select) -> Result<()> {
    if !select.from.is_empty() {
        return Ok(());
    }
    let groups = match &select.group_by {
        ast::GroupByExpr::Expressions(keys, _) => !keys.is_empty(),
        ast::GroupByExpr::All(_) => true,
    };
    for (clause, condition) in [("WHERE", &select.selection), ("HAVING", &select.having)] {
        let place = condition.as_ref().and_then(place_of);
        refuse(condition.is_some(), &format!("{clause} without FROM"), place)?;
    }
    refuse(groups, "GROUP BY without FROM", None)?;
    refuse(!select.named_window.is_empty(), "WINDOW without FROM", None)
}

/// A column, which needs a type.
fn typed(bound: Expr, written: &Ast) -> Result<Expr> {
    check_value(&bound).map_err(|error| error.at(place_of(written)))?;
    Ok(bound)
}

impl Output {
    fn push(&mut self, expr: Expr, name: String) {
        self.exprs.push(expr);
        self.names.push(name);
    }

    /// The fields of a row, by its name; `None` if there is no such row.
    fn push_fields(&mut self, row: Vec<ast::Ident>, cx: &mut Cx<'_>) -> Option<()> {
        let row = match <[ast::Ident; 1]>::try_from(row) {
            Ok([column]) => cx.expr(&Ast::Identifier(column)).ok()?,
            Err(parts) => cx.expr(&Ast::CompoundIdentifier(parts)).ok()?,
        };
        let LogicalType::Row(schema) = row.data_type.logical.clone() else { return None };
        for field in schema.fields() {
            let value = cx.field(row.clone(), &ast::Ident::new(&field.name)).ok()?;
            self.push(value, field.name.clone());
        }
        Some(())
    }

    fn push_column(&mut self, column: usize, scope: &Scope, span: Option<Span>, cx: &mut Cx<'_>) {
        let Some(named) = scope.column(column) else { return };
        let (data_type, name) = (named.data_type.clone(), named.name.clone());
        cx.saw(column, span);
        self.push(Expr::column(column, data_type), name);
    }
}

/// An alias of the SELECT list, the position of a column, or an expression of what is selected from.
fn order(key: &Key<'_>, cx: &mut Cx<'_>, output: &mut Output) -> Result<()> {
    let place = place_of(key.expr);
    let alias = match key.expr {
        Ast::Identifier(ident) => {
            let mut named = (0..output.names.len()).filter(|n| output.names[*n] == ident.value);
            let first = named.next();
            if named.next().is_some() {
                let error = Error::new("ambiguous-column").arg("name", &ident.value);
                return Err(error.at(place));
            }
            first
        }
        _ => None,
    };
    let column = match (alias, ordinal(key.expr, output.names.len())?) {
        (Some(column), _) | (None, Some(column)) => column,
        (None, None) => {
            let expr = cx.expr(key.expr)?;
            column_of(&mut output.exprs, expr)
        }
    };
    output.keys.push((sort_key(key, column), place));
    Ok(())
}

/// The name that an expression gives its column, if it is one.
fn name_of(expr: &Ast) -> Option<String> {
    match expr {
        Ast::Identifier(ident) => Some(ident.value.clone()),
        Ast::CompoundIdentifier(parts) => parts.last().map(|ident| ident.value.clone()),
        Ast::Nested(inner) => name_of(inner),
        // CURRENT_DATE and its like are calls, and have a name all the same.
        Ast::Function(Function { name, args: FunctionArguments::None, .. }) => Some(last(name)),
        _ => None,
    }
}

/// The subqueries of a SELECT list stand beside what it selects from.
fn with_subqueries(
    input: Rel,
    joined: Vec<Joined>,
    overs: &mut [OverPlaceholder],
    output: &mut Output,
) -> Result<Rel> {
    if joined.is_empty() {
        return Ok(input);
    }
    let width = input.schema.len();
    if let (Some(read), true) = (written_of(&joined), overs.is_empty()) {
        let (input, exprs, having) = (input.clone(), output.exprs.clone(), output.having.clone());
        output.written = Some(Written { input, exprs, having, read });
    }
    let (input, values) = beside(input, joined)?;
    // What OVER computes comes behind the values of subqueries.
    let added = input.schema.len() - width;
    let shift = |c: usize| if c >= width && !is_value(c) { c + added } else { c };
    for expr in output.exprs.iter_mut().chain(&mut output.having) {
        *expr = read(&expr.map_columns(&shift), &values);
    }
    // As in Flink, a window does not see the value of a subquery.
    for over in overs {
        let place = over.place;
        let inside = over.exprs_mut().iter().any(|e| e.columns().into_iter().any(is_value));
        refuse(inside, "OVER of (SELECT ..)", place)?;
    }
    Ok(input)
}

/// Whether an aggregate says something of its window, under names of its own.
fn asks_of_window(rel: &Rel) -> bool {
    match &rel.node {
        Node::Aggregate(aggregate) => {
            aggregate.window.as_ref().is_some_and(|window| !window.properties.is_empty())
        }
        _ => false,
    }
}

pub(super) fn filter(input: Rel, predicate: Expr) -> Rel {
    let schema: Schema = input.schema.clone();
    Rel { node: Node::Filter { input: Box::new(input), predicate }, schema }
}

/// Every clause of a SELECT by name: those of Flink are read elsewhere, the others refused.
fn refuse_foreign(select: &Select) -> Result<()> {
    let Select {
        select_token,
        optimizer_hints: _,
        distinct,
        select_modifiers,
        top,
        top_before_distinct: _,
        projection: _,
        exclude,
        into,
        from: _,
        lateral_views,
        prewhere,
        selection: _,
        connect_by,
        group_by: _,
        cluster_by,
        distribute_by,
        sort_by,
        having: _,
        named_window: _,
        qualify,
        window_before_qualify: _,
        value_table_mode,
        flavor: _,
    } = select;
    let span = place::span(select_token.0.span);
    let foreign = [
        (matches!(distinct, Some(Distinct::On(_))), "DISTINCT ON"),
        (select_modifiers.is_some(), "SELECT modifiers"),
        (top.is_some(), "TOP"),
        (exclude.is_some(), "EXCLUDE"),
        (into.is_some(), "INTO"),
        (!lateral_views.is_empty(), "LATERAL VIEW"),
        (prewhere.is_some(), "PREWHERE"),
        (!connect_by.is_empty(), "CONNECT BY"),
        (!cluster_by.is_empty(), "CLUSTER BY"),
        (!distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!sort_by.is_empty(), "SORT BY"),
        (value_table_mode.is_some(), "AS STRUCT"),
    ];
    if let Some(condition) = qualify {
        return Err(unsupported("QUALIFY", place_of(condition)));
    }
    foreign.into_iter().try_for_each(|(is_there, what)| refuse(is_there, what, span))
}

fn plain_wildcard(options: &WildcardAdditionalOptions) -> Result<Option<Span>> {
    let WildcardAdditionalOptions {
        wildcard_token,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    let span = place::span(wildcard_token.0.span);
    let foreign = opt_ilike.is_some()
        || opt_exclude.is_some()
        || opt_except.is_some()
        || opt_replace.is_some()
        || opt_rename.is_some();
    refuse(foreign, "* EXCEPT, REPLACE, RENAME", span)?;
    let alias = opt_alias.as_ref().and_then(scope::span);
    refuse(opt_alias.is_some(), "* AS", alias)?;
    Ok(span)
}

/// An aggregate without calls: what DISTINCT is.
pub(super) fn distinct_of(input: Rel) -> Aggregate {
    let group = (0..input.schema.len()).collect();
    Aggregate { input: Box::new(input), group, window: None, calls: Vec::new() }
}
