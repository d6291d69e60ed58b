//! IBM Plex, four cuts, with egui's own fonts behind them for the signs that Plex lacks.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

const SANS: &str = "plex-sans";
const SANS_BOLD: &str = "plex-sans-bold";
const MONO: &str = "plex-mono";
const MONO_BOLD: &str = "plex-mono-bold";

/// The family of a cut.
pub fn family(mono: bool, bold: bool) -> FontFamily {
    match (mono, bold) {
        (false, false) => FontFamily::Proportional,
        (true, false) => FontFamily::Monospace,
        (false, true) => FontFamily::Name(SANS_BOLD.into()),
        (true, true) => FontFamily::Name(MONO_BOLD.into()),
    }
}

/// All fonts of the window.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let fallbacks: Vec<String> = ["Hack", "Ubuntu-Light", "NotoEmoji-Regular", "emoji-icon-font"]
        .into_iter()
        .filter(|name| fonts.font_data.contains_key(*name))
        .map(str::to_owned)
        .collect();
    let cuts: [(&str, FontFamily, &'static [u8]); 4] = [
        (
            SANS,
            family(false, false),
            include_bytes!("../../../assets/fonts/IBMPlexSans_400Regular.ttf"),
        ),
        (
            SANS_BOLD,
            family(false, true),
            include_bytes!("../../../assets/fonts/IBMPlexSans_600SemiBold.ttf"),
        ),
        (
            MONO,
            family(true, false),
            include_bytes!("../../../assets/fonts/IBMPlexMono_400Regular.ttf"),
        ),
        (
            MONO_BOLD,
            family(true, true),
            include_bytes!("../../../assets/fonts/IBMPlexMono_600SemiBold.ttf"),
        ),
    ];
    for (name, family, bytes) in cuts {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let chain = std::iter::once(name.to_owned()).chain(fallbacks.iter().cloned()).collect();
        fonts.families.insert(family, chain);
    }
    fonts
}
