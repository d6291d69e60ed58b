//! `riacho sql`: an interactive client. A statement may have several lines and ends with `;`.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, Editor};

use super::prompt_help::PromptHelp;
use super::{follow, report, script};
use crate::i18n::{Language, tr};
use crate::runtime::editor;
use crate::runtime::session::{Ending, Session};

const PROMPT: &str = "Riacho SQL> ";

/// Reads statements and runs them until QUIT or the end of the input.
///
/// # Errors
/// Output that cannot be written; a terminal that cannot be used.
pub fn run(language: Language, session: &mut Session, out: &mut dyn Write) -> io::Result<()> {
    let mut prompt = prompt(session).map_err(io::Error::other)?;
    if io::stdin().is_terminal() {
        follow::listen_to_interrupts();
        writeln!(out, "{}", tr(language, "cli-prompt-welcome"))?;
    }
    loop {
        out.flush()?;
        match prompt.readline(PROMPT) {
            Ok(text) => {
                // History is a comfort: an entry that cannot be kept is no error.
                let _ = prompt.add_history_entry(text.trim());
                if answer(language, session, &text, out)? == Next::Quit {
                    break;
                }
                if let Some(helper) = prompt.helper_mut() {
                    helper.catalog = session.summary();
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    if let Some(path) = history_path() {
        let _ = prompt.save_history(&path);
    }
    writeln!(out, "{}", tr(language, "cli-prompt-bye"))
}

fn prompt(session: &Session) -> rustyline::Result<Editor<PromptHelp, DefaultHistory>> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .history_ignore_space(true)
        .bracketed_paste(true)
        .build();
    let mut prompt = Editor::with_config(config)?;
    prompt.set_helper(Some(PromptHelp { catalog: session.summary() }));
    if let Some(path) = history_path() {
        // The first time there is none.
        let _ = prompt.load_history(&path);
    }
    Ok(prompt)
}

/// Beside the lab's settings; nowhere if the system has no place for such files.
fn history_path() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "riacho")?;
    let folder = folders.data_local_dir();
    std::fs::create_dir_all(folder).ok()?;
    Some(folder.join("sql-history.txt"))
}

/// What comes after an input.
#[derive(PartialEq)]
enum Next {
    Prompt,
    Quit,
}

fn answer(
    language: Language,
    session: &mut Session,
    text: &str,
    out: &mut dyn Write,
) -> io::Result<Next> {
    for statement in editor::split(text) {
        match statement.text.to_ascii_uppercase().as_str() {
            "QUIT" | "EXIT" => return Ok(Next::Quit),
            "HELP" => writeln!(out, "{}", tr(language, "cli-prompt-help"))?,
            "CLEAR" => write!(out, "\x1b[2J\x1b[H")?,
            _ => match script::execute(language, session, &statement, out)? {
                Ok(Ending::Stopped) => writeln!(out, "{}", tr(language, "cli-prompt-cancelled"))?,
                Ok(_) => {}
                Err(error) => {
                    report::print_error(language, &error, text, out)?;
                    return Ok(Next::Prompt);
                }
            },
        }
    }
    Ok(Next::Prompt)
}
