//! A join that asks a table, as Flink writes it.

use super::expression::{Style, computed};
use super::join::kind;
use super::{literal, names, projected};
use crate::data::Schema;
use crate::plan::PhysicalNode;
use crate::plan::lookup::{LookupJoin, LookupKey};

pub(super) fn lookup(
    join: &LookupJoin,
    node: &PhysicalNode,
    left: &Schema,
    style: Style,
) -> Vec<String> {
    let columns = join.columns.fields();
    let keys = join.keys.iter().map(|(column, key)| {
        let key = match key {
            LookupKey::Column(of_left) => left.fields()[*of_left].name.clone(),
            LookupKey::Constant(value) => literal::untyped(value),
        };
        format!("{}={key}", columns[*column].name)
    });
    let mut all = vec![
        format!("table=[{}]", join.table.path),
        format!("joinType=[{}]", kind(join.kind)),
        format!("lookup=[{}]", keys.collect::<Vec<_>>().join(", ")),
    ];
    let answers = join.calc.as_ref().and_then(|calc| calc.condition.as_ref());
    all.extend(answers.map(|c| format!("where=[{}]", computed(c, &join.columns, style))));
    let condition = join.condition.as_ref();
    all.extend(condition.map(|c| format!("joinCondition=[{}]", computed(c, &node.schema, style))));
    all.push(match &join.calc {
        None => format!("select=[{}]", names(node.schema.fields())),
        Some(calc) => {
            let of_left = left.fields().iter().map(|f| f.name.clone());
            let answers = projected(&calc.projection, &calc.output, &join.columns, style);
            let all: Vec<String> = of_left.chain([answers]).collect();
            format!("select=[{}]", all.join(", "))
        }
    });
    all.extend(join.retry.as_ref().map(|retry| {
        let millis = retry.delay.0 / 1_000;
        format!("retry=[{}, FIXED_DELAY, {millis}ms, {}]", retry.predicate, retry.attempts)
    }));
    all
}
