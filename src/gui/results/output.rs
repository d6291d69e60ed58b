//! The page of output: what the job on the stage printed, or what the last statements came to.

use egui::{Frame, Label, Margin, ScrollArea, Ui};

use super::grid::{Grid, GridColumn, grid};
use super::printed::{self, Printed};
use crate::gui::link::{Answer, Link};
use crate::gui::theme::{Theme, Type};
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::{Icon, icon_mark, key_chip, label};
use crate::i18n::error_text;
use crate::model::{Job, Palette};
use crate::runtime::api::Outcome;

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, link: &Link, statement: bool, actions: &mut Actions) {
    let job = view.job.and_then(|id| view.model.job(id));
    let lines = view.job.map(|id| printed::lines(view, id)).unwrap_or_default();
    match job {
        Some(job) if !statement && !lines.is_empty() => print_table(ui, view, job, &lines, actions),
        _ if link.answers.is_empty() => super::empty_ui(ui, view, "results-none"),
        _ => answers(ui, view, link),
    }
}

fn print_table(
    ui: &mut Ui,
    view: &View<'_>,
    job: &Job,
    lines: &[Printed<'_>],
    actions: &mut Actions,
) {
    let rows: Vec<_> = lines.iter().map(|printed| printed::fields(&printed.line.line)).collect();
    let labels: Vec<&str> = match rows.first() {
        Some(Some(fields)) if rows.iter().all(Option::is_some) => {
            fields.iter().map(|(label, _)| *label).collect()
        }
        _ => Vec::new(),
    };
    let mut columns = vec![GridColumn { numeric: true, ..GridColumn::fixed("nº", 42.0) }];
    if labels.is_empty() {
        let texts = lines.iter().rev().take(40).map(|printed| &*printed.line.line);
        columns.push(GridColumn::fit(view.tr("results-line"), false, texts));
    }
    for (at, label) in labels.iter().enumerate() {
        let cells = rows.iter().flatten().filter_map(|fields| fields.get(at)).map(|field| field.1);
        let numeric = cells.clone().all(|cell| cell.parse::<f64>().is_ok());
        // Long labels keep their first word: the line itself is on the page of text.
        let title = label.split(' ').next().unwrap_or(label).to_lowercase();
        columns.push(GridColumn::fit(title, numeric, cells.take(40)));
    }
    columns.push(GridColumn { numeric: true, ..GridColumn::fixed(view.tr("results-where"), 58.0) });
    let shown = Grid {
        id: "output",
        columns: &columns,
        heads: true,
        rows: lines.len(),
        lit: lines.len().checked_sub(1),
        follow: true,
    };
    let last = columns.len() - 1;
    let clicked = grid(ui, &shown, |ui, row, column| {
        let palette = &view.theme.palette;
        let Some(printed) = lines.get(row) else { return };
        let fields = rows.get(row).and_then(Option::as_ref).filter(|_| !labels.is_empty());
        if column == 0 {
            label(ui, Type::Code, (row + 1).to_string(), palette.text.muted);
        } else if column == last {
            let text = format!("TM {}", printed.task_manager);
            label(ui, Type::Code, text, palette.text.muted);
        } else if let Some((_, value)) = fields.and_then(|fields| fields.get(column - 1)) {
            value_cell(ui, view, &job.palette, value);
        } else {
            label(ui, Type::Code, &*printed.line.line, palette.text.primary);
        }
    });
    if let Some(printed) = clicked.and_then(|row| lines.get(row)) {
        let subtask = Some(printed.line.subtask);
        actions.push(Action::Select(Selection { subtask, ..Selection::default() }));
    }
}

fn value_cell(ui: &mut Ui, view: &View<'_>, keys: &Palette, value: &str) {
    match keys.color(value) {
        Some(color) => {
            key_chip(ui, usize::from(color), value);
        }
        None => {
            let comma = view.language == crate::i18n::Language::PtBr;
            let number = value.parse::<f64>().is_ok();
            let text = if comma && number { value.replace('.', ",") } else { value.to_owned() };
            label(ui, Type::Code, text, view.theme.palette.text.primary);
        }
    }
}

/// The answers of statements, the newest at the end and in sight.
fn answers(ui: &mut Ui, view: &View<'_>, link: &Link) {
    let area = ScrollArea::vertical().id_salt("answers").auto_shrink([false, false]);
    area.stick_to_bottom(true).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(12, 10)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for answer in link.answers.iter().filter(|answer| !answer.text.is_empty()) {
                answer_ui(ui, view, answer);
                ui.add_space(8.0);
            }
        });
    });
}

fn answer_ui(ui: &mut Ui, view: &View<'_>, answer: &Answer) {
    let palette = &view.theme.palette;
    let first = answer.text.trim().lines().next().unwrap_or_default();
    label(ui, Type::Code, first, palette.text.muted);
    match &answer.outcome {
        Err(error) => {
            said(ui, Icon::Cross, palette.status.danger, &error_text(view.language, error))
        }
        Ok(Outcome::Done { warnings }) => {
            said(ui, Icon::Check, palette.status.ok, &view.tr("answer-done"));
            for warning in warnings {
                said(ui, Icon::Warning, palette.status.warn, &error_text(view.language, warning));
            }
        }
        Ok(Outcome::Query(info)) => {
            let args = [("job", short(info.job).into())];
            said(ui, Icon::Play, palette.status.ok, &view.tr_args("answer-query", &args));
        }
        Ok(Outcome::Insert { job, .. }) => {
            let args = [("job", short(*job).into())];
            said(ui, Icon::Play, palette.status.ok, &view.tr_args("answer-insert", &args));
        }
        Ok(Outcome::Listing { columns, rows }) => listing(ui, view, answer.id, columns, rows),
        Ok(Outcome::Settings(settings)) => {
            let columns = ["key", "value"].map(str::to_owned);
            let cells =
                |(key, value): &(String, String)| vec![Some(key.clone()), Some(value.clone())];
            let rows: Vec<_> = settings.iter().map(cells).collect();
            listing(ui, view, answer.id, &columns, &rows);
        }
    }
}

fn short(job: crate::base::JobId) -> String {
    let text = job.to_string();
    format!("{}…{}", &text[..4], &text[text.len() - 4..])
}

fn said(ui: &mut Ui, icon: Icon, color: egui::Color32, words: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        icon_mark(ui, icon, color, 18.0, "");
        let primary = Theme::of(ui).palette.text.primary;
        ui.add(Label::new(Type::Body.text(words, primary)).wrap().selectable(true));
    });
}

fn listing(
    ui: &mut Ui,
    view: &View<'_>,
    id: u64,
    columns: &[String],
    rows: &[Vec<Option<String>>],
) {
    let palette = &view.theme.palette;
    egui::Grid::new(("listing", id)).spacing(egui::vec2(24.0, 4.0)).show(ui, |ui| {
        for column in columns {
            label(ui, Type::Label, column, palette.text.muted);
        }
        ui.end_row();
        for row in rows {
            for cell in row {
                label(ui, Type::Code, cell.as_deref().unwrap_or_default(), palette.text.primary);
            }
            ui.end_row();
        }
    });
}
