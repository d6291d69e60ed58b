//! `JOIN t FOR SYSTEM_TIME AS OF left.time`: a row with the version of another table at its time, or
//! with what the other table answers now.

use sqlparser::ast::{JoinConstraint, TableFactor, TableVersion};

use super::Binder;
use super::foreign::unsupported;
use super::from::Named;
use super::join::forget_rowtime;
use crate::base::{Error, Result, RuntimeMode};
use crate::connectors::registry;
use crate::data::{Schema, TimeAttribute};
use crate::expr::Expr;
use crate::sql::bound::{AsOf, JoinKind, Node, Rel};

impl Binder<'_> {
    /// # Errors
    /// `temporal-alone`, `temporal-kind`, `temporal-time`, `temporal-no-lookup`,
    /// `temporal-no-rowtime`, and what is wrong with the condition.
    pub(super) fn temporal(
        &mut self,
        left: Named,
        factor: &TableFactor,
        version: &TableVersion,
        kind: Option<JoinKind>,
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
        let refuse =
            |code: &'static str| Error::new(code).arg("name", super::table::last(name)).at(place);
        let no_lookup = || registry::no_lookup(&super::table::last(name)).at(place);
        if !matches!(kind, None | Some(JoinKind::Inner | JoinKind::Left)) {
            return Err(refuse("temporal-kind"));
        }
        let as_of = match (time.as_column(), attribute(&time)) {
            (Some(time), TimeAttribute::Proctime) if can_be_asked(&right.0) => {
                let tables = right.1.tables();
                let hints = self.lookup_hints.iter();
                let hints = hints.filter(|h| tables.contains(&h.table.as_str())).cloned().collect();
                AsOf::Lookup { time, place: self.place(place), hints }
            }
            (Some(time), TimeAttribute::Rowtime) => {
                AsOf::Version { time, place: self.place(place) }
            }
            (Some(_), TimeAttribute::Proctime) => return Err(no_lookup()),
            (Some(_), _) if self.mode == RuntimeMode::Batch => {
                return Err(no_lookup());
            }
            _ => return Err(refuse("temporal-time")),
        };
        if matches!(as_of, AsOf::Version { .. }) && !has_rowtime(&right.0.schema) {
            return Err(refuse("temporal-no-rowtime"));
        }
        let width = left.0.schema.len();
        let (rel, scope) =
            self.constrained(left, right, kind, constraint).map_err(|error| error.at(place))?;
        let mut fields = rel.schema.fields().to_vec();
        fields[width..].iter_mut().for_each(forget_rowtime);
        let schema = Schema::new(fields);
        let scope = scope.with_types(&schema);
        let Node::Join { left, right, kind, condition, as_of: None } = rel.node else {
            return Err(unsupported("FOR SYSTEM_TIME AS OF", place));
        };
        let node = Node::Join { left, right, kind, condition, as_of: Some(as_of) };
        Ok((Rel { node, schema }, scope))
    }
}

/// Whether a relation is a table that answers to keys, perhaps with computed columns.
fn can_be_asked(rel: &Rel) -> bool {
    match &rel.node {
        Node::Project { input, .. } => can_be_asked(input),
        Node::Scan(table) => {
            registry::find(table.options.clone()).is_ok_and(|c| c.descriptor().lookup)
        }
        _ => false,
    }
}

fn attribute(time: &Expr) -> TimeAttribute {
    time.data_type.logical.time_attribute()
}

fn has_rowtime(schema: &Schema) -> bool {
    let fields = schema.fields().iter();
    fields.map(|f| f.data_type.logical.time_attribute()).any(|a| a == TimeAttribute::Rowtime)
}
