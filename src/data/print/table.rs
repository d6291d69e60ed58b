//! The boxes that the SQL client draws, line by line, so that a result can be shown as it comes.
//!
//! A batch result is as wide as its widest cell ([`content_widths`]); a changelog as wide as the types
//! say ([`changelog_width`]), since its rows are not known when its header is drawn.

use unicode_width::UnicodeWidthChar;

use super::NULL_CELL;
use crate::data::row::RowKind;
use crate::data::types::LogicalType;

/// The default of `table.display.max-column-width`.
pub const MAX_COLUMN_WIDTH: usize = 30;

const ELLIPSIS: &str = "...";

/// How wide a changelog's column of a type is, before its header and the maximum are looked at.
pub fn changelog_width(logical: &LogicalType, max_width: usize) -> usize {
    use LogicalType as L;
    let by_type = match logical {
        L::Boolean | L::TinyInt | L::SmallInt => 6,
        L::Int => 11,
        L::BigInt => 20,
        L::Decimal { precision, .. } => usize::from(*precision) + 2,
        L::Date => 10,
        L::Time(0) => 8,
        L::Time(precision) => usize::from(*precision) + 9,
        L::Timestamp { precision: 0, .. } | L::TimestampLtz { precision: 0, .. } => 19,
        // Room is made for whole groups of three digits.
        L::Timestamp { precision, .. } | L::TimestampLtz { precision, .. } => {
            usize::from(precision.div_ceil(3) * 3) + 20
        }
        _ => max_width,
    };
    by_type.max(NULL_CELL.len())
}

/// The widths of columns that are as wide as their widest cell or header.
pub fn content_widths<'a>(
    names: &[String],
    rows: impl IntoIterator<Item = &'a [String]>,
    max_width: usize,
) -> Vec<usize> {
    let mut widths: Vec<usize> = names.iter().map(|n| width_of(n)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(width_of(cell));
        }
    }
    widths.iter().map(|w| *w.min(&max_width)).collect()
}

/// A box with known widths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    names: Vec<String>,
    widths: Vec<usize>,
}

impl Table {
    /// A table with a width for each column.
    pub fn new(names: Vec<String>, widths: Vec<usize>) -> Self {
        Self { names, widths }
    }

    /// A changelog: the column `op`, then the columns. A column is as wide as its type or its name; the
    /// maximum is only the width of types that have none of their own.
    pub fn changelog(columns: &[(String, LogicalType)], max_width: usize) -> Self {
        let width = |(name, logical): &(String, LogicalType)| {
            changelog_width(logical, max_width).max(width_of(name))
        };
        let op = "op".to_owned();
        let widths = std::iter::once(op.len()).chain(columns.iter().map(width)).collect();
        let names = std::iter::once(op).chain(columns.iter().map(|(n, _)| n.clone())).collect();
        Self { names, widths }
    }

    /// The line above, between and below: `+----+-----+`.
    pub fn border(&self) -> String {
        let dashes = self.widths.iter().map(|w| "-".repeat(w + 2));
        format!("+{}+", dashes.collect::<Vec<_>>().join("+"))
    }

    /// Border, names, border: three lines.
    pub fn header(&self) -> String {
        let border = self.border();
        format!("{border}\n{}\n{border}", self.row(&self.names))
    }

    /// One row: cells on the right of their columns, too long ones cut.
    pub fn row<S: AsRef<str>>(&self, cells: &[S]) -> String {
        let cells = cells.iter().zip(&self.widths).map(|(cell, width)| fit(cell.as_ref(), *width));
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    }

    /// One row of a changelog.
    pub fn changelog_row(&self, kind: RowKind, cells: &[String]) -> String {
        let op = std::iter::once(kind.symbol());
        self.row(&op.chain(cells.iter().map(String::as_str)).collect::<Vec<_>>())
    }

    /// What ends a changelog of so many rows.
    pub fn changelog_footer(&self, rows: usize) -> String {
        match rows {
            0 => "Received a total of 0 row".to_owned(),
            1 => format!("{}\nReceived a total of 1 row", self.border()),
            rows => format!("{}\nReceived a total of {rows} rows", self.border()),
        }
    }
}

