//! Cuts a script into statements at `;` outside quotes and comments.
//!
//! `STATEMENT SET BEGIN .. END` is (the end of) one statement; `BEGIN STATEMENT SET` is one by itself, as
//! in Flink's SQL client. It does not judge what a statement says.

use super::place::{START, advance};
use crate::base::{Location, Span};

/// A statement of a script and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptStatement {
    /// Its text, without the `;`.
    pub text: String,
    /// Its place in the script.
    pub span: Span,
}

/// The statements of a script in order, without their `;`. What holds no word (blanks, comments) is
/// no statement.
pub fn split(script: &str) -> Vec<ScriptStatement> {
    let mut splitter = Splitter::new(script);
    let mut statements = Vec::new();
    while let Some(statement) = splitter.next_statement() {
        statements.push(statement);
    }
    statements
}

/// Whether a text ends inside a statement: the interactive client then asks for another line.
pub fn is_open(script: &str) -> bool {
    let mut splitter = Splitter::new(script);
    let mut open = false;
    while let Some((_, closed)) = splitter.next_cut() {
        open = !closed;
    }
    open
}

/// What the splitter stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lexeme {
    Blank,
    Comment,
    Semicolon,
    Word,
    Other,
}

struct Splitter<'a> {
    script: &'a str,
    offset: usize,
    at: Location,
}

impl<'a> Splitter<'a> {
    fn new(script: &'a str) -> Self {
        Self { script, offset: 0, at: START }
    }

    fn next_statement(&mut self) -> Option<ScriptStatement> {
        self.next_cut().map(|(statement, _)| statement)
    }

    /// The next statement and whether a `;` closed it.
    fn next_cut(&mut self) -> Option<(ScriptStatement, bool)> {
        let mut first: Option<(usize, Location)> = None;
        let mut last = (self.offset, self.at);
        let mut block = StatementSet::default();
        loop {
            let (from, from_at) = (self.offset, self.at);
            let Some(lexeme) = self.next_lexeme() else { break };
            match lexeme {
                Lexeme::Blank | Lexeme::Comment => continue,
                Lexeme::Semicolon if !block.is_inside() => {
                    let Some(start) = first else { continue };
                    return Some((self.cut(start, last), true));
                }
                Lexeme::Word => block.word(&self.script[from..self.offset]),
                Lexeme::Semicolon => block.semicolon(),
                Lexeme::Other => block.other(),
            }
            first.get_or_insert((from, from_at));
            last = (self.offset, self.at);
        }
        first.map(|start| (self.cut(start, last), false))
    }

    fn cut(&self, start: (usize, Location), end: (usize, Location)) -> ScriptStatement {
        ScriptStatement {
            text: self.script[start.0..end.0].to_owned(),
            span: Span::new(start.1, end.1),
        }
    }

    fn next_lexeme(&mut self) -> Option<Lexeme> {
        let rest = &self.script[self.offset..];
        let first = rest.chars().next()?;
        let (lexeme, length) = match first {
            ';' => (Lexeme::Semicolon, 1),
            '\'' | '`' | '"' => (Lexeme::Other, quoted(rest, first)),
            '-' if rest.starts_with("--") => (Lexeme::Comment, until(rest, "\n")),
            '/' if rest.starts_with("/*+") => (Lexeme::Other, 2 + until(&rest[2..], "*/")),
            '/' if rest.starts_with("/*") && !rest.contains("*/") => (Lexeme::Other, rest.len()),
            '/' if rest.starts_with("/*") => (Lexeme::Comment, 2 + until(&rest[2..], "*/")),
            c if c.is_whitespace() => (Lexeme::Blank, c.len_utf8()),
            c if is_word(c) => (Lexeme::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
            c => (Lexeme::Other, c.len_utf8()),
        };
        self.at = rest[..length].chars().fold(self.at, advance);
        self.offset += length;
        Some(lexeme)
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// The length of a quoted text; a doubled quote inside is two quoted texts in a row, which is as good.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

/// The length up to and with `end`.
fn until(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len())
}

/// Follows `EXECUTE|EXPLAIN [..] STATEMENT SET BEGIN .. END`.
#[derive(Default)]
struct StatementSet {
    previous: String,
    inside: bool,
    /// Whether the last thing was a `;`: only then is END the end of the block (CASE has one too).
    after_semicolon: bool,
}

impl StatementSet {
    fn is_inside(&self) -> bool {
        self.inside
    }

    fn word(&mut self, word: &str) {
        let word = word.to_ascii_uppercase();
        if self.previous == "STATEMENT SET" && word == "BEGIN" {
            self.inside = true;
        }
        if self.inside && self.after_semicolon && word == "END" {
            self.inside = false;
        }
        self.previous = if word == "SET" && self.previous == "STATEMENT" {
            "STATEMENT SET".to_owned()
        } else {
            word
        };
        self.after_semicolon = false;
    }

    fn semicolon(&mut self) {
        self.after_semicolon = true;
    }

    fn other(&mut self) {
        self.after_semicolon = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{is_open, split};

    fn check(script: &str, expected: &[(&str, &str)]) {
        let got = split(script);
        let got: Vec<_> = got.iter().map(|s| (s.text.as_str(), s.span.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, s)| (*t, (*s).to_owned())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn semicolons_in_quotes_and_comments_do_not_cut() {
        check(
            "-- a; b\nSELECT 'x;''y' ; /* ; */ SELECT `a;b`",
            &[("SELECT 'x;''y'", "2:1-2:15"), ("SELECT `a;b`", "2:26-2:38")],
        );
    }

    #[test]
    fn nothing_is_no_statement() {
        check(" ;; -- only this\n ;", &[]);
    }

    #[test]
    fn a_statement_set_is_one_statement() {
        let set = "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; \
                   INSERT INTO b VALUES (1); END";
        let script = format!("{set}; SELECT 1;");
        let got: Vec<_> = split(&script).into_iter().map(|s| s.text).collect();
        assert_eq!(got, [set, "SELECT 1"]);
    }

    #[test]
    fn begin_statement_set_is_a_statement_of_its_own() {
        let got: Vec<_> = split("BEGIN STATEMENT SET; INSERT INTO a VALUES (1); END;")
            .into_iter()
            .map(|s| s.text)
            .collect();
        assert_eq!(got, ["BEGIN STATEMENT SET", "INSERT INTO a VALUES (1)", "END"]);
    }

    #[test]
    fn an_open_text_asks_for_more() {
        assert!(is_open("SELECT 1"));
        assert!(is_open("SELECT ';"));
        assert!(!is_open("SELECT 1;"));
        assert!(!is_open(""));
    }
}
