//! The program: gives the library its arguments, and the window if it has one.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "gui")]
    let window: Option<riacho::cli::window::OpenWindow> = Some(riacho::gui::run);
    #[cfg(not(feature = "gui"))]
    let window = None;
    riacho::cli::main(window)
}
