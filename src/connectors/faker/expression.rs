//! Expressions: text with `#{Group.name 'argument', 'argument'}` in it.

use super::provider::{self, At, Maker};
use super::words::Locale;
use crate::base::{Error, Result, SeededRandom};

/// What a column is made by: each part in its turn.
pub(super) struct Expression(Vec<Part>);

enum Part {
    Text(String),
    Made(Maker),
}

impl Expression {
    /// Reads an expression. `key` is the option that holds it, for errors.
    ///
    /// Errors: `faker-syntax`, `faker-name`, `faker-arguments`.
    pub(super) fn parse(key: &str, text: &str, locale: Locale) -> Result<Self> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("#{") {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let call = Call::read(after).ok_or_else(|| {
                let column = text.len() - after.len() - 1;
                let error = Error::new("faker-syntax").arg("name", key).arg("value", text);
                error.arg("position", text[..column].chars().count())
            })?;
            parts.push(Part::Made(provider::maker(key, &call, locale)?));
            rest = call.rest;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// The next text, put behind what is in `out`.
    pub(super) fn write(&self, random: &mut SeededRandom, at: At, out: &mut String) {
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Made(maker) => out.push_str(&maker(random, at)),
            }
        }
    }
}

/// What stands between the braces.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Vec<&'a str>,
    /// The text behind the closing brace.
    rest: &'a str,
}

impl<'a> Call<'a> {
    /// Reads up to the closing brace. Arguments stand in quotes, so that braces and commas may be in
    /// them.
    fn read(text: &'a str) -> Option<Self> {
        let end = text.find(|c: char| c == '}' || c == '\'' || c.is_whitespace())?;
        let (name, mut rest) = text.split_at(end);
        let mut arguments = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if let Some(after) = rest.strip_prefix('}') {
                return (!name.is_empty()).then_some(Self { name, arguments, rest: after });
            }
            let (argument, after) = rest.strip_prefix('\'')?.split_once('\'')?;
            arguments.push(argument);
            rest = after;
        }
    }
}
