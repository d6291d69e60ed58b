//! The sessions that are open, by key: which one a row falls into, which ones meet, which ones end.
//!
//! Times are those of windows, in milliseconds; what is accumulated in a session is not here.

use std::collections::BTreeMap;

/// An open session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) start: i64,
    pub(super) end: i64,
    /// The end under which it is noted; it may have grown since.
    noted: i64,
    /// Its group in the accumulators.
    pub(super) group: u32,
}

impl Session {
    fn meets(&self, start: i64, end: i64) -> bool {
        self.start <= end && start <= self.end
    }
}

/// Where a row falls.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fall {
    /// Into a session that has ended.
    Late,
    /// Into the session of this group. It has taken up the sessions of others, which are no more.
    Into { group: u32, taken_up: Vec<u32> },
}

impl Fall {
    fn into(group: u32) -> Self {
        Self::Into { group, taken_up: Vec::new() }
    }
}

/// All sessions that are open.
#[derive(Default)]
pub(super) struct OpenSessions {
    /// By key, by their start.
    by_key: Vec<Vec<Session>>,
    /// By the noted end and the group of a session: its key.
    ends: BTreeMap<(i64, u32), u32>,
    free: Vec<u32>,
    groups: u32,
    /// Sessions that end here or before have answered.
    pub(super) passed: i64,
}

impl OpenSessions {
    /// No session yet; those that end at `passed` or before have answered.
    pub(super) fn new(passed: i64) -> Self {
        Self { passed, ..Self::default() }
    }

    /// Makes room for keys up to this number.
    pub(super) fn reach(&mut self, keys: usize) {
        self.by_key.resize(keys, Vec::new());
    }

    /// Whether a key has no open session.
    pub(super) fn is_empty(&self, key: u32) -> bool {
        self.by_key[key as usize].is_empty()
    }

    /// How many groups there have been at once: one more than the largest.
    pub(super) fn groups(&self) -> usize {
        self.groups as usize
    }

    /// When the first session ends, if the ends are noted exactly.
    pub(super) fn first_end(&self) -> Option<i64> {
        self.ends.keys().next().map(|(end, _)| *end)
    }

    /// All sessions with their keys, in the order in which they answer.
    pub(super) fn in_order(&self) -> Vec<(u32, Session)> {
        let keyed = (0..).zip(&self.by_key);
        let mut all: Vec<(u32, Session)> =
            keyed.flat_map(|(key, open)| open.iter().map(move |s| (key, *s))).collect();
        all.sort_unstable_by_key(|(_, session)| (session.end, session.group));
        all
    }

    /// Puts a row of a key, which alone would be a session from `start` to `end`, where it belongs.
    /// With `exactly`, ends are noted anew whenever a session grows.
    pub(super) fn fall(&mut self, key: u32, start: i64, end: i64, exactly: bool) -> Fall {
        if let Some(fall) = self.grow(key, start, end).filter(|_| !exactly) {
            return fall;
        }
        let open = &self.by_key[key as usize];
        let met: Vec<Session> = open.iter().filter(|s| s.meets(start, end)).copied().collect();
        let start = met.iter().map(|s| s.start).fold(start, i64::min);
        let end = met.iter().map(|s| s.end).fold(end, i64::max);
        if end <= self.passed {
            return Fall::Late;
        }
        met.iter().for_each(|session| self.remove(key, *session));
        let mut groups = met.iter().map(|session| session.group);
        let group = groups.next().unwrap_or_else(|| self.new_group());
        let taken_up: Vec<u32> = groups.collect();
        self.free.extend(&taken_up);
        self.insert(key, Session { start, end, noted: end, group });
        Fall::Into { group, taken_up }
    }

    /// Opens a session as it was.
    pub(super) fn open(&mut self, key: u32, start: i64, end: i64) -> u32 {
        let group = self.new_group();
        self.insert(key, Session { start, end, noted: end, group });
        group
    }

    /// Ends all sessions that end at `until` or before: they and their keys, the first one first.
    pub(super) fn close(&mut self, until: i64) -> Vec<(u32, Session)> {
        let mut closed = Vec::new();
        while let Some(entry) = self.ends.first_entry().filter(|e| e.key().0 <= until) {
            let ((_, group), key) = entry.remove_entry();
            let open = &mut self.by_key[key as usize];
            let Some(place) = open.iter().position(|s| s.group == group) else { continue };
            let session = &mut open[place];
            if session.end > session.noted {
                session.noted = session.end;
                self.ends.insert((session.noted, group), key);
            } else {
                closed.push((key, open.remove(place)));
            }
        }
        self.passed = self.passed.max(until);
        closed
    }

    /// The group of a session that has answered may be another's.
    pub(super) fn release(&mut self, group: u32) {
        self.free.push(group);
    }

    /// Most rows fall into one session, which grows to the right at most.
    fn grow(&mut self, key: u32, start: i64, end: i64) -> Option<Fall> {
        let open = &mut self.by_key[key as usize];
        let mut met = open.iter_mut().filter(|s| s.meets(start, end));
        let (Some(only), None) = (met.next(), met.next()) else { return None };
        if start < only.start {
            return None;
        }
        let end = only.end.max(end);
        if end <= self.passed {
            return Some(Fall::Late);
        }
        only.end = end;
        Some(Fall::into(only.group))
    }

    fn new_group(&mut self) -> u32 {
        let group = self.free.pop().unwrap_or(self.groups);
        self.groups = self.groups.max(group + 1);
        group
    }

    fn insert(&mut self, key: u32, session: Session) {
        let open = &mut self.by_key[key as usize];
        let place = open.partition_point(|s| s.start < session.start);
        open.insert(place, session);
        self.ends.insert((session.noted, session.group), key);
    }

    fn remove(&mut self, key: u32, session: Session) {
        self.by_key[key as usize].retain(|s| s.group != session.group);
        self.ends.remove(&(session.noted, session.group));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(closed: &[(u32, Session)]) -> Vec<(u32, i64, i64, u32)> {
        closed.iter().map(|(key, s)| (*key, s.start, s.end, s.group)).collect()
    }

    #[test]
    fn a_row_between_two_sessions_makes_them_one() {
        let mut open = OpenSessions::new(i64::MIN);
        open.reach(1);
        assert_eq!(open.fall(0, 0, 10, false), Fall::into(0));
        assert_eq!(open.fall(0, 20, 30, false), Fall::into(1));
        assert_eq!(open.fall(0, 10, 20, false), Fall::Into { group: 0, taken_up: vec![1] });
        assert_eq!(ends(&open.close(30)), [(0, 0, 30, 0)]);
        assert!(open.is_empty(0));
        assert_eq!(open.fall(0, 5, 15, false), Fall::Late);
        assert_eq!(open.fall(0, 35, 45, false), Fall::into(1), "a free group is used again");
    }

    #[test]
    fn a_session_that_grew_ends_when_it_really_does() {
        let mut open = OpenSessions::new(i64::MIN);
        open.reach(2);
        open.fall(0, 0, 10, false);
        open.fall(1, 5, 15, false);
        open.fall(0, 8, 18, false);
        assert_eq!(open.first_end(), Some(10), "it is noted lazily");
        assert_eq!(ends(&open.close(17)), [(1, 5, 15, 1)]);
        assert_eq!(ends(&open.close(18)), [(0, 0, 18, 0)]);
        open.fall(0, 20, 30, true);
        open.fall(0, 25, 35, true);
        assert_eq!(open.first_end(), Some(35));
    }
}
