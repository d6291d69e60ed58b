//! `/*+ OPTIONS('key' = 'value') */` behind a table: options for this use of it alone. And the names of
//! the hints behind SELECT.

use sqlparser::tokenizer::Location;

use super::parse;
use super::place::START;
use super::statement::{OptionList, Source};
use super::tokens::tokenize;

/// The options of the hint that follows a table whose name ends at `after`; none if there is none.
pub(super) fn options_after(source: &Source, after: Location) -> OptionList {
    let hint = source.hints.iter().find(|h| h.after == after);
    hint.and_then(|h| options(&h.text)).unwrap_or_default()
}

/// The names of the hints behind a table whose name ends at `after`.
pub(super) fn names_after(source: &Source, after: Location) -> Vec<String> {
    source.hints.iter().filter(|h| h.after == after).flat_map(|h| names(&h.text)).collect()
}

/// The hints that Flink 1.18 has behind SELECT, which say how to join; OPTIONS belongs to tables.
const KNOWN: [&str; 6] =
    ["BROADCAST", "SHUFFLE_HASH", "SHUFFLE_MERGE", "NEST_LOOP", "LOOKUP", "OPTIONS"];

/// The names of the hints in a comment: `BROADCAST(a), LOOKUP('table' = 'b')`.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut depth = 0;
    let outside = text.chars().map(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && (c.is_alphanumeric() || c == '_') { c } else { ' ' }
    });
    let outside: String = outside.collect();
    outside.split_whitespace().map(str::to_uppercase).collect()
}

/// Whether there is a hint of that name.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

fn options(text: &str) -> Option<OptionList> {
    let text = text.trim();
    let word = text.get(..7).filter(|w| w.eq_ignore_ascii_case("OPTIONS"))?;
    let tokens = tokenize(&text[word.len()..], START).ok()?.tokens;
    parse::read_options(tokens)
}
