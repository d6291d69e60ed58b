//! egui's own style, made of the tokens: what text fields, scroll bars, menus and sliders look like.

use egui::style::{ScrollStyle, WidgetVisuals};
use egui::{Color32, Context, CornerRadius, Margin, Stroke, Style, TextStyle, Visuals, vec2};

use super::{Theme, Type, fonts};

/// Gives a context the fonts and both styles.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.set_style_of(egui::Theme::Dark, style(Theme::get(true)));
    ctx.set_style_of(egui::Theme::Light, style(Theme::get(false)));
}

fn style(theme: &Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, Type::Label),
        (TextStyle::Body, Type::Body),
        (TextStyle::Button, Type::Strong),
        (TextStyle::Heading, Type::Title),
        (TextStyle::Monospace, Type::Code),
    ]
    .map(|(style, step)| (style, step.font()))
    .into();
    style.animation_time = theme.motion.hover / 1000.0;
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(12.0, 6.0);
    style.spacing.interact_size = vec2(theme.size.hit_min, theme.size.hit_min);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.scroll = ScrollStyle { bar_width: 6.0, ..ScrollStyle::thin() };
    style.interaction.selectable_labels = false;
    style
}

fn visuals(theme: &Theme) -> Visuals {
    let palette = &theme.palette;
    let base = if theme.dark { Visuals::dark() } else { Visuals::light() };
    let radius = CornerRadius::same(theme.radius.control);
    let widget = |fill: Color32, line: Color32, ink: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(theme.stroke.hairline, line),
        corner_radius: radius,
        fg_stroke: Stroke::new(theme.stroke.icon, ink),
        expansion: 0.0,
    };
    let (raised, overlay) = (palette.surface.raised, palette.surface.overlay);
    let (weak, strong) = (palette.line.hairline, palette.line.strong);
    let (primary, secondary) = (palette.text.primary, palette.text.secondary);
    let mut visuals = Visuals {
        dark_mode: theme.dark,
        hyperlink_color: palette.accent.text,
        faint_bg_color: raised,
        extreme_bg_color: palette.surface.inset,
        code_bg_color: palette.surface.raised,
        warn_fg_color: palette.status.warn,
        error_fg_color: palette.status.danger,
        window_corner_radius: CornerRadius::same(theme.radius.panel),
        menu_corner_radius: CornerRadius::same(theme.radius.card),
        window_fill: overlay,
        window_stroke: Stroke::new(theme.stroke.hairline, strong),
        window_shadow: palette.shadow.shadow(),
        popup_shadow: palette.shadow.shadow(),
        panel_fill: palette.surface.panel,
        weak_text_color: Some(palette.text.muted),
        handle_shape: egui::style::HandleShape::Circle,
        text_edit_bg_color: Some(palette.surface.editor),
        ..base
    };
    visuals.selection.bg_fill = palette.accent.soft;
    visuals.selection.stroke = Stroke::new(theme.stroke.focus_ring, palette.accent.text);
    visuals.text_cursor.stroke = Stroke::new(2.0, palette.accent.text);
    visuals.widgets.noninteractive = widget(palette.surface.panel, weak, secondary);
    visuals.widgets.inactive = widget(raised, strong, primary);
    visuals.widgets.hovered = widget(overlay, strong, primary);
    visuals.widgets.active = widget(palette.accent.soft, palette.accent.text, primary);
    visuals.widgets.open = widget(overlay, strong, primary);
    visuals
}
