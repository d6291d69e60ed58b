//! Candidates for the word at the caret: columns and tables of the catalog, functions, keywords.

use std::ops::Range;

use super::{Completion, CompletionClass, is_word};
use crate::sql::catalog::CatalogSummary;
use crate::sql::words;

/// Functions that the tutorial uses, with their arguments.
const FUNCTIONS: &[(&str, &str)] = &[
    ("AVG", "(x)"),
    ("CAST", "(x AS type)"),
    ("COALESCE", "(x, ..)"),
    ("COUNT", "(*)"),
    ("CURRENT_TIMESTAMP", ""),
    ("FLOOR", "(t TO unit)"),
    ("LOCALTIMESTAMP", ""),
    ("MAX", "(x)"),
    ("MIN", "(x)"),
    ("PROCTIME", "()"),
    ("SUM", "(x)"),
    ("TO_TIMESTAMP", "(text)"),
    ("TUMBLE", "(t, interval)"),
    ("TUMBLE_END", "(t, interval)"),
    ("TUMBLE_PROCTIME", "(t, interval)"),
    ("TUMBLE_ROWTIME", "(t, interval)"),
    ("TUMBLE_START", "(t, interval)"),
];

/// The bytes of the word that ends at `caret`, and what it could become, best first: what the
/// catalog names, then functions, then keywords.
pub fn complete(
    text: &str,
    caret: usize,
    catalog: &CatalogSummary,
) -> (Range<usize>, Vec<Completion>) {
    let before = text.get(..caret).unwrap_or(text);
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_word(*character))
        .last()
        .map_or(before.len(), |(at, _)| at);
    let word = &before[start..];
    if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
        return (start..before.len(), Vec::new());
    }
    let candidates = named(catalog).chain(functions(catalog)).chain(keywords());
    let mut found: Vec<Completion> =
        candidates.filter(|candidate| begins(&candidate.insert, word)).collect();
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|candidate| seen.insert(candidate.insert.to_uppercase()));
    (start..before.len(), found)
}

fn begins(name: &str, word: &str) -> bool {
    name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn candidate(insert: &str, detail: &str, class: CompletionClass) -> Completion {
    Completion { insert: insert.to_owned(), detail: detail.to_owned(), class, help: None }
}

fn named(catalog: &CatalogSummary) -> impl Iterator<Item = Completion> {
    let columns = catalog.tables.iter().flat_map(|table| &table.columns);
    let columns = columns.map(|(name, kind)| candidate(name, kind, CompletionClass::Column));
    let tables = catalog.tables.iter().map(|table| {
        let class = if table.view { CompletionClass::View } else { CompletionClass::Table };
        candidate(&table.path.2, table.connector.as_deref().unwrap_or_default(), class)
    });
    tables.chain(columns)
}

fn functions(catalog: &CatalogSummary) -> impl Iterator<Item = Completion> {
    let built_in = FUNCTIONS.iter().map(|(name, arguments)| (*name, *arguments));
    let own = catalog.functions.iter().map(|name| (name.as_str(), "(..)"));
    built_in.chain(own).map(|(name, args)| candidate(name, args, CompletionClass::Function))
}

fn keywords() -> impl Iterator<Item = Completion> {
    let all = words::RESERVED.iter().chain(words::UNRESERVED);
    all.map(|word| candidate(word, "", CompletionClass::Keyword))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::catalog::TableSummary;

    fn inserts(text: &str) -> Vec<String> {
        let table = TableSummary {
            path: ("c".into(), "d".into(), "people_job".into()),
            columns: vec![("tumbler".into(), "INT".into())],
            ..TableSummary::default()
        };
        let catalog = CatalogSummary { tables: vec![table], ..CatalogSummary::default() };
        complete(text, text.len(), &catalog).1.into_iter().map(|c| c.insert).collect()
    }

    #[test]
    fn the_catalog_comes_first_then_functions_then_keywords() {
        assert_eq!(inserts("SELECT tumb")[..2], ["tumbler", "TUMBLE"]);
        assert_eq!(inserts("SELECT * FROM peo"), ["people_job"]);
        assert_eq!(inserts("sele"), ["SELECT"]);
    }

    #[test]
    fn no_word_no_candidates() {
        assert_eq!(inserts("SELECT "), Vec::<String>::new());
        assert_eq!(inserts("SELECT 1"), Vec::<String>::new());
        assert_eq!(complete("é", 1, &CatalogSummary::default()).1, []);
    }
}
