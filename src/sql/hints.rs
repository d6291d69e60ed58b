//! Hints, in comments that begin with `+`. `/*+ OPTIONS('key' = 'value') */` behind a table: options for
//! this use of it alone. Behind SELECT: how to join; only LOOKUP is more than a wish.

mod lookup;

use sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::catalog::{literal, quote};
use super::parse;
use super::place;
use super::statement::{OptionList, Source};
use super::tokens::{self, tokenize};
use crate::base::Span;

pub(super) use lookup::lookups_after;

/// The options of the hint that follows a table whose name ends at `after`; none if there is none.
pub(super) fn options_after(source: &Source, after: Location) -> OptionList {
    let first = comments_after(source, after).next();
    let options = first.map(each).unwrap_or_default().into_iter().find(|h| h.name == "OPTIONS");
    options.and_then(Hint::options).unwrap_or_default()
}

/// The first hint behind what ends at `after` that Flink does not have: its name and its place.
pub(super) fn unknown_after(source: &Source, after: Location) -> Option<(String, Option<Span>)> {
    let unknown = comments_after(source, after).flat_map(each).find(|h| !KNOWN.contains(&&*h.name));
    unknown.map(|hint| (hint.name, hint.place))
}

/// The hints behind what ends at `after`, as Flink's planner writes them; `None` if there are none.
pub(super) fn printed_after(source: &Source, after: Location) -> Option<String> {
    let hints: Vec<String> =
        comments_after(source, after).flat_map(each).map(|hint| hint.printed()).collect();
    (!hints.is_empty()).then(|| format!("/*+ {} */", hints.join(", ")))
}

fn comments_after(source: &Source, after: Location) -> impl Iterator<Item = &tokens::Hint> {
    source.hints.iter().filter(move |hint| hint.after == after)
}

/// The hints that Flink 1.18 has behind SELECT, which say how to join; OPTIONS belongs to tables.
const KNOWN: [&str; 6] =
    ["BROADCAST", "SHUFFLE_HASH", "SHUFFLE_MERGE", "NEST_LOOP", "LOOKUP", "OPTIONS"];

/// One hint of a comment: `BROADCAST(a)`.
struct Hint {
    /// Its name, in upper case.
    name: String,
    /// What stands in parentheses behind it, with these; nothing if there are none.
    arguments: Vec<TokenWithSpan>,
    /// Where it stands, with its arguments.
    place: Option<Span>,
}

impl Hint {
    fn printed(&self) -> String {
        let argument = |token: &TokenWithSpan| match &token.token {
            Token::Word(word) => quote(&word.value),
            Token::SingleQuotedString(text) => literal(text),
            Token::Eq => " = ".to_owned(),
            Token::Comma => ", ".to_owned(),
            Token::Whitespace(_) => String::new(),
            other => other.to_string(),
        };
        let arguments: String = self.arguments.iter().map(argument).collect();
        format!("{}{arguments}", quote(&self.name))
    }

    /// Its arguments as options; `None` if they are something else.
    fn options(self) -> Option<OptionList> {
        match self.arguments.is_empty() {
            true => Some(OptionList::default()),
            false => parse::read_options(self.arguments),
        }
    }
}

/// The hints in a comment.
fn each(comment: &tokens::Hint) -> Vec<Hint> {
    let Ok(tokens) = tokenize(&comment.text, comment.at) else { return Vec::new() };
    let (mut hints, mut depth): (Vec<Hint>, usize) = (Vec::new(), 0);
    for token in tokens.tokens {
        let closes = usize::from(token.token == Token::RParen);
        depth += usize::from(token.token == Token::LParen);
        match (&token.token, depth) {
            (Token::Word(word), 0) => {
                let (name, place) = (word.value.to_uppercase(), place::span(token.span));
                hints.push(Hint { name, arguments: Vec::new(), place });
            }
            (_, 0) => {}
            _ => {
                if let Some(hint) = hints.last_mut() {
                    let behind = place::span(token.span);
                    hint.place = hint.place.zip(behind).map(|(name, end)| name.union(end));
                    hint.arguments.push(token);
                }
            }
        }
        depth = depth.saturating_sub(closes);
    }
    hints
}
