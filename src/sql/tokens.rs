//! The token pass: sqlparser's tokens in the script's coordinates, with what it would misread put
//! right and what Flink refuses refused.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location as ParserLocation, Span, Token, TokenWithSpan, Tokenizer};
use sqlparser::tokenizer::{Whitespace, Word};

use super::dialect::Flink;
use super::parse::is_word;
use super::place::{self, START};
use super::{refused, within};
use crate::base::{Error, Location, Result};

/// The most tokens that one statement may have: its tree is walked and dropped recursively.
const MOST_TOKENS: usize = 100_000;

/// A statement as tokens.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The tokens, blanks included.
    pub tokens: Vec<TokenWithSpan>,
    /// `/*+ .. */` behind SELECT or a table, by the end of the token before it.
    pub hints: Vec<Hint>,
}

/// A comment that is an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where the token before it ends.
    pub after: ParserLocation,
    /// Its text behind the `+`.
    pub text: String,
    /// Where that text begins.
    pub at: Location,
}

/// Tokens of one statement that begins at `at` in its script.
///
/// Errors: `unclosed-quote`, `unclosed-comment`, `syntax-character`, `statement-too-long`, and those of
/// [`refused::refuse`].
pub fn tokenize(text: &str, at: Location) -> Result<Tokens> {
    let mut tokens = Tokenizer::new(&Flink, text)
        .tokenize_with_location()
        .map_err(|e| tokenizer_error(&e.message, place::shift(e.location, at), text, at))?;
    if tokens.len() > MOST_TOKENS {
        return Err(Error::new("statement-too-long").arg("most", MOST_TOKENS));
    }
    for token in &mut tokens {
        token.span.start = place::shift(token.span.start, at);
        token.span.end = place::shift(token.span.end, at);
    }
    refused::refuse(&tokens, text, at)?;
    let tokens = split_hex(tokens, text, at);
    let hints = hints(&tokens);
    Ok(Tokens { tokens: wrap_values(within::moved(rewrite(unescape(tokens)))), hints })
}

fn tokenizer_error(message: &str, found: ParserLocation, text: &str, at: Location) -> Error {
    let error = match message {
        m if m.contains("comment") => Error::new("unclosed-comment"),
        m if m.contains("nterminated") || m.contains("close delimiter") => {
            Error::new("unclosed-quote")
        }
        _ => Error::new("syntax-character"),
    };
    let found = place::span(Span::new(found, found)).map_or(at, |s| s.start);
    let start = match text.rfind("/*").filter(|_| error.code() == "unclosed-comment") {
        Some(opened) => place::end_of(&text[..opened], at),
        None => found,
    };
    let next = Location { line: start.line, column: start.column + 1 };
    let span = crate::base::Span::new(start, next);
    error.arg("found", place::slice(text, at, span)).at(span)
}

fn hints(tokens: &[TokenWithSpan]) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut end = None;
    for token in tokens {
        match &token.token {
            Token::Whitespace(Whitespace::MultiLineComment(comment)) => {
                if let (Some(text), Some(after)) = (comment.strip_prefix('+'), end) {
                    let at = place::span(token.span).map_or(START, |span| span.start);
                    hints.push(Hint { after, text: text.to_owned(), at: place::end_of("/*+", at) });
                }
            }
            Token::Whitespace(_) => {}
            _ => end = Some(token.span.end),
        }
    }
    hints
}

/// `U&'..' UESCAPE 'c'` as the text that it means. Without UESCAPE the tokenizer has read it.
fn unescape(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if !tokens.iter().any(|token| is_word(&token.token, "UESCAPE")) {
        return tokens;
    }
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let solid = |token: &TokenWithSpan| !matches!(token.token, Token::Whitespace(_));
    let mut rest = tokens.into_iter().filter(solid).peekable();
    while let Some(token) = rest.next() {
        let Token::UnicodeStringLiteral(written) = &token.token else {
            out.push(token);
            continue;
        };
        let mut text = written.clone();
        if rest.next_if(|next| is_word(&next.token, "UESCAPE")).is_some()
            && let Some(TokenWithSpan { token: Token::SingleQuotedString(mark), .. }) = rest.next()
        {
            text = decoded(written, &mark).unwrap_or(text);
        }
        out.push(TokenWithSpan { token: Token::SingleQuotedString(text), span: token.span });
    }
    out
}

/// Four digits after the escape are a character, the escape after itself is one.
fn decoded(text: &str, escape: &str) -> Option<String> {
    let mut parts = text.split(escape);
    let mut out = parts.next()?.to_owned();
    while let Some(part) = parts.next() {
        if part.is_empty() {
            out += escape;
            out += parts.next()?;
            continue;
        }
        let (digits, rest) = part.split_at_checked(4)?;
        out.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        out += rest;
    }
    Some(out)
}

/// `0x1F` is no number of Flink's: it reads 0 under the name `x1F`.
fn split_hex(tokens: Vec<TokenWithSpan>, text: &str, at: Location) -> Vec<TokenWithSpan> {
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let is_hex = matches!(token.token, Token::HexStringLiteral(_));
        let written = place::span(token.span).filter(|_| is_hex);
        let name = written.and_then(|span| place::slice(text, at, span).strip_prefix('0'));
        let Some(name) = name else {
            out.push(token);
            continue;
        };
        let middle = ParserLocation { column: token.span.start.column + 1, ..token.span.start };
        let first = Span::new(token.span.start, middle);
        let rest = Span::new(middle, token.span.end);
        out.push(TokenWithSpan { token: Token::Number("0".into(), false), span: first });
        out.push(TokenWithSpan { token: unquoted(name, Keyword::NoKeyword), span: rest });
    }
    out
}

