//! The change of a script that may mend an error: what the lab offers where Flink only refuses.

use crate::base::{Error, Location, RuntimeMode, Span};
use crate::sql::split::split;

/// A change of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What kind of change it is.
    pub kind: RepairKind,
    /// What is replaced; empty where something is put in.
    pub span: Span,
    /// What stands there then.
    pub text: String,
}

/// The kinds of repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairKind {
    /// The nearest existing name in the place of an unknown one.
    Nearest,
    /// The statement in another mode: a SET before it.
    Mode(RuntimeMode),
}

/// The repair of an error in a script, if there is one.
pub fn repair(script: &str, error: &Error) -> Option<Repair> {
    let span = error.span()?;
    let mode = match error.code() {
        "sort-needs-time" => RuntimeMode::Batch,
        "unbounded-in-batch" => RuntimeMode::Streaming,
        "event-time-of-other-mode" => match error.get("mode") {
            Some("streaming") => RuntimeMode::Batch,
            _ => RuntimeMode::Streaming,
        },
        _ => {
            let text = error.get("nearest").filter(|near| !near.is_empty())?.to_owned();
            return Some(Repair { kind: RepairKind::Nearest, span, text });
        }
    };
    let start = start_of_statement(script, span.start)?;
    let text = format!("SET 'execution.runtime-mode' = '{mode}';\n");
    Some(Repair { kind: RepairKind::Mode(mode), span: Span::new(start, start), text })
}

fn start_of_statement(script: &str, at: Location) -> Option<Location> {
    let statements = split(script);
    statements.iter().map(|s| s.span.start).rev().find(|start| *start <= at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "SELECT 1;\n\nSELECT a FROM t ORDER BY a;";

    fn found(code: &'static str, args: &[(&'static str, &str)], column: u32) -> Option<Repair> {
        let at = |column| Location { line: 3, column };
        let error = Error::new(code).at(Span::new(at(column), at(column + 1)));
        let error = args.iter().fold(error, |error, (name, value)| error.arg(name, value));
        repair(SCRIPT, &error)
    }

    #[test]
    fn an_unknown_name_gives_way_to_the_nearest() {
        let repair = found("unknown-column", &[("nearest", "b")], 8).expect("repairable");
        assert_eq!((repair.kind, repair.text.as_str()), (RepairKind::Nearest, "b"));
        assert_eq!(found("unknown-column", &[("nearest", "")], 8), None);
        assert_eq!(found("unknown-column", &[], 8), None);
    }

    #[test]
    fn another_mode_is_set_before_the_statement() {
        let cases: [(&'static str, &[(&'static str, &str)], _); 4] = [
            ("sort-needs-time", &[], RuntimeMode::Batch),
            ("unbounded-in-batch", &[], RuntimeMode::Streaming),
            ("event-time-of-other-mode", &[("mode", "streaming")], RuntimeMode::Batch),
            ("event-time-of-other-mode", &[("mode", "batch")], RuntimeMode::Streaming),
        ];
        for (code, args, mode) in cases {
            let repair = found(code, args, 26).expect("repairable");
            assert_eq!(repair.kind, RepairKind::Mode(mode), "{code}");
            assert_eq!(repair.span.start, Location { line: 3, column: 1 });
            assert_eq!(repair.text, format!("SET 'execution.runtime-mode' = '{mode}';\n"));
        }
    }
}
