//! `json`: a row is an object on a line of its own.
//!
//! Source of the options and rules: "JSON Format", Flink 1.18, and what Flink answers.

mod column;
mod node;
mod read;
mod write;

use std::sync::Arc;

use super::text::{Forms, ISO_8601, SQL};
use super::{FileReaderFactory, FileWriterFactory, Format};
use crate::base::{Error, Result};
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::{DataType, LogicalType, Schema};

/// The format.
pub struct Json;

const FAIL_ON_MISSING: &str = "json.fail-on-missing-field";
const IGNORE_ERRORS: &str = "json.ignore-parse-errors";
const TIMESTAMPS: &str = "json.timestamp-format.standard";
const NULL_KEY_MODE: &str = "json.map-null-key.mode";
const NULL_KEY_LITERAL: &str = "json.map-null-key.literal";
const PLAIN_DECIMALS: &str = "json.encode.decimal-as-plain-number";

const OPTIONS: &[OptionSpec] = &[
    OptionSpec::with_default(FAIL_ON_MISSING, OptionType::Boolean, "false"),
    OptionSpec::with_default(IGNORE_ERRORS, OptionType::Boolean, "false"),
    OptionSpec::with_default(TIMESTAMPS, OptionType::Choice(&["SQL", "ISO-8601"]), "SQL"),
    OptionSpec::with_default(NULL_KEY_MODE, OptionType::Text, "FAIL"),
    OptionSpec::with_default(NULL_KEY_LITERAL, OptionType::Text, "null"),
    OptionSpec::with_default(PLAIN_DECIMALS, OptionType::Boolean, "false"),
];

/// What a map's NULL key becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum NullKey {
    Fail,
    Drop,
    Literal(String),
}

impl NullKey {
    /// Only who writes asks for it: a reader does not mind a mode that there is not.
    fn new(options: &Options) -> Result<Self> {
        let mode = options.get(NULL_KEY_MODE).unwrap_or("FAIL");
        Ok(match mode.to_ascii_uppercase().as_str() {
            "FAIL" => Self::Fail,
            "DROP" => Self::Drop,
            "LITERAL" => Self::Literal(options.get(NULL_KEY_LITERAL).unwrap_or("null").into()),
            _ => {
                return Err(Error::new("option-value")
                    .arg("name", NULL_KEY_MODE)
                    .arg("value", mode)
                    .arg("expected", "FAIL, DROP, LITERAL"));
            }
        })
    }
}

fn iso(options: &Options) -> bool {
    options.get(TIMESTAMPS) == Some("ISO-8601")
}

fn forms(options: &Options) -> Forms {
    if iso(options) { ISO_8601 } else { SQL }
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

fn check_all(schema: &Schema, name: impl Fn(&str) -> String) -> Result<()> {
    schema.fields().iter().try_for_each(|f| check(&name(&f.name), &f.data_type))
}

fn text(data_type: &DataType) -> bool {
    matches!(data_type.logical, LogicalType::Char(_) | LogicalType::Varchar(_))
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
        let rules = read::Rules {
            lenient: options.flag(IGNORE_ERRORS)?,
            fail_on_missing: options.flag(FAIL_ON_MISSING)?,
            forms: forms(options),
        };
        if rules.lenient && rules.fail_on_missing {
            return Err(Error::new("option-conflict")
                .arg("name", FAIL_ON_MISSING)
                .arg("other", IGNORE_ERRORS));
        }
        check_all(schema, str::to_owned)?;
        let read = projection.iter().filter_map(|&i| schema.fields().get(i)).cloned().collect();
        Ok(Arc::new(read::Factory::new(rules, Schema::new(read))))
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        check_all(schema, str::to_owned)?;
        Ok(Arc::new(write::Factory {
            rules: write::Rules {
                between: if iso(options) { 'T' } else { ' ' },
                null_key: NullKey::new(options)?,
                plain_decimals: options.flag(PLAIN_DECIMALS)?,
            },
            schema: schema.clone(),
        }))
    }
}

#[cfg(test)]
mod tests;
