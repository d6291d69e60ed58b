//! `raw`: a row is a line, the bytes of its only column.
//!
//! Source of the options and rules: "Raw Format", Flink 1.18. Flink 1.18 reads a file of several lines
//! as so many times the last one (its reader hands out the same row again and again); here each line is
//! its own row.

use std::sync::Arc;

use super::input::Lines;
use super::{FileReader, FileReaderFactory, FileWriter, FileWriterFactory, Format, Position};
use crate::base::{Error, Result};
use crate::connectors::Files;
use crate::connectors::options::{OptionSpec, OptionType, Options};
use crate::data::arrow::array_of;
use crate::data::{Batch, Field, LogicalType, Schema, Value, value_at};

/// The format.
pub struct Raw;

const CHARSET: &str = "raw.charset";
const ENDIANNESS: &str = "raw.endianness";

const OPTIONS: &[OptionSpec] = &[
    OptionSpec::with_default(CHARSET, OptionType::Text, "UTF-8"),
    OptionSpec::with_default(
        ENDIANNESS,
        OptionType::Choice(&["big-endian", "little-endian"]),
        "big-endian",
    ),
];

/// How texts become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    Utf8,
    Latin1,
    Ascii,
}

impl Charset {
    fn new(options: &Options) -> Result<Self> {
        let name = options.get(CHARSET).unwrap_or("UTF-8");
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Ok(Self::Utf8),
            "ISO-8859-1" | "ISO8859_1" | "LATIN1" => Ok(Self::Latin1),
            "US-ASCII" | "ASCII" => Ok(Self::Ascii),
            _ => Err(Error::new("option-value")
                .arg("name", CHARSET)
                .arg("value", name)
                .arg("expected", "UTF-8, ISO-8859-1, US-ASCII")),
        }
    }

    /// What is no character of the set becomes the sign for that.
    fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Latin1 => bytes.iter().copied().map(char::from).collect(),
            Self::Ascii => {
                let character = |b: &u8| if b.is_ascii() { char::from(*b) } else { '\u{FFFD}' };
                bytes.iter().map(character).collect()
            }
        }
    }

    /// What is not in the set becomes a question mark, as in Java.
    fn encode(self, text: &str, out: &mut Vec<u8>) {
        let last = match self {
            Self::Utf8 => return out.extend_from_slice(text.as_bytes()),
            Self::Latin1 => 0xFF,
            Self::Ascii => 0x7F,
        };
        let byte = |c: char| u8::try_from(u32::from(c)).ok().filter(|b| *b <= last);
        out.extend(text.chars().map(|c| byte(c).unwrap_or(b'?')));
    }
}

/// What the options say, and the column.
#[derive(Clone)]
struct Rules {
    charset: Charset,
    little_endian: bool,
    column: Field,
}

impl Rules {
    fn new(options: &Options, schema: &Schema) -> Result<Self> {
        let [column] = schema.fields() else {
            let columns = schema.fields().iter().map(|f| f.name.as_str()).collect::<Vec<_>>();
            return Err(Error::new("raw-columns").arg("columns", columns.join(", ")));
        };
        use LogicalType as L;
        match &column.data_type.logical {
            L::Char(_) | L::Varchar(_) | L::Binary(_) | L::Varbinary(_) | L::Boolean => {}
            L::TinyInt | L::SmallInt | L::Int | L::BigInt | L::Float | L::Double => {}
            other => {
                let error = Error::new("raw-type").arg("column", &column.name);
                return Err(error.arg("type", other));
            }
        }
        Ok(Self {
            charset: Charset::new(options)?,
            little_endian: options.get(ENDIANNESS) == Some("little-endian"),
            column: column.clone(),
        })
    }

