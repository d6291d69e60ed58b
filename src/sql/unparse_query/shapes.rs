//! What the planner writes in a longer form than it reads: `CASE x WHEN 1` as `CASE WHEN x = 1`, every CASE
//! with its ELSE, `TRIM(x)` as `TRIM(BOTH ' ' FROM x)`, `(1, 2)` as `ROW(1, 2)`, the defaults of JSON.

mod json;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use super::Functions;
use super::words::{is_row, is_word};

type Tokens<'t> = [&'t TokenWithSpan];

/// The tokens in their long form.
pub(super) fn long(tokens: &Tokens<'_>, functions: Functions) -> Vec<TokenWithSpan> {
    let mut shapes = Shapes { functions, out: Vec::with_capacity(tokens.len()) };
    shapes.all(tokens);
    shapes.out
}

struct Shapes {
    functions: Functions,
    out: Vec<TokenWithSpan>,
}

impl Shapes {
    fn all(&mut self, tokens: &Tokens<'_>) {
        let mut at = 0;
        while at < tokens.len() {
            at = self.one(tokens, at);
        }
    }

    /// Writes what begins at a token; where the next begins.
    fn one(&mut self, tokens: &Tokens<'_>, at: usize) -> usize {
        let is = |at: usize, word: &str| is_word(tokens.get(at), word);
        let opens = |at: usize| tokens.get(at).is_some_and(|t| t.token == Token::LParen);
        if is(at, "CASE")
            && let Some(end) = end_of_case(tokens, at)
        {
            self.case(&tokens[at + 1..end]);
            return end + 1;
        }
        if is(at, "GROUPING") && is(at + 1, "SETS") && opens(at + 2) {
            self.copy(&tokens[at..at + 2]);
            return self.inside(tokens, at + 2, Self::grouping_sets);
        }
        if opens(at + 1)
            && let Some(write) = self.call(tokens, at)
        {
            self.copy(&tokens[at..=at]);
            return self.inside(tokens, at + 1, write);
        }
        if is(at, "NULLIF")
            && self.functions == Functions::Found
            && opens(at + 1)
            && let Some(close) = close_of(tokens, at + 1)
            && let [value, other] = parts(&tokens[at + 2..close]).as_slice()
        {
            self.null_if(value, other);
            return close + 1;
        }
        if opens(at) && is_row_value(tokens, at) {
            self.word("ROW");
            return self.inside(tokens, at, Self::all);
        }
        self.copy(&tokens[at..=at]);
        let kinds = ["VALUE", "OBJECT", "ARRAY", "SCALAR"];
        let of_is = |at: usize| is(at, "IS") || (is(at, "NOT") && at > 0 && is(at - 1, "IS"));
        if is(at, "JSON") && at > 0 && of_is(at - 1) && !kinds.iter().any(|kind| is(at + 1, kind)) {
            self.word("VALUE");
        }
        at + 1
    }

    /// How the arguments of a function are written, if in another way.
    fn call(&self, tokens: &Tokens<'_>, at: usize) -> Option<fn(&mut Self, &Tokens<'_>)> {
        let is = |word: &str| is_word(tokens.get(at), word);
        let write: fn(&mut Self, &Tokens<'_>) = match () {
            () if is("SUBSTRING") => Self::substring,
            () if is("TRIM") => Self::trim,
            () if is("FLOOR") || is("CEIL") => Self::rounded,
            () if is("JSON_OBJECT") => Self::json_object,
            () if is("JSON_ARRAY") => Self::json_array,
            () if is("JSON_QUERY") => Self::json_query,
            () => return None,
        };
        Some(write)
    }

