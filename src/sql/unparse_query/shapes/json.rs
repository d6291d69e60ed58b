//! The functions of JSON: what they do by default is written out.

use sqlparser::tokenizer::Token;

use super::{Shapes, Tokens, outer, parts};
use crate::sql::unparse_query::words::is_word;

impl Shapes {
    /// Every key has its word, and what happens to NULL is said.
    pub(super) fn json_object(&mut self, inside: &Tokens<'_>) {
        let ends = inside.len() > 3 && is_word(inside.get(inside.len() - 2), "ON");
        for (n, entry) in parts(inside).into_iter().enumerate() {
            if n > 0 {
                self.sign(Token::Comma);
            }
            if !entry.is_empty() && !is_word(entry.first(), "KEY") {
                self.word("KEY");
            }
            let colon = outer(entry, |at| entry[at].token == Token::Colon);
            match colon {
                Some(colon) => {
                    self.all(&entry[..colon]);
                    self.word("VALUE");
                    self.all(&entry[colon + 1..]);
                }
                None => self.all(entry),
            }
        }
        if !ends {
            self.words(&["NULL", "ON", "NULL"]);
        }
    }

    /// What happens to NULL is said.
    pub(super) fn json_array(&mut self, inside: &Tokens<'_>) {
        self.all(inside);
        let said = inside.len() > 2
            && is_word(inside.last(), "NULL")
            && is_word(inside.get(inside.len() - 2), "ON");
        if !said {
            self.words(&["ABSENT", "ON", "NULL"]);
        }
    }

    pub(super) fn json_query(&mut self, inside: &Tokens<'_>) {
        let has = |word: &str| inside.iter().any(|token| is_word(Some(token), word));
        let wrapper = outer(inside, |at| is_word(inside.get(at), "WRAPPER"));
        let with = ["WITH", "WITHOUT"];
        let begin = outer(inside, |at| with.iter().any(|word| is_word(inside.get(at), word)));
        match (begin, wrapper) {
            (Some(begin), Some(end)) => {
                self.all(&inside[..begin]);
                match (has("WITHOUT"), has("CONDITIONAL")) {
                    (true, _) => self.words(&["WITHOUT", "ARRAY", "WRAPPER"]),
                    (_, true) => self.words(&["WITH", "CONDITIONAL", "ARRAY", "WRAPPER"]),
                    _ => self.words(&["WITH", "UNCONDITIONAL", "ARRAY", "WRAPPER"]),
                }
                self.all(&inside[end + 1..]);
            }
            _ if has("ON") => return self.all(inside),
            _ => {
                self.all(inside);
                self.words(&["WITHOUT", "ARRAY", "WRAPPER"]);
            }
        }
        if !has("ON") {
            self.words(&["NULL", "ON", "EMPTY", "NULL", "ON", "ERROR"]);
        }
    }
}