    /// The value of these bytes; `None` if there are not as many as the type has.
    fn value(&self, bytes: &[u8]) -> Option<Value> {
        use LogicalType as L;
        Some(match &self.column.data_type.logical {
            L::Char(_) | L::Varchar(_) => Value::String(self.charset.decode(bytes).into()),
            L::Boolean => Value::Boolean(self.number::<1>(bytes)? != [0]),
            L::TinyInt => Value::TinyInt(i8::from_be_bytes(self.number(bytes)?)),
            L::SmallInt => Value::SmallInt(i16::from_be_bytes(self.number(bytes)?)),
            L::Int => Value::Int(i32::from_be_bytes(self.number(bytes)?)),
            L::BigInt => Value::BigInt(i64::from_be_bytes(self.number(bytes)?)),
            L::Float => Value::Float(f32::from_be_bytes(self.number(bytes)?)),
            L::Double => Value::Double(f64::from_be_bytes(self.number(bytes)?)),
            _ => Value::Bytes(bytes.into()),
        })
    }

    /// The bytes of a number, the highest first.
    fn number<const N: usize>(&self, bytes: &[u8]) -> Option<[u8; N]> {
        let mut bytes: [u8; N] = bytes.try_into().ok()?;
        if self.little_endian {
            bytes.reverse();
        }
        Some(bytes)
    }

    /// Appends the bytes of a value.
    ///
    /// Errors: `raw-null`.
    fn append(&self, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        let mut number = |bytes: &[u8]| match self.little_endian {
            true => out.extend(bytes.iter().rev()),
            false => out.extend_from_slice(bytes),
        };
        match value {
            Value::Boolean(v) => number(&[u8::from(*v)]),
            Value::TinyInt(v) => number(&v.to_be_bytes()),
            Value::SmallInt(v) => number(&v.to_be_bytes()),
            Value::Int(v) => number(&v.to_be_bytes()),
            Value::BigInt(v) => number(&v.to_be_bytes()),
            Value::Float(v) => number(&v.to_be_bytes()),
            Value::Double(v) => number(&v.to_be_bytes()),
            Value::Bytes(bytes) => out.extend_from_slice(bytes),
            Value::String(text) => self.charset.encode(text, out),
            _ => return Err(Error::new("raw-null").arg("column", &self.column.name)),
        }
        Ok(())
    }
}

impl Format for Raw {
    fn name(&self) -> &'static str {
        "raw"
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
        let rules = Rules::new(options, schema)?;
        Ok(Arc::new(ReaderFactory { rules, read: !projection.is_empty() }))
    }

    fn writer(&self, options: &Options, schema: &Schema) -> Result<Arc<dyn FileWriterFactory>> {
        Ok(Arc::new(WriterFactory { rules: Rules::new(options, schema)? }))
    }
}

struct ReaderFactory {
    rules: Rules,
    /// Whether anyone wants the column, or only the number of lines.
    read: bool,
}

impl FileReaderFactory for ReaderFactory {
    fn open(&self, path: &str, position: Position) -> Result<Box<dyn FileReader>> {
        let lines = Lines::new(path, position);
        Ok(Box::new(RawReader { lines, rules: self.rules.clone(), read: self.read }))
    }
}

struct RawReader {
    lines: Lines,
    rules: Rules,
    read: bool,
}

impl RawReader {
    fn wrong_size(&self, length: usize) -> Error {
        Error::new("raw-size")
            .arg("file", self.lines.path())
            .arg("line", self.lines.position().line)
            .arg("column", &self.rules.column.name)
            .arg("type", &self.rules.column.data_type.logical)
            .arg("found", length)
    }
}

impl FileReader for RawReader {
    fn read(&mut self, files: &dyn Files, max_rows: usize) -> Result<Option<Batch>> {
        let (mut values, mut len) = (Vec::new(), 0);
        while len < max_rows {
            let Some(line) = self.lines.next(files)? else { break };
            len += 1;
            if self.read {
                let length = line.len();
                let value = self.rules.value(line);
                values.push(value.ok_or_else(|| self.wrong_size(length))?);
            }
        }
        let columns = match self.read {
            true => vec![array_of(&self.rules.column.data_type, &values)?],
            false => Vec::new(),
        };
        Ok((len > 0).then(|| Batch::new(columns, len)))
    }

    fn position(&self) -> Position {
        self.lines.position()
    }
}

struct WriterFactory {
    rules: Rules,
}

