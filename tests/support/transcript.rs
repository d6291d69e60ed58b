//! Compares two transcripts: what a script answered here with what Apache Flink answered.
//!
//! The mode is the script's own: `-- compare: MODE [n]=MODE ..`.
//!
//! | Mode | Equal means |
//! |---|---|
//! | `exact` | the same text |
//! | `rows` | the same header and footer, the same rows in any order |
//! | `final` | the same header, and the same rows once the changelog is applied |
//! | `explain` | the same syntax tree, plans and graph, to the letter, whatever the box (EXPLAIN) |
//! | `plan` | the same optimized execution plan (EXPLAIN) |
//! | `text` | the same words, whatever the box (SHOW CREATE); the same headings (EXPLAIN) |
//!
//! OK, ERROR and UNBOUNDED compare by their kind alone; an ERROR must say something. The order of the
//! entries of a printed MAP is free, and the numbers of operators in a graph, which Flink counts over all that
//! it has planned.

use std::collections::BTreeMap;
use std::fmt::Write;

/// What one statement answered.
#[derive(Debug)]
struct Answer<'a> {
    number: u32,
    kind: &'a str,
    message: &'a str,
    lines: Vec<String>,
}

/// What differs, in words for a person; `None` if nothing does.
pub fn difference(script: &str, expected: &str, actual: &str) -> Option<String> {
    let (want, got) = (answers(expected), answers(actual));
    let heads =
        |all: &[Answer<'_>]| all.iter().map(|a| format!("[{}] {}", a.number, a.kind)).collect();
    let (want_heads, got_heads): (Vec<_>, Vec<_>) = (heads(&want), heads(&got));
    if let Some(at) =
        (0..want.len().max(got.len())).find(|i| want_heads.get(*i) != got_heads.get(*i))
    {
        let show = |heads: &[String]| heads.get(at).cloned().unwrap_or_else(|| "nothing".into());
        let message = got.get(at).map_or("", |a| a.message);
        return Some(format!("expected {}, got {} {message}", show(&want_heads), show(&got_heads)));
    }
    want.iter().zip(&got).find_map(|(want, got)| {
        let mode = mode(script, want.number);
        (!same(mode, want, got)).then(|| describe(mode, want, got))
    })
}

fn answers(transcript: &str) -> Vec<Answer<'_>> {
    let mut answers: Vec<Answer<'_>> = Vec::new();
    for line in transcript.lines() {
        match head(line) {
            Some((number, kind, message)) => {
                answers.push(Answer { number, kind, message, lines: Vec::new() });
            }
            None => {
                if let Some(answer) = answers.last_mut() {
                    answer.lines.push(sort_maps(line.trim_end()));
                }
            }
        }
    }
    for answer in &mut answers {
        while answer.lines.last().is_some_and(String::is_empty) {
            answer.lines.pop();
        }
    }
    answers
}

/// `-- [3] ERROR message`.
fn head(line: &str) -> Option<(u32, &str, &str)> {
    let (number, rest) = line.strip_prefix("-- [")?.split_once("] ")?;
    let (kind, message) = rest.split_once(' ').unwrap_or((rest, ""));
    let known = ["OK", "RESULT", "STDOUT", "ERROR", "UNBOUNDED"].contains(&kind);
    known.then_some((number.parse().ok()?, kind, message))
}

/// The mode of a statement: its own, else the script's, else `exact`.
fn mode(script: &str, number: u32) -> &str {
    let modes =
        script.lines().find_map(|line| line.strip_prefix("-- compare:")).unwrap_or_default();
    let own = modes.split_whitespace().find_map(|word| {
        let (statement, mode) = word.split_once('=')?;
        (statement == format!("[{number}]")).then_some(mode)
    });
    own.or(modes.split_whitespace().next()).unwrap_or("exact")
}

fn same(mode: &str, want: &Answer<'_>, got: &Answer<'_>) -> bool {
    match (want.kind, mode) {
        ("ERROR", _) => !got.message.trim().is_empty(),
        ("OK" | "UNBOUNDED", _) => true,
        (_, "exact") => want.lines == got.lines,
        ("STDOUT", _) => sorted(&want.lines) == sorted(&got.lines),
        (_, "explain") => explained(&want.lines) == explained(&got.lines),
        (_, "plan") => execution_plan(&want.lines) == execution_plan(&got.lines),
        (_, "text") => same_text(&want.lines, &got.lines),
        (_, mode) => same_table(mode, &want.lines, &got.lines),
    }
}

fn same_table(mode: &str, want: &[String], got: &[String]) -> bool {
    let (want, got) = (Table::read(want), Table::read(got));
    let rows = match mode {
        "rows" => sorted(want.rows) == sorted(got.rows) && want.footer == got.footer,
        _ => net(want.rows) == net(got.rows),
    };
    want.header == got.header && rows
}

