//! One column of faker: its expressions, and their texts as values of the column's type.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::expression::Expression;
use super::provider::At;
use super::words::Locale;
use super::{DESCRIPTOR, LOCALE};
use crate::base::{Error, LabTime, Result, SeededRandom};
use crate::connectors::Options;
use crate::connectors::format::column::scalar;
use crate::connectors::format::text::{self, Forms};
use crate::connectors::generate::column::{Column, Filler, Generator, Wanted};
use crate::connectors::generate::shape::Shape;
use crate::connectors::generate::share::Progression;
use crate::connectors::generate::{ColumnMaker, null_rate, out_of_range};
use crate::data::arrow::arrow_type;
use crate::data::{Field, LogicalType};

/// Moments are written without a zone, and are UTC's.
const FORMS: Forms = Forms {
    date: |text| (text::CSV.date)(text.split(' ').next().unwrap_or(text)),
    instant: text::CSV.timestamp,
    ..text::CSV
};

/// What the options ask of one column.
#[derive(Clone)]
pub(super) struct ColumnSpec {
    name: String,
    logical: LogicalType,
    /// Its position in the table, which chooses its sequence of chance.
    position: u64,
    kind: Kind,
    null_rate: f64,
}

#[derive(Clone)]
enum Kind {
    Said(Arc<Expression>),
    /// Made of values that have columns of their own; so many of them, if it is a collection.
    Nested {
        children: Vec<ColumnSpec>,
        length: usize,
    },
}

impl ColumnSpec {
    /// `name` is the column's, with the way to what is inside: `address.city`, `prices.key`.
    fn of(
        options: &Options,
        name: &str,
        logical: &LogicalType,
        position: u64,
        locale: Locale,
    ) -> Result<Self> {
        use LogicalType as L;
        let child = |part: &str, logical: &LogicalType| {
            Self::of(options, &format!("{name}.{part}"), logical, position, locale)
        };
        let kind = match logical {
            L::Array(element) => Kind::Nested {
                children: vec![Self::of(options, name, &element.logical, position, locale)?],
                length: length(options, name)?,
            },
            L::Map(key, value) => Kind::Nested {
                children: vec![child("key", &key.logical)?, child("value", &value.logical)?],
                length: length(options, name)?,
            },
            L::Row(schema) => {
                let fields = schema.fields().iter();
                let children = fields.map(|f| child(&f.name, &f.data_type.logical));
                Kind::Nested { children: children.collect::<Result<_>>()?, length: 1 }
            }
            _ if scalar(logical, FORMS).is_none() => {
                let error = Error::new("faker-type").arg("column", name);
                return Err(error.arg("type", logical));
            }
            _ => {
                let key = format!("fields.{name}.expression");
                let text = options.required(&key)?;
                Kind::Said(Arc::new(Expression::parse(&key, text, locale)?))
            }
        };
        Ok(Self { name: name.to_owned(), logical: logical.clone(), position, kind, null_rate: 0.0 })
    }

    fn expressions(&self, out: &mut Vec<String>) {
        match (&self.kind, &self.logical) {
            (Kind::Said(_), _) => out.push(format!("fields.{}.expression", self.name)),
            (Kind::Nested { children, .. }, logical) => {
                if !matches!(logical, LogicalType::Row(_)) {
                    out.push(format!("fields.{}.length", self.name));
                }
                children.iter().for_each(|child| child.expressions(out));
            }
        }
    }
}

/// How many elements a collection has.
fn length(options: &Options, name: &str) -> Result<usize> {
    let key = format!("fields.{name}.length");
    let length = options.integer(&key)?.unwrap_or(1);
    usize::try_from(length).ok().filter(|l| *l > 0).ok_or_else(|| out_of_range(&key, length))
}

impl ColumnMaker for ColumnSpec {
    /// Errors: `option-missing` without an expression, `faker-type`, what is wrong with the expression,
    /// and `faker-value` if its first text is not of the type.
    fn read(options: &Options, field: &Field, position: usize) -> Result<Self> {
        let name = field.name.as_str();
        let locale = options.get(&format!("fields.{name}.locale")).or(options.get(LOCALE));
        let locale = Locale::of(locale);
        let logical = &field.data_type.logical;
        let mut spec = Self::of(options, name, logical, position as u64, locale)?;
        spec.null_rate = null_rate(options, &format!("fields.{name}.null-rate"))?;
        let rows = Progression { next: 0, step: 1 };
        spec.column(0, 0)?.fill(Wanted { rows, len: 1, each: 1, now: LabTime(0) })?;
        Ok(spec)
    }

    /// The options that it understands, with those of what is inside among them.
    fn options(&self, out: &mut Vec<String>) {
        let own = ["locale", "null-rate"].map(|option| format!("fields.{}.{option}", self.name));
        out.extend(own);
        self.expressions(out);
    }

    fn column(&self, seed: u64, index: u32) -> Result<Column> {
        let filler = match &self.kind {
            Kind::Said(expression) => Filler::Generator(Box::new(Said {
                expression: expression.clone(),
                name: self.name.clone(),
                logical: self.logical.clone(),
            })),
            Kind::Nested { children, length } => {
                let child = |c: &ColumnSpec| c.column(seed ^ SeededRandom::salt(&c.name), index);
                let shape = Shape { target: arrow_type(&self.logical), length: *length };
                let children = children.iter().map(child).collect::<Result<_>>()?;
                Filler::Nested { children, shape }
            }
        };
        Ok(Column::new(filler, self.null_rate, self.position, (seed, index)))
    }
}

/// Texts of an expression, read as values of a type.
struct Said {
    expression: Arc<Expression>,
    name: String,
    logical: LogicalType,
}

impl Generator for Said {
    fn fill(&self, wanted: Wanted, random: &mut SeededRandom) -> Result<ArrayRef> {
        let broken = |reason: String| Error::new("plan-broken").arg("reason", reason);
        let builder = scalar(&self.logical, FORMS);
        let mut builder = builder.ok_or_else(|| broken(DESCRIPTOR.identifier.to_owned()))?;
        let mut text = String::new();
        for value in 0..wanted.len {
            text.clear();
            let row = wanted.rows.position(value / wanted.each.max(1));
            self.expression.write(random, At { now: wanted.now, row }, &mut text);
            if !builder.text(&text) {
                return Err(Error::new("faker-value")
                    .arg("column", &self.name)
                    .arg("value", text)
                    .arg("type", &self.logical));
            }
        }
        builder.finish().map_err(|e| broken(e.to_string()))
    }
}
