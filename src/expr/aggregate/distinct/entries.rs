//! The distinct values of all groups as entries: how often each is there, and in which order they came.

/// No entry, or no group.
const NONE: u32 = u32::MAX;

/// Entries are numbers that somebody else gives out. One that is counted nowhere is in no group.
pub(super) struct Entries {
    counts: Counts,
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

/// How often each entry is there, for each call.
enum Counts {
    /// Where nothing is taken away it is enough to know whether it is there: a bit a call, by entry.
    Bits(Vec<u32>),
    /// By entry and call.
    Times { width: usize, times: Vec<i64> },
}

impl Counts {
    fn new(width: usize, retracts: bool) -> Self {
        match width <= u32::BITS as usize && !retracts {
            true => Self::Bits(Vec::new()),
            false => Self::Times { width, times: Vec::new() },
        }
    }

    fn grow(&mut self, entries: usize) {
        match self {
            Self::Bits(bits) => bits.resize(entries, 0),
            Self::Times { width, times } => times.resize(entries * *width, 0),
        }
    }

    fn get(&self, entry: u32, call: usize) -> i64 {
        match self {
            Self::Bits(bits) => i64::from(bits[entry as usize] >> call & 1),
            Self::Times { width, times } => times[entry as usize * width + call],
        }
    }

    /// Counts so many times more; how often it was there before, and is there after.
    #[inline]
    fn add(&mut self, entry: u32, call: usize, more: i64) -> (i64, i64) {
        match self {
            Self::Bits(bits) => {
                let bits = &mut bits[entry as usize];
                let before = i64::from(*bits >> call & 1);
                *bits |= 1 << call;
                (before, 1)
            }
            Self::Times { width, times } => {
                let count = &mut times[entry as usize * *width + call];
                let before = *count;
                *count += more;
                (before, *count)
            }
        }
    }

    fn is_nowhere(&self, entry: u32) -> bool {
        match self {
            Self::Bits(bits) => bits[entry as usize] == 0,
            Self::Times { width, times } => {
                times[entry as usize * width..][..*width].iter().all(|count| *count == 0)
            }
        }
    }

    fn clear(&mut self, entry: u32) {
        match self {
            Self::Bits(bits) => bits[entry as usize] = 0,
            Self::Times { width, times } => times[entry as usize * *width..][..*width].fill(0),
        }
    }
}

impl Entries {
    /// Entries of so many calls. `retracts`: values may be taken away again.
    pub(super) fn new(calls: usize, retracts: bool) -> Self {
        Self { counts: Counts::new(calls, retracts), links: Vec::new(), lists: Vec::new() }
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
            self.counts.grow(entries);
        }
    }

    pub(super) fn count(&self, entry: u32, call: usize) -> i64 {
        self.counts.get(entry, call)
    }

    /// Counts an entry of a group so many times more, and says whether it has now come or gone.
    #[inline]
    pub(super) fn turns(&mut self, group: u32, entry: u32, call: usize, times: i64) -> bool {
        if self.links[entry as usize].group == NONE {
            self.link(group, entry);
        }
        let (before, after) = self.counts.add(entry, call, times);
        if after == 0 && self.counts.is_nowhere(entry) {
            self.unlink(entry);
        }
        (before > 0) != (after > 0)
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
            self.counts.clear(*entry);
            self.links[*entry as usize].group = NONE;
        }
        if let Some(list) = self.lists.get_mut(group as usize) {
            *list = List { first: NONE, last: NONE };
        }
        entries
    }
}
