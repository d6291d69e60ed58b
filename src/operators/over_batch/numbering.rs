//! Functions that number the rows of a partition.

use std::ops::Range;

use super::{Sorted, big};
use crate::data::Value;

/// How rows are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// ROW_NUMBER: each by its own number.
    RowNumber,
    /// RANK: those that tie by the number of the first.
    Rank,
    /// DENSE_RANK: those that tie by one number, without gaps.
    DenseRank,
    /// PERCENT_RANK: the rank as a share of the way from the first row to the last.
    PercentRank,
    /// CUME_DIST: the number of the last row that ties, as a share of all rows.
    CumeDist,
    /// CUME_DIST behind a RANK over the same window, as Flink computes it there: by its own number.
    CumeDistByRow,
    /// NTILE: the bucket, of so many, as equal as they can be.
    Ntile(i64),
}

/// The number of each row.
pub(super) fn number(numbering: Numbering, sorted: &Sorted) -> Vec<Value> {
    let of = |partition: &Range<usize>| {
        let mut dense = 0;
        let partition = partition.clone();
        let first = partition.start;
        let count = partition.len();
        partition.map(move |row| {
            let peers = &sorted.peers[row];
            dense += usize::from(row == peers.start);
            let (place, rank) = (row - first + 1, peers.start - first + 1);
            match numbering {
                Numbering::RowNumber => big(place),
                Numbering::Rank => big(rank),
                Numbering::DenseRank => big(dense),
                Numbering::PercentRank => Value::Double(match count {
                    1 => 0.0,
                    _ => (rank - 1) as f64 / (count - 1) as f64,
                }),
                Numbering::CumeDist => Value::Double((peers.end - first) as f64 / count as f64),
                Numbering::CumeDistByRow => Value::Double(place as f64 / count as f64),
                Numbering::Ntile(buckets) => ntile(row - first, count, buckets),
            }
        })
    };
    sorted.partitions.iter().flat_map(of).collect()
}

/// The first buckets hold one row more if the rows do not divide evenly.
fn ntile(row: usize, count: usize, buckets: i64) -> Value {
    let buckets = usize::try_from(buckets).unwrap_or(usize::MAX).max(1);
    let (size, larger) = (count / buckets, count % buckets);
    let in_larger = larger * (size + 1);
    let bucket = match row < in_larger {
        true => row / (size + 1),
        false => larger + (row - in_larger) / size.max(1),
    };
    big(bucket + 1)
}
