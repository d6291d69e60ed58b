//! Partitioners: which channels of an edge an element goes into, and in which pieces.
//!
//! Rows are routed one by one as Flink routes them, whatever batch they come in; watermarks,
//! barriers, pauses and the end go to every channel.

use std::sync::Arc;

use arrow::array::UInt32Array;

use crate::base::{Result, Watermark};
use crate::data::{Batch, DataType, Element, Mark, Row, Schema, Value, key, select};
use crate::graph::{KeySelector, Partitioner};

/// The partitioner of one sender on one edge.
pub struct Router {
    kind: Kind,
    channels: usize,
    /// The channel of each row, kept to spare the allocation.
    targets: Vec<u32>,
}

enum Kind {
    /// All to the first (and only, unless it is Flink's GLOBAL).
    First,
    /// In turn, from this one.
    Rebalance(usize),
    /// All to all.
    Broadcast,
    /// By the hash of SQL key columns.
    Columns { columns: Vec<usize>, types: Vec<DataType>, key_groups: u16 },
    /// By the hash code of a DataStream key.
    Function { key: Arc<dyn Fn(&Row) -> Value + Send + Sync>, schema: Schema, key_groups: u16 },
}

/// What a router needs to know of its edge.
pub struct Edge<'a> {
    /// How rows find their receiver.
    pub partitioner: &'a Partitioner,
    /// The columns of the rows.
    pub schema: &'a Schema,
    /// Index of the sending subtask.
    pub sender: u32,
    /// How many channels the sender has on it.
    pub channels: usize,
    /// The number of key groups.
    pub key_groups: u16,
}

impl Router {
    /// The router of a sender.
    pub fn new(edge: &Edge<'_>) -> Self {
        let key_groups = edge.key_groups;
        let kind = match edge.partitioner {
            Partitioner::Forward | Partitioner::Global => Kind::First,
            Partitioner::Rebalance => Kind::Rebalance(edge.sender as usize % edge.channels.max(1)),
            Partitioner::Broadcast => Kind::Broadcast,
            Partitioner::Hash(KeySelector::Columns(columns)) => {
                let field = |c: &usize| edge.schema.fields().get(*c).map(|f| f.data_type.clone());
                let types = columns.iter().filter_map(field).collect();
                Kind::Columns { columns: columns.clone(), types, key_groups }
            }
            Partitioner::Hash(KeySelector::Function(_, key)) => {
                Kind::Function { key: key.clone(), schema: edge.schema.clone(), key_groups }
            }
        };
        Self { kind, channels: edge.channels, targets: Vec::new() }
    }

    /// Hands the pieces of an element to `to`, each with its channel, in the order of the channels.
    pub fn route(&mut self, element: Element, mut to: impl FnMut(usize, Element)) -> Result<()> {
        match element {
            Element::Batch(batch) => self.route_batch(batch, &mut to),
            other => {
                self.to_all(&other, &mut to);
                Ok(())
            }
        }
    }

    fn to_all(&self, element: &Element, to: &mut impl FnMut(usize, Element)) {
        (0..self.channels).for_each(|channel| to(channel, element.clone()));
    }

    fn route_batch(&mut self, batch: Batch, to: &mut impl FnMut(usize, Element)) -> Result<()> {
        if matches!(self.kind, Kind::Broadcast) {
            self.to_all(&Element::Batch(batch), to);
            return Ok(());
        }
        if self.channels == 1 {
            to(0, Element::Batch(batch));
            return Ok(());
        }
        self.find_targets(&batch);
        let Some(first) = self.targets.first().copied() else { return Ok(()) };
        if self.targets.iter().all(|t| *t == first) {
            self.whole(batch, first as usize, to);
            return Ok(());
        }
        self.split(&batch, to)
    }

    fn find_targets(&mut self, batch: &Batch) {
        self.targets.clear();
        let channels = self.channels;
        match &mut self.kind {
            Kind::First | Kind::Broadcast => self.targets.resize(batch.len(), 0),
            Kind::Rebalance(next) => {
                self.targets.extend((0..batch.len()).map(|row| ((*next + row) % channels) as u32));
                *next = (*next + batch.len()) % channels;
            }
            Kind::Columns { columns, types, key_groups } => {
                let hashes = key::hash_columns(batch, columns, types);
                let owner = |hash: &i32| owner(*hash, channels, *key_groups);
                self.targets.extend(hashes.iter().map(owner));
            }
            Kind::Function { key, schema, key_groups } => {
                let hash = |row: Row| key::java_hash_code(&key(&row));
                let rows = batch.rows(schema);
                self.targets.extend(rows.map(|row| owner(hash(row), channels, *key_groups)));
            }
        }
    }

    /// All rows go to one channel; the others hear of the watermark alone.
    fn whole(&self, batch: Batch, target: usize, to: &mut impl FnMut(usize, Element)) {
        let last = batch.marks().last().map(|m| m.watermark);
        let mut batch = Some(batch);
        for channel in 0..self.channels {
            match (channel == target, last) {
                (true, _) => batch.take().into_iter().for_each(|b| to(channel, Element::Batch(b))),
                (false, Some(watermark)) => to(channel, Element::Watermark(watermark)),
                (false, None) => {}
            }
        }
    }

