//! The program: gives the library its window, and its arguments to the command line.

use std::process::ExitCode;

use riacho::cli::window::OpenWindow;

fn main() -> ExitCode {
    riacho::cli::main(WINDOW)
}

#[cfg(feature = "gui")]
const WINDOW: Option<OpenWindow> = Some(riacho::gui::run);

#[cfg(not(feature = "gui"))]
const WINDOW: Option<OpenWindow> = None;
