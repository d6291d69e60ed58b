//! Paths into JSON, as the library Jayway JsonPath reads them, which Flink uses.
//!
//! A path is definite if it names one place; what is not there is then an error. Any other path gives
//! the array of all that it finds. Of the functions at the end of a path there is `length()`.

use serde_json::Value as Json;

use super::filter::Filter;
use crate::base::{Error, Result};

/// What stands at a path.
#[derive(Debug, PartialEq)]
pub(super) struct Found(pub Json);

/// A path and its mode.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// Whether what is not there is nothing, rather than an error.
    pub lax: bool,
    written: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Names(Vec<String>),
    Indexes(Vec<i64>),
    Slice(Option<i64>, Option<i64>),
    All,
    /// The next step on everything below.
    Deep,
    Where(Filter),
    Length,
}

impl Path {
    /// Reads `[lax | strict] path`.
    ///
    /// # Errors
    /// `json-path-invalid`, `json-path-not-supported`.
    pub fn parse(written: &str) -> Result<Self> {
        let trimmed = written.trim_start();
        let (lax, path) = match trimmed.split_once(char::is_whitespace) {
            Some(("lax", path)) => (true, path.trim()),
            Some(("strict", path)) => (false, path.trim()),
            _ => (false, written.trim()),
        };
        let mut reader = Reader { rest: path, written: path };
        Ok(Self { lax, written: path.to_owned(), steps: reader.path()? })
    }

    /// The place relative to an element, inside a filter.
    pub(super) fn relative(written: &str) -> Result<Self> {
        let steps = Reader { rest: written, written }.steps()?;
        Ok(Self { lax: false, written: written.to_owned(), steps })
    }

    /// What stands there.
    ///
    /// # Errors
    /// `json-path-not-found` (`path`) for a definite path that leads nowhere.
    pub fn find(&self, json: &Json) -> Result<Found> {
        let mut places = vec![json];
        let mut definite = true;
        let mut steps = self.steps.iter();
        while let Some(step) = steps.next() {
            match step {
                Step::Length => return Ok(Found(length(&places, definite))),
                Step::Deep => {
                    definite = false;
                    places = places.into_iter().flat_map(below).collect();
                }
                Step::Names(names) if names.len() > 1 && definite => {
                    return self.several(names, &places, steps.as_slice());
                }
                step => {
                    let before = places.len();
                    places = places.into_iter().flat_map(|place| step.of(place)).collect();
                    let lost = places.is_empty() && definite && before > 0;
                    if lost && step.is_definite() {
                        return Err(self.not_found());
                    }
                    definite &= step.is_definite();
                }
            }
        }
        match (definite, places.as_slice()) {
            (true, [place]) => Ok(Found((*place).clone())),
            (true, _) => Err(self.not_found()),
            (false, places) => Ok(Found(places.iter().map(|place| (*place).clone()).collect())),
        }
    }

    /// `['a','b']` at the end of a definite path is an object of those fields.
    fn several(&self, names: &[String], places: &[&Json], rest: &[Step]) -> Result<Found> {
        if !rest.is_empty() {
            return Err(Error::new("json-path-not-supported").arg("path", &self.written));
        }
        let object = places.first().and_then(|place| place.as_object());
        let object = object.ok_or_else(|| self.not_found())?;
        let kept = names.iter().filter_map(|name| object.get_key_value(name));
        Ok(Found(Json::Object(kept.map(|(k, v)| (k.clone(), v.clone())).collect())))
    }

    /// The refusal of a path that leads nowhere.
    pub(super) fn not_found(&self) -> Error {
        Error::new("json-path-not-found").arg("path", &self.written)
    }
}

fn length(places: &[&Json], definite: bool) -> Json {
    let size = match (definite, places) {
        (true, [Json::Array(items)]) => items.len(),
        (true, [Json::Object(fields)]) => fields.len(),
        (true, [Json::String(text)]) => text.chars().count(),
        (true, _) => return Json::Null,
        (false, places) => places.len(),
    };
    Json::from(size)
}

