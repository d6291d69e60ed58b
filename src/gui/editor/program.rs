//! The built-in programs: which one, how parallel, its listing, and the button that runs it.

use egui::{Align, Frame, Layout, Margin, RichText, ScrollArea, Ui, vec2};

use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, IconButton, Segment, label, panel_ground, segmented};
use crate::i18n::Language;
use crate::runtime::api::Program;

/// The listings of one language.
struct Listings {
    scoreboard: &'static str,
    word_count: &'static str,
    socket: &'static str,
}

const PORTUGUESE: Listings = Listings {
    scoreboard: include_str!("../../../assets/programs/pt-BR/scoreboard.py"),
    word_count: include_str!("../../../assets/programs/pt-BR/wordcount.py"),
    socket: include_str!("../../../assets/programs/pt-BR/socket.py"),
};
const ENGLISH: Listings = Listings {
    scoreboard: include_str!("../../../assets/programs/en/scoreboard.py"),
    word_count: include_str!("../../../assets/programs/en/wordcount.py"),
    socket: include_str!("../../../assets/programs/en/socket.py"),
};
/// The most subtasks that the panel offers: the slots of the largest cluster that it sets up.
const MOST_PARALLEL: u32 = 8;
/// The tutorial's exam ends with the tenth answer.
const EXAM_ENDS_AT: u32 = 10;
/// Where the lines of the word count over a socket come from, as its listing says.
const HOST: &str = "localhost";
const PORT: u16 = 9_999;

/// Which program is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgramChoice {
    /// The scoreboard on the tutorial's ten answers.
    #[default]
    Scoreboard,
    /// The scoreboard, open for answers from the board.
    LiveBoard,
    /// The word count.
    WordCount,
    /// The word count over a socket.
    Socket,
}

impl ProgramChoice {
    /// What the engine is asked to run.
    pub fn program(self) -> Program {
        match self {
            Self::Scoreboard => {
                Program::Scoreboard { answers: None, exam_ends_at: EXAM_ENDS_AT, open: false }
            }
            Self::LiveBoard => Program::Scoreboard {
                answers: Some(Vec::new()),
                exam_ends_at: EXAM_ENDS_AT,
                open: true,
            },
            Self::WordCount => Program::WordCount,
            Self::Socket => {
                Program::SocketWindowWordCount { hostname: HOST.to_owned(), port: PORT }
            }
        }
    }

    fn listing(self, language: Language) -> &'static str {
        let listings = match language {
            Language::PtBr => &PORTUGUESE,
            Language::En => &ENGLISH,
        };
        match self {
            Self::Scoreboard | Self::LiveBoard => listings.scoreboard,
            Self::WordCount => listings.word_count,
            Self::Socket => listings.socket,
        }
    }
}

/// Draws the button of the panel's head.
pub fn run_ui(ui: &mut Ui, view: &View<'_>, choice: &ProgramChoice, actions: &mut Actions) {
    let ran = !view.model.jobs.is_empty();
    // Where the tabs leave little room, the icon says "again".
    let roomy = ui.available_width() > 128.0;
    let words = view.tr(if ran && roomy { "program-again" } else { "program-run" });
    let button = if ran {
        Button::secondary(&words).icon(Icon::Again)
    } else {
        Button::primary(&words).icon(Icon::Play)
    };
    if ui.add(button.small()).clicked() {
        actions.push(Action::RunProgram(choice.program()));
    }
}

/// Draws the page.
pub fn ui(ui: &mut Ui, view: &View<'_>, choice: &mut ProgramChoice, actions: &mut Actions) {
    let rect = ui.available_rect_before_wrap();
    panel_ground(ui, rect, view.theme.palette.surface.editor);
    ui.add_space(10.0);
    Frame::new().inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
        let programs = [
            Segment::new(ProgramChoice::Scoreboard, view.tr("program-scoreboard")),
            Segment::new(ProgramChoice::LiveBoard, view.tr("program-live-board")),
            Segment::new(ProgramChoice::WordCount, view.tr("program-word-count")),
            Segment::new(ProgramChoice::Socket, view.tr("program-socket")),
        ];
        segmented(ui, choice, &programs);
    });
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        parallelism(ui, view, actions);
    });
    ui.add_space(6.0);
    ScrollArea::both().id_salt("listing").auto_shrink([false, false]).show(ui, |ui| {
        for (number, line) in (1..).zip(choice.listing(view.language).lines()) {
            listing_line(ui, view, number, line);
        }
    });
}

fn parallelism(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    let now = view.settings.parallelism;
    let mut set = |parallelism: u32| {
        let settings = crate::gui::settings::Settings { parallelism, ..view.settings.clone() };
        actions.push(Action::Settings(Box::new(settings)));
    };
    label(ui, Type::Label, view.tr("program-parallelism"), view.theme.palette.text.muted);
    let (less, more) = (view.tr("program-less"), view.tr("program-more"));
    ui.spacing_mut().item_spacing.x = 2.0;
    if ui.add(IconButton::new(Icon::Minus, &less).side(28.0).enabled(now > 1)).clicked() {
        set(now - 1);
    }
    ui.allocate_ui_with_layout(
        vec2(16.0, 28.0),
        Layout::centered_and_justified(egui::Direction::LeftToRight),
        |ui| label(ui, Type::CodeStrong, now.to_string(), view.theme.palette.text.primary),
    );
    let enabled = now < MOST_PARALLEL;
    if ui.add(IconButton::new(Icon::Plus, &more).side(28.0).enabled(enabled)).clicked() {
        set(now + 1);
    }
}

fn listing_line(ui: &mut Ui, view: &View<'_>, number: usize, line: &str) {
    let palette = &view.theme.palette;
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), 20.0), layout, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let number = RichText::new(format!("{number:>5}  ")).font(Type::Code.font());
        ui.label(number.color(palette.text.muted));
        for (text, color) in python(line, palette) {
            let words = RichText::new(text).font(Type::Code.font()).color(color);
            ui.add(egui::Label::new(words).extend());
        }
    });
}

/// The listing's colours: comments, strings, `lambda`, and names that are called.
fn python<'a>(
    line: &'a str,
    palette: &crate::gui::theme::Palette,
) -> Vec<(&'a str, egui::Color32)> {
    let syntax = &palette.syntax;
    let (code, comment) = line.find('#').map_or((line, ""), |at| line.split_at(at));
    let mut parts = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let (length, color) = if first == '\'' {
            (rest[1..].find('\'').map_or(rest.len(), |at| at + 2), syntax.string)
        } else if word(first) {
            let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let called = rest[length..].starts_with('(');
            let color = match &rest[..length] {
                "lambda" => syntax.keyword,
                text if text.starts_with(|c: char| c.is_ascii_digit()) => syntax.number,
                _ if called => syntax.function,
                _ => palette.text.primary,
            };
            (length, color)
        } else {
            let length = rest.find(|c| word(c) || c == '\'').unwrap_or(rest.len());
            (length, palette.text.primary)
        };
        let (part, after) = rest.split_at(length);
        parts.push((part, color));
        rest = after;
    }
    parts.push((comment, syntax.comment));
    parts
}
