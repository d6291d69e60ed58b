//! Results in text, as Flink's SQL client draws them in tableau mode.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::base::RuntimeMode;
use crate::data::RowKind;
use crate::data::print::table::{Table, batch_table, listing};
use crate::runtime::api::{QueryInfo, ResultColumn, ResultRow};

/// Draws the result of one query: a changelog row by row as it comes, a batch result at its end.
pub struct ResultPrinter {
    names: Vec<String>,
    max_width: usize,
    shape: Shape,
}

enum Shape {
    Changelog { table: Table, rows: usize },
    Batch(Vec<ResultRow>),
}

impl ResultPrinter {
    /// Begins a result; the header of a changelog is drawn at once. `max_width` is
    /// `table.display.max-column-width`.
    pub fn begin(info: &QueryInfo, max_width: usize, out: &mut dyn Write) -> io::Result<Self> {
        let names: Vec<_> = info.columns.iter().map(|c| c.name.clone()).collect();
        let shape = match info.mode {
            RuntimeMode::Batch => Shape::Batch(Vec::new()),
            RuntimeMode::Streaming => {
                let table = changelog(&info.columns);
                writeln!(out, "{}", table.header())?;
                Shape::Changelog { table, rows: 0 }
            }
        };
        Ok(Self { names, max_width, shape })
    }

    /// Takes rows.
    pub fn rows(&mut self, new: Vec<ResultRow>, out: &mut dyn Write) -> io::Result<()> {
        match &mut self.shape {
            Shape::Batch(rows) => rows.extend(new),
            Shape::Changelog { table, rows } => {
                *rows += new.len();
                for row in new {
                    writeln!(out, "{}", table.changelog_row(row.kind, &row.cells))?;
                }
            }
        }
        Ok(())
    }

    /// The query has ended.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        match self.shape {
            Shape::Changelog { table, rows } => writeln!(out, "{}", table.changelog_footer(rows)),
            Shape::Batch(rows) => {
                let cells: Vec<&[String]> = rows.iter().map(|row| &*row.cells).collect();
                writeln!(out, "{}", batch_table(&self.names, &cells, self.max_width))
            }
        }
    }
}

/// What SHOW, DESCRIBE and EXPLAIN answer.
pub fn print_listing(
    columns: &[String],
    rows: &[Vec<Option<String>>],
    out: &mut dyn Write,
) -> io::Result<()> {
    if let [row] = rows
        && let [Some(text)] = row.as_slice()
        && text.contains('\n')
    {
        return print_text(&columns.join(" "), text, out);
    }
    writeln!(out, "{}", listing(columns, rows))
}

/// Prints settings as SET writes them, one a line.
pub fn print_settings(settings: &[(String, String)], out: &mut dyn Write) -> io::Result<()> {
    settings.iter().try_for_each(|(key, value)| writeln!(out, "'{key}' = '{value}'"))
}

/// A box around text gets no wider: beside a line of a million letters each other would have as many blanks.
const MOST_BOXED: usize = 10_000;

/// A single cell of many lines (EXPLAIN, SHOW CREATE): line by line, from the left.
fn print_text(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let width =
        lines.iter().map(|line| line.width()).fold(name.width(), usize::max).min(MOST_BOXED);
    let border = format!("+{}+", "-".repeat(width + 2));
    let row = |text: &str| match width.checked_sub(text.width()) {
        Some(rest) => format!("| {text}{} |", " ".repeat(rest)),
        None => format!("| {text}"),
    };
    writeln!(out, "{border}\n{}\n{border}", row(name))?;
    lines.iter().try_for_each(|line| writeln!(out, "{}", row(line)))?;
    writeln!(out, "{border}\n1 row in set")
}

fn changelog(columns: &[ResultColumn]) -> Table {
    let width = |c: &ResultColumn| c.display_width.max(c.name.width());
    let op = ResultColumn {
        name: "op".into(),
        data_type: String::new(),
        display_width: RowKind::Insert.symbol().len(),
        numeric: false,
    };
    let all = || std::iter::once(&op).chain(columns);
    Table::new(all().map(|c| c.name.clone()).collect(), all().map(width).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_many_lines_keeps_its_shape() {
        let mut out = Vec::new();
        let rows = [vec![Some("Calc\n+- Scan".to_owned())]];
        print_listing(&["result".to_owned()], &rows, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        +---------+
        | result  |
        +---------+
        | Calc    |
        | +- Scan |
        +---------+
        1 row in set
        ");
    }
}
