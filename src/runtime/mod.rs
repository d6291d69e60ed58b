//! Clocks, drivers, time control, and the session that runs statements.
//!
//! The only folder with wall clocks, sleeps and threads. What the doors see of it is plain data
//! ([`api`]), so that a remote cluster can stand behind the same window later.

pub mod api;
pub mod clock;
pub mod editor;
pub mod engine;
pub mod lab;
pub mod listener;
mod news;
pub mod pace;
pub mod result_store;
pub mod session;
pub mod stdout_store;
pub mod step_driver;
pub mod threads_driver;
pub mod trace_buffer;

pub use engine::{Budget, Engine, Pumped};