    /// A parenthesis, and what is in it in some way; where what follows begins.
    fn inside(
        &mut self,
        tokens: &Tokens<'_>,
        open: usize,
        write: impl FnOnce(&mut Self, &Tokens<'_>),
    ) -> usize {
        let Some(close) = close_of(tokens, open) else {
            self.copy(&tokens[open..=open]);
            return open + 1;
        };
        self.copy(&tokens[open..=open]);
        write(self, &tokens[open + 1..close]);
        self.copy(&tokens[close..=close]);
        close + 1
    }

    /// What stands between CASE and END.
    fn case(&mut self, tokens: &Tokens<'_>) {
        self.word("CASE");
        let first = outer(tokens, |at| is_word(tokens.get(at), "WHEN")).unwrap_or(tokens.len());
        let (operand, mut rest) = tokens.split_at(first);
        let mut has_else = false;
        while let Some((begin, behind)) = rest.split_first() {
            let ends = ["WHEN", "ELSE"];
            let next = outer(behind, |at| ends.iter().any(|w| is_word(behind.get(at), w)));
            let (part, others) = behind.split_at(next.unwrap_or(behind.len()));
            self.copy(&[*begin]);
            let then = outer(part, |at| is_word(part.get(at), "THEN"));
            match then.filter(|_| !operand.is_empty()) {
                Some(then) => {
                    self.compared(operand, &part[..then]);
                    self.all(&part[then..]);
                }
                None => self.all(part),
            }
            has_else |= is_word(Some(begin), "ELSE");
            rest = others;
        }
        if !has_else {
            self.words(&["ELSE", "NULL"]);
        }
        self.word("END");
    }

    /// `CASE WHEN value = other THEN NULL ELSE value END`.
    fn null_if(&mut self, value: &Tokens<'_>, other: &Tokens<'_>) {
        self.words(&["CASE", "WHEN"]);
        self.compared(value, other);
        self.words(&["THEN", "NULL", "ELSE"]);
        self.wrapped(value);
        self.word("END");
    }

    /// `operand = value`, or `operand IN (value, value)`. Parentheses that mean nothing go later.
    fn compared(&mut self, operand: &Tokens<'_>, values: &Tokens<'_>) {
        self.wrapped(operand);
        match parts(values).len() {
            1 => {
                self.sign(Token::Eq);
                self.wrapped(values);
            }
            _ => {
                self.word("IN");
                self.wrapped(values);
            }
        }
    }

    fn wrapped(&mut self, tokens: &Tokens<'_>) {
        self.sign(Token::LParen);
        self.all(tokens);
        self.sign(Token::RParen);
    }

    /// In a query it has FROM and FOR, in a formula commas.
    fn substring(&mut self, inside: &Tokens<'_>) {
        let from = outer(inside, |at| is_word(inside.get(at), "FROM"));
        let parts = parts(inside);
        match (from, self.functions) {
            (Some(_), Functions::Found) => {
                let behind = ["FROM", "FOR"];
                let mut rest = inside;
                while let Some(at) =
                    outer(rest, |at| behind.iter().any(|w| is_word(rest.get(at), w)))
                {
                    self.all(&rest[..at]);
                    self.sign(Token::Comma);
                    rest = &rest[at + 1..];
                }
                self.all(rest);
            }
            (None, Functions::Quoted) if matches!(parts.len(), 2 | 3) => {
                for (part, word) in parts.iter().zip(["", "FROM", "FOR"]) {
                    if !word.is_empty() {
                        self.word(word);
                    }
                    self.all(part);
                }
            }
            _ => self.all(inside),
        }
    }

    fn trim(&mut self, inside: &Tokens<'_>) {
        let sides = ["BOTH", "LEADING", "TRAILING"];
        if sides.iter().any(|side| is_word(inside.first(), side)) {
            return self.all(inside);
        }
        self.word("BOTH");
        match outer(inside, |at| is_word(inside.get(at), "FROM")) {
            Some(1..) => {}
            Some(_) => self.sign(Token::SingleQuotedString(" ".to_owned())),
            None => {
                self.sign(Token::SingleQuotedString(" ".to_owned()));
                self.word("FROM");
            }
        }
        self.all(inside);
    }

    /// `(f(x)) TO DAY`: what is rounded stands in parentheses, unless it is a name.
    fn rounded(&mut self, inside: &Tokens<'_>) {
        match outer(inside, |at| is_word(inside.get(at), "TO")) {
            Some(to) if inside[..to].iter().any(|token| token.token == Token::LParen) => {
                self.wrapped(&inside[..to]);
                self.all(&inside[to..]);
            }
            _ => self.all(inside),
        }
    }

    fn grouping_sets(&mut self, inside: &Tokens<'_>) {
        for (n, set) in parts(inside).into_iter().enumerate() {
            if n > 0 {
                self.sign(Token::Comma);
            }
            match set {
                [open, one @ .., close]
                    if open.token == Token::LParen
                        && close.token == Token::RParen
                        && !one.is_empty()
                        && parts(one).len() == 1 =>
                {
                    self.all(one);
                }
                [open, several @ .., close] => {
                    self.copy(&[*open]);
                    self.all(several);
                    self.copy(&[*close]);
                }
                _ => self.all(set),
            }
        }
    }

    fn copy(&mut self, tokens: &Tokens<'_>) {
        self.out.extend(tokens.iter().map(|token| (*token).clone()));
    }

    fn words(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.word(word));
    }

