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
        self.statements.get_or_insert_with(|| language::split(text))
    }

    /// The statement at the caret, and the byte at which the next one begins.
    pub fn at_caret(
        &mut self,
        text: &str,
        caret: usize,
    ) -> Option<(&ScriptStatement, Option<usize>)> {
        let statements = self.statements(text);
        let at = text::at_caret(text, statements, caret)?;
        let next = statements.get(at + 1).map(|s| text::byte_at(text, s.span.start));
        Some((&statements[at], next))
    }

    fn turn_to(&mut self, text: &str) {
        if self.text != text {
            *self = Self { text: text.to_owned(), ..Self::default() };
        }
    }
}
