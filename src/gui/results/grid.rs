//! A table of many rows, of which only those in sight are drawn.

use egui::{Align, Layout, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use egui_extras::{Column, TableBuilder};

use crate::gui::theme::{Theme, Type};
use crate::gui::widgets::{label, lit_row};

/// A column of a grid.
#[derive(Clone, Debug)]
pub struct GridColumn {
    /// Its header.
    pub title: String,
    /// Whether its cells line up on the right.
    pub numeric: bool,
    /// Its width in points, before the last column takes what is left.
    pub width: f32,
}

impl GridColumn {
    /// A column whose width follows its header and a few of its cells.
    pub fn fit<'a>(
        title: impl Into<String>,
        numeric: bool,
        cells: impl Iterator<Item = &'a str>,
    ) -> Self {
        const CODE: f32 = 7.9;
        const LABEL: f32 = 6.6;
        let title = title.into();
        let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        let width = (CODE * widest as f32).max(LABEL * title.chars().count() as f32) + 18.0;
        Self { title, numeric, width: width.clamp(44.0, 280.0) }
    }

    /// A column of a given width.
    pub fn fixed(title: impl Into<String>, width: f32) -> Self {
        Self { title: title.into(), numeric: false, width }
    }
}

/// What a grid shows besides its cells.
pub struct Grid<'a> {
    /// Tells grids on one screen apart.
    pub id: &'a str,
    /// The columns.
    pub columns: &'a [GridColumn],
    /// Whether the columns have their titles above them.
    pub heads: bool,
    /// How many rows.
    pub rows: usize,
    /// A row that is lit.
    pub lit: Option<usize>,
    /// Whether the newest row, at the end, stays in sight.
    pub follow: bool,
}

/// How much closer columns may stand than they would.
const CLOSER: f32 = 8.0;

/// Draws a grid; `cell(ui, row, column)` draws one cell. Returns the row that was clicked.
pub fn grid(
    ui: &mut Ui,
    grid: &Grid<'_>,
    mut cell: impl FnMut(&mut Ui, usize, usize),
) -> Option<usize> {
    let theme = Theme::of(ui);
    let row_height = theme.size.table_row;
    let head_height = if grid.heads { theme.size.table_head } else { 0.0 };
    let wanted: f32 = grid.columns.iter().map(|column| column.width).sum::<f32>() + 8.0;
    // Columns stand closer to each other before any of them is out of sight.
    let count = grid.columns.len().max(1) as f32;
    let spare = ((ui.available_width() - wanted) / count).max(-CLOSER);
    let wide = wanted + spare * count;
    let mut clicked = None;
    ScrollArea::horizontal().id_salt(grid.id).auto_shrink([false, false]).show(ui, |ui| {
        ui.set_width(wide);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let fresh = first_rows(ui, grid);
        let mut table = TableBuilder::new(ui)
            .id_salt(grid.id)
            .sense(Sense::click())
            .stick_to_bottom(grid.follow)
            .animate_scrolling(false)
            .min_scrolled_height(0.0)
            .auto_shrink([false, false])
            .cell_layout(Layout::left_to_right(Align::Center));
        if grid.follow && fresh {
            table = table.scroll_to_row(grid.rows - 1, Some(Align::BOTTOM));
        }
        let last = grid.columns.len().saturating_sub(1);
        for (index, column) in grid.columns.iter().enumerate() {
            let width = (column.width + spare).floor();
            let column = if index == last { Column::remainder() } else { Column::exact(width) };
            table = table.column(column.clip(true));
        }
        table
            .header(head_height, |mut header| {
                for column in grid.columns.iter().filter(|_| grid.heads) {
                    header.col(|ui| {
                        let muted = Theme::of(ui).palette.text.muted;
                        aligned(ui, column.numeric, |ui| {
                            label(ui, Type::Label, &*column.title, muted);
                        });
                    });
                }
            })
            .body(|body| {
                body.rows(row_height, grid.rows, |mut row| {
                    let index = row.index();
                    for (at, column) in grid.columns.iter().enumerate() {
                        row.col(|ui| {
                            let rect = ui.max_rect();
                            if grid.lit == Some(index) {
                                lit_row(ui, rect);
                            }
                            let line = Theme::of(ui).hairline();
                            ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);
                            aligned(ui, column.numeric, |ui| cell(ui, index, at));
                        });
                    }
                    let response = row.response();
                    response.widget_info(|| {
                        WidgetInfo::labeled(
                            egui::Role::Row,
                            true,
                            format!("{} {}", grid.id, index + 1),
                        )
                    });
                    if response.clicked() {
                        clicked = Some(index);
                    }
                });
            });
    });
    clicked
}

/// Whether the grid has rows for the first time: the newest of them has to be scrolled to.
fn first_rows(ui: &Ui, grid: &Grid<'_>) -> bool {
    let id = ui.scope_id().with(("rows of", grid.id));
    let before = ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or(id, 0), grid.rows));
    before == 0 && grid.rows > 0
}

fn aligned<R>(ui: &mut Ui, right: bool, content: impl FnOnce(&mut Ui) -> R) {
    ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
    ui.spacing_mut().item_spacing.x = 6.0;
    if right {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(10.0);
            content(ui);
        });
    } else {
        ui.add_space(10.0);
        content(ui);
    }
}
