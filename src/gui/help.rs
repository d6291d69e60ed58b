//! The page of shortcuts, whether things move, and what Riacho is.

use egui::{
    Align, Context, Frame, Grid, Id, Key, KeyboardShortcut, Layout, Margin, Modal, ScrollArea, Ui,
    vec2,
};

use super::settings::Settings;
use super::shortcuts;
use super::theme::{Theme, Type};
use super::widgets::{Icon, IconButton, keycap, label};
use crate::i18n::{self, Language};

/// Draws the page over the window.
pub fn ui(ctx: &Context, settings: &mut Settings, open: &mut bool) {
    let language = settings.language;
    let theme = Theme::get(ctx.theme() == egui::Theme::Dark);
    let frame = Frame::new()
        .fill(theme.palette.surface.overlay)
        .stroke(theme.outline())
        .corner_radius(theme.radius.panel)
        .shadow(theme.palette.shadow.shadow())
        .inner_margin(Margin::same(24));
    let response = Modal::new(Id::unique("help")).frame(frame).show(ctx, |ui| {
        ui.set_width(480.0);
        let closed = head(ui, theme, language);
        body(ui, theme, settings);
        closed
    });
    if response.inner || response.should_close() {
        *open = false;
    }
}

/// The title; true when the page is closed.
fn head(ui: &mut Ui, theme: &Theme, language: Language) -> bool {
    let (title, close) = (i18n::tr(language, "help-title"), i18n::tr(language, "help-close"));
    ui.horizontal(|ui| {
        label(ui, Type::Title, title, theme.palette.text.primary);
        let right = Layout::right_to_left(Align::Center);
        ui.with_layout(right, |ui| ui.add(IconButton::new(Icon::Cross, &close)).clicked()).inner
    })
    .inner
}

fn body(ui: &mut Ui, theme: &Theme, settings: &mut Settings) {
    let language = settings.language;
    ui.add_space(4.0);
    ui.checkbox(&mut settings.reduced_motion, i18n::tr(language, "help-reduced-motion"));
    ui.add_space(8.0);
    // All keys at once, where the window is high enough.
    let most = ui.ctx().content_rect().height() - 220.0;
    ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, |ui| {
        Grid::new("keys").spacing(vec2(24.0, 8.0)).show(ui, |ui| {
            for shortcut in shortcuts::all() {
                keycap(ui, &keys(ui.ctx(), language, &shortcut.keys));
                let words = i18n::tr(language, shortcut.words);
                label(ui, Type::Body, words, theme.palette.text.secondary);
                ui.end_row();
            }
        });
        ui.add_space(16.0);
        let about = i18n::tr(language, "help-about");
        label(ui, Type::Label, about, theme.palette.text.muted);
    });
}

/// A key as it is written on keyboards.
fn keys(ctx: &Context, language: Language, keys: &KeyboardShortcut) -> String {
    match keys.logical_key {
        Key::Space => i18n::tr(language, "key-name-space"),
        Key::ArrowRight => "→".to_owned(),
        Key::ArrowLeft => "←".to_owned(),
        _ => ctx.format_shortcut(keys),
    }
}
