//! What a projection reads: columns, and fields of ROWs. Only these need to pass a filter.

use crate::base::Result;
use crate::data::Batch;
use crate::expr::{EvalContext, Expr};

/// A projection over what it reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    /// Columns of the input, and fields of them, each once.
    read: Vec<Expr>,
    /// The projection, with these as its columns.
    pub(super) projection: Vec<Expr>,
}

impl Reads {
    /// The same projection in two steps.
    pub(super) fn of(projection: &[Expr]) -> Self {
        let mut all = Self::default();
        for expr in projection {
            let over_reads = expr.transform(&mut |node| all.replaced(node));
            all.projection.push(over_reads);
        }
        all.without_unread()
    }

    /// What is read becomes a column; the operand of a field has become one before.
    fn replaced(&mut self, node: Expr) -> Expr {
        let field = |(row, field): (&Expr, usize)| {
            let row = self.read.get(row.as_column()?)?;
            row.clone().field(field).ok()
        };
        let read = match node.as_column() {
            Some(_) => Some(node.clone()),
            None => node.as_field().and_then(field),
        };
        let Some(read) = read else { return node };
        let index = self.read.iter().position(|r| *r == read).unwrap_or_else(|| {
            self.read.push(read);
            self.read.len() - 1
        });
        Expr::column(index, node.data_type)
    }

    /// A ROW of which fields are read is most often not read itself.
    fn without_unread(self) -> Self {
        let mut used: Vec<usize> = self.projection.iter().flat_map(Expr::columns).collect();
        used.sort_unstable();
        used.dedup();
        let place = |column: usize| used.iter().position(|u| *u == column).unwrap_or_default();
        Self {
            read: used.iter().map(|u| self.read[*u].clone()).collect(),
            projection: self.projection.iter().map(|e| e.map_columns(&place)).collect(),
        }
    }

    /// What is read of a batch, with its kinds, marks and ids.
    pub(super) fn columns(&self, batch: &Batch, context: &EvalContext) -> Result<Batch> {
        let columns = self.read.iter().map(|e| e.evaluate(batch, context));
        Ok(batch.with_columns(columns.collect::<Result<_>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataType, Field, LogicalType, Schema};
    use crate::expr::call;

    #[test]
    fn fields_are_read_instead_of_their_rows() -> Result<()> {
        let int = DataType::nullable(LogicalType::Int);
        let fields = vec![Field::new("a", int.clone()), Field::new("b", int.clone())];
        let rows = DataType::nullable(LogicalType::Row(Schema::new(fields)));
        let row = |column| Expr::column(column, rows.clone());
        let sum = call("+", vec![row(3).field(1)?, Expr::column(1, int)])?;
        let reads = Reads::of(&[row(3).field(1)?, sum, row(2), row(2).field(0)?]);
        let text = |exprs: &[Expr]| exprs.iter().map(Expr::to_string).collect::<Vec<_>>();
        assert_eq!(text(&reads.read), ["$3.b", "$1", "$2", "$2.a"]);
        assert_eq!(text(&reads.projection), ["$0", "($0 + $1)", "$2", "$3"]);
        Ok(())
    }
}
