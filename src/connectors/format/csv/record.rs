//! The careful way through a record: its fields are put together from what the file has.
//!
//! Quotes inside quotes are doubled; behind the closing one there may be blanks. An escape character, where
//! there is one, works inside quotes and outside: `\n`, `\r`, `\t` and `\0` are what they are in C, and
//! whatever else is escaped stands for itself, a line end too. That is what Flink's parser does.

use super::Dialect;
use super::split::Span;

/// What is wrong with a record, and in which of its fields, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A quote is opened and never closed.
    OpenQuote(usize),
    /// There is something else than a delimiter behind a closing quote.
    BehindQuote(usize),
}

impl Dialect {
    /// The record that begins here: puts its fields into `out`, end to end, and tells its length with its
    /// line end. `None` if all of it is not here; `whole` says that the file has no more than this.
    pub(super) fn record(
        &self,
        bytes: &[u8],
        whole: bool,
        out: &mut Vec<u8>,
        fields: &mut Vec<Span>,
    ) -> Result<Option<usize>, Fault> {
        out.clear();
        fields.clear();
        let mut at = 0;
        loop {
            let start = out.len();
            let end = match self.quote {
                Some(quote) if bytes.get(at) == Some(&quote) => {
                    let end = self.quoted_field(&bytes[at + 1..], quote, whole, out);
                    if end.is_none() && whole {
                        return Err(Fault::OpenQuote(fields.len()));
                    }
                    end.map(|end| at + 1 + end)
                }
                _ => self.bare_field(&bytes[at..], whole, out).map(|end| at + end),
            };
            let Some(end) = end else { return Ok(None) };
            fields.push((start, out.len()));
            match (bytes.get(end), bytes.get(end + 1)) {
                (Some(b'\r'), None) if !whole => return Ok(None),
                (Some(b'\r'), Some(b'\n')) => return Ok(Some(end + 2)),
                (Some(b'\r' | b'\n'), _) => return Ok(Some(end + 1)),
                (Some(byte), _) if *byte == self.delimiter => at = end + 1,
                (Some(_), _) => return Err(Fault::BehindQuote(fields.len() - 1)),
                (None, _) => return Ok(whole.then_some(end)),
            }
        }
    }

    /// A field without quotes, up to where it ends.
    fn bare_field(&self, bytes: &[u8], whole: bool, out: &mut Vec<u8>) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte == self.delimiter || matches!(byte, b'\n' | b'\r') {
                return Some(at);
            }
            at += self.take(bytes, at, out)?;
        }
        whole.then_some(at)
    }

    /// A field with quotes, from behind the first up to where it ends; `None` if the last is not here.
    fn quoted_field(
        &self,
        bytes: &[u8],
        quote: u8,
        whole: bool,
        out: &mut Vec<u8>,
    ) -> Option<usize> {
        let mut at = 0;
        loop {
            if *bytes.get(at)? != quote {
                at += self.take(bytes, at, out)?;
                continue;
            }
            match bytes.get(at + 1) {
                Some(next) if *next == quote => {
                    out.push(quote);
                    at += 2;
                }
                None if !whole => return None,
                _ => break,
            }
        }
        let blank =
            |byte: &u8| *byte <= b' ' && *byte != self.delimiter && !matches!(byte, b'\n' | b'\r');
        let behind = &bytes[at + 1..];
        Some(at + 1 + behind.iter().take_while(|byte| blank(byte)).count())
    }

    /// Takes what stands here for one byte; how many bytes it is in the file.
    fn take(&self, bytes: &[u8], at: usize, out: &mut Vec<u8>) -> Option<usize> {
        if self.escape != Some(bytes[at]) {
            out.push(bytes[at]);
            return Some(1);
        }
        out.push(match bytes.get(at + 1)? {
            b'0' => b'\0',
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            other => *other,
        });
        Some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectors::Options;

    /// The fields of each record, or what is wrong; the same when the bytes come one by one.
    fn records(options: &[(&str, &str)], text: &str) -> Vec<String> {
        let dialect = Dialect::new(&options.iter().copied().collect::<Options>()).unwrap();
        let (mut rest, mut found) = (text.as_bytes(), Vec::new());
        let (mut out, mut fields) = (Vec::new(), Vec::new());
        while !rest.is_empty() {
            let all = dialect.record(rest, true, &mut out, &mut fields);
            let length = match all {
                Ok(length) => length.unwrap(),
                Err(fault) => {
                    found.push(format!("{fault:?}"));
                    return found;
                }
            };
            let field = |(start, end): &Span| String::from_utf8_lossy(&out[*start..*end]);
            found.push(fields.iter().map(field).collect::<Vec<_>>().join("|"));
            for part in 0..length {
                let early = dialect.record(&rest[..part], false, &mut out, &mut fields);
                assert!(matches!(early, Ok(None)), "{:?} of {text:?}", &rest[..part]);
            }
            rest = &rest[length..];
        }
        found
    }

    #[test]
    fn fields_are_put_together() {
        const ESCAPE: &[(&str, &str)] = &[("csv.escape-character", "\\")];
        for (options, text, expected) in [
            (&[][..], "a,b\nc\n", &["a|b", "c"][..]),
            (&[], "a,\r\n,b\r\n", &["a|", "|b"]),
            (&[], "\"a\"\"b\" ,\"\"\n", &["a\"b|"]),
            (&[], "\"a\nb\",c", &["a\nb|c"]),
            (&[], "a\"b,\" c\"\n", &["a\"b| c"]),
            (&[], "a, \"b\"\n", &["a| \"b\""]),
            (&[], "a,\"b\"x\n", &["BehindQuote(1)"]),
            (&[], "a\nb,\"c\n", &["a", "OpenQuote(1)"]),
            (ESCAPE, "a\\,b,\"c\\\"\"\n", &["a,b|c\""]),
            (ESCAPE, "\\\"a,\\n\\x\n", &["\"a|\nx"]),
            (ESCAPE, "a\\\nb\n", &["a\nb"]),
            (ESCAPE, "a,\"b\\\"\n", &["OpenQuote(1)"]),
        ] {
            assert_eq!(records(options, text), expected, "{text:?}");
        }
    }
}
