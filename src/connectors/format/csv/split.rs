//! The quick way through a line: fields that stand in the file as they are meant are not copied.

use memchr::{memchr, memchr2, memchr3};

use super::Dialect;

/// Where a field begins and ends.
pub(super) type Span = (usize, usize);

impl Dialect {
    /// The fields of the record that begins here, and how long it is with its line end. `None` if all
    /// of it is not here, or a field has to be put together: one with quotes or lines inside, with
    /// something behind its quotes, or where there is an escape character.
    pub(super) fn split(&self, bytes: &[u8], fields: &mut Vec<Span>) -> Option<usize> {
        fields.clear();
        if self.escape.is_some() {
            return None;
        }
        let mut at = 0;
        loop {
            let (start, end, next) = match self.quote {
                Some(quote) if bytes.get(at) == Some(&quote) => {
                    let start = at + 1;
                    let end = start + memchr(quote, &bytes[start..])?;
                    if memchr2(b'\n', b'\r', &bytes[start..end]).is_some() {
                        return None;
                    }
                    (start, end, end + 1)
                }
                _ => {
                    let end = at + memchr3(self.delimiter, b'\n', b'\r', &bytes[at..])?;
                    (at, end, end)
                }
            };
            fields.push((start, end));
            match bytes.get(next)? {
                b'\n' => return Some(next + 1),
                b'\r' => return Some(next + 1 + usize::from(bytes.get(next + 1)? == &b'\n')),
                delimiter if *delimiter == self.delimiter => at = next + 1,
                _ => return None,
            }
        }
    }
}
