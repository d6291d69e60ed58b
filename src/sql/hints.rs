//! Hints, in comments that begin with `+`. `/*+ OPTIONS('key' = 'value') */` behind a table: options for
//! this use of it alone. Behind SELECT: how to join; only LOOKUP is more than a wish.

mod lookup;

use sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::parse;
use super::place::START;
use super::statement::{OptionList, Source};
use super::tokens::tokenize;

pub(super) use lookup::lookup;

/// The options of the hint that follows a table whose name ends at `after`; none if there is none.
pub(super) fn options_after(source: &Source, after: Location) -> OptionList {
    let hint = source.hints.iter().find(|h| h.after == after);
    let hints = hint.map(|h| each(&h.text)).unwrap_or_default();
    let options = hints.into_iter().find(|h| h.name == "OPTIONS");
    options.and_then(Hint::options).unwrap_or_default()
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
    each(text).into_iter().map(|hint| hint.name).collect()
}

/// Whether there is a hint of that name.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// One hint of a comment.
struct Hint {
    /// Its name, in upper case.
    name: String,
    /// What stands in parentheses behind it, with these; nothing if there are none.
    arguments: Vec<TokenWithSpan>,
}

impl Hint {
    /// Its arguments as options; `None` if they are something else.
    fn options(self) -> Option<OptionList> {
        match self.arguments.is_empty() {
            true => Some(OptionList::default()),
            false => parse::read_options(self.arguments),
        }
    }
}

/// The hints in a comment.
fn each(text: &str) -> Vec<Hint> {
    let Ok(tokens) = tokenize(text, START) else { return Vec::new() };
    let (mut hints, mut depth): (Vec<Hint>, usize) = (Vec::new(), 0);
    for token in tokens.tokens {
        let closes = usize::from(token.token == Token::RParen);
        depth += usize::from(token.token == Token::LParen);
        match (&token.token, depth) {
            (Token::Word(word), 0) => {
                hints.push(Hint { name: word.value.to_uppercase(), arguments: Vec::new() });
            }
            (_, 0) => {}
            _ => {
                if let Some(hint) = hints.last_mut() {
                    hint.arguments.push(token);
                }
            }
        }
        depth = depth.saturating_sub(closes);
    }
    hints
}
