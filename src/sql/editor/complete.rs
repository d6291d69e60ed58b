//! Candidates for the word at the caret: what the catalog names, functions, keywords; inside quotes of
//! WITH and SET, option keys and values.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Completion, CompletionClass, help, is_word, reference};
use crate::connectors::options::OptionSpec;
use crate::connectors::registry;
use crate::sql::catalog::{CatalogSummary, TableSummary};
use crate::sql::{config, parse, split, words};

/// The bytes of the word that ends at `caret`, and what it could become, best first: columns of the
/// tables that the statement names, other names of the catalog, functions, keywords.
pub fn complete(
    text: &str,
    caret: usize,
    catalog: &CatalogSummary,
) -> (Range<usize>, Vec<Completion>) {
    let before = text.get(..caret).unwrap_or(text);
    let statement = statement_before(before);
    let (length, candidates) = match open_quote(statement) {
        Some(quote) => (statement.len() - quote - 1, quoted(statement, quote)),
        None => {
            let word = last_word(statement);
            if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
                return (before.len() - word.len()..before.len(), Vec::new());
            }
            (word.len(), named(text, statement, word, catalog))
        }
    };
    let range = before.len() - length..before.len();
    let word = &before[range.clone()];
    let mut seen = BTreeSet::new();
    let found = candidates.into_iter().filter(|candidate| begins(&candidate.insert, word));
    let found = found.filter(|candidate| seen.insert(candidate.insert.to_uppercase())).collect();
    (range, found)
}

/// The part of a text that belongs to the statement at its end.
fn statement_before(before: &str) -> &str {
    let closed = split::split(before);
    let last = closed.last().map_or("", |s| &s.text);
    match split::is_open(before) {
        true => before.rfind(last).map_or(before, |at| &before[at..]),
        false => "",
    }
}

/// Where the quote stands that is open at the end.
fn open_quote(statement: &str) -> Option<usize> {
    let quotes: Vec<usize> = statement.match_indices('\'').map(|(at, _)| at).collect();
    quotes.last().copied().filter(|_| quotes.len() % 2 == 1)
}

fn last_word(text: &str) -> &str {
    let letters = text.char_indices().rev().take_while(|(_, character)| is_word(*character));
    letters.last().map_or("", |(at, _)| &text[at..])
}

fn begins(name: &str, word: &str) -> bool {
    name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn candidate(insert: &str, detail: &str, class: CompletionClass) -> Completion {
    let help = help::of(insert);
    Completion { insert: insert.to_owned(), detail: detail.to_owned(), class, help }
}

/// Inside quotes: keys and values of SET and WITH.
fn quoted(statement: &str, quote: usize) -> Vec<Completion> {
    let head = statement[..quote].trim_end();
    let first = statement.split_whitespace().next().unwrap_or_default();
    let is_set = ["SET", "RESET"].iter().any(|w| first.eq_ignore_ascii_case(w));
    let key = head.strip_suffix('=').map(|rest| rest.trim_end().trim_end_matches('\''));
    match key.map(|rest| rest.rsplit('\'').next().unwrap_or_default()) {
        Some(key) => values_of(key),
        None if is_set => settings(),
        None => options(statement),
    }
}

fn settings() -> Vec<Completion> {
    let key = |s: &config::Setting| {
        candidate(s.key, s.default.unwrap_or_default(), CompletionClass::Option)
    };
    config::KEYS.iter().map(key).collect()
}

/// The keys of the connector that the statement names, or of all.
fn options(statement: &str) -> Vec<Completion> {
    let all = registry::all().iter().map(|c| c.descriptor());
    let all: Vec<_> = all.collect();
    let named = all.iter().filter(|d| statement.contains(&format!("'{}'", d.identifier)));
    let mut chosen: Vec<_> = named.copied().collect();
    if chosen.is_empty() {
        chosen = all;
    }
    let key = |spec: &OptionSpec| {
        candidate(spec.key, spec.default.unwrap_or_default(), CompletionClass::Option)
    };
    chosen.iter().flat_map(|d| d.all_options().iter().map(key).collect::<Vec<_>>()).collect()
}

fn values_of(key: &str) -> Vec<Completion> {
    use crate::connectors::options::OptionType;
    let value = |text: &str| candidate(text, "", CompletionClass::Option);
    if key == "connector" {
        return registry::all().iter().map(|c| value(c.descriptor().identifier)).collect();
    }
    let specs = registry::all().iter().flat_map(|c| c.descriptor().all_options());
    let of_table = specs.filter(|s| s.matches(key)).map(|s| s.kind).next();
    match of_table.or_else(|| config::Setting::find(key).map(|s| s.kind)) {
        Some(OptionType::Choice(words)) => words.iter().map(|w| value(w)).collect(),
        Some(OptionType::Boolean) => ["true", "false"].iter().map(|w| value(w)).collect(),
        _ => Vec::new(),
    }
}

/// Outside of quotes. The first word of a statement can only be one of those that begin one.
fn named(text: &str, statement: &str, word: &str, catalog: &CatalogSummary) -> Vec<Completion> {
    if statement.len() == word.len() {
        let first = |w| candidate(w, "", CompletionClass::Keyword);
        return parse::first_words().map(first).collect();
    }
    let (used, others): (Vec<_>, Vec<_>) =
        catalog.tables.iter().partition(|table| mentions(text, &table.path.2));
    let columns = used.iter().chain(&others).flat_map(|table| columns(table));
    let tables = catalog.tables.iter().map(table);
    let wants_table = ["FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC", "VIEW"];
    let previous = last_word(statement[..statement.len() - word.len()].trim_end());
    let rest = functions(catalog).chain(keywords());
    match wants_table.iter().any(|w| previous.eq_ignore_ascii_case(w)) {
        true => tables.chain(columns).chain(rest).collect(),
        false => columns.chain(tables).chain(rest).collect(),
    }
}

/// Whether a name stands in a text as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    text.split(|c: char| !is_word(c)).any(|word| word == name)
}

