//! A batch: Arrow columns, the kind of each row, watermark marks at row positions, record ids.
//!
//! A batch of 4096 rows must mean exactly what 4096 batches of one row mean. That is why watermarks
//! can stand *inside* it: on files Flink emits a watermark after a row whenever event time moved on.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::row::RowKind;
use crate::base::{RecordId, Watermark};

/// The kinds of the rows of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Every row is `+I`.
    Insert,
    /// One kind a row.
    Each(Arc<[RowKind]>),
}

/// A watermark that follows the first `after` rows of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How many rows of the batch come before it (at least 1).
    pub after: usize,
    /// The watermark.
    pub watermark: Watermark,
}

/// Rows as columns. Cheap to clone: everything is shared.
#[derive(Clone, Debug)]
pub struct Batch {
    columns: Arc<[ArrayRef]>,
    len: usize,
    kinds: Kinds,
    marks: Arc<[Mark]>,
    ids: Option<Arc<[RecordId]>>,
}

impl Batch {
    /// A batch of inserted rows. Every column has `len` values (checked in debug builds); `len` is
    /// given because a batch may have no columns (`SELECT COUNT(*)` reads none).
    pub fn new(columns: Vec<ArrayRef>, len: usize) -> Self {
        debug_assert!(columns.iter().all(|c| c.len() == len), "columns of unequal length");
        Self { columns: columns.into(), len, kinds: Kinds::Insert, marks: Arc::new([]), ids: None }
    }

    /// The same rows with these kinds.
    #[must_use]
    pub fn with_kinds(mut self, kinds: Kinds) -> Self {
        if let Kinds::Each(each) = &kinds {
            debug_assert_eq!(each.len(), self.len, "a kind for each row");
        }
        self.kinds = kinds;
        self
    }

    /// Other columns for the same rows, with their kinds, marks and ids.
    #[must_use]
    pub fn with_columns(&self, columns: Vec<ArrayRef>) -> Self {
        debug_assert!(columns.iter().all(|c| c.len() == self.len), "columns of unequal length");
        Self { columns: columns.into(), ..self.clone() }
    }

    /// The same rows with watermarks inside, in rising position.
    #[must_use]
    pub fn with_marks(mut self, marks: Vec<Mark>) -> Self {
        debug_assert!(marks.iter().all(|m| m.after >= 1 && m.after <= self.len));
        if !(marks.is_empty() && self.marks.is_empty()) {
            self.marks = marks.into();
        }
        self
    }

    /// The same rows with the ids under which the trace knows them.
    #[must_use]
    pub fn with_ids(mut self, ids: Option<Arc<[RecordId]>>) -> Self {
        self.ids = ids;
        self
    }

    /// The columns.
    pub fn columns(&self) -> &[ArrayRef] {
        &self.columns
    }

    /// One column.
    pub fn column(&self, index: usize) -> &ArrayRef {
        &self.columns[index]
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The kinds of all rows.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The kind of one row.
    pub fn kind(&self, row: usize) -> RowKind {
        match &self.kinds {
            Kinds::Insert => RowKind::Insert,
            Kinds::Each(kinds) => kinds[row],
        }
    }

    /// The watermarks inside.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The ids of the rows, at trace level *records*.
    pub fn ids(&self) -> Option<&Arc<[RecordId]>> {
        self.ids.as_ref()
    }

    /// Rows `offset .. offset + len`, with their kinds and ids and **without** marks.
    #[must_use]
    pub fn slice(&self, offset: usize, len: usize) -> Self {
        let range = offset..offset + len;
        Self {
            columns: self.columns.iter().map(|c| c.slice(offset, len)).collect(),
            len,
            kinds: match &self.kinds {
                Kinds::Insert => Kinds::Insert,
                Kinds::Each(kinds) => Kinds::Each(kinds[range.clone()].into()),
            },
            marks: Arc::new([]),
            ids: self.ids.as_ref().map(|ids| ids[range].into()),
        }
    }
}