/// A place and everything in it, the outer before the inner.
fn below(json: &Json) -> Vec<&Json> {
    let mut all = Vec::new();
    let mut pending = vec![json];
    while let Some(next) = pending.pop() {
        all.push(next);
        let children: Vec<&Json> = children(next);
        pending.extend(children.into_iter().rev());
    }
    all
}

fn children(json: &Json) -> Vec<&Json> {
    match json {
        Json::Array(items) => items.iter().collect(),
        Json::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

impl Step {
    fn is_definite(&self) -> bool {
        match self {
            Self::Names(names) => names.len() == 1,
            Self::Indexes(indexes) => indexes.len() == 1,
            _ => false,
        }
    }

    /// The places that one step leads to.
    fn of<'j>(&self, json: &'j Json) -> Vec<&'j Json> {
        match (self, json) {
            (Self::Names(names), Json::Object(fields)) => {
                names.iter().filter_map(|name| fields.get(name)).collect()
            }
            (Self::Indexes(indexes), Json::Array(items)) => {
                let at = |index: &i64| items.get(from_start(*index, items.len())?);
                indexes.iter().filter_map(at).collect()
            }
            (Self::Slice(from, to), Json::Array(items)) => slice(items, *from, *to),
            (Self::All, json) => children(json),
            (Self::Where(filter), Json::Array(items)) => {
                items.iter().filter(|item| filter.holds(item)).collect()
            }
            (Self::Where(filter), json) if filter.holds(json) => vec![json],
            _ => Vec::new(),
        }
    }
}

/// An index; below zero it counts from the end.
fn from_start(index: i64, len: usize) -> Option<usize> {
    usize::try_from(if index < 0 { index + len as i64 } else { index }).ok()
}

fn slice(items: &[Json], from: Option<i64>, to: Option<i64>) -> Vec<&Json> {
    let len = items.len() as i64;
    let bound = |index: i64| (if index < 0 { index + len } else { index }).clamp(0, len) as usize;
    let range = bound(from.unwrap_or(0))..bound(to.unwrap_or(len));
    items.get(range).unwrap_or_default().iter().collect()
}

/// Reads a path from left to right.
struct Reader<'t> {
    rest: &'t str,
    written: &'t str,
}

impl<'t> Reader<'t> {
    /// A path may begin without `$`.
    fn path(&mut self) -> Result<Vec<Step>> {
        match self.rest.strip_prefix('$') {
            Some(rest) => self.rest = rest,
            None if self.rest.is_empty() => return Err(self.invalid()),
            None => {
                let names = vec![self.name()?];
                let mut steps = vec![Step::Names(names)];
                steps.extend(self.steps()?);
                return Ok(steps);
            }
        }
        self.steps()
    }