fn columns(table: &TableSummary) -> impl Iterator<Item = Completion> {
    table.columns.iter().map(|(name, kind)| candidate(name, kind, CompletionClass::Column))
}

fn table(table: &TableSummary) -> Completion {
    let class = if table.view { CompletionClass::View } else { CompletionClass::Table };
    candidate(&table.path.2, table.connector.as_deref().unwrap_or_default(), class)
}

fn functions(catalog: &CatalogSummary) -> impl Iterator<Item = Completion> {
    let built_in = reference::callable().map(|f| (f.name, f.arguments().unwrap_or_default()));
    let own = catalog.functions.iter().map(|name| (name.as_str(), ""));
    let function = |(name, arguments)| candidate(name, arguments, CompletionClass::Function);
    built_in.chain(own).map(function)
}

fn keywords() -> impl Iterator<Item = Completion> {
    let all = words::RESERVED.iter().chain(words::UNRESERVED);
    all.map(|word| candidate(word, "", CompletionClass::Keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserts(text: &str) -> Vec<String> {
        let table = |name: &str, column: &str| TableSummary {
            path: ("c".into(), "d".into(), name.into()),
            columns: vec![(column.into(), "INT".into())],
            ..TableSummary::default()
        };
        let tables = vec![table("people_job", "tumbler"), table("other", "tumbling")];
        let catalog = CatalogSummary { tables, ..CatalogSummary::default() };
        complete(text, text.len(), &catalog).1.into_iter().map(|c| c.insert).collect()
    }

    #[test]
    fn the_catalog_comes_first_then_functions_then_keywords() {
        assert_eq!(inserts("SELECT tumb")[..3], ["tumbler", "tumbling", "TUMBLE"]);
        assert_eq!(inserts("SELECT * FROM peo"), ["people_job"]);
        assert_eq!(inserts("sele"), ["SELECT"]);
        assert_eq!(inserts("SELECT 1; sele"), ["SELECT"]);
    }

    #[test]
    fn columns_of_the_tables_that_are_named_come_before_others() {
        let catalog_text = "SELECT tumb FROM other";
        let table = |name: &str, column: &str| TableSummary {
            path: ("c".into(), "d".into(), name.into()),
            columns: vec![(column.into(), "INT".into())],
            ..TableSummary::default()
        };
        let tables = vec![table("people_job", "tumbler"), table("other", "tumbling")];
        let catalog = CatalogSummary { tables, ..CatalogSummary::default() };
        let (range, found) = complete(catalog_text, 11, &catalog);
        assert_eq!(range, 7..11);
        assert_eq!(found[0].insert, "tumbling");
    }

    #[test]
    fn quotes_hold_option_keys_and_values() {
        assert_eq!(inserts("SET 'execution.r"), ["execution.runtime-mode"]);
        assert_eq!(inserts("SET 'execution.runtime-mode' = 'b"), ["batch"]);
        assert_eq!(inserts("CREATE TABLE t (x INT) WITH ('conn"), ["connector"]);
        assert_eq!(inserts("CREATE TABLE t (x INT) WITH ('connector' = 'bl"), ["blackhole"]);
    }

    #[test]
    fn no_word_no_candidates() {
        assert_eq!(inserts("SELECT "), Vec::<String>::new());
        assert_eq!(inserts("SELECT 1"), Vec::<String>::new());
        assert_eq!(complete("é", 1, &CatalogSummary::default()).1, []);
    }
}
