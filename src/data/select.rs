//! Cutting, choosing and joining batches, with their kinds, ids and watermarks.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, UInt32Array};
use arrow::compute;

use super::batch::{Batch, Kinds, Mark};
use super::row::RowKind;
use crate::base::{Error, RecordId, Result, Watermark};

fn internal(error: arrow::error::ArrowError) -> Error {
    Error::new("column-not-made").arg("reason", error)
}

/// The rows where `keep` is true (NULL is not), and the watermark that now stands before them all.
///
/// A watermark that followed rows which are gone moves up to the last row that stays; with no such
/// row it comes out on the side, and is to be emitted before the batch (which may be empty).
///
/// # Errors
/// `column-not-made` if `keep` has another length than the batch.
pub fn filter(batch: &Batch, keep: &BooleanArray) -> Result<(Option<Watermark>, Batch)> {
    let mask = match keep.null_count() {
        0 => keep.clone(),
        _ => compute::prep_null_mask_filter(keep),
    };
    let kept = mask.true_count();
    if kept == batch.len() {
        return Ok((None, batch.clone()));
    }
    let predicate = compute::FilterBuilder::new(&mask).optimize().build();
    let columns = batch.columns().iter().map(|c| predicate.filter(c));
    let columns = columns.collect::<Result<_, _>>().map_err(internal)?;
    let (leading, marks) = moved_marks(batch.marks(), &mask);
    let filtered = Batch::new(columns, kept)
        .with_kinds(match batch.kinds() {
            Kinds::Insert => Kinds::Insert,
            Kinds::Each(kinds) => Kinds::Each(chosen(kinds, &mask)),
        })
        .with_ids(batch.ids().map(|ids| chosen(ids, &mask)))
        .with_marks(marks);
    Ok((leading, filtered))
}

fn chosen<T: Copy>(values: &[T], mask: &BooleanArray) -> Arc<[T]> {
    mask.values().set_indices().map(|i| values[i]).collect()
}

fn moved_marks(marks: &[Mark], mask: &BooleanArray) -> (Option<Watermark>, Vec<Mark>) {
    let mut leading = None;
    let mut moved: Vec<Mark> = Vec::with_capacity(marks.len());
    let (mut seen, mut after) = (0, 0);
    for mark in marks {
        after += mask.slice(seen, mark.after - seen).true_count();
        seen = mark.after;
        match moved.last_mut() {
            _ if after == 0 => leading = Some(mark.watermark),
            Some(last) if last.after == after => last.watermark = mark.watermark,
            _ => moved.push(Mark { after, watermark: mark.watermark }),
        }
    }
    (leading, moved)
}

/// Rows at these positions, in their order, with kinds and ids and **without** marks.
///
/// # Errors
/// `column-not-made` if a position is beyond the batch.
pub fn take(batch: &Batch, positions: &UInt32Array) -> Result<Batch> {
    let columns = batch.columns().iter().map(|c| compute::take(c, positions, None));
    let columns = columns.collect::<Result<_, _>>().map_err(internal)?;
    let at = |position: &u32| *position as usize;
    let taken = Batch::new(columns, positions.len())
        .with_kinds(match batch.kinds() {
            Kinds::Insert => Kinds::Insert,
            Kinds::Each(kinds) => {
                Kinds::Each(positions.values().iter().map(|p| kinds[at(p)]).collect())
            }
        })
        .with_ids(batch.ids().map(|ids| positions.values().iter().map(|p| ids[at(p)]).collect()));
    Ok(taken)
}

/// All rows of these batches as one, with kinds, marks, and ids if every batch has them.
///
/// # Errors
/// `column-not-made` if the batches have different columns.
pub fn concat(batches: &[Batch]) -> Result<Batch> {
    let Some(first) = batches.first() else { return Ok(Batch::new(Vec::new(), 0)) };
    if batches.len() == 1 {
        return Ok(first.clone());
    }
    let len = batches.iter().map(Batch::len).sum();
    let columns = (0..first.columns().len()).map(|i| {
        compute::concat(&batches.iter().map(|b| b.column(i).as_ref()).collect::<Vec<_>>())
    });
    let columns = columns.collect::<Result<_, _>>().map_err(internal)?;
    let ids = batches.iter().map(|b| b.ids().map(|ids| ids.iter().copied()));
    let ids = ids.collect::<Option<Vec<_>>>();
    let ids = ids.map(|ids| ids.into_iter().flatten().collect::<Arc<[RecordId]>>());
    let all = Batch::new(columns, len)
        .with_kinds(all_kinds(batches))
        .with_marks(all_marks(batches))
        .with_ids(ids);
    Ok(all)
}

