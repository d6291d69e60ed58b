//! The far end of socket sources: a thread that connects, cuts what comes into lines and hands them over.
//!
//! It never waits for long: it looks some times a second whether it is to stop, and reads no further while
//! too many lines wait to be read. Only this machine's own addresses are connected to, unless told otherwise.

use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam::channel::{self, Receiver, SendTimeoutError, Sender};

use crate::base::{Error, Result};
use crate::connectors::socket::Endpoint;

/// What came.
pub enum Heard {
    /// Lines, without their ends.
    Lines(Vec<String>),
    /// Nothing comes any more; with the cause if something went wrong.
    Over(Option<Error>),
}

/// A connection. It is closed when this is dropped.
pub struct Listener {
    heard: Receiver<Heard>,
    stop: Arc<AtomicBool>,
}

/// Pieces on their way.
const PIECES: usize = 16;
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;
/// Lines that may wait to be read before the socket is left alone.
const UNREAD: usize = 64 * 1024;
/// A line without an end must not fill the memory.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// How long the thread waits before it looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

impl Listener {
    /// Connects, on a thread of its own. `anywhere`: to other machines too.
    ///
    /// Errors: `thread-not-started`.
    pub fn start(endpoint: Endpoint, anywhere: bool) -> Result<Self> {
        let (sender, heard) = channel::bounded(PIECES);
        let stop = Arc::new(AtomicBool::new(false));
        let ear = Ear { endpoint, anywhere, sender, stop: stop.clone() };
        let builder = thread::Builder::new().name("socket".to_owned());
        builder
            .spawn(move || ear.run())
            .map_err(|e| Error::new("thread-not-started").arg("reason", e))?;
        Ok(Self { heard, stop })
    }

    /// What came since the last call, at most one piece of it; never waits.
    pub fn next(&self) -> Option<Heard> {
        self.heard.try_recv().ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What runs on the thread.
struct Ear {
    endpoint: Endpoint,
    anywhere: bool,
    sender: Sender<Heard>,
    stop: Arc<AtomicBool>,
}

impl Ear {
    fn run(&self) {
        let cause = self.connect().and_then(|stream| self.listen(stream)).err();
        self.tell(Heard::Over(cause));
    }

    fn failed(&self, reason: &std::io::Error) -> Error {
        Error::new("socket-failed").arg("name", self.endpoint.name()).arg("reason", reason)
    }

    fn connect(&self) -> Result<TcpStream> {
        let target = (self.endpoint.host.as_str(), self.endpoint.port);
        let found = target.to_socket_addrs().map_err(|e| self.failed(&e))?;
        let (own, other): (Vec<SocketAddr>, Vec<SocketAddr>) =
            found.partition(|address| address.ip().is_loopback());
        if own.is_empty() && !self.anywhere {
            return Err(Error::new("socket-elsewhere").arg("name", self.endpoint.name()));
        }
        let other = other.iter().filter(|_| self.anywhere);
        let mut last = std::io::Error::from(ErrorKind::NotFound);
        for address in own.iter().chain(other) {
            match TcpStream::connect_timeout(address, CONNECT) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(self.failed(&last))
    }

    /// Until the other side closes.
    fn listen(&self, mut stream: TcpStream) -> Result<()> {
        stream.set_read_timeout(Some(LOOK)).map_err(|e| self.failed(&e))?;
        let (mut bytes, mut piece) = (Vec::new(), vec![0; PIECE]);
        while !self.stop.load(Ordering::Relaxed) {
            if self.endpoint.unread.load(Ordering::Relaxed) > UNREAD {
                thread::park_timeout(LOOK / 10);
                continue;
            }
            match stream.read(&mut piece) {
                Ok(0) => {
                    // A last line may do without its end.
                    if !bytes.is_empty() {
                        self.tell(Heard::Lines(vec![text(&bytes)]));
                    }
                    return Ok(());
                }
                Ok(read) => self.cut(&piece[..read], &mut bytes)?,
                Err(error) if is_silence(error.kind()) => {}
                Err(error) => return Err(self.failed(&error)),
            }
        }
        Ok(())
    }

    /// Hands over the lines that are whole; `rest` is the beginning of the next one.
    fn cut(&self, piece: &[u8], rest: &mut Vec<u8>) -> Result<()> {
        let mut lines = Vec::new();
        for part in piece.split_inclusive(|byte| *byte == self.endpoint.delimiter) {
            rest.extend_from_slice(part);
            if rest.last() == Some(&self.endpoint.delimiter) {
                rest.pop();
                lines.push(text(rest));
                rest.clear();
            }
        }
        if rest.len() > LONGEST_LINE {
            let line = Error::new("line-too-long").arg("file", self.endpoint.name());
            return Err(line.arg("line", "?"));
        }
        if !lines.is_empty() {
            self.endpoint.unread.fetch_add(lines.len(), Ordering::Relaxed);
            self.tell(Heard::Lines(lines));
        }
        Ok(())
    }

    /// Waits for room, unless it is to stop.
    fn tell(&self, heard: Heard) {
        let mut heard = heard;
        while !self.stop.load(Ordering::Relaxed) {
            match self.sender.send_timeout(heard, LOOK) {
                Err(SendTimeoutError::Timeout(back)) => heard = back,
                _ => return,
            }
        }
    }
}

/// A line as Flink's socket source has it: without the carriage return that some machines put at its end.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_suffix(b"\r").unwrap_or(bytes)).into_owned()
}

fn is_silence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
