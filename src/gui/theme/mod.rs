//! Colours, type and measures of the window, read from `assets/tokens.toml`.
//!
//! A [`Theme`] is what drawing code asks for a colour or a size; raw colours appear nowhere else.
//! Not here: egui's own style (see [`style`]) and the font files (see [`fonts`]).

pub mod fonts;
pub mod style;
pub mod tokens;

use std::sync::LazyLock;

use egui::{Color32, FontId, RichText, Stroke, Ui};

pub use tokens::{
    Accent, Channel, Line, Load, Motion, Palette, Radii, RowKinds, Sizes, Status, Stream, Strokes,
    Surface, Syntax, TextColors, TypeScale, TypeStyle,
};

use crate::data::RowKind;
use tokens::Tokens;

/// Everything that drawing needs to know of the look, for one of the two grounds.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    /// Whether the ground is dark.
    pub dark: bool,
    /// The colours.
    pub palette: Palette,
    /// The type scale.
    pub scale: TypeScale,
    /// Heights and widths in points.
    pub size: Sizes,
    /// Corner radii in points.
    pub radius: Radii,
    /// Stroke widths in points.
    pub stroke: Strokes,
    /// Durations in milliseconds.
    pub motion: Motion,
}

static THEMES: LazyLock<[Theme; 2]> = LazyLock::new(|| {
    // A test holds that the file parses; a broken one would draw everything in the default colour.
    let tokens = Tokens::built_in().unwrap_or_default();
    [false, true].map(|dark| Theme {
        dark,
        palette: if dark { tokens.dark.clone() } else { tokens.light.clone() },
        scale: tokens.scale.clone(),
        size: tokens.size.clone(),
        radius: tokens.radius.clone(),
        stroke: tokens.stroke.clone(),
        motion: tokens.motion.clone(),
    })
});

impl Theme {
    /// The dark or the light theme.
    pub fn get(dark: bool) -> &'static Self {
        &THEMES[usize::from(dark)]
    }

    /// The theme that a part of the screen is drawn with.
    pub fn of(ui: &Ui) -> &'static Self {
        Self::get(ui.visuals().dark_mode)
    }

    /// A thin line of rest.
    pub fn hairline(&self) -> Stroke {
        Stroke::new(self.stroke.hairline, self.palette.line.hairline)
    }

    /// The outline of what can be pressed or holds something.
    pub fn outline(&self) -> Stroke {
        Stroke::new(self.stroke.hairline, self.palette.line.strong)
    }

    /// The fill and the ink of the `index`-th key. From the ninth key on it is the eighth's fill;
    /// the letter tells them apart.
    pub fn key_colors(&self, index: usize) -> (Color32, Color32) {
        let pick = |colors: &[Color32]| {
            colors.get(index).or(colors.last()).copied().unwrap_or(self.palette.text.primary)
        };
        (pick(&self.palette.key.fill), pick(&self.palette.key.ink))
    }

    /// The colour of a row kind in a table.
    pub fn row_color(&self, kind: RowKind) -> Color32 {
        let row = &self.palette.row;
        match kind {
            RowKind::Insert => row.insert,
            RowKind::UpdateBefore => row.update_before,
            RowKind::UpdateAfter => row.update_after,
            RowKind::Delete => row.delete,
        }
    }
}

/// The steps of the type scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the type scale")]
pub enum Type {
    Display,
    Title,
    Section,
    Lesson,
    LessonStrong,
    Body,
    Strong,
    Label,
    LabelStrong,
    Code,
    CodeStrong,
    PresenterScore,
    PresenterTitle,
    PresenterText,
    PresenterAxis,
}

impl Type {
    /// Size, line height and weight.
    pub fn style(self) -> TypeStyle {
        let scale = &Theme::get(true).scale;
        match self {
            Self::Display => scale.display,
            Self::Title => scale.title,
            Self::Section => scale.section,
            Self::Lesson => scale.lesson,
            Self::LessonStrong => scale.lesson.bold(),
            Self::Body => scale.body,
            Self::Strong => scale.strong,
            Self::Label => scale.label,
            Self::LabelStrong => scale.label.bold(),
            Self::Code => scale.code,
            Self::CodeStrong => scale.code.bold(),
            Self::PresenterScore => scale.presenter_score,
            Self::PresenterTitle => scale.presenter_title,
            Self::PresenterText => scale.presenter_text,
            Self::PresenterAxis => scale.presenter_axis,
        }
    }

    /// The font of this step.
    pub fn font(self) -> FontId {
        let style = self.style();
        let mono = matches!(self, Self::Code | Self::CodeStrong);
        FontId::new(style.size, fonts::family(mono, style.bold))
    }

    /// Text of this step in a colour.
    pub fn text(self, text: impl Into<String>, color: Color32) -> RichText {
        RichText::new(text)
            .font(self.font())
            .line_height(Some(self.style().line_height))
            .color(color)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_tokens_parse_and_hold_two_palettes_of_eight_keys() {
        let tokens = Tokens::built_in().unwrap();
        for palette in [&tokens.dark, &tokens.light] {
            assert_eq!((palette.key.fill.len(), palette.key.ink.len()), (8, 8));
        }
        assert_eq!(Theme::get(true).palette.surface.window, Color32::from_rgb(0x0A, 0x13, 0x17));
        assert_eq!(Theme::get(false).palette.accent.text, Color32::from_rgb(0x06, 0x6C, 0x66));
    }

    #[test]
    fn a_ninth_key_takes_the_fill_of_the_eighth() {
        let theme = Theme::get(true);
        assert_eq!(theme.key_colors(8), theme.key_colors(7));
        assert_ne!(theme.key_colors(0), theme.key_colors(1));
    }
}
