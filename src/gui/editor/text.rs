//! Places in the editor's text: bytes, characters, lines and columns.

use std::ops::Range;

use crate::base::{Location, Span};

/// The byte at a line and column; the end of the line or of the text if it lies behind.
pub fn byte_at(text: &str, at: Location) -> usize {
    let mut start = 0;
    for _ in 1..at.line {
        match text[start..].find('\n') {
            Some(end) => start += end + 1,
            None => return text.len(),
        }
    }
    let line = text[start..].split('\n').next().unwrap_or_default();
    let column = (at.column.max(1) - 1) as usize;
    start + line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte)
}

/// The bytes of a span, which are at least one character wide where the text allows.
pub fn range(text: &str, span: Span) -> Range<usize> {
    let (start, end) = (byte_at(text, span.start), byte_at(text, span.end));
    if start < end {
        return start..end;
    }
    let next = text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    if next > 0 {
        return start..start + next;
    }
    let before = text[..start].chars().next_back().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    start - before..start
}

/// The byte of a character.
pub fn byte_of_char(text: &str, index: usize) -> usize {
    text.char_indices().nth(index).map_or(text.len(), |(byte, _)| byte)
}

/// The character at a byte.
pub fn char_of_byte(text: &str, byte: usize) -> usize {
    text[..floor(text, byte)].chars().count()
}

/// The nearest border of a character at or before a byte.
pub fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The bytes at places that come one after the other, found in one walk through the text.
pub fn bytes_at(text: &str, places: impl Iterator<Item = Location>) -> Vec<usize> {
    let (mut line, mut start) = (1, 0);
    let byte = |at: Location| {
        while line < at.line
            && let Some(end) = text[start..].find('\n')
        {
            (line, start) = (line + 1, start + end + 1);
        }
        start + byte_at(&text[start..], Location { line: 1, column: at.column })
    };
    places.map(byte).collect()
}

/// Which statement is at the caret, of those that begin at these bytes: the one it stands in or right
/// behind, else the one before it, else the first.
pub fn at_caret(starts: &[usize], caret: usize) -> usize {
    starts.partition_point(|start| *start <= caret).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column: u32) -> Location {
        Location { line, column }
    }

    #[test]
    fn lines_and_columns_count_characters() {
        let text = "SELECT 'ação'\nFROM x";
        assert_eq!(&text[byte_at(text, at(1, 8))..byte_at(text, at(1, 14))], "'ação'");
        assert_eq!(&text[byte_at(text, at(2, 6))..], "x");
        assert_eq!((byte_at(text, at(9, 1)), byte_at(text, at(2, 99))), (text.len(), text.len()));
    }

    #[test]
    fn an_empty_span_takes_a_character_that_can_be_seen() {
        let here = |line, column| Span::new(at(line, column), at(line, column));
        assert_eq!(range("ab\ncd", here(1, 1)), 0..1);
        assert_eq!(range("ab\ncd", here(1, 3)), 1..2);
        assert_eq!(range("", here(1, 1)), 0..0);
    }

    #[test]
    fn the_caret_chooses_its_statement() {
        let text = "SELECT 1;\n\nSELECT 2;\n";
        let starts = bytes_at(text, [at(1, 1), at(3, 1)].into_iter());
        assert_eq!(starts, [byte_at(text, at(1, 1)), byte_at(text, at(3, 1))]);
        let chosen = |caret| at_caret(&starts, caret);
        assert_eq!([chosen(0), chosen(9), chosen(12), chosen(text.len())], [0, 0, 1, 1]);
    }
}
