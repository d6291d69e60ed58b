//! Prints a query as Flink's planner writes it for SHOW CREATE VIEW: tables under their full names,
//! columns under those of their tables, every alias with its AS, VALUES as rows, one clause a line.
//!
//! As [`unparse`](super::unparse) it works on tokens.

mod parentheses;
mod shapes;
mod words;

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::catalog::{literal, quote};
use super::statement::Source;
use super::unparse::{blank_between, piece};
use super::{hints, place};
use crate::base::Span;
use words::{
    CLAUSES, JOINS, is_operand_place, is_plain, is_row, is_standard, is_word, may_be_alias,
};

/// What a parenthesis holds.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Query,
    Cast,
    Other,
}

/// How the functions that are no part of the SQL standard are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Functions {
    /// As the planner names what it found: in capitals, like those of the standard.
    Found,
    /// As what nobody looked for yet: quoted, as it was written.
    Written,
    /// Quoted, in capitals: what is in a view.
    Quoted,
}

/// The expression under a span: a column's formula, a watermark.
pub(super) fn print_expression(source: &Source, span: Span, functions: Functions) -> String {
    let printer = Printer {
        source,
        tables: &[],
        qualifiers: &[],
        functions,
        text: String::new(),
        nesting: Vec::new(),
    };
    printer.query(&tokens(source, span))
}

/// The query under a span. `tables` and `qualifiers`: what stands for a table's name, and the table of
/// a column that was written without one.
pub(super) fn print(
    source: &Source,
    span: Span,
    tables: &[(Span, String)],
    qualifiers: &[(Span, String)],
) -> String {
    let functions = Functions::Quoted;
    let printer =
        Printer { source, tables, qualifiers, functions, text: String::new(), nesting: Vec::new() };
    printer.query(&tokens(source, span))
}

/// The tokens under a span, without blanks.
fn tokens(source: &Source, span: Span) -> Vec<&TokenWithSpan> {
    let (start, end) = (place::to_parser(span.start), place::to_parser(span.end));
    let tokens = source.tokens.iter().filter(|t| {
        let blank = matches!(t.token, Token::Whitespace(_) | Token::EOF | Token::SemiColon);
        t.span.start >= start && t.span.end <= end && !blank
    });
    tokens.collect()
}

struct Printer<'a> {
    source: &'a Source,
    tables: &'a [(Span, String)],
    qualifiers: &'a [(Span, String)],
    functions: Functions,
    text: String,
    nesting: Vec<Inside>,
}