/// All lines of an EXPLAIN, out of their box, operators numbered from 1.
fn explained(lines: &[String]) -> Vec<String> {
    let text = lines.iter().skip_while(|line| !line.contains("== Abstract Syntax Tree =="));
    let bare = text.map(|line| {
        let inside = line.strip_prefix("| ").filter(|_| line.ends_with('|') || line.contains("=="));
        inside.map_or(line.as_str(), |inside| inside.trim_end_matches('|')).trim_end()
    });
    let whole = bare.take_while(|line| !is_border(line) && *line != "1 row in set");
    let mut numbers: Vec<String> = Vec::new();
    whole.filter(|line| !line.is_empty()).map(|line| numbered(line, &mut numbers)).collect()
}

/// `"id" : 2062,` with the number of the id among those seen; `[1744]` without its number.
fn numbered(line: &str, seen: &mut Vec<String>) -> String {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    if let Some((before, id)) = line.split_once("\"id\" : ") {
        let (id, rest) = id.split_at(digits(id));
        let place = seen.iter().position(|known| known == id).unwrap_or_else(|| {
            seen.push(id.to_owned());
            seen.len() - 1
        });
        return format!("{before}\"id\" : {place}{rest}");
    }
    let is_json = ["\"type\" : ", "\"contents\" : "].iter().any(|name| line.contains(name));
    match line.split_once('[').filter(|_| is_json) {
        Some((before, after)) => format!("{before}[{}", &after[digits(after)..]),
        None => line.to_owned(),
    }
}

/// The lines of an EXPLAIN that say what runs, out of their box if each line is in one.
fn execution_plan(lines: &[String]) -> Vec<&str> {
    let plan = lines.iter().skip_while(|line| !line.contains("== Optimized Execution Plan =="));
    let bare = plan.skip(1).map(|line| {
        let boxed = line.strip_prefix("| ").and_then(|line| line.strip_suffix('|'));
        boxed.unwrap_or(line).trim_end()
    });
    bare.take_while(|line| !line.is_empty() && *line != " |" && !is_border(line)).collect()
}

fn same_text(want: &[String], got: &[String]) -> bool {
    let headings = |lines: &[String]| -> Vec<String> {
        let bare = lines.iter().map(|line| line.trim_matches(['|', ' ']).to_owned());
        bare.filter(|line| line.starts_with("== ") && line.ends_with(" ==")).collect()
    };
    match headings(want) {
        none if none.is_empty() => words(want) == words(got),
        some => some == headings(got),
    }
}

/// A printed table: the header with the lines around it, the rows, the last line.
struct Table<'a> {
    header: &'a [String],
    rows: &'a [String],
    footer: Option<&'a String>,
}

impl<'a> Table<'a> {
    fn read(lines: &'a [String]) -> Self {
        let borders: Vec<usize> = (0..lines.len()).filter(|i| is_border(&lines[*i])).collect();
        let [_, second, ..] = borders[..] else {
            return Self { header: lines, rows: &[], footer: None };
        };
        let end = if borders.len() > 2 { borders[borders.len() - 1] } else { lines.len() };
        let rows = &lines[second + 1..end];
        // A changelog without rows has no closing border: what is left is its footer.
        let count = rows.iter().take_while(|line| line.starts_with('|')).count();
        Self { header: &lines[..second], rows: &rows[..count], footer: lines.last() }
    }
}

fn is_border(line: &str) -> bool {
    line.len() > 2
        && line.starts_with("+-")
        && line.ends_with('+')
        && line.chars().all(|c| "+-".contains(c))
}

/// How often each row is in the table that a changelog ends with.
fn net(rows: &[String]) -> BTreeMap<&str, i64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let (row, by) = match row.get(2..4) {
            Some("+I" | "+U") => (&row[4..], 1),
            Some("-U" | "-D") => (&row[4..], -1),
            _ => (row.as_str(), 1),
        };
        *counts.entry(row).or_default() += by;
    }
    counts.retain(|_, count| *count != 0);
    counts
}

fn words(lines: &[String]) -> Vec<String> {
    let mut words: Vec<String> = lines
        .iter()
        .filter(|line| !is_border(line))
        .flat_map(|line| line.split(|c: char| c.is_whitespace() || "|,".contains(c)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

/// `{b=2, a=1}` becomes `{a=1, b=2}`.
fn sort_maps(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, after)) = after.split_once('}').filter(|(i, _)| !i.contains(['{', '"']))
        else {
            break;
        };
        let mut entries: Vec<_> = inside.split(", ").collect();
        entries.sort_unstable();
        let _ = write!(out, "{before}{{{}}}", entries.join(", "));
        rest = after;
    }
    out + rest
}

fn sorted(lines: &[String]) -> Vec<&String> {
    let mut lines: Vec<_> = lines.iter().collect();
    lines.sort();
    lines
}

/// Both texts, line by line: `=` in both, `-` expected, `+` found.
fn describe(mode: &str, want: &Answer<'_>, got: &Answer<'_>) -> String {
    let mut text = format!("statement [{}] differs ({mode}):\n", want.number);
    let common = want.lines.iter().zip(&got.lines).take_while(|(a, b)| a == b).count();
    want.lines[..common].iter().for_each(|line| _ = writeln!(text, "  = {line}"));
    want.lines[common..].iter().for_each(|line| _ = writeln!(text, "  - {line}"));
    got.lines[common..].iter().for_each(|line| _ = writeln!(text, "  + {line}"));
    text
}
