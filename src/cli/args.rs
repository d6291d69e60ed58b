//! The command line: its words in the reader's language, and what was asked for.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser, value_parser};

use crate::base::Error;
use crate::i18n::{Language, tr};

/// What was asked for.
#[derive(Debug, PartialEq)]
pub enum Invocation {
    /// The window.
    Window(Common),
    /// The interactive client.
    Interactive(Common),
    /// A script, printed as a client prints it.
    Script(Common, Script),
    /// A script, printed in the numbered form.
    Transcript(Common, Script, Transcript),
    /// A built-in program.
    Run(Common, Run),
    /// Words to print and be done: help, version.
    Print(String),
}

/// What every command takes.
#[derive(Debug, PartialEq)]
pub struct Common {
    /// `step` or `threads`, if one was asked for.
    pub driver: Option<DriverName>,
    /// `parallelism.default` of the session, or of the program.
    pub parallelism: Option<u32>,
    /// The folder that no file access leaves.
    pub root: Option<PathBuf>,
    /// Whether sockets may be those of other machines.
    pub remote: bool,
}

/// A built-in program and where its lines come from, if it reads a socket.
#[derive(Debug, PartialEq)]
pub struct Run {
    /// The program.
    pub program: String,
    /// The machine that sends.
    pub hostname: String,
    /// Its port.
    pub port: u16,
}

/// A driver by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriverName {
    /// One thread, a virtual clock.
    Step,
    /// Slots on threads, the wall clock.
    Threads,
}

/// A script file and what stands in it for folders.
#[derive(Debug, PartialEq)]
pub struct Script {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// What `${DATA}` stands for.
    pub data: Option<PathBuf>,
    /// What `${TMP}` stands for.
    pub tmp: Option<PathBuf>,
}

/// The bounds of a transcript.
#[derive(Debug, PartialEq)]
pub struct Transcript {
    /// How long a statement may run, unless the script says it.
    pub limit: Option<Duration>,
}

/// The language that was asked for on the command line, or that the environment speaks.
pub fn language(args: &[String], variable: impl Fn(&str) -> Option<String>) -> Language {
    let after = args.iter().position(|a| a == "--lang").and_then(|at| args.get(at + 1));
    let joined = args.iter().find_map(|a| a.strip_prefix("--lang="));
    let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
    match joined.or(after.map(String::as_str)) {
        Some(asked) => Language::from_locale(asked),
        None => {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
            Language::from_locale(&locale.unwrap_or_default())
        }
    }
}

/// Reads the command line; `args` begin with the program's name.
///
/// # Errors
/// `cli-unknown-argument`, `cli-unknown-command`, `cli-invalid-choice`, `cli-invalid-value`, `cli-missing-argument`,
/// `cli-not-understood`.
pub fn read(language: Language, args: &[String]) -> Result<Invocation, Error> {
    match command(language).try_get_matches_from(args) {
        Ok(matches) => Ok(invocation(&matches)),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Ok(Invocation::Print(error.to_string()))
            }
            kind => Err(refusal(kind, &error)),
        },
    }
}

