//! Tables of windows: `LogicalTableFunctionScan(invocation=[TUMBLE(..)], rowType=[..])`.

use super::{Logical, Tree};
use crate::base::LabDuration;
use crate::data::Schema;
use crate::plan::explain::literal::{interval, record};
use crate::sql::bound::{WindowKind, WindowTable};

impl Logical {
    pub(super) fn window_table(&self, table: &WindowTable, schema: &Schema) -> Tree {
        let fields = table.input.schema.fields();
        let all = fields.iter().enumerate().map(|(n, f)| format!("{}=[${n}]", f.name));
        let all: Vec<String> = all.collect();
        let input = Tree::new("LogicalProject", &all, vec![self.tree(&table.input)]);
        let (name, mut lengths) = match table.kind {
            WindowKind::Tumble { size } => ("TUMBLE", vec![size]),
            WindowKind::Hop { slide, size } => ("HOP", vec![slide, size]),
            WindowKind::Cumulate { step, size } => ("CUMULATE", vec![step, size]),
            WindowKind::Session { gap } => ("SESSION", vec![gap]),
        };
        if table.offset != LabDuration::ZERO {
            lengths.push(table.offset);
        }
        let lengths: String = lengths.into_iter().map(|d| format!(", {}", interval(d))).collect();
        let last = fields.len().saturating_sub(1);
        let attributes = [
            format!("invocation=[{name}(${last}, DESCRIPTOR(${}){lengths})]", table.time),
            format!("rowType=[{}]", record(schema)),
        ];
        Tree::new("LogicalTableFunctionScan", &attributes, vec![input])
    }
}
