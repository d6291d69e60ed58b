//! The options of a WITH clause: what keys exist, what their values look like, and typed reading.

use std::collections::BTreeMap;

use crate::base::{Error, LabDuration, Result};

/// What the values of an option look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionType {
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number, as the column's type reads it.
    Number,
    /// A duration such as `10 s`, `1min`, `500 ms`.
    Duration,
    /// A size such as `128MB`, `64 kb`.
    Size,
    /// One character; `\t` and its like are read as Java does.
    Character,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl OptionType {
    /// A stable name, for errors and help; a choice is named by its words.
    pub fn name(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Boolean => "boolean".into(),
            Self::Integer => "integer".into(),
            Self::Number => "number".into(),
            Self::Duration => "duration".into(),
            Self::Size => "size".into(),
            Self::Character => "character".into(),
            Self::Choice(words) => words.join(", "),
        }
    }
}

/// One option that a connector or a format understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// Its key; `#` stands for the name of a column.
    pub key: &'static str,
    /// What its values look like.
    pub kind: OptionType,
    /// Whether the table cannot do without it.
    pub required: bool,
    /// The value in force when it is absent, if there is one.
    pub default: Option<&'static str>,
}

impl OptionSpec {
    /// An option that a table can do without.
    pub const fn optional(key: &'static str, kind: OptionType) -> Self {
        Self { key, kind, required: false, default: None }
    }

    /// An option that a table cannot do without.
    pub const fn required(key: &'static str, kind: OptionType) -> Self {
        Self { key, kind, required: true, default: None }
    }

    /// An option with a value in force when it is absent.
    pub const fn with_default(key: &'static str, kind: OptionType, default: &'static str) -> Self {
        Self { key, kind, required: false, default: Some(default) }
    }

    /// Whether `key` is this option, with any column in the place of `#`.
    pub fn matches(&self, key: &str) -> bool {
        match self.key.split_once('#') {
            None => self.key == key,
            Some((head, tail)) => {
                key.len() > head.len() + tail.len() && key.starts_with(head) && key.ends_with(tail)
            }
        }
    }
}

/// The options of one table as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(BTreeMap<String, String>);

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Options {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        Self(pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

impl Options {
    /// The value of a key, as written.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All pairs, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// The value of a key that must be there.
    ///
    /// Errors: `option-missing`.
    pub fn required(&self, key: &str) -> Result<&str> {
        self.get(key).ok_or_else(|| Error::new("option-missing").arg("name", key))
    }

    /// `true` or `false`, in any case; absent is `false`.
    pub fn flag(&self, key: &str) -> Result<bool> {
        self.parse(key, OptionType::Boolean, boolean).map(|v| v.unwrap_or(false))
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Result<Option<i64>> {
        self.parse(key, OptionType::Integer, |v| v.trim().parse().ok())
    }

    /// A number of any size and scale.
    pub fn number(&self, key: &str) -> Result<Option<f64>> {
        self.parse(key, OptionType::Number, |v| v.trim().parse().ok())
    }

    /// A duration.
    pub fn duration(&self, key: &str) -> Result<Option<LabDuration>> {
        self.parse(key, OptionType::Duration, duration)
    }

    /// A size in bytes.
    pub fn size(&self, key: &str) -> Result<Option<u64>> {
        self.parse(key, OptionType::Size, size)
    }

    /// One character of a single byte.
    pub fn character(&self, key: &str) -> Result<Option<u8>> {
        self.parse(key, OptionType::Character, character)
    }

    fn parse<T>(
        &self,
        key: &str,
        kind: OptionType,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(text) = self.get(key) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| bad_value(key, text, kind))
    }
}

/// Whether a value has the shape that its option asks for.
pub(super) fn check_value(key: &str, value: &str, kind: OptionType) -> Result<()> {
    let good = match kind {
        OptionType::Text => true,
        OptionType::Boolean => boolean(value).is_some(),
        OptionType::Integer => value.trim().parse::<i64>().is_ok(),
        OptionType::Number => value.trim().parse::<f64>().is_ok(),
        OptionType::Duration => duration(value).is_some(),
        OptionType::Size => size(value).is_some(),
        OptionType::Character => character(value).is_some(),
        OptionType::Choice(words) => words.contains(&value),
    };
    if good { Ok(()) } else { Err(bad_value(key, value, kind)) }
}

fn bad_value(key: &str, value: &str, kind: OptionType) -> Error {
    Error::new("option-value").arg("name", key).arg("value", value).arg("expected", kind.name())
}

fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn character(text: &str) -> Option<u8> {
    match text {
        "\\t" => Some(b'\t'),
        "\\u0001" => Some(1),
        _ => match text.as_bytes() {
            [one] => Some(*one),
            _ => None,
        },
    }
}

/// A number and the unit after it, in small letters.
fn measure(text: &str) -> Option<(i64, String)> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..digits].parse().ok()?, text[digits..].trim().to_ascii_lowercase()))
}

/// A size as Flink's `MemorySize` reads it; no unit means bytes, and units are powers of 1024.
fn size(text: &str) -> Option<u64> {
    let (count, unit) = measure(text)?;
    let shift = match unit.as_str() {
        "" | "b" | "bytes" => 0,
        "k" | "kb" | "kibibytes" => 10,
        "m" | "mb" | "mebibytes" => 20,
        "g" | "gb" | "gibibytes" => 30,
        "t" | "tb" | "tebibytes" => 40,
        _ => return None,
    };
    count.unsigned_abs().checked_mul(1 << shift)
}

/// A duration as Flink's `TimeUtils` reads it; no unit means milliseconds.
pub fn duration(text: &str) -> Option<LabDuration> {
    let (count, unit) = measure(text)?;
    let micros = match unit.as_str() {
        "" | "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => 1_000,
        "us" | "µs" | "micro" | "micros" | "microsecond" | "microseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000_000,
        "m" | "min" | "minute" | "minutes" => 60_000_000,
        "h" | "hour" | "hours" => 3_600_000_000,
        "d" | "day" | "days" => 86_400_000_000,
        _ => return None,
    };
    Some(LabDuration(count.checked_mul(micros)?))
}

/// The name that is most like `name`; `none` if none is like it at all.
pub(super) fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> &'a str {
    among
        .map(|candidate| (strsim::normalized_damerau_levenshtein(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or("none", |(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_flinks() {
        for (text, micros) in [
            ("10 s", Some(10_000_000)),
            ("1min", Some(60_000_000)),
            ("500", Some(500_000)),
            ("7 d", Some(604_800_000_000)),
            ("3 weeks", None),
            ("s", None),
            ("-1 s", None),
            ("9223372036854775807 d", None),
        ] {
            assert_eq!(duration(text), micros.map(LabDuration), "{text:?}");
        }
    }

    #[test]
    fn a_pattern_stands_for_any_column() {
        let kind = OptionSpec::optional("fields.#.kind", OptionType::Text);
        assert!(kind.matches("fields.id.kind"));
        assert!(kind.matches("fields.a.b.kind"));
        assert!(!kind.matches("fields..kind"));
        assert!(!kind.matches("fields.kind"));
        assert!(!kind.matches("fields.id.min"));
    }
}