impl Printer<'_> {
    fn query(self, tokens: &[&TokenWithSpan]) -> String {
        let long = shapes::long(tokens, self.functions);
        let long: Vec<_> = long.iter().collect();
        self.print(&parentheses::without(&long))
    }

    fn print(mut self, tokens: &[&TokenWithSpan]) -> String {
        let mut at = 0;
        let (mut body, mut body_open) = (is_word(tokens.first(), "WITH"), false);
        while at < tokens.len() {
            // A query behind WITH stands in parentheses, without its order and limit.
            if body && self.nesting.is_empty() && is_word(tokens.get(at), "SELECT") {
                self.push("(SELECT", true);
                (body, body_open) = (false, true);
                at += 1;
                continue;
            }
            let ends = ["ORDER", "LIMIT", "OFFSET", "FETCH"];
            let ended = ends.iter().any(|word| is_word(tokens.get(at), word));
            if body_open && ended && self.nesting.is_empty() {
                self.text.push(')');
                body_open = false;
            }
            at = self.one(tokens, at);
        }
        if body_open {
            self.text.push(')');
        }
        self.text
    }

    /// Prints what begins at a token; where the next begins.
    fn one(&mut self, tokens: &[&TokenWithSpan], at: usize) -> usize {
        let token = tokens[at];
        let before = at.checked_sub(1).map(|b| &tokens[b].token);
        let next = tokens.get(at + 1).map(|t| &t.token);
        if let Some((end, path)) = self.table(tokens, at) {
            self.push(&path, true);
            self.hints(tokens, end);
            return end;
        }
        let blank = before.is_none_or(|before| {
            let alias_columns = token.token == Token::LParen && self.follows_alias(tokens, at);
            let sign = matches!(before, Token::Minus | Token::Plus)
                && matches!(token.token, Token::Number(..))
                && is_operand_place(at.checked_sub(2).map(|b| &tokens[b].token));
            (blank_between(before, &token.token) || alias_columns) && !sign
        });
        match &token.token {
            Token::LParen => self.open(tokens, at, blank),
            Token::RParen => {
                self.nesting.pop();
                self.push(")", blank);
            }
            Token::Neq => self.push("<>", blank),
            Token::Word(word) if word.quote_style.is_none() => {
                return self.word(tokens, at, blank);
            }
            other => {
                if self.is_alias(tokens, at) {
                    self.push("AS", true);
                }
                let qualifier = self.qualifier(token);
                let piece = match other {
                    Token::SingleQuotedString(text) | Token::UnicodeStringLiteral(text)
                        if !text.is_ascii() =>
                    {
                        self.wide_text(text)
                    }
                    other => piece(other, before, next),
                };
                self.push(&format!("{qualifier}{piece}"), blank);
            }
        }
        at + 1
    }

    /// A text that is not of ASCII alone: in a query with its characters' name, in a formula with their
    /// numbers.
    fn wide_text(&self, text: &str) -> String {
        if self.functions == Functions::Quoted {
            return format!("_UTF16{}", literal(text));
        }
        let mut out = "u&'".to_owned();
        for unit in text.encode_utf16() {
            match u8::try_from(unit).ok().filter(u8::is_ascii).map(char::from) {
                Some(quote @ ('\'' | '\\')) => out.extend([quote, quote]),
                Some(plain) => out.push(plain),
                None => out.push_str(&format!("\\{unit:04x}")),
            }
        }
        out.push('\'');
        out
    }

    fn open(&mut self, tokens: &[&TokenWithSpan], at: usize, blank: bool) {
        let before = at.checked_sub(1).map(|b| tokens[b]);
        let begins_query = ["SELECT", "WITH", "VALUES"];
        let inside = match tokens.get(at + 1) {
            next if begins_query.iter().any(|w| is_word(next, w)) => Inside::Query,
            _ if ["CAST", "TRY_CAST"].iter().any(|w| is_word(before.as_ref(), w)) => Inside::Cast,
            _ => Inside::Other,
        };
        let row = inside == Inside::Other && is_row(tokens, at);
        self.nesting.push(inside);
        self.push(if row { "ROW(" } else { "(" }, blank);
    }

    fn word(&mut self, tokens: &[&TokenWithSpan], at: usize, blank: bool) -> usize {
        let token = tokens[at];
        let before = at.checked_sub(1).map(|b| &tokens[b].token);
        let next = tokens.get(at + 1).map(|t| &t.token);
        let Token::Word(word) = &token.token else { return at + 1 };
        let upper = word.value.to_uppercase();
        let previous = at.checked_sub(1).map(|b| tokens[b]);
        let after_join_word = JOINS.iter().any(|w| is_word(previous.as_ref(), w));
        let in_query = self.nesting.last().is_none_or(|inside| *inside == Inside::Query);
        match upper.as_str() {
            "OUTER" if after_join_word => return at + 1,
            "ASC" => return at + 1,
            "JOIN" if !after_join_word => self.line("INNER JOIN"),
            _ if JOINS.contains(&upper.as_str())
                && in_query
                && !after_join_word
                && next != Some(&Token::LParen) =>
            {
                self.line(&upper)
            }
            "LIMIT" | "FETCH" if in_query => {
                self.line("FETCH NEXT");
                let first = ["FIRST", "NEXT"].iter().any(|w| is_word(tokens.get(at + 1), w));
                let count = if first { at + 2 } else { at + 1 };
                self.rows(tokens, count);
                self.push("ONLY", true);
                return self.past_rows(tokens, count + 1, true);
            }
            "OFFSET" if in_query => {
                self.line("OFFSET");
                self.rows(tokens, at + 1);
                return self.past_rows(tokens, at + 2, false);
            }
            "BETWEEN" => {
                let frame = ["ROWS", "RANGE"].iter().any(|w| is_word(previous.as_ref(), w));
                let said =
                    ["SYMMETRIC", "ASYMMETRIC"].iter().any(|w| is_word(tokens.get(at + 1), w));
                self.push(if frame || said { "BETWEEN" } else { "BETWEEN ASYMMETRIC" }, blank);
            }
            clause if CLAUSES.contains(&clause) && in_query => self.line(clause),
            "SELECT" => {
                match before.is_some_and(|b| *b != Token::LParen) {
                    true => self.line("SELECT"),
                    false => self.push("SELECT", blank),
                }
                if self.hints(tokens, at + 1) {
                    self.text.push('\n');
                }
            }
            _ if self.is_type(tokens, at) => {
                self.push(if upper == "INT" { "INTEGER" } else { &upper }, blank);
            }
            _ => {
                if self.is_alias(tokens, at) {
                    self.push("AS", true);
                }
                let alias = self.follows_as(tokens, at);
                let qualifier = self.qualifier(token);
                let name = match alias {
                    true => quote(&word.value),
                    _ if is_plain(&upper, before, next) && qualifier.is_empty() => upper,
                    _ if next == Some(&Token::LParen) && !is_standard(&upper) => {
                        match self.functions {
                            Functions::Found => upper,
                            Functions::Written => quote(&word.value),
                            Functions::Quoted => quote(&upper),
                        }
                    }
                    _ if self.is_group_window(tokens, at) => format!("${upper}"),
                    _ => piece(&token.token, before, next),
                };
                self.push(&format!("{qualifier}{name}"), blank || alias);
            }
        }
        at + 1
    }

    /// `n ROWS`.
    fn rows(&mut self, tokens: &[&TokenWithSpan], count: usize) {
        if let Some(token) = tokens.get(count) {
            self.push(&token.token.to_string(), true);
        }
        self.push("ROWS", true);
    }

    fn past_rows(&self, tokens: &[&TokenWithSpan], mut at: usize, only: bool) -> usize {
        if is_word(tokens.get(at), "ROW") || is_word(tokens.get(at), "ROWS") {
            at += 1;
            if only && is_word(tokens.get(at), "ONLY") {
                at += 1;
            }
        }
        at
    }

    fn table(&self, tokens: &[&TokenWithSpan], at: usize) -> Option<(usize, String)> {
        let start = place::span(tokens[at].span)?.start;
        let (span, path) = self.tables.iter().find(|(span, _)| span.start == start)?;
        let end = place::to_parser(span.end);
        let past = tokens[at..].iter().take_while(|t| t.span.end <= end).count();
        Some((at + past, path.clone()))
    }

    fn qualifier(&self, token: &TokenWithSpan) -> String {
        let span = place::span(token.span);
        let found = self.qualifiers.iter().find(|(at, _)| Some(*at) == span);
        found.map_or(String::new(), |(_, table)| format!("{}.", quote(table)))
    }

    /// Whether a name stands directly behind what it names.
    fn is_alias(&self, tokens: &[&TokenWithSpan], at: usize) -> bool {
        let Token::Word(word) = &tokens[at].token else { return false };
        if word.quote_style.is_none() && !may_be_alias(&word.value) {
            return false;
        }
        match at.checked_sub(1).map(|b| &tokens[b].token) {
            Some(Token::Word(before)) => {
                before.quote_style.is_some()
                    || may_be_alias(&before.value)
                    || before.value.eq_ignore_ascii_case("END")
            }
            Some(token) => matches!(
                token,
                Token::RParen | Token::RBracket | Token::Number(..) | Token::SingleQuotedString(_)
            ),
            None => false,
        }
    }

    /// Whether a word is a window of GROUP BY, which the planner calls by another name.
    fn is_group_window(&self, tokens: &[&TokenWithSpan], at: usize) -> bool {
        let window = ["TUMBLE", "HOP", "SESSION"].iter().any(|w| is_word(tokens.get(at), w));
        let called = tokens.get(at + 1).is_some_and(|t| t.token == Token::LParen);
        let of_table = at.checked_sub(2).is_some_and(|t| is_word(tokens.get(t), "TABLE"));
        window && called && !of_table
    }

    fn follows_as(&self, tokens: &[&TokenWithSpan], at: usize) -> bool {
        let previous = at.checked_sub(1).map(|b| tokens[b]);
        let named = is_word(previous.as_ref(), "AS") && self.nesting.last() != Some(&Inside::Cast);
        named || self.is_alias(tokens, at)
    }

    /// Whether a parenthesis holds the names of an alias' columns.
    fn follows_alias(&self, tokens: &[&TokenWithSpan], at: usize) -> bool {
        at.checked_sub(1).is_some_and(|alias| {
            matches!(tokens[alias].token, Token::Word(_)) && self.follows_as(tokens, alias)
        })
    }

    /// Whether a word stands in the type of a CAST.
    fn is_type(&self, tokens: &[&TokenWithSpan], at: usize) -> bool {
        let mut words = tokens[..at]
            .iter()
            .rev()
            .take_while(|t| !matches!(t.token, Token::LParen | Token::RParen | Token::Comma));
        self.nesting.last() == Some(&Inside::Cast) && words.any(|t| is_word(Some(t), "AS"))
    }

    /// Prints the hints that stand before a token, on a line of their own; whether there are some.
    fn hints(&mut self, tokens: &[&TokenWithSpan], next: usize) -> bool {
        let last = next.checked_sub(1).and_then(|last| tokens.get(last));
        let hints = last.and_then(|last| hints::printed_after(self.source, last.span.end));
        hints.iter().for_each(|hints| self.line(hints));
        hints.is_some()
    }

    fn line(&mut self, words: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(words);
    }

    fn push(&mut self, piece: &str, blank: bool) {
        let begins = self.text.is_empty() || self.text.ends_with(['\n', '(']);
        if blank && !begins {
            self.text.push(' ');
        }
        self.text.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::parse::parse_query;

    #[test]
    fn parts_print_as_flink_prints_them() {
        for (written, printed) in [
            ("ts_field  - interval '1' second", "`ts_field` - INTERVAL '1' SECOND"),
            ("ts - interval '5' minutes", "`ts` - INTERVAL '5' MINUTE"),
            ("price*qty", "`price` * `qty`"),
            ("date_format(order_time,'HH:mm')", "DATE_FORMAT(`order_time`, 'HH:mm')"),
            ("proctime()", "PROCTIME()"),
            ("t.a in (1, 2)", "`t`.`a` IN (1, 2)"),
            ("name = 'it''s'", "`name` = 'it''s'"),
            ("(price * qty) - (1)", "`price` * `qty` - 1"),
            ("cast(x as int) * 1e3", "CAST(`x` AS INTEGER) * 1E3"),
        ] {
            let query = parse_query(&format!("SELECT {written}")).expect("parses");
            let mut span = query.span;
            span.start.column += 7;
            let found = super::Functions::Found;
            assert_eq!(super::print_expression(&query.source, span, found), printed);
        }
    }
}
