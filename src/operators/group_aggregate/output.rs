//! What goes out for each row: its results before and after it, or one of them, or nothing.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array, make_comparator};
use arrow::compute::{SortOptions, take};
use arrow::datatypes::{DataType as ArrowType, Int64Type};

use super::Effect;
use crate::base::{Error, RecordId, Result};
use crate::data::{Batch, Kinds, RowKind};

/// Which rows are the first of their group: new groups were numbered from `known` as they came.
pub(super) fn births(groups: &[u32], known: usize) -> Vec<Effect> {
    let mut next = known as u32;
    let effect = |group: &u32| {
        if *group < next {
            return Effect::Changed;
        }
        next = group + 1;
        Effect::Born
    };
    groups.iter().map(effect).collect()
}

/// The rows that change no result; `None` if every row changes one.
pub(super) fn unchanged(results: &[ArrayRef], rows: usize) -> Result<Option<Vec<bool>>> {
    let mut unchanged = vec![true; rows];
    for column in results {
        let same = make_comparator(column, column, SortOptions::default())
            .map_err(|e| Error::new("column-not-made").arg("reason", e))?;
        for (row, unchanged) in unchanged.iter_mut().enumerate() {
            *unchanged = *unchanged && same(2 * row, 2 * row + 1).is_eq();
        }
    }
    Ok(unchanged.contains(&true).then_some(unchanged))
}

/// The chosen rows of the keys and results.
pub(super) fn choose(keys: &[ArrayRef], results: &[ArrayRef], positions: &[u32]) -> Result<Batch> {
    let rows: UInt32Array = positions.iter().map(|p| p / 2).collect();
    let positions = UInt32Array::from(positions.to_vec());
    let keys = keys.iter().map(|c| take(c, &rows, None));
    let results = results.iter().map(|c| take(c, &positions, None));
    let columns = keys.chain(results).collect::<Result<Vec<_>, _>>();
    let columns = columns.map_err(|e| Error::new("column-not-made").arg("reason", e))?;
    Ok(Batch::new(columns, positions.len()))
}

/// The input record behind each output row.
pub(super) fn causes(ids: &[RecordId], rows: usize, positions: Option<&[u32]>) -> Vec<RecordId> {
    match positions {
        Some(positions) => positions.iter().map(|p| ids[*p as usize / 2]).collect(),
        None => (0..2 * rows).map(|p| ids[p / 2]).collect(),
    }
}

/// What the output of `n` changed rows needs whatever the rows are; kept for the next batch.
#[derive(Default)]
pub(super) struct Pairs {
    /// 0, 0, 1, 1, 2, 2..
    rows: Option<UInt32Array>,
    /// -U, +U, -U, +U..
    kinds: Option<Arc<[RowKind]>>,
}

impl Pairs {
    /// `-U` and `+U` of every row.
    pub(super) fn whole(
        &mut self,
        keys: &[ArrayRef],
        results: Vec<ArrayRef>,
        rows: usize,
    ) -> Result<Batch> {
        let length = 2 * rows;
        let kinds = match self.kinds.take() {
            Some(kinds) if kinds.len() == length => kinds,
            _ => [RowKind::UpdateBefore, RowKind::UpdateAfter].repeat(rows).into(),
        };
        self.kinds = Some(kinds.clone());
        let keys = keys.iter().map(|key| self.twice(key, rows));
        let columns = keys.collect::<Result<Vec<_>>>()?.into_iter().chain(results).collect();
        Ok(Batch::new(columns, length).with_kinds(Kinds::Each(kinds)))
    }

    /// Each value twice in a row.
    fn twice(&mut self, column: &ArrayRef, rows: usize) -> Result<ArrayRef> {
        if *column.data_type() == ArrowType::Int64 && column.null_count() == 0 {
            let values = column.as_primitive::<Int64Type>().values();
            let twice: Vec<i64> = values.iter().flat_map(|v| [*v, *v]).collect();
            return Ok(Arc::new(arrow::array::Int64Array::from(twice)));
        }
        if self.rows.as_ref().is_none_or(|r| r.len() != 2 * rows) {
            self.rows = Some((0..2 * rows as u32).map(|p| p / 2).collect());
        }
        let rows = self.rows.as_ref().ok_or_else(|| Error::new("column-not-made"))?;
        take(column, rows, None).map_err(|e| Error::new("column-not-made").arg("reason", e))
    }
}
