//! Opens the window on a lab of its own.

use eframe::{NativeOptions, Renderer};
use egui::{ViewportBuilder, vec2};

use super::app::LabApp;
use super::link::LabPort;
use super::settings::{Settings, Store};
use super::workspace;
use crate::base::{Error, Result};
use crate::i18n::{Language, error_text};
use crate::runtime::api::{Command, LabOptions, Update};
use crate::runtime::lab::Lab;

/// What the editor holds at the first start.
const WELCOME: &str = include_str!("../../assets/programs/welcome.sql");

impl LabPort for Lab {
    fn send(&mut self, command: Command) {
        Lab::send(self, command);
    }

    fn next(&mut self) -> Option<Update> {
        Lab::next(self)
    }
}

/// Opens the window on a lab, and comes back when it is closed. Without a root of its own the lab is
/// confined to the person's workspace. `language` is that of a person who
/// has not chosen one here yet.
///
/// # Errors
/// `workspace-not-made`; `window-not-opened` with the reason: no display, no graphics, no thread for the lab.
pub fn run(language: Language, mut options: LabOptions) -> Result<()> {
    if options.root.is_none() {
        options.root = workspace::of_user();
    }
    if let Some(root) = &options.root {
        std::fs::create_dir_all(root).map_err(|error| {
            Error::new("workspace-not-made").arg("path", root.display()).arg("reason", error)
        })?;
    }
    let root = options.root.clone();
    let viewport = ViewportBuilder::default()
        .with_title("Riacho")
        .with_app_id("riacho")
        .with_inner_size(vec2(1440.0, 900.0))
        .with_min_inner_size(vec2(800.0, 560.0));
    let native = NativeOptions {
        viewport,
        renderer: Renderer::Glow,
        // The settings are our own: one file, saved in one move.
        persist_window: false,
        // The look has no gradients, and a software renderer pays for every pixel that is dithered.
        dithering: false,
        ..NativeOptions::default()
    };
    let create = move |cc: &eframe::CreationContext<'_>| {
        let ctx = cc.egui_ctx.clone();
        let lab = Lab::start(options, move || ctx.request_repaint())
            .map_err(|error| error_text(language, &error))?;
        let first = Settings { language, editor: WELCOME.to_owned(), ..Settings::default() };
        let app = LabApp::new(&cc.egui_ctx, Box::new(lab), Store::of_user(), first);
        let app = app.in_workspace(root);
        Ok(Box::new(app) as Box<dyn eframe::App>)
    };
    eframe::run_native("riacho", native, Box::new(create))
        .map_err(|error| Error::new("window-not-opened").arg("reason", error))
}
