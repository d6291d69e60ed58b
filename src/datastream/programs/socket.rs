//! Flink's SocketWindowWordCount: the words that come over a socket, counted in windows of five seconds of
//! processing time.

use crate::base::LabDuration;
use crate::connectors::socket::Endpoint;
use crate::datastream::{DataStream, StreamExecutionEnvironment};
use crate::graph::StreamGraph;

/// The size of a window.
const WINDOW: LabDuration = LabDuration::seconds(5);

/// The count as a job.
pub fn program(host: &str, port: u16, parallelism: u32) -> StreamGraph {
    let env = StreamExecutionEnvironment::new();
    env.set_parallelism(parallelism);
    let lines: DataStream<String> = env.socket_text_stream(Endpoint::new(host, port));
    let _ = lines
        .name("Socket Stream")
        .flat_map(words)
        .columns(&["word", "count"])
        .key_column(0)
        .key_by(|(word, _)| word.clone())
        .tumbling_processing_time(WINDOW, |a, b| (a.0, a.1.wrapping_add(b.1)))
        .columns(&["word", "count"])
        .key_column(0)
        .print_as(|row| {
            let values: Vec<String> =
                row.fields.iter().map(crate::data::print::java::value).collect();
            values.join(" : ")
        })
        .set_parallelism(1);
    env.execute("Socket Window WordCount")
}

/// As Java's `split("\\s")` cuts: two spaces in a row have an empty word between them, none is at the end.
fn words(line: String) -> Vec<(String, i64)> {
    let mut words: Vec<&str> =
        line.split(|c: char| c.is_ascii_whitespace() || c == '\x0b').collect();
    while words.len() > 1 && words.last().is_some_and(|word| word.is_empty()) {
        words.pop();
    }
    words.into_iter().map(|word| (word.to_owned(), 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_in_java() {
        for (line, expected) in [
            ("to be  or", &["to", "be", "", "or"][..]),
            (" to be ", &["", "to", "be"]),
            ("", &[""]),
            ("é\tok", &["é", "ok"]),
        ] {
            let found: Vec<String> = words(line.to_owned()).into_iter().map(|w| w.0).collect();
            assert_eq!(found, expected, "{line:?}");
        }
    }
}
