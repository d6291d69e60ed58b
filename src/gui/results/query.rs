//! A query's answer: its changelog with the shape of each change, and the table that it folds to.

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, Vec2, vec2};

use super::grid::{Grid, GridColumn, grid};
use super::store::QueryResult;
use crate::data::RowKind;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Selection, View};
use crate::gui::widgets::{RecordLook, label, paint_key_chip, paint_record};
use crate::model::{Job, Palette};
use crate::runtime::api::{ResultColumn, ResultRow};

/// Rows from which the width of a column is found.
const SAMPLE: usize = 40;
/// Rows of the folded table below a changelog.
const FOLDED: usize = 4;

/// Draws the changelog, and below it the table that it folds to.
pub fn changelog(ui: &mut Ui, view: &View<'_>, query: &QueryResult, actions: &mut Actions) {
    let folded = query.table().len().min(FOLDED);
    let below = if query.total() == 0 || ui.available_height() < 220.0 {
        0.0
    } else {
        41.0 + view.theme.size.table_row * folded.max(1) as f32
    };
    let whole = ui.available_rect_before_wrap();
    let cut = whole.bottom() - below;
    let upper = Rect::from_min_max(whole.min, egui::pos2(whole.right(), cut));
    let mut ui_upper = ui.new_child(UiBuilder::new().id_salt("changes").max_rect(upper));
    ui_upper.set_clip_rect(upper.intersect(ui.clip_rect()));
    changes(&mut ui_upper, view, query, actions);
    if below > 0.0 {
        let lower = Rect::from_min_max(egui::pos2(whole.left(), cut), whole.max);
        ui.painter().hline(lower.x_range(), lower.top(), view.theme.hairline());
        let mut ui_lower = ui.new_child(UiBuilder::new().id_salt("folded").max_rect(lower));
        ui_lower.set_clip_rect(lower.intersect(ui.clip_rect()));
        folded_ui(&mut ui_lower, view, query, folded);
    }
}

fn changes(ui: &mut Ui, view: &View<'_>, query: &QueryResult, actions: &mut Actions) {
    let rows = query.changelog();
    let columns = changelog_columns(view, query);
    let keys = keys(query, rows.iter().map(|row| &row.cells));
    let lit = view.selection.record;
    let chosen = lit.and_then(|id| rows.iter().rposition(|row| row.record == id && id.0 > 0));
    let shown = Grid {
        id: "changelog",
        columns: &columns,
        heads: true,
        rows: rows.len(),
        lit: chosen.or(rows.len().checked_sub(1)),
        follow: true,
    };
    let clicked = grid(ui, &shown, |ui, row, column| {
        let Some(row) = rows.get(row) else { return };
        match column.checked_sub(1) {
            None => kind_cell(ui, view, row.kind),
            Some(at) => value_cell(ui, view, query, &keys, row, at),
        }
    });
    if rows.is_empty() {
        no_rows(ui, view, query);
    }
    if let Some(row) = clicked.and_then(|at| rows.get(at)).filter(|row| row.record.0 > 0) {
        let selection = Selection { record: Some(row.record), ..view.selection };
        actions.push(Action::Select(selection));
    }
}

/// Says under the heads of the columns that no row has come, and whether one may come.
fn no_rows(ui: &mut Ui, view: &View<'_>, query: &QueryResult) {
    let runs = view.model.job(query.info.job).is_some_and(Job::is_alive);
    let words = view.tr(if runs { "results-waiting" } else { "results-no-rows" });
    let rect = ui.max_rect().with_min_y(ui.max_rect().top() + view.theme.size.table_head);
    let inside = UiBuilder::new().id_salt("no rows").max_rect(rect.shrink(10.0));
    label(&mut ui.new_child(inside), Type::Body, words, view.theme.palette.text.muted);
}

/// The columns of a changelog, and of the table under it, so that their values stand below each other.
fn changelog_columns(view: &View<'_>, query: &QueryResult) -> Vec<GridColumn> {
    let rows = query.changelog();
    let sample = |at: usize| {
        rows.iter().rev().take(SAMPLE).filter_map(move |row| row.cells.get(at)).map(String::as_str)
    };
    let mut columns = vec![GridColumn::fixed(view.tr("results-op"), 68.0)];
    columns.extend(fit(&query.info.columns, sample));
    columns
}

