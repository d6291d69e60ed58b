//! `socket`: lines of text that come over a socket, read by any format of lines.
//!
//! The reader holds no socket: whoever runs the cluster connects to what [`SourceFactory::listens_to`]
//! names and feeds the lines. As in Flink, nothing is read twice: what came before a failure and was not in
//! a checkpoint is lost.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::descriptor::{Connector, Descriptor, SourceRequest};
use super::files::MemoryFiles;
use super::format::{self, FileReaderFactory, Position};
use super::options::{OptionSpec, OptionType, Options};
use super::snapshot::{decode, encode};
use super::{Poll, SourceContext, SourceFactory, SourceReader};
use crate::base::{Error, Result};
use crate::data::{Batch, DataType, Field, LogicalType, Row, Schema, Value, rows_to_batch};

/// The connector.
pub struct Socket;

const HOST: &str = "hostname";
const PORT: &str = "port";
const DELIMITER: &str = "byte-delimiter";

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "socket",
    source: true,
    lookup: false,
    sink: None,
    overwrites: false,
    format: true,
    pushes_limit: false,
    pushes_projection: false,
    skips_columns: true,
    chains_with_joins: false,
    metadata: &[],
    options: &[
        OptionSpec::with_default(HOST, OptionType::Text, "localhost"),
        OptionSpec::required(PORT, OptionType::Integer),
        OptionSpec::with_default(DELIMITER, OptionType::Integer, "10"),
    ],
};

/// Where lines come from.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The byte that ends a line.
    pub delimiter: u8,
    /// Lines that were fed and not read yet: who listens waits while there are too many.
    pub unread: Arc<AtomicUsize>,
}

impl Endpoint {
    /// Lines that end with a line feed.
    pub fn new(host: &str, port: u16) -> Self {
        Self { host: host.to_owned(), port, delimiter: b'\n', unread: Arc::default() }
    }

    /// Its name, in messages and in the place of a file.
    pub fn name(&self) -> String {
        format!("socket://{}:{}", self.host, self.port)
    }
}

impl Connector for Socket {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn bounded(&self, _options: &Options) -> Result<bool> {
        Ok(false)
    }

    fn source(
        &self,
        options: &Options,
        request: SourceRequest<'_>,
    ) -> Result<Arc<dyn SourceFactory>> {
        let within = |key: &str, value: i64| {
            let error = Error::new("option-out-of-range").arg("name", key);
            move || error.arg("value", value)
        };
        let port = options.integer(PORT)?.unwrap_or_default();
        let delimiter = options.integer(DELIMITER)?.unwrap_or(b'\n'.into());
        let endpoint = Endpoint {
            delimiter: u8::try_from(delimiter).map_err(|_| within(DELIMITER, delimiter)())?,
            ..Endpoint::new(
                options.get(HOST).unwrap_or("localhost"),
                u16::try_from(port).map_err(|_| within(PORT, port)())?,
            )
        };
        let format = format::find(options)?;
        if !format.in_lines() {
            let what = format!("'format' = '{}' on a socket", format.name());
            return Err(Error::new("not-supported-yet").arg("what", what));
        }
        let decode = format.reader(options, request.schema, request.projection)?;
        let fields = request.schema.fields();
        let output = request.projection.iter().filter_map(|&i| fields.get(i).cloned()).collect();
        Ok(Arc::new(SocketSource { endpoint, decode: Some(decode), output: Schema::new(output) }))
    }
}

/// A source of lines.
#[derive(Clone)]
pub struct SocketSource {
    endpoint: Endpoint,
    /// What makes rows of lines; without it each line is a row of one text.
    decode: Option<Arc<dyn FileReaderFactory>>,
    output: Schema,
}

impl SocketSource {
    /// Each line as a row of one text.
    pub fn lines(endpoint: Endpoint) -> Self {
        let line = Field::new("line", DataType::not_null(LogicalType::STRING));
        Self { endpoint, decode: None, output: Schema::new(vec![line]) }
    }
}

impl SourceFactory for SocketSource {
    fn create(&self, _index: u32, _parallelism: u32, _seed: u64) -> Result<Box<dyn SourceReader>> {
        self.endpoint.unread.store(0, Ordering::Relaxed);
        Ok(Box::new(Reader {
            source: self.clone(),
            state: State::default(),
            ready: VecDeque::new(),
            over: None,
        }))
    }

    fn output(&self) -> &Schema {
        &self.output
    }

    fn bounded(&self) -> bool {
        false
    }

    fn max_parallelism(&self) -> Option<u32> {
        Some(1)
    }

