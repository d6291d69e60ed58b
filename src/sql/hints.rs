//! `/*+ OPTIONS('key' = 'value') */` behind a table: options for this use of it alone.

use sqlparser::tokenizer::Location;

use super::parse;
use super::place::START;
use super::statement::{OptionList, Source};
use super::tokens::tokenize;

/// The options of the hint that follows a table whose name ends at `after`; none if there is none.
/// What is no OPTIONS hint, or cannot be read, is passed over as Flink passes over unknown hints.
pub(super) fn options_after(source: &Source, after: Location) -> OptionList {
    let hint = source.hints.iter().find(|h| h.after == after);
    hint.and_then(|h| options(&h.text)).unwrap_or_default()
}

fn options(text: &str) -> Option<OptionList> {
    let text = text.trim();
    let word = text.get(..7).filter(|w| w.eq_ignore_ascii_case("OPTIONS"))?;
    let tokens = tokenize(&text[word.len()..], START).ok()?.tokens;
    parse::read_options(tokens)
}