/// `>>` closes two types; `CEILING(` takes a unit as `CEIL(` does.
fn rewrite(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match &token.token {
            Token::ShiftRight => {
                let middle =
                    ParserLocation { column: token.span.start.column + 1, ..token.span.start };
                let first = Span::new(token.span.start, middle);
                let second = Span::new(middle, token.span.end);
                out.push(TokenWithSpan { token: Token::Gt, span: first });
                out.push(TokenWithSpan { token: Token::Gt, span: second });
            }
            Token::Word(word)
                if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("CEILING") =>
            {
                out.push(TokenWithSpan {
                    token: unquoted("CEIL", Keyword::CEIL),
                    span: token.span,
                });
            }
            _ => out.push(token),
        }
    }
    out
}

fn unquoted(value: &str, keyword: Keyword) -> Token {
    Token::Word(Word { value: value.to_owned(), quote_style: None, keyword })
}

/// `VALUES 1, 2` becomes `VALUES (1), (2)`, with parentheses that take no place.
fn wrap_values(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let is_values = is_keyword(&token, Keyword::VALUES);
        out.push(token);
        if !is_values {
            continue;
        }
        while let Some(blank) = rest.next_if(|t| matches!(t.token, Token::Whitespace(_))) {
            out.push(blank);
        }
        let bare = rest.peek().is_some_and(|next| {
            !matches!(next.token, Token::LParen | Token::EOF) && !is_keyword(next, Keyword::ROW)
        });
        if bare {
            wrap_items(&mut rest, &mut out);
        }
    }
    out
}

fn wrap_items(
    rest: &mut std::iter::Peekable<std::vec::IntoIter<TokenWithSpan>>,
    out: &mut Vec<TokenWithSpan>,
) {
    let mut depth = 0_u32;
    let here = |at: ParserLocation| Span::new(at, at);
    if let Some(first) = rest.peek() {
        out.push(TokenWithSpan { token: Token::LParen, span: here(first.span.start) });
    }
    let mut end = None;
    while let Some(token) = rest.next_if(|t| depth > 0 || !ends_values(t)) {
        match token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth = depth.saturating_sub(1),
            Token::Comma if depth == 0 => {
                let at = token.span;
                out.push(TokenWithSpan { token: Token::RParen, span: here(at.start) });
                out.push(token);
                out.push(TokenWithSpan { token: Token::LParen, span: here(at.end) });
                continue;
            }
            _ => {}
        }
        end = Some(token.span.end);
        out.push(token);
    }
    if let Some(end) = end {
        out.push(TokenWithSpan { token: Token::RParen, span: here(end) });
    }
}

fn ends_values(token: &TokenWithSpan) -> bool {
    let clause = [
        Keyword::UNION,
        Keyword::EXCEPT,
        Keyword::INTERSECT,
        Keyword::ORDER,
        Keyword::LIMIT,
        Keyword::OFFSET,
        Keyword::FETCH,
    ];
    matches!(token.token, Token::RParen | Token::SemiColon | Token::EOF)
        || clause.iter().any(|k| is_keyword(token, *k))
}

fn is_keyword(token: &TokenWithSpan, keyword: Keyword) -> bool {
    matches!(&token.token, Token::Word(word) if word.keyword == keyword)
}

#[cfg(test)]
mod tests {
    use super::tokenize;
    use crate::base::Location;
    use crate::sql::place::START;

    fn text_of(sql: &str) -> String {
        let tokens = tokenize(sql, START).expect("tokens").tokens;
        tokens.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn bare_values_are_wrapped() {
        assert_eq!(text_of("VALUES 1, f(2, 3) UNION"), "VALUES (1),( f(2, 3) )UNION");
        assert_eq!(text_of("VALUES (1), (2)"), "VALUES (1), (2)");
    }

    #[test]
    fn foreign_operators_are_refused_where_they_stand() {
        let at = Location { line: 3, column: 5 };
        let error = tokenize("a != b", at).expect_err("refused");
        assert_eq!(error.to_string(), r#"operator-unknown found="!=" nearest="<>" at 3:7-3:9"#);
        assert!(tokenize("a <> b", at).is_ok());
        assert_eq!(tokenize("a == b", at).expect_err("refused").code(), "operator-unknown");
    }

    #[test]
    fn what_is_not_closed_says_so() {
        assert_eq!(tokenize("SELECT 'x", START).expect_err("open").code(), "unclosed-quote");
        assert_eq!(tokenize("SELECT `x", START).expect_err("open").code(), "unclosed-quote");
        assert_eq!(tokenize("SELECT /* x", START).expect_err("open").code(), "unclosed-comment");
    }

    #[test]
    fn hints_remember_what_they_follow() {
        let tokens = tokenize("SELECT * FROM seq /*+ OPTIONS('a' = 'b') */ AS s", START);
        let hints = tokens.expect("tokens").hints;
        assert_eq!(hints.len(), 1);
        assert_eq!(hints[0].text, " OPTIONS('a' = 'b') ");
        assert_eq!(hints[0].after.column, 18);
    }
}
