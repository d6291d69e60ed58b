//! Joins. They are bound here; which of them run is the plan's to say.

use sqlparser::ast::{Join, JoinConstraint, JoinOperator, TableFactor};

use super::Binder;
use super::foreign::{refuse, unsupported};
use super::from::{Named, place_of};
use super::scope::Scope;
use super::size::JOIN;
use crate::base::Result;
use crate::data::{Field, Schema, TimeAttribute, Value};
use crate::sql::bound::{JoinKind, Node, Rel};

impl Binder<'_> {
    pub(super) fn join(&mut self, left: Named, join: &Join) -> Result<Named> {
        let Join { relation, global, join_operator } = join;
        refuse(*global, "GLOBAL", None)?;
        self.grow(JOIN, place_of(relation))?;
        let (kind, constraint) = kind_of(join_operator)?;
        if let Some(both) = self.lateral(&left, relation, kind.unwrap_or(JoinKind::Inner))? {
            return self.where_true(both, constraint);
        }
        if let TableFactor::Table { version: Some(version), .. } = relation {
            return self.temporal(left, relation, version, kind, constraint);
        }
        let right = self.table_factor(relation)?;
        left.1.refuse_same_table(&right.1)?;
        self.constrained(left, right, kind, constraint)
    }

    /// Two relations joined as ON or USING says; of CROSS JOIN there is no kind.
    pub(super) fn constrained(
        &mut self,
        left: Named,
        right: Named,
        kind: Option<JoinKind>,
        constraint: &JoinConstraint,
    ) -> Result<Named> {
        match (kind, constraint) {
            (None, JoinConstraint::None) => Ok(cross(left, right)),
            (Some(kind), JoinConstraint::On(condition)) => {
                let scope = left.1.clone().beside(right.1.clone());
                let condition = self.condition(condition, &scope, "ON")?;
                Ok(joined(left, right, kind, Some(condition)))
            }
            (kind, JoinConstraint::Using(names)) => {
                let names: Vec<_> =
                    names.iter().filter_map(|n| n.0.last()?.as_ident()).cloned().collect();
                super::using::using(left, right, kind.unwrap_or(JoinKind::Inner), &names)
            }
            (kind, JoinConstraint::Natural) => {
                super::using::natural(left, right, kind.unwrap_or(JoinKind::Inner))
            }
            (_, JoinConstraint::UsingAlias(..)) => Err(unsupported("USING (..) AS", None)),
            (None, JoinConstraint::On(condition)) => {
                Err(unsupported("CROSS JOIN .. ON", super::expr::place_of(condition)))
            }
            (Some(_), JoinConstraint::None) => Err(unsupported("JOIN without ON", None)),
        }
    }
}

impl Binder<'_> {
    /// What reads the rows beside it is joined already; ON can say no more than TRUE.
    fn where_true(&self, both: Named, constraint: &JoinConstraint) -> Result<Named> {
        let JoinConstraint::On(condition) = constraint else { return Ok(both) };
        let bound = self.condition(condition, &both.1, "ON")?;
        match (bound.as_literal(), &both.0.node) {
            (Some(Value::Boolean(true)), _) => Ok(both),
            (_, Node::Unnest(unnest)) if unnest.left => {
                Err(unsupported("LEFT JOIN UNNEST ON", super::expr::place_of(condition)))
            }
            (_, Node::Join { kind: JoinKind::Left, .. } | Node::Project { .. }) => {
                Err(unsupported("JOIN LATERAL ON", super::expr::place_of(condition)))
            }
            _ => Ok((super::select::filter(both.0, bound), both.1)),
        }
    }
}

/// The kind of a join, `None` for CROSS JOIN.
fn kind_of(operator: &JoinOperator) -> Result<(Option<JoinKind>, &JoinConstraint)> {
    use JoinOperator as J;
    match operator {
        J::Join(c) | J::Inner(c) => Ok((Some(JoinKind::Inner), c)),
        J::Left(c) | J::LeftOuter(c) => Ok((Some(JoinKind::Left), c)),
        J::Right(c) | J::RightOuter(c) => Ok((Some(JoinKind::Right), c)),
        J::FullOuter(c) => Ok((Some(JoinKind::Full), c)),
        J::CrossJoin(c) => Ok((None, c)),
        _ => Err(unsupported("SEMI, ANTI, APPLY, ASOF JOIN", None)),
    }
}

/// All with all.
pub(super) fn cross(left: Named, right: Named) -> Named {
    joined(left, right, JoinKind::Inner, None)
}

pub(super) fn joined(
    (left, left_scope): Named,
    (right, right_scope): Named,
    kind: JoinKind,
    condition: Option<crate::expr::Expr>,
) -> Named {
    let left_may_miss = matches!(kind, JoinKind::Right | JoinKind::Full);
    let right_may_miss = matches!(kind, JoinKind::Left | JoinKind::Full);
    let mut fields = fields(&left.schema, left_may_miss);
    fields.extend(self::fields(&right.schema, right_may_miss));
    let schema = Schema::new(fields).with_own_names();
    let scope = left_scope.beside(right_scope).with_types(&schema);
    let (left, right) = (Box::new(left), Box::new(right));
    (Rel { node: Node::Join { left, right, kind, condition, as_of: None }, schema }, scope)
}

pub(super) fn fields(schema: &Schema, may_miss: bool) -> Vec<Field> {
    let mut fields = schema.fields().to_vec();
    for field in &mut fields {
        field.data_type.nullable |= may_miss;
    }
    fields
}

/// Of a version the event time says nothing of the rows that come.
pub(super) fn forget_rowtime(field: &mut Field) {
    let logical = &mut field.data_type.logical;
    if logical.time_attribute() == TimeAttribute::Rowtime {
        *logical = super::table::with_attribute(logical.clone(), TimeAttribute::None);
    }
}

impl Scope {
    /// The same names with the types of a relation.
    pub(super) fn with_types(mut self, schema: &Schema) -> Self {
        for (column, field) in self.columns_mut().zip(schema.fields()) {
            column.data_type = field.data_type.clone();
        }
        self
    }
}
