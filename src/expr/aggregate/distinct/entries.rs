//! The distinct values of all groups as entries: how often each is there, and in which order they came.

/// No entry, or no group.
const NONE: u32 = u32::MAX;

/// Entries are numbers that somebody else gives out. One that is counted nowhere is in no group.
pub(super) struct Entries {
    /// How many counts an entry has.
    width: usize,
    /// By entry and call.
    counts: Vec<i64>,
    /// By entry.
    links: Vec<Link>,
    /// By group.
    lists: Vec<List>,
}

/// The place of an entry among those of its group.
#[derive(Clone, Copy)]
struct Link {
    group: u32,
    before: u32,
    after: u32,
}

/// The entries of a group, in order of arrival.
#[derive(Clone, Copy)]
struct List {
    first: u32,
    last: u32,
}

impl Entries {
    pub(super) fn new(width: usize) -> Self {
        Self { width, counts: Vec::new(), links: Vec::new(), lists: Vec::new() }
    }

    /// Makes room for groups.
    pub(super) fn grow_groups(&mut self, groups: usize) {
        if groups > self.lists.len() {
            self.lists.resize(groups, List { first: NONE, last: NONE });
        }
    }

    /// Makes room for entries.
    pub(super) fn grow(&mut self, entries: usize) {
        if entries > self.links.len() {
            self.links.resize(entries, Link { group: NONE, before: NONE, after: NONE });
            self.counts.resize(entries * self.width, 0);
        }
    }

    pub(super) fn count(&self, entry: u32, call: usize) -> i64 {
        self.counts[entry as usize * self.width + call]
    }

    /// Counts an entry of a group so many times more, and says whether it has now come or gone.
    #[inline]
    pub(super) fn turns(&mut self, group: u32, entry: u32, call: usize, times: i64) -> bool {
        if self.links[entry as usize].group == NONE {
            self.link(group, entry);
        }
        let count = &mut self.counts[entry as usize * self.width + call];
        let before = *count;
        *count += times;
        let after = *count;
        if after == 0 && self.is_counted_nowhere(entry) {
            self.unlink(entry);
        }
        (before > 0) != (after > 0)
    }

    fn is_counted_nowhere(&self, entry: u32) -> bool {
        let start = entry as usize * self.width;
        self.counts[start..start + self.width].iter().all(|count| *count == 0)
    }

    /// Whether an entry is in no group.
    pub(super) fn is_free(&self, entry: u32) -> bool {
        self.links[entry as usize].group == NONE
    }

    fn link(&mut self, group: u32, entry: u32) {
        let list = &mut self.lists[group as usize];
        let before = std::mem::replace(&mut list.last, entry);
        match before {
            NONE => list.first = entry,
            before => self.links[before as usize].after = entry,
        }
        self.links[entry as usize] = Link { group, before, after: NONE };
    }

    fn unlink(&mut self, entry: u32) {
        let Link { group, before, after } = self.links[entry as usize];
        match before {
            NONE => self.lists[group as usize].first = after,
            before => self.links[before as usize].after = after,
        }
        match after {
            NONE => self.lists[group as usize].last = before,
            after => self.links[after as usize].before = before,
        }
        self.links[entry as usize].group = NONE;
    }

    /// The entries of a group, in order of arrival.
    pub(super) fn of(&self, group: u32) -> Vec<u32> {
        let list = self.lists.get(group as usize);
        let first = list.map(|list| list.first).filter(|first| *first != NONE);
        let after =
            |entry: &u32| Some(self.links[*entry as usize].after).filter(|after| *after != NONE);
        std::iter::successors(first, after).collect()
    }

    /// Takes all entries out of a group; which those were.
    pub(super) fn clear(&mut self, group: u32) -> Vec<u32> {
        let entries = self.of(group);
        for entry in &entries {
            let start = *entry as usize * self.width;
            self.counts[start..start + self.width].fill(0);
            self.links[*entry as usize].group = NONE;
        }
        if let Some(list) = self.lists.get_mut(group as usize) {
            *list = List { first: NONE, last: NONE };
        }
        entries
    }
}
