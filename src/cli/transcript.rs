//! `riacho sql --transcript -f FILE`: every statement numbered, with what it answered.
//!
//! ```text
//! -- [1] OK
//! -- [2] RESULT
//! +----+..
//! -- [3] ERROR unknown-table: There is no table “poeple”..
//! -- [4] UNBOUNDED
//! ```
//!
//! The form of the project's conformance corpus; it can be compared with what Flink answered.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::time::Duration;

use super::results::{ResultPrinter, print_listing, print_settings};
use crate::base::{Error, LabDuration};
use crate::i18n::{Language, error_text};
use crate::runtime::api::{Outcome, QueryInfo, ScriptStatement};
use crate::runtime::editor;
use crate::runtime::session::{Bounds, Ending, News, Session};

/// How long a statement may run if nobody says it.
const LIMIT: Duration = Duration::from_secs(20);

/// What one statement answered.
enum Answer {
    Done,
    Table(Vec<u8>),
    Stdout(Vec<String>),
    Unbounded,
    Failed(Error),
}

/// Runs a script in a fresh session and writes the numbered form.
pub fn run(
    language: Language,
    session: &mut Session,
    text: &str,
    limit: Option<Duration>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let limit = script_limit(text).or(limit).unwrap_or(LIMIT);
    for (index, statement) in editor::split(text).iter().enumerate() {
        let answer = answer(session, statement, limit)?;
        write_answer(language, index + 1, &answer, out)?;
        out.flush()?;
    }
    Ok(())
}

/// The seconds of the script's own `-- limit: s` line.
fn script_limit(text: &str) -> Option<Duration> {
    let seconds = text.lines().find_map(|line| line.strip_prefix("-- limit:"))?;
    let seconds: f64 = seconds.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn answer(
    session: &mut Session,
    statement: &ScriptStatement,
    limit: Duration,
) -> io::Result<Answer> {
    Ok(match session.execute(&statement.text, statement.span.start) {
        Err(error) => Answer::Failed(error),
        Ok(Outcome::Done { .. }) => Answer::Done,
        Ok(Outcome::Listing { columns, rows }) => {
            let mut text = Vec::new();
            print_listing(&columns, &rows, &mut text)?;
            Answer::Table(text)
        }
        Ok(Outcome::Settings(settings)) => {
            let mut text = Vec::new();
            print_settings(&settings, &mut text)?;
            Answer::Table(text)
        }
        Ok(Outcome::Query(info)) => query(session, &info, limit)?,
        Ok(Outcome::Insert { job, .. }) => {
            let mut lines = Vec::new();
            let ending = session.follow(job, bounds(limit), &mut |news| {
                if let News::Stdout(line) = news {
                    lines.push(line.to_string());
                }
                ControlFlow::Continue(())
            });
            match ending {
                Ending::Failed(error) => Answer::Failed(error),
                Ending::Stopped => Answer::Unbounded,
                Ending::Finished if lines.is_empty() => Answer::Done,
                Ending::Finished => Answer::Stdout(lines),
            }
        }
    })
}

fn query(session: &mut Session, info: &QueryInfo, limit: Duration) -> io::Result<Answer> {
    let mut text = Vec::new();
    let mut printer = ResultPrinter::begin(info, session.max_column_width(), &mut text)?;
    let ending = session.follow(info.job, bounds(limit), &mut |news| {
        let written = match news {
            News::Rows(rows) => printer.rows(rows, &mut text),
            News::Stdout(_) | News::Stderr(_) | News::Nothing => Ok(()),
        };
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    match ending {
        Ending::Failed(error) => Ok(Answer::Failed(error)),
        Ending::Stopped => Ok(Answer::Unbounded),
        Ending::Finished => {
            printer.end(&mut text)?;
            Ok(Answer::Table(text))
        }
    }
}

/// The limit holds on the lab's clock, which may run ahead of the wall's, and on the wall's as well.
fn bounds(limit: Duration) -> Bounds {
    let micros = i64::try_from(limit.as_micros()).unwrap_or(i64::MAX);
    Bounds { lab: Some(LabDuration::micros(micros)), wall: Some(limit) }
}

fn write_answer(
    language: Language,
    number: usize,
    answer: &Answer,
    out: &mut dyn Write,
) -> io::Result<()> {
    match answer {
        Answer::Done => writeln!(out, "-- [{number}] OK"),
        Answer::Unbounded => writeln!(out, "-- [{number}] UNBOUNDED"),
        Answer::Table(text) => {
            writeln!(out, "-- [{number}] RESULT")?;
            out.write_all(text)
        }
        Answer::Stdout(lines) => {
            writeln!(out, "-- [{number}] OK\n-- [{number}] STDOUT")?;
            lines.iter().try_for_each(|line| writeln!(out, "{line}"))
        }
        Answer::Failed(error) => {
            let words = error_text(language, error).replace('\n', " ");
            writeln!(out, "-- [{number}] ERROR {}: {words}", error.code())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_may_set_its_limit() {
        assert_eq!(script_limit("-- compare: rows\n-- limit: 5\n"), Some(Duration::from_secs(5)));
        assert_eq!(script_limit("SELECT 1; -- limit: 5"), None);
        assert_eq!(script_limit("-- limit: soon"), None);
    }
}
