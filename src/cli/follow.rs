//! Waits for jobs on behalf of a terminal: prints rows and stdout lines as they come, and lets Ctrl+C
//! cancel the job and not the program.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::results::ResultPrinter;
use crate::base::JobId;
use crate::runtime::api::QueryInfo;
use crate::runtime::session::{Bounds, Ending, News, Session};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl+C is noted; [`query`] and [`job`] act upon it.
pub fn listen_to_interrupts() {
    // Without a handler Ctrl+C ends the program, which is what a terminal does anyway.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
}

/// Prints a query's rows until it ends or somebody presses Ctrl+C.
pub fn query(session: &mut Session, info: &QueryInfo, out: &mut dyn Write) -> io::Result<Ending> {
    let mut printer = ResultPrinter::begin(info, session.max_column_width(), out)?;
    let ending = follow(session, info.job, |news| match news {
        News::Rows(rows) => {
            printer.rows(rows, out)?;
            out.flush()
        }
        News::Stdout(_) | News::Stderr(_) | News::Nothing => Ok(()),
    })?;
    if !matches!(ending, Ending::Failed(_)) {
        printer.end(out)?;
    }
    Ok(ending)
}

/// Waits for a job and prints what its TaskManagers write.
pub fn job(session: &mut Session, job: JobId, out: &mut dyn Write) -> io::Result<Ending> {
    follow(session, job, |news| match news {
        News::Stdout(line) => writeln!(out, "{line}"),
        News::Stderr(line) => writeln!(io::stderr().lock(), "{line}"),
        News::Rows(_) | News::Nothing => Ok(()),
    })
}

fn follow(
    session: &mut Session,
    job: JobId,
    mut print: impl FnMut(News) -> io::Result<()>,
) -> io::Result<Ending> {
    INTERRUPTED.store(false, Ordering::Relaxed);
    let mut failure = None;
    let ending = session.follow(job, Bounds::NONE, &mut |news| {
        if let Err(error) = print(news) {
            failure = Some(error);
        }
        match failure.is_some() || INTERRUPTED.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(ending),
    }
}
