//! The bytes of a file in bounded pieces, and its lines.

use crate::base::{Error, Result};
use crate::connectors::Files;

use super::Position;

/// Bytes that are fetched at once.
const PIECE: usize = 256 * 1024;

/// The longest line: one without an end must not fill the memory.
pub(super) const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// What was fetched of a file and not yet read.
#[derive(Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    start: usize,
    ended: bool,
}

impl Input {
    /// What is here to be read.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Whether the file has no more than what is here.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The byte that was read last; a line end if it is gone.
    pub(super) fn before(&self) -> u8 {
        self.start.checked_sub(1).and_then(|at| self.bytes.get(at)).copied().unwrap_or(b'\n')
    }

    /// The last `bytes` that were read.
    fn read(&self, bytes: usize) -> &[u8] {
        self.bytes.get(self.start - bytes..self.start).unwrap_or_default()
    }

    /// So many bytes have been read.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// Fetches the piece after what is here; `offset` is the place in the file of [`Input::rest`].
    pub(super) fn fetch(&mut self, files: &dyn Files, path: &str, offset: u64) -> Result<()> {
        self.bytes.drain(..self.start);
        self.start = 0;
        let piece = files.read(path, offset + self.bytes.len() as u64, PIECE)?;
        self.ended = piece.is_empty();
        self.bytes.extend(piece);
        Ok(())
    }
}

/// Reads a file line by line.
pub(super) struct Lines {
    path: String,
    input: Input,
    position: Position,
}

impl Lines {
    /// The lines from a position on.
    pub(super) fn new(path: &str, position: Position) -> Self {
        Self { path: path.to_owned(), input: Input::default(), position }
    }

    /// The file.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Where the next line begins.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// The next line without its end (`\n` or `\r\n`); `None` at the end of the file.
    ///
    /// Errors: `line-too-long`, and those of [`Files::read`].
    pub(super) fn next(&mut self, files: &dyn Files) -> Result<Option<&[u8]>> {
        let mut searched = 0;
        let (length, end) = loop {
            let rest = self.input.rest();
            if let Some(end) = rest[searched..].iter().position(|b| *b == b'\n') {
                break (searched + end, 1);
            }
            searched = rest.len();
            if self.input.ended() {
                break (searched, 0);
            }
            if searched > LONGEST_LINE {
                let line = self.position.line + 1;
                return Err(Error::new("line-too-long").arg("file", &self.path).arg("line", line));
            }
            self.input.fetch(files, &self.path, self.position.offset)?;
        };
        if length + end == 0 {
            return Ok(None);
        }
        self.input.advance(length + end);
        self.position.offset += (length + end) as u64;
        self.position.line += 1;
        let line = self.input.read(length + end).get(..length).unwrap_or_default();
        Ok(Some(line.strip_suffix(b"\r").filter(|_| end == 1).unwrap_or(line)))
    }
}
