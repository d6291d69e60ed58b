//! Colours: what each stretch of a text is. A scan that never refuses, so that a text is coloured
//! while it is still wrong.

use std::ops::Range;

use super::TokenClass;
use crate::sql::words;

/// The stretches of a text that have a class, in order; what lies between is plain.
pub fn highlight(text: &str) -> Vec<(Range<usize>, TokenClass)> {
    let (mut at, mut before, mut found) = (0, "", Vec::new());
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, class) = match stretch(rest, first) {
            (length, TokenClass::Keyword) if is_name(before, &rest[..length]) => {
                (length, TokenClass::Identifier)
            }
            stretch => stretch,
        };
        if class != TokenClass::Comment && !first.is_whitespace() {
            before = &rest[..length];
        }
        if class != TokenClass::Plain {
            found.push((at..at + length, class));
        }
        at += length;
    }
    found
}

/// Whether a word of the language that is not reserved is a name where it stands: the column of a list, as
/// `job` in `SELECT job, ..`.
fn is_name(before: &str, word: &str) -> bool {
    const LISTS: [&str; 6] = ["SELECT", "DISTINCT", "BY", "(", ",", "."];
    !words::is_reserved(word) && LISTS.iter().any(|list| list.eq_ignore_ascii_case(before))
}

/// Length and class of what a text begins with.
fn stretch(rest: &str, first: char) -> (usize, TokenClass) {
    let until = |close: &str, from: usize| {
        rest[from..].find(close).map_or(rest.len(), |end| from + end + close.len())
    };
    if rest.starts_with("--") {
        return (rest.find('\n').unwrap_or(rest.len()), TokenClass::Comment);
    }
    if rest.starts_with("/*") {
        return (until("*/", 2), TokenClass::Comment);
    }
    match first {
        '\'' => (until("'", 1), TokenClass::String),
        '`' => (until("`", 1), TokenClass::Identifier),
        '0'..='9' => {
            let number = |c: char| !(c.is_ascii_alphanumeric() || c == '.');
            (rest.find(number).unwrap_or(rest.len()), TokenClass::Number)
        }
        c if super::is_word(c) => word(rest),
        c => (c.len_utf8(), TokenClass::Plain),
    }
}

fn word(rest: &str) -> (usize, TokenClass) {
    let length = rest.find(|c| !super::is_word(c)).unwrap_or(rest.len());
    let (text, after) = rest.split_at(length);
    let called = after.trim_start().starts_with('(');
    let class = if called && !words::is_clause(text) {
        TokenClass::Function
    } else if words::is_keyword(text) {
        TokenClass::Keyword
    } else {
        TokenClass::Identifier
    };
    (length, class)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(text: &str) -> Vec<(&str, TokenClass)> {
        highlight(text).into_iter().map(|(range, class)| (&text[range], class)).collect()
    }

    #[test]
    fn each_stretch_has_its_class() {
        use TokenClass::{Comment, Function, Identifier, Keyword, Number, String};
        assert_eq!(
            classes("SELECT AVG(é), 'a''b' FROM `t` -- end\nWHERE x IN (1.5)"),
            [
                ("SELECT", Keyword),
                ("AVG", Function),
                ("é", Identifier),
                ("'a'", String),
                ("'b'", String),
                ("FROM", Keyword),
                ("`t`", Identifier),
                ("-- end", Comment),
                ("WHERE", Keyword),
                ("x", Identifier),
                ("IN", Keyword),
                ("1.5", Number),
            ]
        );
    }

    #[test]
    fn a_word_that_is_not_reserved_may_be_a_name() {
        let job = |text: &str| {
            let found =
                classes(text).into_iter().find(|(word, _)| word.eq_ignore_ascii_case("job"));
            found.map(|(_, class)| class)
        };
        for text in ["SELECT job FROM t", "GROUP BY ts, /* x */ job", "(job STRING)", "p.job"] {
            assert_eq!(job(text), Some(TokenClass::Identifier), "{text}");
        }
        assert_eq!(job("STOP JOB 'a'"), Some(TokenClass::Keyword));
    }

    #[test]
    fn what_is_not_closed_runs_to_the_end() {
        assert_eq!(classes("'abc"), [("'abc", TokenClass::String)]);
        assert_eq!(classes("/* é"), [("/* é", TokenClass::Comment)]);
    }
}
