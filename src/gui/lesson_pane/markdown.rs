//! A lesson's Markdown: paragraphs, bold, lists, code; and a key chip where a key is named.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Frame, Label, Margin, Role, Sense, Ui, WidgetInfo};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::gui::editor::colored;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, View};
use crate::gui::widgets::{Button, Icon, label, paint_key_chip};

/// A run of words in one look.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    text: String,
    look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Plain,
    Bold,
    Code,
}

/// A block of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Paragraph(Vec<Run>),
    Item(String, Vec<Run>),
    Code(String),
}

/// Draws the text. A block of SQL has a button that puts it into the editor.
pub fn ui(ui: &mut Ui, view: &View<'_>, markdown: &str, actions: &mut Actions) {
    let color = view.theme.palette.text.primary;
    for block in parse(markdown) {
        match block {
            Block::Paragraph(runs) => words(ui, view, &runs, Type::Lesson, color),
            Block::Item(mark, runs) => {
                ui.horizontal_top(|ui| {
                    label(ui, Type::Body, mark, view.theme.palette.text.muted);
                    ui.vertical(|ui| words(ui, view, &runs, Type::Body, color));
                });
            }
            Block::Code(text) => {
                code_ui(ui, view, text.trim_end(), actions);
            }
        }
        ui.add_space(5.0);
    }
}

fn code_ui(ui: &mut Ui, view: &View<'_>, code: &str, actions: &mut Actions) {
    let palette = &view.theme.palette;
    Frame::new()
        .fill(palette.surface.editor)
        .stroke(view.theme.hairline())
        .corner_radius(view.theme.radius.control)
        .inner_margin(Margin::same(10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(colored(view.theme, code)).wrap().selectable(true));
            let words = view.tr("lesson-to-editor");
            if ui.add(Button::ghost(&words).icon(Icon::Keyboard).small()).clicked() {
                actions.push(Action::AddToEditor(code.to_owned()));
            }
        });
}

/// Draws one line of words in which keys are chips: questions and reasons.
pub fn line_ui(ui: &mut Ui, view: &View<'_>, markdown: &str, step: Type, color: Color32) {
    for block in parse(markdown) {
        if let Block::Paragraph(runs) = block {
            words(ui, view, &runs, step, color);
        }
    }
}

fn words(ui: &mut Ui, view: &View<'_>, runs: &[Run], step: Type, color: Color32) {
    let job = |runs: &[Run]| {
        let mut job = LayoutJob::default();
        runs.iter().for_each(|run| job.append(&run.text, 0.0, format(step, run.look, color)));
        job
    };
    if !runs.iter().any(|run| key_of(run).is_some()) {
        ui.add(Label::new(job(runs)).wrap());
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.set_row_height(step.style().line_height);
        ui.spacing_mut().item_spacing = egui::vec2(0.0, 2.0);
        for run in runs {
            match key_of(run) {
                Some(key) => {
                    key_in_line(ui, view, key, step.style().line_height);
                }
                None => {
                    ui.add(Label::new(job(std::slice::from_ref(run))).wrap());
                }
            }
        }
    });
}

/// A key's chip, as high as the line that it stands in.
fn key_in_line(ui: &mut Ui, view: &View<'_>, key: &str, height: f32) {
    let (rect, response) = ui.allocate_exact_size(egui::vec2(20.0, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, key));
    let color = key_color(view, key);
    paint_key_chip(ui.painter(), rect.center(), 8.5, view.theme, color, key);
}

/// The key that a piece of code names: one lowercase letter.
fn key_of(run: &Run) -> Option<&str> {
    let single = run.text.len() == 1 && run.text.bytes().all(|b| b.is_ascii_lowercase());
    (run.look == Look::Code && single).then_some(run.text.as_str())
}

/// The colour that the key has on the stage; before any job, that of its place in the alphabet.
fn key_color(view: &View<'_>, key: &str) -> usize {
    let job = view.job.and_then(|id| view.model.job(id));
    let on_stage = job.and_then(|job| job.palette.color(key)).map(usize::from);
    let letter = key.bytes().next().map_or(0, |byte| usize::from(byte.saturating_sub(b'a')));
    on_stage.unwrap_or(letter)
}

fn format(step: Type, look: Look, color: Color32) -> TextFormat {
    let step = match (look, step) {
        (Look::Plain, step) => step,
        (Look::Bold, Type::Lesson) => Type::LessonStrong,
        (Look::Bold, Type::Label) => Type::LabelStrong,
        (Look::Bold, _) => Type::Strong,
        (Look::Code, _) => Type::Code,
    };
    TextFormat {
        font_id: step.font(),
        color,
        line_height: Some(step.style().line_height),
        ..TextFormat::default()
    }
}

/// What has been read of a block.
#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    runs: Vec<Run>,
    bold: bool,
    in_item: bool,
    number: Option<u64>,
    fenced: Option<String>,
}

fn parse(markdown: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    Parser::new(markdown).for_each(|event| reader.read(event));
    reader.blocks
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Strong | Tag::Emphasis) => self.bold = true,
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => self.bold = false,
            Event::Start(Tag::List(first)) => self.number = first,
            Event::Start(Tag::Item) => self.in_item = true,
            Event::Start(Tag::CodeBlock(_)) => self.fenced = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => {
                self.blocks.extend(self.fenced.take().map(Block::Code));
            }
            Event::End(TagEnd::Paragraph) if !self.in_item => {
                self.blocks.push(Block::Paragraph(std::mem::take(&mut self.runs)));
            }
            Event::End(TagEnd::Item) => self.end_item(),
            Event::Text(text) => match &mut self.fenced {
                Some(code) => code.push_str(&text),
                None => self.push(&text, if self.bold { Look::Bold } else { Look::Plain }),
            },
            Event::Code(text) => self.push(&text, Look::Code),
            Event::SoftBreak | Event::HardBreak => self.push(" ", Look::Plain),
            _ => {}
        }
    }

    fn push(&mut self, text: &str, look: Look) {
        self.runs.push(Run { text: text.to_owned(), look });
    }

    fn end_item(&mut self) {
        let mark = self.number.map_or("•".to_owned(), |n| format!("{n}."));
        self.number = self.number.map(|n| n + 1);
        self.in_item = false;
        self.blocks.push(Block::Item(mark, std::mem::take(&mut self.runs)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, look: Look) -> Run {
        Run { text: text.into(), look }
    }

    #[test]
    fn paragraphs_lists_bold_and_keys() {
        let blocks = parse("Os alunos `a` e **b**.\n\n1. um\n2. **dois**\n");
        let paragraph = vec![
            run("Os alunos ", Look::Plain),
            run("a", Look::Code),
            run(" e ", Look::Plain),
            run("b", Look::Bold),
            run(".", Look::Plain),
        ];
        assert_eq!(paragraph.iter().filter_map(key_of).collect::<Vec<_>>(), ["a"]);
        assert_eq!(
            blocks,
            [
                Block::Paragraph(paragraph),
                Block::Item("1.".into(), vec![run("um", Look::Plain)]),
                Block::Item("2.".into(), vec![run("dois", Look::Bold)]),
            ]
        );
    }
}
