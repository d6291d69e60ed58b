//! The bar of time: play, pause, one record further or back, the speed, the clock; beside them the
//! timeline.

use egui::{Align, Layout, Slider, Ui, UiBuilder, vec2};

use super::theme::Type;
use super::timeline::{self, TimelineState};
use super::view::{Action, Actions, Moment, View};
use super::widgets::{Icon, IconButton, label};
use crate::gui::stage::words::lab_time;
use crate::i18n::number;
use crate::runtime::api::Command;

/// From this position of the slider on, time goes as fast as it can.
const FULL_SPEED: f64 = 1_000.0;
const SLOWEST: f64 = 0.05;

/// Draws the bar.
pub fn ui(ui: &mut Ui, view: &View<'_>, state: &mut TimelineState, actions: &mut Actions) {
    let pad = if view.compact { 10.0 } else { 16.0 };
    let inner = ui.max_rect().shrink2(vec2(pad, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    row.spacing_mut().item_spacing = vec2(6.0, 2.0);
    buttons(&mut row, view, actions);
    row.add_space(if view.compact { 6.0 } else { 16.0 });
    speed(&mut row, view, actions);
    row.add_space(if view.compact { 6.0 } else { 16.0 });
    if !view.compact {
        clock(&mut row, view);
        row.add_space(16.0);
    }
    let rest = row.available_rect_before_wrap();
    let mut rest = row.new_child(UiBuilder::new().id_salt("timeline").max_rect(rest));
    timeline::ui(&mut rest, view, state, actions);
}

fn buttons(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    let mut press = |ui: &mut Ui, icon, id: &str, enabled: bool, action: Action| {
        let name = view.tr(id);
        if ui.add(IconButton::new(icon, &name).side(34.0).enabled(enabled)).clicked() {
            actions.push(action);
        }
    };
    let past = view.recording.span().0 < view.model.next;
    press(ui, Icon::SkipStart, "time-start", past, Action::Look(Moment::Start));
    press(ui, Icon::StepBack, "time-back", past, Action::Look(Moment::Back));
    let (icon, id) =
        if view.clock.playing { (Icon::Pause, "time-pause") } else { (Icon::Play, "time-play") };
    let name = view.tr(id);
    if ui.add(IconButton::new(icon, &name).side(40.0).round()).clicked() {
        actions.push(Action::TogglePlay);
    }
    let mut press = |ui: &mut Ui, icon, id: &str, enabled: bool, action: Action| {
        let name = view.tr(id);
        if ui.add(IconButton::new(icon, &name).side(34.0).enabled(enabled)).clicked() {
            actions.push(action);
        }
    };
    press(ui, Icon::StepForward, "time-step", true, Action::Step);
    press(ui, Icon::SkipEnd, "time-live", !view.clock.at_live, Action::Look(Moment::Live));
}

fn speed(ui: &mut Ui, view: &View<'_>, actions: &mut Actions) {
    let width = if view.compact { 90.0 } else { 130.0 };
    ui.allocate_ui_with_layout(vec2(width, 44.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.spacing_mut().interact_size.y = 16.0;
        ui.add_space(if view.compact { 4.0 } else { 2.0 });
        ui.horizontal(|ui| {
            if !view.compact {
                label(ui, Type::Label, view.tr("time-speed"), view.theme.palette.text.muted);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let text = speed_text(view, view.clock.speed);
                label(ui, Type::LabelStrong, text, view.theme.palette.text.primary);
            });
        });
        let mut value = view.clock.speed.min(FULL_SPEED);
        ui.spacing_mut().slider_width = width;
        ui.spacing_mut().slider_rail_height = 4.0;
        ui.visuals_mut().selection.bg_fill = view.theme.palette.accent.fill;
        let widgets = &mut ui.visuals_mut().widgets;
        for visuals in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
            visuals.bg_fill = view.theme.palette.accent.fill;
            visuals.fg_stroke.color = view.theme.palette.surface.panel;
        }
        ui.visuals_mut().widgets.inactive.bg_fill = view.theme.palette.line.strong;
        let slider = Slider::new(&mut value, SLOWEST..=FULL_SPEED)
            .logarithmic(true)
            .show_value(false)
            .trailing_fill(true);
        let response = ui.add(slider).accessible_name(view.tr("time-speed"));
        if response.changed() {
            let speed = if value >= FULL_SPEED * 0.98 { f64::INFINITY } else { value };
            actions.push(Action::Engine(Command::SetSpeed(speed)));
        }
    });
}

fn speed_text(view: &View<'_>, speed: f64) -> String {
    if speed.is_infinite() {
        return view.tr("time-full-speed");
    }
    let decimals = if speed < 0.995 {
        2
    } else if speed < 9.95 {
        1
    } else {
        0
    };
    let text = number(view.language, speed, decimals);
    let trimmed =
        if decimals > 0 { text.trim_end_matches('0').trim_end_matches([',', '.']) } else { &text };
    format!("{trimmed} s/s")
}

fn clock(ui: &mut Ui, view: &View<'_>) {
    let id = match (view.clock.at_live, view.clock.playing) {
        (true, true) => "time-is-live",
        (true, false) => "time-is-paused",
        (false, _) => "time-is-past",
    };
    let palette = &view.theme.palette;
    ui.allocate_ui_with_layout(vec2(86.0, 44.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(86.0);
        ui.add_space(2.0);
        label(ui, Type::Label, view.tr(id), palette.text.muted);
        let text = lab_time(view, view.clock.shown);
        label(ui, Type::CodeStrong, text, palette.text.primary);
    });
}
