//! What the language sees in the editor's text: its colours and its statements. Kept until the text
//! changes, since reading a long script is no work of a frame.

use std::ops::Range;

use super::{language, text};
use crate::runtime::api::{ScriptStatement, TokenClass};

/// The text as it was read last.
#[derive(Default)]
pub struct Reading {
    text: String,
    tokens: Option<Vec<(Range<usize>, TokenClass)>>,
    statements: Option<Vec<ScriptStatement>>,
    /// The byte at which each statement begins.
    starts: Vec<usize>,
}

impl Reading {
    /// The stretches of the text and what they are.
    pub fn tokens(&mut self, text: &str) -> &[(Range<usize>, TokenClass)] {
        self.turn_to(text);
        self.tokens.get_or_insert_with(|| language::highlight(text))
    }

    /// The statements of the text.
    pub fn statements(&mut self, text: &str) -> &[ScriptStatement] {
        self.turn_to(text);
        if self.statements.is_none() {
            let statements = language::split(text);
            self.starts = text::bytes_at(text, statements.iter().map(|s| s.span.start));
            self.statements = Some(statements);
        }
        self.statements.as_deref().unwrap_or_default()
    }

    /// The statement at the caret, and the byte at which the next one begins.
    pub fn at_caret(
        &mut self,
        text: &str,
        caret: usize,
    ) -> Option<(&ScriptStatement, Option<usize>)> {
        self.statements(text);
        let at = text::at_caret(&self.starts, caret);
        let next = self.starts.get(at + 1).copied();
        Some((self.statements.as_ref()?.get(at)?, next))
    }

    fn turn_to(&mut self, text: &str) {
        if self.text != text {
            *self = Self { text: text.to_owned(), ..Self::default() };
        }
    }
}
