//! The patterns of LIKE: `%` is any text, `_` one character. There is no escape unless one is given.

use crate::base::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(Vec<char>),
    One,
}

/// A pattern, cut at each `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LikePattern {
    /// What stands between the `%`; the text begins with the first and ends with the last.
    parts: Vec<Vec<Piece>>,
}

impl LikePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `like-escape` (`pattern`) if the escape character stands before anything but `%`, `_` or
    /// itself.
    pub fn new(pattern: &str, escape: Option<char>) -> Result<Self> {
        let mut parts = vec![Vec::new()];
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            let literal = match character {
                c if Some(c) == escape => match characters.next() {
                    Some(c) if c == '%' || c == '_' || Some(c) == escape => c,
                    _ => return Err(Error::new("like-escape").arg("pattern", pattern)),
                },
                '%' => {
                    parts.push(Vec::new());
                    continue;
                }
                '_' => {
                    push(&mut parts, Piece::One);
                    continue;
                }
                c => c,
            };
            push_character(&mut parts, literal);
        }
        Ok(Self { parts })
    }

    /// Whether a text is like the pattern.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (first, rest) = match self.parts.split_first() {
            Some((first, [])) => return starts(&text, first) == Some(text.len()),
            Some(parts) => parts,
            None => return text.is_empty(),
        };
        let Some((last, middle)) = rest.split_last() else { return false };
        let Some(mut from) = starts(&text, first) else { return false };
        for part in middle {
            let found = (from..=text.len()).find_map(|at| Some(at + starts(&text[at..], part)?));
            match found {
                Some(end) => from = end,
                None => return false,
            }
        }
        let len = last.iter().map(Piece::len).sum::<usize>();
        let tail = text.len().checked_sub(len).filter(|tail| *tail >= from);
        tail.is_some_and(|tail| starts(&text[tail..], last).is_some())
    }
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::One => 1,
        }
    }
}

fn push(parts: &mut [Vec<Piece>], piece: Piece) {
    if let Some(part) = parts.last_mut() {
        part.push(piece);
    }
}

fn push_character(parts: &mut [Vec<Piece>], character: char) {
    match parts.last_mut().and_then(|part| part.last_mut()) {
        Some(Piece::Text(text)) => text.push(character),
        _ => push(parts, Piece::Text(vec![character])),
    }
}

/// What `_` does not match, as Java's `.`; `%` matches it.
fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// How many characters the part takes from the start of a text.
fn starts(text: &[char], part: &[Piece]) -> Option<usize> {
    part.iter().try_fold(0, |at, piece| match piece {
        Piece::One => text.get(at).filter(|c| !ends_line(**c)).map(|_| at + 1),
        Piece::Text(piece) => text[at..].starts_with(piece).then_some(at + piece.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_flinks_do() {
        let cases = [
            ("flink", "fl%", None, true),
            ("flink", "_link", None, true),
            ("flink", "FL%", None, false),
            ("50%", "50!%", Some('!'), true),
            ("50x", "50!%", Some('!'), false),
            ("abc", "%b%", None, true),
            ("", "%", None, true),
            ("", "", None, true),
            ("a", "", None, false),
            ("a_c", "a\\_c", None, false),
            ("ação", "a__o", None, true),
            ("abab", "%ab", None, true),
            ("aba", "%ab", None, false),
            ("ab", "ab%ab", None, false),
            ("mississippi", "m%iss%pi", None, true),
            ("a\nb", "a%b", None, true),
            ("a\nb", "a_b", None, false),
        ];
        for (text, pattern, escape, expected) in cases {
            let like = LikePattern::new(pattern, escape).unwrap();
            assert_eq!(like.matches(text), expected, "{text:?} LIKE {pattern:?}");
        }
        assert!(LikePattern::new("a!b", Some('!')).is_err());
    }
}
