//! Clocks, drivers, time control, and the session that runs statements.
//!
//! The only folder with wall clocks, sleeps and threads. What the doors see of it is plain data
//! ([`api`]), so that a remote cluster can stand behind the same window later.

pub mod api;
