//! `riacho` alone: the window, or a word on why it cannot open and what works without it.

use crate::i18n::{Language, tr, tr_args};

/// Opens the window and stays until it is closed; `Err` says why it could not open. The program's
/// entry gives it, since a door does not know the other. Absent: built without the window.
pub type OpenWindow = fn(Language) -> Result<(), String>;

/// Opens the window if there is one and a display for it. `Err` is what to tell the person instead.
///
/// # Errors
/// Words that name the commands which need no display.
pub fn open(language: Language, window: Option<OpenWindow>) -> Result<(), String> {
    let opened = match window {
        None => Err(tr(language, "cli-no-window")),
        Some(_) if !has_display() => Err(tr(language, "cli-no-display-variable")),
        Some(window) => window(language),
    };
    opened.map_err(|reason| refusal(language, &reason))
}

fn refusal(language: Language, reason: &str) -> String {
    tr_args(language, "cli-no-display", &[("reason", reason.into())])
}

/// Elsewhere than on X11 and Wayland systems there always is one.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