fn all_kinds(batches: &[Batch]) -> Kinds {
    if batches.iter().all(|b| matches!(b.kinds(), Kinds::Insert)) {
        return Kinds::Insert;
    }
    let kinds = batches.iter().flat_map(|b| (0..b.len()).map(|row| b.kind(row)));
    Kinds::Each(kinds.collect::<Arc<[RowKind]>>())
}

fn all_marks(batches: &[Batch]) -> Vec<Mark> {
    let mut before = 0;
    let mut marks = Vec::new();
    for batch in batches {
        let moved = |m: &Mark| Mark { after: m.after + before, watermark: m.watermark };
        marks.extend(batch.marks().iter().map(moved));
        before += batch.len();
    }
    marks
}

impl Batch {
    /// Cuts the batch at its marks: rows without marks, and the watermark that follows them.
    pub fn runs(&self) -> impl Iterator<Item = (Batch, Option<Watermark>)> + '_ {
        let starts = std::iter::once(0).chain(self.marks().iter().map(|m| m.after));
        let ends = self.marks().iter().map(|m| (m.after, Some(m.watermark)));
        let tail = std::iter::once((self.len(), None));
        let runs = starts.zip(ends.chain(tail));
        let runs = runs.filter(|(start, (end, watermark))| end > start || watermark.is_some());
        runs.map(|(start, (end, watermark))| (self.slice(start, end - start), watermark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{AsArray, Int32Array};
    use arrow::datatypes::Int32Type;

    fn batch() -> Batch {
        let kinds = [RowKind::Insert, RowKind::UpdateBefore, RowKind::UpdateAfter, RowKind::Delete];
        let marks = [(1, 10), (2, 20), (4, 40)];
        let mark = |(after, at)| Mark { after, watermark: Watermark(at) };
        Batch::new(vec![Arc::new(Int32Array::from(vec![1, 2, 3, 4]))], 4)
            .with_kinds(Kinds::Each(kinds.into()))
            .with_ids(Some((1..=4).map(RecordId).collect()))
            .with_marks(marks.map(mark).to_vec())
    }

    fn show(batch: &Batch) -> String {
        let numbers = batch.column(0).as_primitive::<Int32Type>();
        let mut text = String::new();
        for row in 0..batch.len() {
            let id = batch.ids().map_or(0, |ids| ids[row].0);
            text += &format!("{}{}#{id}", batch.kind(row), numbers.value(row));
            for mark in batch.marks().iter().filter(|m| m.after == row + 1) {
                text += &format!("|{}", mark.watermark);
            }
            text.push(' ');
        }
        text
    }

    #[test]
    fn filter_moves_watermarks_up() -> Result<()> {
        let cases = [
            ([true, true, true, true], None, "+I1#1|10 -U2#2|20 +U3#3 -D4#4|40 "),
            ([false, true, false, true], Some(10), "-U2#2|20 -D4#4|40 "),
            ([true, false, false, false], None, "+I1#1|40 "),
            ([false, false, true, false], Some(20), "+U3#3|40 "),
            ([false, false, false, false], Some(40), ""),
        ];
        for (keep, leading, expected) in cases {
            let (watermark, kept) = filter(&batch(), &BooleanArray::from(keep.to_vec()))?;
            assert_eq!(watermark, leading.map(Watermark), "{keep:?}");
            assert_eq!(show(&kept), expected, "{keep:?}");
        }
        Ok(())
    }

    #[test]
    fn runs_and_concat_are_inverse_but_for_marks() -> Result<()> {
        let whole = batch();
        let runs: Vec<_> = whole.runs().collect();
        let watermarks: Vec<_> = runs.iter().map(|(b, w)| (b.len(), w.map(|w| w.0))).collect();
        assert_eq!(watermarks, [(1, Some(10)), (1, Some(20)), (2, Some(40))]);
        let parts: Vec<_> = runs.into_iter().map(|(b, _)| b).collect();
        assert_eq!(show(&concat(&parts)?), "+I1#1 -U2#2 +U3#3 -D4#4 ");
        let twice = concat(&[whole.clone(), whole])?;
        assert_eq!(twice.marks().iter().map(|m| m.after).collect::<Vec<_>>(), [1, 2, 4, 5, 6, 8]);
        Ok(())
    }

    #[test]
    fn take_keeps_kinds_and_ids() -> Result<()> {
        let taken = take(&batch(), &UInt32Array::from(vec![3, 0, 0]))?;
        assert_eq!(show(&taken), "-D4#4 +I1#1 +I1#1 ");
        Ok(())
    }
}
