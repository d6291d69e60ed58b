//! The built-in programs of the DataStream API.

use super::Session;
use crate::base::{JobId, Result};
use crate::datastream::programs::{scoreboard, socket, wordcount};
use crate::runtime::api::Program;

impl Session {
    /// Starts a built-in program.
    ///
    /// # Errors
    /// What a graph that cannot be deployed is refused for.
    pub fn run_program(&mut self, program: &Program, parallelism: u32) -> Result<JobId> {
        let graph = match program {
            Program::Scoreboard { answers, exam_ends_at, open } => {
                scoreboard::program(answers.as_deref(), *exam_ends_at, *open, parallelism)
            }
            Program::WordCount => wordcount::program(parallelism),
            Program::SocketWindowWordCount { hostname, port } => {
                socket::program(hostname, *port, parallelism)
            }
        };
        self.submit(graph)
    }
}
