//! What helps while a statement is typed: completion, colours, and when Enter asks for another line.

use std::borrow::Cow;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Hinter, Result};

use crate::runtime::api::{CatalogSummary, Completion, TokenClass};
use crate::runtime::editor;

/// The helper of the prompt; it knows the catalog as it was after the last statement.
#[derive(Helper, Hinter)]
pub struct PromptHelp {
    /// What there is to name.
    pub catalog: CatalogSummary,
}

/// Words of the client itself, which need no `;`.
const COMMANDS: [&str; 4] = ["HELP", "QUIT", "EXIT", "CLEAR"];

impl Validator for PromptHelp {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        let text = context.input();
        let command = COMMANDS.iter().any(|c| text.trim().eq_ignore_ascii_case(c));
        Ok(match !command && editor::is_open(text) {
            true => ValidationResult::Incomplete,
            false => ValidationResult::Valid(None),
        })
    }
}

impl Completer for PromptHelp {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let (word, candidates) = editor::complete(line, at, &self.catalog);
        let pair = |c: Completion| Pair {
            display: format!("{} {}", c.insert, c.detail).trim_end().to_owned(),
            replacement: c.insert,
        };
        Ok((word.start, candidates.into_iter().map(pair).collect()))
    }
}

impl Highlighter for PromptHelp {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let mut coloured = String::new();
        let mut done = 0;
        for (range, class) in editor::highlight(line) {
            coloured.push_str(&line[done..range.start]);
            let text = &line[range.clone()];
            match colour(class) {
                Some(code) => coloured.push_str(&format!("\x1b[{code}m{text}\x1b[0m")),
                None => coloured.push_str(text),
            }
            done = range.end;
        }
        coloured.push_str(&line[done..]);
        coloured.into()
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor
    }
}

/// The terminal's own palette, so that light and dark terminals both stay readable.
fn colour(class: TokenClass) -> Option<u8> {
    match class {
        TokenClass::Keyword => Some(34),
        TokenClass::Function => Some(36),
        TokenClass::String => Some(32),
        TokenClass::Number => Some(35),
        TokenClass::Comment => Some(90),
        TokenClass::Identifier | TokenClass::Plain => None,
    }
}
