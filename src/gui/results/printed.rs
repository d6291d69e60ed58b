//! Printed lines as a table. A line such as `1> ('Aluno:', 'a', 'Total:', 3)` alternates labels and
//! values, as the tutorial's print does; anything else stays one text.

use std::sync::Arc;

use crate::base::{JobId, TaskManagerId};
use crate::gui::view::View;
use crate::model::StdoutLine;

/// A printed line and where it was printed.
pub struct Printed<'a> {
    /// The TaskManager.
    pub task_manager: TaskManagerId,
    /// The line.
    pub line: &'a StdoutLine,
}

/// How many lines the job on the stage has printed.
pub fn count(view: &View<'_>) -> usize {
    view.job.map_or(0, |job| of_job(view, job).count())
}

/// The lines of a job in the order in which they were printed.
pub fn lines<'a>(view: &View<'a>, job: JobId) -> Vec<Printed<'a>> {
    let mut lines: Vec<_> = of_job(view, job).collect();
    lines.sort_by_key(|printed| printed.line.sequence);
    lines
}

fn of_job<'a>(view: &View<'a>, job: JobId) -> impl Iterator<Item = Printed<'a>> {
    let model = view.model;
    model
        .stdout
        .iter()
        .flat_map(|(id, log)| log.iter().map(|line| Printed { task_manager: *id, line }))
        .filter(move |printed| printed.line.subtask.job == job)
}

/// The labels and values of a line, if it alternates them.
pub fn fields(line: &Arc<str>) -> Option<Vec<(&str, &str)>> {
    let text = match line.split_once("> ") {
        Some((prefix, rest)) if prefix.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => line,
    };
    let inside = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let parts = split(inside);
    if parts.is_empty() || parts.len() % 2 == 1 {
        return None;
    }
    parts
        .chunks_exact(2)
        .map(|pair| Some((unquote(pair[0])?.strip_suffix(':')?, value(pair[1]))))
        .collect()
}

/// The parts between commas that stand outside of quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, ',') => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

fn unquote(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

fn value(text: &str) -> &str {
    unquote(text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_values_alternate() {
        let line: Arc<str> =
            "2> ('Aluno:', 'a, b', 'Questões Respondidas:', 1, 'Média:', 3.0)".into();
        let fields = fields(&line).unwrap();
        assert_eq!(fields, [("Aluno", "a, b"), ("Questões Respondidas", "1"), ("Média", "3.0")]);
    }

    #[test]
    fn other_lines_stay_text() {
        for line in ["(to,1)", "1> +I[a, 3]", "('a', 3)", "()", ""] {
            assert_eq!(fields(&line.into()), None, "{line}");
        }
    }
}
