//! Every record seen lately: what it was, where it went, what made it and what it made.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::cells::{Cell, row_text};
use super::palette::Key;
use crate::base::{
    ChannelId, JobId, LabTime, OperatorId, RecordId, SlotId, SubtaskId, TaskManagerId,
};
use crate::data::RowKind;
use crate::trace::Causes;

/// One row as it left one operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// What it does.
    pub kind: RowKind,
    /// Its values.
    pub cells: Arc<[Cell]>,
    /// Its key, if its operator declares one.
    pub key: Option<Key>,
    /// Who emitted it.
    pub subtask: SubtaskId,
    /// Which operator of the chain did.
    pub operator: OperatorId,
    /// Why it exists.
    pub causes: Causes,
    /// Records that it made. At most [`Record::MAX_LINKS`].
    pub effects: Vec<RecordId>,
    /// Its way. At most [`Record::MAX_LINKS`].
    pub hops: Vec<Hop>,
}

/// A stamp of a record's passport.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// The event.
    pub sequence: u64,
    /// When.
    pub at: LabTime,
    /// Where, and what happened there.
    pub place: Place,
}

/// Columns by name, with the texts of their values.
pub type Named = Arc<[(Arc<str>, Arc<str>)]>;

/// Where a record was, and what happened there.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// An operator emitted it.
    Emitted {
        /// The subtask's slot at that time.
        slot: Option<SlotId>,
    },
    /// It went into a channel.
    Enqueued {
        /// The job.
        job: JobId,
        /// Which channel.
        channel: ChannelId,
        /// Elements in the channel, with it.
        used: u32,
    },
    /// A subtask took it.
    Taken {
        /// Who.
        subtask: SubtaskId,
        /// The subtask's slot at that time.
        slot: Option<SlotId>,
    },
    /// It changed keyed state.
    State {
        /// Where.
        subtask: SubtaskId,
        /// Which operator.
        operator: OperatorId,
        /// The name of the state.
        state: Arc<str>,
        /// The key that was written.
        key: Arc<str>,
        /// The event of the write, to find more.
        sequence: u64,
        /// The values that were written.
        changes: Arc<[FieldChange]>,
    },
    /// It reached a sink and left the job.
    Output {
        /// Which.
        subtask: SubtaskId,
    },
    /// It asked a table by key.
    Asked {
        /// Where.
        subtask: SubtaskId,
        /// Which table.
        table: Arc<str>,
        /// The columns that it asked for, and what they were to be.
        key: Named,
        /// How many rows there were.
        count: u64,
        /// The first of them.
        found: Option<Named>,
    },
    /// It came after its window had passed.
    Late {
        /// Where.
        subtask: SubtaskId,
    },
    /// It went down with its channel.
    Lost {
        /// The dead TaskManager, if one died.
        task_manager: Option<TaskManagerId>,
    },
}

/// One value of a write to state, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub name: Arc<str>,
    /// What it was; `None` if the key was new.
    pub before: Option<Arc<str>>,
    /// What it became.
    pub after: Arc<str>,
}

impl Record {
    /// Bound on effects and hops kept of one record.
    pub const MAX_LINKS: usize = 32;

    /// The row as people write it: `('a', 3)`.
    pub fn text(&self) -> String {
        row_text(&self.cells)
    }

    /// What stands inside its shape: its first short number, else the letter of its key.
    pub fn mark(&self) -> &str {
        let is_mark = |cell: &&Cell| cell.numeric && cell.text.chars().count() <= 3;
        let is_key = |cell: &&Cell| self.key.as_ref().is_some_and(|key| key.text == cell.text);
        let number = self.cells.iter().find(|cell| is_mark(cell) && !is_key(cell));
        match (number, &self.key) {
            (Some(cell), _) => &cell.text,
            (None, Some(key)) => key.letter(),
            (None, None) => "",
        }
    }

    /// The records that made it.
    pub fn parents(&self) -> &[RecordId] {
        match &self.causes {
            Causes::Records(ids) => ids,
            Causes::Source { .. } => &[],
        }
    }
}

/// The records of a run that are still remembered, by id; the oldest pages go first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    pages: BTreeMap<u64, Arc<Page>>,
    order: VecDeque<u64>,
}

type Page = BTreeMap<RecordId, Record>;

impl Records {
    /// Ids with the same upper bits share a page, and pages are what clones share.
    const PAGE_BITS: u32 = 6;
    /// Bound on pages: about 32,000 records.
    const MAX_PAGES: usize = 512;

    /// A record, if it is still remembered.
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.pages.get(&(id.0 >> Self::PAGE_BITS))?.get(&id)
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.pages.values().map(|page| page.len()).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    pub(super) fn insert(&mut self, record: Record) {
        let page = record.id.0 >> Self::PAGE_BITS;
        if !self.pages.contains_key(&page) {
            if self.order.len() == Self::MAX_PAGES
                && let Some(oldest) = self.order.pop_front()
            {
                self.pages.remove(&oldest);
            }
            self.order.push_back(page);
        }
        Arc::make_mut(self.pages.entry(page).or_default()).insert(record.id, record);
    }

    pub(super) fn hop(&mut self, id: RecordId, hop: Hop) {
        if let Some(record) = self.get_mut(id)
            && record.hops.len() < Record::MAX_LINKS
        {
            record.hops.push(hop);
        }
    }

    pub(super) fn effect(&mut self, cause: RecordId, effect: RecordId) {
        if let Some(record) = self.get_mut(cause)
            && record.effects.len() < Record::MAX_LINKS
        {
            record.effects.push(effect);
        }
    }

    fn get_mut(&mut self, id: RecordId) -> Option<&mut Record> {
        Arc::make_mut(self.pages.get_mut(&(id.0 >> Self::PAGE_BITS))?).get_mut(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: RecordId) -> Record {
        Record {
            id,
            kind: RowKind::Insert,
            cells: Arc::new([]),
            key: None,
            subtask: SubtaskId::default(),
            operator: OperatorId(0),
            causes: Causes::Source { position: 0 },
            effects: Vec::new(),
            hops: Vec::new(),
        }
    }

    #[test]
    fn the_oldest_records_are_forgotten_first() {
        let mut records = Records::default();
        let id = |n| RecordId::new(1, n);
        for n in 1..=100_000 {
            records.insert(record(id(n)));
        }
        assert!(records.len() <= Records::MAX_PAGES << Records::PAGE_BITS);
        assert!(records.get(id(1)).is_none());
        assert!(records.get(id(100_000)).is_some());
    }
}
