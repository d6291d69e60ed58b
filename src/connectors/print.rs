//! `print`: a line for each row on the TaskManager's stdout.
//!
//! The SQL connector prints rows as Java does, with their kind; a DataStream program prints its
//! values as its own words. Both have Flink's prefix: `identifier:subtask> `, without the subtask if
//! there is only one. With `standard-error` the lines are on stderr.

use std::sync::Arc;

use super::descriptor::{Accepts, Connector, Descriptor, SINK_PARALLELISM, SinkRequest};
use super::options::{OptionSpec, OptionType, Options};
use super::{Line, SinkContext, SinkFactory, SinkWriter};
use crate::base::Result;
use crate::data::{Batch, Row, Schema, print};

/// The connector.
pub struct Print;

static DESCRIPTOR: Descriptor = Descriptor {
    identifier: "print",
    source: false,
    lookup: false,
    sink: Some(Accepts::AllChanges),
    overwrites: false,
    format: false,
    pushes_limit: false,
    pushes_projection: false,
    skips_columns: false,
    chains_with_joins: false,
    metadata: &[],
    options: &[
        OptionSpec::optional("print-identifier", OptionType::Text),
        OptionSpec::with_default("standard-error", OptionType::Boolean, "false"),
        OptionSpec::optional(SINK_PARALLELISM, OptionType::Integer),
    ],
};

impl Connector for Print {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn sink(&self, options: &Options, request: SinkRequest<'_>) -> Result<Arc<dyn SinkFactory>> {
        let identifier = options.get("print-identifier").map(str::to_owned);
        let named = request.named_partition.iter().map(|(name, value)| format!("{name}={value}"));
        let words: Vec<String> = identifier.into_iter().chain(named).collect();
        Ok(Arc::new(PrintSink {
            identifier: words.join(":").into(),
            schema: request.schema.clone(),
            line: Arc::new(print::java::row),
            error: options.flag("standard-error")?,
        }))
    }
}

/// How a row becomes a line.
pub type LineOf = Arc<dyn Fn(&Row) -> String + Send + Sync>;

/// Prints rows, each as `line` has it.
#[derive(Clone)]
pub struct PrintSink {
    /// What stands before each line; empty: nothing.
    pub identifier: Arc<str>,
    /// The columns that come.
    pub schema: Schema,
    /// How a row becomes a line.
    pub line: LineOf,
    /// Whether lines go to stderr.
    pub error: bool,
}

impl SinkFactory for PrintSink {
    fn create(&self, index: u32, parallelism: u32) -> Result<Box<dyn SinkWriter>> {
        let prefix = match (parallelism > 1, self.identifier.is_empty()) {
            (true, true) => format!("{}> ", index + 1),
            (true, false) => format!("{}:{}> ", self.identifier, index + 1),
            (false, true) => String::new(),
            (false, false) => format!("{}> ", self.identifier),
        };
        Ok(Box::new(Printer { prefix, sink: self.clone() }))
    }
}

struct Printer {
    prefix: String,
    sink: PrintSink,
}

impl SinkWriter for Printer {
    fn write(&mut self, batch: &Batch, context: &mut SinkContext<'_>) -> Result<()> {
        for row in batch.rows(&self.sink.schema) {
            let text = format!("{}{}", self.prefix, (self.sink.line)(&row)).into();
            context.printed.push(Line { text, error: self.sink.error });
        }
        Ok(())
    }

    fn snapshot(&mut self, _context: &mut SinkContext<'_>) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn restore(&mut self, _snapshots: &[Vec<u8>], _context: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self, _context: &mut SinkContext<'_>) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::LabTime;
    use crate::connectors::files::MemoryFiles;
    use crate::connectors::registry::find;
    use crate::data::{DataType, Field, LogicalType, RowKind, Value, rows_to_batch};

    fn printed(identifier: &str, index: u32, parallelism: u32) -> Vec<String> {
        let column = |name, logical| Field::new(name, DataType::nullable(logical));
        let schema =
            Schema::new(vec![column("k", LogicalType::STRING), column("n", LogicalType::BigInt)]);
        let options = [("connector", "print"), ("print-identifier", identifier)];
        let request = SinkRequest {
            table: "p",
            schema: &schema,
            partitions: &[],
            named_partition: &[],
            overwrite: false,
        };
        let sink = find(options.into_iter().collect()).unwrap().sink_factory(request).unwrap();
        let row = |kind, n| Row { kind, fields: vec!["a".into(), n] };
        let rows =
            [row(RowKind::UpdateBefore, Value::BigInt(1)), row(RowKind::UpdateAfter, Value::Null)];
        let batch = rows_to_batch(&schema, &rows).unwrap();
        let (mut stdout, files) = (Vec::new(), MemoryFiles::default());
        let mut context = SinkContext {
            now: LabTime(0),
            files: &files,
            printed: &mut stdout,
            parts: &mut Vec::new(),
        };
        sink.create(index, parallelism).unwrap().write(&batch, &mut context).unwrap();
        stdout.iter().map(|line: &Line| line.text.to_string()).collect()
    }

    #[test]
    fn the_prefix_names_what_must_be_told_apart() {
        assert_eq!(printed("", 0, 1), ["-U[a, 1]", "+U[a, null]"]);
        assert_eq!(printed("saida", 0, 1), ["saida> -U[a, 1]", "saida> +U[a, null]"]);
        assert_eq!(printed("", 1, 2), ["2> -U[a, 1]", "2> +U[a, null]"]);
        assert_eq!(printed("saida", 1, 2), ["saida:2> -U[a, 1]", "saida:2> +U[a, null]"]);
    }
}
