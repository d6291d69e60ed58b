//! The conditions of a path: `[?(@.price > 10 && @.name == 'a')]`.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::path::{Found, Path};
use crate::base::{Error, Result};

/// Conditions: one of the outer must hold, of which all of the inner must.
#[derive(Clone, Debug)]
pub(super) struct Filter(Vec<Vec<Condition>>);

#[derive(Clone, Debug)]
struct Condition {
    left: Operand,
    /// How the sides compare, and the other side; without it, the first must be there.
    right: Option<(Comparison, Operand)>,
    negated: bool,
}

#[derive(Clone, Debug)]
enum Operand {
    Place(Path),
    Constant(Json),
}

type Comparison = fn(Option<Ordering>) -> bool;

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", |o| o == Some(Ordering::Equal)),
    ("!=", |o| o != Some(Ordering::Equal)),
    ("<=", |o| o.is_some_and(Ordering::is_le)),
    (">=", |o| o.is_some_and(Ordering::is_ge)),
    ("<", |o| o.is_some_and(Ordering::is_lt)),
    (">", |o| o.is_some_and(Ordering::is_gt)),
];

impl Filter {
    /// Reads what stands inside `?( )`.
    ///
    /// # Errors
    /// `json-path-invalid`, `json-path-not-supported`.
    pub fn parse(text: &str) -> Result<Self> {
        let all = |part: &str| split(part, "&&").into_iter().map(condition).collect();
        split(text, "||").into_iter().map(all).collect::<Result<_>>().map(Self)
    }

    /// Whether an element passes.
    pub fn holds(&self, element: &Json) -> bool {
        self.0.iter().any(|all| all.iter().all(|condition| condition.holds(element)))
    }
}

impl Condition {
    fn holds(&self, element: &Json) -> bool {
        let left = self.left.value(element);
        let held = match &self.right {
            None => left.is_some(),
            Some((comparison, right)) => {
                let order = left.zip(right.value(element)).and_then(|(a, b)| order(&a, &b));
                comparison(order)
            }
        };
        held != self.negated
    }
}

impl Operand {
    fn value(&self, element: &Json) -> Option<Json> {
        match self {
            Self::Constant(json) => Some(json.clone()),
            Self::Place(path) => path.find(element).ok().map(|Found(json)| json),
        }
    }
}

fn order(a: &Json, b: &Json) -> Option<Ordering> {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Json::String(a), Json::String(b)) => Some(a.cmp(b)),
        (a, b) => (a == b).then_some(Ordering::Equal),
    }
}

/// Cuts at a mark outside of quotes.
fn split<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"') => quote = Some(character),
            None if at >= start && text[at..].starts_with(mark) => {
                parts.push(&text[start..at]);
                start = at + mark.len();
            }
            None => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn condition(text: &str) -> Result<Condition> {
    let text = text.trim();
    for (mark, comparison) in COMPARISONS {
        if let [left, right] = split(text, mark).as_slice() {
            let right = Some((comparison, operand(right)?));
            return Ok(Condition { left: operand(left)?, right, negated: false });
        }
    }
    let (text, negated) = match text.strip_prefix('!') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    Ok(Condition { left: operand(text)?, right: None, negated })
}

fn operand(text: &str) -> Result<Operand> {
    let text = text.trim();
    if let Some(place) = text.strip_prefix('@') {
        return Path::relative(place).map(Operand::Place);
    }
    let quoted = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    if let Some(text) = quoted {
        return Ok(Operand::Constant(Json::from(text)));
    }
    let unsupported = |_| Error::new("json-path-not-supported").arg("path", text);
    serde_json::from_str(text).map(Operand::Constant).map_err(unsupported)
}