    fn listens_to(&self) -> Option<&Endpoint> {
        Some(&self.endpoint)
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct State {
    /// How many lines were read.
    read: u64,
    /// Fed and not read yet.
    lines: VecDeque<String>,
}

struct Reader {
    source: SocketSource,
    state: State,
    ready: VecDeque<Batch>,
    /// No more comes; with the cause if something went wrong.
    over: Option<Option<Error>>,
}

impl Reader {
    /// Makes rows of the next lines.
    fn decode(&mut self, most: usize) -> Result<()> {
        let count = self.state.lines.len().min(most);
        let lines: Vec<String> = self.state.lines.drain(..count).collect();
        let unread = &self.source.endpoint.unread;
        unread.store(unread.load(Ordering::Relaxed).saturating_sub(count), Ordering::Relaxed);
        let Some(decode) = &self.source.decode else {
            let row = |line: String| Row::insert(vec![Value::String(line.into())]);
            let rows: Vec<Row> = lines.into_iter().map(row).collect();
            self.ready.push_back(rows_to_batch(&self.source.output, &rows)?);
            return Ok(());
        };
        let name = self.source.endpoint.name();
        let text = lines.join("\n") + "\n";
        let files = MemoryFiles::new([(name.as_str(), text.as_str())]);
        let position = Position { offset: 0, line: self.state.read, inside: 0 };
        self.state.read += count as u64;
        let mut reader = decode.open(&name, position)?;
        while let Some(batch) = reader.read(&files, most)? {
            self.ready.push_back(batch);
        }
        Ok(())
    }
}

impl SourceReader for Reader {
    fn poll(&mut self, context: &mut SourceContext<'_>) -> Result<Poll> {
        loop {
            match self.ready.pop_front() {
                Some(batch) if batch.is_empty() => {}
                Some(batch) => return Ok(Poll::Batch(batch)),
                None if !self.state.lines.is_empty() => self.decode(context.max_rows)?,
                None => {
                    return match &self.over {
                        None => Ok(Poll::WaitOutside),
                        Some(None) => Ok(Poll::End),
                        Some(Some(error)) => Err(error.clone()),
                    };
                }
            }
        }
    }

    fn feed(&mut self, rows: Vec<Row>) {
        let line = |row: Row| match row.fields.into_iter().next() {
            Some(Value::String(line)) => Some(line.to_string()),
            _ => None,
        };
        self.state.lines.extend(rows.into_iter().filter_map(line));
    }

    fn no_more(&mut self, cause: Option<Error>) {
        self.over = Some(cause);
    }

    fn snapshot(&mut self) -> Result<Vec<u8>> {
        encode(&self.state)
    }

    fn restore(&mut self, snapshots: &[Vec<u8>]) -> Result<()> {
        if let Some(bytes) = snapshots.first() {
            self.state = decode(bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::LabTime;
    use crate::connectors::registry::find;
    use crate::data::print;

    fn source(options: &[(&str, &str)]) -> Result<Arc<dyn SourceFactory>> {
        let field = |name, logical| Field::new(name, DataType::nullable(logical));
        let schema =
            Schema::new(vec![field("id", LogicalType::Int), field("v", LogicalType::STRING)]);
        let fixed = [("connector", "socket"), ("format", "csv")];
        let request = SourceRequest {
            table: "t",
            schema: &schema,
            partitions: &[],
            metadata: &[],
            projection: &[1, 0],
            keeps: None,
            limit: None,
        };
        find(fixed.into_iter().chain(options.iter().copied()).collect())?.source_factory(request)
    }

    fn poll(source: &dyn SourceFactory, reader: &mut dyn SourceReader) -> String {
        let files = MemoryFiles::default();
        let mut context = SourceContext { now: LabTime(0), max_rows: 2, files: &files };
        match reader.poll(&mut context) {
            Ok(Poll::Batch(batch)) => {
                let rows = batch.rows(source.output()).map(|r| print::java::row(&r));
                rows.collect::<Vec<_>>().join(" ")
            }
            Ok(other) => format!("{other:?}"),
            Err(error) => error.to_string(),
        }
    }

    fn lines(lines: &[&str]) -> Vec<Row> {
        lines.iter().map(|line| Row::insert(vec![Value::from(*line)])).collect()
    }

    #[test]
    fn lines_are_rows_of_the_format_until_the_end() {
        let source = source(&[("port", "9999")]).unwrap();
        let mut reader = source.create(0, 1, 0).unwrap();
        assert_eq!(poll(&*source, &mut *reader), "WaitOutside");
        reader.feed(lines(&["1,a", "2,b", "3,c"]));
        let snapshot = reader.snapshot().unwrap();
        assert_eq!(poll(&*source, &mut *reader), "+I[a, 1] +I[b, 2]");
        reader.no_more(None);
        assert_eq!(poll(&*source, &mut *reader), "+I[c, 3]");
        assert_eq!(poll(&*source, &mut *reader), "End");
        let mut again = source.create(0, 1, 0).unwrap();
        again.restore(&[snapshot]).unwrap();
        assert_eq!(poll(&*source, &mut *again), "+I[a, 1] +I[b, 2]");
        again.feed(lines(&["x,d"]));
        assert_eq!(
            poll(&*source, &mut *again),
            r#"csv-field file="socket://localhost:9999" line="4" column="id" value="x" type="INT""#
        );
    }

    #[test]
    fn what_goes_wrong_outside_fails_the_reader() {
        let source = source(&[("port", "9999")]).unwrap();
        let mut reader = source.create(0, 1, 0).unwrap();
        reader.no_more(Some(Error::new("socket-failed").arg("name", "x").arg("reason", "y")));
        assert_eq!(poll(&*source, &mut *reader), r#"socket-failed name="x" reason="y""#);
    }

    #[test]
    fn options_have_limits() {
        for (options, expected) in [
            (&[("port", "70000")][..], r#"option-out-of-range name="port" value="70000""#),
            (
                &[("port", "1"), ("byte-delimiter", "300")],
                r#"option-out-of-range name="byte-delimiter" value="300""#,
            ),
            (&[], r#"option-missing name="port" connector="socket""#),
        ] {
            let error = source(options).err().map(|e| e.to_string());
            assert_eq!(error.as_deref(), Some(expected));
        }
    }
}
