//! Partitions as folders: `dt=2024-01-01/hour=10`.
//!
//! Source: `PartitionPathUtils`, Flink 1.18.

use arrow::array::ArrayRef;

use crate::base::{Error, Result};
use crate::connectors::format::column::scalar;
use crate::connectors::format::text;
use crate::connectors::format::written;
use crate::data::arrow::null_array;
use crate::data::print::{number, temporal};
use crate::data::{Batch, DataType, Field, Value};

/// The folder of NULL, unless `partition.default-name` says otherwise. Nothing at all goes there too.
pub(super) const DEFAULT_NAME: &str = "__DEFAULT_PARTITION__";

/// Characters that a folder's name does not show as they are.
const ESCAPED: &str = "\"#%'*/:=?\\{[]^\u{7f}";

/// The partition columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Partitions {
    /// They, in the order of the folders.
    pub(super) fields: Vec<Field>,
    /// The name that stands for NULL.
    pub(super) default_name: String,
}

impl Partitions {
    /// The values in a path below the table's folder, still as texts; `None` if its folders are not
    /// those of a partition.
    pub(super) fn values(&self, below: &str) -> Option<Vec<Option<String>>> {
        let mut folders = below.trim_start_matches('/').split('/');
        let value = |field: &Field| {
            let (name, value) = folders.next()?.split_once('=')?;
            (unescape(name) == field.name).then(|| {
                let value = unescape(value);
                (value != self.default_name).then_some(value)
            })
        };
        self.fields.iter().map(value).collect()
    }

    /// The values of a partition as a batch of one row.
    ///
    /// Errors: `partition-type`, `partition-value`.
    pub(super) fn batch(&self, values: &[Option<String>]) -> Result<Batch> {
        let columns = self.fields.iter().zip(values);
        let columns = columns.map(|(field, value)| column(field, value.as_deref()));
        Ok(Batch::new(columns.collect::<Result<_>>()?, 1))
    }

    /// The folder of these values, below the table's.
    ///
    /// Errors: `partition-type`.
    pub(super) fn folder(&self, values: &[Value]) -> Result<String> {
        let folder = |(field, value): (&Field, &Value)| {
            let text = text_of(value).ok_or_else(|| unsupported(field))?;
            let text = text.filter(|t| !t.is_empty()).unwrap_or(self.default_name.clone());
            Ok(format!("{}={}", escape(&field.name), escape(&text)))
        };
        let folders = self.fields.iter().zip(values).map(folder);
        Ok(folders.collect::<Result<Vec<_>>>()?.join("/"))
    }
}

/// A partition's value as a column of one row.
///
/// Errors: `partition-type`, `partition-value`.
pub(super) fn column(field: &Field, value: Option<&str>) -> Result<ArrayRef> {
    let Some(value) = value else { return Ok(null_array(&field.data_type.logical, 1)) };
    let logical = &field.data_type.logical;
    let mut builder = scalar(logical, text::PARTITION).ok_or_else(|| unsupported(field))?;
    let bad = || {
        let error = Error::new("partition-value").arg("column", &field.name);
        error.arg("value", value).arg("type", logical)
    };
    if !builder.text(value) {
        return Err(bad());
    }
    builder.finish().map_err(|_| bad())
}

/// Refuses partition columns whose values are no texts.
pub(super) fn check(fields: &[Field]) -> Result<()> {
    let bytes = |t: &DataType| {
        use crate::data::LogicalType as L;
        matches!(t.logical, L::Binary(_) | L::Varbinary(_))
    };
    let good =
        |f: &&Field| scalar(&f.data_type.logical, text::CSV).is_some() && !bytes(&f.data_type);
    fields.iter().find(|f| !good(f)).map_or(Ok(()), |field| Err(unsupported(field)))
}

fn unsupported(field: &Field) -> Error {
    let error = Error::new("partition-type").arg("column", &field.name);
    error.arg("type", &field.data_type.logical)
}

/// A value in a folder's name; `Some(None)` for NULL, `None` if it has no text.
fn text_of(value: &Value) -> Option<Option<String>> {
    Some(Some(match value {
        Value::Null => return Some(None),
        Value::String(text) => text.to_string(),
        Value::Boolean(v) => v.to_string(),
        Value::TinyInt(v) => v.to_string(),
        Value::SmallInt(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::BigInt(v) => v.to_string(),
        Value::Float(v) => number::java_float(*v),
        Value::Double(v) => number::java_double(*v),
        Value::Decimal(unscaled, scale) => number::decimal(*unscaled, *scale),
        Value::Date(days) => temporal::date(*days),
        Value::Time(millis) => written::time(*millis),
        Value::Timestamp(millis, nanos) => java_moment(*millis, *nanos),
        Value::TimestampLtz(millis, nanos) => java_moment(*millis, *nanos) + "Z",
        _ => return None,
    }))
}

/// `LocalDateTime.toString`.
fn java_moment(millis: i64, nanos: i32) -> String {
    crate::data::print::java::row(&crate::data::Row::insert(vec![Value::Timestamp(millis, nanos)]))
        .trim_start_matches("+I[")
        .trim_end_matches(']')
        .to_owned()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\0'..' ' => escaped.push_str(&format!("%{:02X}", u32::from(character))),
            c if ESCAPED.contains(c) => escaped.push_str(&format!("%{:02X}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

fn unescape(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let code = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) => {
                out.push(char::from(code));
                rest = &after[2..];
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::LogicalType;

    fn partitions() -> Partitions {
        let field = |name, logical| Field::new(name, DataType::nullable(logical));
        let fields = vec![field("d=t", LogicalType::STRING), field("h", LogicalType::Int)];
        Partitions { fields, default_name: DEFAULT_NAME.into() }
    }

    #[test]
    fn values_make_folders_and_folders_values() {
        for (value, hour, folder) in [
            ("x/y:z=1", Value::Int(1), "d%3Dt=x%2Fy%3Az%3D1/h=1"),
            ("é ok%#", Value::Null, "d%3Dt=é ok%25%23/h=__DEFAULT_PARTITION__"),
        ] {
            assert_eq!(partitions().folder(&[value.into(), hour.clone()]).unwrap(), folder);
            let values = partitions().values(&format!("/{folder}/part-0")).unwrap();
            assert_eq!(values[0].as_deref(), Some(value));
            assert_eq!(values[1].is_none(), hour == Value::Null);
        }
        let nothing = partitions().folder(&["".into(), Value::Int(1)]).unwrap();
        assert_eq!(nothing, "d%3Dt=__DEFAULT_PARTITION__/h=1");
    }

    #[test]
    fn other_folders_are_no_partitions() {
        for path in ["/part-0", "/d%3Dt=x/part-0", "/h=1/d%3Dt=x/part-0", "/junk/h=1/part-0"] {
            assert_eq!(partitions().values(path), None, "{path}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_named() {
        let error = column(&partitions().fields[1], Some("abc")).unwrap_err().to_string();
        assert_eq!(error, r#"partition-value column="h" value="abc" type="INT""#);
    }
}
