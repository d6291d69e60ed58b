//! The window: draws the model and sends commands. No logic of the engine lives here.
//!
//! Panels are functions that read a [`view::View`], keep a small state struct of their own, and push
//! [`view::Action`]s; [`app`] is the one place that drains the engine, draws and carries out.

pub mod board;
pub mod inspector;
pub mod layout;
pub mod settings;
pub mod stage;
pub mod theme;
pub mod timeline;
pub mod view;
pub mod widgets;
