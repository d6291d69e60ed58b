//! Joins. They are bound here; which of them run is the plan's to say.

use sqlparser::ast::{Join, JoinConstraint, JoinOperator};

use super::Binder;
use super::foreign::{not_yet, refuse, unsupported};
use super::from::Named;
use super::scope::Scope;
use crate::base::Result;
use crate::data::{Field, Schema};
use crate::sql::bound::{JoinKind, Node, Rel};

impl Binder<'_> {
    pub(super) fn join(&mut self, left: Named, join: &Join) -> Result<Named> {
        let Join { relation, global, join_operator } = join;
        refuse(*global, "GLOBAL", None)?;
        let right = self.table_factor(relation)?;
        let (kind, constraint) = kind_of(join_operator)?;
        match (kind, constraint) {
            (None, JoinConstraint::None) => Ok(cross(left, right)),
            (Some(kind), JoinConstraint::On(condition)) => {
                let scope = left.1.clone().beside(right.1.clone());
                let condition = self.condition(condition, &scope, "ON")?;
                Ok(joined(left, right, kind, Some(condition)))
            }
            (_, JoinConstraint::Using(_) | JoinConstraint::UsingAlias(..)) => {
                Err(not_yet("USING", None))
            }
            (_, JoinConstraint::Natural) => Err(not_yet("NATURAL", None)),
            (None, JoinConstraint::On(condition)) => {
                Err(unsupported("CROSS JOIN .. ON", super::expr::place_of(condition)))
            }
            (Some(_), JoinConstraint::None) => Err(unsupported("JOIN without ON", None)),
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

fn joined(
    (left, left_scope): Named,
    (right, right_scope): Named,
    kind: JoinKind,
    condition: Option<crate::expr::Expr>,
) -> Named {
    let left_may_miss = matches!(kind, JoinKind::Right | JoinKind::Full);
    let right_may_miss = matches!(kind, JoinKind::Left | JoinKind::Full);
    let mut fields = fields(&left.schema, left_may_miss);
    fields.extend(self::fields(&right.schema, right_may_miss));
    let schema = Schema::new(fields);
    let scope = left_scope.beside(right_scope).with_types(&schema);
    let (left, right) = (Box::new(left), Box::new(right));
    (Rel { node: Node::Join { left, right, kind, condition }, schema }, scope)
}

fn fields(schema: &Schema, may_miss: bool) -> Vec<Field> {
    let mut fields = schema.fields().to_vec();
    for field in &mut fields {
        field.data_type.nullable |= may_miss;
    }
    fields
}

impl Scope {
    /// The same names with the types of a relation.
    fn with_types(mut self, schema: &Schema) -> Self {
        for (column, field) in self.columns_mut().zip(schema.fields()) {
            column.data_type = field.data_type.clone();
        }
        self
    }
}