    fn split(&self, batch: &Batch, to: &mut impl FnMut(usize, Element)) -> Result<()> {
        let mut positions = vec![Vec::new(); self.channels];
        for (row, target) in self.targets.iter().enumerate() {
            positions[*target as usize].push(row as u32);
        }
        for (channel, positions) in positions.into_iter().enumerate() {
            let (leading, marks) = marks_for(batch.marks(), &positions);
            if let Some(watermark) = leading {
                to(channel, Element::Watermark(watermark));
            }
            if !positions.is_empty() {
                let part = select::take(batch, &UInt32Array::from(positions))?;
                to(channel, Element::Batch(part.with_marks(marks)));
            }
        }
        Ok(())
    }
}

fn owner(hash: i32, channels: usize, key_groups: u16) -> u32 {
    let parallelism = channels as u32;
    key::operator_index(key::key_group(hash, key_groups), parallelism, key_groups)
}

/// The marks of a batch as they stand among the rows at `positions`: the watermark before them all,
/// and those between. Of several without a row between them the last counts.
fn marks_for(marks: &[Mark], positions: &[u32]) -> (Option<Watermark>, Vec<Mark>) {
    let mut leading = None;
    let mut moved: Vec<Mark> = Vec::new();
    for mark in marks {
        let after = positions.partition_point(|p| (*p as usize) < mark.after);
        match moved.last_mut() {
            _ if after == 0 => leading = Some(mark.watermark),
            Some(last) if last.after == after => last.watermark = mark.watermark,
            _ => moved.push(Mark { after, watermark: mark.watermark }),
        }
    }
    (leading, moved)
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int32Array};
    use arrow::datatypes::Int32Type;
    use proptest::prelude::*;

    use super::*;
    use crate::data::{Field, LogicalType};

    fn schema() -> Schema {
        Schema::new(vec![Field::new("k", DataType::not_null(LogicalType::Int))])
    }

    fn router(partitioner: &Partitioner, channels: usize) -> Router {
        Router::new(&Edge { partitioner, schema: &schema(), sender: 1, channels, key_groups: 128 })
    }

    fn batch(keys: &[i32], marks: Vec<Mark>) -> Batch {
        Batch::new(vec![Arc::new(Int32Array::from(keys.to_vec()))], keys.len()).with_marks(marks)
    }

    /// What each channel gets: its rows with the watermark in force at each, and the last watermark.
    fn channels(router: &mut Router, count: usize, batches: Vec<Batch>) -> Vec<String> {
        let mut texts = vec![(String::new(), Watermark::MIN); count];
        let mut take = |channel: usize, element: Element| {
            let (text, watermark) = &mut texts[channel];
            match element {
                Element::Watermark(w) => *watermark = w,
                Element::Batch(batch) => {
                    let keys = batch.column(0).as_primitive::<Int32Type>().values().to_vec();
                    for (row, key) in keys.iter().enumerate() {
                        *text += &format!("{key}@{watermark} ");
                        let mark = batch.marks().iter().rfind(|m| m.after == row + 1);
                        *watermark = mark.map_or(*watermark, |m| m.watermark);
                    }
                }
                other => panic!("{other:?}"),
            }
        };
        for batch in batches {
            router.route(Element::Batch(batch), &mut take).unwrap();
        }
        texts.into_iter().map(|(text, watermark)| text + &watermark.to_string()).collect()
    }

    #[test]
    fn rows_go_where_their_partitioner_says() {
        let keys = [1, 2, 3, 4];
        let columns = |columns: Vec<usize>| Partitioner::Hash(KeySelector::Columns(columns));
        let cases = [
            (Partitioner::Global, ["1 2 3 4", "", ""]),
            (Partitioner::Broadcast, ["1 2 3 4", "1 2 3 4", "1 2 3 4"]),
            (Partitioner::Rebalance, ["3", "1 4", "2"]),
            // All rows have the same (empty) key.
            (columns(Vec::new()), ["1 2 3 4", "", ""]),
        ];
        for (partitioner, expected) in cases {
            let got = channels(&mut router(&partitioner, 3), 3, vec![batch(&keys, Vec::new())]);
            let keys = |text: &String| {
                let parts = text.split(' ').filter_map(|p| p.split_once('@'));
                parts.map(|(key, _)| key).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(got.iter().map(keys).collect::<Vec<_>>(), expected, "{partitioner:?}");
        }
    }

    #[test]
    fn control_goes_to_every_channel() {
        let mut to = Vec::new();
        let mut router = router(&Partitioner::Rebalance, 3);
        router.route(Element::End, |channel, _| to.push(channel)).unwrap();
        assert_eq!(to, [0, 1, 2]);
    }

    proptest! {
        /// A batch means what its rows mean one by one: the same rows in each channel, in the same
        /// order, under the same watermarks.
        #[test]
        fn batches_do_not_matter(
            keys in prop::collection::vec(0..50_i32, 1..40),
            marked in prop::collection::vec(any::<bool>(), 40),
            by_hash in any::<bool>(),
            count in 1..5_usize,
        ) {
            let partitioner = match by_hash {
                true => Partitioner::Hash(KeySelector::Columns(vec![0])),
                false => Partitioner::Rebalance,
            };
            let mark = |row: usize| Watermark(row as i64 * 10);
            let positions = (0..keys.len()).filter(|row| marked[*row]);
            let marks = positions.map(|row| Mark { after: row + 1, watermark: mark(row) }).collect();
            let whole = vec![batch(&keys, marks)];
            let ones = keys.iter().enumerate().map(|(row, key)| {
                let own = Mark { after: 1, watermark: mark(row) };
                batch(&[*key], if marked[row] { vec![own] } else { Vec::new() })
            });
            let ones = ones.collect();
            prop_assert_eq!(
                channels(&mut router(&partitioner, count), count, whole),
                channels(&mut router(&partitioner, count), count, ones)
            );
        }
    }
}
