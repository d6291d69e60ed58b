//! The parts of a JSON text that columns ask for, without a tree of all of it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::data::json;
use crate::data::print::number::java_double;

/// The text of one JSON value.
#[derive(Clone, Copy)]
pub(in crate::connectors::format) struct Node<'a>(&'a str);

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::connectors::format) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

impl<'a> Node<'a> {
    /// The first value of a line; what follows it is not looked at, as in Flink. `None` for a line
    /// without a value.
    pub(super) fn first(line: &'a str) -> serde_json::Result<Option<Self>> {
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        let raw = <&RawValue>::deserialize(&mut serde_json::Deserializer::from_str(line))?;
        Ok(Some(Self(raw.get())))
    }

    /// What it is.
    pub(in crate::connectors::format) fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// The JSON text itself.
    pub(super) fn json(self) -> &'a str {
        self.0
    }

    /// Jackson's `asText`: a text without its quotes, a number as it is written, nothing for a
    /// container.
    pub(in crate::connectors::format) fn text(self) -> Cow<'a, str> {
        match self.kind() {
            Kind::Text => {
                serde_json::from_str::<Text<'a>>(self.0).map_or(Cow::Borrowed(""), |t| t.0)
            }
            Kind::Array | Kind::Object => Cow::Borrowed(""),
            Kind::Null | Kind::Boolean | Kind::Number => Cow::Borrowed(self.0),
        }
    }

    /// The fields of an object that have one of these names, in the order of the names; of two with
    /// the same name the last counts.
    pub(in crate::connectors::format) fn fields<'n>(
        self,
        names: impl Fn(&str) -> Option<usize> + 'n,
        count: usize,
    ) -> Vec<Option<Self>> {
        let mut deserializer = serde_json::Deserializer::from_str(self.0);
        let fields = deserializer.deserialize_map(FieldsVisitor { names, count });
        fields.unwrap_or_else(|_| vec![None; count])
    }

    /// All fields of an object, as they stand.
    pub(super) fn entries(self) -> Vec<(Cow<'a, str>, Self)> {
        serde_json::Deserializer::from_str(self.0)
            .deserialize_map(EntriesVisitor)
            .unwrap_or_default()
    }

    /// The elements of an array.
    pub(in crate::connectors::format) fn elements(self) -> Vec<Self> {
        let raw = serde_json::from_str::<Vec<&'a RawValue>>(self.0).unwrap_or_default();
        raw.into_iter().map(|raw| Self(raw.get())).collect()
    }

    /// The members of an object with these names, `None` for what is missing.
    pub(in crate::connectors::format) fn members<const N: usize>(
        self,
        names: [&str; N],
    ) -> [Option<Self>; N] {
        let place = |name: &str| names.iter().position(|known| *known == name);
        let mut members = self.fields(place, N).into_iter();
        names.map(|_| members.next().flatten())
    }

    /// Jackson's `findValue`: whether a field of this name is anywhere inside, were it null.
    pub(in crate::connectors::format) fn mentions(self, name: &str) -> bool {
        match self.kind() {
            Kind::Array => self.elements().into_iter().any(|element| element.mentions(name)),
            Kind::Object => self.entries().iter().any(|(n, v)| n == name || v.mentions(name)),
            _ => false,
        }
    }

    /// Jackson's `toString`: without blanks, numbers in their shortest form.
    pub(super) fn compact(self) -> String {
        let joined = |parts: Vec<String>| parts.join(",");
        match self.kind() {
            Kind::Array => {
                format!("[{}]", joined(self.elements().into_iter().map(Self::compact).collect()))
            }
            Kind::Object => {
                let entry = |(name, value): (Cow<'_, str>, Self)| {
                    let mut text = String::new();
                    json::quote(&name, &mut text);
                    text + ":" + &value.compact()
                };
                format!("{{{}}}", joined(self.entries().into_iter().map(entry).collect()))
            }
            Kind::Text => {
                let mut text = String::new();
                json::quote(&self.text(), &mut text);
                text
            }
            Kind::Number if self.0.contains(['.', 'e', 'E']) => {
                self.0.parse().map_or_else(|_| self.0.to_owned(), java_double)
            }
            Kind::Null | Kind::Boolean | Kind::Number => self.0.to_owned(),
        }
    }
}

/// A text that is only copied if it has escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct FieldsVisitor<N> {
    names: N,
    count: usize,
}

impl<'de, N: Fn(&str) -> Option<usize>> Visitor<'de> for FieldsVisitor<N> {
    type Value = Vec<Option<Node<'de>>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = vec![None; self.count];
        while let Some(place) = map.next_key_seed(NameSeed(&self.names))? {
            match place.and_then(|place| fields.get_mut(place)) {
                Some(field) => *field = Some(Node(map.next_value::<&RawValue>()?.get())),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}

/// The place of a name.
struct NameSeed<'n, N>(&'n N);

impl<'de, N: Fn(&str) -> Option<usize>> DeserializeSeed<'de> for NameSeed<'_, N> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<N: Fn(&str) -> Option<usize>> Visitor<'_> for NameSeed<'_, N> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0(name))
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Vec<(Cow<'de, str>, Node<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries: Self::Value = Vec::new();
        while let Some((name, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            match entries.iter_mut().find(|(known, _)| *known == name.0) {
                Some((_, known)) => *known = Node(value.get()),
                None => entries.push((name.0, Node(value.get()))),
            }
        }
        Ok(entries)
    }
}