    fn word(&mut self, word: &str) {
        let value = word.to_owned();
        self.sign(Token::Word(Word { value, quote_style: None, keyword: Keyword::NoKeyword }));
    }

    /// A token that nobody wrote, and that so has no place.
    fn sign(&mut self, token: Token) {
        self.out.push(TokenWithSpan { token, span: Span::empty() });
    }
}

/// The first position for which something is true, outside parentheses and inner CASEs.
fn outer(tokens: &Tokens<'_>, wanted: impl Fn(usize) -> bool) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate() {
        if depth == 0 && wanted(at) {
            return Some(at);
        }
        match &token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth = depth.saturating_sub(1),
            _ if is_word(Some(token), "CASE") => depth += 1,
            _ if is_word(Some(token), "END") => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// What stands between commas.
fn parts<'a, 't>(tokens: &'a Tokens<'t>) -> Vec<&'a Tokens<'t>> {
    let mut parts = Vec::new();
    let mut rest = tokens;
    while let Some(comma) = outer(rest, |at| rest[at].token == Token::Comma) {
        parts.push(&rest[..comma]);
        rest = &rest[comma + 1..];
    }
    parts.push(rest);
    parts
}

/// Where the parenthesis that opens here closes.
fn close_of(tokens: &Tokens<'_>, open: usize) -> Option<usize> {
    let behind = tokens.get(open + 1..)?;
    outer(behind, |at| behind[at].token == Token::RParen).map(|at| open + 1 + at)
}

/// Where the CASE that begins here ends.
fn end_of_case(tokens: &Tokens<'_>, case: usize) -> Option<usize> {
    let behind = tokens.get(case + 1..)?;
    outer(behind, |at| is_word(behind.get(at), "END")).map(|at| case + 1 + at)
}

/// Whether a parenthesis holds a row that is a value: `(a, b)`.
fn is_row_value(tokens: &Tokens<'_>, open: usize) -> bool {
    const BEFORE: &[&str] = &[
        "SELECT", "DISTINCT", "WHERE", "HAVING", "ON", "WHEN", "THEN", "ELSE", "CASE", "AND", "OR",
        "NOT",
    ];
    let several =
        close_of(tokens, open).is_some_and(|close| parts(&tokens[open + 1..close]).len() > 1);
    let before = open.checked_sub(1).map(|before| tokens[before]);
    let place = match before.map(|before| &before.token) {
        None | Some(Token::LParen | Token::Comma) => !is_row(tokens, open),
        Some(Token::Word(_)) => BEFORE.iter().any(|word| is_word(before.as_ref(), word)),
        Some(token) => matches!(token, Token::Eq | Token::Neq),
    };
    several && place && !is_word(tokens.get(open + 1), "SELECT")
}
