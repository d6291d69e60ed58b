//! A join, as Flink writes it.

use super::names;
use crate::plan::PhysicalNode;
use crate::plan::join::Join;
use crate::sql::bound::JoinKind;

pub(super) fn join(join: &Join, node: &PhysicalNode) -> Vec<String> {
    let [left, right] = node.inputs.as_slice() else { return Vec::new() };
    let kind = match join.kind {
        JoinKind::Inner => "InnerJoin",
        JoinKind::Left => "LeftOuterJoin",
        JoinKind::Right => "RightOuterJoin",
        JoinKind::Full => "FullOuterJoin",
        JoinKind::Semi => "LeftSemiJoin",
        JoinKind::Anti => "LeftAntiJoin",
    };
    let both = [left.schema.fields(), right.schema.fields()].concat();
    let both = crate::data::Schema::new(both);
    let pairs = join.keys[0].iter().zip(&join.keys[1]).map(|(l, r)| {
        let (l, r) = (&left.schema.fields()[*l].name, &right.schema.fields()[*r].name);
        format!("({l} = {r})")
    });
    let all: Vec<String> = pairs.chain(join.condition.iter().map(|c| c.display(&both))).collect();
    let condition = match all.as_slice() {
        [] => "true".to_owned(),
        [one] => one.clone(),
        many => format!("({})", many.join(" AND ")),
    };
    let mut attributes = vec![
        format!("joinType=[{kind}]"),
        format!("where=[{condition}]"),
        format!("select=[{}]", names(node.schema.fields())),
    ];
    if !join.bounded {
        attributes.push("leftInputSpec=[NoUniqueKey]".to_owned());
        attributes.push("rightInputSpec=[NoUniqueKey]".to_owned());
    }
    attributes
}
