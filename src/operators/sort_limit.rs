//! SortLimit over a bounded input: the first rows of an order, answered at the end of the input.
//!
//! Of rows that tie those stay, and in that order, that stay in Flink's `SortLimitOperator`: it keeps them in a
//! `Heap` with the last row first.

use std::cmp::Reverse;

use arrow::array::UInt32Array;

use super::buffer::{Buffer, Ordered, SortKey, Sorter};
use super::heap::Heap;
use super::{Context, Drain, Operator, OperatorFactory, SubtaskInfo};
use crate::base::Result;
use crate::data::select::take;
use crate::data::{Batch, Schema};
use crate::state::OperatorSnapshot;

const VERSION: u16 = 1;
/// Rows that are held before those are let go that have not stayed.
const ROOM: usize = 16_384;

/// What a SortLimit does.
#[derive(Clone, Debug)]
pub struct SortLimitFactory {
    /// ORDER BY.
    pub keys: Vec<SortKey>,
    /// How many of the sorted rows are left out at the start.
    pub offset: usize,
    /// How many go out after that.
    pub fetch: usize,
    /// Whether another one sorts what goes out: rows then go as they are held.
    pub local: bool,
    /// The columns, in and out.
    pub output: Schema,
}

impl OperatorFactory for SortLimitFactory {
    fn create(&self, _subtask: SubtaskInfo) -> Result<Box<dyn Operator>> {
        Ok(Box::new(SortLimit {
            factory: self.clone(),
            held: Buffer::default(),
            rows: 0,
            heap: Heap::default(),
            answer: Ordered::default(),
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }
}

struct SortLimit {
    factory: SortLimitFactory,
    /// Batches that hold the rows of the heap, and others.
    held: Buffer,
    /// How many rows these have.
    rows: usize,
    /// The rows that stay: what orders each, and its place among those that are held.
    heap: Heap<Reverse<Box<[u8]>>, usize>,
    /// The answer, once the input has ended.
    answer: Ordered,
}

impl SortLimit {
    /// Takes a row in, if it is before the last of as many as may stay, which then goes. Says whether
    /// it is in.
    fn offer(&mut self, order: &[u8], row: usize, most: usize) -> bool {
        if self.heap.items.len() >= most {
            if self.heap.items.first().is_none_or(|(Reverse(last), _)| **last <= *order) {
                return false;
            }
            self.heap.remove_first();
        }
        self.heap.add(Reverse(order.into()), row);
        true
    }

    fn push(&mut self, batch: Batch) -> Result<()> {
        let SortLimitFactory { keys, offset, fetch, .. } = &self.factory;
        let most = offset.saturating_add(*fetch);
        let order = Sorter::new(keys).comparable(&batch)?;
        let mut stays = false;
        for (row, order) in order.iter().enumerate() {
            stays |= self.offer(order.as_ref(), self.rows + row, most);
        }
        if stays {
            self.rows += batch.len();
            self.held.push(batch);
        }
        if self.rows > ROOM.max(self.heap.items.len().saturating_mul(4)) {
            self.let_go()?;
        }
        Ok(())
    }

    /// Holds the rows of the heap alone, in its order.
    fn let_go(&mut self) -> Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let rows: UInt32Array = self.heap.items.iter().map(|(_, row)| Some(*row as u32)).collect();
        let all = self.held.take_all()?;
        self.held.push(take(&all, &rows)?);
        self.rows = rows.len();
        self.heap.items.iter_mut().enumerate().for_each(|(place, (_, row))| *row = place);
        Ok(())
    }
}

impl Operator for SortLimit {
    fn process(&mut self, _input: usize, batch: Batch, _context: &mut Context<'_>) -> Result<()> {
        self.push(batch)
    }

    fn end_input(&mut self, _input: usize, _context: &mut Context<'_>) -> Result<()> {
        if !self.factory.local {
            self.heap.items.sort_by(|(Reverse(a), _), (Reverse(b), _)| a.cmp(b));
        }
        self.let_go()?;
        self.heap.items.clear();
        self.answer = Ordered::new(&mut self.held, &[])?;
        self.answer.cut(self.factory.offset, Some(self.factory.fetch));
        Ok(())
    }

    fn drain(&mut self, context: &mut Context<'_>) -> Result<Drain> {
        self.answer.emit_next(context)
    }

    fn snapshot(&mut self, _context: &mut Context<'_>) -> Result<OperatorSnapshot> {
        self.let_go()?;
        self.held.snapshot(VERSION, &self.factory.output)
    }

    fn restore(
        &mut self,
        snapshots: &[OperatorSnapshot],
        _context: &mut Context<'_>,
    ) -> Result<()> {
        let mut rows = Buffer::default();
        rows.restore(VERSION, snapshots, &self.factory.output)?;
        match rows.is_empty() {
            true => Ok(()),
            false => self.push(rows.take_all()?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{check, schema};
    use super::*;

    fn first(offset: usize, fetch: usize, local: bool) -> SortLimitFactory {
        let keys = vec![SortKey { column: 0, descending: false, nulls_first: true }];
        SortLimitFactory { keys, offset, fetch, local, output: schema("a INT, b STRING") }
    }

    const ROWS: &str = "+I 2 x\n+I null y\n+I 1 z\n+I 2 a\n+I 1 w";

    #[test]
    fn the_first_rows_of_an_order_go_out() {
        let input = schema("a INT, b STRING");
        let cases = [
            (0, 3, "+I null y\n+I 1 z\n+I 1 w"),
            (1, 2, "+I 1 z\n+I 1 w"),
            (4, 9, "+I 2 a"),
            (9, 1, ""),
            (0, 0, ""),
        ];
        for (offset, fetch, expected) in cases {
            check(&first(offset, fetch, false), &input, &[(ROWS, ""), ("restore\nend", expected)]);
        }
    }

    #[test]
    fn of_ties_those_stay_that_a_priority_queue_keeps() {
        let input = schema("a INT, b STRING");
        let ties = "+I 3 a\n+I 2 b\n+I 2 c\n+I 3 d\n+I 1 e\n+I 2 f";
        // The queue holds 3 a, 2 b, 2 c; 3 d is not before 3 a; 1 e takes its place, and 2 f none.
        let kept = "+I 2 c\n+I 2 b\n+I 1 e";
        check(&first(0, 3, true), &input, &[(ties, ""), ("end", kept)]);
        let sorted = "+I 1 e\n+I 2 c\n+I 2 b";
        check(&first(0, 3, false), &input, &[(ties, ""), ("end", sorted)]);
    }
}