fn refusal(kind: ErrorKind, error: &clap::Error) -> Error {
    let context = |key| error.get(key).map(ToString::to_string).unwrap_or_default();
    match kind {
        ErrorKind::UnknownArgument => {
            Error::new("cli-unknown-argument").arg("name", context(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidSubcommand => {
            Error::new("cli-unknown-command").arg("name", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue => Error::new("cli-invalid-choice")
            .arg("name", context(ContextKind::InvalidArg))
            .arg("value", context(ContextKind::InvalidValue))
            .arg("valid", context(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => Error::new("cli-invalid-value")
            .arg("name", context(ContextKind::InvalidArg))
            .arg("value", context(ContextKind::InvalidValue)),
        ErrorKind::MissingRequiredArgument => {
            Error::new("cli-missing-argument").arg("name", context(ContextKind::InvalidArg))
        }
        _ => Error::new("cli-not-understood"),
    }
}

fn invocation(matches: &ArgMatches) -> Invocation {
    match matches.subcommand() {
        Some(("sql", matches)) => sql(matches),
        Some(("run", matches)) => {
            let text = |id| matches.get_one::<String>(id).cloned().unwrap_or_default();
            let port = matches.get_one::<u16>("port").copied().unwrap_or_default();
            let run = Run { program: text("program"), hostname: text("hostname"), port };
            Invocation::Run(common(matches), run)
        }
        _ => Invocation::Window(common(matches)),
    }
}

fn sql(matches: &ArgMatches) -> Invocation {
    let path = |id| matches.get_one::<PathBuf>(id).cloned();
    let Some(file) = path("file") else { return Invocation::Interactive(common(matches)) };
    let script = Script { file, data: path("data"), tmp: path("tmp") };
    if !matches.get_flag("transcript") {
        return Invocation::Script(common(matches), script);
    }
    let limit = matches.get_one::<f64>("limit").map(|s| Duration::from_secs_f64(*s));
    Invocation::Transcript(common(matches), script, Transcript { limit })
}

fn common(matches: &ArgMatches) -> Common {
    let driver = matches.get_one::<String>("driver").map(|name| match name.as_str() {
        "step" => DriverName::Step,
        _ => DriverName::Threads,
    });
    Common {
        driver,
        parallelism: matches.get_one::<u32>("parallelism").copied(),
        root: matches.get_one::<PathBuf>("root").cloned(),
        remote: matches.get_flag("remote"),
    }
}

fn command(language: Language) -> Command {
    let words = |id: &str| tr(language, id);
    Command::new("riacho")
        .version(env!("CARGO_PKG_VERSION"))
        .about(words("cli-about"))
        .after_help(words("cli-examples"))
        .help_template(template(language))
        .subcommand_help_heading(words("cli-commands"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(flags(language))
        .args(shared(language))
        .subcommand(sql_command(language))
        .subcommand(run_command(language))
}

fn sql_command(language: Language) -> Command {
    let words = |id: &str| tr(language, id);
    let path = |id: &'static str| option(language, id).value_parser(value_parser!(PathBuf));
    let seconds = |text: &str| match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 1e9 => Ok(seconds),
        _ => Err(text.to_owned()),
    };
    Command::new("sql")
        .about(words("cli-sql-about"))
        .after_help(words("cli-sql-examples"))
        .help_template(template(language))
        .args([
            path("file").short('f'),
            option(language, "transcript").action(ArgAction::SetTrue).requires("file"),
            option(language, "limit").value_parser(seconds).requires("transcript"),
            path("data").requires("file"),
            path("tmp").requires("file"),
        ])
}

fn run_command(language: Language) -> Command {
    let words = |id: &str| tr(language, id);
    let program = Arg::new("program")
        .help(words("cli-run-program"))
        .required(true)
        .hide_possible_values(true)
        .help_heading(words("cli-arguments"))
        .value_parser(PossibleValuesParser::new([
            "scoreboard",
            "wordcount",
            "socket-window-wordcount",
        ]));
    Command::new("run")
        .about(words("cli-run-about"))
        .after_help(words("cli-run-examples"))
        .help_template(template(language))
        .arg(program)
        .arg(option(language, "hostname").default_value("localhost").hide_default_value(true))
        .arg(
            option(language, "port")
                .value_parser(value_parser!(u16).range(1..))
                .required_if_eq("program", "socket-window-wordcount"),
        )
}

/// Options of every command.
fn shared(language: Language) -> Vec<Arg> {
    let parallelism = value_parser!(u32).range(1..=128);
    vec![
        option(language, "driver").value_parser(["step", "threads"]),
        option(language, "parallelism").short('p').value_parser(parallelism),
        option(language, "root").value_parser(value_parser!(PathBuf)),
        option(language, "lang").value_parser(["pt-BR", "en"]),
    ]
    .into_iter()
    .map(|arg| arg.hide_possible_values(true))
    .chain([option(language, "remote").action(ArgAction::SetTrue)])
    .map(|arg| arg.global(true))
    .collect()
}

fn flags(language: Language) -> [Arg; 2] {
    [
        option(language, "help").short('h').action(ArgAction::Help).global(true),
        option(language, "version").short('V').action(ArgAction::Version),
    ]
}

fn option(language: Language, id: &'static str) -> Arg {
    Arg::new(id)
        .long(id)
        .help(tr(language, &format!("cli-option-{id}")))
        .help_heading(tr(language, "cli-options"))
        .value_name(tr(language, "cli-value"))
}

fn template(language: Language) -> String {
    format!(
        "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}\n",
        tr(language, "cli-usage")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Invocation, Error> {
        let args: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        read(Language::En, &args)
    }

    fn nothing() -> Common {
        Common { driver: None, parallelism: None, root: None, remote: false }
    }

    #[test]
    fn each_command_is_understood() {
        assert_eq!(parse("riacho"), Ok(Invocation::Window(nothing())));
        assert_eq!(parse("riacho sql"), Ok(Invocation::Interactive(nothing())));
        let four = Common { driver: Some(DriverName::Step), parallelism: Some(4), ..nothing() };
        let run = parse("riacho run scoreboard --parallelism 4 --driver step");
        let own = |program: &str, port| Run {
            program: program.into(),
            hostname: "localhost".into(),
            port,
        };
        assert_eq!(run, Ok(Invocation::Run(four, own("scoreboard", 0))));
        let socket = parse("riacho run socket-window-wordcount --port 9999");
        assert_eq!(socket, Ok(Invocation::Run(nothing(), own("socket-window-wordcount", 9999))));
        let script = Script { file: "a.sql".into(), data: None, tmp: Some("/t".into()) };
        let bound = Transcript { limit: Some(Duration::from_millis(1500)) };
        let transcript = parse("riacho sql --transcript -f a.sql --limit 1.5 --tmp /t");
        assert_eq!(transcript, Ok(Invocation::Transcript(nothing(), script, bound)));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, code, name) in [
            ("riacho sql --fast", "cli-unknown-argument", "--fast"),
            ("riacho fly", "cli-unknown-command", "fly"),
            ("riacho run chess", "cli-invalid-choice", "<program>"),
            ("riacho run socket-window-wordcount", "cli-missing-argument", "--port <VALUE>"),
            ("riacho run scoreboard -p 0", "cli-invalid-value", "--parallelism <VALUE>"),
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!((error.code(), error.get("name")), (code, Some(name)), "{line}");
        }
    }

    #[test]
    fn the_language_comes_from_the_option_and_then_from_the_environment() {
        let args = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let portuguese = |name: &str| (name == "LANG").then(|| "pt_BR.UTF-8".to_owned());
        assert_eq!(language(&args("riacho"), portuguese), Language::PtBr);
        assert_eq!(language(&args("riacho --lang en"), portuguese), Language::En);
        assert_eq!(language(&args("riacho sql --lang=pt-BR"), |_| None), Language::PtBr);
        assert_eq!(language(&args("riacho"), |_| None), Language::En);
    }

    #[test]
    fn help_speaks_both_languages() {
        for (language, usage) in [(Language::En, "Usage: riacho"), (Language::PtBr, "Uso: riacho")]
        {
            let help = command(language).render_help().to_string();
            assert!(help.contains(usage), "{help}");
        }
    }
}
