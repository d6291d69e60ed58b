//! Errors in a terminal: the words, the place with its line of SQL underlined, what lay behind.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::base::{Error, Span};
use crate::i18n::{Language, error_text, tr};

/// Prints an error; `script` is the text that its span speaks of.
pub fn print_error(
    language: Language,
    error: &Error,
    script: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}: {}", tr(language, "cli-error"), error_text(language, error))?;
    match error.span() {
        Some(span) => write!(out, "{}", excerpt(script, span)),
        None => Ok(()),
    }
}

/// Prints things worth saying about a statement that worked.
pub fn print_warnings(language: Language, all: &[Error], out: &mut dyn Write) -> io::Result<()> {
    let title = tr(language, "cli-warning");
    all.iter().try_for_each(|w| writeln!(out, "{title}: {}", error_text(language, w)))
}

/// The line of the span, with carets under it; a span over several lines is marked to the end of its
/// first. Empty if the text has no such line.
///
/// ```text
///   3 | FROM poeple
///     |      ^^^^^^
/// ```
fn excerpt(script: &str, span: Span) -> String {
    let Some(line) = script.lines().nth((span.start.line as usize).saturating_sub(1)) else {
        return String::new();
    };
    let column = span.start.column as usize;
    let length = match span.end.line == span.start.line {
        true => (span.end.column as usize).saturating_sub(column),
        false => usize::MAX,
    };
    let before: String = line.chars().take(column.saturating_sub(1)).collect();
    let marked: String = line.chars().skip(column.saturating_sub(1)).take(length).collect();
    let carets = "^".repeat(marked.width().max(1));
    let number = span.start.line;
    // A tab is kept, so that the carets stand under their word.
    let indent: String = before
        .chars()
        .map(|c| if c == '\t' { "\t".to_owned() } else { " ".repeat(c.to_string().width()) })
        .collect();
    format!("{number:>4} | {line}\n     | {indent}{carets}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Location;

    fn at(line: u32, from: u32, to: u32) -> Span {
        Span::new(Location { line, column: from }, Location { line, column: to })
    }

    #[test]
    fn the_place_is_underlined() {
        let script = "SELECT *\nFROM poeple\n";
        assert_eq!(excerpt(script, at(2, 6, 12)), "   2 | FROM poeple\n     |      ^^^^^^\n");
    }

    #[test]
    fn accents_and_wide_characters_keep_the_carets_in_place() {
        assert_eq!(excerpt("ação x", at(1, 6, 7)), "   1 | ação x\n     |      ^\n");
        assert_eq!(excerpt("日本 x", at(1, 4, 5)), "   1 | 日本 x\n     |      ^\n");
    }

    #[test]
    fn the_end_of_the_text_gets_a_caret() {
        assert_eq!(excerpt("SELECT", at(1, 7, 7)), "   1 | SELECT\n     |       ^\n");
        assert_eq!(excerpt("SELECT", at(3, 1, 1)), "");
    }
}
