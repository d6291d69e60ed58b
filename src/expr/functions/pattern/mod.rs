//! Java's date patterns (`yyyy-MM-dd HH:mm:ss.SSS`), of which there are two families.
//!
//! DATE_FORMAT and TO_TIMESTAMP go by `java.time.format.DateTimeFormatter` ([`DatePattern`]), which
//! knows more letters and reads strictly; FROM_UNIXTIME, UNIX_TIMESTAMP, TO_DATE and CONVERT_TZ go by
//! `java.text.SimpleDateFormat` ([`SimplePattern`]), which reads leniently: the 45th of a month is a day
//! of the next one, and what follows the moment does not matter.

mod calendar;
mod read;
mod simple;
mod sql;
mod write;

use std::iter::Peekable;
use std::str::Chars;

use crate::base::{Error, Result};

pub(super) use simple::SimplePattern;
pub(super) use sql::sql_moment;

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A letter and how often it stands.
    Field(char, usize),
    /// What is written, and may be missing where it is read.
    Optional(Vec<Piece>),
}

/// A pattern of `java.time.format.DateTimeFormatter` in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DatePattern(Vec<Piece>);

impl DatePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `date-pattern` (`pattern`, `letter`) for a letter that means nothing, or stands too often.
    pub fn new(pattern: &str) -> Result<Self> {
        let mut reader = Reader { characters: pattern.chars().peekable(), known: is_known };
        reader.pieces(true, false).map(Self).map_err(|letter| refused(pattern, letter))
    }

    /// Reads a pattern that a moment without a zone is written by.
    ///
    /// # Errors
    /// `date-pattern` as [`Self::new`], and for a letter of the zone.
    pub fn for_writing(pattern: &str) -> Result<Self> {
        let read = Self::new(pattern)?;
        let zones = read.letters().into_iter().find(|letter| "VzOXxZ".contains(*letter));
        zones.map_or(Ok(read), |letter| Err(refused(pattern, letter)))
    }

    /// The letters of its fields.
    fn letters(&self) -> Vec<char> {
        let mut letters = Vec::new();
        collect_letters(&self.0, &mut letters);
        letters
    }
}

fn collect_letters(pieces: &[Piece], letters: &mut Vec<char>) {
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Field(letter, _) => letters.push(*letter),
            Piece::Optional(inner) => collect_letters(inner, letters),
        }
    }
}

fn refused(pattern: &str, letter: char) -> Error {
    Error::new("date-pattern").arg("pattern", pattern).arg("letter", letter)
}

/// Whether a letter may stand so often.
fn is_known(letter: char, count: usize) -> bool {
    let most = match letter {
        'G' | 'E' | 'M' | 'L' | 'Q' | 'q' | 'e' => 5,
        'c' if count == 2 => 0,
        'c' => 5,
        'u' | 'y' | 'Y' | 'A' | 'n' | 'N' => 19,
        'd' | 'H' | 'h' | 'k' | 'K' | 'm' | 's' | 'w' => 2,
        'D' => 3,
        'F' | 'W' | 'a' => 1,
        'B' if count == 2 || count == 3 => 0,
        'B' => 5,
        'S' => 9,
        'V' => 2,
        'z' => 4,
        'O' => 4,
        'X' | 'x' | 'Z' => 5,
        _ => 0,
    };
    (1..=most).contains(&count)
}

/// Reads the pieces of a pattern.
struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
    known: fn(char, usize) -> bool,
}

impl Reader<'_> {
    /// Pieces up to the end, or `inside` brackets up to where they close. `brackets`: whether they mark
    /// what is optional.
    ///
    /// # Errors
    /// The character that is refused.
    fn pieces(&mut self, brackets: bool, inside: bool) -> std::result::Result<Vec<Piece>, char> {
        let mut pieces = Vec::new();
        while let Some(character) = self.characters.next() {
            pieces.push(match character {
                '\'' => Piece::Text(self.quoted()?),
                letter if letter.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while self.characters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    if !(self.known)(letter, count) {
                        return Err(letter);
                    }
                    Piece::Field(letter, count)
                }
                '[' if brackets => Piece::Optional(self.pieces(brackets, true)?),
                ']' if brackets && inside => return Ok(pieces),
                ']' | '{' | '}' | '#' if brackets => return Err(character),
                other => Piece::Text(other.to_string()),
            });
        }
        Ok(pieces)
    }

    /// Text in quotes; two quotes are one.
    fn quoted(&mut self) -> std::result::Result<String, char> {
        if self.characters.next_if_eq(&'\'').is_some() {
            return Ok("'".to_owned());
        }
        let mut text = String::new();
        loop {
            match self.characters.next() {
                Some('\'') if self.characters.next_if_eq(&'\'').is_some() => text.push('\''),
                Some('\'') => return Ok(text),
                Some(other) => text.push(other),
                None => return Err('\''),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_mean_nothing_are_refused_and_so_are_too_many() {
        for (pattern, letter) in [
            ("yyyy-bb", "b"),
            ("HHH", "H"),
            ("aa", "a"),
            ("{", "{"),
            ("'open", "'"),
            ("yyyy]", "]"),
        ] {
            let error = DatePattern::new(pattern).unwrap_err();
            assert_eq!(
                error.to_string(),
                refused(pattern, letter.chars().next().unwrap()).to_string()
            );
        }
        assert!(DatePattern::new("yyyy-MM-dd Z").is_ok());
        assert_eq!(DatePattern::for_writing("yyyy-MM-dd Z").unwrap_err().code(), "date-pattern");
    }
}
