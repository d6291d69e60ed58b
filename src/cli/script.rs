//! `riacho sql -f FILE`: statement after statement, each result as a table; the first error ends it.

use std::io::{self, Read, Write};

use super::args::Script;
use super::{follow, report, results};
use crate::base::{Error, JobId};
use crate::i18n::{Language, tr_args};
use crate::runtime::api::{Outcome, ScriptStatement};
use crate::runtime::editor;
use crate::runtime::session::{Ending, Session};

/// The text of a script, with what stands for folders put in.
///
/// # Errors
/// `cli-script-unreadable` (`path`, `reason`).
pub fn load(script: &Script) -> Result<String, Error> {
    let unreadable = |error: io::Error| {
        Error::new("cli-script-unreadable").arg("path", script.file.display()).arg("reason", error)
    };
    let mut text = String::new();
    match script.file.as_os_str() == "-" {
        true => io::stdin().read_to_string(&mut text).map(|_| ()).map_err(unreadable)?,
        false => text = std::fs::read_to_string(&script.file).map_err(unreadable)?,
    }
    for (name, folder) in [("${DATA}", &script.data), ("${TMP}", &script.tmp)] {
        if let Some(folder) = folder {
            text = text.replace(name, &folder.display().to_string());
        }
    }
    Ok(text)
}

/// Runs the statements in order. Answers whether all of them worked.
pub fn run(
    language: Language,
    session: &mut Session,
    text: &str,
    out: &mut dyn Write,
) -> io::Result<bool> {
    for statement in editor::split(text) {
        let answer = execute(language, session, &statement, out)?;
        if let Err(error) = answer {
            report::print_error(language, &error, text, out)?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Runs one statement and prints what it answers. The inner result is the statement's own.
pub fn execute(
    language: Language,
    session: &mut Session,
    statement: &ScriptStatement,
    out: &mut dyn Write,
) -> io::Result<Result<Ending, Error>> {
    let outcome = session.execute(&statement.text, statement.span.start);
    let ending = match outcome {
        Err(error) => return Ok(Err(error)),
        Ok(Outcome::Done { warnings }) => {
            report::print_warnings(language, &warnings, out)?;
            Ending::Finished
        }
        Ok(Outcome::Listing { columns, rows }) => {
            results::print_listing(&columns, &rows, out)?;
            Ending::Finished
        }
        Ok(Outcome::Settings(settings)) => {
            results::print_settings(&settings, out)?;
            Ending::Finished
        }
        Ok(Outcome::Query(info)) => follow::query(session, &info, out)?,
        Ok(Outcome::Insert { job, .. }) => insert(language, session, job, out)?,
    };
    match ending {
        Ending::Failed(error) => Ok(Err(error)),
        ending => Ok(Ok(ending)),
    }
}

/// Says that the job began, prints what its TaskManagers write, says that it ended.
fn insert(
    language: Language,
    session: &mut Session,
    job: JobId,
    out: &mut dyn Write,
) -> io::Result<Ending> {
    let say = |id, out: &mut dyn Write| {
        writeln!(out, "{}", tr_args(language, id, &[("job", job.to_string().into())]))
    };
    say("cli-insert-submitted", out)?;
    out.flush()?;
    let ending = follow::job(session, job, out)?;
    if ending == Ending::Finished {
        say("cli-insert-finished", out)?;
    }
    Ok(ending)
}
