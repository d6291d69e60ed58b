//! What stands in FROM beside rows that it reads: UNNEST, LATERAL (SELECT ..).

use sqlparser::ast::{TableAlias, TableFactor};

use super::Binder;
use super::correlate::{Pulled, all, over_both, pull, unexpected};
use super::domain::over_domain;
use super::expr::place_of;
use super::foreign::refuse;
use super::from::{Named, aliased};
use super::join::{fields, joined};
use super::keyed_aggregate::{KeyedAggregate, may_miss, of_no_rows};
use super::query::{columns, project, renamed, span_of};
use super::scope::Scope;
use crate::base::{Error, Result};
use crate::data::{DataType, Field, LogicalType, Schema};
use crate::expr::Expr;
use crate::sql::bound::{JoinKind, Node, Rel, Unnest};

impl Binder<'_> {
    /// The relation with something beside it that reads it; nothing if `factor` reads nothing of it.
    pub(super) fn lateral(
        &mut self,
        left: &Named,
        factor: &TableFactor,
        kind: JoinKind,
    ) -> Result<Option<Named>> {
        match factor {
            TableFactor::UNNEST { .. } => self.unnest(left, factor, kind).map(Some),
            TableFactor::Derived { lateral: true, subquery, alias, .. } => {
                let mut inner = self.inside(left.1.clone());
                let rel = inner.query(subquery, false)?;
                self.tables.extend(inner.tables);
                self.tables.extend(inner.tables_inside.into_inner());
                self.qualifiers.get_mut().extend(inner.qualifiers.into_inner());
                let pulled = pull(rel).map_err(|error| error.at(span_of(subquery)))?;
                match (pulled.grouped_whole, kind) {
                    (false, _) | (true, JoinKind::Inner) => {
                        self.beside_rows(left, pulled, kind, alias.as_ref()).map(Some)
                    }
                    (true, JoinKind::Left) => {
                        let placed = |error: Error| error.at(span_of(subquery));
                        beside_aggregate(left, pulled, alias.as_ref()).map(Some).map_err(placed)
                    }
                    _ => Err(unexpected().at(span_of(subquery))),
                }
            }
            _ => Ok(None),
        }
    }

    fn beside_rows(
        &self,
        left: &Named,
        pulled: Pulled,
        kind: JoinKind,
        alias: Option<&TableAlias>,
    ) -> Result<Named> {
        let conditions = pulled.conditions.iter().map(|c| over_both(c, left.0.schema.len()));
        let condition = all(conditions.collect::<Vec<_>>().into_iter())?;
        let kept = left.0.schema.len() + pulled.width;
        let right = over_domain(pulled.rel, &left.0);
        let named = self.behind(left.clone(), right, pulled.width, alias)?;
        let (rel, scope) = joined(named.0, named.1, kind, condition);
        Ok(super::subquery::narrowed((rel, scope), kept))
    }

    /// Both inputs, the right under the names of its alias; columns behind `width` have none.
    fn behind(
        &self,
        left: Named,
        right: Rel,
        width: usize,
        alias: Option<&TableAlias>,
    ) -> Result<(Named, Named)> {
        let visible = Schema::new(right.schema.fields()[..width].to_vec());
        let shown = Rel { node: Node::Values(Vec::new()), schema: visible };
        let (shown, scope) = aliased(shown, alias)?;
        let hidden = right.schema.fields()[width..].iter().cloned();
        let fields = shown.schema.fields().iter().cloned().chain(hidden.clone());
        let schema = Schema::new(fields.collect());
        let scope = scope.beside(Scope::of(&Schema::new(hidden.collect()), None, None));
        Ok((left, (Rel { node: right.node, schema }, scope)))
    }

    fn unnest(&mut self, left: &Named, factor: &TableFactor, kind: JoinKind) -> Result<Named> {
        let TableFactor::UNNEST {
            alias,
            array_exprs,
            with_offset,
            with_offset_alias,
            with_ordinality,
        } = factor
        else {
            return Err(unexpected());
        };
        let [array] = array_exprs.as_slice() else {
            return Err(super::foreign::unsupported("UNNEST(a, b)", None));
        };
        let place = place_of(array);
        refuse(*with_offset || with_offset_alias.is_some(), "WITH OFFSET", place)?;
        refuse(*with_ordinality, "WITH ORDINALITY", place)?;
        let of = self.scalar(array, &left.1, "UNNEST")?;
        // Flink has no plan for an array that is the same for all rows.
        if of.columns().is_empty() {
            return Err(Error::new("unnest-constant").at(place));
        }
        let elements = elements(&of).map_err(|error| error.at(place))?;
        let outer = match kind {
            JoinKind::Inner => false,
            JoinKind::Left => true,
            _ => return Err(super::foreign::unsupported("RIGHT JOIN UNNEST", place)),
        };
        let elements = Rel { node: Node::Values(Vec::new()), schema: Schema::new(elements) };
        let elements = match alias {
            Some(alias) if !alias.columns.is_empty() => renamed(elements, alias)?,
            // The only column of plain elements has the name of the alias.
            Some(alias) if elements.schema.len() == 1 => {
                super::query::with_names(elements, vec![alias.name.value.clone()])
            }
            _ => elements,
        };
        let names =
            Scope::of(&elements.schema, alias.as_ref().map(|a| a.name.value.as_str()), None);
        let mut all = left.0.schema.fields().to_vec();
        all.extend(fields(&elements.schema, outer));
        let schema = Schema::new(all);
        let input = Box::new(left.0.clone());
        let node = Node::Unnest(Unnest { input, of, left: outer, condition: None });
        Ok((Rel { node, schema: schema.clone() }, left.1.clone().beside(names).with_types(&schema)))
    }
}

