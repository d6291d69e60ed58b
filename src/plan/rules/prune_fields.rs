//! Fields of a ROW that nobody reads are not read: sources that can leave them out.
//!
//! What reads whole ROWs needs all of their fields; what passes columns on asks for what is asked of
//! it. The columns keep their positions, only the types of ROWs become narrower.

use std::collections::{BTreeMap, BTreeSet};

use super::shared;
use crate::base::Result;
use crate::connectors::registry::find;
use crate::data::{DataType, Field, LogicalType, Schema};
use crate::expr::Expr;
use crate::plan::inputs::Inputs;
use crate::plan::physical::{Distribution, ExecutionPlan, PhysicalKind, PhysicalNode};

/// Applies the rule to a plan; roots keep their columns and their types.
pub(crate) fn apply(plan: ExecutionPlan) -> Result<ExecutionPlan> {
    let mut parts = Parts::default();
    shared::rewrite(plan, |tree, place| match place {
        None => {
            let wanted = whole(&tree.schema);
            parts.prune(tree, wanted)
        }
        Some(place) => {
            let wanted = parts.wanted.get(&place).cloned().unwrap_or_else(|| whole(&tree.schema));
            let part = parts.prune(tree, wanted)?;
            parts.schemas.insert(place, part.schema.clone());
            Ok(part)
        }
    })
}

/// The fields that are read of a column; `None`: all of it.
type Wanted = Option<BTreeSet<usize>>;

/// What is read of each column of a node.
type Columns = Vec<Wanted>;

fn whole(schema: &Schema) -> Columns {
    vec![None; schema.len()]
}

/// The shared parts of a plan.
#[derive(Default)]
struct Parts {
    /// What all readers together read of them.
    wanted: BTreeMap<usize, Columns>,
    /// What they have become.
    schemas: BTreeMap<usize, Schema>,
}

impl Parts {
    /// The node without fields that are not wanted. Its schema tells which are left.
    fn prune(&mut self, node: PhysicalNode, wanted: Columns) -> Result<PhysicalNode> {
        match &node.kind {
            PhysicalKind::Reused(place) => Ok(self.reused(*place, node, &wanted)),
            PhysicalKind::TableSourceScan { .. } => scan(node, &wanted),
            PhysicalKind::Calc { .. } => self.prune_calc(node, &wanted),
            PhysicalKind::WatermarkAssigner { rowtime, watermark } => {
                let mut wanted = wanted;
                read(watermark, &mut wanted);
                wanted[*rowtime] = None;
                self.pass(node, wanted)
            }
            PhysicalKind::Exchange(Distribution::Single)
            | PhysicalKind::MiniBatchAssigner { .. }
            | PhysicalKind::Limit { .. } => self.pass(node, wanted),
            _ => {
                let whole = |input: PhysicalNode| {
                    let wanted = whole(&input.schema);
                    self.prune(input, wanted)
                };
                let inputs = node.inputs.into_iter().map(whole).collect::<Result<_>>()?;
                Ok(PhysicalNode { inputs, ..node })
            }
        }
    }

    /// A node that passes the columns of its input on.
    fn pass(&mut self, node: PhysicalNode, wanted: Columns) -> Result<PhysicalNode> {
        let before = inputs_schema(&node);
        let inputs = node.inputs.into_iter().map(|input| self.prune(input, wanted.clone()));
        let node = PhysicalNode { inputs: inputs.collect::<Result<_>>()?, ..node };
        let after = inputs_schema(&node);
        let kind = match node.kind {
            PhysicalKind::WatermarkAssigner { rowtime, watermark } => {
                let watermark = narrowed(&watermark, &before, &after);
                PhysicalKind::WatermarkAssigner { rowtime, watermark }
            }
            other => other,
        };
        let narrow = |(field, input): (&Field, &Field)| match input.data_type.logical {
            LogicalType::Row(_) => Field::new(field.name.clone(), input.data_type.clone()),
            _ => field.clone(),
        };
        let schema = node.schema.fields().iter().zip(after.fields()).map(narrow);
        Ok(PhysicalNode {
            schema: Schema::new(schema.collect()),
            kind,
            inputs: node.inputs,
            ..node
        })
    }

