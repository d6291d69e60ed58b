//! `riacho` alone: the window, or a word on why it cannot open and what works without it.

use crate::base::Error;
use crate::i18n::Language;
use crate::runtime::api::LabOptions;

/// Opens the window on a lab and stays until it is closed. The program's entry gives it, since one
/// door does not know the other.
pub type OpenWindow = fn(Language, LabOptions) -> Result<(), Error>;

/// Opens the window if the program was built with one, and there is a display for it.
///
/// # Errors
/// `window-not-built`, `no-display`, and those of the window.
pub fn open(
    language: Language,
    window: Option<OpenWindow>,
    options: LabOptions,
) -> Result<(), Error> {
    match window {
        None => Err(Error::new("window-not-built")),
        Some(_) if !has_display() => Err(Error::new("no-display")),
        Some(window) => window(language, options),
    }
}

/// Elsewhere than on X11 and Wayland systems there always is one.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
