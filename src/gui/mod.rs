//! The window: draws the model and sends commands. No logic of the engine lives here.
//!
//! Panels are functions that read a [`view::View`], keep a small state struct of their own, and push
//! [`view::Action`]s; [`app`] is the one place that drains the engine, draws and carries out.

pub mod app;
pub mod board;
mod editor;
mod help;
pub mod inspector;
pub mod layout;
mod lesson_pane;
pub mod link;
mod notices;
mod panels;
mod paste;
mod results;
mod run;
pub mod settings;
mod shortcuts;
pub mod stage;
pub mod theme;
pub mod timeline;
mod top_bar;
mod transport;
pub mod view;
pub mod widgets;
mod workspace;

pub use run::run;