/// A whole batch result.
pub fn batch_table<S: AsRef<[String]>>(names: &[String], rows: &[S], max_width: usize) -> String {
    if rows.is_empty() {
        return "Empty set".to_owned();
    }
    let widths = content_widths(names, rows.iter().map(AsRef::as_ref), max_width);
    let table = Table::new(names.to_vec(), widths);
    let mut lines = vec![table.header()];
    lines.extend(rows.iter().map(|row| table.row(row.as_ref())));
    lines.push(table.border());
    lines.push(match rows.len() {
        1 => "1 row in set".to_owned(),
        rows => format!("{rows} rows in set"),
    });
    lines.join("\n")
}

/// What SHOW and DESCRIBE answer: as a batch result, without a maximum, NULL as blank.
pub fn listing(names: &[String], rows: &[Vec<Option<String>>]) -> String {
    let blank = |row: &Vec<Option<String>>| -> Vec<String> {
        row.iter().cloned().map(Option::unwrap_or_default).collect()
    };
    let rows: Vec<_> = rows.iter().map(blank).collect();
    batch_table(names, &rows, usize::MAX)
}

/// How wide Flink takes a text to be: a character is as wide as it is long in UTF-16, and one more if it
/// fills two columns of the screen.
fn width_of(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(character: char) -> usize {
    character.len_utf16() + usize::from(character.width() == Some(2))
}

/// A cell in exactly `width` columns of the screen.
fn fit(cell: &str, width: usize) -> String {
    let own = width_of(cell);
    if own <= width {
        return format!("{}{cell}", " ".repeat(width - own));
    }
    let room = width.saturating_sub(ELLIPSIS.len());
    let mut cut = String::new();
    let mut taken = 0;
    for character in cell.chars() {
        let next = taken + char_width(character);
        if next > room {
            break;
        }
        taken = next;
        cut.push(character);
    }
    format!("{}{cut}{ELLIPSIS}", " ".repeat(room - taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn a_batch_result_is_as_wide_as_its_cells() {
        let names = strings(&["n", "nome"]);
        let rows = [strings(&["1", "São Paulo"]), strings(&["<NULL>", "日本"])];
        insta::assert_snapshot!(batch_table(&names, &rows, 30), @"
        +--------+-----------+
        |      n |      nome |
        +--------+-----------+
        |      1 | São Paulo |
        | <NULL> |      日本 |
        +--------+-----------+
        2 rows in set
        ");
        assert_eq!(batch_table::<Vec<String>>(&names, &[], 30), "Empty set");
    }

    #[test]
    fn long_cells_are_cut_by_display_width() {
        let names = strings(&["long_text"]);
        let cut = |text: &str| fit(text, 12);
        assert_eq!(cut("abcdefghijklmnopqrstuvwxyz0123456789"), "abcdefghi...");
        assert_eq!(cut("日本語日本語日本語"), " 日本語日...");
        let rows = [strings(&["abcdefghijklmnopqrstuvwxyz"])];
        insta::assert_snapshot!(batch_table(&names, &rows, 12), @"
        +--------------+
        |    long_text |
        +--------------+
        | abcdefghi... |
        +--------------+
        1 row in set
        ");
    }

    #[test]
    fn a_changelog_is_as_wide_as_its_types() {
        let columns = [
            ("id".to_owned(), LogicalType::Int),
            ("a_rather_long_name".to_owned(), LogicalType::Boolean),
            ("ts".to_owned(), LogicalType::timestamp(3)),
        ];
        let table = Table::changelog(&columns, MAX_COLUMN_WIDTH);
        let row = table.changelog_row(
            RowKind::UpdateAfter,
            &strings(&["1", "<NULL>", "2024-01-01 00:00:00.000"]),
        );
        let text = [table.header(), row, table.changelog_footer(1)].join("\n");
        insta::assert_snapshot!(text, @"
        +----+-------------+--------------------+-------------------------+
        | op |          id | a_rather_long_name |                      ts |
        +----+-------------+--------------------+-------------------------+
        | +U |           1 |             <NULL> | 2024-01-01 00:00:00.000 |
        +----+-------------+--------------------+-------------------------+
        Received a total of 1 row
        ");
        assert_eq!(table.changelog_footer(0), "Received a total of 0 row");
    }

    #[test]
    fn a_listing_has_no_maximum_and_blank_nulls() {
        let names = strings(&["name", "key"]);
        let rows = [vec![Some("x".repeat(40)), None]];
        assert_eq!(listing(&names, &rows).lines().next().map(str::len), Some(50));
        assert!(!listing(&names, &rows).contains("NULL"));
    }
}
