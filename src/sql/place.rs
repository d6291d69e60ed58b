//! Places: from the tokenizer's counting to ours, and the text that a place covers.
//!
//! Both count lines and columns from 1 in characters with an exclusive end; `(0, 0)` there means
//! "no place".

use sqlparser::tokenizer as parser;

use crate::base::{Location, Span};

/// A place of the syntax tree, if it has one.
pub fn span(of: parser::Span) -> Option<Span> {
    (of.start.line > 0).then(|| Span::new(location(of.start), location(of.end)))
}

fn location(of: parser::Location) -> Location {
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Location { line: narrow(of.line), column: narrow(of.column) }
}

/// The same place, in the counting of the tokenizer.
pub fn to_parser(of: Location) -> parser::Location {
    parser::Location { line: of.line.into(), column: of.column.into() }
}

/// Moves a place of a statement to where the statement begins in its script.
pub fn shift(of: parser::Location, at: Location) -> parser::Location {
    let column = if of.line == 1 { of.column + u64::from(at.column) - 1 } else { of.column };
    parser::Location { line: of.line + u64::from(at.line) - 1, column }
}

/// The place right after a text that begins at `at`.
pub fn end_of(text: &str, at: Location) -> Location {
    text.chars().fold(at, advance)
}

/// The place after one more character.
pub fn advance(at: Location, character: char) -> Location {
    if character == '\n' {
        Location { line: at.line + 1, column: 1 }
    } else {
        Location { line: at.line, column: at.column + 1 }
    }
}

/// The byte position of a location in a text that begins at `at`; the end of the text if past it.
pub fn offset_of(text: &str, at: Location, place: Location) -> usize {
    let mut here = at;
    for (offset, character) in text.char_indices() {
        if here >= place {
            return offset;
        }
        here = advance(here, character);
    }
    text.len()
}

/// The text under a span, of a text that begins at `at`.
pub fn slice(text: &str, at: Location, span: Span) -> &str {
    let start = offset_of(text, at, span.start);
    let end = offset_of(text, at, span.end).max(start);
    &text[start..end]
}

/// The first place of a text of its own.
pub const START: Location = Location { line: 1, column: 1 };

#[cfg(test)]
mod tests {
    use super::{START, end_of, slice};
    use crate::base::{Location, Span};

    #[test]
    fn a_slice_counts_characters_not_bytes() {
        let text = "á b\ncé d";
        let span = Span::new(Location { line: 2, column: 1 }, Location { line: 2, column: 3 });
        assert_eq!(slice(text, START, span), "cé");
        assert_eq!(end_of(text, START), Location { line: 2, column: 5 });
    }
}