impl FileWriterFactory for WriterFactory {
    fn create(&self) -> Box<dyn FileWriter> {
        Box::new(RawWriter(self.rules.clone()))
    }
}

struct RawWriter(Rules);

impl FileWriter for RawWriter {
    fn write(&mut self, batch: &Batch, out: &mut Vec<u8>) -> Result<()> {
        for row in 0..batch.len() {
            let value = value_at(batch.column(0), &self.0.column.data_type, row);
            self.0.append(&value, out)?;
            out.push(b'\n');
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectors::files::MemoryFiles;
    use crate::data::{DataType, Row, print, rows_to_batch};

    /// The bytes of the values, and what they read back as.
    fn round_trip(logical: LogicalType, values: &[Value], options: &[(&str, &str)]) -> String {
        let schema = Schema::new(vec![Field::new("v", DataType::nullable(logical))]);
        let options: Options = options.iter().copied().collect();
        let rows: Vec<Row> = values.iter().map(|v| Row::insert(vec![v.clone()])).collect();
        let attempt = || {
            let mut bytes = Vec::new();
            let batch = rows_to_batch(&schema, &rows)?;
            Raw.writer(&options, &schema)?.create().write(&batch, &mut bytes)?;
            let files = MemoryFiles::default();
            files.append("/f", &bytes)?;
            let factory = Raw.reader(&options, &schema, &[0])?;
            let mut reader = factory.open("/f", Position::default())?;
            let batch = reader.read(&files, 100)?;
            let rows = batch.into_iter().flat_map(|b| b.rows(&schema).collect::<Vec<_>>());
            let rows: Vec<String> = rows.map(|row| print::java::row(&row)).collect();
            Ok(format!("{} {}", bytes.escape_ascii(), rows.join(" ")))
        };
        attempt().unwrap_or_else(|error: Error| error.to_string())
    }

    #[test]
    fn values_are_their_bytes() {
        use LogicalType as L;
        let (little, latin) = ([(ENDIANNESS, "little-endian")], [(CHARSET, "iso-8859-1")]);
        for (logical, value, options, expected) in [
            (L::STRING, "só".into(), &[][..], "s\\xc3\\xb3\\n +I[só]"),
            (L::STRING, "".into(), &[], "\\n +I[]"),
            (L::STRING, "só€".into(), &latin, "s\\xf3?\\n +I[só?]"),
            (L::Int, Value::Int(500), &[], "\\x00\\x00\\x01\\xf4\\n +I[500]"),
            (L::Int, Value::Int(1), &little, "\\x01\\x00\\x00\\x00\\n +I[1]"),
            (L::Boolean, Value::Boolean(true), &[], "\\x01\\n +I[true]"),
            (L::Double, Value::Double(1.5), &[], "?\\xf8\\x00\\x00\\x00\\x00\\x00\\x00\\n +I[1.5]"),
            (L::Int, Value::Null, &[], r#"raw-null column="v""#),
            (
                L::Int,
                Value::Int(10),
                &[],
                r#"raw-size file="/f" line="1" column="v" type="INT" found="3""#,
            ),
            (L::Date, Value::Date(1), &[], r#"raw-type column="v" type="DATE""#),
        ] {
            assert_eq!(round_trip(logical, &[value], options), expected);
        }
        let charset = round_trip(L::STRING, &["a".into()], &[(CHARSET, "nope")]);
        assert!(
            charset.starts_with(r#"option-value name="raw.charset" value="nope""#),
            "{charset}"
        );
        let two = round_trip(L::STRING, &["a".into(), "b".into()], &[]);
        assert_eq!(two, "a\\nb\\n +I[a] +I[b]");
    }

    #[test]
    fn two_columns_are_too_many() {
        let column = |name| Field::new(name, DataType::nullable(LogicalType::STRING));
        let schema = Schema::new(vec![column("a"), column("b")]);
        let error = Raw.writer(&Options::default(), &schema).err().map(|e| e.to_string());
        assert_eq!(error.as_deref(), Some(r#"raw-columns columns="a, b""#));
    }
}