/// `LEFT JOIN LATERAL` of an aggregate of all rows: each row of the left once. As in Flink, a bare COUNT
/// of no rows is NULL here, and 0 inside an expression.
fn beside_aggregate(left: &Named, pulled: Pulled, alias: Option<&TableAlias>) -> Result<Named> {
    let width = pulled.width;
    let shown = pulled.rel.schema.fields()[..width].to_vec();
    let KeyedAggregate { rel, conditions, exprs } =
        KeyedAggregate::of(pulled.rel, pulled.conditions)?;
    let values = exprs[..width].iter().map(|expr| match expr.as_column() {
        Some(_) => may_miss(expr),
        None => of_no_rows(&rel, expr),
    });
    let values: Vec<Expr> = values.collect();
    let behind = left.0.schema.len();
    let conditions = conditions.iter().map(|c| over_both(c, behind)).collect::<Vec<_>>();
    let condition = all(conditions.into_iter())?;
    let right = over_domain(rel, &left.0);
    let inputs = [left.0.clone(), right].map(|rel| (rel, Scope::default()));
    let [left_input, right_input] = inputs;
    let (both, _) = joined(left_input, right_input, JoinKind::Left, condition);
    let mut output = columns(&left.0.schema);
    output.extend(values.iter().map(|value| value.map_columns(&|c| c + behind)));
    let fields = shown.iter().zip(&values);
    let fields = fields.map(|(f, value)| Field::new(&f.name, value.data_type.clone()));
    let shown = Rel { node: Node::Values(Vec::new()), schema: Schema::new(fields.collect()) };
    let (shown, scope) = aliased(shown, alias)?;
    let names = left.0.schema.fields().iter().chain(shown.schema.fields());
    let names = names.map(|f| f.name.clone()).collect();
    Ok((project(both, output, names), left.1.clone().beside(scope)))
}

/// The columns of an element.
fn elements(of: &Expr) -> Result<Vec<Field>> {
    let one = |element: &DataType| match &element.logical {
        LogicalType::Row(schema) => fields(schema, element.nullable),
        _ => vec![Field::new("EXPR$0", element.clone())],
    };
    match &of.data_type.logical {
        LogicalType::Array(element) | LogicalType::Multiset(element) => Ok(one(element)),
        LogicalType::Map(key, value) => {
            Ok(vec![Field::new("KEY", (**key).clone()), Field::new("VALUE", (**value).clone())])
        }
        other => Err(Error::new("unnest-type").arg("type", other)),
    }
}
