//! Notices: short words that float in and go, and errors that stay until they are closed.

use egui::{
    Align, Align2, Area, Context, Frame, Id, Layout, Margin, Order, Role, Sense, WidgetInfo, vec2,
};

use super::theme::{Theme, Type};
use super::widgets::{Icon, IconButton, Tone, icon_mark, text};
use crate::base::Error;
use crate::i18n::{self, Language};

/// What is to be said.
#[derive(Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    next: u64,
}

#[derive(Debug)]
struct Notice {
    id: u64,
    tone: Tone,
    words: Words,
    /// On the window's clock; known once it was drawn.
    until: Option<f64>,
}

/// The words are found when they are drawn, so that they follow the language.
#[derive(Debug)]
enum Words {
    Message(&'static str),
    Error(String),
}

impl Notices {
    const MOST: usize = 4;

    /// Says the words of a message for a while.
    pub fn say(&mut self, tone: Tone, message: &'static str) {
        self.push(tone, Words::Message(message));
    }

    /// Tells of an error, until it is closed.
    pub fn error(&mut self, language: Language, error: &Error) {
        self.push(Tone::Danger, Words::Error(i18n::error_text(language, error)));
    }

    fn push(&mut self, tone: Tone, words: Words) {
        self.next += 1;
        self.list.push(Notice { id: self.next, tone, words, until: None });
        let surplus = self.list.len().saturating_sub(Self::MOST);
        self.list.drain(..surplus);
    }
}

/// Draws the notices at the lower right.
pub fn ui(ctx: &Context, language: Language, notices: &mut Notices) {
    if notices.list.is_empty() {
        return;
    }
    let now = ctx.input(|input| input.time);
    let theme = Theme::get(ctx.theme() == egui::Theme::Dark);
    let stay = f64::from(theme.motion.toast_stay) / 1000.0;
    let mut closed = None;
    Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -108.0))
        .show(ctx, |ui| {
            for notice in &mut notices.list {
                if matches!(notice.words, Words::Message(_)) {
                    let until = *notice.until.get_or_insert(now + stay);
                    let left = (until - now).max(0.0);
                    ctx.request_repaint_after(std::time::Duration::from_secs_f64(left));
                }
                if notice_ui(ui, language, theme, notice) {
                    closed = Some(notice.id);
                }
            }
        });
    notices.list.retain(|n| Some(n.id) != closed && n.until.is_none_or(|until| now < until));
}

fn notice_ui(ui: &mut egui::Ui, language: Language, theme: &Theme, notice: &Notice) -> bool {
    let (text, icon) = match &notice.words {
        Words::Message(id) => (i18n::tr(language, id), Icon::Check),
        Words::Error(text) => (text.clone(), Icon::Warning),
    };
    let frame = Frame::new()
        .fill(theme.palette.surface.overlay)
        .stroke(theme.outline())
        .shadow(theme.palette.shadow.shadow())
        .corner_radius(theme.radius.card)
        .inner_margin(Margin::symmetric(14, 8));
    frame
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let (_, ink) = notice.tone.colors(theme);
                icon_mark(ui, icon, ink, 18.0, "");
                paragraph(ui, theme, &text);
                let name = i18n::tr(language, "notice-close");
                ui.add(IconButton::new(Icon::Cross, &name).side(28.0)).clicked()
            })
            .inner
        })
        .inner
}

/// The words, in as many lines as they need.
fn paragraph(ui: &mut egui::Ui, theme: &Theme, words: &str) {
    const WIDEST: f32 = 400.0;
    let look = (Type::Body, theme.palette.text.primary);
    let galley = text::paragraph(ui.painter(), look, words, WIDEST, usize::MAX);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.painter().galley(rect.min, galley, look.1);
}
