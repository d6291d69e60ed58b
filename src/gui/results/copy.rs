//! Results as text for other programs.

use egui::{Popup, PopupCloseBehavior, Ui};

use super::Page;
use super::store::QueryResult;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, IconButton};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Tsv,
    Csv,
    Markdown,
}

/// Draws the menu that copies.
pub fn menu(ui: &mut Ui, view: &View<'_>, query: &QueryResult, page: Page, actions: &mut Actions) {
    let name = view.tr("results-copy");
    let button = ui.add(IconButton::new(Icon::Copy, &name).side(28.0));
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        let forms = [
            (Form::Tsv, "results-copy-tsv"),
            (Form::Csv, "results-copy-csv"),
            (Form::Markdown, "results-copy-markdown"),
        ];
        for (form, words) in forms {
            if ui.add(Button::ghost(&view.tr(words)).small()).clicked() {
                actions.push(Action::Copy(text(query, page, form)));
            }
        }
    });
}

fn text(query: &QueryResult, page: Page, form: Form) -> String {
    let names = query.info.columns.iter().map(|column| column.name.as_str());
    if page == Page::Changelog {
        let head: Vec<&str> = std::iter::once("op").chain(names).collect();
        let rows = query.changelog().iter().map(|row| {
            std::iter::once(row.kind.symbol()).chain(row.cells.iter().map(String::as_str)).collect()
        });
        write(form, &head, rows)
    } else {
        let head: Vec<&str> = names.collect();
        let rows = query.table().rows().map(|row| row.iter().map(String::as_str).collect());
        write(form, &head, rows)
    }
}

fn write<'a>(form: Form, head: &[&str], rows: impl Iterator<Item = Vec<&'a str>>) -> String {
    match form {
        Form::Tsv => separated(b'\t', head, rows),
        Form::Csv => separated(b',', head, rows),
        Form::Markdown => {
            let mut text = markdown(head) + &markdown(&vec!["---"; head.len()]);
            rows.for_each(|row| text.push_str(&markdown(&row)));
            text
        }
    }
}

/// Lines as spreadsheets read them.
fn separated<'a>(mark: u8, head: &[&str], rows: impl Iterator<Item = Vec<&'a str>>) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(mark).from_writer(Vec::new());
    // Memory takes whatever is written, and every row has the columns of the head.
    let _ = writer.write_record(head);
    rows.for_each(|row| drop(writer.write_record(row)));
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn markdown(cells: &[&str]) -> String {
    let escape = |cell: &&str| cell.replace('|', "\\|").replace('\n', " ");
    let cells: Vec<String> = cells.iter().map(escape).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_escapes_what_would_break_it() {
        let rows = || [vec!["a,b", "c|d"], vec!["e\tf", "\"g\""]].into_iter();
        let head = ["x", "y"];
        assert_eq!(write(Form::Csv, &head, rows()), "x,y\n\"a,b\",c|d\ne\tf,\"\"\"g\"\"\"\n");
        assert_eq!(write(Form::Tsv, &head, rows()), "x\ty\na,b\tc|d\n\"e\tf\"\t\"\"\"g\"\"\"\n");
        assert_eq!(
            write(Form::Markdown, &head, rows()),
            "| x | y |\n| --- | --- |\n| a,b | c\\|d |\n| e\tf | \"g\" |\n"
        );
    }
}
