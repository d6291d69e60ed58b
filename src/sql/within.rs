//! `PATTERN (..) WITHIN INTERVAL .. DEFINE`: sqlparser does not know WITHIN, so it becomes the first
//! definition, of a variable that nobody can name: ``DEFINE `WITHIN ` AS INTERVAL .., ..``.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::parse::is_word;

/// The name of the variable that stands for WITHIN.
pub(super) const VARIABLE: &str = "WITHIN ";

/// The tokens with WITHIN behind DEFINE.
pub(super) fn moved(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if !is_word(&token.token, "WITHIN") {
            out.push(token);
            continue;
        }
        let mut blanks = Vec::new();
        while let Some(blank) = rest.next_if(|t| matches!(t.token, Token::Whitespace(_))) {
            blanks.push(blank);
        }
        if !rest.peek().is_some_and(|next| is_word(&next.token, "INTERVAL")) {
            out.push(token);
            out.extend(blanks);
            continue;
        }
        let mut length = Vec::new();
        while let Some(part) =
            rest.next_if(|t| !is_word(&t.token, "DEFINE") && t.token != Token::EOF)
        {
            length.push(part);
        }
        out.extend(rest.next());
        let made = |made: Token| TokenWithSpan { token: made, span: token.span };
        let word = |value: &str, quote_style, keyword| {
            made(Token::Word(Word { value: value.to_owned(), quote_style, keyword }))
        };
        out.push(word(VARIABLE, Some('`'), Keyword::NoKeyword));
        out.push(word("AS", None, Keyword::AS));
        out.extend(length);
        out.push(made(Token::Comma));
    }
    out
}
