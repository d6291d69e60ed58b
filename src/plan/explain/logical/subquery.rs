//! Subqueries in expressions: `EXISTS({..})`, `IN($0, {..})`, `$SCALAR_QUERY({..})`, with their trees.

use super::{Logical, Read, Tree};
use crate::expr::Expr;
use crate::plan::explain::expression::Style;
use crate::sql::bound::{LEVEL, Node, OUTER, Rel, Subqueries, Subquery, SubqueryTest};

impl Logical {
    /// A filter or a projection, as it was written.
    pub(super) fn subqueries(&self, subqueries: &Subqueries) -> Tree {
        let written = &subqueries.written;
        let (Node::Filter { input, .. } | Node::Project { input, .. }) = &written.node else {
            return self.tree(&subqueries.joined);
        };
        let mut read = self.read(input);
        let inside = self.inside(&input.schema);
        let texts = subqueries.read.iter().map(|s| inside.subquery(s, &read)).collect();
        read.subqueries = texts;
        let predicate = match &written.node {
            Node::Filter { predicate, .. } => predicate,
            Node::Project { exprs, .. } => return Self::projected(exprs, read, &written.schema),
            _ => return read.tree,
        };
        let style = match input.node {
            Node::Aggregate { .. } => Style::Syntax,
            _ => Style::Where,
        };
        let mut attributes = vec![format!("condition=[{}]", read.styled(predicate, style))];
        if subqueries.read.iter().any(|subquery| names_outer(&subquery.rel)) {
            attributes.push(format!("variablesSet=[[$cor{}]]", self.around.len()));
        }
        Tree::new("LogicalFilter", &attributes, vec![read.tree])
    }

    fn subquery(&self, subquery: &Subquery, around: &Read) -> String {
        let rel = match (&subquery.asks, &subquery.rel.node) {
            // Which columns there are says nothing of whether there are rows.
            (SubqueryTest::Exists, Node::Project { input, .. }) => input,
            _ => &subquery.rel,
        };
        let tree = self.tree(rel).nested(0);
        match &subquery.asks {
            SubqueryTest::Exists => format!("EXISTS({{\n{tree}}})"),
            SubqueryTest::Value => format!("$SCALAR_QUERY({{\n{tree}}})"),
            SubqueryTest::Member(members) => {
                let members: String =
                    members.iter().map(|member| around.expr(member) + ", ").collect();
                format!("IN({members}{{\n{tree}}})")
            }
        }
    }
}

/// Whether a relation reads columns of the query right around it.
fn names_outer(rel: &Rel) -> bool {
    let named =
        |expr: &Expr| expr.columns().into_iter().any(|c| (OUTER..OUTER + LEVEL).contains(&c));
    let own = match &rel.node {
        Node::Project { exprs, .. } => exprs.iter().any(named),
        Node::Filter { predicate, .. } => named(predicate),
        Node::Join { condition, .. } => condition.as_ref().is_some_and(named),
        Node::Subqueries(subqueries) => names_outer(&subqueries.written),
        _ => false,
    };
    own || rel.inputs().into_iter().any(names_outer)
}
