//! The timeline: the recorded moments, with checkpoints, watermarks and failures.

mod marks;
mod scale;

use egui::{Align2, Key, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::gui::stage::words;
use crate::gui::theme::Type;
use crate::gui::view::{Action, Actions, Moment, View};
use crate::gui::widgets::text;
use scale::Scale;

/// What the timeline keeps between two frames.
#[derive(Default)]
pub struct TimelineState {}

/// Draws the timeline into the rest of the transport bar.
pub fn ui(ui: &mut Ui, view: &View<'_>, _state: &mut TimelineState, actions: &mut Actions) {
    let area = ui.available_rect_before_wrap();
    let track_y = area.top() + area.height() * if view.compact { 0.5 } else { 0.55 };
    let track = Rect::from_center_size(
        pos2(area.center().x, track_y),
        vec2((area.width() - 24.0).max(40.0), 6.0),
    );
    let scale = Scale::new(view.clock.start, view.clock.live, track);
    respond(ui, view, area, &scale, actions);
    paint_track(ui, view, track, &scale);
    paint_ticks(ui, view, track, &scale);
    marks::paint(ui.painter(), view, track, &scale);
    playhead(ui, view, track, &scale);
}

/// Drag, click and keys go to another moment.
fn respond(ui: &mut Ui, view: &View<'_>, area: Rect, scale: &Scale, actions: &mut Actions) {
    let response = ui.interact(area, ui.scope_id().with("track"), Sense::click_and_drag());
    let now = words::lab_time(view, view.clock.shown);
    response.widget_info(|| {
        let name = view.tr("timeline");
        WidgetInfo::labeled(Role::Slider, true, format!("{name} {now}"))
    });
    if (response.dragged() || response.clicked())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let at = scale.time(pointer.x);
        let live = at >= view.clock.live;
        actions.push(Action::Look(if live { Moment::Live } else { Moment::At(at) }));
    }
    if response.has_focus() {
        let keys = [
            (Key::ArrowLeft, Moment::Back),
            (Key::ArrowRight, Moment::Forward),
            (Key::Home, Moment::Start),
            (Key::End, Moment::Live),
        ];
        for (key, moment) in keys {
            if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key)) {
                actions.push(Action::Look(moment));
            }
        }
    }
    crate::gui::widgets::focus_ring(ui, &response, view.theme.radius.control);
}

/// What was, what is looked at, and what is still to come.
fn paint_track(ui: &Ui, view: &View<'_>, track: Rect, scale: &Scale) {
    let palette = &view.theme.palette;
    let painter = ui.painter();
    painter.rect_filled(track, 3, palette.channel.edge);
    let known = track.with_max_x(scale.x(view.clock.live));
    painter.rect_filled(known, 3, palette.line.strong);
    let shown = track.with_max_x(scale.x(view.clock.shown));
    painter.rect_filled(shown, 3, palette.accent.fill);
    let forgotten = view.recording.time_span().0;
    if forgotten > view.clock.start {
        let gone = track.with_max_x(scale.x(forgotten));
        painter.rect_filled(gone, 3, palette.channel.edge);
    }
}

fn paint_ticks(ui: &Ui, view: &View<'_>, track: Rect, scale: &Scale) {
    let palette = &view.theme.palette;
    let painter = ui.painter();
    let y = track.bottom() + if view.compact { 5.0 } else { 8.0 };
    let live = scale.x(view.clock.live);
    let live_word = view.tr("timeline-live");
    let show_live = !view.clock.at_live || view.clock.playing;
    let mut taken: Vec<egui::Rect> = Vec::new();
    if show_live {
        painter.vline(
            live,
            track.top() - 4.0..=track.bottom() + 4.0,
            Stroke::new(1.5, palette.text.secondary),
        );
        let look = (Type::LabelStrong, palette.text.primary);
        let at = pos2(live, y);
        taken.push(text::line(painter, at, Align2::CENTER_TOP, look, &live_word, 80.0));
    }
    for (at, words) in scale.ticks() {
        let x = scale.x(at);
        let align = match x {
            x if x < track.left() + 10.0 => Align2::LEFT_TOP,
            x if x > track.right() - 10.0 => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        let look = (Type::Label, palette.text.secondary);
        let size = egui::vec2(text::width(painter, look.0, &words), 1.0);
        let rect = align.anchor_size(pos2(x, y), size);
        if taken.iter().any(|other| other.expand2(egui::vec2(12.0, 0.0)).intersects(rect)) {
            continue;
        }
        taken.push(rect);
        painter.vline(
            x,
            track.bottom()..=track.bottom() + 4.0,
            Stroke::new(1.0, palette.line.strong),
        );
        text::line(painter, pos2(x, y), align, look, &words, 60.0);
    }
}

fn playhead(ui: &Ui, view: &View<'_>, track: Rect, scale: &Scale) {
    let palette = &view.theme.palette;
    let at = pos2(scale.x(view.clock.shown), track.center().y);
    let ring = Stroke::new(2.5, palette.surface.panel);
    let stem = Stroke::new(1.5, palette.accent.text);
    ui.painter().vline(at.x, at.y - 12.0..=at.y + 12.0, stem);
    ui.painter().circle(at, 7.5, palette.accent.fill, ring);
}
