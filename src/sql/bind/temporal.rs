//! `JOIN t FOR SYSTEM_TIME AS OF left.time`: a row with the version of another table at its time.

use sqlparser::ast::{JoinConstraint, TableFactor, TableVersion};

use super::Binder;
use super::expr::place_of;
use super::foreign::unsupported;
use super::from::Named;
use super::join::{fields, forget_rowtime};
use crate::base::{Error, Result, RuntimeMode};
use crate::data::{Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{JoinKind, Node, Rel};
use crate::sql::catalog::located;

impl Binder<'_> {
    pub(super) fn temporal(
        &mut self,
        left: Named,
        factor: &TableFactor,
        version: &TableVersion,
        kind: JoinKind,
        constraint: &JoinConstraint,
    ) -> Result<Named> {
        let TableFactor::Table { name, .. } = factor else {
            return Err(Error::new("temporal-alone"));
        };
        let place = super::table::place_of(name);
        let TableVersion::ForSystemTimeAsOf(time) = version else {
            return Err(unsupported("VERSION AS OF", place));
        };
        let right = self.any_version(factor)?;
        let time = self.scalar(time, &left.1, "FOR SYSTEM_TIME AS OF")?;
        let refuse = |code: &'static str| {
            located(Error::new(code).arg("name", super::table::last(name)), place)
        };
        if !matches!(kind, JoinKind::Inner | JoinKind::Left) {
            return Err(refuse("temporal-kind"));
        }
        let as_of = match (time.as_column(), attribute(&time)) {
            (Some(column), TimeAttribute::Rowtime) => column,
            (_, TimeAttribute::Proctime) => return Err(refuse("temporal-no-lookup")),
            _ if self.mode == RuntimeMode::Batch => return Err(refuse("temporal-no-lookup")),
            _ => return Err(refuse("temporal-time")),
        };
        let rowtime =
            |f: &crate::data::Field| f.data_type.logical.time_attribute() == TimeAttribute::Rowtime;
        if !right.0.schema.fields().iter().any(rowtime) {
            return Err(refuse("temporal-no-rowtime"));
        }
        let scope = left.1.clone().beside(right.1);
        let JoinConstraint::On(condition) = constraint else {
            return Err(unsupported("FOR SYSTEM_TIME AS OF .. USING", place));
        };
        let condition = self
            .condition(condition, &scope, "ON")
            .map_err(|error| located(error, place_of(condition)))?;
        let mut all = left.0.schema.fields().to_vec();
        let mut of_right = fields(&right.0.schema, kind == JoinKind::Left);
        of_right.iter_mut().for_each(forget_rowtime);
        all.extend(of_right);
        let schema = Schema::new(all);
        let node = Node::Join {
            left: Box::new(left.0),
            right: Box::new(right.0),
            kind,
            condition: Some(condition),
            as_of: Some(as_of),
        };
        Ok((Rel { node, schema: schema.clone() }, scope.with_types(&schema)))
    }
}

fn attribute(time: &Expr) -> TimeAttribute {
    time.data_type.logical.time_attribute()
}
