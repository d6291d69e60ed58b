//! A quirk of Flink's that people meet when they switch modes: it gives event time its type when the
//! table is created, and fails a query whose *result* has that column once the mode is another.
//!
//! Seen in Flink 1.18.1: `SELECT ts` and `SELECT *` fail ("Conversion to relational algebra failed to
//! preserve datatypes"); COUNT(*), `WHERE ts > ..`, MAX(ts), GROUP BY TUMBLE(ts, ..) and ORDER BY ts
//! without ts in the result work. So it is refused here too, with words that say what to do.

use super::Binder;
use crate::base::{Error, Result, Span};
use crate::sql::bound::{Node, Rel};
use crate::sql::catalog::ObjectPath;

impl Binder<'_> {
    /// # Errors
    /// `event-time-of-other-mode`.
    pub(super) fn refuse_stale(&self, root: &Rel, span: Span) -> Result<()> {
        for column in 0..root.schema.len() {
            let Some((path, name)) = origin(root, column) else { continue };
            let stale = self.stale.iter().find(|(p, n)| p == path && n == name);
            if let Some((path, name)) = stale {
                return Err(Error::new("event-time-of-other-mode")
                    .arg("table", &path.name)
                    .arg("column", name)
                    .arg("mode", self.mode)
                    .at(span));
            }
        }
        Ok(())
    }
}

/// The column of a table that a column is, if nothing was done to it on the way.
fn origin(rel: &Rel, column: usize) -> Option<(&ObjectPath, &str)> {
    let (mut rel, mut column) = (rel, column);
    loop {
        match &rel.node {
            Node::Scan(table) => {
                return Some((&table.path, &rel.schema.fields().get(column)?.name));
            }
            Node::Project { input, exprs } => {
                column = exprs.get(column)?.as_column()?;
                rel = input;
            }
            Node::Filter { input, .. }
            | Node::Watermark { input, .. }
            | Node::Sort { input, .. } => rel = input,
            Node::Join { left, right, .. } => match column.checked_sub(left.schema.len()) {
                Some(of_right) => (rel, column) = (right, of_right),
                None => rel = left,
            },
            Node::Subqueries(subqueries) => rel = &subqueries.joined,
            Node::SetOp { inputs, .. } => rel = inputs.first()?,
            Node::WindowTable(table) if column < table.input.schema.len() => rel = &table.input,
            Node::Unnest(unnest) if column < unnest.input.schema.len() => rel = &unnest.input,
            Node::Over(over) if column < over.input.schema.len() => rel = &over.input,
            Node::Values(_)
            | Node::Aggregate(_)
            | Node::WindowTable(_)
            | Node::Expand { .. }
            | Node::Match(_)
            | Node::Unnest(_)
            | Node::Over(_) => return None,
        }
    }
}
