//! What writes to a table, as the operators of which it consists: what is promised of the rows is held,
//! changes become those of the table's primary key, and a writer takes them.
//!
//! Source: `CommonExecSink` of Flink 1.18.

use std::sync::Arc;

use super::explain::Described;
use super::key_columns::Lineage;
use super::{Translation, Upstream, node};
use crate::base::{Error, Result};
use crate::connectors::descriptor::SinkRequest;
use crate::connectors::registry::find;
use crate::data::Schema;
use crate::data::not_null::NotNull;
use crate::graph::stream_graph::{KeySelector, NodeKind, Partitioner, StreamNode};
use crate::operators::GroupKeys;
use crate::operators::constraint_enforcer::ConstraintEnforcerFactory;
use crate::operators::sink_upsert_materializer::SinkUpsertMaterializerFactory;
use crate::plan::{PhysicalKind, PhysicalNode, UpsertMaterialize};
use crate::sql::bound::Table;

impl Translation<'_> {
    /// Adds all of them.
    pub(super) fn add_sink(
        &mut self,
        node: &PhysicalNode,
        number: u32,
        inputs: Vec<Upstream>,
    ) -> Result<()> {
        let PhysicalKind::Sink { table, materialize, .. } = &node.kind else {
            return Err(Error::new("plan-broken").arg("reason", node.kind.name()));
        };
        let parallelism = inputs.iter().map(|u| u.parallelism).max();
        let parallelism = parallelism.unwrap_or(self.options.parallelism);
        let inputs = self.enforce(table, number, parallelism, inputs);
        let connector = find(table.options.clone())?;
        let asked = connector.sink_parallelism()?;
        let parallelism = asked.unwrap_or(parallelism);
        let inputs = match (materialize, asked) {
            // Rows that change no others go straight on.
            _ if !node::retracts(node) => inputs,
            (Some(how), _) => self.materialize(table, how, number, parallelism, inputs),
            (None, Some(asked)) => in_order(table, asked, inputs)?,
            (None, None) => inputs,
        };
        let made = self.writer(node, number, parallelism)?;
        let described = self.describe(node, number);
        self.add_node(made, described, Lineage::Same, inputs);
        Ok(())
    }

    fn enforce(
        &mut self,
        table: &Table,
        number: u32,
        parallelism: u32,
        inputs: Vec<Upstream>,
    ) -> Vec<Upstream> {
        let promised = table.physical.fields().iter().filter(|f| !f.data_type.nullable);
        let names: Vec<&str> = promised.map(|f| f.name.as_str()).collect();
        if names.is_empty() {
            return inputs;
        }
        let not_null = NotNull::of(&table.physical, self.options.drops_null_violations);
        let factory = ConstraintEnforcerFactory { not_null, output: table.physical.clone() };
        let made = self.operator("ConstraintEnforcer", number, parallelism, Arc::new(factory));
        let text = format!("ConstraintEnforcer[NotNullEnforcer(fields=[{}])]", names.join(", "));
        let described = self.shown.then_some(Described { number, text });
        self.add_node(made, described, Lineage::Same, inputs)
    }

    fn materialize(
        &mut self,
        table: &Table,
        how: &UpsertMaterialize,
        number: u32,
        parallelism: u32,
        inputs: Vec<Upstream>,
    ) -> Vec<Upstream> {
        let fields = table.physical.fields();
        let columns = table.primary_key.clone();
        let types = columns.iter().map(|c| fields[*c].data_type.clone()).collect();
        let names: Vec<&str> = columns.iter().map(|c| fields[*c].name.as_str()).collect();
        let text = format!("SinkMaterializer(pk=[{}])", names.join(", "));
        let factory = SinkUpsertMaterializerFactory {
            keys: GroupKeys { columns, types },
            input_key: how.input_key.clone(),
            ttl: self.options.state_ttl_millis,
            output: table.physical.clone(),
        };
        let made = self.operator("SinkMaterializer", number, parallelism, Arc::new(factory));
        let made = StreamNode { keyed_state: true, ..made };
        let described = self.shown.then_some(Described { number, text });
        let inputs = by_primary_key(table, inputs);
        self.add_node(made, described, Lineage::Key(table.primary_key.clone()), inputs)
    }

    fn writer(&self, node: &PhysicalNode, number: u32, parallelism: u32) -> Result<StreamNode> {
        let PhysicalKind::Sink { table, overwrite, partition, .. } = &node.kind else {
            return Err(Error::new("plan-broken").arg("reason", node.kind.name()));
        };
        let path = table.path.to_string();
        let request = SinkRequest {
            table: &path,
            schema: &table.physical,
            partitions: &table.partitioned_by,
            named_partition: partition,
            overwrite: *overwrite,
        };
        Ok(StreamNode {
            id: self.next_id(),
            kind: "Sink".to_owned(),
            name: format!("{}[{number}]", table.path.name),
            parallelism,
            output: Schema::new(Vec::new()),
            body: NodeKind::Sink(find(table.options.clone())?.sink_factory(request)?),
            key_columns: Vec::new(),
            keyed_state: false,
        })
    }
}

/// How rows that change others come to a sink that says itself how often it runs: by its key, for their
/// order has to be kept.
///
/// Errors: `sink-parallelism-key`.
fn in_order(table: &Table, parallelism: u32, inputs: Vec<Upstream>) -> Result<Vec<Upstream>> {
    if table.primary_key.is_empty() {
        let error = Error::new("sink-parallelism-key").arg("table", &table.path);
        return Err(error.arg("parallelism", parallelism));
    }
    Ok(by_primary_key(table, inputs))
}

fn by_primary_key(table: &Table, inputs: Vec<Upstream>) -> Vec<Upstream> {
    let by_key = Partitioner::Hash(KeySelector::Columns(table.primary_key.clone()));
    let through = |u: Upstream| Upstream { partitioner: Some(by_key.clone()), ..u };
    inputs.into_iter().map(through).collect()
}