    fn prune_calc(&mut self, node: PhysicalNode, wanted: &Columns) -> Result<PhysicalNode> {
        let before = inputs_schema(&node);
        let PhysicalKind::Calc { condition, projection } = node.kind else { return Ok(node) };
        let mut below: Columns = vec![Some(BTreeSet::new()); before.len()];
        for (expr, wanted) in projection.iter().zip(wanted) {
            match (expr.as_column(), wanted) {
                (Some(column), Some(fields)) => {
                    if let Some(all) = &mut below[column] {
                        all.extend(fields);
                    }
                }
                _ => read(expr, &mut below),
            }
        }
        condition.iter().for_each(|condition| read(condition, &mut below));
        let inputs = node.inputs.into_iter().map(|input| self.prune(input, below.clone()));
        let inputs: Inputs = inputs.collect::<Result<_>>()?;
        let after = inputs.first().map_or(&before, |input| &input.schema);
        let narrow = |expr: &Expr| narrowed(expr, &before, after);
        let projection: Vec<Expr> = projection.iter().map(narrow).collect();
        let condition = condition.as_ref().map(narrow);
        let field = |(field, expr): (&Field, &Expr)| match expr.as_column() {
            Some(_) if is_row(&field.data_type) => {
                Field::new(field.name.clone(), expr.data_type.clone())
            }
            _ => field.clone(),
        };
        let schema = Schema::new(node.schema.fields().iter().zip(&projection).map(field).collect());
        let kind = PhysicalKind::Calc { condition, projection };
        Ok(PhysicalNode { kind, inputs, schema, changelog: node.changelog })
    }

    /// A shared part as one of its readers sees it.
    fn reused(&mut self, place: usize, node: PhysicalNode, wanted: &Columns) -> PhysicalNode {
        let nothing = || vec![Some(BTreeSet::new()); wanted.len()];
        let all = self.wanted.entry(place).or_insert_with(nothing);
        for (all, wanted) in all.iter_mut().zip(wanted) {
            *all = all.take().zip(wanted.as_ref()).map(|(all, wanted)| &all | wanted);
        }
        let schema = self.schemas.get(&place).cloned().unwrap_or_else(|| node.schema.clone());
        PhysicalNode { schema, ..node }
    }
}

/// The column and the position, if the expression is a field of a column.
fn field_of_column(expr: &Expr) -> Option<(usize, usize)> {
    let (row, field) = expr.as_field()?;
    Some((row.as_column()?, field))
}

/// Adds what an expression reads: a field of a column, or a column as a whole.
fn read(expr: &Expr, wanted: &mut Columns) {
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        match (field_of_column(expr), expr.as_column()) {
            (Some((column, field)), _) => {
                if let Some(fields) = &mut wanted[column] {
                    fields.insert(field);
                }
            }
            (None, Some(column)) => wanted[column] = None,
            (None, None) => pending.extend(expr.operands()),
        }
    }
}

fn inputs_schema(node: &PhysicalNode) -> Schema {
    node.inputs.first().map_or(&node.schema, |input| &input.schema).clone()
}

fn is_row(data_type: &DataType) -> bool {
    matches!(data_type.logical, LogicalType::Row(_))
}

/// The same expression over an input whose ROWs have become narrower.
fn narrowed(expr: &Expr, before: &Schema, after: &Schema) -> Expr {
    expr.transform(&mut |expr| {
        if let Some(column) = expr.as_column()
            && is_row(&expr.data_type)
        {
            return Expr::column(column, after.fields()[column].data_type.clone());
        }
        let moved = field_of_column(&expr).and_then(|(column, field)| {
            let row = expr.operands().first()?.clone();
            let name = &fields(&before.fields()[column])?.fields()[field].name;
            row.field(fields(&after.fields()[column])?.index_of(name)?).ok()
        });
        moved.unwrap_or(expr)
    })
}

/// The fields of a column that is a ROW.
fn fields(column: &Field) -> Option<&Schema> {
    match &column.data_type.logical {
        LogicalType::Row(fields) => Some(fields),
        _ => None,
    }
}

fn scan(mut node: PhysicalNode, wanted: &Columns) -> Result<PhysicalNode> {
    let PhysicalKind::TableSourceScan { table, projection, .. } = &mut node.kind else {
        return Ok(node);
    };
    if !find(table.options.clone())?.pushes_fields() {
        return Ok(node);
    }
    let mut physical = table.physical.fields().to_vec();
    let mut output = node.schema.fields().to_vec();
    for ((wanted, position), output) in wanted.iter().zip(projection.iter()).zip(&mut output) {
        if let (Some(fields), LogicalType::Row(row)) = (wanted, &output.data_type.logical)
            && fields.len() < row.len()
            && let Some(column) = physical.get_mut(*position)
        {
            let kept = fields.iter().filter_map(|field| row.fields().get(*field).cloned());
            output.data_type.logical = LogicalType::Row(Schema::new(kept.collect()));
            column.data_type = output.data_type.clone();
        }
    }
    table.physical = Schema::new(physical);
    node.schema = Schema::new(output);
    Ok(node)
}
