//! The keys of the window, in one table: what each does, and its words for the page of help.

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use super::view::{Action, Actions, Moment, RunScope};

/// A key and what it does.
pub struct Shortcut {
    /// The key.
    pub keys: KeyboardShortcut,
    /// The message that says what it does.
    pub words: &'static str,
    /// Whether it also works while somebody types.
    pub while_typing: bool,
    action: Action,
}

const NONE: Modifiers = Modifiers::NONE;

/// All keys of the window.
pub fn all() -> Vec<Shortcut> {
    let key = |modifiers, key, words, while_typing, action| Shortcut {
        keys: KeyboardShortcut::new(modifiers, key),
        words,
        while_typing,
        action,
    };
    vec![
        key(Modifiers::COMMAND, Key::Enter, "key-run", true, Action::Run(RunScope::AtCaret)),
        key(NONE, Key::F5, "key-run-all", true, Action::Run(RunScope::All)),
        key(NONE, Key::F6, "key-play", true, Action::TogglePlay),
        key(NONE, Key::F7, "key-step", true, Action::Step),
        key(NONE, Key::Space, "key-play", false, Action::TogglePlay),
        key(NONE, Key::ArrowRight, "key-step", false, Action::Step),
        key(NONE, Key::ArrowLeft, "key-back", false, Action::Look(Moment::Back)),
        key(NONE, Key::Home, "key-start", false, Action::Look(Moment::Start)),
        key(NONE, Key::End, "key-live", false, Action::Look(Moment::Live)),
        key(NONE, Key::F11, "key-board", true, Action::ToggleBoard),
        key(Modifiers::SHIFT, Key::F11, "key-full-screen", true, Action::ToggleFullScreen),
        key(NONE, Key::F1, "key-help", true, Action::ToggleHelp),
        key(Modifiers::COMMAND, Key::L, "key-lesson", true, Action::ToggleLesson),
        key(
            Modifiers::COMMAND | Modifiers::SHIFT,
            Key::T,
            "key-paste-table",
            true,
            Action::PasteTable,
        ),
        key(Modifiers::COMMAND, Key::T, "key-theme", true, Action::ToggleTheme),
    ]
}

/// Reads the keys of this frame. Bare keys count only while nothing has the keyboard: arrows and
/// space belong to what is focused.
pub fn read(ctx: &Context, board: bool, actions: &mut Actions) {
    let focused = ctx.memory(|memory| memory.focused().is_some());
    for shortcut in all() {
        if focused && !shortcut.while_typing {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(&shortcut.keys)) {
            actions.push(shortcut.action);
        }
    }
    if board && ctx.input_mut(|input| input.consume_key(NONE, Key::Escape)) {
        actions.push(Action::ToggleBoard);
    }
}