    fn steps(&mut self) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        while !self.rest.is_empty() {
            if let Some(rest) = self.rest.strip_prefix("..") {
                self.rest = rest;
                steps.push(Step::Deep);
                steps.push(if rest.starts_with('[') { self.bracket()? } else { self.dotted()? });
            } else if let Some(rest) = self.rest.strip_prefix('.') {
                self.rest = rest;
                steps.push(self.dotted()?);
            } else if self.rest.starts_with('[') {
                steps.push(self.bracket()?);
            } else {
                return Err(self.invalid());
            }
        }
        Ok(steps)
    }

    fn invalid(&self) -> Error {
        Error::new("json-path-invalid").arg("path", self.written)
    }

    fn name(&mut self) -> Result<String> {
        let end = self.rest.find(['.', '[', '(', ' ']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.invalid());
        }
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn dotted(&mut self) -> Result<Step> {
        if let Some(rest) = self.rest.strip_prefix('*') {
            self.rest = rest;
            return Ok(Step::All);
        }
        let name = self.name()?;
        let Some(rest) = self.rest.strip_prefix("()") else {
            return match self.rest.starts_with('(') {
                true => Err(Error::new("json-path-not-supported").arg("path", self.written)),
                false => Ok(Step::Names(vec![name])),
            };
        };
        self.rest = rest;
        match (name.as_str(), rest) {
            ("length" | "size", "") => Ok(Step::Length),
            _ => Err(Error::new("json-path-not-supported").arg("path", self.written)),
        }
    }

    /// What stands between brackets.
    fn bracket(&mut self) -> Result<Step> {
        let end = closing(self.rest).ok_or_else(|| self.invalid())?;
        let inside = self.rest[1..end].trim();
        self.rest = &self.rest[end + 1..];
        if inside == "*" {
            return Ok(Step::All);
        }
        if let Some(condition) = inside.strip_prefix('?') {
            let condition = condition.trim();
            let condition = condition.strip_prefix('(').and_then(|c| c.strip_suffix(')'));
            return Ok(Step::Where(Filter::parse(condition.ok_or_else(|| self.invalid())?)?));
        }
        if inside.starts_with(['\'', '"']) {
            return names(inside).map(Step::Names).ok_or_else(|| self.invalid());
        }
        self.numbers(inside)
    }

    fn numbers(&self, inside: &str) -> Result<Step> {
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| self.invalid());
        if let Some((from, to)) = inside.split_once(':') {
            let bound = |text: &str| match text.trim() {
                "" => Ok(None),
                text => number(text).map(Some),
            };
            return Ok(Step::Slice(bound(from)?, bound(to)?));
        }
        Ok(Step::Indexes(inside.split(',').map(number).collect::<Result<_>>()?))
    }
}

/// Where the bracket closes with which a text begins; quotes hide brackets.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    let mut escaped = false;
    text.char_indices().find_map(|(at, character)| {
        match (quote, character) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => {
                depth -= 1;
                return (depth == 0).then_some(at);
            }
            _ => {}
        }
        None
    })
}

/// `'a', "b"`.
fn names(inside: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = inside;
    loop {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let end = 1 + rest[1..].find(quote)?;
        names.push(rest[1..end].to_owned());
        rest = rest[end + 1..].trim();
        match rest.strip_prefix(',') {
            Some(more) => rest = more.trim(),
            None => return rest.is_empty().then_some(names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(path: &str) -> String {
        let json = r#"{"a": [1, 2, {"b": "c"}], "o": {"x y": 3, "z": null}, "p": [{"n": 1}, {"n": 20, "m": "k"}]}"#;
        let json: Json = serde_json::from_str(json).unwrap();
        match Path::parse(path).and_then(|path| path.find(&json)) {
            Ok(Found(found)) => found.to_string(),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn paths_lead_where_jayways_do() {
        let cases = [
            ("$.a[2].b", r#""c""#),
            ("$['a'][0]", "1"),
            ("$[\"o\"][\"x y\"]", "3"),
            ("a[1]", "2"),
            ("$.a[-1].b", r#""c""#),
            ("$.a[0:2]", "[1,2]"),
            ("$.a[-2:]", r#"[2,{"b":"c"}]"#),
            ("$.a[0,1]", "[1,2]"),
            ("$.p[*].n", "[1,20]"),
            ("$..n", "[1,20]"),
            ("$.o.*", "[3,null]"),
            ("$.p[?(@.n > 5)].n", "[20]"),
            ("$.p[?(@.m == 'k')].n", "[20]"),
            ("$.p[?(@.m)].n", "[20]"),
            ("$.p[?(@.n < 5 || @.m == 'k')].n", "[1,20]"),
            ("$.a.length()", "3"),
            ("$.o.z", "null"),
            ("lax $.a[0]", "1"),
            ("$.q", "json-path-not-found"),
            ("$.a[9]", "json-path-not-found"),
            ("$.a.b", "json-path-not-found"),
            ("$.", "json-path-invalid"),
            ("$a", "json-path-invalid"),
            ("$.a.sum()", "json-path-not-supported"),
        ];
        for (path, expected) in cases {
            assert_eq!(find(path), expected, "{path}");
        }
    }
}
