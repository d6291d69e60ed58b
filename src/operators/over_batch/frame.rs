//! Which rows around a row count.

use std::cmp::Ordering;
use std::ops::Range;

use super::{SortKey, Sorted};
use crate::data::{Schema, value_at};

/// The rows that count for a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Whether bounds count rows (ROWS) or distances of the order (RANGE).
    pub rows: bool,
    /// The first.
    pub start: Bound,
    /// The last.
    pub end: Bound,
}

/// One end of a frame. Distances are numbers; before the row they are below nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// The first row of the partition.
    UnboundedPreceding,
    /// So far from the row.
    At(f64),
    /// The last row of the partition.
    UnboundedFollowing,
}

impl Frame {
    /// The frame of each row.
    pub(super) fn of_rows(
        &self,
        sorted: &Sorted,
        order: &[SortKey],
        schema: &Schema,
    ) -> Vec<Range<usize>> {
        let values = Distances::new(sorted, order, schema);
        let of = |partition: &Range<usize>| {
            let partition = partition.clone();
            let values = &values;
            partition.clone().map(move |row| {
                let start = self.edge(&self.start, row, &partition, sorted, values, false);
                let end = self.edge(&self.end, row, &partition, sorted, values, true);
                start..end.max(start)
            })
        };
        sorted.partitions.iter().flat_map(of).collect()
    }

    /// The position at which the frame of a row begins, or ends.
    fn edge(
        &self,
        bound: &Bound,
        row: usize,
        partition: &Range<usize>,
        sorted: &Sorted,
        values: &Distances,
        is_end: bool,
    ) -> usize {
        let by = match bound {
            Bound::UnboundedPreceding => return partition.start,
            Bound::UnboundedFollowing => return partition.end,
            Bound::At(by) => *by,
        };
        if self.rows {
            let place = row as i64 + by as i64 + i64::from(is_end);
            let (first, last) = (partition.start as i64, partition.end as i64);
            return place.clamp(first, last) as usize;
        }
        let peers = &sorted.peers[row];
        match values.at(row) {
            Some(value) if by != 0.0 => values.search(partition, value + by, is_end),
            _ if is_end => peers.end,
            _ => peers.start,
        }
    }
}

/// The values of the only sort key, rising with the order; none where it is NULL.
struct Distances(Vec<Option<f64>>);

impl Distances {
    fn new(sorted: &Sorted, order: &[SortKey], schema: &Schema) -> Self {
        let [key] = order else { return Self(Vec::new()) };
        let (column, field) = (sorted.rows.column(key.column), &schema.fields()[key.column]);
        let sign = if key.descending { -1.0 } else { 1.0 };
        let value = |row| value_at(column, &field.data_type, row).as_f64().map(|n| sign * n);
        Self((0..sorted.rows.len()).map(value).collect())
    }

    fn at(&self, row: usize) -> Option<f64> {
        self.0.get(row).copied().flatten()
    }

    /// The first row of a partition that is not before a value, or that is behind it.
    fn search(&self, partition: &Range<usize>, value: f64, behind: bool) -> usize {
        let rows = &self.0[partition.clone()];
        // NULLs stand together at one end.
        let nulls_first = rows.first().is_some_and(Option::is_none);
        let is_before = |at: &Option<f64>| match at {
            None => nulls_first,
            Some(at) => match at.total_cmp(&value) {
                Ordering::Less => true,
                Ordering::Equal => behind,
                Ordering::Greater => false,
            },
        };
        partition.start + rows.partition_point(is_before)
    }
}
