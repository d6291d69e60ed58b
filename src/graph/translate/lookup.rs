//! Lookup joins of a plan as operators.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Translation;
use super::node::input;
use crate::base::Result;
use crate::connectors::LookupRequest;
use crate::connectors::registry::find;
use crate::expr::Expr;
use crate::operators::OperatorFactory;
use crate::operators::lookup_join::LookupJoinFactory;
use crate::plan::PhysicalNode;
use crate::plan::lookup::{LookupJoin, LookupKey};
use crate::sql::bound::JoinKind;

impl Translation<'_> {
    /// The table is asked for its keys and the columns that are read, and no others.
    pub(super) fn lookup_join(
        &self,
        join: &LookupJoin,
        node: &PhysicalNode,
    ) -> Result<Arc<dyn OperatorFactory>> {
        let (filter, projection) = match &join.calc {
            Some(calc) => (calc.condition.clone(), calc.projection.clone()),
            None => (None, join.all_columns()),
        };
        let read = projection.iter().chain(&filter).flat_map(Expr::columns);
        let read: BTreeSet<usize> = read.chain(join.keys.iter().map(|(c, _)| *c)).collect();
        let read: Vec<usize> = read.into_iter().collect();
        let place = |c: usize| read.iter().position(|r| *r == c).unwrap_or_default();
        let of_table = |c: &usize| join.projection[*c];

        let path = join.table.path.to_string();
        let request = LookupRequest {
            table: &path,
            schema: &join.table.physical,
            keys: &join.keys.iter().map(|(c, _)| of_table(c)).collect::<Vec<_>>(),
            projection: &read.iter().map(of_table).collect::<Vec<_>>(),
        };
        let lookup = find(join.table.options.clone())?.lookup_factory(request)?;
        let left = input(node).fields();
        let key = |(column, key): &(usize, LookupKey)| {
            let name = join.columns.fields()[*column].name.as_str().into();
            let key = match key {
                LookupKey::Constant(value) => value.clone(),
                LookupKey::Column(c) => Expr::column(*c, left[*c].data_type.clone()),
            };
            (name, key)
        };
        Ok(Arc::new(LookupJoinFactory {
            table: join.table.path.name.as_str().into(),
            lookup,
            keys: join.keys.iter().map(key).collect(),
            filter: filter.map(|e| e.map_columns(&place)),
            projection: projection.iter().map(|e| e.map_columns(&place)).collect(),
            condition: join.condition.clone(),
            left: join.kind == JoinKind::Left,
            output: node.schema.clone(),
            zone: self.options.zone,
        }))
    }
}
