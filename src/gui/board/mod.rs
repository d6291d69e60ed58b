//! The board over the whole window, for a projector: two numbers, one verdict, one chart, and the
//! line in which an instructor types the answers of a live exam.
//!
//! Everything is laid out on a sheet of 1920 x 1080 and scaled to the window.

mod chart;
mod entry;

use egui::{Align2, Color32, FontId, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

pub use entry::BoardState;

use crate::gui::theme::{Theme, Type, fonts};
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, Tone, logo, paint_icon, paint_key_chip};
use crate::i18n;
use crate::model::scoreboard::{Scoreboard, Standing, Verdict};
use crate::model::{Job, Key};
use crate::trace::JobState;

/// The sheet: a rectangle of the window and how many points one of its units is.
#[derive(Clone, Copy)]
struct Sheet {
    origin: Pos2,
    scale: f32,
    width: f32,
    height: f32,
}

const MARGIN: f32 = 80.0;
const MIDDLE: f32 = 320.0;
const VERDICT: f32 = 545.0;
const CHART_TOP: f32 = 592.0;

impl Sheet {
    fn of(rect: Rect) -> Self {
        let scale = (rect.width() / 1920.0).min(rect.height() / 1080.0);
        Self { origin: rect.min, scale, width: rect.width() / scale, height: rect.height() / scale }
    }

    fn at(self, x: f32, y: f32) -> Pos2 {
        self.origin + vec2(x, y) * self.scale
    }

    fn rect(self, left: f32, top: f32, right: f32, bottom: f32) -> Rect {
        Rect::from_min_max(self.at(left, top), self.at(right, bottom))
    }

    fn font(self, step: Type, bold: bool) -> FontId {
        FontId::new(step.style().size * self.scale, fonts::family(false, bold))
    }
}

/// Draws the board and reads what the instructor types.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &mut BoardState, actions: &mut Actions) {
    let rect = ui.max_rect();
    let sheet = Sheet::of(rect);
    let theme = view.theme;
    ui.painter().rect_filled(rect, 0.0, theme.palette.surface.window);
    let job = view.job.and_then(|id| view.model.job(id));
    let board = job.map(|job| &job.scoreboard).filter(|board| !board.is_empty());
    head(ui, view, sheet, job);
    match board {
        Some(board) => standings(ui, view, sheet, board),
        None => invitation(ui, view, sheet),
    }
    let empty = Scoreboard::default();
    let board = board.unwrap_or(&empty);
    verdict(ui, view, sheet, board, state.limit);
    let bottom = sheet.height - 150.0;
    let chart = sheet.rect(MARGIN, CHART_TOP, sheet.width - MARGIN, bottom);
    chart::ui(ui, view, chart, sheet.scale, board, state.limit);
    let line = sheet.rect(MARGIN, bottom + 24.0, sheet.width - MARGIN, sheet.height - 24.0);
    entry::ui(ui, view, line, state, job, actions);
}

