//! The passport of a record: its stamps, those of the records that it came from along its chain,
//! and the records on both sides of it.

use super::Model;
use super::records::{Hop, Record};
use crate::base::RecordId;
use crate::trace::Causes;

/// The way of a record from the source to where it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Passport {
    /// Stamps, oldest first.
    pub stamps: Vec<Stamp>,
    /// The row of the source at which the way begins, if it is still known.
    pub source_position: Option<u64>,
    /// All records from outside that lie behind it, as far as they are remembered.
    pub origins: Vec<RecordId>,
}

/// One stamp, and the record that carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// The record: this one or one that it came from.
    pub record: RecordId,
    /// Where and when.
    pub hop: Hop,
}

/// Steps that a way is followed back or forward.
const MAX_STEPS: usize = 32;
/// Records from outside that are named.
const MAX_ORIGINS: usize = 64;

impl Model {
    /// The passport of a record, if it is still remembered.
    pub fn passport(&self, id: RecordId) -> Option<Passport> {
        let way = self.way(id)?;
        let first = way.first()?;
        let source_position = match first.causes {
            Causes::Source { position } => Some(position),
            Causes::Records(_) => None,
        };
        let mut stamps: Vec<_> = way.iter().flat_map(|record| stamps(record)).collect();
        stamps.sort_by_key(|stamp| stamp.hop.sequence);
        Some(Passport { stamps, source_position, origins: self.origins(id) })
    }

    /// The record's latest causes back to the source, then itself, then its first effects.
    fn way(&self, id: RecordId) -> Option<Vec<&Record>> {
        let mut way = vec![self.records.get(id)?];
        while way.len() < MAX_STEPS
            && let Some(parent) = way.last().and_then(|record| record.parents().last())
            && let Some(parent) = self.records.get(*parent)
        {
            way.push(parent);
        }
        way.reverse();
        while way.len() < 2 * MAX_STEPS
            && let Some(effect) = way.last().and_then(|record| record.effects.first())
            && let Some(effect) = self.records.get(*effect)
        {
            way.push(effect);
        }
        Some(way)
    }

    fn origins(&self, id: RecordId) -> Vec<RecordId> {
        let (mut found, mut open) = (Vec::new(), vec![id]);
        let mut steps = 0;
        while let Some(id) = open.pop().filter(|_| steps < MAX_ORIGINS * MAX_STEPS) {
            steps += 1;
            match self.records.get(id) {
                Some(record) if record.parents().is_empty() => found.push(id),
                Some(record) => open.extend(record.parents()),
                None => {}
            }
        }
        found.sort();
        found.dedup();
        found.truncate(MAX_ORIGINS);
        found
    }
}

fn stamps(record: &Record) -> impl Iterator<Item = Stamp> {
    record.hops.iter().map(|hop| Stamp { record: record.id, hop: hop.clone() })
}
