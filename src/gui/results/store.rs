//! Results of queries as the window keeps them: the changelog, and the table that it folds to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::JobId;
use crate::data::RowKind;
use crate::runtime::api::{QueryInfo, ResultRow};

type Cells = Arc<[String]>;

/// The results of all queries, the newest last.
#[derive(Clone, Debug, Default)]
pub struct Results {
    queries: VecDeque<QueryResult>,
}

impl Results {
    /// Queries whose results are kept.
    pub const QUERIES: usize = 16;

    /// Starts the result of a query.
    pub fn begin(&mut self, info: QueryInfo) {
        if self.queries.len() == Self::QUERIES {
            self.queries.pop_front();
        }
        self.queries.push_back(QueryResult::new(info));
    }

    /// Adds rows to a query's changelog. Rows from `first` on that are known already were taken
    /// back: after a restart they come again.
    pub fn extend(&mut self, job: JobId, first: u64, rows: Vec<ResultRow>) {
        let Some(query) = self.queries.iter_mut().rev().find(|q| q.info.job == job) else { return };
        query.truncate(first);
        rows.into_iter().for_each(|row| query.push(row));
    }

    /// All results, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &QueryResult> {
        self.queries.iter()
    }

    /// The result of a job.
    pub fn get(&self, job: JobId) -> Option<&QueryResult> {
        self.queries.iter().rev().find(|query| query.info.job == job)
    }
}

/// One query's result.
#[derive(Clone, Debug)]
pub struct QueryResult {
    /// What is known of the query.
    pub info: QueryInfo,
    changelog: VecDeque<ResultRow>,
    dropped: u64,
    table: Folded,
}

impl QueryResult {
    /// Changelog rows kept, and rows of the table.
    pub const ROWS: usize = 100_000;

    /// An empty result.
    pub fn new(info: QueryInfo) -> Self {
        Self { info, changelog: VecDeque::new(), dropped: 0, table: Folded::default() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: ResultRow) {
        self.table.apply(&row);
        self.changelog.push_back(row);
        if self.changelog.len() > Self::ROWS {
            self.changelog.pop_front();
            self.dropped += 1;
        }
    }

    /// Takes back the rows from a position on.
    fn truncate(&mut self, position: u64) {
        if position >= self.total() {
            return;
        }
        self.changelog.truncate(position.saturating_sub(self.dropped) as usize);
        self.table = Folded::default();
        self.changelog.iter().for_each(|row| self.table.apply(row));
    }

    /// How many rows the changelog has had.
    pub fn total(&self) -> u64 {
        self.dropped + self.changelog.len() as u64
    }

    /// The rows of the changelog that are kept.
    pub fn changelog(&self) -> &VecDeque<ResultRow> {
        &self.changelog
    }

    /// The table that the changelog describes.
    pub fn table(&self) -> &Folded {
        &self.table
    }
}

/// A changelog folded to the table that it describes. A row that changes keeps its place.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    rows: BTreeMap<u64, Cells>,
    places: FxHashMap<Cells, VecDeque<u64>>,
    /// The place that a `-U` left for the `+U` behind it.
    vacant: Option<u64>,
    next: u64,
    /// Rows that it has had room for no longer: the oldest.
    forgotten: usize,
}

impl Folded {
    /// Folds one row.
    pub fn apply(&mut self, row: &ResultRow) {
        if row.kind.adds() {
            let place = match (row.kind, self.vacant.take()) {
                (RowKind::UpdateAfter, Some(vacant)) => vacant,
                _ => self.append(),
            };
            self.rows.insert(place, row.cells.clone());
            self.places.entry(row.cells.clone()).or_default().push_back(place);
            self.forget();
        } else {
            let place = self.remove(&row.cells);
            if place.is_none() {
                self.forgotten = self.forgotten.saturating_sub(1);
            }
            self.vacant = place.filter(|_| row.kind == RowKind::UpdateBefore);
        }
    }

    /// How many rows the table has, forgotten ones too.
    pub fn len(&self) -> usize {
        self.rows.len() + self.forgotten
    }

    /// Its rows, in the order in which they came to be. At most the last [`QueryResult::ROWS`].
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &Cells> {
        self.rows.values()
    }

    fn forget(&mut self) {
        while self.rows.len() > QueryResult::ROWS
            && let Some((place, cells)) = self.rows.pop_first()
        {
            self.forgotten += 1;
            if let Some(places) = self.places.get_mut(&cells) {
                match places.front() == Some(&place) {
                    true => drop(places.pop_front()),
                    false => places.retain(|other| *other != place),
                }
                if places.is_empty() {
                    self.places.remove(&cells);
                }
            }
        }
    }

    fn append(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn remove(&mut self, cells: &Cells) -> Option<u64> {
        let places = self.places.get_mut(cells)?;
        let place = places.pop_back()?;
        if places.is_empty() {
            self.places.remove(cells);
        }
        self.rows.remove(&place);
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RecordId;

    fn row(kind: RowKind, cells: &str) -> ResultRow {
        let cells = cells.split(' ').map(str::to_owned).collect();
        ResultRow { kind, cells, record: RecordId::default() }
    }

    fn fold(rows: &[(RowKind, &str)]) -> String {
        let mut table = Folded::default();
        rows.iter().for_each(|(kind, cells)| table.apply(&row(*kind, cells)));
        table.rows().map(|cells| cells.join(" ")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn an_update_keeps_the_place_of_its_row() {
        use RowKind::{Insert, UpdateAfter, UpdateBefore};
        let rows = [
            (Insert, "Alice 1"),
            (Insert, "Bob 1"),
            (Insert, "Greg 1"),
            (UpdateBefore, "Bob 1"),
            (UpdateAfter, "Bob 2"),
        ];
        assert_eq!(fold(&rows), "Alice 1, Bob 2, Greg 1");
    }

    #[test]
    fn rows_that_come_again_take_the_place_of_those_that_were_taken_back() {
        let info = QueryInfo {
            job: JobId(1),
            columns: Vec::new(),
            mode: crate::graph::RuntimeMode::Streaming,
            key_columns: Vec::new(),
        };
        let mut results = Results::default();
        results.begin(info);
        results.extend(JobId(1), 0, vec![row(RowKind::Insert, "a"), row(RowKind::Insert, "b")]);
        results.extend(JobId(1), 1, vec![row(RowKind::Insert, "c")]);
        let query = results.get(JobId(1)).unwrap();
        let table: Vec<_> = query.table().rows().map(|cells| cells.join(" ")).collect();
        assert_eq!((query.total(), table), (2, vec!["a".to_owned(), "c".to_owned()]));
    }

    #[test]
    fn a_large_table_forgets_its_oldest_rows_and_still_counts_them() {
        let mut table = Folded::default();
        let numbered = |n: usize| row(RowKind::Insert, &n.to_string());
        (0..QueryResult::ROWS + 3).for_each(|n| table.apply(&numbered(n)));
        assert_eq!((table.len(), table.rows().count()), (QueryResult::ROWS + 3, QueryResult::ROWS));
        assert_eq!(table.rows().next().map(|cells| cells.join(" ")), Some("3".to_owned()));
        table.apply(&row(RowKind::Delete, "1"));
        assert_eq!(table.len(), QueryResult::ROWS + 2, "a forgotten row was taken back");
    }

    #[test]
    fn equal_rows_die_one_by_one_and_an_unknown_row_changes_nothing() {
        use RowKind::{Delete, Insert};
        let rows = [(Insert, "x"), (Insert, "x"), (Delete, "x"), (Delete, "never seen")];
        assert_eq!(fold(&rows), "x");
    }
}