fn folded_ui(ui: &mut Ui, view: &View<'_>, query: &QueryResult, rows: usize) {
    let palette = &view.theme.palette;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let layout = Layout::left_to_right(Align::Center);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let mut line = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    label(&mut line, Type::Strong, view.tr("results-folded"), palette.text.primary);
    line.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let counts = [("changes", query.total().into()), ("rows", query.table().len().into())];
        label(ui, Type::Label, view.tr_args("results-counts", &counts), palette.text.muted);
    });
    let last: Vec<_> = query.table().rows().rev().take(rows).collect();
    let keys = keys(query, query.changelog().iter().map(|row| &row.cells));
    let columns = changelog_columns(view, query);
    let cells: Vec<_> = last.iter().rev().collect();
    let shown = Grid {
        id: "folded",
        columns: &columns,
        heads: false,
        rows: cells.len(),
        lit: None,
        follow: false,
    };
    grid(ui, &shown, |ui, row, column| {
        if let Some((cells, column)) = cells.get(row).zip(column.checked_sub(1)) {
            plain_cell(ui, view, query, &keys, cells, column, 1.0);
        }
    });
}

/// Draws the table that the changelog folds to.
pub fn table(ui: &mut Ui, view: &View<'_>, query: &QueryResult) {
    let rows: Vec<_> = query.table().rows().collect();
    let sample =
        |at: usize| rows.iter().take(SAMPLE).filter_map(move |row| row.get(at)).map(String::as_str);
    let columns: Vec<_> = fit(&query.info.columns, sample).collect();
    let keys = keys(query, rows.iter().copied());
    let shown = Grid {
        id: "table",
        columns: &columns,
        heads: true,
        rows: rows.len(),
        lit: None,
        follow: false,
    };
    grid(ui, &shown, |ui, row, column| {
        if let Some(cells) = rows.get(row) {
            plain_cell(ui, view, query, &keys, cells, column, 1.0);
        }
    });
    if rows.is_empty() {
        no_rows(ui, view, query);
    }
}

fn fit<'a, I: Iterator<Item = &'a str>>(
    columns: &[ResultColumn],
    sample: impl Fn(usize) -> I,
) -> impl Iterator<Item = GridColumn> {
    columns
        .iter()
        .enumerate()
        .map(move |(at, column)| GridColumn::fit(&*column.name, column.numeric, sample(at)))
}

/// The colours of the keys of a result, in order of appearance.
fn keys<'a>(
    query: &QueryResult,
    rows: impl Iterator<Item = &'a std::sync::Arc<[String]>>,
) -> Palette {
    const ENOUGH: usize = 200;
    let mut palette = Palette::default();
    let Some(&column) = query.info.key_columns.first() else { return palette };
    for key in rows.take(ENOUGH).filter_map(|cells| cells.get(column)) {
        palette.key(key);
    }
    palette
}

fn kind_cell(ui: &mut Ui, view: &View<'_>, kind: RowKind) {
    let color = view.theme.row_color(kind);
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(14.0), Sense::hover());
    let ground = view.theme.palette.surface.panel;
    let look = RecordLook { kind, fill: color, ink: ground, ground, radius: 5.5, value: "" };
    paint_record(ui.painter(), rect.center(), view.theme, &look);
    // A true minus is as wide as the plus.
    label(ui, Type::CodeStrong, kind.symbol().replace('-', "−"), color);
}

fn value_cell(
    ui: &mut Ui,
    view: &View<'_>,
    query: &QueryResult,
    keys: &Palette,
    row: &ResultRow,
    column: usize,
) {
    let fade = if row.kind.adds() { 1.0 } else { 0.62 };
    plain_cell(ui, view, query, keys, &row.cells, column, fade);
}

fn plain_cell(
    ui: &mut Ui,
    view: &View<'_>,
    query: &QueryResult,
    keys: &Palette,
    cells: &[String],
    column: usize,
    fade: f32,
) {
    let Some(text) = cells.get(column) else { return };
    let palette = &view.theme.palette;
    if query.info.key_columns.first() == Some(&column) {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
        let color = usize::from(keys.color(text).unwrap_or(Palette::COLORS as u8 - 1));
        paint_key_chip(ui.painter(), rect.center(), 4.5, view.theme, color, "");
    }
    let null = text == "<NULL>";
    let ink = if null { palette.text.muted } else { palette.text.primary };
    let step = if query.info.columns.get(column).is_some_and(|c| c.numeric) || null {
        Type::Code
    } else {
        Type::Body
    };
    label(ui, step, text, ink.gamma_multiply(fade));
}
