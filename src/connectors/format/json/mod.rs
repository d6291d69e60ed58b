//! `json`: a row is an object on a line of its own.
//!
//! Source of the options and rules: "JSON Format", Flink 1.18, and what Flink answers.

pub(super) mod column;
pub(super) mod node;
pub(super) mod read;
pub(super) mod write;

use std::sync::Arc;

use super::text::{ISO_8601, SQL};
use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::{Error, Result};
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::{DataType, LogicalType, RowKind, Schema};
use column::RowColumn;
use node::Node;

/// The format.
pub struct Json;

const FAIL_ON_MISSING: &str = "json.fail-on-missing-field";

const OPTIONS: &[OptionSpec] = &[
    OptionSpec::with_default(FAIL_ON_MISSING, OptionType::Boolean, "false"),
    KEYS.ignore_errors(),
    KEYS.timestamps(),
    KEYS.null_key_mode(),
    KEYS.null_key_literal(),
    KEYS.plain_decimals(),
];

const KEYS: Keys = Keys {
    ignore_errors: "json.ignore-parse-errors",
    timestamps: "json.timestamp-format.standard",
    null_key_mode: "json.map-null-key.mode",
    null_key_literal: "json.map-null-key.literal",
    plain_decimals: "json.encode.decimal-as-plain-number",
};

/// The options that the formats made of JSON share, each under a prefix of its own.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) ignore_errors: &'static str,
    pub(super) timestamps: &'static str,
    pub(super) null_key_mode: &'static str,
    pub(super) null_key_literal: &'static str,
    pub(super) plain_decimals: &'static str,
}

impl Keys {
    pub(super) const fn ignore_errors(self) -> OptionSpec {
        OptionSpec::with_default(self.ignore_errors, OptionType::Boolean, "false")
    }

    pub(super) const fn timestamps(self) -> OptionSpec {
        let standards = OptionType::Choice(&["SQL", "ISO-8601"]);
        OptionSpec::with_default(self.timestamps, standards, "SQL")
    }

    pub(super) const fn null_key_mode(self) -> OptionSpec {
        OptionSpec::with_default(self.null_key_mode, OptionType::Text, "FAIL")
    }

    pub(super) const fn null_key_literal(self) -> OptionSpec {
        OptionSpec::with_default(self.null_key_literal, OptionType::Text, "null")
    }

    pub(super) const fn plain_decimals(self) -> OptionSpec {
        OptionSpec::with_default(self.plain_decimals, OptionType::Boolean, "false")
    }

    /// What the options say of reading.
    pub(super) fn read_rules(self, options: &Options) -> Result<read::Rules> {
        let forms = if self.iso(options) { ISO_8601 } else { SQL };
        let lenient = options.flag(self.ignore_errors)?;
        Ok(read::Rules { lenient, fail_on_missing: false, forms })
    }

    /// What the options say of writing.
    pub(super) fn write_rules(self, options: &Options) -> Result<write::Rules> {
        Ok(write::Rules {
            between: if self.iso(options) { 'T' } else { ' ' },
            null_key: self.null_key(options)?,
            plain_decimals: options.flag(self.plain_decimals)?,
        })
    }

    fn iso(self, options: &Options) -> bool {
        options.get(self.timestamps) == Some("ISO-8601")
    }

    /// Only who writes asks for it: a reader does not mind a mode that there is not.
    fn null_key(self, options: &Options) -> Result<NullKey> {
        let mode = options.get(self.null_key_mode).unwrap_or("FAIL");
        Ok(match mode.to_ascii_uppercase().as_str() {
            "FAIL" => NullKey::Fail,
            "DROP" => NullKey::Drop,
            "LITERAL" => {
                NullKey::Literal(options.get(self.null_key_literal).unwrap_or("null").into())
            }
            _ => {
                return Err(Error::new("option-value")
                    .arg("name", self.null_key_mode)
                    .arg("value", mode)
                    .arg("expected", "FAIL, DROP, LITERAL"));
            }
        })
    }
}

/// What a map's NULL key becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NullKey {
    Fail,
    Drop,
    Literal(String),
}

/// Refuses what JSON cannot hold.
fn check(name: &str, data_type: &DataType) -> Result<()> {
    use LogicalType as L;
    let logical = &data_type.logical;
    let unsupported = || Error::new("json-type").arg("column", name).arg("type", logical);
    match logical {
        L::Array(element) => check(name, element),
        L::Map(key, value) if text(key) => check(name, value),
        L::Multiset(element) if text(element) => Ok(()),
        L::Row(schema) => check_all(schema, |field| format!("{name}.{field}")),
        L::Map(..) | L::Multiset(_) | L::IntervalYearMonth | L::IntervalDayTime | L::Null => {
            Err(unsupported())
        }
        _ => Ok(()),
    }
}

pub(super) fn check_all(schema: &Schema, name: impl Fn(&str) -> String) -> Result<()> {
    schema.fields().iter().try_for_each(|f| check(&name(&f.name), &f.data_type))
}

fn text(data_type: &DataType) -> bool {
    matches!(data_type.logical, LogicalType::Char(_) | LogicalType::Varchar(_))
}

/// Every line is a row.
struct Objects;

impl read::Messages for Objects {
    fn add(
        &self,
        line: &str,
        node: Node<'_>,
        rows: &mut RowColumn,
        kinds: &mut Vec<RowKind>,
    ) -> Result<()> {
        rows.object(node).map_err(|misfit| misfit.error(line))?;
        kinds.push(RowKind::Insert);
        Ok(())
    }
}

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn options(&self) -> &'static [OptionSpec] {
        OPTIONS
    }

    fn reader(
        &self,
        options: &Options,
        schema: &Schema,
        projection: &[usize],
    ) -> Result<Arc<dyn FileReaderFactory>> {
        let mut rules = KEYS.read_rules(options)?;
        rules.fail_on_missing = options.flag(FAIL_ON_MISSING)?;
        if rules.lenient && rules.fail_on_missing {
            return Err(Error::new("option-conflict")
                .arg("name", FAIL_ON_MISSING)
                .arg("other", KEYS.ignore_errors));
        }
        check_all(schema, str::to_owned)?;
        let read = projection.iter().filter_map(|&i| schema.fields().get(i)).cloned().collect();
        Ok(Arc::new(read::Factory::new(rules, Schema::new(read), Arc::new(Objects))))
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        check_all(schema, str::to_owned)?;
        Ok(Arc::new(write::Factory {
            rules: KEYS.write_rules(options)?,
            envelope: |_| ("", ""),
            schema: schema.clone(),
        }))
    }
}

#[cfg(test)]
mod tests;
