//! The command line: one door of two. It draws what the session answers; no logic of the engine.
//!
//! | File | What it does |
//! |---|---|
//! | [`args`] | reads the command line, in the reader's language |
//! | [`window`] | `riacho` |
//! | [`mod@interactive`], `prompt_help` | `riacho sql` |
//! | [`script`] | `riacho sql -f FILE` |
//! | [`transcript`] | `riacho sql --transcript -f FILE` |
//! | [`follow`], [`results`], [`report`] | jobs, results and errors in a terminal |

pub mod args;
pub mod follow;
pub mod interactive;
mod prompt_help;
pub mod report;
pub mod results;
pub mod script;
pub mod transcript;
pub mod window;

use std::io::{self, Write};
use std::process::ExitCode;

use self::args::{Common, DriverName, Invocation, Run, Script, Transcript};
use self::window::OpenWindow;
use crate::base::{Error, Location};
use crate::i18n::Language;
use crate::runtime::api::{Driver, LabOptions, Policy, Program};
use crate::runtime::session::{Ending, Session};

/// The tutorial's exam ends with the tenth answer.
const EXAM_ENDS_AT: u32 = 10;

/// What a command came to.
enum Done {
    Well,
    /// A statement or job failed, and the reader knows why.
    Badly,
}

/// The whole program: reads its arguments, does what they say, answers its exit code: 0 if all went
/// well, 1 if a statement or job failed, 2 if the command line was not understood. `window` opens the
/// window, in a program that has one.
pub fn main(window: Option<OpenWindow>) -> ExitCode {
    let args: Vec<String> =
        std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let language = args::language(&args, |name| std::env::var(name).ok());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = match args::read(language, &args) {
        Ok(invocation) => perform(language, invocation, window, &mut out),
        Err(error) => refuse(language, &error).map(|()| ExitCode::from(2)),
    };
    match done.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => code,
        // Whoever read the output has gone (`riacho .. | head`): nobody is left to be told.
        Err(_) => ExitCode::FAILURE,
    }
}

fn refuse(language: Language, error: &Error) -> io::Result<()> {
    report::print_error(language, error, "", &mut io::stderr().lock())
}

fn perform(
    language: Language,
    invocation: Invocation,
    window: Option<OpenWindow>,
    out: &mut dyn Write,
) -> io::Result<ExitCode> {
    let done = match invocation {
        Invocation::Print(words) => write!(out, "{words}").map(|()| Ok(Done::Well)),
        Invocation::Window(common) => {
            let opened = window::open(language, window, options(&common, LabOptions::lesson()));
            Ok(opened.map(|()| Done::Well))
        }
        Invocation::Interactive(common) => interactive(language, &common, out),
        Invocation::Script(common, script) => run_script(language, &common, &script, out),
        Invocation::Transcript(common, script, bound) => {
            write_transcript(language, &common, &script, &bound, out)
        }
        Invocation::Run(common, run) => run_program(language, &common, run, out),
    }?;
    match done {
        Ok(Done::Well) => Ok(ExitCode::SUCCESS),
        Ok(Done::Badly) => Ok(ExitCode::FAILURE),
        Err(error) => refuse(language, &error).map(|()| ExitCode::FAILURE),
    }
}

/// The inner result is what went wrong before anything ran.
type Performed = io::Result<Result<Done, Error>>;

fn interactive(language: Language, common: &Common, out: &mut dyn Write) -> Performed {
    match session(common, LabOptions::full_speed()) {
        Ok(mut session) => interactive::run(language, &mut session, out).map(|()| Ok(Done::Well)),
        Err(error) => Ok(Err(error)),
    }
}

fn run_script(
    language: Language,
    common: &Common,
    script: &Script,
    out: &mut dyn Write,
) -> Performed {
    let ready = script::load(script)
        .and_then(|text| session(common, LabOptions::full_speed()).map(|session| (text, session)));
    match ready {
        Err(error) => Ok(Err(error)),
        Ok((text, mut session)) => {
            let well = script::run(language, &mut session, &text, out)?;
            Ok(Ok(if well { Done::Well } else { Done::Badly }))
        }
    }
}

fn write_transcript(
    language: Language,
    common: &Common,
    script: &Script,
    bound: &Transcript,
    out: &mut dyn Write,
) -> Performed {
    let ready = script::load(script)
        .and_then(|text| session(common, LabOptions::transcript()).map(|session| (text, session)));
    match ready {
        Err(error) => Ok(Err(error)),
        Ok((text, mut session)) => {
            transcript::run(language, &mut session, &text, bound.limit, out)?;
            Ok(Ok(Done::Well))
        }
    }
}

fn run_program(language: Language, common: &Common, run: Run, out: &mut dyn Write) -> Performed {
    let program = match run.program.as_str() {
        "wordcount" => Program::WordCount,
        "socket-window-wordcount" => {
            Program::SocketWindowWordCount { hostname: run.hostname, port: run.port }
        }
        _ => Program::Scoreboard { answers: None, exam_ends_at: EXAM_ENDS_AT, open: false },
    };
    let parallelism = common.parallelism.unwrap_or(1);
    let started = session(common, LabOptions::full_speed()).and_then(|mut session| {
        let job = session.run_program(&program, parallelism)?;
        Ok((session, job))
    });
    match started {
        Err(error) => Ok(Err(error)),
        Ok((mut session, job)) => match follow::job(&mut session, job, out)? {
            Ending::Failed(error) => {
                report::print_error(language, &error, "", &mut io::stderr().lock())?;
                Ok(Ok(Done::Badly))
            }
            Ending::Finished | Ending::Stopped => Ok(Ok(Done::Well)),
        },
    }
}

/// A lab as the command line asks for it. The cluster gets as many slots as a job of the asked
/// parallelism needs.
fn options(common: &Common, base: LabOptions) -> LabOptions {
    let driver = match common.driver {
        Some(DriverName::Step) => Driver::Step(Policy::RoundRobin),
        Some(DriverName::Threads) => Driver::Threads,
        None => base.driver,
    };
    let needed = common.parallelism.unwrap_or(1).div_ceil(base.slots);
    let task_managers = base.task_managers.max(needed);
    let (root, remote_sockets) = (common.root.clone(), common.remote);
    LabOptions { driver, task_managers, root, remote_sockets, ..base }
}

fn session(common: &Common, base: LabOptions) -> Result<Session, Error> {
    let mut session = Session::new(options(common, base))?;
    if let Some(parallelism) = common.parallelism {
        let text = format!("SET 'parallelism.default' = '{parallelism}'");
        session.execute(&text, Location { line: 1, column: 1 })?;
    }
    Ok(session)
}
