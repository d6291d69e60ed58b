//! The shape of `assets/tokens.toml`. Colours are sRGB, sizes are points, durations milliseconds.

use egui::{Color32, Shadow};
use serde::{Deserialize, Deserializer, de::Error as _};

const BUILT_IN: &str = include_str!("../../../assets/tokens.toml");

/// Declares structs of the file whose fields all have one type.
macro_rules! group {
    ($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? } of $inner:ty, read with $read:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[allow(missing_docs, reason = "the names are those of the token file")]
        pub struct $name { $(#[serde(deserialize_with = $read)] pub $field: $inner),* }
    };
}

group!(/** Grounds, from the window up to what floats. */
    Surface { window, panel, raised, overlay, inset, editor } of Color32, read with "color");
group!(/** Hairlines and outlines. */
    Line { hairline, strong } of Color32, read with "color");
group!(/** The brook's bed: fill and edge of a channel; also empty tracks. */
    Channel { fill, edge } of Color32, read with "color");
group!(/** What must be read, the rest, and labels. */
    TextColors { primary, secondary, muted } of Color32, read with "color");
group!(/** Selected, focused, progress. */
    Accent { text, fill, on_fill, soft } of Color32, read with "color");
group!(/** Done, waiting, failed; `_soft` are their grounds. */
    Status { ok, ok_soft, warn, warn_soft, danger, danger_soft } of Color32, read with "color");
group!(/** The parts of a load bar. */
    Load { busy, pressure, idle } of Color32, read with "color");
group!(/** What travels beside records. */
    Stream { watermark, barrier } of Color32, read with "color");
group!(/** Row kinds in tables. */
    RowKinds { insert, update_after, update_before, delete } of Color32, read with "color");
group!(/** Code. */
    Syntax { keyword, function, string, number, comment } of Color32, read with "color");

/// Fills and inks of keys, by the order in which keys appear.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Keys {
    /// Fills.
    #[serde(deserialize_with = "colors")]
    pub fill: Vec<Color32>,
    /// What is legible on the fill of the same position.
    #[serde(deserialize_with = "colors")]
    pub ink: Vec<Color32>,
}

/// The one soft shadow, for what floats.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ShadowToken {
    #[serde(deserialize_with = "color")]
    color: Color32,
    offset: [i8; 2],
    blur: u8,
    spread: u8,
}

impl ShadowToken {
    /// As egui draws it.
    pub fn shadow(&self) -> Shadow {
        Shadow { offset: self.offset, blur: self.blur, spread: self.spread, color: self.color }
    }
}

/// The colours of one ground.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "each type says what it holds")]
pub struct Palette {
    pub surface: Surface,
    pub line: Line,
    pub channel: Channel,
    pub text: TextColors,
    pub accent: Accent,
    pub status: Status,
    pub load: Load,
    pub stream: Stream,
    pub row: RowKinds,
    pub syntax: Syntax,
    pub key: Keys,
    pub shadow: ShadowToken,
}

/// One step of the type scale; written as `[size, line height, bold]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "(f32, f32, bool)")]
pub struct TypeStyle {
    /// Points.
    pub size: f32,
    /// Points from one baseline to the next.
    pub line_height: f32,
    /// Whether it is set in the bold cut.
    pub bold: bool,
}

impl From<(f32, f32, bool)> for TypeStyle {
    fn from((size, line_height, bold): (f32, f32, bool)) -> Self {
        Self { size, line_height, bold }
    }
}

impl TypeStyle {
    /// The same step in the bold cut.
    #[must_use]
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// The type scale.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct TypeScale {
    pub display: TypeStyle,
    pub title: TypeStyle,
    pub section: TypeStyle,
    pub lesson: TypeStyle,
    pub body: TypeStyle,
    pub strong: TypeStyle,
    pub label: TypeStyle,
    pub code: TypeStyle,
    pub presenter_score: TypeStyle,
    pub presenter_title: TypeStyle,
    pub presenter_text: TypeStyle,
    pub presenter_axis: TypeStyle,
}

/// Heights and widths.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct Sizes {
    pub top_bar: f32,
    pub top_bar_compact: f32,
    pub panel_head: f32,
    pub transport: f32,
    pub transport_compact: f32,
    pub lesson_pane: f32,
    pub lesson_pane_compact: f32,
    pub inspector: f32,
    pub inspector_rail: f32,
    pub button: f32,
    pub button_small: f32,
    pub table_row: f32,
    pub table_head: f32,
    pub chip: f32,
    pub hit_min: f32,
    pub channel_width: f32,
    pub record_radius: f32,
    pub record_radius_compact: f32,
    pub record_radius_dense: f32,
}

/// Corner radii.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct Radii {
    pub chip: u8,
    pub panel: u8,
    pub card: u8,
    pub control: u8,
    pub small: u8,
}

/// Stroke widths.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct Strokes {
    pub hairline: f32,
    pub state: f32,
    pub icon: f32,
    pub hollow_record: f32,
    pub watermark: f32,
    pub barrier: f32,
    pub staircase: f32,
    pub focus_ring: f32,
    pub focus_gap: f32,
}

/// Durations in milliseconds, and how fast a record may travel.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct Motion {
    pub press: f32,
    pub hover: f32,
    pub panel: f32,
    pub value_flash: f32,
    pub toast_in: f32,
    pub toast_stay: f32,
    pub state_change: f32,
    pub key_group_move: f32,
    pub record_pixels_per_second_max: f32,
}

/// Space between and inside panels.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct Space {
    pub panel_gap: f32,
    pub panel_pad: f32,
    pub panel_pad_compact: f32,
}

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the token file")]
pub struct Tokens {
    pub dark: Palette,
    pub light: Palette,
    #[serde(rename = "type")]
    pub scale: TypeScale,
    pub space: Space,
    pub size: Sizes,
    pub radius: Radii,
    pub stroke: Strokes,
    pub motion: Motion,
}

impl Tokens {
    /// The file that is built in.
    ///
    /// # Errors
    /// The parser's, if the file does not have the shape above.
    pub fn built_in() -> Result<Self, toml::de::Error> {
        toml::from_str(BUILT_IN)
    }
}

fn color<'de, D: Deserializer<'de>>(from: D) -> Result<Color32, D::Error> {
    let text = String::deserialize(from)?;
    Color32::from_hex(&text).map_err(|_| D::Error::custom(format!("not a colour: {text}")))
}

fn colors<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Color32>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    texts
        .iter()
        .map(|text| {
            Color32::from_hex(text).map_err(|_| D::Error::custom(format!("not a colour: {text}")))
        })
        .collect()
}
