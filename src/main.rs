//! The program: gives the library its arguments, and the window if it has one.

use std::process::ExitCode;

fn main() -> ExitCode {
    riacho::cli::main(None)
}