fn head(ui: &Ui, view: &View<'_>, sheet: Sheet, job: Option<&Job>) {
    let theme = view.theme;
    let mark = Rect::from_center_size(sheet.at(106.0, 70.0), vec2(52.0, 52.0) * sheet.scale);
    logo::paint(ui.painter(), mark, theme);
    let ink = theme.palette.text.primary;
    let title = view.tr("board-title");
    text(
        ui,
        sheet.at(152.0, 70.0),
        Align2::LEFT_CENTER,
        &title,
        sheet.font(Type::PresenterText, true),
        ink,
    );
    let over = job.filter(|job| !job.scoreboard.is_empty()).map(|job| job.state);
    let (tone, words) = match over {
        Some(JobState::Finished) => (Tone::Ok, "board-over"),
        Some(JobState::Running) => (Tone::Accent, "board-open"),
        Some(JobState::Failed | JobState::Canceled) => (Tone::Danger, "board-broken"),
        _ => return,
    };
    let words = view.tr(words);
    let (ground, ink) = tone.colors(theme);
    let galley = ui.painter().layout_no_wrap(words, sheet.font(Type::PresenterText, true), ink);
    let width = galley.size().x / sheet.scale + 104.0;
    let chip = sheet.rect(sheet.width - MARGIN - width, 40.0, sheet.width - MARGIN, 100.0);
    ui.painter().rect_filled(chip, chip.height() / 2.0, ground);
    let icon = Rect::from_center_size(
        chip.left_center() + vec2(42.0, 0.0) * sheet.scale,
        vec2(34.0, 34.0) * sheet.scale,
    );
    paint_icon(ui.painter(), icon, Icon::Flag, ink, 2.4 * sheet.scale);
    let at = chip.left_center() + vec2(72.0 * sheet.scale, -galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
}

/// Two students face each other; more share the width.
fn standings(ui: &mut Ui, view: &View<'_>, sheet: Sheet, board: &Scoreboard) {
    let all: Vec<&Standing> = board.standings().collect();
    match all[..] {
        [left, right] => duel(ui, view, sheet, left, right),
        _ => row(ui, view, sheet, &all),
    }
}

fn duel(ui: &mut Ui, view: &View<'_>, sheet: Sheet, left: &Standing, right: &Standing) {
    let center = sheet.width / 2.0;
    let score = sheet.font(Type::PresenterScore, true);
    for (standing, x, align) in
        [(left, center - 65.0, Align2::RIGHT_CENTER), (right, center + 65.0, Align2::LEFT_CENTER)]
    {
        let (fill, _) = view.theme.key_colors(standing.student.color.into());
        text(ui, sheet.at(x, MIDDLE), align, &standing.total.to_string(), score.clone(), fill);
    }
    let muted = view.theme.palette.text.muted;
    let cross = sheet.font(Type::PresenterTitle, false);
    text(
        ui,
        sheet.at(center, MIDDLE),
        Align2::CENTER_CENTER,
        "×",
        FontId { size: cross.size * 1.8, ..cross },
        muted,
    );
    student(ui, view, sheet, left, Align2::LEFT_CENTER, sheet.at(MARGIN, 280.0));
    student(ui, view, sheet, right, Align2::RIGHT_CENTER, sheet.at(sheet.width - MARGIN, 280.0));
}

/// Name and numbers of one student; `edge` is where the block ends on its outer side.
fn student(ui: &mut Ui, view: &View<'_>, sheet: Sheet, who: &Standing, align: Align2, edge: Pos2) {
    let inward = if align == Align2::LEFT_CENTER { 1.0 } else { -1.0 };
    let chip = edge + vec2(37.0 * inward, 0.0) * sheet.scale;
    paint_chip(ui, view, chip, 37.0 * sheet.scale, &who.student);
    let name = view.tr_args("board-student", &[("name", who.student.text.to_string().into())]);
    let ink = view.theme.palette.text.primary;
    let at = edge + vec2(97.0 * inward, 0.0) * sheet.scale;
    text(ui, at, align, &name, sheet.font(Type::PresenterTitle, true), ink);
    let at = edge + vec2(0.0, 86.0) * sheet.scale;
    text(
        ui,
        at,
        align,
        &numbers(view, who),
        sheet.font(Type::PresenterText, false),
        view.theme.palette.text.secondary,
    );
    announce(ui, view, Rect::from_center_size(chip, vec2(74.0, 74.0) * sheet.scale), who);
}

fn row(ui: &mut Ui, view: &View<'_>, sheet: Sheet, all: &[&Standing]) {
    let shown = all.len().clamp(1, 8);
    let step = (sheet.width - 2.0 * MARGIN) / shown as f32;
    let font = sheet.font(Type::PresenterScore, true);
    let size = font.size * (step / 560.0).min(0.7);
    for (position, who) in all.iter().take(shown).enumerate() {
        let x = MARGIN + step * (position as f32 + 0.5);
        let (fill, _) = view.theme.key_colors(who.student.color.into());
        let chip = sheet.at(x, 180.0);
        paint_chip(ui, view, chip, 30.0 * sheet.scale, &who.student);
        let score = FontId { size, ..font.clone() };
        text(ui, sheet.at(x, MIDDLE), Align2::CENTER_CENTER, &who.total.to_string(), score, fill);
        let ink = view.theme.palette.text.secondary;
        text(
            ui,
            sheet.at(x, 450.0),
            Align2::CENTER_CENTER,
            &numbers(view, who),
            sheet.font(Type::PresenterAxis, false),
            ink,
        );
        announce(ui, view, Rect::from_center_size(chip, vec2(60.0, 60.0) * sheet.scale), who);
    }
}

fn invitation(ui: &Ui, view: &View<'_>, sheet: Sheet) {
    let words = view.tr("board-nobody");
    let ink = view.theme.palette.text.muted;
    text(
        ui,
        sheet.at(sheet.width / 2.0, MIDDLE),
        Align2::CENTER_CENTER,
        &words,
        sheet.font(Type::PresenterTitle, false),
        ink,
    );
}

fn verdict(ui: &Ui, view: &View<'_>, sheet: Sheet, board: &Scoreboard, limit: u32) {
    let (verdict, reason) = match board.verdict() {
        Verdict::Open => return,
        Verdict::Tie => (view.tr("board-tie"), view.tr("board-tie-why")),
        Verdict::Ahead { leader, by } => {
            let name = leader.text.to_string();
            let args = [("name", name.into()), ("points", by.into())];
            (view.tr_args("board-ahead", &args), view.tr_args("board-ahead-why", &args))
        }
    };
    let colors = &view.theme.palette.text;
    let at = sheet.at(MARGIN, VERDICT);
    let end = text(
        ui,
        at,
        Align2::LEFT_CENTER,
        &verdict,
        sheet.font(Type::PresenterTitle, true),
        colors.primary,
    );
    let at = pos2(end.right() + 26.0 * sheet.scale, at.y);
    text(
        ui,
        at,
        Align2::LEFT_CENTER,
        &reason,
        sheet.font(Type::PresenterText, false),
        colors.secondary,
    );
    progress(ui, view, sheet, board, limit);
}

/// How many answers of how many, and whose each was.
fn progress(ui: &Ui, view: &View<'_>, sheet: Sheet, board: &Scoreboard, limit: u32) {
    let answers = board.answers();
    let places = (limit as usize).clamp(answers.len(), 40);
    let right = sheet.width - MARGIN;
    for place in 0..places {
        let x = right - 30.0 * (places - place) as f32;
        let rect = sheet.rect(x + 4.0, VERDICT - 8.0, x + 30.0, VERDICT + 8.0);
        let color = match answers.get(place) {
            Some(answer) => view.theme.key_colors(answer.student.color.into()).0,
            None => view.theme.palette.channel.edge,
        };
        ui.painter().rect_filled(rect, rect.height() / 2.0, color);
    }
    let count = [("done", answers.len().into()), ("limit", limit.into())];
    let at = sheet.at(right - 30.0 * places as f32 - 24.0, VERDICT);
    let words = view.tr_args("board-answers", &count);
    text(
        ui,
        at,
        Align2::RIGHT_CENTER,
        &words,
        sheet.font(Type::PresenterText, false),
        view.theme.palette.text.secondary,
    );
}

fn numbers(view: &View<'_>, who: &Standing) -> String {
    let mean = i18n::number(view.language, (who.mean() * 100.0).round() / 100.0, 2);
    let mean = mean.strip_suffix('0').unwrap_or(&mean).to_owned();
    view.tr_args("board-numbers", &[("answers", who.answers.into()), ("mean", mean.into())])
}

fn paint_chip(ui: &Ui, view: &View<'_>, center: Pos2, radius: f32, key: &Key) {
    paint_key_chip(ui.painter(), center, radius, view.theme, key.color.into(), key.letter());
}

/// What a screen reader says of a student.
fn announce(ui: &mut Ui, view: &View<'_>, rect: Rect, who: &Standing) {
    let args = [("name", who.student.text.to_string().into()), ("points", who.total.into())];
    let words = view.tr_args("board-says", &args);
    let id = ui.scope_id().with(("board-student", &who.student.text));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

fn text(ui: &Ui, at: Pos2, align: Align2, words: &str, font: FontId, color: Color32) -> Rect {
    ui.painter().text(at, align, words, font, color)
}

/// A button that leaves the board.
fn leave(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    let words = view.tr("board-leave");
    if ui.add(Button::ghost(&words)).clicked() {
        actions.push(Action::ToggleBoard);
    }
}

/// The theme's colour of a key, for the chart.
fn key_color(theme: &Theme, key: &Key) -> Color32 {
    theme.key_colors(key.color.into()).0
}
